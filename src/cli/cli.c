/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/trouble.h"
#include "cli/verbs.h"
#include "io/libs.h"
#include "judge.h"
#include "vbscheck/count.h"

enum { ANSWERED = OPTION_BIT(HELP) | OPTION_BIT(VERSION) }; /* of every verb */

static void print_options(unsigned which)
{
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        char left[40];
        const struct option_row *r = &cli_options[i];
        char letter[5] = "    ";
        if ((which & 1u << i) == 0)
            continue;
        if (r->letter != 0)
            (void)snprintf(letter, sizeof letter, "-%c, ", r->letter);
        (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, r->name,
                       r->value != NULL ? " " : "", r->value != NULL ? r->value : "");
        (void)printf("  %-24s %s\n", left, r->help);
    }
}

static void print_help(const struct verb *v)
{
    if (v == verbs[0]) {
        (void)puts("Tells whether this machine meets Microsoft's hardware requirements for\n"
                   "virtualization-based security (VBS), row by row.\n");
        for (size_t i = 0; i < n_verbs; i++)
            (void)printf("vbscheck %-8s %s\n         %s\n", verbs[i]->name, verbs[i]->synopsis,
                         verbs[i]->summary);
    } else {
        (void)printf("vbscheck %s %s\n%s\n", v->name, v->synopsis, v->summary);
    }
    (void)puts("");
    print_options(v->options | ANSWERED);
    (void)printf("\nExit status: %s. See vbscheck(1).\n", v->exit_statuses);
}

/* getopt_long()'s table from ours: values are option ids from 256 on, letters as they are. */
enum { LONG_BASE = 256 };

static void build_getopt(struct option long_options[OPT_COUNT + 1], char letters[2 + OPT_COUNT])
{
    size_t n = 0;
    letters[n++] = ':'; /* tell a missing value from an unknown option */
    for (int i = 0; i < OPT_COUNT; i++) {
        long_options[i] = (struct option){
            .name = cli_options[i].name,
            .has_arg = cli_options[i].value != NULL ? required_argument : no_argument,
            .val = LONG_BASE + i,
        };
        if (cli_options[i].letter != 0)
            letters[n++] = cli_options[i].letter;
    }
    letters[n] = '\0';
    long_options[OPT_COUNT] = (struct option){0};
}

static int option_of(int got)
{
    if (got >= LONG_BASE)
        return got - LONG_BASE;
    for (int i = 0; i < OPT_COUNT; i++) {
        if (cli_options[i].letter == got)
            return i;
    }
    return OPT_COUNT;
}

/* The verb is the first word, if it is one; the bare command scans. */
static const struct verb *find_verb(int *argc, char ***argv)
{
    for (size_t i = 0; *argc > 1 && i < n_verbs; i++) {
        if (strcmp((*argv)[1], verbs[i]->name) == 0) {
            (*argc)--;
            (*argv)++;
            return verbs[i];
        }
    }
    return verbs[0];
}

/* Verbs of the contract that this version does not have, said so instead of "unknown". */
static bool is_later_verb(const char *word)
{
    return strcmp(word, "drivers") == 0;
}

/* Two options of which only one can be meant. */
static const struct {
    unsigned both;
    const char *problem;
} contradictions[] = {
    {OPTION_BIT(FROM) | OPTION_BIT(ROOT),
     "--from judges given evidence and --root reads a system: one of them"},
    {OPTION_BIT(FROM) | OPTION_BIT(TCTI),
     "--from judges given evidence and --tcti asks a TPM: one of them"},
    {OPTION_BIT(QUIET) | OPTION_BIT(VERBOSE), "-q and -v contradict each other"},
};

static const char *check_options(const struct verb *v, const struct parsing *p)
{
    for (size_t i = 0; i < COUNT(contradictions); i++) {
        if ((p->given & contradictions[i].both) == contradictions[i].both)
            return contradictions[i].problem;
    }
    return (v->needs & ~p->given) == 0 ? NULL : v->needs_problem;
}

static const char *check_args(const struct verb *v, const struct config *c, struct arena *a)
{
    if (c->n_args >= v->min_args && c->n_args <= v->max_args)
        return NULL;
    return v->args_problem != NULL ? v->args_problem
                                   : arena_printf(a, "'%s' is no verb; to judge a file: --from %s",
                                                  c->args[0], c->args[0]);
}

static const char *bad_option(struct arena *a, const struct verb *v, int got, char **argv)
{
    const char *word = argv[optind - 1];
    if (got == ':')
        return arena_printf(a, "%s needs a value", word);
    return arena_printf(a, "%s is no option of '%s'; see 'vbscheck %s --help'", word, v->name,
                        v->name);
}

static const char *apply_option(struct parsing *p, const struct verb *v, int id)
{
    if (((v->options | ANSWERED) & 1u << id) == 0)
        return arena_printf(p->arena, "--%s is no option of '%s'; see 'vbscheck %s --help'",
                            cli_options[id].name, v->name, v->name);
    p->given |= 1u << id;
    cli_options[id].set(p, optarg);
    return p->problem == NULL ? NULL
                              : arena_printf(p->arena, "--%s %s: %s", cli_options[id].name,
                                             optarg != NULL ? optarg : "", p->problem);
}

/* Libraries whose row is `found` (or not), and built in (or left out), on one line after `title`.
 */
static void print_libraries(const char *title, bool found, bool built_in)
{
    struct libs_row row;
    bool any = false;
    for (size_t i = 0; libs_row(i, &row); i++) {
        if (row.found != found || (row.soname[0] != '\0') != built_in)
            continue;
        (void)printf("%s %s", any ? "," : title, built_in ? row.soname : row.name);
        if (!found)
            (void)printf(" (%s)", row.without);
        any = true;
    }
    if (any)
        (void)puts("");
}

/* The first line is for scripts. */
static void print_version(void)
{
    (void)puts("vbscheck " VBSCHECK_VERSION);
    print_libraries("found:", true, true);
    print_libraries("not found:", false, true);
    print_libraries("not in this build:", false, false);
}

/* --help and --version are answered at once, whatever follows them. */
static int answer(int id, const struct verb *v, struct arena *a)
{
    if (id == OPT_HELP)
        print_help(v);
    else
        print_version();
    return fflush(stdout) == 0 ? EXIT_READY : trouble(a, "cannot write to standard output");
}

/* Reads options up to the first that is wrong (*problem) or asks to be answered (returned). */
static int read_options(int argc, char **argv, const struct verb *v, struct parsing *p,
                        const char **problem)
{
    struct option long_options[OPT_COUNT + 1];
    char letters[2 + OPT_COUNT];
    int got;
    build_getopt(long_options, letters);
    opterr = 0;
    optind = 1;
    while (*problem == NULL && (got = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        int id = got == '?' || got == ':' ? OPT_COUNT : option_of(got);
        if (id == OPT_HELP || id == OPT_VERSION)
            return id;
        *problem = id == OPT_COUNT ? bad_option(p->arena, v, got, argv) : apply_option(p, v, id);
    }
    return OPT_COUNT;
}

/* Colour is for terminals that can show it and people who want it (no-color.org). */
static bool is_colorless(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return (no_color != NULL && no_color[0] != '\0') || (term != NULL && strcmp(term, "dumb") == 0);
}

const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status)
{
    const struct verb *v = find_verb(&argc, &argv);
    struct parsing p = {.arena = a, .config = out};
    const char *problem = NULL;
    if (argc > 1 && is_later_verb(argv[1])) {
        *exit_status = trouble(a, "this version has no '%s' yet", argv[1]);
        return NULL;
    }
    *out = (struct config){.format = reporters[0], .judge = {.profile = &profiles[0]}};
    int asked = read_options(argc, argv, v, &p, &problem);
    if (asked != OPT_COUNT) {
        *exit_status = answer(asked, v, a);
        return NULL;
    }
    if (out->color == COLOR_AUTO && is_colorless())
        out->color = COLOR_NEVER;
    out->args = argv + optind;
    out->n_args = (size_t)(argc - optind);
    if (problem == NULL)
        problem = check_options(v, &p);
    if (problem == NULL)
        problem = check_args(v, out, a);
    if (problem == NULL)
        return v;
    *exit_status = trouble(a, "%s", problem);
    return NULL;
}
