/* SPDX-License-Identifier: MIT */
#include "compare/compare.h"

#include <string.h>

#include "vbscheck/count.h"

enum { FINDINGS_SHOWN = 64 };

const char *turn_name(enum turn t)
{
    static const char *const names[TURN_COUNT] = {"other", "better", "worse"};
    return names[t];
}

/* Both may be NULL. */
static bool same(const char *x, const char *y)
{
    return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

static enum turn turn_of(unsigned before, unsigned now)
{
    return now > before ? TURN_WORSE : now < before ? TURN_BETTER : TURN_OTHER;
}

static enum turn turn_of_rules(const struct told_rule *x, const struct told_rule *y)
{
    return turn_of(told_badness(x->id, x->status, x->reason),
                   told_badness(y->id, y->status, y->reason));
}

enum turn compare_rule(const struct told *x, const struct told *y, const char *id, bool *counts)
{
    const struct told_rule *l = told_rule(x, id), *r = told_rule(y, id);
    *counts = (l != NULL && told_counts(x, l)) || (r != NULL && told_counts(y, r));
    return l != NULL && r != NULL ? turn_of_rules(l, r) : TURN_OTHER;
}

static bool rule_differs(const struct told_rule *x, const struct told_rule *y)
{
    return x == NULL || y == NULL || !same(x->status, y->status) || !same(x->reason, y->reason) ||
           !same(x->cause, y->cause) || !same(x->level, y->level);
}

static void add_rule(struct comparison *c, struct arena *arena, const char *id)
{
    struct rule_change change = {
        .id = id, .a = told_rule(&c->a->told, id), .b = told_rule(&c->b->told, id)};
    if (!rule_differs(change.a, change.b))
        return;
    change.row = change.b != NULL ? change.b->row : change.a->row;
    change.turn = compare_rule(&c->a->told, &c->b->told, id, &change.counts);
    c->worse |= change.turn == TURN_WORSE && change.counts;
    c->rules = arena_grow(arena, c->rules, c->n_rules, sizeof *c->rules);
    c->rules[c->n_rules++] = change;
}

/* Rules of the first report, then rules that only the second has. */
static void add_rules(struct comparison *c, struct arena *arena)
{
    const struct told *x = &c->a->told, *y = &c->b->told;
    for (size_t i = 0; i < x->n_rules; i++)
        add_rule(c, arena, x->rules[i].id);
    for (size_t i = 0; i < y->n_rules; i++) {
        if (told_rule(x, y->rules[i].id) == NULL)
            add_rule(c, arena, y->rules[i].id);
    }
}

static void add_value(struct value_change **list, size_t *n, struct arena *arena,
                      struct value_change change)
{
    *list = arena_grow(arena, *list, *n, sizeof **list);
    (*list)[(*n)++] = change;
}

static const struct told_row *row_of(const struct told *t, const char *id)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        if (strcmp(t->rows[i].id, id) == 0)
            return &t->rows[i];
    }
    return NULL;
}

/* A row missing from one report was not judged there: its rules are listed. */
static void add_rows(struct comparison *c, struct arena *arena)
{
    for (size_t i = 0; i < c->a->told.n_rows; i++) {
        const struct told_row *l = &c->a->told.rows[i], *r = row_of(&c->b->told, l->id);
        if (r != NULL && !same(l->status, r->status))
            add_value(&c->rows, &c->n_rows, arena,
                      (struct value_change){.name = l->id,
                                            .words = l->title != NULL ? l->title : l->id,
                                            .a = l->status,
                                            .b = r->status});
    }
}

static const struct told_fact *fact_of(const struct told *t, const char *name)
{
    for (size_t i = 0; i < t->n_facts; i++) {
        if (strcmp(t->facts[i].name, name) == 0)
            return &t->facts[i];
    }
    return NULL;
}

/* Host facts have lines of their own. A fact that one version does not know did not change. */
static void add_facts(struct comparison *c, struct arena *arena)
{
    for (size_t i = 0; i < c->a->told.n_facts; i++) {
        const struct told_fact *l = &c->a->told.facts[i], *r = fact_of(&c->b->told, l->name);
        if (r == NULL || same(l->value, r->value) || strncmp(l->name, "host.", 5) == 0)
            continue;
        add_value(&c->facts, &c->n_facts, arena,
                  (struct value_change){.name = l->name,
                                        .words = l->name,
                                        .a = l->value,
                                        .b = r->value,
                                        .why_a = l->why,
                                        .why_b = r->why,
                                        .quoted = l->quoted || r->quoted});
    }
}

static void add_host(struct comparison *c, struct arena *arena)
{
    for (unsigned i = 0; i < TOLD_HOST_COUNT; i++) {
        const char *l = c->a->told.host[i], *r = c->b->told.host[i];
        if (!same(l, r))
            add_value(&c->host, &c->n_host, arena,
                      (struct value_change){.name = told_host_key((enum told_host)i),
                                            .words = told_host_words((enum told_host)i),
                                            .a = l,
                                            .b = r,
                                            .quoted = true});
    }
}

static bool has_finding(const struct told *t, const struct told_finding *f)
{
    for (size_t i = 0; i < t->n_findings; i++) {
        const struct told_finding *g = &t->findings[i];
        if (strcmp(f->rule, g->rule) == 0 && strcmp(f->subject, g->subject) == 0 &&
            strcmp(f->message, g->message) == 0)
            return true;
    }
    return false;
}

/* The number compared is limited: each is searched for in the other report. */
static void add_findings(struct comparison *c, const struct told *of, const struct told *in,
                         bool in_b, struct arena *arena)
{
    enum { COMPARED_MAX = 4000 };
    size_t most = of->n_findings < COMPARED_MAX ? of->n_findings : COMPARED_MAX;
    for (size_t i = 0; i < most; i++) {
        if (has_finding(in, &of->findings[i]))
            continue;
        if (c->n_findings == FINDINGS_SHOWN) {
            c->more_findings++;
            continue;
        }
        c->findings = arena_grow(arena, c->findings, c->n_findings, sizeof *c->findings);
        c->findings[c->n_findings++] = (struct finding_change){&of->findings[i], in_b};
    }
}

/* "MM/DD/YYYY" (SMBIOS, type 0) as YYYYMMDD; 0 if the format differs. */
static unsigned long date_of(const char *text)
{
    unsigned long digits[3] = {0};
    if (text == NULL || strlen(text) != 10 || text[2] != '/' || text[5] != '/')
        return 0;
    for (size_t i = 0; i < 10; i++) {
        size_t part = i > 5 ? 2 : i > 2 ? 1 : 0;
        if (i == 2 || i == 5)
            continue;
        if (text[i] < '0' || text[i] > '9')
            return 0;
        digits[part] = digits[part] * 10 + (unsigned long)(text[i] - '0');
    }
    return digits[2] * 10000 + digits[0] * 100 + digits[1];
}

/* Why a rule may have changed; names only one cause, the likeliest. */
static const char *after_what(const struct comparison *c)
{
    const char *const *x = c->a->told.host, *const *y = c->b->told.host;
    unsigned long before = date_of(x[TOLD_FIRMWARE_DATE]), now = date_of(y[TOLD_FIRMWARE_DATE]);
    const char *l = x[TOLD_FIRMWARE_VERSION], *r = y[TOLD_FIRMWARE_VERSION];
    if (c->two_machines != NULL)
        return NULL;
    if (l != NULL && r != NULL && (strcmp(l, r) != 0 || before != now))
        return before != 0 && now != 0 && now < before ? "after the change to older firmware"
                                                       : "after the firmware update";
    if (x[TOLD_KERNEL] != NULL && y[TOLD_KERNEL] != NULL &&
        strcmp(x[TOLD_KERNEL], y[TOLD_KERNEL]) != 0)
        return "under the other kernel";
    return NULL;
}

static const char *other_terms(const struct told *x, const struct told *y, struct arena *a)
{
    if (!same(x->profile, y->profile))
        return arena_printf(a, "they were judged by different profiles: %s and %s",
                            x->profile != NULL ? x->profile : "none",
                            y->profile != NULL ? y->profile : "none");
    if (!same(x->tool_version, y->tool_version))
        return arena_printf(a,
                            "they were judged by different versions of vbscheck: %s and %s; "
                            "a newer one may know more",
                            x->tool_version != NULL ? x->tool_version : "none",
                            y->tool_version != NULL ? y->tool_version : "none");
    return NULL;
}

void compare(const struct side *a, const struct side *b, struct arena *arena,
             struct comparison *out)
{
    struct comparison c = {.a = a, .b = b};
    c.two_machines = told_two_machines(&a->told, &b->told, arena);
    c.other_terms = other_terms(&a->told, &b->told, arena);
    c.after = after_what(&c);
    c.verdict_changed = strcmp(a->told.verdict, b->told.verdict) != 0;
    c.verdict =
        turn_of(told_verdict_badness(a->told.verdict), told_verdict_badness(b->told.verdict));
    c.worse = c.verdict == TURN_WORSE;
    add_host(&c, arena);
    add_rules(&c, arena);
    add_rows(&c, arena);
    add_facts(&c, arena);
    add_findings(&c, &a->told, &b->told, false, arena);
    add_findings(&c, &b->told, &a->told, true, arena);
    compare_tables(a, b, arena, &c);
    *out = c;
}

bool comparison_is_empty(const struct comparison *c)
{
    return c->n_host + c->n_rules + c->n_rows + c->n_facts + c->n_findings + c->n_tables == 0 &&
           !c->verdict_changed && c->two_machines == NULL;
}

static const char *status_words(const struct told_rule *r, bool cause, struct arena *a)
{
    if (r == NULL)
        return "not judged";
    const char *why = r->reason == NULL && cause ? r->cause : r->reason;
    return why != NULL ? arena_printf(a, "%s (%s)", r->status, why) : r->status;
}

struct change_words rule_words(const struct rule_change *r, struct arena *a)
{
    bool cause = r->a != NULL && r->b != NULL && strcmp(r->a->status, r->b->status) == 0;
    return (struct change_words){status_words(r->a, cause, a), status_words(r->b, cause, a)};
}

const char *value_words(const char *value, const char *why, struct arena *a)
{
    if (value != NULL)
        return value;
    return why != NULL ? arena_printf(a, "not known (%s)", why) : "not known";
}
