/* SPDX-License-Identifier: MIT */
/* JSON, indented or on one line: docs/schema/report-1.json. */
#include <string.h>

#include "report/escape.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "vbscheck/count.h"
#include "vbscheck/driver.h"

static void fact_value(struct json *j, const struct facts *f, enum fact_id id)
{
    const struct fact *fact = &f->all[id];
    if (fact->st != ST_OK)
        out_str(j->o, "null");
    else if (fact_infos[id].type == FACT_BOOL)
        out_str(j->o, fact->v.b ? "true" : "false");
    else if (fact_infos[id].type == FACT_UINT)
        out_uint(j->o, fact->v.u);
    else
        escape_json(j->o, fact->v.text);
}

static void write_source(struct json *j, const struct snapshot *s)
{
    json_key(j, "source");
    json_open(j, '{');
    json_text(j, "kind", source_kind_name(s->kind));
    json_text(j, "path", s->path);
    json_text(j, "collected_at", s->collected_at);
    json_text(j, "digest", s->digest);
    json_close(j, '}');
}

static void write_labels(struct json *j, const struct labels *l)
{
    json_key(j, "labels");
    json_open(j, '{');
    for (size_t i = 0; i < l->n; i++)
        json_text(j, l->items[i].key, l->items[i].value);
    json_close(j, '}');
}

static void write_host(struct json *j, const struct facts *f, const struct labels *labels)
{
    static const struct {
        const char *name;
        enum fact_id fact;
    } members[] = {
        {"arch", FACT_HOST_ARCH},
        {"kernel", FACT_HOST_KERNEL},
        {"vendor", FACT_HOST_VENDOR},
        {"product", FACT_HOST_PRODUCT},
        {"board", FACT_HOST_BOARD},
        {"firmware_version", FACT_HOST_FIRMWARE_VERSION},
        {"firmware_date", FACT_HOST_FIRMWARE_DATE},
        {"firmware_date_iso", FACT_HOST_FIRMWARE_DATE_ISO},
        {"hypervisor", FACT_HOST_HYPERVISOR},
        {"viewpoint", FACT_HOST_VIEWPOINT},
    };
    json_key(j, "host");
    json_open(j, '{');
    for (size_t i = 0; i < COUNT(members); i++) {
        json_key(j, members[i].name);
        fact_value(j, f, members[i].fact);
    }
    write_labels(j, labels);
    json_close(j, '}');
}

static void write_evidence(struct json *j, const struct facts *f, const struct outcome *o)
{
    json_key(j, "evidence");
    json_open(j, '[');
    for (unsigned i = 0; i < o->n_evidence; i++) {
        const struct fact *fact = &f->all[o->evidence[i]];
        json_item(j);
        json_open(j, '{');
        json_text(j, "fact", fact_infos[o->evidence[i]].name);
        json_key(j, "value");
        fact_value(j, f, o->evidence[i]);
        json_text(j, "source", fact->from.blob);
        json_key(j, "offset");
        if (fact->from.offset != NO_OFFSET)
            out_uint(j->o, fact->from.offset);
        else
            out_str(j->o, "null");
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_rule(struct json *j, const struct facts *f, const struct outcome *o)
{
    const struct rule *r = o->rule;
    json_item(j);
    json_open(j, '{');
    json_text(j, "id", r->id);
    json_text(j, "row", r->row);
    json_text(j, "title", r->title);
    json_text(j, "level", level_name(o->level));
    json_text(j, "status", verdict_name(o->verdict));
    json_text(j, "reason", o->verdict == V_UNKNOWN ? status_name(o->reason) : NULL);
    json_text(j, "cause", o->verdict == V_FAIL ? cause_name(o->cause) : NULL);
    json_text(j, "message", o->message);
    json_text(j, "remediation", o->fix);
    if (o->waiver != NULL)
        json_text(j, "waived", o->waiver->reason);
    json_text(j, "reference", r->reference);
    json_text(j, "reference_url", rule_url(r, j->o->arena));
    write_evidence(j, f, o);
    json_close(j, '}');
}

static void write_facts(struct json *j, const struct facts *f)
{
    json_key(j, "facts");
    json_open(j, '{');
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        json_key(j, fact_infos[id].name);
        fact_value(j, f, (enum fact_id)id);
    }
    json_close(j, '}');
    json_key(j, "unknown");
    json_open(j, '{');
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        if (f->all[id].st != ST_OK)
            json_text(j, fact_infos[id].name, status_name(f->all[id].st));
    }
    json_close(j, '}');
}

static bool is_reported(const struct report *r, const char *rule)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        if (strcmp(r->outcomes[i].rule->id, rule) == 0)
            return true;
    }
    return false;
}

static void write_findings(struct json *j, const struct report *r)
{
    json_key(j, "findings");
    json_open(j, '[');
    for (size_t i = 0; i < r->facts.n_findings; i++) {
        const struct finding *f = &r->facts.findings[i];
        if (!is_reported(r, f->rule))
            continue;
        json_item(j);
        json_open(j, '{');
        json_text(j, "rule", f->rule);
        json_text(j, "subject", f->subject);
        json_text(j, "message", f->message);
        if (f->offset != NO_OFFSET) {
            json_uint(j, "offset", f->offset);
            json_uint(j, "length", f->length);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_notes(struct json *j, const struct notes *n)
{
    json_key(j, "notes");
    json_open(j, '[');
    for (size_t i = 0; i < n->n; i++) {
        json_item(j);
        json_open(j, '{');
        json_text(j, "source", n->items[i].source);
        json_text(j, "message", n->items[i].message);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_only(struct json *j, const char *const *only)
{
    if (only == NULL)
        return;
    json_key(j, "only");
    json_open(j, '[');
    for (; *only != NULL; only++) {
        json_item(j);
        escape_json(j->o, *only);
    }
    json_close(j, ']');
}

static void write_against(struct json *j, const struct against *b)
{
    if (b == NULL)
        return;
    json_key(j, "baseline");
    json_open(j, '{');
    json_text(j, "path", b->path);
    json_text(j, "verdict", b->verdict);
    json_key(j, "worse");
    out_str(j->o, b->worse ? "true" : "false");
    json_key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < b->n_rules; i++) {
        json_item(j);
        json_open(j, '{');
        json_text(j, "id", b->rules[i].id);
        json_text(j, "before", b->rules[i].before);
        json_text(j, "now", b->rules[i].now);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void write_judgement(struct json *j, const struct report *r)
{
    json_text(j, "profile", r->policy.name);
    json_policy(j, &r->policy);
    write_only(j, r->options->only);
    json_text(j, "verdict", readiness_name(r->readiness));
    json_names(j, "caveats", r->caveats, r->n_caveats);
    json_key(j, "counts");
    json_open(j, '{');
    for (unsigned v = 0; v < V_COUNT; v++)
        json_uint(j, verdict_name((enum verdict)v), r->counts[v]);
    json_close(j, '}');
    write_against(j, r->against);
    json_advice(j, &r->advice);
    json_forecast(j, &r->forecast, &r->facts);
    json_key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < r->n_outcomes; i++)
        write_rule(j, &r->facts, &r->outcomes[i]);
    json_close(j, ']');
}

static void write_as_of(struct json *j, const struct driver_list *drivers)
{
    json_key(j, "as_of");
    json_open(j, '{');
    for (size_t i = 0; i < n_editions; i++)
        json_text(j, editions[i].name, editions[i].edition);
    if (drivers != NULL && drivers->policy_edition != NULL)
        json_text(j, "blocklist", drivers->policy_edition);
    json_close(j, '}');
}

static void write_report(struct out *o, const struct report *r, bool pretty)
{
    struct json j = {.o = o, .pretty = pretty, .first = true};
    json_open(&j, '{');
    json_head(&j);
    json_text(&j, "build", r->options->build);
    json_close(&j, '}');
    write_source(&j, r->snap);
    write_as_of(&j, r->facts.drivers);
    write_host(&j, &r->facts, &r->snap->labels);
    write_judgement(&j, r);
    write_facts(&j, &r->facts);
    write_findings(&j, r);
    json_drivers(&j, r->facts.drivers);
    write_notes(&j, &r->notes);
    json_close(&j, '}');
    out_char(o, '\n');
}

static void write_indented(struct out *o, const struct report *r)
{
    write_report(o, r, true);
}

static void write_line(struct out *o, const struct report *r)
{
    write_report(o, r, false);
}

const struct reporter reporter_json = {
    .name = "json",
    .summary = "one indented JSON object (docs/schema/report-1.json)",
    .many = false,
    .instead = "use ndjson",
    .digest = true,
    .write = write_indented,
};

const struct reporter reporter_ndjson = {
    .name = "ndjson",
    .summary = "the same object on one line, one line per input",
    .many = true,
    .digest = true,
    .write = write_line,
};
