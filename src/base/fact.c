/* SPDX-License-Identifier: MIT */
#include "vbscheck/fact.h"

#include <assert.h>
#include <string.h>

const struct fact_info fact_infos[FACT_COUNT] = {
#define FACT(id, type, name, summary) [FACT_##id] = {name, FACT_##type, summary},
#include "vbscheck/facts.def"
#undef FACT
};

struct origin origin_of(const char *blob)
{
    return (struct origin){.blob = blob, .offset = NO_OFFSET};
}

struct origin origin_at(const char *blob, size_t offset)
{
    return (struct origin){.blob = blob, .offset = offset};
}

void facts_init(struct facts *f, struct arena *a)
{
    *f = (struct facts){.arena = a};
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++)
        f->all[id].from = origin_of(NULL);
}

static const char *short_text(struct arena *a, const char *text)
{
    return strlen(text) <= TEXT_MAX ? text : arena_short_text(a, span_of(text));
}

static struct fact *set(struct facts *f, enum fact_id id, enum fact_type type, struct origin from)
{
    assert(id != FACT_NONE && (unsigned)id < FACT_COUNT && fact_infos[id].type == type);
    f->all[id] = (struct fact){.st = ST_OK, .from = from};
    return &f->all[id];
}

void facts_bool(struct facts *f, enum fact_id id, bool v, struct origin from)
{
    set(f, id, FACT_BOOL, from)->v.b = v;
}

void facts_uint(struct facts *f, enum fact_id id, uint64_t v, struct origin from)
{
    set(f, id, FACT_UINT, from)->v.u = v;
}

void facts_text(struct facts *f, enum fact_id id, const char *v, struct origin from)
{
    set(f, id, FACT_TEXT, from)->v.text = short_text(f->arena, v);
}

void facts_unknown(struct facts *f, enum fact_id id, enum status why, struct origin from)
{
    assert(why != ST_OK);
    f->all[id] = (struct fact){.st = why, .from = from};
}

void facts_all_unknown(struct facts *f, const enum fact_id *ids, enum status why,
                       struct origin from)
{
    for (; *ids != FACT_NONE; ids++)
        facts_unknown(f, *ids, why, from);
}

bool fact_known(const struct facts *f, enum fact_id id)
{
    return f->all[id].st == ST_OK;
}

bool fact_is_true(const struct facts *f, enum fact_id id)
{
    assert(fact_infos[id].type == FACT_BOOL);
    return fact_known(f, id) && f->all[id].v.b;
}

bool fact_is_false(const struct facts *f, enum fact_id id)
{
    assert(fact_infos[id].type == FACT_BOOL);
    return fact_known(f, id) && !f->all[id].v.b;
}

enum status fact_status(const struct facts *f, enum fact_id id)
{
    return f->all[id].st;
}

void findings_add(struct facts *f, struct finding finding)
{
    finding.subject = short_text(f->arena, finding.subject);
    finding.message = short_text(f->arena, finding.message);
    f->findings = arena_grow(f->arena, f->findings, f->n_findings, sizeof *f->findings);
    f->findings[f->n_findings++] = finding;
}

void findings_more(struct facts *f, const char *rule, const char *subject, size_t n,
                   const char *what)
{
    if (n <= FINDINGS_MAX)
        return;
    findings_add(f, (struct finding){
                        .rule = rule,
                        .subject = subject,
                        .message = arena_printf(f->arena, "%zu more %s", n - FINDINGS_MAX, what),
                        .offset = NO_OFFSET,
                    });
}
