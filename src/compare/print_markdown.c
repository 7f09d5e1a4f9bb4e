/* SPDX-License-Identifier: MIT */
/* The changes, for tickets and step summaries (GitHub Flavored Markdown). */
#include <string.h>

#include "compare/print.h"
#include "report/escape.h"

/* One row of a table of `n` cells, each made safe. */
static void row(struct out *o, size_t n, const char *const *cells)
{
    for (size_t i = 0; i < n; i++) {
        out_str(o, i == 0 ? "| " : " | ");
        escape_markdown(o, cells[i]);
    }
    out_str(o, " |\n");
}

static void head(struct out *o, const char *title, const char *line, const char *rule)
{
    out_printf(o, "\n### %s\n\n%s\n%s\n", title, line, rule);
}

static void put_side(struct out *o, const char *name, const struct side *s)
{
    const char *const *host = s->told.host;
    out_printf(o, "- %s: ", name);
    escape_markdown(o, s->path);
    for (unsigned i = TOLD_VENDOR; i <= TOLD_FIRMWARE_VERSION; i++) {
        if (host[i] == NULL || i == TOLD_BOARD)
            continue;
        out_str(o, i == TOLD_FIRMWARE_VERSION ? ", firmware " : i == TOLD_VENDOR ? ": " : " ");
        escape_markdown(o, host[i]);
    }
    out_char(o, '\n');
}

static void put_values(struct out *o, const char *title, const struct value_change *list, size_t n)
{
    if (n > 0)
        head(o, title, "| what | A | B |", "|---|---|---|");
    for (size_t i = 0; i < n; i++)
        row(o, 3,
            (const char *const[]){list[i].words, value_words(list[i].a, list[i].why_a, o->arena),
                                  value_words(list[i].b, list[i].why_b, o->arena)});
}

static void put_rules(struct out *o, const struct comparison *c)
{
    if (c->n_rules > 0)
        head(o, c->after != NULL ? arena_printf(o->arena, "Rules, %s", c->after) : "Rules",
             "| rule | A | B | turn | now |", "|---|---|---|---|---|");
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct rule_change *r = &c->rules[i];
        struct change_words words = rule_words(r, o->arena);
        row(o, 5,
            (const char *const[]){r->id, words.a, words.b, turn_name(r->turn),
                                  r->b != NULL && r->b->message != NULL ? r->b->message : ""});
    }
}

static void put_findings(struct out *o, const struct comparison *c)
{
    if (c->n_findings > 0)
        head(o, "Findings", "| | rule | subject | what |", "|---|---|---|---|");
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct told_finding *f = c->findings[i].finding;
        row(o, 4,
            (const char *const[]){c->findings[i].in_b ? "new" : "gone", f->rule, f->subject,
                                  f->message});
    }
    if (c->more_findings > 0)
        out_printf(o, "\nand %zu more\n", c->more_findings);
}

static void put_table(struct out *o, const struct table_change *t)
{
    out_str(o, "- ");
    escape_markdown(o, t->name);
    out_str(o, ": ");
    escape_markdown(o, table_words(t, o->arena));
    out_char(o, '\n');
    for (size_t i = 0; i < t->n_entries; i++) {
        const struct entry_change *e = &t->entries[i];
        out_str(o, "  - ");
        escape_markdown(o, arena_printf(o->arena, "%s at 0x%llx: %s -> %s", e->kind,
                                        (unsigned long long)e->address,
                                        e->a != NULL ? e->a : "not there",
                                        e->b != NULL ? e->b : "not there"));
        out_char(o, '\n');
    }
    for (size_t i = 0; i < t->n_bytes; i++) {
        const struct byte_change *b = &t->bytes[i];
        out_printf(o, "  - byte 0x%zx%s%s%s: %s -> %s\n", b->offset, b->field != NULL ? " (" : "",
                   b->field != NULL ? b->field : "", b->field != NULL ? ")" : "",
                   hex_words(b->a, o->arena), hex_words(b->b, o->arena));
    }
}

void compare_print_markdown(struct out *o, const struct comparison *c, const struct looks *looks)
{
    (void)looks;
    out_str(o, "## vbscheck: what changed\n\n");
    if (c->two_machines != NULL) {
        out_str(o, "**These are two different machines**: ");
        escape_markdown(o, c->two_machines);
        out_str(o, "\n\n");
    }
    put_side(o, "A", c->a);
    put_side(o, "B", c->b);
    if (c->other_terms != NULL) {
        out_str(o, "- Note: ");
        escape_markdown(o, c->other_terms);
        out_char(o, '\n');
    }
    if (comparison_is_empty(c)) {
        out_str(o, "\nNothing changed.\n");
        return;
    }
    out_str(o, "\nVerdict: **");
    escape_markdown(o, c->a->told.verdict);
    if (c->verdict_changed) {
        out_str(o, " -> ");
        escape_markdown(o, c->b->told.verdict);
    }
    out_printf(o, "**%s\n", c->verdict_changed ? "" : ", as before");
    put_values(o, "Machine", c->host, c->n_host);
    put_rules(o, c);
    put_values(o, "Rows", c->rows, c->n_rows);
    put_values(o, "Facts", c->facts, c->n_facts);
    put_findings(o, c);
    if (c->n_tables > 0)
        out_str(o, "\n### Tables\n\n");
    for (size_t i = 0; i < c->n_tables; i++)
        put_table(o, &c->tables[i]);
}
