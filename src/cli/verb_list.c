/* SPDX-License-Identifier: MIT */
/* Printing the program's own tables, as text or as JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/suggest.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "collect/collect.h"
#include "judge.h"
#include "load/kinds.h"
#include "report/escape.h"
#include "vbscheck/count.h"

enum { COLUMNS_MAX = 3, WORDS = -1 };

/* Fills the fields of row `i`; false behind the last. */
typedef bool fill_row(size_t i, const char *fields[COLUMNS_MAX]);

static bool rule_row(size_t i, const char *fields[COLUMNS_MAX])
{
    const struct rule *r = rule_at(i);
    if (r == NULL)
        return false;
    fields[0] = r->id;
    fields[1] = level_name(r->level);
    fields[2] = r->title;
    return true;
}

static bool fact_row(size_t i, const char *fields[COLUMNS_MAX])
{
    static const char *const types[] = {
        [FACT_BOOL] = "bool", [FACT_UINT] = "uint", [FACT_TEXT] = "text"};
    size_t id = i + FACT_NONE + 1;
    if (id >= FACT_COUNT)
        return false;
    fields[0] = fact_infos[id].name;
    fields[1] = types[fact_infos[id].type];
    fields[2] = fact_infos[id].summary;
    return true;
}

static bool source_row(size_t i, const char *fields[COLUMNS_MAX])
{
    if (i >= n_sources)
        return false;
    fields[0] = sources[i]->prefix;
    fields[1] = sources[i]->summary;
    fields[2] = sources[i]->needs;
    return true;
}

static bool format_row(size_t i, const char *fields[COLUMNS_MAX])
{
    if (i >= n_reporters)
        return false;
    fields[0] = reporters[i]->name;
    fields[1] = reporters[i]->summary;
    return true;
}

static bool profile_row(size_t i, const char *fields[COLUMNS_MAX])
{
    if (i >= n_profiles)
        return false;
    fields[0] = profiles[i].name;
    fields[1] = profiles[i].summary;
    return true;
}

static bool kind_row(size_t i, const char *fields[COLUMNS_MAX])
{
    if (i >= n_evidence_kinds)
        return false;
    fields[0] = evidence_kinds[i].name;
    fields[1] = evidence_kinds[i].command;
    fields[2] = evidence_kinds[i].rules;
    return true;
}

/*
 * The first is the default. Of text, a width of 0 puts "; " behind the field. Of JSON, a column of
 * WORDS is a list.
 */
static const struct list {
    const char *name;
    fill_row *row;
    struct {
        const char *key;
        int width;
    } columns[COLUMNS_MAX];
} lists[] = {
    {"rules", rule_row, {{"id", 22}, {"level", 12}, {"title", 0}}},
    {"facts", fact_row, {{"name", 29}, {"type", 5}, {"summary", 0}}},
    {"sources", source_row, {{"prefix", 18}, {"summary", 0}, {"needs", 0}}},
    {"formats", format_row, {{"name", 11}, {"summary", 0}}},
    {"profiles", profile_row, {{"name", 8}, {"summary", 0}}},
    {"evidence", kind_row, {{"kind", 13}, {"command", 0}, {"rules", WORDS}}},
};

static const char *list_name(size_t i)
{
    return i < COUNT(lists) ? lists[i].name : NULL;
}

static bool is_last(const struct list *l, size_t column)
{
    return column + 1 == COLUMNS_MAX || l->columns[column + 1].key == NULL;
}

static void put_text(struct out *o, const struct list *l, const char *const fields[COLUMNS_MAX])
{
    for (size_t i = 0; i < COLUMNS_MAX && l->columns[i].key != NULL; i++) {
        out_printf(o, "%-*s", l->columns[i].width > 0 ? l->columns[i].width : 0, fields[i]);
        out_str(o, is_last(l, i) ? "\n" : l->columns[i].width > 0 ? " " : "; ");
    }
}

static void put_words(struct out *o, const char *words)
{
    size_t n = 0;
    out_char(o, '[');
    for (const char *at = words; *at != '\0'; at += n + (at[n] == ' ')) {
        char word[64];
        n = strcspn(at, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)n, at);
        out_str(o, at == words ? "" : ", ");
        escape_json(o, word);
    }
    out_char(o, ']');
}

static void put_json(struct out *o, const struct list *l, const char *const fields[COLUMNS_MAX])
{
    for (size_t i = 0; i < COLUMNS_MAX && l->columns[i].key != NULL; i++) {
        out_str(o, i == 0 ? "{" : ", ");
        escape_json(o, l->columns[i].key);
        out_str(o, ": ");
        if (l->columns[i].width == WORDS)
            put_words(o, fields[i]);
        else
            escape_json(o, fields[i]);
    }
    out_char(o, '}');
}

static void print_text(struct out *o, const struct list *l)
{
    const char *fields[COLUMNS_MAX];
    for (size_t i = 0; l->row(i, fields); i++)
        put_text(o, l, fields);
}

static void print_json(struct out *o, const struct list *l)
{
    const char *fields[COLUMNS_MAX];
    for (size_t i = 0; l->row(i, fields); i++) {
        out_str(o, i == 0 ? "[\n  " : ",\n  ");
        put_json(o, l, fields);
    }
    out_str(o, "\n]\n");
}

static const struct {
    const char *format;
    void (*print)(struct out *o, const struct list *l);
} printers[] = {{"text", print_text}, {"json", print_json}};

static int print_list(const struct config *c, struct arena *a, const struct list *l)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < COUNT(printers); i++) {
        if (strcmp(printers[i].format, c->format->name) == 0) {
            printers[i].print(&o, l);
            return put_document(&o, a);
        }
    }
    return trouble(a, "list prints text or json, not %s", c->format->name);
}

static int run(const struct config *c, struct arena *a)
{
    const char *which = c->n_args > 0 ? c->args[0] : lists[0].name;
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (strcmp(lists[i].name, which) == 0)
            return print_list(c, a, &lists[i]);
    }
    return trouble(a, "%s",
                   suggest_in(a, arena_printf(a, "'%s' is not a list", which),
                              "there are rules, facts, sources, formats, profiles and evidence",
                              which, list_name));
}

const struct verb verb_list = {
    .name = "list",
    .synopsis = "[rules|facts|sources|formats|profiles|evidence] [--format F]",
    .summary = "print a table of the program",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck list\n  vbscheck list facts --format json\n",
    .options = OPTION_BIT(FORMAT),
    .max_args = 1,
    .args_problem = "list takes one word",
    .run = run,
};
