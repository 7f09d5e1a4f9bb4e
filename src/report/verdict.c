/* SPDX-License-Identifier: MIT */
#include "report/verdict.h"

#include <string.h>

static bool is_open(const struct outcome *o)
{
    return o->verdict == V_UNKNOWN && !outcome_is_excused(o);
}

static bool is_failure(const struct outcome *o)
{
    return o->verdict == V_FAIL;
}

/* Names of the rules that keep the verdict from "ready", as many as fit into one line. */
static const char *names(const struct page *p, size_t room, bool (*wanted)(const struct outcome *o))
{
    enum { AND_MORE = sizeof ", and 99 more" };
    const struct report *r = p->r;
    const char *ids = "";
    size_t left_out = 0;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (!wanted(o) || !o->counts)
            continue;
        const char *longer =
            arena_printf(p->o->arena, "%s%s%s", ids, ids[0] != '\0' ? ", " : "", o->rule->id);
        if (left_out > 0 || strlen(longer) + AND_MORE > room)
            left_out++;
        else
            ids = longer;
    }
    return left_out == 0 ? ids : arena_printf(p->o->arena, "%s, and %zu more", ids, left_out);
}

const char *verdict_because(const struct page *p, size_t room)
{
    const struct report *r = p->r;
    struct arena *a = p->o->arena;
    static const char undecided[] = " undecided";
    const char *open = names(p, room - strlen(undecided), is_open);
    const char *text;
    if (r->readiness == READY)
        text = arena_printf(a, " for %s%s", r->policy.goal,
                            r->options->only != NULL ? ", for the rules of --only" : "");
    else if (r->readiness == NOT_READY)
        text = arena_printf(a, ": %s", names(p, room, is_failure));
    else if (open[0] == '\0')
        text = ": none of the rules of --only decides it";
    else
        text = arena_printf(a, ": %s%s", open, undecided);
    return text;
}

/* The text after the word: the reason, and facts that a reader of this sentence alone must know. */
static const char *verdict_words(const struct page *p, const char *word)
{
    const char *text = verdict_because(p, page_width(p) - strlen(word) - 2);
    for (size_t i = 0; i < p->r->n_caveats; i++)
        text = arena_printf(p->o->arena, "%s; %s", text, p->r->caveats[i]);
    return text;
}

struct word {
    const char *text;
    const char *color;
};

void verdict_print(const struct page *p)
{
    static const struct word words[] = {
        [READY] = {"READY", "1;32"},
        [NOT_READY] = {"NOT READY", "1;31"},
        [UNDETERMINED] = {"UNDETERMINED", "1;33"},
    };
    const struct word *w = &words[p->r->readiness];
    const char *text = verdict_words(p, w->text);
    page_colored(p, w->color, w->text);
    if (text[0] == ' ')
        out_char(p->o, ' ');
    page_wrapped(p, strlen(w->text) + (text[0] == ' '), 2, text);
}

void verdict_print_fail_on(const struct page *p)
{
    const struct report *r = p->r;
    struct names ids;
    names_init(&ids, p->o->arena);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (o->verdict == V_FAIL && o->level != LEVEL_REQUIRED && o->level <= r->options->fail_on)
            names_add(&ids, o->rule->id);
    }
    if (r->options->fail_on != LEVEL_REQUIRED && ids.n > 0)
        page_wrapped(p, 0, 2,
                     arena_printf(p->o->arena, "--fail-on %s counts too: %s",
                                  level_name(r->options->fail_on), names_text(&ids)));
}

void verdict_print_baseline(const struct page *p)
{
    const struct against *b = p->r->against;
    struct arena *a = p->o->arena;
    struct names rules;
    if (b == NULL)
        return;
    names_init(&rules, a);
    for (size_t i = 0; i < b->n_rules; i++)
        names_add(&rules, arena_printf(a, "%s %s -> %s", b->rules[i].id, b->rules[i].before,
                                       b->rules[i].now));
    const char *now = readiness_name(p->r->readiness);
    const char *text = !b->worse        ? "nothing got worse"
                       : b->n_rules > 0 ? arena_printf(a, "worse: %s", names_text(&rules))
                                        : "worse: the verdict";
    page_wrapped(p, 0, 2,
                 arena_printf(a, "Against %s: %s (verdict there %s, here %s)", b->path, text,
                              b->verdict, now));
}
