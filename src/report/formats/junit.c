/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML, as Jenkins, GitLab and GitHub's reporters read it: a suite per host, a case per
 * rule. They know only failed and skipped, so an unknown is skipped with its reason. A failure here
 * is one that the exit status counts. Written by hand: every text passes escape_xml().
 */
#include <string.h>

#include "report/escape.h"
#include "report/fact_text.h"
#include "report/report.h"

static void put_attribute(struct out *o, const char *name, const char *text)
{
    out_printf(o, " %s=\"", name);
    escape_xml(o, text);
    out_char(o, '"');
}

static void put_property(struct out *o, const char *name, const char *text)
{
    if (text == NULL)
        return;
    out_str(o, "      <property");
    put_attribute(o, "name", name);
    put_attribute(o, "value", text);
    out_str(o, "/>\n");
}

static const char *text_of(const struct facts *f, enum fact_id id)
{
    return fact_known(f, id) ? f->all[id].v.text : NULL;
}

static void put_properties(struct out *o, const struct report *r)
{
    out_str(o, "    <properties>\n");
    put_property(o, "verdict", readiness_name(r->readiness));
    put_property(o, "vendor", text_of(&r->facts, FACT_HOST_VENDOR));
    put_property(o, "product", text_of(&r->facts, FACT_HOST_PRODUCT));
    put_property(o, "firmware_version", text_of(&r->facts, FACT_HOST_FIRMWARE_VERSION));
    for (size_t i = 0; i < r->n_caveats; i++)
        put_property(o, "caveat", r->caveats[i]);
    if (r->against != NULL)
        put_property(o, "baseline", r->against->path);
    out_str(o, "    </properties>\n");
}

/* The deciding facts and the remedy, one line each. */
static void put_details(struct out *o, const struct report *r, const struct outcome *c)
{
    for (unsigned i = 0; i < c->n_evidence; i++) {
        enum fact_id id = c->evidence[i];
        escape_xml(o, arena_printf(o->arena, "%s: %s%s", fact_infos[id].name,
                                   fact_text(&r->facts, id, o->arena),
                                   fact_source(&r->facts.all[id], o->arena)));
        out_char(o, '\n');
    }
    for (size_t i = 0; i < r->facts.n_findings; i++) {
        const struct finding *f = &r->facts.findings[i];
        if (strcmp(f->rule, c->rule->id) != 0)
            continue;
        escape_xml(o, arena_printf(o->arena, "%s: %s", f->subject, f->message));
        out_char(o, '\n');
    }
    if (c->fix == NULL)
        return;
    out_str(o, "Do: ");
    escape_xml(o, c->fix);
    out_char(o, '\n');
}

/* The reason for a case that neither failed nor passed. */
static const char *why_skipped(const struct report *r, const struct outcome *c, struct arena *a)
{
    if (c->verdict == V_NOT_APPLICABLE)
        return arena_printf(a, "not applicable: %s", c->message);
    if (c->verdict == V_UNKNOWN)
        return arena_printf(a, "%s: %s", status_name(c->reason), c->message);
    if (r->against != NULL && report_counts_for_exit(r, c))
        return arena_printf(a, "no worse than the baseline: %s", c->message);
    return arena_printf(a, "%s: %s", level_name(c->level), c->message);
}

static void put_case(struct out *o, const struct report *r, const struct outcome *c)
{
    out_printf(o, "    <testcase classname=\"vbscheck.%.*s\" name=\"%s\" time=\"0\"",
               (int)strcspn(c->rule->id, "."), c->rule->id, c->rule->id);
    if (c->verdict == V_PASS) {
        out_str(o, "/>\n");
        return;
    }
    out_printf(o, ">\n      <%s", c->blamed ? "failure" : "skipped");
    if (c->blamed)
        put_attribute(o, "type", verdict_name(c->verdict));
    put_attribute(o, "message", c->blamed ? c->message : why_skipped(r, c, o->arena));
    if (c->blamed) {
        out_char(o, '>');
        put_details(o, r, c);
        out_str(o, "</failure>\n    </testcase>\n");
    } else {
        out_str(o, "/>\n    </testcase>\n");
    }
}

static void put_head(struct out *o, const struct report *r)
{
    const char *host = report_host_key(r, o->arena), *when = r->snap->collected_at;
    size_t failures = 0, skipped = 0;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        failures += r->outcomes[i].blamed;
        skipped += !r->outcomes[i].blamed && r->outcomes[i].verdict != V_PASS;
    }
    out_str(o, "  <testsuite");
    put_attribute(o, "name", host);
    out_printf(o, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\"",
               r->n_outcomes, failures, skipped);
    if (when != NULL) /* JUnit's schema has no time zone */
        put_attribute(o, "timestamp",
                      arena_printf(o->arena, "%.*s", (int)strcspn(when, "Z"), when));
    put_attribute(o, "hostname", host);
    out_str(o, ">\n");
}

static void write(struct out *o, const struct report *r)
{
    put_head(o, r);
    put_properties(o, r);
    for (size_t i = 0; i < r->n_outcomes; i++)
        put_case(o, r, &r->outcomes[i]);
    out_str(o, "  </testsuite>\n");
}

const struct reporter reporter_junit = {
    .name = "junit",
    .summary = "JUnit's XML for CI: one suite per host, one case per rule",
    .head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"vbscheck\">\n",
    .tail = "</testsuites>\n",
    .many = true,
    .write = write,
};
