/* SPDX-License-Identifier: MIT */
/* Parses docs/schema/report-1.json with jansson. */
#include <jansson.h>
#include <string.h>

#include "compare/told.h"

/* Limits per report; two reports, and jansson's data for them, fit into LIMIT_DATA. */
enum { REPORT_BYTES_MAX = 6 << 20, REPORT_VALUES_MAX = 60000, REPORT_TEXT_MAX = 4000 };

/* Limits on lists, since each item is searched for in the other report. */
enum { RULES_MAX = 512, ROWS_MAX = 256, FACTS_MAX = 4096, FIXES_MAX = 64, FORECAST_MAX = 64 };

static const char not_ours[] = "is JSON, but not a report of vbscheck: give what vbscheck prints "
                               "with --format json or ndjson";

static const char too_large[] = "contains more than the report of one scan: give one report";

/* jansson uses about 300 bytes per value outside the arena: count the values first. */
static bool has_too_much(struct span json)
{
    size_t n = 0;
    for (size_t i = 0; i < json.len; i++)
        n += json.ptr[i] == ',' || json.ptr[i] == '[' || json.ptr[i] == '{';
    return json.len > REPORT_BYTES_MAX || n > REPORT_VALUES_MAX;
}

static const char *text_of(const json_t *object, const char *key, struct arena *a)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL)
        return NULL;
    struct span s = span_of(text);
    s.len = s.len < REPORT_TEXT_MAX ? s.len : REPORT_TEXT_MAX;
    return arena_text(a, s);
}

/* Returns false if a rule lacks a required member: the report is incomplete. */
static bool read_rules(const json_t *list, struct arena *a, struct told *out)
{
    out->n_rules = json_array_size(list);
    out->rules = arena_new(a, struct told_rule, out->n_rules);
    for (size_t i = 0; i < out->n_rules; i++) {
        const json_t *r = json_array_get(list, i);
        out->rules[i] = (struct told_rule){
            .id = text_of(r, "id", a),
            .row = text_of(r, "row", a),
            .level = text_of(r, "level", a),
            .status = text_of(r, "status", a),
            .reason = text_of(r, "reason", a),
            .cause = text_of(r, "cause", a),
            .message = text_of(r, "message", a),
            .waived = json_is_string(json_object_get(r, "waived")),
        };
        if (out->rules[i].id == NULL || out->rules[i].level == NULL || out->rules[i].status == NULL)
            return false;
    }
    return true;
}

static void read_rows(const json_t *list, struct arena *a, struct told *out)
{
    out->rows = arena_new(a, struct told_row, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *r = json_array_get(list, i);
        struct told_row row = {text_of(r, "id", a), text_of(r, "title", a),
                               text_of(r, "status", a)};
        if (row.id != NULL && row.status != NULL)
            out->rows[out->n_rows++] = row;
    }
}

static void read_findings(const json_t *list, struct arena *a, struct told *out)
{
    out->findings = arena_new(a, struct told_finding, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *f = json_array_get(list, i);
        struct told_finding finding = {text_of(f, "rule", a), text_of(f, "subject", a),
                                       text_of(f, "message", a)};
        if (finding.rule != NULL && finding.subject != NULL && finding.message != NULL)
            out->findings[out->n_findings++] = finding;
    }
}

static struct told_fact read_fact(const char *name, const json_t *value, const json_t *unknown,
                                  struct arena *a)
{
    struct told_fact f = {.name = arena_text(a, span_of(name)), .why = text_of(unknown, name, a)};
    if (json_is_boolean(value)) {
        f.value = json_is_true(value) ? "true" : "false";
    } else if (json_is_integer(value)) {
        f.value = arena_printf(a, "%lld", (long long)json_integer_value(value));
    } else if (json_is_string(value)) {
        f.value = arena_short_text(a, span_of(json_string_value(value)));
        f.quoted = true;
    }
    return f;
}

static void read_facts(json_t *facts, const json_t *unknown, struct arena *a, struct told *out)
{
    const char *name;
    json_t *value;
    out->facts = arena_new(a, struct told_fact, json_object_size(facts));
    json_object_foreach(facts, name, value)
    {
        out->facts[out->n_facts++] = read_fact(name, value, unknown, a);
    }
}

static bool flag_of(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static void read_fixes(const json_t *list, struct arena *a, struct told *out)
{
    size_t n = json_array_size(list) < FIXES_MAX ? json_array_size(list) : FIXES_MAX;
    out->fixes = arena_new(a, struct told_fix, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *f = json_array_get(list, i), *rules = json_object_get(f, "rules");
        struct told_fix fix = {
            .action = text_of(f, "action", a),
            .text = text_of(f, "text", a),
            .rules = arena_new(a, const char *, json_array_size(rules)),
            .certain = flag_of(f, "certain"),
            .needed = flag_of(f, "needed"),
        };
        for (size_t k = 0; k < json_array_size(rules); k++) {
            const char *id = json_string_value(json_array_get(rules, k));
            if (id != NULL)
                fix.rules[fix.n_rules++] = arena_short_text(a, span_of(id));
        }
        if (fix.action != NULL && fix.text != NULL)
            out->fixes[out->n_fixes++] = fix;
    }
}

static void read_drivers(const json_t *list, struct arena *a, struct told *out)
{
    out->drivers = arena_new(a, struct told_driver, json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *d = json_array_get(list, i);
        struct told_driver driver = {
            .path = text_of(d, "path", a),
            .result = text_of(d, "result", a),
            .company = text_of(d, "company", a),
            .version = text_of(d, "version", a),
            .denied = json_array_size(json_object_get(d, "denied_by")) > 0,
        };
        if (driver.path != NULL && driver.result != NULL)
            out->drivers[out->n_drivers++] = driver;
    }
}

/* Skips members that are neither yes, no nor undecided, such as "properties". */
static void read_forecast(json_t *forecast, struct arena *a, struct told *out)
{
    const char *name;
    json_t *item;
    size_t n = json_object_size(forecast) < FORECAST_MAX ? json_object_size(forecast) : 0;
    out->forecast = arena_new(a, struct told_fact, n);
    if (n == 0)
        return;
    json_object_foreach(forecast, name, item)
    {
        const json_t *value = json_object_get(item, "value");
        if (value != NULL)
            out->forecast[out->n_forecast++] = read_fact(name, value, NULL, a);
    }
}

static enum status read_report(json_t *r, struct arena *a, struct told *out, const char **problem)
{
    const json_t *version = json_object_get(r, "schema_version");
    const json_t *tool = json_object_get(r, "tool"), *source = json_object_get(r, "source");
    const json_t *host = json_object_get(r, "host");
    const char *name = json_string_value(json_object_get(tool, "name"));
    *problem = not_ours;
    if (name == NULL || strcmp(name, "vbscheck") != 0 || !json_is_integer(version))
        return ST_MALFORMED;
    if (json_integer_value(version) != 1) {
        *problem = arena_printf(a,
                                "is a report of schema version %lld, but this program reads "
                                "version 1: use the vbscheck that wrote it, or scan again",
                                (long long)json_integer_value(version));
        return ST_UNSUPPORTED;
    }
    out->tool_version = text_of(tool, "version", a);
    out->path = text_of(source, "path", a);
    out->kind = text_of(source, "kind", a);
    out->collected_at = text_of(source, "collected_at", a);
    out->profile = text_of(r, "profile", a);
    out->verdict = text_of(r, "verdict", a);
    out->label = text_of(json_object_get(host, "labels"), "host", a);
    for (unsigned i = 0; i < TOLD_HOST_COUNT; i++)
        out->host[i] = text_of(host, told_host_key((enum told_host)i), a);
    const json_t *rules = json_object_get(r, "rules"), *rows = json_object_get(r, "rows");
    json_t *facts = json_object_get(r, "facts");
    if (json_array_size(rules) > RULES_MAX || json_array_size(rows) > ROWS_MAX ||
        json_object_size(facts) > FACTS_MAX) {
        *problem = too_large;
        return ST_TRUNCATED;
    }
    if (out->verdict == NULL || !json_is_array(rules) || !read_rules(rules, a, out)) {
        *problem = "is not a whole report of a scan: it has no verdict, or a rule without a status";
        return ST_MALFORMED;
    }
    read_rows(rows, a, out);
    read_facts(facts, json_object_get(r, "unknown"), a, out);
    read_findings(json_object_get(r, "findings"), a, out);
    read_fixes(json_object_get(r, "fixes"), a, out);
    read_drivers(json_object_get(r, "drivers"), a, out);
    read_forecast(json_object_get(r, "forecast"), a, out);
    return ST_OK;
}

/* What follows a whole report. */
static const char *what_follows(struct span json)
{
    json_error_t error;
    size_t used;
    json_t *first = json_loadb((const char *)json.ptr, json.len, JSON_DISABLE_EOF_CHECK, &error);
    used = first != NULL ? (size_t)error.position : 0;
    json_decref(first);
    return told_looks_like(span_skip(json, used))
               ? "contains several reports: give one, on a line of its own"
               : "has other text after the report: give the report alone";
}

static const char *why_no_json(struct span json, const json_error_t *error, struct arena *a)
{
    enum json_error_code code = json_error_code(error);
    if (code == json_error_premature_end_of_input)
        return "is cut off: the JSON ends in the middle; copy the whole file";
    if (code == json_error_end_of_input_expected)
        return what_follows(json);
    return arena_printf(a, "is damaged: it is not JSON from line %d on", error->line);
}

enum status told_read(struct span bytes, struct arena *a, struct told *out, const char **problem)
{
    json_error_t error;
    struct told told = {0};
    if (span_starts(bytes, "\xef\xbb\xbf"))
        bytes = span_skip(bytes, 3);
    if (!told_looks_like(bytes)) {
        *problem = "is not a JSON report: give what vbscheck prints with --format json or ndjson";
        return ST_MALFORMED;
    }
    if (has_too_much(bytes)) {
        *problem = too_large;
        return ST_TRUNCATED;
    }
    json_t *r = json_loadb((const char *)bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &error);
    if (r == NULL) {
        *problem = why_no_json(bytes, &error, a);
        return ST_MALFORMED;
    }
    enum status st = read_report(r, a, &told, problem);
    json_decref(r);
    if (st == ST_OK)
        *out = told;
    return st;
}
