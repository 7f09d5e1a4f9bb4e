/* SPDX-License-Identifier: MIT */
#include "report/tree.h"

enum { STEP = 2, DEEPEST = 8, MARK_WIDTH = 3 };

/* The word before a function: what is wrong with its place. */
static const struct {
    const char *mark;
    const char *color;
    const char *words;
} standings[] = {
    [STANDS_BEHIND] = {"", "", ""},
    [STANDS_FREE] = {"!!", "1;31", " - UNCOVERED: "},
    [STANDS_DISPUTED] = {"??", "33", " - DISPUTED: "},
    [STANDS_UNKNOWN] = {"?", "33", " - NOT KNOWN: "},
};

/* One cause, one message: if there is no unit at all, the heading reports it, not each function. */
static bool is_wrong(const struct page *p, const struct iommu_function *f)
{
    return f->in_scope && f->standing != STANDS_BEHIND && p->r->facts.iommu->n_units > 0;
}

static void print_mark(const struct page *p, const struct iommu_function *f)
{
    const char *mark = is_wrong(p, f) ? standings[f->standing].mark : "";
    page_indent(p, PAGE_INDENT);
    if (mark[0] != '\0')
        page_colored(p, standings[f->standing].color, mark);
    page_indent(p, MARK_WIDTH - strlen(mark));
}

/* Without its name, so that most fit on one line; findings have the name. */
static const char *text_of(const struct page *p, const struct iommu_function *f)
{
    struct arena *a = p->o->arena;
    const struct pci_function *pci = f->pci;
    const char *buses = pci->has_buses == TOLD_YES ? arena_printf(a, ", to buses %02x-%02x",
                                                                  pci->secondary, pci->subordinate)
                                                   : "";
    const char *group =
        pci->group != PCI_NO_GROUP ? arena_printf(a, ", group %d", (int)pci->group) : "";
    bool wrong = is_wrong(p, f);
    return arena_printf(a, "%s %s [%04x:%04x]%s%s%s%s%s%s", pci_address_text(a, pci->at),
                        pci_kind(pci), pci->vendor, pci->device, buses, group,
                        f->faces_out ? ", faces outwards" : "",
                        pci->thunderbolt ? ", Thunderbolt" : "",
                        wrong ? standings[f->standing].words : "", wrong ? f->why : "");
}

static void print_function(const struct page *p, const struct iommu_function *f)
{
    size_t depth = f->depth < DEEPEST ? f->depth : DEEPEST;
    size_t left = PAGE_INDENT + MARK_WIDTH + depth * STEP;
    print_mark(p, f);
    page_indent(p, depth * STEP);
    page_wrapped(p, left, left + STEP, text_of(p, f));
}

/*
 * The indexes of all functions, each bridge followed by those below it. A parent's index is lower
 * than its child's, so a backward pass finds every list of children complete.
 */
static const size_t *in_tree_order(const struct iommu_map *m, struct arena *a)
{
    size_t *order = arena_new(a, size_t, m->n_functions);
    size_t *sizes = arena_new(a, size_t, m->n_functions); /* of the tree from here down */
    size_t *places = arena_new(a, size_t, m->n_functions + 1);
    for (size_t i = m->n_functions; i-- > 0;) {
        sizes[i]++;
        if (m->functions[i].parent != NO_INDEX)
            sizes[m->functions[i].parent] += sizes[i];
    }
    /* places[i]: position of function i, then of its next child; the last one: of roots. */
    for (size_t i = 0; i < m->n_functions; i++) {
        size_t parent = m->functions[i].parent;
        size_t *next = &places[parent == NO_INDEX ? m->n_functions : parent];
        size_t place = *next;
        *next += sizes[i];
        order[place] = i;
        places[i] = place + 1;
    }
    return order;
}

size_t tree_list_of(const struct iommu_map *m, const struct iommu_function *f)
{
    if (f->unit != NO_INDEX)
        return f->unit;
    return m->n_units + (f->standing == STANDS_BEHIND ? TREE_BEHIND_SOME : TREE_BEHIND_NONE);
}

const char *tree_title_of_rest(const struct page *p)
{
    const struct iommu_map *m = p->r->facts.iommu;
    bool wrong = false;
    for (size_t i = 0; i < m->n_functions; i++)
        wrong = wrong || (m->functions[i].unit == NO_INDEX && is_wrong(p, &m->functions[i]));
    if (m->n_units == 0)
        return fact_known(&p->r->facts, FACT_IOMMU_UNITS)
                   ? "no table describes a unit, so these are behind none"
                   : "it is not known whether tables describe a unit";
    return wrong ? "behind no unit (the marked ones are capable of DMA)"
                 : "behind no unit, but none is capable of DMA";
}

static void print_title(const struct page *p, size_t list)
{
    const struct iommu_map *m = p->r->facts.iommu;
    if (list == m->n_units + TREE_BEHIND_SOME) {
        page_paragraph(p, "map", "behind some unit, by the kernel's groups");
        return;
    }
    if (list == m->n_units + TREE_BEHIND_NONE) {
        page_paragraph(p, "map", tree_title_of_rest(p));
        return;
    }
    const struct iommu_unit *u = &m->units[list];
    page_paragraph(p, "map",
                   arena_printf(p->o->arena, "%s: %s%s%s", u->name, u->serves,
                                u->translation != NULL ? "; " : "",
                                u->translation != NULL ? u->translation : ""));
}

static void print_emptiness(const struct page *p)
{
    page_indent(p, PAGE_INDENT + MARK_WIDTH);
    out_str(p->o, "no PCI function\n");
}

void tree_print(const struct page *p)
{
    const struct iommu_map *m = p->r->facts.iommu;
    if (m == NULL)
        return;
    size_t lists = m->n_units + TREE_LISTS_WITHOUT_UNIT;
    const size_t *order = in_tree_order(m, p->o->arena);
    /* Sorted by list once, so that many units with many functions do not take quadratic time. */
    size_t *places = arena_new(p->o->arena, size_t, lists + 1);
    size_t *sorted = arena_new(p->o->arena, size_t, m->n_functions);
    for (size_t i = 0; i < m->n_functions; i++)
        places[tree_list_of(m, &m->functions[i]) + 1]++;
    for (size_t l = 0; l < lists; l++)
        places[l + 1] += places[l];
    for (size_t i = 0; i < m->n_functions; i++)
        sorted[places[tree_list_of(m, &m->functions[order[i]])]++] = order[i];
    /* Groups alone show that a function is behind some unit, not behind which. */
    bool told = m->n_functions > 0 && m->n_units > 0 &&
                places[m->n_units + TREE_BEHIND_SOME] == places[m->n_units - 1];
    for (size_t l = 0, i = 0; l < lists; l++) {
        if (i < places[l] || l < m->n_units)
            print_title(p, l);
        if (i == places[l] && l < m->n_units && told)
            print_emptiness(p);
        for (; i < places[l]; i++)
            print_function(p, &m->functions[sorted[i]]);
    }
}
