/* SPDX-License-Identifier: MIT */
#include "cli/mistakes.h"

#include <string.h>
#include <unistd.h>

#include "cli/verbs.h"
#include "vbscheck/count.h"
#include "vbscheck/suggest.h"

/* Words that people try, and what has that effect here; the words of a row are synonyms. */
static const struct {
    const char *words, *meant;
} habits[] = {
    {"rules facts sources formats profiles evidence", "list "},
    {"check verify test judge analyze run", "scan"},
    {"collect dump save snapshot export", "capture"},
    {"info show describe why man page", "explain RULE"},
    {"version", "--version"},
    {"usage commands", "help"},
    {"status diagnose selftest self-test env", "doctor"},
    {"driver hvci", "drivers"},
    {"fleet overview summarize statistics", "summary"},
};

static const char *verb_name(size_t i)
{
    return i < n_verbs ? verbs[i]->name : NULL;
}

static const char *option_name(size_t i)
{
    return i < OPT_COUNT ? cli_options[i].name : NULL;
}

/* The name that `word` has here; NULL if the table does not have it. */
static const char *habit(struct arena *a, const char *word)
{
    for (size_t i = 0; i < COUNT(habits); i++) {
        struct span words = span_of(habits[i].words), one;
        while (span_next_word(&words, &one)) {
            const char *meant = habits[i].meant;
            if (span_is(one, word)) /* "list " is followed by the word */
                return meant[strlen(meant) - 1] == ' ' ? arena_printf(a, "%s%s", meant, word)
                                                       : meant;
        }
    }
    return NULL;
}

/* The dashes of word processors: U+2010 to U+2015 and U+2212. */
static size_t foreign_dash(const char *word)
{
    bool dash = (strncmp(word, "\xe2\x80", 2) == 0 && (unsigned char)word[2] >= 0x90 &&
                 (unsigned char)word[2] <= 0x95) ||
                strncmp(word, "\xe2\x88\x92", 3) == 0;
    return dash ? 3 : 0;
}

const char *mistake_verb(struct arena *a, const char *word, bool or_path)
{
    if (or_path && (strchr(word, '/') != NULL || access(word, F_OK) == 0))
        return NULL;
    if (foreign_dash(word) > 0)
        return arena_printf(a,
                            "'%s' begins with a long dash, as word processors write it: type --%s",
                            word, word + foreign_dash(word) + foreign_dash(word + 3));
    const char *problem = arena_printf(
        a, or_path ? "'%s' is neither a verb nor a file here" : "'%s' is not a verb", word);
    const char *meant =
        rule_find(word) != NULL ? arena_printf(a, "explain %s", word) : habit(a, word);
    return meant != NULL ? arena_printf(a, "%s; did you mean '%s'?", problem, meant)
                         : suggest_in(a, problem, "see 'vbscheck help'", word, verb_name);
}

/* Verbs that accept an option: "'drivers'" or "'scan' and 'capture'". */
static const char *takers(struct arena *a, uint64_t bit)
{
    const char *all = NULL;
    for (size_t i = 0; i < n_verbs; i++) {
        if ((verbs[i]->options & bit) != 0)
            all = all == NULL ? arena_printf(a, "'%s'", verbs[i]->name)
                              : arena_printf(a, "%s, '%s'", all, verbs[i]->name);
    }
    return all;
}

/* The option exists, but not for this verb, or has a value although it accepts none. */
static const char *misplaced(struct arena *a, const struct verb *v, unsigned id, const char *word)
{
    const char *name = cli_options[id].name;
    if (strncmp(word, "--", 2) != 0 && strlen(word) > 2)
        return arena_printf(a, "%s has one dash and needs two: --%s", word, name);
    if ((v->options & UINT64_C(1) << id) != 0 && strchr(word, '=') != NULL)
        return arena_printf(a, "--%s takes no value", name);
    return arena_printf(a, "--%s is not an option of '%s', but of %s", name, v->name,
                        takers(a, UINT64_C(1) << id));
}

const char *mistake_option(struct arena *a, const struct verb *v, const char *word)
{
    char *name = arena_printf(a, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (strcmp(cli_options[i].name, name) == 0)
            return misplaced(a, v, i, word);
    }
    const char *problem = arena_printf(a, "%s is not an option of '%s'", word, v->name);
    const char *meant = suggest(name, option_name);
    if (strcmp(name, "no-color") == 0 && (v->options & OPTION_BIT(COLOR)) != 0)
        return arena_printf(a, "%s; did you mean '--color never'?", problem);
    if (reporter_find(name) != NULL && (v->options & OPTION_BIT(FORMAT)) != 0)
        return arena_printf(a, "%s; did you mean '--format %s'?", problem, name);
    return meant != NULL ? arena_printf(a, "%s; did you mean '--%s'?", problem, meant)
                         : arena_printf(a, "%s; see 'vbscheck %s --help'", problem, v->name);
}
