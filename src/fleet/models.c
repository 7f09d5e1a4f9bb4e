/* SPDX-License-Identifier: MIT */
/* Machines by model and firmware version, and the results within each model. */
#include <string.h>

#include "fleet/fleet.h"
#include "vbscheck/count.h"

static const char *const result_names[RESULT_COUNT] = {
    [RESULT_NONE] = "not judged",
    [RESULT_PASS] = "pass",
    [RESULT_FAIL] = "fail",
    [RESULT_UNKNOWN] = "unknown",
    [RESULT_NOT_APPLICABLE] = "not-applicable",
};

const char *result_name(enum result r)
{
    return result_names[r];
}

enum result result_of(const char *status)
{
    for (unsigned i = RESULT_PASS; i < RESULT_COUNT; i++) {
        if (strcmp(status, result_names[i]) == 0)
            return (enum result)i;
    }
    return RESULT_UNKNOWN;
}

static const char *kept(struct fleet *f, const char *text)
{
    return text != NULL ? arena_short_text(f->arena, span_of(text)) : NULL;
}

static struct fleet_model *model_of(struct fleet *f, const struct told *t, struct arena *a)
{
    const char *const *h = t->host;
    const char *product = h[TOLD_PRODUCT] != NULL ? h[TOLD_PRODUCT] : h[TOLD_BOARD];
    const char *parts[] = {h[TOLD_VENDOR], product, h[TOLD_FIRMWARE_VERSION]};
    char *key = arena_printf(a, "%s", "");
    for (size_t i = 0; i < COUNT(parts); i++)
        key = arena_printf(a, "%s%.150s ", key, parts[i] != NULL ? parts[i] : "");
    /* The lengths keep "A B" and "C" apart from "A" and "B C". */
    key = arena_printf(a, "%s%zu %zu", key, parts[0] != NULL ? strlen(parts[0]) : 0,
                       product != NULL ? strlen(product) : 0);
    size_t before = f->models.n, i = name_set_count(&f->models, key);
    if (i == NAME_NONE)
        return NULL;
    struct fleet_model *m = &f->model[i];
    if (f->models.n > before) {
        m->vendor = kept(f, parts[0]);
        m->product = kept(f, product);
        m->firmware = kept(f, parts[2]);
    }
    return m;
}

/* Rules get their numbers when first seen, so a list may be shorter than a later one. */
static bool is_variant(const struct fleet_variant *v, const uint8_t *results, size_t n)
{
    for (size_t i = 0; i < n || i < v->n; i++) {
        if ((i < n ? results[i] : RESULT_NONE) != (i < v->n ? v->results[i] : RESULT_NONE))
            return false;
    }
    return true;
}

static struct fleet_variant *variant_of(struct fleet *f, struct fleet_model *m,
                                        const uint8_t *results, size_t n)
{
    for (size_t i = 0; i < m->n_variants; i++) {
        if (is_variant(&m->variants[i], results, n))
            return &m->variants[i];
    }
    if (m->n_variants == COUNT(m->variants))
        return NULL;
    struct fleet_variant *v = &m->variants[m->n_variants++];
    v->results = arena_new(f->arena, uint8_t, n);
    memcpy(v->results, results, n);
    v->n = n;
    return v;
}

void fleet_add_model(struct fleet *f, const struct told *t, const char *host, enum standing s,
                     struct arena *scratch)
{
    uint8_t results[FLEET_RULES] = {RESULT_NONE};
    struct fleet_model *m = model_of(f, t, scratch);
    if (m == NULL) {
        f->other_models++;
        return;
    }
    m->standings[s]++;
    for (size_t i = 0; i < t->n_rules; i++) {
        size_t rule = name_set_find(&f->rules, t->rules[i].id);
        if (rule != NAME_NONE)
            results[rule] = (uint8_t)result_of(t->rules[i].status);
    }
    struct fleet_variant *v = variant_of(f, m, results, f->rules.n);
    if (v == NULL) {
        m->other_variants++;
        return;
    }
    if (v->machines < COUNT(v->hosts))
        v->hosts[v->machines] = kept(f, host);
    v->machines++;
}

uint64_t fleet_model_machines(const struct fleet_model *m)
{
    uint64_t n = 0;
    for (size_t i = 0; i < STANDING_COUNT; i++)
        n += m->standings[i];
    return n;
}

const struct fleet_variant *fleet_model_usual(const struct fleet_model *m)
{
    const struct fleet_variant *most = &m->variants[0];
    for (size_t i = 1; i < m->n_variants; i++) {
        if (m->variants[i].machines > most->machines)
            most = &m->variants[i];
    }
    return most;
}

bool fleet_differs(const struct fleet_variant *x, const struct fleet_variant *y, size_t rule)
{
    uint8_t l = rule < x->n ? x->results[rule] : RESULT_NONE;
    uint8_t r = rule < y->n ? y->results[rule] : RESULT_NONE;
    return l != r && l != RESULT_NONE && r != RESULT_NONE;
}

bool fleet_model_differs(const struct fleet_model *m)
{
    const struct fleet_variant *usual = fleet_model_usual(m);
    for (size_t i = 0; m->product != NULL && i < m->n_variants; i++) {
        for (size_t rule = 0; rule < usual->n; rule++) {
            if (fleet_differs(&m->variants[i], usual, rule))
                return true;
        }
    }
    return false;
}
