/* SPDX-License-Identifier: MIT */
/* A verb: what it takes, and what it does. Each stands at the end of its own file. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "cli/cli_options.h"
#include "cli/config.h"

#define OPTION_BIT(id) (1u << OPT_##id)

enum { ANSWERED_OPTIONS = OPTION_BIT(HELP) | OPTION_BIT(VERSION) }; /* of every verb */

struct verb {
    const char *name;
    const char *synopsis; /* what follows the name */
    const char *summary;
    const char *exit_statuses;
    const char *examples; /* lines */
    unsigned options;     /* bit of each option it takes; all take --help and --version */
    unsigned needs;       /* those that must be given */
    const char *needs_problem;
    bool takes_paths;          /* words beside the options are paths, as those of --from are */
    size_t min_args, max_args; /* words beside the options, where they are not */
    const char *args_problem;  /* said of too few or too many; NULL only where none are taken */
    int (*run)(const struct config *c, struct arena *a);
};

extern const struct verb verb_scan, verb_capture, verb_list, verb_mor_test, verb_explain,
    verb_drivers, verb_doctor, verb_diff, verb_summary;

#endif
