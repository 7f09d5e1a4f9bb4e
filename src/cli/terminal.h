/* SPDX-License-Identifier: MIT */
/* The abilities of standard output. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/config.h"

/*
 * A terminal gets marks, its width (60 to 120 columns are used), and colour unless TERM is "dumb"
 * or NO_COLOR is set; without a UTF-8 locale it gets ASCII only. Files and pipes get none of this.
 * --color decides about colour for both.
 */
struct looks terminal_looks(const struct config *c);

#endif
