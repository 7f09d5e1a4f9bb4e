/* SPDX-License-Identifier: MIT */
/*
 * Prometheus' text format 0.0.4 for node_exporter's textfile collector: without timestamps, which
 * it rejects, and without the host's name, which the scrape adds.
 */
#include "report/escape.h"
#include "report/report.h"
#include "vbscheck/count.h"

static void put_family(struct out *o, const char *name, const char *help)
{
    out_printf(o, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* One line per possible state, 1 for the actual one: OpenMetrics' state set. */
static void put_rules(struct out *o, const struct report *r)
{
    put_family(o, "vbscheck_rule_status",
               "Result of each rule: 1 for its status, 0 for the others.");
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *c = &r->outcomes[i];
        for (unsigned v = 0; v < V_COUNT; v++)
            out_printf(o, "vbscheck_rule_status{rule=\"%s\",level=\"%s\",status=\"%s\"} %d\n",
                       c->rule->id, level_name(c->level), verdict_name((enum verdict)v),
                       c->verdict == v);
    }
}

static void put_verdict(struct out *o, const struct report *r)
{
    put_family(o, "vbscheck_verdict",
               "Verdict about the machine: 1 for its verdict, 0 for the others.");
    for (unsigned v = READY; v <= UNDETERMINED; v++)
        out_printf(o, "vbscheck_verdict{verdict=\"%s\"} %d\n", readiness_name((enum readiness)v),
                   r->readiness == v);
}

static void put_info(struct out *o, const struct report *r)
{
    static const struct {
        const char *label;
        enum fact_id fact;
    } labels[] = {
        {"vendor", FACT_HOST_VENDOR},
        {"product", FACT_HOST_PRODUCT},
        {"firmware_version", FACT_HOST_FIRMWARE_VERSION},
    };
    put_family(o, "vbscheck_info", "The program, the profile and the machine that was judged.");
    out_printf(o, "vbscheck_info{version=\"%s\",profile=", VBSCHECK_VERSION);
    escape_prometheus(o, r->policy.name); /* may come from a user's file */
    for (size_t i = 0; i < COUNT(labels); i++) {
        out_printf(o, ",%s=", labels[i].label);
        escape_prometheus(
            o, fact_known(&r->facts, labels[i].fact) ? r->facts.all[labels[i].fact].v.text : NULL);
    }
    out_str(o, "} 1\n");
}

/* Days since 1970-01-01 of the Gregorian calendar; years begin with March. */
static unsigned long long days_since_1970(unsigned year, unsigned month, unsigned day)
{
    unsigned long long y = month > 2 ? year : year - 1;
    unsigned long long days = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + days - 719468;
}

/* "2026-11-22T04:00:00Z", whose form the loader checked; 0 if a number in it is invalid. */
static unsigned long long seconds_since_1970(const char *text)
{
    enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };
    unsigned part[PARTS] = {0}, at = 0;
    for (; *text != '\0' && at < PARTS; text++) {
        if (*text < '0' || *text > '9')
            at++;
        else
            part[at] = part[at] * 10 + (unsigned)(*text - '0');
    }
    if (part[YEAR] < 1970 || part[YEAR] > 9999 || part[MONTH] < 1 || part[MONTH] > 12)
        return 0;
    unsigned long long days = days_since_1970(part[YEAR], part[MONTH], part[DAY]);
    return ((days * 24 + part[HOUR]) * 60 + part[MINUTE]) * 60 + part[SECOND];
}

static void write(struct out *o, const struct report *r)
{
    const char *when = r->snap->collected_at;
    put_rules(o, r);
    put_verdict(o, r);
    put_info(o, r);
    if (when == NULL)
        return;
    put_family(o, "vbscheck_scan_timestamp_seconds", "When the evidence was collected.");
    out_printf(o, "vbscheck_scan_timestamp_seconds %llu\n", seconds_since_1970(when));
}

const struct reporter reporter_prometheus = {
    .name = "prometheus",
    .summary = "metrics of one machine, for node_exporter's textfile collector",
    .many = false,
    .instead = "write one file per host",
    .write = write,
};
