/* SPDX-License-Identifier: MIT */
#include "probe/iommu/coverage.h"

#include "probe/iommu/components.h"
#include "probe/iommu/dead_units.h"
#include "probe/iommu/driven.h"
#include "probe/iommu/excerpt.h"
#include "probe/iommu/pci_functions.h"
#include "probe/iommu/scope.h"
#include "probe/iommu/topology.h"
#include "vbscheck/count.h"

struct work {
    const struct probe_run *p;
    const struct iommu_described *all;
    struct pci_tree tree;
    enum status tree_st; /* ST_OK: functions are known */
    struct topology top;
    struct iommu_map *map;
    struct cover_answer *answers; /* combined over all tables */
};

/* What the tables say ------------------------------------------------------------------------ */

/* A unit of one table is enough; otherwise "unknown" outweighs "none". */
static void merge(struct cover_answer *known, const struct cover_answer *more)
{
    if (known->unit != NO_INDEX || (known->st != ST_OK && more->unit == NO_INDEX))
        return;
    *known = *more;
}

/* Why no table could be read. */
static enum status unread_tables(const struct work *w)
{
    enum status st[IOMMU_KINDS];
    for (size_t k = 0; k < IOMMU_KINDS; k++)
        st[k] = w->all[k].st;
    return st[iommu_weightiest(st)];
}

/* Without tables the map has the units that the kernel drives, and its groups decide. */
static void draw_driven(struct work *w)
{
    bool whole = false;
    w->map->n_units = driven_units(w->p->snap, w->p->arena, &w->map->units, &whole);
    w->map->cut = !whole;
    for (size_t i = 0; i < w->map->n_units; i++)
        w->map->units[i].unseen = unread_tables(w);
}

/* The answer for a function that no table mentions. */
static struct cover_answer untold(const struct work *w)
{
    enum status units = fact_status(w->p->facts, FACT_IOMMU_UNITS);
    if (w->map->driven)
        return (struct cover_answer){
            unread_tables(w), NO_INDEX,
            "it is in no IOMMU group of the kernel, and no table can be read"};
    if (units != ST_OK)
        return (struct cover_answer){units, NO_INDEX, "no table that decides this could be read"};
    return (struct cover_answer){ST_OK, NO_INDEX, "no table describes an IOMMU"};
}

static void ask_tables(struct work *w)
{
    size_t n = w->tree.n;
    struct cover_answer *one = arena_new(w->p->arena, struct cover_answer, n);
    w->answers = arena_new(w->p->arena, struct cover_answer, n);
    struct cover_answer unread = untold(w);
    for (size_t i = 0; i < n; i++)
        w->answers[i] = unread;
    for (size_t k = 0; k < IOMMU_KINDS; k++) {
        if (w->all[k].table == NULL)
            continue;
        size_t units = w->map->n_units;
        w->map->tables_differ = w->map->tables_differ || w->all[k].coverage_st == ST_CONFLICT;
        struct cover_run run = {w->p, &w->top, w->map, w->all[k].blob};
        iommu_kinds[k].cover(&run, w->all[k].table, one);
        for (size_t i = 0; i < n && w->map->n_units > units; i++)
            merge(&w->answers[i], &one[i]);
    }
}

/* Why coverage is unknown regardless of single functions; ST_OK if nothing prevents it. */
static enum status obstacle(const struct work *w, const char **blob)
{
    if (w->map->driven)
        return ST_OK;
    for (size_t k = 0; k < IOMMU_KINDS; k++) {
        enum status st = w->all[k].coverage_st;
        *blob = w->all[k].blob;
        if (w->all[k].table == NULL && st == ST_HIDDEN) /* another table decides */
            continue;
        if (st != ST_OK && st != ST_ABSENT && st != ST_NOT_COLLECTED)
            return st;
    }
    *blob = w->p->facts->all[FACT_IOMMU_UNITS].from.blob;
    return fact_status(w->p->facts, FACT_IOMMU_UNITS);
}

/* Standing ----------------------------------------------------------------------------------- */

/*
 * If Linux gives a function no group although tables put it behind a unit, that contradicts the
 * tables, with two exceptions: on Arm a device gets its group with its driver, and a VT-d unit with
 * only graphics behind it is skipped with igfx_off and INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF.
 */
static bool may_lack_group(const struct work *w, const struct iommu_function *f,
                           const bool *graphics_only)
{
    const struct iommu_unit *u = &w->map->units[f->unit];
    return !w->tree.tells_groups || u->kind == IOMMU_SMMU ||
           (u->kind == IOMMU_VTD && graphics_only[f->unit]);
}

/* For each unit: whether all functions behind it are display controllers. */
static bool *find_graphics_units(const struct work *w)
{
    enum { DISPLAY = 0x03 };
    bool *only = arena_new(w->p->arena, bool, w->map->n_units);
    for (size_t u = 0; u < w->map->n_units; u++)
        only[u] = true;
    for (size_t i = 0; i < w->tree.n; i++) {
        if (w->answers[i].unit != NO_INDEX && w->tree.functions[i].class_code >> 16 != DISPLAY)
            only[w->answers[i].unit] = false;
    }
    return only;
}

static void stand(const struct work *w, struct iommu_function *f, const struct cover_answer *answer,
                  const bool *graphics_only)
{
    struct arena *a = w->p->arena;
    bool grouped = f->pci->group != PCI_NO_GROUP;
    f->unit = answer->unit;
    f->why = answer->why;
    if (answer->unit != NO_INDEX) {
        bool agrees = grouped || may_lack_group(w, f, graphics_only);
        f->standing = agrees ? STANDS_BEHIND : STANDS_DISPUTED;
        f->why = agrees ? NULL
                        : arena_printf(a,
                                       "the tables put it behind %s, but the kernel gave IOMMU "
                                       "groups to other functions and none to this one",
                                       w->map->units[f->unit].name);
    } else if (answer->st != ST_OK) {
        /* Linux gives a group only to devices behind an IOMMU. */
        f->standing = grouped ? STANDS_BEHIND : STANDS_UNKNOWN;
        f->reason = answer->st;
        f->why = grouped ? NULL : f->why;
    } else if (grouped && w->map->n_units > 0) {
        f->standing = STANDS_DISPUTED;
        f->why = arena_printf(a, "%s, but the kernel put it into IOMMU group %d", answer->why,
                              (int)f->pci->group);
    } else {
        f->standing = STANDS_FREE;
    }
    /* A function that may be incapable of DMA is not known to lack protection. */
    if (f->standing == STANDS_FREE && f->pci->class_told != TOLD_YES) {
        f->standing = STANDS_UNKNOWN;
        f->reason = ST_NOT_COLLECTED;
    }
}

static void draw_functions(struct work *w)
{
    const bool *graphics_only = find_graphics_units(w);
    size_t idle = 0;
    struct iommu_function *all = arena_new(w->p->arena, struct iommu_function, w->tree.n);
    for (size_t i = 0; i < w->tree.n; i++) {
        struct iommu_function *f = &all[i];
        f->pci = &w->tree.functions[i];
        f->parent = w->top.parents[i];
        f->depth = f->parent == NO_INDEX ? 0 : all[f->parent].depth + 1;
        enum scope scope = scope_of(f->pci);
        idle += scope == SCOPE_IDLE;
        stand(w, f, &w->answers[i], graphics_only);
        bool open = scope == SCOPE_OPEN && f->standing == STANDS_FREE && w->map->n_units > 0;
        f->in_scope = scope == SCOPE_IN || open;
        if (open) { /* a function that may be incapable of DMA may not lack protection */
            f->standing = STANDS_UNKNOWN;
            f->reason = ST_NOT_COLLECTED;
        }
        if (f->in_scope && f->standing == STANDS_BEHIND && f->unit != NO_INDEX)
            w->map->units[f->unit].in_use = true;
        bool first_out = f->pci->external == TOLD_YES && f->parent != NO_INDEX &&
                         all[f->parent].pci->external != TOLD_YES;
        if (first_out)
            all[f->parent].faces_out = true;
    }
    w->map->functions = all;
    w->map->n_functions = w->tree.n;
    w->map->tells_groups = w->tree.tells_groups;
    if (idle > 0)
        notes_add(
            w->p->notes, "pci",
            "functions of classes 05xx, 0880 and 11xx that are not bus masters and do not count: "
            "%zu",
            idle);
}

/* Facts and findings ------------------------------------------------------------------------- */

/* The outward-facing port that leads to the function, and whether it is Thunderbolt. */
static const char *reached_through(const struct work *w, const struct iommu_function *f)
{
    struct arena *a = w->p->arena;
    const char *thunderbolt = f->pci->thunderbolt ? " (Thunderbolt)" : "";
    for (size_t up = f->parent; up != NO_INDEX; up = w->map->functions[up].parent) {
        const struct iommu_function *bridge = &w->map->functions[up];
        if (bridge->pci->thunderbolt)
            thunderbolt = " (Thunderbolt)";
        if (bridge->faces_out)
            return arena_printf(a, ", reached through the external-facing port %s%s",
                                pci_address_text(a, bridge->pci->at), thunderbolt);
    }
    return thunderbolt;
}

static void add_finding(const struct work *w, const struct iommu_function *f)
{
    struct arena *a = w->p->arena;
    findings_add(w->p->facts, (struct finding){
                                  .rule = "iommu.coverage",
                                  .subject = pci_address_text(a, f->pci->at),
                                  .message = arena_printf(a, "%s%s: %s", pci_describe(a, f->pci),
                                                          reached_through(w, f), f->why),
                                  .offset = NO_OFFSET,
                              });
}

struct tally {
    size_t in_scope, by_standing[STANDS_UNKNOWN + 1];
    enum status reason; /* of the first function with an unknown place */
};

static struct tally count_functions(const struct iommu_map *m)
{
    struct tally t = {.reason = ST_OK};
    for (size_t i = 0; i < m->n_functions; i++) {
        const struct iommu_function *f = &m->functions[i];
        if (!f->in_scope)
            continue;
        t.in_scope++;
        t.by_standing[f->standing]++;
        if (f->standing == STANDS_UNKNOWN && t.reason == ST_OK)
            t.reason = f->reason;
    }
    return t;
}

/* One cause, one finding: without any unit there is no point in listing each function. */
static void give_without_units(const struct work *w, const struct tally *t)
{
    struct origin from = origin_of("pci");
    facts_uint(w->p->facts, FACT_IOMMU_UNCOVERED, t->in_scope, from);
    facts_uint(w->p->facts, FACT_IOMMU_DISPUTED, 0, from);
    if (fact_is_true(w->p->facts, FACT_HOST_VM))
        return;
    findings_add(w->p->facts,
                 (struct finding){
                     .rule = "iommu.coverage",
                     .subject = "pci",
                     .message = arena_printf(w->p->arena,
                                             "%zu DMA-capable functions, but no table describes "
                                             "an IOMMU",
                                             t->in_scope),
                     .offset = NO_OFFSET,
                 });
}

static void add_findings(const struct work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->map->n_functions; i++) {
        const struct iommu_function *f = &w->map->functions[i];
        if (f->in_scope && f->standing != STANDS_BEHIND && n++ < FINDINGS_MAX)
            add_finding(w, f);
    }
    findings_more(w->p->facts, "iommu.coverage", "pci", n, "functions");
}

static void give_counts(const struct work *w, const struct tally *t)
{
    struct facts *f = w->p->facts;
    struct origin from = origin_of("pci");
    size_t uncovered = t->by_standing[STANDS_FREE], disputed = t->by_standing[STANDS_DISPUTED];
    facts_uint(f, FACT_IOMMU_DISPUTED, disputed, from);
    if (uncovered > 0)
        facts_uint(f, FACT_IOMMU_UNCOVERED, uncovered, from);
    else if (disputed > 0)
        facts_unknown(f, FACT_IOMMU_UNCOVERED, ST_CONFLICT, from);
    else if (t->by_standing[STANDS_UNKNOWN] > 0)
        facts_unknown(f, FACT_IOMMU_UNCOVERED, t->reason, from);
    else if (w->tree.cut)
        facts_unknown(f, FACT_IOMMU_UNCOVERED, ST_TRUNCATED, from);
    else if (t->in_scope == 0) /* a list without relevant functions proves nothing */
        facts_unknown(f, FACT_IOMMU_UNCOVERED, ST_NOT_COLLECTED, from);
    else
        facts_uint(f, FACT_IOMMU_UNCOVERED, 0, from);
    add_findings(w);
}

static void note_ports(const struct work *w)
{
    struct arena *a = w->p->arena;
    size_t n = 0;
    for (size_t i = 0; i < w->map->n_functions; i++) {
        const struct iommu_function *f = &w->map->functions[i];
        if (f->faces_out && n++ < NOTES_ALIKE_MAX)
            notes_add(w->p->notes, "pci", "%s is a port that faces outwards, behind %s",
                      pci_address_text(a, f->pci->at),
                      f->unit != NO_INDEX ? w->map->units[f->unit].name : "no unit");
    }
    if (n > NOTES_ALIKE_MAX)
        notes_add(w->p->notes, "pci", "%zu more ports that face outwards", n - NOTES_ALIKE_MAX);
}

/* Platform devices are in no list that could be compared with the tables. */
static void note_platform(const struct work *w)
{
    for (size_t k = 0; k < IOMMU_KINDS; k++) {
        if (w->all[k].table != NULL && w->all[k].claims.platform > 0)
            notes_add(w->p->notes, w->all[k].blob,
                      "platform devices that the table names besides PCI functions, which are not "
                      "judged: %u",
                      w->all[k].claims.platform);
    }
}

void coverage_give(const struct probe_run *p, const struct iommu_described all[IOMMU_KINDS],
                   struct iommu_map *out)
{
    static const enum fact_id counts[] = {FACT_IOMMU_UNCOVERED, FACT_IOMMU_DISPUTED, FACT_NONE};
    struct work w = {.p = p, .all = all, .map = out};
    const char *blob = NULL;
    w.tree_st = functions_read(p, &w.tree);
    topology_build(&w.top, &w.tree, p->arena);
    if (pci_is_excerpt(p, &w.top)) {
        w.tree.cut = true;
        notes_add(
            p->notes, "pci",
            "the list of PCI functions is only an excerpt: give the complete output of lspci");
    }
    if (out->driven)
        draw_driven(&w);
    ask_tables(&w);
    dead_units_strike(p, out, w.answers, w.tree.n);
    if (w.tree_st == ST_OK)
        dead_units_note(p, out);
    if (components_give(p, all, out, w.tree_st == ST_OK))
        return;
    if (w.tree_st != ST_OK) {
        facts_unknown(p->facts, FACT_IOMMU_FUNCTIONS, w.tree_st, origin_of("pci"));
        facts_all_unknown(p->facts, counts, w.tree_st, origin_of("pci"));
        return;
    }
    draw_functions(&w);
    struct tally t = count_functions(out);
    enum status st = obstacle(&w, &blob);
    if (w.tree.cut)
        facts_unknown(p->facts, FACT_IOMMU_FUNCTIONS, ST_TRUNCATED, origin_of("pci"));
    else
        facts_uint(p->facts, FACT_IOMMU_FUNCTIONS, t.in_scope, origin_of("pci"));
    if (st != ST_OK)
        facts_all_unknown(p->facts, counts, st, origin_of(blob));
    else if (out->n_units == 0)
        give_without_units(&w, &t);
    else
        give_counts(&w, &t);
    note_ports(&w);
    note_platform(&w);
}
