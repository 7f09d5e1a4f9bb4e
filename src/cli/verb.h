/* SPDX-License-Identifier: MIT */
/* A verb: its options, its words and its function. Each is defined at the end of its own file. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "cli/cli_options.h"
#include "cli/config.h"

#define OPTION_BIT(id) (UINT64_C(1) << OPT_##id)

#define ANSWERED_OPTIONS (OPTION_BIT(HELP) | OPTION_BIT(VERSION)) /* accepted by every verb */

struct verb {
    const char *name;
    const char *synopsis; /* the words behind the name */
    const char *summary;
    const char *exit_statuses;
    const char *examples; /* lines */
    uint64_t options;     /* bits of the options it accepts; all accept --help and --version */
    uint64_t needs;       /* bits of the options that must be given */
    const char *needs_problem;
    bool takes_paths;          /* words beside the options are paths, like those of --from */
    size_t min_args, max_args; /* number of words beside the options, if they are not paths */
    const char *args_problem;  /* message for too few or too many; NULL only if none are accepted */
    int (*run)(const struct config *c, struct arena *a);
};

extern const struct verb verb_scan, verb_capture, verb_list, verb_mor_test, verb_explain,
    verb_drivers, verb_doctor, verb_diff, verb_summary;

#endif
