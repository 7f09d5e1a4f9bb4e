/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/suggest.h"
#include "cli/trouble.h"
#include "cli/verbs.h"
#include "io/libs.h"
#include "judge.h"
#include "vbscheck/count.h"

enum { ANSWERED = OPTION_BIT(HELP) | OPTION_BIT(VERSION) }; /* of every verb */

/* What getopt_long() gives for a long option, from its place in the table on; for a word: 1. */
enum { A_WORD = 1, LONG_BASE = 256 };

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

/* getopt_long()'s table from ours. */
static void build_getopt(struct option long_options[OPT_COUNT + 1], char letters[3 + OPT_COUNT])
{
    size_t n = 0;
    letters[n++] = '-'; /* words in their order among the options */
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

static const char *verb_name(size_t i)
{
    return i < n_verbs ? verbs[i]->name : NULL;
}

static const struct verb *verb_called(const char *name)
{
    for (size_t i = 0; i < n_verbs; i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    }
    return NULL;
}

/* The verb is the first word, if it is one; the bare command scans. */
static const struct verb *find_verb(int *argc, char ***argv)
{
    const struct verb *v = *argc > 1 ? verb_called((*argv)[1]) : NULL;
    if (v == NULL)
        return verbs[0];
    (*argc)--;
    (*argv)++;
    return v;
}

/* Verbs of the contract that this version does not have, said so instead of "unknown". */
static bool is_later_verb(const char *word)
{
    static const char *const later[] = {"diff", "summary", "doctor"};
    for (size_t i = 0; i < COUNT(later); i++) {
        if (strcmp(word, later[i]) == 0)
            return true;
    }
    return false;
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

/* A first word that is nothing: a verb that was mistyped, or a path that is not there. */
static const char *check_paths(const struct verb *v, const struct parsing *p, const char *first)
{
    if (!v->takes_paths || first == NULL || strchr(first, '/') != NULL || access(first, F_OK) == 0)
        return NULL;
    return suggest_in(p->arena,
                      arena_printf(p->arena, "'%s' is neither a verb nor a file here", first),
                      first, verb_name);
}

static const char *check_args(const struct verb *v, const struct config *c, struct arena *a)
{
    if (c->n_args >= v->min_args && c->n_args <= v->max_args)
        return NULL;
    return v->args_problem != NULL
               ? v->args_problem
               : arena_printf(a, "'%s' does not know what to do with '%s'", v->name, c->args[0]);
}

static const char *option_name(size_t i)
{
    return i < OPT_COUNT ? cli_options[i].name : NULL;
}

static const char *not_an_option(struct arena *a, const struct verb *v, const char *word)
{
    char *name = arena_printf(a, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *meant = suggest(name, option_name);
    if (meant != NULL && strcmp(meant, name) == 0 && strchr(word, '=') != NULL)
        return arena_printf(a, "--%s takes no value", name);
    const char *problem = arena_printf(a, "%s is not an option of '%s'", word, v->name);
    return meant != NULL && strcmp(meant, name) != 0
               ? arena_printf(a, "%s; did you mean '--%s'?", problem, meant)
               : arena_printf(a, "%s; see 'vbscheck %s --help'", problem, v->name);
}

static const char *bad_option(struct arena *a, const struct verb *v, int got, char **argv)
{
    const char *word = argv[optind - 1];
    if (got == ':')
        return arena_printf(a, "%s needs a value", word);
    if (strncmp(word, "--", 2) != 0 && optopt > 0 && optopt < LONG_BASE)
        word = arena_printf(a, "-%c", optopt);
    return not_an_option(a, v, word);
}

/*
 * getopt_long() takes "--form" for "--format". Then "--for" would be clear until there is a
 * "--force": scripts must not hang on that.
 */
static bool is_abbreviated(int id, char **argv)
{
    const char *word = argv[optind - 1];
    if (optarg == word) /* the value; the option stands before it */
        word = argv[optind - 2];
    return strncmp(word, "--", 2) == 0 && strcspn(word + 2, "=") != strlen(cli_options[id].name);
}

static const char *apply_option(struct parsing *p, const struct verb *v, int id)
{
    if (((v->options | ANSWERED) & 1u << id) == 0)
        return not_an_option(p->arena, v, arena_printf(p->arena, "--%s", cli_options[id].name));
    p->given |= 1u << id;
    cli_options[id].set(p, optarg);
    return p->problem == NULL ? NULL
                              : arena_printf(p->arena, "--%s '%s': %s", cli_options[id].name,
                                             optarg != NULL ? optarg : "", p->problem);
}

/* A word beside the options. */
static const char *take_word(struct parsing *p, const struct verb *v, char *word)
{
    struct config *c = p->config;
    if (v->takes_paths) {
        add_from(p, word);
        return p->problem;
    }
    c->args = arena_grow(p->arena, c->args, c->n_args, sizeof *c->args);
    c->args[c->n_args++] = word;
    return NULL;
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

/* One thing that getopt_long() came upon; *asked becomes an option that is to be answered. */
static const char *take(struct parsing *p, const struct verb *v, int got, char **argv, int *asked)
{
    int id = got == '?' || got == ':' ? OPT_COUNT : option_of(got);
    if (got == A_WORD)
        return take_word(p, v, optarg);
    if (id == OPT_COUNT)
        return bad_option(p->arena, v, got, argv);
    if (got >= LONG_BASE && is_abbreviated(id, argv))
        return arena_printf(p->arena, "%s: options are written out: --%s",
                            argv[optind - (optarg == argv[optind - 1] ? 2 : 1)],
                            cli_options[id].name);
    if (id == OPT_HELP || id == OPT_VERSION) {
        *asked = id;
        return NULL;
    }
    return apply_option(p, v, id);
}

/* Reads options up to the first that is wrong (*problem) or asks to be answered (returned). */
static int read_options(int argc, char **argv, const struct verb *v, struct parsing *p,
                        const char **problem)
{
    struct option long_options[OPT_COUNT + 1];
    char letters[3 + OPT_COUNT];
    int got, asked = OPT_COUNT;
    build_getopt(long_options, letters);
    opterr = 0;
    optind = 1;
    while (*problem == NULL && (got = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        *problem = take(p, v, got, argv, &asked);
        if (asked != OPT_COUNT)
            return asked;
    }
    for (int i = optind; *problem == NULL && i < argc; i++) /* behind "--" */
        *problem = take_word(p, v, argv[i]);
    return OPT_COUNT;
}

/* What the environment says of the terminal, before main() clears it. */
static void read_environment(struct config *c)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    c->colorless = no_color != NULL && no_color[0] != '\0'; /* no-color.org */
    c->dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    c->ascii = setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status)
{
    bool help = argc > 1 && strcmp(argv[1], "help") == 0; /* "help VERB" is "VERB --help" */
    if (help) {
        argc--;
        argv++;
    }
    const struct verb *v = find_verb(&argc, &argv);
    struct parsing p = {.arena = a, .config = out};
    const char *first = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
    if (first != NULL && access(first, F_OK) != 0 && is_later_verb(first)) {
        *exit_status = trouble(a, "this version has no '%s' yet", first);
        return NULL;
    }
    const char *problem = v == verbs[0] ? check_paths(v, &p, first) : NULL;
    if (help && problem == NULL) {
        *exit_status = answer(OPT_HELP, v, a);
        return NULL;
    }
    *out = (struct config){.format = reporters[0], .judge = {.profile = &profiles[0]}};
    int asked = read_options(argc, argv, v, &p, &problem);
    if (asked != OPT_COUNT) {
        *exit_status = answer(asked, v, a);
        return NULL;
    }
    read_environment(out);
    if (problem == NULL)
        problem = check_options(v, &p);
    if (problem == NULL)
        problem = check_args(v, out, a);
    if (problem == NULL)
        return v;
    *exit_status = trouble(a, "%s", problem);
    return NULL;
}
