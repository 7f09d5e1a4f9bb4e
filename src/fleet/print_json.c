/* SPDX-License-Identifier: MIT */
/* docs/schema/summary-1.json. */
#include "fleet/print.h"
#include "report/escape.h"
#include "report/json_writer.h"
#include "vbscheck/count.h"

enum { PLAN_STEPS = 10 };

static void put_bool(struct json *j, const char *name, bool v)
{
    json_key(j, name);
    out_str(j->o, v ? "true" : "false");
}

static void open_list(struct json *j, const char *name)
{
    json_key(j, name);
    json_open(j, '[');
}

static void open_item(struct json *j)
{
    json_item(j);
    json_open(j, '{');
}

static void put_counted(struct json *j, const char *name, const struct name_set *s)
{
    size_t *order = name_set_order(s, j->o->arena);
    open_list(j, name);
    for (size_t i = 0; i < s->n; i++) {
        open_item(j);
        json_text(j, "name", s->names[order[i]]);
        json_uint(j, "machines", s->counts[order[i]]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_standings(struct json *j, const uint64_t n[STANDING_COUNT])
{
    json_key(j, "verdicts");
    json_open(j, '{');
    for (unsigned i = 0; i < STANDING_COUNT; i++)
        json_uint(j, standing_name((enum standing)i), n[i]);
    json_close(j, '}');
}

static void put_skipped(struct json *j, const struct fleet *f)
{
    json_key(j, "skipped");
    json_open(j, '{');
    json_uint(j, "lines", f->n_skipped);
    json_uint(j, "second_reports", f->n_duplicates);
    open_list(j, "first");
    for (size_t i = 0; i < f->n_skipped && i < COUNT(f->skipped); i++) {
        open_item(j);
        json_text(j, "file", f->skipped[i].file);
        json_uint(j, "line", f->skipped[i].line);
        json_text(j, "problem", f->skipped[i].problem);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void put_reasons(struct json *j, const struct fleet *f, const size_t *order, size_t row)
{
    open_list(j, "reasons");
    for (size_t i = 0; i < f->messages.n; i++) {
        const struct fleet_message *m = &f->message[order[i]];
        if (m->row != row)
            continue;
        open_item(j);
        json_text(j, "rule", m->rule < f->rules.n ? f->rules.names[m->rule] : NULL);
        json_text(j, "status", result_name(m->result));
        json_text(j, "why", m->why);
        json_text(j, "message", m->text);
        json_uint(j, "machines", f->messages.counts[order[i]]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_rows(struct json *j, const struct fleet *f)
{
    size_t *order = name_set_order(&f->messages, j->o->arena);
    open_list(j, "rows");
    for (size_t i = 0; i < f->rows.n; i++) {
        const uint64_t *n = f->row_results[i];
        uint64_t all = n[RESULT_NONE];
        for (unsigned r = RESULT_PASS; r < RESULT_COUNT; r++)
            all += n[r];
        if (all == 0)
            continue;
        open_item(j);
        json_text(j, "id", f->rows.names[i]);
        json_text(j, "title", f->row_titles[i]);
        for (unsigned r = RESULT_PASS; r < RESULT_COUNT; r++)
            json_uint(j, result_name((enum result)r), n[r]);
        json_uint(j, "excused", n[RESULT_NONE]);
        put_reasons(j, f, order, i);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "reasons_left_out", f->other_messages);
}

static void put_fix(struct json *j, const struct fleet_fix *fix)
{
    json_text(j, "action", fix->action);
    json_text(j, "text", fix->text);
    json_uint(j, "machines", fix->machines);
    json_uint(j, "alone", fix->alone);
    json_uint(j, "certain", fix->certain);
}

static void put_fixes(struct json *j, const struct fleet *f)
{
    struct fleet_step *steps;
    size_t n = fleet_plan(f, PLAN_STEPS, j->o->arena, &steps);
    size_t *order = name_set_order(&f->fixes, j->o->arena);
    open_list(j, "plan");
    for (size_t i = 0; i < n; i++) {
        open_item(j);
        put_fix(j, &f->fix[steps[i].fix]);
        json_uint(j, "ready", steps[i].ready);
        json_uint(j, "no_fail", steps[i].open);
        json_close(j, '}');
    }
    json_close(j, ']');
    open_list(j, "fixes");
    for (size_t i = 0; i < f->fixes.n; i++) {
        open_item(j);
        put_fix(j, &f->fix[order[i]]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_key(j, "without_plan");
    json_open(j, '{');
    json_uint(j, "evidence", f->open);
    json_uint(j, "other_hardware", f->hopeless);
    json_uint(j, "no_fix", f->unfixable);
    json_uint(j, "other_sets", f->other_sets);
    json_close(j, '}');
}

static void put_hosts(struct json *j, const struct fleet_variant *v)
{
    json_uint(j, "machines", v->machines);
    json_names(j, "hosts", v->hosts,
               v->machines < COUNT(v->hosts) ? (size_t)v->machines : COUNT(v->hosts));
}

static void put_outlier(struct json *j, const struct fleet *f, const struct fleet_variant *v,
                        const struct fleet_variant *usual)
{
    bool differs = false;
    for (size_t rule = 0; rule < f->rules.n; rule++)
        differs |= fleet_differs(v, usual, rule);
    if (!differs)
        return;
    open_item(j);
    put_hosts(j, v);
    open_list(j, "rules");
    for (size_t rule = 0; rule < f->rules.n; rule++) {
        if (!fleet_differs(v, usual, rule))
            continue;
        open_item(j);
        json_text(j, "id", f->rules.names[rule]);
        json_text(j, "status", result_name((enum result)v->results[rule]));
        json_text(j, "usual", result_name((enum result)usual->results[rule]));
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void put_models(struct json *j, const struct fleet *f)
{
    size_t *order = name_set_order(&f->models, j->o->arena);
    open_list(j, "models");
    for (size_t i = 0; i < f->models.n; i++) {
        const struct fleet_model *m = &f->model[order[i]];
        open_item(j);
        json_text(j, "vendor", m->vendor);
        json_text(j, "product", m->product);
        json_text(j, "firmware_version", m->firmware);
        json_uint(j, "machines", fleet_model_machines(m));
        put_standings(j, m->standings);
        open_list(j, "outliers");
        for (size_t v = 0; m->product != NULL && v < m->n_variants; v++)
            put_outlier(j, f, &m->variants[v], fleet_model_usual(m));
        json_close(j, ']');
        json_uint(j, "other_results", m->other_variants);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "machines_of_other_models", f->other_models);
}

static void put_drivers(struct json *j, const struct fleet *f)
{
    size_t *order = name_set_order(&f->drivers, j->o->arena);
    json_key(j, "drivers");
    json_open(j, '{');
    json_uint(j, "machines", f->with_drivers);
    json_uint(j, "machines_with_violations", f->with_bad_drivers);
    open_list(j, "not_clean");
    for (size_t i = 0; i < f->drivers.n; i++) {
        const struct fleet_driver *d = &f->driver[order[i]];
        open_item(j);
        json_text(j, "name", d->name);
        json_text(j, "company", d->company);
        json_text(j, "version", d->version);
        json_text(j, "result", d->result);
        put_bool(j, "denied", d->denied);
        json_uint(j, "machines", d->machines);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_uint(j, "left_out", f->other_drivers);
    json_close(j, '}');
}

static void put_forecast(struct json *j, const struct fleet *f)
{
    open_list(j, "forecast");
    for (size_t i = 0; i < f->forecast.n; i++) {
        open_item(j);
        json_text(j, "name", f->forecast.names[i]);
        json_uint(j, "yes", f->answers[i][ANSWERED_YES]);
        json_uint(j, "no", f->answers[i][ANSWERED_NO]);
        json_uint(j, "open", f->answers[i][ANSWERED_OPEN]);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void fleet_print_json(struct out *o, const struct fleet *f, const struct looks *looks)
{
    struct json j = {.o = o, .pretty = true, .first = true};
    (void)looks;
    json_open(&j, '{');
    json_head(&j);
    json_close(&j, '}');
    json_uint(&j, "lines", f->lines);
    json_uint(&j, "machines", f->machines);
    json_uint(&j, "machines_without_name", f->unnamed);
    put_skipped(&j, f);
    put_counted(&j, "profiles", &f->profiles);
    put_counted(&j, "versions", &f->versions);
    put_standings(&j, f->standings);
    put_rows(&j, f);
    put_fixes(&j, f);
    put_models(&j, f);
    put_drivers(&j, f);
    put_forecast(&j, f);
    json_close(&j, '}');
    out_char(o, '\n');
}
