/* SPDX-License-Identifier: MIT */
/* docs/schema/diff-1.json. */
#include "compare/print.h"
#include "report/escape.h"
#include "report/json_writer.h"

static void put_bool(struct json *j, const char *name, bool v)
{
    json_key(j, name);
    out_str(j->o, v ? "true" : "false");
}

static void put_side(struct json *j, const char *name, const struct side *s)
{
    json_key(j, name);
    json_open(j, '{');
    json_text(j, "path", s->path);
    put_bool(j, "report", s->blobs == NULL);
    json_text(j, "version", s->told.tool_version);
    json_text(j, "collected_at", s->told.collected_at);
    json_text(j, "verdict", s->told.verdict);
    json_key(j, "host");
    json_open(j, '{');
    for (unsigned i = 0; i < TOLD_HOST_COUNT; i++)
        json_text(j, told_host_key((enum told_host)i), s->told.host[i]);
    json_close(j, '}');
    json_close(j, '}');
}

static void put_told(struct json *j, const char *name, const struct told_rule *r)
{
    json_key(j, name);
    if (r == NULL) {
        out_str(j->o, "null");
        return;
    }
    json_open(j, '{');
    json_text(j, "level", r->level);
    json_text(j, "status", r->status);
    json_text(j, "reason", r->reason);
    json_text(j, "cause", r->cause);
    json_text(j, "message", r->message);
    json_close(j, '}');
}

static void put_rules(struct json *j, const struct comparison *c)
{
    struct arena *a = j->o->arena;
    json_key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < c->n_rules; i++) {
        const struct rule_change *r = &c->rules[i];
        struct change_words words = rule_words(r, a);
        json_item(j);
        json_open(j, '{');
        json_text(j, "id", r->id);
        json_text(j, "row", r->row);
        json_text(j, "turn", turn_name(r->turn));
        put_bool(j, "counts", r->counts);
        json_text(j, "text",
                  arena_printf(a, "%s%s%s %s -> %s", c->after != NULL ? c->after : "",
                               c->after != NULL ? ": " : "", r->id, words.a, words.b));
        put_told(j, "a", r->a);
        put_told(j, "b", r->b);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* Writes a number or a boolean unquoted. */
static void put_value(struct json *j, const char *name, const char *value, bool quoted)
{
    json_key(j, name);
    if (value != NULL && !quoted)
        out_str(j->o, value);
    else
        escape_json(j->o, value);
}

static void put_values(struct json *j, const char *key, const struct value_change *list, size_t n,
                       bool facts)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_item(j);
        json_open(j, '{');
        json_text(j, "name", list[i].name);
        put_value(j, "a", list[i].a, list[i].quoted || !facts);
        put_value(j, "b", list[i].b, list[i].quoted || !facts);
        if (facts) {
            json_text(j, "unknown_a", list[i].a == NULL ? list[i].why_a : NULL);
            json_text(j, "unknown_b", list[i].b == NULL ? list[i].why_b : NULL);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_findings(struct json *j, const struct comparison *c)
{
    json_key(j, "findings");
    json_open(j, '[');
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct told_finding *f = c->findings[i].finding;
        json_item(j);
        json_open(j, '{');
        json_text(j, "change", c->findings[i].in_b ? "new" : "gone");
        json_text(j, "rule", f->rule);
        json_text(j, "subject", f->subject);
        json_text(j, "message", f->message);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "findings_left_out", c->more_findings);
}

static void put_entries(struct json *j, const struct table_change *t)
{
    json_key(j, "entries");
    json_open(j, '[');
    for (size_t i = 0; i < t->n_entries; i++) {
        const struct entry_change *e = &t->entries[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "kind", e->kind);
        json_text(j, "address",
                  arena_printf(j->o->arena, "0x%llx", (unsigned long long)e->address));
        json_text(j, "a", e->a);
        json_text(j, "b", e->b);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "entries_left_out", t->n_more);
}

static void put_bytes(struct json *j, const struct table_change *t)
{
    json_key(j, "bytes");
    json_open(j, '[');
    for (size_t i = 0; i < t->n_bytes; i++) {
        const struct byte_change *b = &t->bytes[i];
        json_item(j);
        json_open(j, '{');
        json_uint(j, "offset", b->offset);
        json_uint(j, "length", b->a.len);
        json_text(j, "field", b->field);
        json_text(j, "a", hex_words(b->a, j->o->arena));
        json_text(j, "b", hex_words(b->b, j->o->arena));
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "bytes_that_differ", t->n_differ);
}

static void put_size(struct json *j, const char *name, bool there, size_t size)
{
    json_key(j, name);
    if (there)
        out_uint(j->o, size);
    else
        out_str(j->o, "null");
}

static void put_tables(struct json *j, const struct comparison *c)
{
    json_key(j, "tables");
    if (c->no_bytes) {
        out_str(j->o, "null");
        return;
    }
    json_open(j, '[');
    for (size_t i = 0; i < c->n_tables; i++) {
        const struct table_change *t = &c->tables[i];
        json_item(j);
        json_open(j, '{');
        json_text(j, "name", t->name);
        put_size(j, "size_a", t->in_a, t->size_a);
        put_size(j, "size_b", t->in_b, t->size_b);
        put_entries(j, t);
        put_bytes(j, t);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void compare_print_json(struct out *o, const struct comparison *c, const struct looks *looks)
{
    struct json j = {.o = o, .pretty = true, .first = true};
    (void)looks;
    json_open(&j, '{');
    json_head(&j);
    json_close(&j, '}');
    json_text(&j, "different_machines", c->two_machines);
    json_text(&j, "judged_differently", c->other_terms);
    put_side(&j, "a", c->a);
    put_side(&j, "b", c->b);
    json_text(&j, "after", c->after);
    json_text(&j, "verdict", c->verdict_changed ? turn_name(c->verdict) : "same");
    put_bool(&j, "worse", c->worse);
    put_values(&j, "host", c->host, c->n_host, false);
    put_rules(&j, c);
    put_values(&j, "rows", c->rows, c->n_rows, false);
    put_values(&j, "facts", c->facts, c->n_facts, true);
    put_findings(&j, c);
    put_tables(&j, c);
    json_close(&j, '}');
    out_char(o, '\n');
}
