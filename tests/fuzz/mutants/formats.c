/* SPDX-License-Identifier: MIT */
/* Reads every printed format as its readers do, and holds it against the report. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutants/mutants.h"
#include "vbscheck/count.h"

enum { NOT_SHOWN = -1, NO_SUCH = -2 };

/* What a format says. */
struct shown {
    const struct report *r;
    int verdicts[MUTANT_RULES]; /* enum verdict, or NOT_SHOWN */
    int readiness;              /* enum readiness, or NOT_SHOWN */
    struct span id;             /* of the rule that is read */
    struct span json;           /* what the format json printed */
    const char *problem;
};

static void show_rule(struct shown *s, struct span id, int verdict)
{
    for (size_t i = 0; i < s->r->n_outcomes && i < MUTANT_RULES; i++) {
        if (!span_is(id, s->r->outcomes[i].rule->id))
            continue;
        if (s->verdicts[i] != NOT_SHOWN)
            s->problem = "a rule twice";
        s->verdicts[i] = verdict;
        return;
    }
    s->problem = "a rule that was not judged";
}

static int word_in(struct span text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (words[i] != NULL && span_is(text, words[i]))
            return (int)i;
    }
    return NO_SUCH;
}

static int verdict_of(struct span text)
{
    static const char *const words[] = {"pass", "fail", "unknown", "not-applicable"};
    return word_in(text, words, COUNT(words));
}

static int readiness_of(struct span text)
{
    static const char *const words[] = {"ready", "not-ready", "undetermined"};
    return word_in(text, words, COUNT(words));
}

/* JSON --------------------------------------------------------------------------------------- */

/* Now and then a reader that other people wrote reads it too, and looks for keys that are twice. */
static void read_with_jansson(struct span text, struct shown *s)
{
    enum { ONE_OF = 32 };
    if (text.len % ONE_OF != 0)
        return;
    json_t *d = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (d == NULL)
        s->problem = "no JSON, as jansson says";
    json_decref(d);
}

static bool at(const struct json_place *p, const char *const *keys, size_t n)
{
    bool same = p->depth == n;
    for (size_t i = 0; i < n && same; i++)
        same = span_is(p->keys[i + 1], keys[i]);
    return same;
}

/* {"verdict": {"status"}, "rules": [{"id", "status"}]} */
static void take_json(void *context, const struct json_place *place, struct span text)
{
    static const char *const id[] = {"rules", "", "id"}, *const status[] = {"rules", "", "status"},
                             *const verdict[] = {"verdict"};
    struct shown *s = context;
    if (at(place, id, COUNT(id)))
        s->id = text;
    else if (at(place, status, COUNT(status)))
        show_rule(s, s->id, verdict_of(text));
    else if (at(place, verdict, COUNT(verdict)))
        s->readiness = readiness_of(text);
}

static void read_json(struct span text, struct shown *s)
{
    if (!json_walk(text, take_json, s))
        s->problem = "no JSON";
    read_with_jansson(text, s);
}

/* {"runs": [{"results": [{"ruleId", "kind"}], "properties": {"verdict"}}]} */
static void take_sarif(void *context, const struct json_place *place, struct span text)
{
    static const char *const id[] = {"runs", "", "results", "", "ruleId"},
                             *const kind[] = {"runs", "", "results", "", "kind"},
                             *const verdict[] = {"runs", "", "properties", "verdict"};
    static const char *const kinds[] = {"pass", "fail", "open", "notApplicable"};
    struct shown *s = context;
    if (at(place, id, COUNT(id)))
        s->id = text;
    else if (at(place, kind, COUNT(kind)))
        show_rule(s, s->id, word_in(text, kinds, COUNT(kinds)));
    else if (at(place, verdict, COUNT(verdict)))
        s->readiness = readiness_of(text);
}

static void read_sarif(struct span text, struct shown *s)
{
    if (!json_walk(text, take_sarif, s))
        s->problem = "no JSON";
    read_with_jansson(text, s);
}

/* Blanks and ends of lines between tokens are left out, in place. */
static struct span without_blanks(struct span text, uint8_t *to)
{
    size_t n = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (quoted && c == '\\' && i + 1 < text.len)
            to[n++] = text.ptr[i++];
        else if (c == '"')
            quoted = !quoted;
        if (quoted || (c != ' ' && c != '\n'))
            to[n++] = text.ptr[i];
    }
    return (struct span){to, n};
}

/* One line, and but for blanks the same as the JSON, which was read before. */
static void read_ndjson(struct span text, struct shown *s)
{
    struct arena *a = s->json.len > 0 ? s->r->facts.arena : NULL;
    const uint8_t *end = memchr(text.ptr, '\n', text.len);
    if (a == NULL || end == NULL || end + 1 != text.ptr + text.len) {
        s->problem = "not one line";
        return;
    }
    struct span one = without_blanks(text, arena_alloc(a, text.len, 1));
    struct span other = without_blanks(s->json, arena_alloc(a, s->json.len, 1));
    if (one.len != other.len || memcmp(one.ptr, other.ptr, one.len) != 0)
        s->problem = "not what the JSON says";
    for (size_t i = 0; i < s->r->n_outcomes && i < MUTANT_RULES; i++)
        s->verdicts[i] = (int)s->r->outcomes[i].verdict;
    s->readiness = (int)s->r->readiness;
}

/* Lines -------------------------------------------------------------------------------------- */

/* Takes the text up to `mark` off *rest, and `mark`; false: it is not there. */
static bool take_to(struct span *rest, const char *mark, struct span *out)
{
    const uint8_t *at = memmem(rest->ptr, rest->len, mark, strlen(mark));
    if (at == NULL)
        return false;
    *out = (struct span){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = span_skip(*rest, out->len + strlen(mark));
    return true;
}

/* RFC 4180: a cell, its quotes taken off, and whether it ends the row. */
static bool take_cell(struct span *rest, struct span *cell, bool *last)
{
    bool quoted = rest->len > 0 && rest->ptr[0] == '"';
    size_t at = quoted;
    while (at < rest->len) {
        uint8_t c = rest->ptr[at];
        if (quoted && c == '"' && at + 1 < rest->len && rest->ptr[at + 1] == '"')
            at++;
        else if (quoted ? c == '"' : c == ',' || c == '\n')
            break;
        at++;
    }
    *cell = (struct span){rest->ptr + quoted, at - quoted};
    at += quoted;
    if (at >= rest->len)
        return false;
    *last = rest->ptr[at] == '\n';
    bool good = *last || rest->ptr[at] == ',';
    *rest = span_skip(*rest, at + 1);
    return good;
}

static void read_csv(struct span text, struct shown *s)
{
    enum { VERDICT = 4, RULE = 5, STATUS = 8, CELLS = 13 };
    struct span head, cells[CELLS];
    if (!take_to(&text, "\n", &head))
        s->problem = "no head";
    while (text.len > 0 && s->problem == NULL) {
        bool last = false;
        for (size_t i = 0; i < CELLS && s->problem == NULL; i++) {
            if (!take_cell(&text, &cells[i], &last) || last != (i + 1 == CELLS))
                s->problem = "no row of 13 cells";
            else if (cells[i].len > 0 && strchr("=+-@", cells[i].ptr[0]) != NULL)
                s->problem = "a cell that is a formula";
        }
        if (s->problem != NULL)
            return;
        show_rule(s, cells[RULE], verdict_of(cells[STATUS]));
        s->readiness = readiness_of(cells[VERDICT]);
    }
}

static void read_prometheus(struct span text, struct shown *s)
{
    struct span line, id, status, other;
    while (take_to(&text, "\n", &line)) {
        bool rule = span_starts(line, "vbscheck_rule_status{rule=\"");
        if (line.len < 2 || memcmp(line.ptr + line.len - 2, " 1", 2) != 0)
            continue;
        (void)take_to(&line, "{", &other);
        if (rule && take_to(&line, "rule=\"", &other) && take_to(&line, "\"", &id) &&
            take_to(&line, "status=\"", &other) && take_to(&line, "\"", &status))
            show_rule(s, id, verdict_of(status));
        else if (take_to(&line, "verdict=\"", &other) && take_to(&line, "\"", &status))
            s->readiness = readiness_of(status);
    }
}

/* Words for people ---------------------------------------------------------------------------- */

/* "weak" and "info" are failures of rules that are not required. */
static int standing_of(struct span word)
{
    static const char *const words[] = {"pass", "fail", "unknown", "n/a", "weak", "info"};
    int is = word_in(word, words, COUNT(words));
    return is > V_NOT_APPLICABLE ? V_FAIL : is;
}

static int shouted(struct span text)
{
    return span_starts(text, "READY")          ? READY
           : span_starts(text, "NOT READY")    ? NOT_READY
           : span_starts(text, "UNDETERMINED") ? UNDETERMINED
                                               : NOT_SHOWN;
}

/* "  pass    cpu.64bit (info): …", for each rule with -v. */
static void read_text(struct span text, struct shown *s)
{
    struct span line, word;
    while (take_to(&text, "\n", &line)) {
        if (s->readiness == NOT_SHOWN)
            s->readiness = shouted(line);
        struct span rest = line;
        if (!span_starts(line, "  ") || !span_next_word(&rest, &word) || standing_of(word) < 0)
            continue;
        int verdict = standing_of(word);
        (void)span_next_word(&rest, &word);
        size_t n = word.len > 0 && word.ptr[word.len - 1] == ':' ? word.len - 1 : word.len;
        struct span id = {word.ptr, n};
        bool rule = n < word.len || span_starts(span_trim(rest), "(");
        if (rule && rule_find(arena_text(s->r->snap->arena, id)) != NULL)
            show_rule(s, id, verdict);
    }
}

static void read_html(struct span text, struct shown *s)
{
    static const char row[] = "<tr><th scope=\"row\">";
    struct span body, other, id, word;
    if (!take_to(&text, "Every rule", &other) || !take_to(&text, "<tbody>", &other) ||
        !take_to(&text, "</tbody>", &body)) {
        s->problem = "no table of rules";
        return;
    }
    while (take_to(&body, row, &other)) {
        if (take_to(&body, "</th><td>", &id) && take_to(&body, "<span class=\"mark ", &other) &&
            take_to(&body, "</span> ", &other) && take_to(&body, "</span>", &word))
            show_rule(s, id, standing_of(word));
    }
}

/* Why a case is skipped stands in front of its text: a reason, a level, or "not applicable". */
static int skipped(struct span why)
{
    static const char *const levels[] = {"required", "recommended", "info"};
    struct span word;
    if (!take_to(&why, ": ", &word))
        return NO_SUCH;
    if (span_is(word, "not applicable"))
        return V_NOT_APPLICABLE;
    return word_in(word, levels, COUNT(levels)) >= 0 ? V_FAIL : V_UNKNOWN;
}

static void read_junit(struct span text, struct shown *s)
{
    struct span other, id, why;
    if (take_to(&text, "name=\"verdict\" value=\"", &other) && take_to(&text, "\"", &other))
        s->readiness = readiness_of(other);
    while (take_to(&text, "<testcase ", &other)) {
        if (!take_to(&text, " name=\"", &other) || !take_to(&text, "\" time=\"0\"", &id))
            s->problem = "a case without a name";
        else if (span_starts(text, "/>"))
            show_rule(s, id, V_PASS);
        else if (span_starts(text, ">\n      <failure"))
            show_rule(s, id, V_FAIL);
        else if (take_to(&text, "<skipped message=\"", &other) && take_to(&text, "\"", &why))
            show_rule(s, id, skipped(why));
    }
}

/* Passes, and what does not apply, are not in its table of rules. */
static void read_markdown(struct span text, struct shown *s)
{
    struct span line, cell, other;
    bool rules = false;
    while (take_to(&text, "\n", &line)) {
        if (span_starts(line, "**") && s->readiness == NOT_SHOWN)
            s->readiness = shouted(span_skip(line, 2));
        if (rules && take_to(&line, "| ", &other) && take_to(&line, " | ", &cell) &&
            take_to(&line, " | ", &other) && take_to(&line, " |", &other)) {
            bool open = span_starts(other, "unknown (");
            show_rule(s, cell, open ? V_UNKNOWN : verdict_of(other));
        }
        rules |= span_is(line, "| rule | level | status | why |") && take_to(&text, "\n", &other);
    }
    for (size_t i = 0; i < s->r->n_outcomes; i++) {
        enum verdict v = s->r->outcomes[i].verdict;
        if (s->verdicts[i] == NOT_SHOWN && (v == V_PASS || v == V_NOT_APPLICABLE))
            s->verdicts[i] = (int)v;
    }
}

/* --------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*read)(struct span text, struct shown *s);
    bool markup, verdict;
} readers[] = {
    {"text", read_text, false, true},
    {"json", read_json, false, true},
    {"ndjson", read_ndjson, false, true},
    {"markdown", read_markdown, false, true},
    {"html", read_html, true, false},
    {"csv", read_csv, false, true},
    {"junit", read_junit, true, true},
    {"sarif", read_sarif, false, true},
    {"prometheus", read_prometheus, false, true},
};

static void tell(const struct tell *to, const char *promise, const char *format, const char *what)
{
    char text[300];
    (void)snprintf(text, sizeof text, "%s: %s", format, what);
    to->tell(to->context, promise, text);
}

/* The statuses that the format shows are the report's, all of them. */
static void hold(const struct shown *s, const char *format, bool verdict, const struct tell *to)
{
    char text[200];
    for (size_t i = 0; i < s->r->n_outcomes && i < MUTANT_RULES; i++) {
        const struct outcome *o = &s->r->outcomes[i];
        if (s->verdicts[i] == (int)o->verdict)
            continue;
        (void)snprintf(text, sizeof text, "%s is %s in the report, and number %d here", o->rule->id,
                       verdict_name(o->verdict), s->verdicts[i]);
        tell(to, "agree", format, text);
    }
    if (verdict && s->readiness != (int)s->r->readiness)
        tell(to, "agree", format, "another verdict than the report's");
    if (s->problem != NULL)
        tell(to, "form", format, s->problem);
}

/* Returns what was printed. `json`: what the format of that name printed. */
static struct span check(const struct report *r, size_t i, struct span json, const struct tell *to)
{
    struct out out;
    struct shown shown = {.r = r, .readiness = NOT_SHOWN, .json = json};
    const struct reporter *format = reporter_find(readers[i].name);
    out_init(&out, r->facts.arena);
    if (format == NULL) {
        tell(to, "form", readers[i].name, "there is no such format");
        return (struct span){0};
    }
    reporter_write_whole(format, &out, r);
    struct span text = out_span(&out);
    for (size_t k = 0; k < MUTANT_RULES; k++)
        shown.verdicts[k] = NOT_SHOWN;
    const char *problem = escaped_problem(text);
    if (problem != NULL)
        tell(to, "escape", format->name, problem);
    problem = readers[i].markup ? markup_problem(text, strcmp(format->name, "html") == 0) : NULL;
    if (problem != NULL)
        tell(to, "form", format->name, problem);
    readers[i].read(text, &shown);
    hold(&shown, format->name, readers[i].verdict, to);
    return text;
}

void formats_check(const struct report *r, const struct tell *to)
{
    struct span json = {0};
    if (n_reporters != COUNT(readers))
        tell(to, "form", "all", "there is a format that the mutants do not read");
    for (size_t i = 0; i < COUNT(readers); i++)
        if (strcmp(readers[i].name, "json") == 0)
            json = check(r, i, json, to);
        else
            (void)check(r, i, json, to);
}
