/* SPDX-License-Identifier: MIT */
/* The sections on models, on machines that differ from others of their model, and on drivers. */
#include <inttypes.h>

#include "fleet/sheet.h"
#include "vbscheck/count.h"

enum { MODELS_SHOWN = 20, OUTLIERS_SHOWN = 10, DRIVERS_SHOWN = 20, RULES_SHOWN = 8 };

const char *sheet_model_name(const struct fleet_model *m, struct arena *a)
{
    return arena_printf(a, "%s%s%s, firmware %s", m->vendor != NULL ? m->vendor : "",
                        m->vendor != NULL ? " " : "",
                        m->product != NULL ? m->product : "machine not named",
                        m->firmware != NULL ? m->firmware : "not named");
}

void sheet_models(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"not ready", "undetermined", "ready", "model"};
    size_t *order = name_set_order(&f->models, s->arena);
    sheet_section(s, "Models and firmware versions", heads, COUNT(heads))->bars = true;
    for (size_t i = 0; i < f->models.n && i < MODELS_SHOWN; i++) {
        const struct fleet_model *m = &f->model[order[i]];
        const uint64_t *n = m->standings;
        struct sheet_row *row = sheet_row(s, sheet_model_name(m, s->arena));
        row->numbers[0] = row->bar[PART_FAIL] = n[STANDING_NOT_READY];
        row->numbers[1] = row->bar[PART_UNKNOWN] = n[STANDING_UNDETERMINED];
        row->numbers[2] = row->bar[PART_PASS] = n[STANDING_READY];
    }
    if (f->models.n > MODELS_SHOWN)
        sheet_note(s, arena_printf(s->arena,
                                   "and %zu more models and firmware versions; the json "
                                   "format lists them.",
                                   f->models.n - MODELS_SHOWN));
    if (f->other_models > 0)
        sheet_note(s, arena_printf(s->arena,
                                   "%s of other models: over %d models and firmware "
                                   "versions are not told apart.",
                                   sheet_machines(f->other_models, s->arena), FLEET_MODELS));
}

/* "smm.wsmt fail, else pass; ..." of one variant. */
static const char *differences(const struct fleet *f, const struct fleet_variant *v,
                               const struct fleet_variant *usual, struct arena *a)
{
    struct out o;
    size_t n = 0;
    out_init(&o, a);
    for (size_t rule = 0; rule < f->rules.n; rule++) {
        if (!fleet_differs(v, usual, rule))
            continue;
        if (n++ < RULES_SHOWN)
            out_printf(&o, "%s%s %s, else %s", n > 1 ? "; " : "", f->rules.names[rule],
                       result_name((enum result)v->results[rule]),
                       result_name((enum result)usual->results[rule]));
    }
    if (n > RULES_SHOWN)
        out_printf(&o, "; and %zu more rules", n - RULES_SHOWN);
    out_char(&o, '\0');
    return n > 0 ? o.buf : NULL;
}

static const char *host_names(const struct fleet_variant *v, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < v->machines && i < FLEET_HOSTS_NAMED; i++)
        out_printf(&o, "%s%s", i > 0 ? ", " : "", v->hosts[i]);
    if (v->machines > FLEET_HOSTS_NAMED)
        out_printf(&o, " and %" PRIu64 " more", v->machines - FLEET_HOSTS_NAMED);
    out_char(&o, '\0');
    return o.buf;
}

static void put_outlier(struct sheet *s, const struct fleet *f, const struct fleet_model *m)
{
    const struct fleet_variant *usual = fleet_model_usual(m);
    struct sheet_row *row = sheet_row(s, sheet_model_name(m, s->arena));
    row->numbers[0] = fleet_model_machines(m);
    row->numbers[1] = row->numbers[0] - usual->machines;
    for (size_t i = 0; i < m->n_variants; i++) {
        const char *what = differences(f, &m->variants[i], usual, s->arena);
        if (&m->variants[i] != usual && what != NULL)
            sheet_detail(
                s, arena_printf(s->arena, "%s: %s", host_names(&m->variants[i], s->arena), what));
    }
    if (m->other_variants > 0)
        sheet_detail(s, arena_printf(s->arena, "and %s with further results",
                                     sheet_machines(m->other_variants, s->arena)));
}

void sheet_outliers(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"machines", "differ", "model"};
    size_t *order = name_set_order(&f->models, s->arena), n = 0;
    for (size_t i = 0; i < f->models.n; i++) {
        const struct fleet_model *m = &f->model[order[i]];
        if (!fleet_model_differs(m))
            continue;
        if (n == 0)
            sheet_section(s, "Same model and firmware, different result", heads, COUNT(heads));
        if (n++ < OUTLIERS_SHOWN)
            put_outlier(s, f, m);
    }
    if (n > OUTLIERS_SHOWN)
        sheet_note(s, arena_printf(s->arena, "and %zu more models; the json format lists them.",
                                   n - OUTLIERS_SHOWN));
}

static void put_driver(struct sheet *s, const struct fleet_driver *d)
{
    struct sheet_row *row = sheet_row(
        s, arena_printf(s->arena, "%s%s%s%s%s: %s%s", d->name, d->version != NULL ? " " : "",
                        d->version != NULL ? d->version : "", d->company != NULL ? ", " : "",
                        d->company != NULL ? d->company : "", d->result,
                        d->denied ? ", denied by the block policy" : ""));
    row->numbers[0] = d->machines;
}

void sheet_drivers(struct sheet *s, const struct fleet *f)
{
    static const char *const heads[] = {"machines", "driver"};
    size_t *order = name_set_order(&f->drivers, s->arena);
    if (f->with_drivers == 0)
        return;
    sheet_section(s, "Drivers that are not clean", heads, COUNT(heads));
    for (size_t i = 0; i < f->drivers.n && i < DRIVERS_SHOWN; i++)
        put_driver(s, &f->driver[order[i]]);
    sheet_note(s, arena_printf(s->arena,
                               "Drivers were given for %s, and on %" PRIu64
                               " of them one violates a rule or is denied.",
                               sheet_machines(f->with_drivers, s->arena), f->with_bad_drivers));
    if (f->drivers.n > DRIVERS_SHOWN)
        sheet_note(s, arena_printf(s->arena, "and %zu more drivers; the json format lists them.",
                                   f->drivers.n - DRIVERS_SHOWN));
    if (f->other_drivers > 0)
        sheet_note(s, arena_printf(s->arena,
                                   "%" PRIu64 " cases of other drivers: over %d drivers "
                                   "are not told apart.",
                                   f->other_drivers, FLEET_DRIVERS));
}
