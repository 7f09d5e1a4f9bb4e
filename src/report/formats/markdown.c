/* SPDX-License-Identifier: MIT */
/* GitHub Flavored Markdown for tickets and step summaries: a section per host. */
#include "report/escape.h"
#include "report/report.h"

static void put(struct out *o, const char *text)
{
    escape_markdown(o, text);
}

static void put_host(struct out *o, const struct report *r)
{
    static const struct {
        const char *before;
        enum fact_id fact;
    } parts[] = {
        {"", FACT_HOST_VENDOR},
        {" ", FACT_HOST_PRODUCT},
        {", firmware ", FACT_HOST_FIRMWARE_VERSION},
        {" of ", FACT_HOST_FIRMWARE_DATE},
    };
    bool any = false;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!fact_known(&r->facts, parts[i].fact))
            continue;
        out_str(o, any || i > 1 ? parts[i].before : "");
        put(o, r->facts.all[parts[i].fact].v.text);
        any = true;
    }
    if (any)
        out_str(o, "\n\n");
}

static void put_verdict(struct out *o, const struct report *r)
{
    static const char *const words[] = {
        [READY] = "READY", [NOT_READY] = "NOT READY", [UNDETERMINED] = "UNDETERMINED"};
    out_printf(o, "**%s** for ", words[r->readiness]);
    escape_markdown(o, r->policy.goal);
    out_char(o, '\n');
    for (size_t i = 0; i < r->n_caveats; i++) {
        out_str(o, i == 0 ? "\n- " : "- ");
        put(o, r->caveats[i]);
        out_char(o, '\n');
    }
    if (r->against == NULL)
        return;
    out_str(o, "\nAgainst the baseline ");
    put(o, r->against->path);
    out_str(o, r->against->worse ? ": worse\n" : ": nothing got worse\n");
    for (size_t i = 0; i < r->against->n_rules; i++) {
        out_str(o, "\n- ");
        put(o, arena_printf(o->arena, "%s: %s -> %s", r->against->rules[i].id,
                            r->against->rules[i].before, r->against->rules[i].now));
    }
    out_str(o, r->against->n_rules > 0 ? "\n" : "");
}

static void put_rows(struct out *o, const struct advice *a)
{
    out_str(o, "\n| status | requirement | level | detail |\n|---|---|---|---|\n");
    for (size_t i = 0; i < a->n_rows; i++) {
        const struct advice_row *r = &a->rows[i];
        out_printf(o, "| %s | %s | %s | ", verdict_name(r->status), r->row->title,
                   level_name(r->level));
        put(o, r->detail);
        out_str(o, " |\n");
    }
}

static void put_fixes(struct out *o, const struct advice *a)
{
    if (a->n_fixes > 0)
        out_str(o, "\nWhat to do, in order:\n\n");
    for (size_t i = 0; i < a->n_fixes; i++) {
        out_printf(o, "%zu. ", i + 1);
        put(o, step_infos[a->fixes[i].step].text);
        out_str(o, a->fixes[i].needed ? "\n" : " (not required, but worth doing)\n");
    }
}

/* Rules that are not fine, in full. */
static void put_rules(struct out *o, const struct report *r)
{
    bool any = false;
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *c = &r->outcomes[i];
        if (c->verdict != V_FAIL && c->verdict != V_UNKNOWN)
            continue;
        out_str(o, any ? "" : "\n| rule | level | status | why |\n|---|---|---|---|\n");
        any = true;
        out_printf(o, "| %s | %s | %s | ", c->rule->id, level_name(c->level),
                   c->verdict == V_FAIL
                       ? "fail"
                       : arena_printf(o->arena, "unknown (%s)", status_name(c->reason)));
        put(o, c->message);
        out_str(o, " |\n");
    }
}

static void write(struct out *o, const struct report *r)
{
    out_str(o, "## vbscheck: ");
    put(o, report_host_key(r, o->arena));
    out_str(o, "\n\n");
    put_host(o, r);
    put_verdict(o, r);
    put_rows(o, &r->advice);
    put_fixes(o, &r->advice);
    put_rules(o, r);
}

const struct reporter reporter_markdown = {
    .name = "markdown",
    .summary = "tables for tickets and step summaries: one section per host",
    .between = "\n",
    .many = true,
    .write = write,
};
