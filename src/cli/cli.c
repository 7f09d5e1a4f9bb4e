/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/build.h"
#include "cli/help.h"
#include "cli/mistakes.h"
#include "cli/trouble.h"
#include "cli/verbs.h"
#include "vbscheck/count.h"

/* getopt_long() returns LONG_BASE plus its index for a long option, and A_WORD for a word. */
enum { A_WORD = 1, LONG_BASE = 256 };

/* Builds getopt_long()'s table from ours. */
static void build_getopt(struct option long_options[OPT_COUNT + 1], char letters[3 + OPT_COUNT])
{
    size_t n = 0;
    letters[n++] = '-'; /* return words in their order among the options */
    letters[n++] = ':'; /* distinguish a missing value from an unknown option */
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

/* Pairs of options that exclude each other. */
static const struct {
    uint64_t both;
    const char *problem;
} contradictions[] = {
    {OPTION_BIT(FROM) | OPTION_BIT(ROOT),
     "--from judges given evidence and --root reads a system: use only one of them"},
    {OPTION_BIT(FROM_LIST) | OPTION_BIT(ROOT),
     "--from-list judges given evidence and --root reads a system: use only one of them"},
    {OPTION_BIT(FROM_LIST) | OPTION_BIT(TCTI),
     "--from-list judges given evidence and --tcti asks a TPM: use only one of them"},
    {OPTION_BIT(FROM) | OPTION_BIT(TCTI),
     "--from judges given evidence and --tcti asks a TPM: use only one of them"},
    {OPTION_BIT(AZURE_IMDS) | OPTION_BIT(FROM),
     "--azure-imds asks about this machine, but --from judges another: use --azure-size"},
    {OPTION_BIT(AZURE_IMDS) | OPTION_BIT(ROOT),
     "--azure-imds asks about this machine, but --root reads another: use --azure-size"},
    {OPTION_BIT(QUIET) | OPTION_BIT(VERBOSE), "-q and -v contradict each other"},
};

static const char *check_options(const struct verb *v, const struct parsing *p)
{
    for (size_t i = 0; i < COUNT(contradictions); i++) {
        if ((p->given & contradictions[i].both) == contradictions[i].both)
            return contradictions[i].problem;
    }
    if ((p->given & OPTION_BIT(NUL)) != 0 && (p->given & OPTION_BIT(FROM_LIST)) == 0)
        return "-0 is about the paths of --from-list";
    return (v->needs & ~p->given) == 0 ? NULL : v->needs_problem;
}

static const char *check_args(const struct verb *v, const struct config *c, struct arena *a)
{
    if (c->n_args >= v->min_args && c->n_args <= v->max_args)
        return NULL;
    return v->args_problem != NULL
               ? v->args_problem
               : arena_printf(a, "'%s' does not accept '%s'", v->name, c->args[0]);
}

/* True for "-format", which getopt_long() parses as the letters f, o, r… */
static bool is_long_name(const char *word)
{
    size_t n = strcspn(word, "=");
    for (int i = 0; i < OPT_COUNT; i++) {
        if (strlen(cli_options[i].name) == n && strncmp(cli_options[i].name, word, n) == 0)
            return true;
    }
    return false;
}

/* The word whose letters getopt_long() reads; after the last letter, optind is behind that word. */
static const char *word_of_letters(char **argv)
{
    const char *behind = argv[optind - 1], *at = argv[optind];
    bool done = behind[0] == '-' && strchr(behind + 1, optopt) != NULL;
    return done || at == NULL ? behind : at;
}

static const char *bad_option(struct arena *a, const struct verb *v, int got, char **argv)
{
    const char *word = argv[optind - 1];
    if (got == ':')
        return arena_printf(a, "%s needs a value", word);
    if (optopt > 0 && optopt < LONG_BASE) {
        word = word_of_letters(argv);
        bool meant_long = word[1] == optopt && word[2] != '\0';
        if (!meant_long && !is_long_name(word + 1))
            word = arena_printf(a, "-%c", optopt);
    }
    return mistake_option(a, v, word);
}

/*
 * getopt_long() accepts "--form" for "--format". "--for" would be clear only until there is a
 * "--force": scripts must not depend on that.
 */
static bool is_abbreviated(int id, char **argv)
{
    const char *word = argv[optind - 1];
    if (optarg == word) /* the value is a word of its own, behind the option */
        word = argv[optind - 2];
    return strncmp(word, "--", 2) == 0 && strcspn(word + 2, "=") != strlen(cli_options[id].name);
}

static const char *apply_option(struct parsing *p, const struct verb *v, int id)
{
    if (((v->options | ANSWERED_OPTIONS) & UINT64_C(1) << id) == 0)
        return mistake_option(p->arena, v, arena_printf(p->arena, "--%s", cli_options[id].name));
    p->given |= UINT64_C(1) << id;
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

/* Handles one result of getopt_long(); *asked becomes an option that cli_parse() answers. */
static const char *take(struct parsing *p, const struct verb *v, int got, char **argv, int *asked)
{
    int id = got == '?' || got == ':' ? OPT_COUNT : option_of(got);
    if (got == A_WORD)
        return take_word(p, v, optarg);
    if (id == OPT_COUNT)
        return bad_option(p->arena, v, got, argv);
    if (got >= LONG_BASE && is_abbreviated(id, argv))
        return arena_printf(p->arena, "%s: an option cannot be shortened: write --%s",
                            argv[optind - (optarg == argv[optind - 1] ? 2 : 1)],
                            cli_options[id].name);
    if (id == OPT_HELP || id == OPT_VERSION) {
        *asked = id;
        return NULL;
    }
    return apply_option(p, v, id);
}

/* Reads options up to the first that is wrong (*problem) or that cli_parse() answers (returned). */
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

/* Reads the environment's settings for the terminal before main() clears them. */
static void read_environment(struct config *c)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    c->colorless = no_color != NULL && no_color[0] != '\0'; /* no-color.org */
    c->dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    c->ascii = setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static int answer(int id, const struct verb *v, struct arena *a)
{
    struct config c = {0};
    read_environment(&c);
    return id == OPT_HELP ? help_print(v, c.ascii, a) : help_version(a);
}

/* "help VERB" is "VERB --help". */
static int answer_help(int argc, char **argv, struct arena *a)
{
    const char *word = argc > 1 ? argv[1] : verbs[0]->name;
    const struct verb *v = verb_called(word);
    if (argc > 2)
        return trouble(a, "help accepts one verb, but '%s' is a second one", argv[2]);
    if (v != NULL)
        return answer(OPT_HELP, v, a);
    return trouble(a, "%s", mistake_verb(a, word, false));
}

const struct verb *cli_parse(int argc, char **argv, struct arena *a, struct config *out,
                             int *exit_status)
{
    if (argc > 1 && strcmp(argv[1], "help") == 0) {
        *exit_status = answer_help(argc - 1, argv + 1, a);
        return NULL;
    }
    int words = argc;
    const struct verb *v = find_verb(&argc, &argv);
    bool bare = words == argc; /* no verb was named: the first word may be meant as one */
    struct parsing p = {.arena = a, .config = out};
    const char *problem = NULL;
    if (bare && argc > 1 && argv[1][0] != '-')
        problem = mistake_verb(a, argv[1], true);
    *out = (struct config){.format = reporters[0],
                           .judge = {.wish = {.profile = &profile_vbs}, .build = vbscheck_build}};
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
