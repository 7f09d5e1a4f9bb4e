/* SPDX-License-Identifier: MIT */
/* Arm: root complexes by segment, requester ids through ID mappings to an SMMU, DEN 0049. */
#include "probe/iommu/cover/cover.h"
#include "probe/iommu/ranges.h"
#include "vbscheck/count.h"

enum { ID_BITS = 32, LAST_REQUESTER_ID = 0xffff };
enum { COMPONENT_HEAD = 16, COMPONENTS_NAMED = FINDINGS_MAX / 2 };

struct work {
    const struct cover_run *c;
    const struct iort *table;
    size_t *units;         /* of each node: its unit, or NO_INDEX */
    struct ranges smmu;    /* ids that certainly go to an SMMU; the value is its unit */
    struct ranges last;    /* the last ids of such mappings, see add_mapping() */
    struct ranges other;   /* ids that go to an ITS, which does not translate addresses */
    struct ranges strange; /* ids with a target that a root complex must not use */
    struct ranges places;  /* segments that have a root complex */
    struct ranges plain;   /* segments with a mapping that covers requester ids */
    struct ranges far;     /* segments with a mapping that does not */
};

static uint64_t key_of(uint32_t segment, uint32_t id)
{
    return (uint64_t)segment << ID_BITS | id;
}

static void add_smmu(struct work *w, size_t node)
{
    struct arena *a = w->c->p->arena;
    const struct iort_node *n = &w->table->nodes[node];
    w->units[node] = cover_add_unit(
        w->c, (struct iommu_unit){
                  .kind = IOMMU_SMMU,
                  .name = arena_printf(a, "%s %llx", n->type == IORT_SMMU_V3 ? "SMMUv3" : "SMMU",
                                       (unsigned long long)n->base),
                  .serves = "the devices mapped to it",
                  .blob = w->c->blob,
                  .seen_in = w->c->blob,
                  .offset = n->offset,
                  .base = n->base,
                  .translates = TOLD_YES,
                  .translation = "every SMMU translates",
              });
}

/*
 * The number of ids is stored minus one, and firmware that stores the plain number maps one id too
 * many. So, as in Linux (iort_id_map), the last id of a mapping belongs to it only if no other
 * mapping contains that id.
 */
static void add_mapping(struct work *w, uint32_t segment, const struct iort_mapping *m)
{
    struct arena *a = w->c->p->arena;
    if (m->target == IORT_NOWHERE)
        return;
    size_t unit = w->units[m->target];
    bool single = (m->flags & IORT_SINGLE_MAPPING) != 0;
    uint32_t first = single ? 0 : m->first;
    uint32_t last = single ? UINT32_MAX : m->last;
    uint32_t sure = first < last && !single ? last - 1 : last;
    ranges_add(first <= LAST_REQUESTER_ID ? &w->plain : &w->far, a, segment, segment, 0);
    if (unit == NO_INDEX) {
        bool its = w->table->nodes[m->target].type == IORT_ITS;
        ranges_add(its ? &w->other : &w->strange, a, key_of(segment, first), key_of(segment, sure),
                   0);
        return;
    }
    ranges_add(&w->smmu, a, key_of(segment, first), key_of(segment, sure), unit);
    if (sure < last)
        ranges_add(&w->last, a, key_of(segment, last), key_of(segment, last), unit);
}

static bool is_in(const struct ranges *r, uint64_t key)
{
    return ranges_find(r, key) != SIZE_MAX;
}

static size_t unit_for(const struct work *w, uint64_t key)
{
    size_t unit = ranges_find(&w->smmu, key);
    if (unit != NO_INDEX || is_in(&w->other, key))
        return unit;
    return ranges_find(&w->last, key);
}

/* All ids that a function's requests may carry must be mapped, as in Linux. */
static struct cover_answer answer_of(const struct work *w, size_t i)
{
    const struct pci_address at = w->c->top->tree->functions[i].at;
    if (!is_in(&w->places, at.domain))
        return cover_none(w->c, i, "no root complex of its segment is described");
    /* Snapdragon 7c and 8c tables: their mappings do not use requester ids. */
    if (is_in(&w->far, at.domain) && !is_in(&w->plain, at.domain))
        return (struct cover_answer){
            ST_UNSUPPORTED, NO_INDEX,
            "its root complex is mapped by ids that are not requester ids"};
    uint64_t own = key_of(at.domain, pci_requester_id(at));
    bool past = is_in(&w->other, own);
    size_t unit = unit_for(w, own);
    uint16_t aliases[ALIASES_MAX];
    size_t n = topology_aliases(w->c->top, i, aliases);
    bool all = unit != NO_INDEX;
    for (size_t k = 0; k < n; k++)
        all = all && unit_for(w, key_of(at.domain, aliases[k])) != NO_INDEX;
    if ((unit != NO_INDEX && past) || is_in(&w->strange, own))
        return (struct cover_answer){
            ST_MALFORMED, NO_INDEX,
            "its requester id is mapped to two places, or to an impossible one"};
    if (all)
        return (struct cover_answer){.st = ST_OK, .unit = unit};
    return cover_none(w->c, i,
                      unit != NO_INDEX ? "the id of a bridge above it is not mapped to an SMMU"
                      : past           ? "the mapping of its requester id goes past every SMMU"
                                       : "its requester id is not mapped to an SMMU");
}

static void add_root_complexes(struct work *w)
{
    for (size_t i = 0; i < w->table->n_nodes; i++) {
        const struct iort_node *n = &w->table->nodes[i];
        if (n->type != IORT_ROOT_COMPLEX)
            continue;
        ranges_add(&w->places, w->c->p->arena, n->segment, n->segment, 0);
        for (size_t m = 0; m < n->n_mappings; m++)
            add_mapping(w, n->segment, &n->mappings[m]);
    }
    struct ranges *const all[] = {&w->smmu,   &w->last,  &w->other, &w->strange,
                                  &w->places, &w->plain, &w->far};
    for (size_t i = 0; i < COUNT(all); i++)
        ranges_close(all[i]);
}

/* A component's requests may go to the target of any of its mappings. */
static void judge_component(struct work *w, const struct iort_node *n)
{
    struct iommu_map *map = w->c->map;
    struct arena *a = w->c->p->arena;
    bool behind = false, its = false;
    for (size_t m = 0; m < n->n_mappings; m++) {
        size_t target = n->mappings[m].target;
        if (target == IORT_NOWHERE)
            continue;
        its = its || w->table->nodes[target].type == IORT_ITS;
        if (w->units[target] == NO_INDEX)
            continue;
        behind = true;
        /* If there are PCI functions, they show which units are in use. */
        if (w->table->counts[IORT_ROOT_COMPLEX] == 0)
            map->units[w->units[target]].in_use = true;
    }
    map->components++;
    map->components_its += !behind && its;
    if (behind || its)
        return;
    map->components_free++;
    if (map->components_free > COMPONENTS_NAMED)
        return;
    findings_add(w->c->p->facts,
                 (struct finding){
                     .rule = "iommu.coverage",
                     .subject = n->name.len > 0
                                    ? arena_text(a, n->name)
                                    : arena_printf(a, "component at byte %zu", n->offset),
                     .message = "a platform device that is not mapped to an SMMU",
                     .offset = n->offset,
                     .length = COMPONENT_HEAD,
                 });
}

static void judge_components(struct work *w)
{
    for (size_t i = 0; i < w->table->n_nodes; i++) {
        if (w->table->nodes[i].type == IORT_NAMED_COMPONENT)
            judge_component(w, &w->table->nodes[i]);
    }
    unsigned n = w->c->map->components_free;
    if (n > COMPONENTS_NAMED)
        findings_add(w->c->p->facts, (struct finding){
                                         .rule = "iommu.coverage",
                                         .subject = w->c->blob,
                                         .message = arena_printf(w->c->p->arena, "%u more devices",
                                                                 n - COMPONENTS_NAMED),
                                         .offset = NO_OFFSET,
                                     });
}

void cover_iort(const struct cover_run *c, const struct iort *table, struct cover_answer *out)
{
    struct work w = {
        .c = c, .table = table, .units = arena_new(c->p->arena, size_t, table->n_nodes)};
    for (size_t i = 0; i < table->n_nodes; i++) {
        bool smmu = table->nodes[i].type == IORT_SMMU_V2 || table->nodes[i].type == IORT_SMMU_V3;
        w.units[i] = NO_INDEX;
        if (smmu)
            add_smmu(&w, i);
    }
    add_root_complexes(&w);
    judge_components(&w);
    for (size_t i = 0; i < c->top->tree->n; i++)
        out[i] = answer_of(&w, i);
    if (table->memory_ranges > 0)
        notes_add(c->p->notes, c->blob,
                  "ranges of memory that stay open to DMA by the devices firmware names (RMR): %u",
                  table->memory_ranges);
}
