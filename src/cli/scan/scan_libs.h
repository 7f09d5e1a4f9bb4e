/* SPDX-License-Identifier: MIT */
/* The libraries that judging needs; each is loaded once. */
#ifndef CLI_SCAN_SCAN_LIBS_H
#define CLI_SCAN_SCAN_LIBS_H

#include "cli/config.h"
#include "load/raw.h"
#include "vbscheck/libs.h"

/* For one input of the command line, before its judge is confined. `policy`: there is one. */
struct libs scan_libs(const struct raw_input *raw, const struct config *c, bool policy);

#endif
