/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it: a run per host, a result per rule.
 * Locations are offsets in the deciding blob. The level is "none" unless the kind is "fail"
 * (3.27.10).
 */
#include <string.h>

#include "report/escape.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "vbscheck/hex.h"

static const char *const levels[LEVEL_COUNT] = {"error", "warning", "note"};

/*
 * A message's text, which ends in a full stop. In plain text, brackets make a link (3.11.6) and
 * braces a placeholder (3.11.5), so both are escaped.
 */
static const char *plain(const char *text, struct arena *a)
{
    size_t n = strlen(text);
    char *to = arena_alloc(a, 2 * n + 2, 1), *at = to;
    for (size_t i = 0; i < n; i++) {
        if (strchr("[]\\", text[i]) != NULL)
            *at++ = '\\';
        if (strchr("{}", text[i]) != NULL)
            *at++ = text[i];
        *at++ = text[i];
    }
    if (n == 0 || text[n - 1] != '.')
        *at++ = '.';
    *at = '\0';
    return to;
}

static void put_message(struct json *j, const char *key, const char *text)
{
    json_key(j, key);
    json_open(j, '{');
    json_text(j, "text", plain(text, j->o->arena));
    json_close(j, '}');
}

/* Independent of the locale. */
static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "smm.wsmt" to "SmmWsmt". */
static const char *pascal_case(const char *id, struct arena *a)
{
    char *to = arena_alloc(a, strlen(id) + 1, 1), *at = to;
    bool big = true;
    for (; *id != '\0'; id++) {
        bool letter = is_alnum(*id);
        if (letter)
            *at++ = big && *id >= 'a' && *id <= 'z' ? (char)(*id - 'a' + 'A') : *id;
        big = !letter;
    }
    *at = '\0';
    return to;
}

static void put_rule(struct json *j, const struct outcome *c)
{
    struct arena *a = j->o->arena;
    json_item(j);
    json_open(j, '{');
    json_text(j, "id", c->rule->id);
    json_text(j, "name", pascal_case(c->rule->id, a));
    put_message(j, "shortDescription", c->rule->title);
    put_message(j, "fullDescription",
                arena_printf(a,
                             "%s. It serves the row \"%s\" of Microsoft's table for "
                             "virtualization-based security",
                             c->rule->title, c->rule->row));
    put_message(j, "help", arena_printf(a, "Read %s", c->rule->reference));
    json_text(j, "helpUri", rule_url(c->rule, a));
    json_key(j, "defaultConfiguration");
    json_open(j, '{');
    json_text(j, "level", levels[c->level]);
    json_close(j, '}');
    json_close(j, '}');
}

static void put_tool(struct json *j, const struct report *r)
{
    json_key(j, "tool");
    json_open(j, '{');
    json_key(j, "driver");
    json_open(j, '{');
    json_text(j, "name", "vbscheck");
    json_text(j, "version", VBSCHECK_VERSION);
    json_text(j, "informationUri",
              "https://learn.microsoft.com/windows-hardware/design/"
              "device-experiences/oem-vbs");
    json_key(j, "rules");
    json_open(j, '[');
    for (size_t i = 0; i < r->n_outcomes; i++)
        put_rule(j, &r->outcomes[i]);
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
}

/* A relative reference (RFC 3986): encodes all but unreserved characters and slashes. */
static const char *uri_of(const char *blob, struct arena *a)
{
    char *to = arena_alloc(a, 3 * strlen(blob) + 1, 1), *at = to;
    for (const unsigned char *p = (const unsigned char *)blob; *p != '\0'; p++) {
        bool between = *p == '/' && at > to && at[-1] != '/';
        if (is_alnum((char)*p) || strchr("-._~", *p) != NULL || between) {
            *at++ = (char)*p;
        } else {
            *at++ = '%';
            at = hex_put(at, *p, 2);
        }
    }
    *at = '\0';
    return to;
}

/* The location: of the deciding fact, else of the first fact that has one, else the machine. */
static struct origin place_of(const struct facts *f, const struct outcome *c)
{
    struct origin place = f->all[c->decided_by].from;
    for (unsigned i = 0; i < c->n_evidence && place.blob == NULL; i++)
        place = f->all[c->evidence[i]].from;
    if (place.blob == NULL)
        place = (struct origin){"machine", NO_OFFSET};
    return place;
}

static void put_location(struct json *j, struct origin place)
{
    json_key(j, "locations");
    json_open(j, '[');
    json_item(j);
    json_open(j, '{');
    json_key(j, "physicalLocation");
    json_open(j, '{');
    json_key(j, "artifactLocation");
    json_open(j, '{');
    json_text(j, "uri", uri_of(place.blob, j->o->arena));
    json_close(j, '}');
    json_key(j, "region");
    json_open(j, '{');
    json_uint(j, "byteOffset", place.offset != NO_OFFSET ? place.offset : 0);
    json_uint(j, "byteLength", place.offset != NO_OFFSET ? 1 : 0);
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, ']');
}

/* With a baseline only rules that got worse fail; other failures are informational. */
static const char *kind_of(const struct report *r, const struct outcome *c)
{
    static const char *const kinds[V_COUNT] = {"pass", "fail", "open", "notApplicable"};
    bool held = r->against != NULL && c->verdict == V_FAIL && !c->blamed;
    return held ? "informational" : kinds[c->verdict];
}

/* The result, the reason of an unknown, and the remedy. */
static const char *message_of(const struct report *r, const struct outcome *c, struct arena *a)
{
    bool held = r->against != NULL && c->verdict == V_FAIL && !c->blamed;
    const char *reason =
        c->verdict == V_UNKNOWN ? arena_printf(a, " (%s)", status_name(c->reason)) : "";
    const char *fix = c->fix != NULL ? arena_printf(a, ". To do: %s", c->fix) : "";
    return arena_printf(a, "%s%s%s%s", held ? "No worse than the baseline: " : "", c->message,
                        reason, fix);
}

/* SARIF 2.1.0, 3.35: a result that the user decided not to count. */
static void put_suppression(struct json *j, const struct waiver *w)
{
    if (w == NULL)
        return;
    json_key(j, "suppressions");
    json_open(j, '[');
    json_item(j);
    json_open(j, '{');
    json_text(j, "kind", "external");
    json_text(j, "justification", w->reason);
    json_close(j, '}');
    json_close(j, ']');
}

static void put_result(struct json *j, const struct report *r, const char *host, size_t i)
{
    const struct outcome *c = &r->outcomes[i];
    const char *kind = kind_of(r, c);
    json_item(j);
    json_open(j, '{');
    json_text(j, "ruleId", c->rule->id);
    json_uint(j, "ruleIndex", i);
    json_text(j, "kind", kind);
    json_text(j, "level", strcmp(kind, "fail") == 0 ? levels[c->level] : "none");
    put_message(j, "message", message_of(r, c, j->o->arena));
    put_location(j, place_of(&r->facts, c));
    put_suppression(j, c->waiver);
    json_key(j, "partialFingerprints");
    json_open(j, '{');
    json_text(j, "vbscheck/v1", arena_printf(j->o->arena, "%s:%s", host, c->rule->id));
    json_close(j, '}');
    json_close(j, '}');
}

static void write(struct out *o, const struct report *r)
{
    struct json j = {.o = o, .first = true};
    const char *host = report_host_key(r, o->arena);
    json_open(&j, '{');
    put_tool(&j, r);
    json_key(&j, "automationDetails");
    json_open(&j, '{');
    json_text(&j, "id", arena_printf(o->arena, "vbscheck/%s", host));
    json_close(&j, '}');
    json_text(&j, "columnKind", "utf16CodeUnits");
    json_key(&j, "results");
    json_open(&j, '[');
    for (size_t i = 0; i < r->n_outcomes; i++)
        put_result(&j, r, host, i);
    json_close(&j, ']');
    json_key(&j, "properties");
    json_open(&j, '{');
    json_text(&j, "verdict", readiness_name(r->readiness));
    json_names(&j, "caveats", r->caveats, r->n_caveats);
    json_close(&j, '}');
    json_close(&j, '}');
}

const struct reporter reporter_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0 for code scanning: one run per host, one result per rule",
    .head = "{\"version\":\"2.1.0\",\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
            "\"runs\":[\n",
    .between = ",\n",
    .tail = "\n]}\n",
    .many = true,
    .write = write,
};
