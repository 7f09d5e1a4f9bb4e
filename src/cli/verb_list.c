/* SPDX-License-Identifier: MIT */
/* Printing the program's own tables. */
#include <stdio.h>
#include <string.h>

#include "cli/trouble.h"
#include "cli/verb.h"
#include "collect/collect.h"
#include "judge.h"
#include "vbscheck/count.h"

static void list_rules(struct out *o)
{
    const struct rule *r;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++)
        out_printf(o, "%-22s %-12s %s\n", r->id, level_name(r->level), r->title);
}

static void list_facts(struct out *o)
{
    static const char *const types[] = {
        [FACT_BOOL] = "bool", [FACT_UINT] = "uint", [FACT_TEXT] = "text"};
    for (unsigned i = FACT_NONE + 1; i < FACT_COUNT; i++)
        out_printf(o, "%-29s %-5s %s\n", fact_infos[i].name, types[fact_infos[i].type],
                   fact_infos[i].summary);
}

static void list_sources(struct out *o)
{
    for (size_t i = 0; i < n_sources; i++)
        out_printf(o, "%-18s %s; %s\n", sources[i]->prefix, sources[i]->summary, sources[i]->needs);
}

static void list_formats(struct out *o)
{
    for (size_t i = 0; i < n_reporters; i++)
        out_printf(o, "%-8s %s\n", reporters[i]->name, reporters[i]->summary);
}

static void list_profiles(struct out *o)
{
    for (size_t i = 0; i < n_profiles; i++)
        out_printf(o, "%-8s %s\n", profiles[i].name, profiles[i].summary);
}

/* The first is the default. */
static const struct {
    const char *name;
    void (*print)(struct out *o);
} lists[] = {
    {"rules", list_rules},     {"facts", list_facts},       {"sources", list_sources},
    {"formats", list_formats}, {"profiles", list_profiles},
};

static int run(const struct config *c, struct arena *a)
{
    struct out o;
    const char *which = c->n_args > 0 ? c->args[0] : lists[0].name;
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (strcmp(lists[i].name, which) != 0)
            continue;
        out_init(&o, a);
        lists[i].print(&o);
        bool written = fwrite(o.buf, 1, o.len, stdout) == o.len && fflush(stdout) == 0;
        return written ? EXIT_READY : trouble(a, "cannot write the list");
    }
    return trouble(a, "'%s' is no list: rules, facts, sources, formats or profiles", which);
}

const struct verb verb_list = {
    .name = "list",
    .synopsis = "[rules|facts|sources|formats|profiles]",
    .summary = "print a table of the program",
    .exit_statuses = "0 done, 2 trouble",
    .max_args = 1,
    .args_problem = "list takes one word",
    .run = run,
};
