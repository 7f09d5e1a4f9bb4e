/* SPDX-License-Identifier: MIT */
/* The command line: one table of options, one of verbs. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/verb.h"

/*
 * Reads the command line into *out; memory comes from `a`. Returns the verb to run, or NULL
 * where there is nothing to run: --help and --version have been answered, or one line on
 * standard error says what is wrong; *exit_status is set then.
 */
const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status);

#endif
