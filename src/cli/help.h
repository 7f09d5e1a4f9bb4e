/* SPDX-License-Identifier: MIT */
/* What --help and --version print. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/verb.h"

/* Each prints its text to standard output. Returns EXIT_READY, or EXIT_TROUBLE as put_document().
 */
int help_print(const struct verb *v, struct arena *a);
int help_version(struct arena *a);

#endif
