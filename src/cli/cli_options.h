/* SPDX-License-Identifier: MIT */
/* The table of options, between the command line's reader and its help. */
#ifndef CLI_CLI_OPTIONS_H
#define CLI_CLI_OPTIONS_H

#include "cli/config.h"
#include "cli/parsing.h"

/* In the order of the table; a verb lists the options it accepts by these bits. */
enum option_id {
    OPT_FROM,
    OPT_FROM_LIST,
    OPT_NUL,
    OPT_RESUME,
    OPT_ROOT,
    OPT_TCTI,
    OPT_PROFILE,
    OPT_REQUIRE,
    OPT_SKIP,
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_DRIVERS,
    OPT_WINDOWS,
    OPT_BLOCKLIST,
    OPT_DIGESTS,
    OPT_ARCH,
    OPT_JOBS,
    OPT_LABEL,
    OPT_LABELS,
    OPT_ONLY,
    OPT_FAIL_ON,
    OPT_BASELINE,
    OPT_EXIT_ZERO,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_COLOR,
    OPT_AZURE_SIZE,
    OPT_AZURE_IMDS,
    OPT_IMDS_PORT,
    OPT_YES,
    OPT_ALLOW_VM,
    OPT_HELP,
    OPT_VERSION,
    OPT_COUNT
};

struct option_row {
    const char *name;
    char letter;
    const char *value;                                 /* NULL: the option has no value */
    const char *help;                                  /* NULL: for tests, and not listed */
    void (*set)(struct parsing *p, const char *value); /* NULL: answered by cli_parse() */
};

extern const struct option_row cli_options[OPT_COUNT];

/* Adds a path to judge: an argument of --from, or a word beside the options. */
void add_from(struct parsing *p, const char *value);

/* Adds the command line's labels to those of a capture, and replaces equal keys. */
void add_labels(const struct config *c, struct snapshot *out);

/* The i-th rule's id, NULL behind the last. */
const char *rule_name(size_t i);

#endif
