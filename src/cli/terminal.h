/* SPDX-License-Identifier: MIT */
/* The abilities of standard output. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/config.h"

/*
 * A terminal has marks, its width (60 to 120 columns are used), and colour unless TERM is "dumb" or
 * NO_COLOR is set; where its locale is not one of UTF-8 it is shown ASCII only. Files and pipes
 * have none of it. --color decides about colour in both.
 */
struct looks terminal_looks(const struct config *c);

#endif
