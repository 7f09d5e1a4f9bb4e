/* SPDX-License-Identifier: MIT */
/*
 * JSON, indented or on one line: docs/schema/report-1.json. A writer of its own instead of
 * jansson: it prints a report about ten times as fast (bench/), which fleets of captures need.
 */
#include <string.h>

#include "report/escape.h"
#include "report/report.h"
#include "vbscheck/count.h"
#include "vbscheck/driver.h"

/* Where the writer stands: commas and indentation follow from it. */
struct json {
    struct out *o;
    bool pretty;
    unsigned depth;
    bool first; /* nothing written yet in this object or array */
};

static void new_line(struct json *j)
{
    static const char blanks[] = "                ";
    if (!j->pretty)
        return;
    out_char(j->o, '\n');
    out_bytes(j->o, blanks, j->depth * 2 < sizeof blanks ? j->depth * 2 : sizeof blanks - 1);
}

static void next_item(struct json *j)
{
    if (!j->first)
        out_char(j->o, ',');
    j->first = false;
    new_line(j);
}

static void key(struct json *j, const char *name)
{
    next_item(j);
    escape_json(j->o, name);
    out_str(j->o, j->pretty ? ": " : ":");
}

static void json_open(struct json *j, char bracket)
{
    out_char(j->o, bracket);
    j->depth++;
    j->first = true;
}

static void json_close(struct json *j, char bracket)
{
    bool empty = j->first;
    j->depth--;
    if (!empty)
        new_line(j);
    out_char(j->o, bracket);
    j->first = false;
}

static void member(struct json *j, const char *name, const char *text)
{
    key(j, name);
    escape_json(j->o, text);
}

static void member_uint(struct json *j, const char *name, unsigned long long v)
{
    key(j, name);
    out_uint(j->o, v);
}

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
    key(j, "source");
    json_open(j, '{');
    member(j, "kind", source_kind_name(s->kind));
    member(j, "path", s->path);
    member(j, "collected_at", s->collected_at);
    json_close(j, '}');
}

static void write_host(struct json *j, const struct facts *f)
{
    static const struct {
        const char *name;
        enum fact_id fact;
    } members[] = {
        {"arch", FACT_HOST_ARCH},
        {"kernel", FACT_HOST_KERNEL},
        {"vendor", FACT_HOST_VENDOR},
        {"product", FACT_HOST_PRODUCT},
        {"firmware_version", FACT_HOST_FIRMWARE_VERSION},
        {"firmware_date", FACT_HOST_FIRMWARE_DATE},
        {"hypervisor", FACT_HOST_HYPERVISOR},
        {"viewpoint", FACT_HOST_VIEWPOINT},
    };
    key(j, "host");
    json_open(j, '{');
    for (size_t i = 0; i < COUNT(members); i++) {
        key(j, members[i].name);
        fact_value(j, f, members[i].fact);
    }
    json_close(j, '}');
}

static void write_evidence(struct json *j, const struct facts *f, const struct outcome *o)
{
    key(j, "evidence");
    json_open(j, '[');
    for (unsigned i = 0; i < o->n_evidence; i++) {
        const struct fact *fact = &f->all[o->evidence[i]];
        next_item(j);
        json_open(j, '{');
        member(j, "fact", fact_infos[o->evidence[i]].name);
        key(j, "value");
        fact_value(j, f, o->evidence[i]);
        member(j, "source", fact->from.blob);
        key(j, "offset");
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
    next_item(j);
    json_open(j, '{');
    member(j, "id", r->id);
    member(j, "row", r->row);
    member(j, "title", r->title);
    member(j, "level", level_name(o->level));
    member(j, "status", verdict_name(o->verdict));
    member(j, "reason", o->verdict == V_UNKNOWN ? status_name(o->reason) : NULL);
    member(j, "cause", o->verdict == V_FAIL ? cause_name(o->cause) : NULL);
    member(j, "message", o->message);
    member(j, "remediation", o->fix);
    member(j, "reference", r->reference);
    write_evidence(j, f, o);
    json_close(j, '}');
}

static void write_facts(struct json *j, const struct facts *f)
{
    key(j, "facts");
    json_open(j, '{');
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        key(j, fact_infos[id].name);
        fact_value(j, f, (enum fact_id)id);
    }
    json_close(j, '}');
    key(j, "unknown");
    json_open(j, '{');
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        if (f->all[id].st != ST_OK)
            member(j, fact_infos[id].name, status_name(f->all[id].st));
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
    key(j, "findings");
    json_open(j, '[');
    for (size_t i = 0; i < r->facts.n_findings; i++) {
        const struct finding *f = &r->facts.findings[i];
        if (!is_reported(r, f->rule))
            continue;
        next_item(j);
        json_open(j, '{');
        member(j, "rule", f->rule);
        member(j, "subject", f->subject);
        member(j, "message", f->message);
        if (f->offset != NO_OFFSET) {
            member_uint(j, "offset", f->offset);
            member_uint(j, "length", f->length);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_check(struct json *j, const struct driver_check *c)
{
    next_item(j);
    json_open(j, '{');
    key(j, "bit");
    if (c->bit != 0)
        out_uint(j->o, c->bit);
    else
        out_str(j->o, "null");
    key(j, "code");
    if (c->code != 0)
        out_uint(j->o, c->code);
    else
        out_str(j->o, "null");
    member(j, "section", c->section);
    member(j, "kind", driver_check_kind_name(c->kind));
    json_close(j, '}');
}

/* "A, B" as a list. */
static void write_denied_by(struct json *j, const char *rules)
{
    struct span rest = span_of(rules != NULL ? rules : ""), rule, more;
    key(j, "denied_by");
    if (rules == NULL) {
        out_str(j->o, "null");
        return;
    }
    json_open(j, '[');
    for (; rest.len > 0; rest = more) {
        if (!span_split(rest, ',', &rule, &more)) {
            rule = rest;
            more = (struct span){0};
        }
        next_item(j);
        escape_json(j->o, arena_text(j->o->arena, span_trim(rule)));
    }
    json_close(j, ']');
}

static void write_driver(struct json *j, const struct driver *d)
{
    next_item(j);
    json_open(j, '{');
    member(j, "path", d->path);
    member(j, "sha256", d->sha256);
    member(j, "authentihash_sha1", d->authentihash_sha1);
    member(j, "authentihash_sha256", d->authentihash_sha256);
    member(j, "arch", d->arch);
    member(j, "group", driver_group_name(d->group));
    member(j, "result", driver_result_name(d->result));
    key(j, "checks");
    json_open(j, '[');
    for (size_t i = 0; i < d->n_checks; i++)
        write_check(j, &d->checks[i]);
    json_close(j, ']');
    write_denied_by(j, d->denied_by);
    member(j, "company", d->company);
    member(j, "product", d->product);
    member(j, "version", d->version);
    member(j, "signers", d->signers);
    member(j, "signatures", d->signatures);
    member(j, "signer_tbs", d->tbs);
    member(j, "first_page_sha1", d->first_page_sha1);
    member(j, "first_page_sha256", d->first_page_sha256);
    member(j, "catalog", d->catalog);
    member(j, "inf", d->inf);
    member_uint(j, "straddling_relocations", d->straddling);
    bool both = d->what != NULL && d->policy_says != NULL;
    member(j, "message",
           both ? arena_printf(j->o->arena, "%s; %s", d->what, d->policy_says)
                : (d->what != NULL ? d->what : d->policy_says));
    json_close(j, '}');
}

/* Only where files were looked at. */
static void write_drivers(struct json *j, const struct driver_list *l)
{
    if (l == NULL)
        return;
    key(j, "drivers");
    json_open(j, '[');
    for (size_t i = 0; i < l->n; i++)
        write_driver(j, &l->items[i]);
    json_close(j, ']');
}

static void write_notes(struct json *j, const struct notes *n)
{
    key(j, "notes");
    json_open(j, '[');
    for (size_t i = 0; i < n->n; i++) {
        next_item(j);
        json_open(j, '{');
        member(j, "source", n->items[i].source);
        member(j, "message", n->items[i].message);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_only(struct json *j, const char *const *only)
{
    if (only == NULL)
        return;
    key(j, "only");
    json_open(j, '[');
    for (; *only != NULL; only++) {
        next_item(j);
        escape_json(j->o, *only);
    }
    json_close(j, ']');
}

static void write_caveats(struct json *j, const struct report *r)
{
    key(j, "caveats");
    json_open(j, '[');
    for (size_t i = 0; i < r->n_caveats; i++) {
        next_item(j);
        escape_json(j->o, r->caveats[i]);
    }
    json_close(j, ']');
}

static void write_judgement(struct json *j, const struct report *r)
{
    member(j, "profile", r->options->profile->name);
    write_only(j, r->options->only);
    member(j, "verdict", readiness_name(r->readiness));
    write_caveats(j, r);
    key(j, "counts");
    json_open(j, '{');
    for (unsigned v = 0; v < V_COUNT; v++)
        member_uint(j, verdict_name((enum verdict)v), r->counts[v]);
    json_close(j, '}');
    key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < r->n_outcomes; i++)
        write_rule(j, &r->facts, &r->outcomes[i]);
    json_close(j, ']');
}

static void write_report(struct out *o, const struct report *r, bool pretty)
{
    struct json j = {.o = o, .pretty = pretty, .first = true};
    json_open(&j, '{');
    member_uint(&j, "schema_version", 1);
    key(&j, "tool");
    json_open(&j, '{');
    member(&j, "name", "vbscheck");
    member(&j, "version", VBSCHECK_VERSION);
    json_close(&j, '}');
    write_source(&j, r->snap);
    write_host(&j, &r->facts);
    write_judgement(&j, r);
    write_facts(&j, &r->facts);
    write_findings(&j, r);
    write_drivers(&j, r->facts.drivers);
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
    .write = write_indented,
};

const struct reporter reporter_ndjson = {
    .name = "ndjson",
    .summary = "the same object on one line, one line an input",
    .many = true,
    .write = write_line,
};
