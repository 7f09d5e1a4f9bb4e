/* SPDX-License-Identifier: MIT */
/* The texts of --help and --version. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/verb.h"

/*
 * Each prints its text to standard output; with `ascii` (the locale is not UTF-8) without the marks
 * of reports. Returns EXIT_READY, or EXIT_TROUBLE as put_document() does.
 */
int help_print(const struct verb *v, bool ascii, struct arena *a);
int help_version(struct arena *a);

#endif
