/* SPDX-License-Identifier: MIT */
/* The command line: one table of options, one of verbs. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/verb.h"

/*
 * Reads the command line into *out; memory comes from `a`. Returns the verb to run, or NULL with
 * *exit_status if there is nothing to run: --help or --version was answered, or one line on
 * standard error describes the mistake.
 */
const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status);

#endif
