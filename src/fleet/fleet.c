/* SPDX-License-Identifier: MIT */
#include "fleet/fleet.h"

#include <string.h>

#include "report/report.h"
#include "rules/rule.h"
#include "vbscheck/count.h"

const char *standing_name(enum standing s)
{
    static const char *const names[STANDING_COUNT] = {"ready", "undetermined", "not-ready"};
    return names[s];
}

void fleet_init(struct fleet *f, struct arena *a)
{
    *f = (struct fleet){.arena = a};
    name_set_init(&f->rules, FLEET_RULES, a);
    name_set_init(&f->rows, FLEET_ROWS, a);
    name_set_init(&f->messages, FLEET_MESSAGES, a);
    name_set_init(&f->fixes, FLEET_FIXES, a);
    name_set_init(&f->sets, FLEET_SETS, a);
    name_set_init(&f->models, FLEET_MODELS, a);
    name_set_init(&f->drivers, FLEET_DRIVERS, a);
    name_set_init(&f->profiles, FLEET_WORDS, a);
    name_set_init(&f->versions, FLEET_WORDS, a);
    name_set_init(&f->forecast, FLEET_WORDS, a);
    f->message = arena_new(a, struct fleet_message, FLEET_MESSAGES);
    f->fix = arena_new(a, struct fleet_fix, FLEET_FIXES);
    f->set = arena_new(a, struct fleet_set, FLEET_SETS);
    f->model = arena_new(a, struct fleet_model, FLEET_MODELS);
    f->driver = arena_new(a, struct fleet_driver, FLEET_DRIVERS);
    host_set_init(&f->hosts, a);
    for (size_t i = 0; i < n_rule_rows; i++) {
        size_t row = name_set_find(&f->rows, rule_rows[i].name);
        f->row_titles[row] = rule_rows[i].title;
    }
}

void fleet_skip(struct fleet *f, const char *file, uint64_t line, const char *problem)
{
    if (f->n_skipped < COUNT(f->skipped))
        f->skipped[f->n_skipped] = (struct fleet_skipped){
            .file = file,
            .problem = arena_short_text(f->arena, span_of(problem)),
            .line = line,
        };
    f->n_skipped++;
}

static unsigned level_rank(const char *level)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        if (strcmp(level, level_name((enum level)i)) == 0)
            return i;
    }
    return LEVEL_COUNT;
}

/* Built like rows (docs/rules): the worst of the rules of the row's highest level. */
struct row_look {
    bool seen;
    unsigned level;
    enum result result;
};

static unsigned badness(enum result r)
{
    static const unsigned all[RESULT_COUNT] = {
        [RESULT_NOT_APPLICABLE] = 1, [RESULT_PASS] = 2, [RESULT_UNKNOWN] = 3, [RESULT_FAIL] = 4};
    return all[r];
}

/* An excused or waived rule does not fail a row. */
static enum result result_for_row(const struct told_rule *r)
{
    enum result result = result_of(r->status);
    bool open = result == RESULT_FAIL || result == RESULT_UNKNOWN;
    bool excused = r->waived || told_badness(r->id, r->status, r->reason) == 0;
    return open && excused ? RESULT_NONE : result;
}

static void look_at_rows(struct fleet *f, const struct told *t, struct row_look *rows)
{
    for (size_t i = 0; i < t->n_rules; i++) {
        const struct told_rule *r = &t->rules[i];
        size_t row = name_set_find(&f->rows, r->row != NULL ? r->row : "");
        unsigned level = level_rank(r->level);
        enum result result = result_for_row(r);
        if (row == NAME_NONE || (rows[row].seen && level > rows[row].level))
            continue;
        if (!rows[row].seen || level < rows[row].level)
            rows[row] = (struct row_look){true, level, RESULT_NONE};
        if (badness(result) > badness(rows[row].result))
            rows[row].result = result;
    }
}

static void add_message(struct fleet *f, size_t row, const struct told_rule *r, struct arena *a)
{
    enum result result = result_of(r->status);
    const char *why = result == RESULT_FAIL ? r->cause : r->reason;
    const char *text = r->message != NULL ? r->message : "";
    size_t before = f->messages.n;
    size_t i = name_set_count(&f->messages, arena_printf(a, "%zu %d %s %s %s", row, (int)result,
                                                         r->id, why != NULL ? why : "-", text));
    if (i == NAME_NONE) {
        f->other_messages++;
        return;
    }
    if (f->messages.n == before)
        return;
    f->message[i] = (struct fleet_message){
        .row = (uint16_t)row,
        .rule = (uint16_t)name_set_find(&f->rules, r->id),
        .result = result,
        .why = why != NULL ? arena_short_text(f->arena, span_of(why)) : NULL,
        .text = arena_short_text(f->arena, span_of(text)),
    };
}

/* A row's reasons are those of the rules that decide its result. */
static void add_rows(struct fleet *f, const struct told *t, struct arena *a)
{
    struct row_look rows[FLEET_ROWS] = {{0}};
    look_at_rows(f, t, rows);
    for (size_t i = 0; i < f->rows.n; i++) {
        if (rows[i].seen)
            f->row_results[i][rows[i].result]++;
    }
    for (size_t i = 0; i < t->n_rules; i++) {
        const struct told_rule *r = &t->rules[i];
        size_t row = name_set_find(&f->rows, r->row != NULL ? r->row : "");
        enum result result = result_for_row(r);
        if (row != NAME_NONE && level_rank(r->level) == rows[row].level &&
            (result == RESULT_FAIL || result == RESULT_UNKNOWN))
            add_message(f, row, r, a);
    }
}

static const char *file_name(const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\')
            path = p[1] != '\0' ? p + 1 : path;
    }
    return path;
}

/* A driver that occurs twice counts once for its machine. */
static void add_driver(struct fleet *f, const struct told_driver *d, struct arena *a)
{
    size_t before = f->drivers.n;
    const char *name = file_name(d->path), *version = d->version != NULL ? d->version : "";
    size_t i = name_set_find(
        &f->drivers, arena_printf(a, "%s %d %.80s %s", d->result, d->denied, version, name));
    if (i == NAME_NONE) {
        f->other_drivers++;
        return;
    }
    struct fleet_driver *of = &f->driver[i];
    if (f->drivers.n > before)
        *of = (struct fleet_driver){
            .name = arena_short_text(f->arena, span_of(name)),
            .company = d->company != NULL ? arena_short_text(f->arena, span_of(d->company)) : NULL,
            .version = d->version != NULL ? arena_short_text(f->arena, span_of(version)) : NULL,
            .result = arena_short_text(f->arena, span_of(d->result)),
            .denied = d->denied,
        };
    if (of->last == f->machines)
        return;
    of->last = f->machines;
    of->machines++;
    f->drivers.counts[i]++;
}

/* Clean drivers, and those for another processor, need no action. */
static void add_drivers(struct fleet *f, const struct told *t, struct arena *a)
{
    bool bad = false;
    for (size_t i = 0; i < t->n_drivers; i++) {
        const struct told_driver *d = &t->drivers[i];
        bad |= d->denied || strcmp(d->result, "violation") == 0;
        if (d->denied || (strcmp(d->result, "clean") != 0 && strcmp(d->result, "not-judged") != 0))
            add_driver(f, d, a);
    }
    f->with_drivers += t->n_drivers > 0;
    f->with_bad_drivers += bad;
}

/* Counts yes, no and open; ignores the words of the readiness tool. */
static void add_forecast(struct fleet *f, const struct told *t)
{
    for (size_t i = 0; i < t->n_forecast; i++) {
        const struct told_fact *fact = &t->forecast[i];
        size_t name = fact->quoted || strcmp(fact->name, "readiness_tool") == 0
                          ? NAME_NONE
                          : name_set_count(&f->forecast, fact->name);
        if (name == NAME_NONE)
            continue;
        f->answers[name][fact->value == NULL                ? ANSWERED_OPEN
                         : strcmp(fact->value, "true") == 0 ? ANSWERED_YES
                                                            : ANSWERED_NO]++;
    }
}

void fleet_add(struct fleet *f, const char *file, uint64_t line, const struct told *t,
               struct arena *scratch)
{
    bool known;
    const char *host = report_host_name(t->label, t->path, scratch);
    bool named = host_set_add(f, t, scratch, &known);
    if (known) {
        f->n_duplicates++;
        fleet_skip(f, file, line,
                   arena_printf(scratch, "is a second report of %s: the first one counts", host));
        return;
    }
    static const enum standing standings[] = {STANDING_READY, STANDING_UNDETERMINED,
                                              STANDING_NOT_READY};
    enum standing s = standings[told_verdict_badness(t->verdict)];
    f->machines++;
    f->unnamed += !named;
    f->standings[s]++;
    (void)name_set_count(&f->profiles, t->profile != NULL ? t->profile : "not named");
    (void)name_set_count(&f->versions, t->tool_version != NULL ? t->tool_version : "not named");
    fleet_add_model(f, t, host, s, scratch);
    add_rows(f, t, scratch);
    if (s != STANDING_READY)
        fleet_add_fixes(f, t, scratch);
    add_drivers(f, t, scratch);
    add_forecast(f, t);
}
