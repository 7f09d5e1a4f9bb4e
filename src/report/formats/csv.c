/* SPDX-License-Identifier: MIT */
/* RFC 4180 in long form: one line per host and rule, which every tool can import. */
#include "report/escape.h"
#include "report/report.h"
#include "vbscheck/count.h"

static const char *text_of(const struct facts *f, enum fact_id id)
{
    return fact_known(f, id) ? f->all[id].v.text : NULL;
}

static void put_rule(struct out *o, const struct report *r, const char *host,
                     const struct outcome *c)
{
    const char *const cells[] = {
        host,
        text_of(&r->facts, FACT_HOST_VENDOR),
        text_of(&r->facts, FACT_HOST_PRODUCT),
        text_of(&r->facts, FACT_HOST_FIRMWARE_VERSION),
        readiness_name(r->readiness),
        c->rule->id,
        c->rule->row,
        level_name(c->level),
        verdict_name(c->verdict),
        c->verdict == V_UNKNOWN ? status_name(c->reason) : NULL,
        c->verdict == V_FAIL ? cause_name(c->cause) : NULL,
        c->message,
        r->snap->collected_at,
    };
    for (size_t i = 0; i < COUNT(cells); i++) {
        if (i > 0)
            out_char(o, ',');
        escape_csv(o, cells[i]);
    }
    out_char(o, '\n');
}

static void write(struct out *o, const struct report *r)
{
    const char *host = report_host_key(r, o->arena);
    for (size_t i = 0; i < r->n_outcomes; i++)
        put_rule(o, r, host, &r->outcomes[i]);
}

const struct reporter reporter_csv = {
    .name = "csv",
    .summary = "one line for each host and rule, for databases and spreadsheets",
    .head = "host_key,vendor,product,firmware_version,verdict,rule,row,level,status,reason,cause,"
            "message,collected_at\n",
    .many = true,
    .write = write,
};
