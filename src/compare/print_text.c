/* SPDX-License-Identifier: MIT */
/* The changes, for people: different machines first, then verdict, rules, rows, facts, tables. */
#include <string.h>

#include "compare/print.h"
#include "report/page.h"
#include "vbscheck/count.h"

static void line(const struct page *p, size_t left, const char *text)
{
    page_indent(p, left);
    page_wrapped(p, left, left + 2, text);
}

static void print_side(const struct page *p, const char *name, const struct side *s)
{
    struct arena *a = p->o->arena;
    const char *const *host = s->told.host;
    const char *vendor = host[TOLD_VENDOR], *product = host[TOLD_PRODUCT];
    const char *firmware = host[TOLD_FIRMWARE_VERSION], *when = s->told.collected_at;
    line(p, 0,
         arena_printf(a, "%s: %s: %s%s%s%s%s%s%s", name, s->path, vendor != NULL ? vendor : "",
                      vendor != NULL ? " " : "", product != NULL ? product : "machine not named",
                      firmware != NULL ? ", firmware " : "", firmware != NULL ? firmware : "",
                      when != NULL ? ", collected " : "", when != NULL ? when : ""));
}

static const char *verdict_words(const char *verdict)
{
    static const char *const words[][2] = {
        {"ready", "READY"}, {"not-ready", "NOT READY"}, {"undetermined", "UNDETERMINED"}};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i][0], verdict) == 0)
            return words[i][1];
    }
    return verdict;
}

static void print_verdict(const struct page *p, const struct comparison *c)
{
    static const char *const colors[TURN_COUNT] = {"1", "1;32", "1;31"};
    struct arena *a = p->o->arena;
    const char *text = c->verdict_changed
                           ? arena_printf(a, "%s -> %s (%s)", verdict_words(c->a->told.verdict),
                                          verdict_words(c->b->told.verdict), turn_name(c->verdict))
                           : arena_printf(a, "%s, as before", verdict_words(c->b->told.verdict));
    page_colored(p, colors[c->verdict], "Verdict");
    out_str(p->o, ": ");
    page_wrapped(p, sizeof "Verdict:", 2, text);
}

static void print_rules(const struct page *p, const struct comparison *c)
{
    struct arena *a = p->o->arena;
    if (c->n_rules == 0)
        return;
    page_title(p, c->after != NULL ? arena_printf(a, "Rules, %s:", c->after) : "Rules");
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct rule_change *r = &c->rules[i];
        struct change_words words = rule_words(r, a);
        const char *message = r->b != NULL && r->b->message != NULL ? r->b->message : "";
        line(p, 2,
             arena_printf(a, "%s%s%s %s -> %s%s%s%s%s",
                          r->turn == TURN_OTHER ? "" : turn_name(r->turn),
                          r->turn == TURN_OTHER ? "" : ": ", r->id, words.a, words.b,
                          r->a != NULL && r->b != NULL && strcmp(r->a->level, r->b->level) != 0
                              ? arena_printf(a, ", %s -> %s", r->a->level, r->b->level)
                              : "",
                          r->counts ? "" : " (does not count for the verdict)",
                          message[0] != '\0' ? "; now: " : "", message));
    }
}

static void print_values(const struct page *p, const char *title, const struct value_change *list,
                         size_t n)
{
    struct arena *a = p->o->arena;
    if (n > 0)
        page_title(p, title);
    for (size_t i = 0; i < n; i++)
        line(p, 2,
             arena_printf(a, "%s: %s -> %s", list[i].words,
                          value_words(list[i].a, list[i].why_a, a),
                          value_words(list[i].b, list[i].why_b, a)));
}

static void print_findings(const struct page *p, const struct comparison *c)
{
    struct arena *a = p->o->arena;
    if (c->n_findings > 0)
        page_title(p, "Findings");
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct told_finding *f = c->findings[i].finding;
        line(p, 2,
             arena_printf(a, "%s  %s: %s: %s", c->findings[i].in_b ? "new " : "gone", f->rule,
                          f->subject, f->message));
    }
    if (c->more_findings > 0)
        line(p, 2, arena_printf(a, "and %zu more", c->more_findings));
}

static void print_bytes(const struct page *p, const struct table_change *t)
{
    struct arena *a = p->o->arena;
    for (size_t i = 0; i < t->n_bytes; i++) {
        const struct byte_change *b = &t->bytes[i];
        line(p, 4,
             arena_printf(a, "byte 0x%zx%s%s%s: %s -> %s", b->offset, b->field != NULL ? " (" : "",
                          b->field != NULL ? b->field : "", b->field != NULL ? ")" : "",
                          hex_words(b->a, a), hex_words(b->b, a)));
    }
    size_t shown = 0;
    for (size_t i = 0; i < t->n_bytes; i++)
        shown += t->bytes[i].a.len;
    if (shown < t->n_differ)
        line(p, 4, arena_printf(a, "and %zu more bytes", t->n_differ - shown));
}

static void print_entries(const struct page *p, const struct table_change *t)
{
    struct arena *a = p->o->arena;
    for (size_t i = 0; i < t->n_entries; i++) {
        const struct entry_change *e = &t->entries[i];
        line(p, 4,
             arena_printf(a, "%s at 0x%llx: %s -> %s", e->kind, (unsigned long long)e->address,
                          e->a != NULL ? e->a : "not there", e->b != NULL ? e->b : "not there"));
    }
    if (t->n_more > 0)
        line(p, 4, arena_printf(a, "and %zu more", t->n_more));
}

static void print_tables(const struct page *p, const struct comparison *c)
{
    struct arena *a = p->o->arena;
    if (c->n_tables > 0)
        page_title(p, "Tables");
    for (size_t i = 0; i < c->n_tables; i++) {
        const struct table_change *t = &c->tables[i];
        line(p, 2, arena_printf(a, "%s: %s", t->name, table_words(t, a)));
        print_entries(p, t);
        print_bytes(p, t);
    }
}

void compare_print_text(struct out *o, const struct comparison *c, const struct looks *looks)
{
    struct out clean;
    out_init(&clean, o->arena);
    const struct page p = {.o = o, .clean = &clean, .looks = looks};
    if (c->two_machines != NULL)
        line(&p, 0,
             arena_printf(o->arena, "These are two different machines (%s).", c->two_machines));
    print_side(&p, "A", c->a);
    print_side(&p, "B", c->b);
    if (c->other_terms != NULL)
        line(&p, 0, arena_printf(o->arena, "Note: %s.", c->other_terms));
    if (comparison_is_empty(c)) {
        line(&p, 0, "Nothing changed.");
        return;
    }
    print_verdict(&p, c);
    print_values(&p, "Machine", c->host, c->n_host);
    print_rules(&p, c);
    print_values(&p, "Rows of the table", c->rows, c->n_rows);
    print_values(&p, "Facts", c->facts, c->n_facts);
    print_findings(&p, c);
    print_tables(&p, c);
    if (c->no_bytes && c->n_facts > 0)
        line(&p, 0,
             "A JSON report does not hold the bytes of tables: give two captures to compare "
             "those.");
}
