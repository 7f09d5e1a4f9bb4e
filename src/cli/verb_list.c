/* SPDX-License-Identifier: MIT */
/* Prints the program's own tables, as text or as JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_options.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "cli/volume/volume.h"
#include "collect/collect.h"
#include "judge.h"
#include "load/kinds.h"
#include "report/escape.h"
#include "vbscheck/count.h"
#include "vbscheck/since.h"
#include "vbscheck/suggest.h"

enum { COLUMNS_MAX = 5, WORDS = -1 };

static const char SINCE[] = "since", FIRST_RELEASE[] = "0.1.0";

/* Data that rows need beside the program's own tables. */
struct context {
    const struct profile *profile;       /* for rules */
    const struct windows_places *places; /* for windows; NULL if they were not looked for */
};

/*
 * Fills the fields of row `i`; false behind the last. Only rules that the profile judges are rows.
 */
typedef bool fill_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX]);

static bool rule_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    const struct rule *r;
    for (size_t at = 0; (r = rule_at(at)) != NULL; at++) {
        enum level level = profile_levels(c->profile, r).level;
        if (level == LEVEL_LEFT_OUT || i-- > 0)
            continue;
        fields[0] = r->id;
        fields[1] = level_name(level);
        fields[2] = r->title;
        fields[3] = since(SINCE_RULE, r->id);
        return true;
    }
    return false;
}

static bool fact_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    static const char *const types[] = {
        [FACT_BOOL] = "bool", [FACT_UINT] = "uint", [FACT_TEXT] = "text"};
    size_t id = i + FACT_NONE + 1;
    if (id >= FACT_COUNT)
        return false;
    fields[0] = fact_infos[id].name;
    fields[1] = types[fact_infos[id].type];
    fields[2] = fact_infos[id].summary;
    fields[3] = since(SINCE_FACT, fact_infos[id].name);
    return true;
}

static bool source_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    if (i >= n_sources)
        return false;
    fields[0] = sources[i]->prefix;
    fields[1] = sources[i]->summary;
    fields[2] = sources[i]->needs;
    return true;
}

static bool format_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    if (i >= n_reporters)
        return false;
    fields[0] = reporters[i]->name;
    fields[1] = reporters[i]->summary;
    fields[2] = since(SINCE_FORMAT, reporters[i]->name);
    return true;
}

static bool option_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    for (size_t at = 0; at < OPT_COUNT; at++) {
        const struct option_row *o = &cli_options[at];
        if (o->help == NULL || i-- > 0)
            continue;
        fields[0] = o->name;
        fields[1] = o->value != NULL ? o->value : "-";
        fields[2] = o->help;
        fields[3] = since(SINCE_OPTION, o->name);
        return true;
    }
    return false;
}

static bool profile_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    if (i >= n_profiles)
        return false;
    fields[0] = profiles[i]->name;
    fields[1] = profiles[i]->summary;
    fields[2] = profiles[i]->page;
    fields[3] = profiles[i]->date;
    return true;
}

static bool windows_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    struct windows_place place;
    if (!windows_place_at(c->places, i, &place))
        return false;
    fields[0] = place.path;
    fields[1] = place.size;
    fields[2] = place.what;
    return true;
}

static bool kind_row(const struct context *c, size_t i, const char *fields[COLUMNS_MAX])
{
    (void)c;
    if (i >= n_evidence_kinds)
        return false;
    fields[0] = evidence_kinds[i].name;
    fields[1] = evidence_kinds[i].command;
    fields[2] = evidence_kinds[i].rules;
    return true;
}

/*
 * The first list is the default. In text, a column of width 0 has "; " behind its field; "since",
 * the last column, is shown only if it is not the first release. In JSON, a column of WORDS is a
 * list.
 */
static const struct list {
    const char *name;
    fill_row *row;
    struct {
        const char *key;
        int width;
    } columns[COLUMNS_MAX];
} lists[] = {
    {"rules", rule_row, {{"id", 22}, {"level", 12}, {"title", 0}, {SINCE, 0}}},
    {"facts", fact_row, {{"name", 29}, {"type", 5}, {"summary", 0}, {SINCE, 0}}},
    {"sources", source_row, {{"prefix", 18}, {"summary", 0}, {"needs", 0}}},
    {"formats", format_row, {{"name", 11}, {"summary", 0}, {SINCE, 0}}},
    {"options", option_row, {{"name", 10}, {"value", 9}, {"help", 0}, {SINCE, 0}}},
    {"profiles", profile_row, {{"name", 24}, {"summary", 0}, {"page", 0}, {"date", 0}}},
    {"windows", windows_row, {{"path", 16}, {"size", 10}, {"name", 0}}},
    {"evidence", kind_row, {{"kind", 13}, {"command", 0}, {"rules", WORDS}}},
};

static const char *list_name(size_t i)
{
    return i < COUNT(lists) ? lists[i].name : NULL;
}

static bool is_column(const struct list *l, size_t i)
{
    return i < COLUMNS_MAX && l->columns[i].key != NULL;
}

static bool is_since(const struct list *l, size_t i)
{
    return is_column(l, i) && l->columns[i].key == SINCE;
}

static void put_text(struct out *o, const struct list *l, const char *const fields[COLUMNS_MAX])
{
    for (size_t i = 0; is_column(l, i); i++) {
        if (!is_since(l, i))
            out_printf(o, "%-*s", l->columns[i].width > 0 ? l->columns[i].width : 0, fields[i]);
        else if (strcmp(fields[i], FIRST_RELEASE) != 0)
            out_printf(o, " (since %s)", fields[i]);
        if (is_column(l, i + 1) && !is_since(l, i + 1))
            out_str(o, l->columns[i].width > 0 ? " " : "; ");
    }
    out_char(o, '\n');
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
    for (size_t i = 0; is_column(l, i); i++) {
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

static void print_text(struct out *o, const struct list *l, const struct context *c)
{
    const char *fields[COLUMNS_MAX];
    for (size_t i = 0; l->row(c, i, fields); i++)
        put_text(o, l, fields);
}

static void print_json(struct out *o, const struct list *l, const struct context *c)
{
    const char *fields[COLUMNS_MAX];
    size_t n = 0;
    for (; l->row(c, n, fields); n++) {
        out_str(o, n == 0 ? "[\n  " : ",\n  ");
        put_json(o, l, fields);
    }
    out_str(o, n == 0 ? "[]\n" : "\n]\n");
}

static const struct {
    const char *format;
    void (*print)(struct out *o, const struct list *l, const struct context *c);
} printers[] = {{"text", print_text}, {"json", print_json}};

static int print_list(const struct config *c, struct arena *a, const struct list *l)
{
    struct out o;
    const struct context context = {c->judge.wish.profile,
                                    l->row == windows_row ? windows_find(a) : NULL};
    out_init(&o, a);
    for (size_t i = 0; i < COUNT(printers); i++) {
        if (strcmp(printers[i].format, c->format->name) == 0) {
            printers[i].print(&o, l, &context);
            return put_document(&o, a);
        }
    }
    return trouble(a, "list prints text or json, not %s", c->format->name);
}

static int run(const struct config *c, struct arena *a)
{
    const char *which = c->n_args > 0 ? c->args[0] : lists[0].name;
    if (c->judge.wish.profile == NULL)
        return trouble(a, "list prints the tables of the program, and %s is not one of them",
                       c->judge.wish.file);
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (strcmp(lists[i].name, which) == 0)
            return print_list(c, a, &lists[i]);
    }
    return trouble(
        a, "%s",
        suggest_in(a, arena_printf(a, "'%s' is not a list", which),
                   "use rules, facts, sources, evidence, formats, options, profiles or windows",
                   which, list_name));
}

const struct verb verb_list = {
    .name = "list",
    .synopsis = "[rules|facts|sources|...] [OPTION]...",
    .summary = "print a table of the program, or the Windows on the disks here",
    .exit_statuses = "0 done, 2 trouble",
    .examples = "  vbscheck list\n  vbscheck list facts --format json\n"
                "  vbscheck list rules --profile secured-core-pc\n",
    .options = OPTION_BIT(FORMAT) | OPTION_BIT(PROFILE),
    .max_args = 1,
    .args_problem = "list accepts one word",
    .run = run,
};
