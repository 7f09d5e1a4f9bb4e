/* SPDX-License-Identifier: MIT */
/* The libraries that the core gets as tables, linked here instead of loaded. */
#ifndef SUPPORT_LIBS_H
#define SUPPORT_LIBS_H

#include "vbscheck/libs.h"

extern const struct libs test_libs;

/* Not among them, since most tests are about machines; NULL where this build leaves them out. */
extern const struct digest_lib *const test_digest;
extern const struct xml_lib *const test_xml;

#endif
