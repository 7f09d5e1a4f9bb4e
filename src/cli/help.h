/* SPDX-License-Identifier: MIT */
/* The texts of --help and --version. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/verb.h"

/*
 * Each prints its text to standard output; where the locale is not one of UTF-8 (`ascii`) without
 * the marks of reports. Returns EXIT_READY, or EXIT_TROUBLE as put_document().
 */
int help_print(const struct verb *v, bool ascii, struct arena *a);
int help_version(struct arena *a);

#endif
