/* SPDX-License-Identifier: MIT */
/* The command line: one table of options, one of verbs. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"
#include "vbscheck/arena.h"

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct config {
    const char **from; /* arguments of --from, verbatim */
    size_t n_from;
    const char *root;   /* NULL: this machine */
    const char *tcti;   /* NULL: this machine's TPM */
    const char *output; /* NULL: standard output */
    const struct reporter *format;
    enum color_when color;
    bool yes;      /* do not ask */
    bool allow_vm; /* test in a virtual machine, too */
    struct judge_options judge;
    char **args; /* what stands behind the options */
    size_t n_args;
};

struct verb {
    const char *name;
    const char *synopsis; /* what follows the name */
    const char *summary;
    unsigned options; /* bit of each option it takes */
    int (*run)(const struct config *c, struct arena *a);
};

extern const struct verb verbs[];
extern const size_t n_verbs;

/*
 * Reads the command line into *out; memory comes from `a`. Returns the verb to run, or NULL
 * where there is nothing to run: --help and --version have been answered, or one line on
 * standard error says what is wrong; *exit_status is set then.
 */
const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status);

/* One line on standard error: "vbscheck: " and the message, safe to print. Returns EXIT_TROUBLE. */
int trouble(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For arenas outside the judge: one line on standard error and EXIT_TROUBLE. Does not return. */
void out_of_memory(struct arena *a);

int verb_scan(const struct config *c, struct arena *a);
int verb_capture(const struct config *c, struct arena *a);
int verb_list(const struct config *c, struct arena *a);
int verb_explain(const struct config *c, struct arena *a);
int verb_mor_test(const struct config *c, struct arena *a);

#endif
