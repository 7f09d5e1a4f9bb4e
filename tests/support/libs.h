/* SPDX-License-Identifier: MIT */
/* The libraries that the core gets as tables, linked here instead of loaded. */
#ifndef SUPPORT_LIBS_H
#define SUPPORT_LIBS_H

#include "vbscheck/libs.h"

extern const struct libs test_libs;

#endif
