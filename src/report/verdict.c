/* SPDX-License-Identifier: MIT */
#include "report/verdict.h"

#include <string.h>

/* Names of the required rules that fail, as many as fit into one line with `word`. */
static const char *failing(const struct page *p, const char *word)
{
    enum { AND_MORE = sizeof ", and 99 more" };
    const struct report *r = p->r;
    const char *ids = "";
    size_t left_out = 0;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (o->verdict != V_FAIL || !report_counts(r, o))
            continue;
        const char *longer =
            arena_printf(p->o->arena, "%s%s%s", ids, ids[0] != '\0' ? ", " : "", o->rule->id);
        if (left_out > 0 || strlen(word) + 2 + strlen(longer) + AND_MORE > PAGE_WIDTH)
            left_out++;
        else
            ids = longer;
    }
    return left_out == 0 ? ids : arena_printf(p->o->arena, "%s, and %zu more", ids, left_out);
}

static size_t open_rules(const struct report *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_outcomes; i++)
        n += r->outcomes[i].verdict == V_UNKNOWN && report_counts(r, &r->outcomes[i]) &&
             !outcome_is_excused(&r->outcomes[i]);
    return n;
}

/* What follows the word: why, and what a reader of this sentence alone must know. */
static const char *verdict_words(const struct page *p, const char *word)
{
    const struct report *r = p->r;
    struct arena *a = p->o->arena;
    size_t n = open_rules(r);
    const char *text;
    if (r->readiness == READY)
        text = arena_printf(a, " for virtualization-based security%s",
                            r->options->only != NULL ? ", as far as --only asks" : "");
    else if (r->readiness == NOT_READY)
        text = arena_printf(a, ": %s", failing(p, word));
    else if (n == 0)
        text = ": nothing that was asked for decides it";
    else
        text = arena_printf(a, ": %zu %srule%s could not be decided", n,
                            report_selects_required(r) ? "required " : "", n == 1 ? "" : "s");
    for (size_t i = 0; i < r->n_caveats; i++)
        text = arena_printf(a, "%s; %s", text, r->caveats[i]);
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
