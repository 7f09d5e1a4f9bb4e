/* SPDX-License-Identifier: MIT */
/* The doctor's page, for people and as JSON: docs/schema/doctor-1.json. */
#include <string.h>

#include "cli/doctor/doctor.h"
#include "report/escape.h"
#include "report/json_writer.h"
#include "report/page.h"

static const struct {
    const char *name, *title;
} groups[GROUPS] = {
    [GROUP_PRIVILEGES] = {"privileges", "Privileges"},
    [GROUP_KERNEL] = {"kernel", "What the kernel shows"},
    [GROUP_LIBRARIES] = {"libraries", "Libraries"},
    [GROUP_CONFINEMENT] = {"confinement", "Walls around the process that judges"},
};

enum { LEFT = 11, LABEL = 7 };

/* Text ---------------------------------------------------------------------------------------- */

static void put_labelled(const struct page *p, const char *label, const char *text)
{
    page_indent(p, LEFT);
    out_printf(p->o, "%-*s", LABEL, label);
    page_wrapped(p, LEFT + LABEL, LEFT + LABEL, text);
}

static const char *joined(const char *const *names, size_t n, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < n; i++)
        out_printf(&o, "%s%s", i > 0 ? ", " : "", names[i]);
    return arena_text(a, out_span(&o));
}

/* The reason, in words that follow the name of the missing source. */
static const char *reason_words(enum status reason)
{
    return reason == ST_NOT_COLLECTED ? "this system does not show it" : status_meaning(reason);
}

/* "ACPI tables (/sys/firmware/acpi/tables): needs root or a capability". */
static const char *check_line(const struct doctor_check *c, struct arena *a)
{
    bool kernel = c->group == GROUP_KERNEL;
    const char *name = c->title;
    if (c->detail != NULL)
        name = arena_printf(a, kernel ? "%s (%s)" : "%s: %s", c->title, c->detail);
    return c->word != DOCTOR_LACKING || !kernel || c->by_reason
               ? name
               : arena_printf(a, "%s: %s", name, reason_words(c->reason));
}

static void put_check(const struct page *p, const struct doctor_check *c)
{
    struct arena *a = p->o->arena;
    out_printf(p->o, "  %-*s", LEFT - 2, doctor_word_name(c->word));
    page_wrapped(p, LEFT, LEFT, check_line(c, a));
    if (c->n_rules == 0)
        return;
    put_labelled(p, "costs", joined(c->rules, c->n_rules, a));
    if (c->command != NULL)
        put_labelled(p, "do", c->command);
    else if (c->remedy != NULL)
        put_labelled(p, "do", c->remedy);
}

static bool is_explained(const struct doctor *d, const char *rule)
{
    for (size_t i = 0; i < d->n; i++) {
        for (size_t j = 0; j < d->checks[i].n_rules; j++) {
            if (strcmp(d->checks[i].rules[j], rule) == 0)
                return true;
        }
    }
    return false;
}

/* Rules that no privilege, module or library decides. */
static void put_others(const struct page *p, const struct doctor *d, const struct report *r)
{
    const char *title = "\nUndecided for other reasons\n";
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (o->verdict != V_UNKNOWN || is_explained(d, o->rule->id))
            continue;
        out_str(p->o, title);
        title = "";
        out_str(p->o, "  - ");
        page_wrapped(
            p, 4, 4,
            arena_printf(p->o->arena, "%s (%s): %s", o->rule->id, status_name(o->reason), o->fix));
    }
}

void doctor_print_text(struct out *o, const struct doctor *d, const struct report *r)
{
    struct out clean;
    out_init(&clean, o->arena);
    const struct page p = {.o = o, .clean = &clean};
    out_printf(o,
               "%zu of %zu rules are decided on this machine. If something is missing, a "
               "line\n\"costs\" names the rules that stay undecided because of it.\n",
               r->n_outcomes - r->counts[V_UNKNOWN], r->n_outcomes);
    for (unsigned g = 0; g < GROUPS; g++) {
        out_printf(o, "\n%s\n", groups[g].title);
        for (size_t i = 0; i < d->n; i++) {
            if (d->checks[i].group == (enum doctor_group)g)
                put_check(&p, &d->checks[i]);
        }
    }
    put_others(&p, d, r);
}

/* JSON ---------------------------------------------------------------------------------------- */

static void write_check(struct json *j, const struct doctor_check *c)
{
    json_item(j);
    json_open(j, '{');
    json_text(j, "group", groups[c->group].name);
    json_text(j, "id", c->id);
    json_text(j, "title", c->title);
    json_text(j, "status", doctor_word_name(c->word));
    json_text(j, "reason", c->word == DOCTOR_LACKING ? status_name(c->reason) : NULL);
    json_text(j, "detail", c->detail);
    json_names(j, "rules", (const char *const *)c->rules, c->n_rules);
    json_text(j, "command", c->command);
    json_text(j, "remediation", c->remedy);
    json_close(j, '}');
}

static void write_undecided(struct json *j, const struct doctor *d, const struct report *r)
{
    json_key(j, "undecided");
    json_open(j, '[');
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (o->verdict != V_UNKNOWN)
            continue;
        json_item(j);
        json_open(j, '{');
        json_text(j, "id", o->rule->id);
        json_text(j, "reason", status_name(o->reason));
        json_text(j, "remediation", o->fix);
        json_key(j, "explained");
        out_str(j->o, is_explained(d, o->rule->id) ? "true" : "false");
        json_close(j, '}');
    }
    json_close(j, ']');
}

void doctor_print_json(struct out *o, const struct doctor *d, const struct report *r)
{
    struct json j = {.o = o, .pretty = true, .first = true};
    json_open(&j, '{');
    json_head(&j);
    json_text(&j, "build", r->options->build);
    json_close(&j, '}');
    json_uint(&j, "uid", d->uid);
    json_key(&j, "checks");
    json_open(&j, '[');
    for (size_t i = 0; i < d->n; i++)
        write_check(&j, &d->checks[i]);
    json_close(&j, ']');
    json_uint(&j, "rules", r->n_outcomes);
    json_uint(&j, "decided", r->n_outcomes - r->counts[V_UNKNOWN]);
    write_undecided(&j, d, r);
    json_close(&j, '}');
    out_char(o, '\n');
}
