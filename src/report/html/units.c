/* SPDX-License-Identifier: MIT */
/*
 * The IOMMU that each function is behind: one plate per unit, with its functions on it. If there
 * are many, functions of one kind share a line with their number, bad ones first, so the picture's
 * size is limited for any evidence.
 */
#include <string.h>

#include "report/html/html.h"
#include "report/html/parts.h"
#include "report/html/svg.h"
#include "report/tree.h"
#include "vbscheck/count.h"

enum { UNITS_DRAWN = 10, LINES = 8, GROUPS = 48 };

/* State of a function, worst first. */
enum state { FREE, DISPUTED, NOT_TOLD_STATE, BEHIND, NO_DMA, STATES };

static const struct {
    const char *sign, *class, *words;
} states[STATES] = {
    [FREE] = {"\xe2\x9c\x97", "fail", "capable of DMA and behind no IOMMU"},
    [DISPUTED] = {"\xe2\x89\xa0", "open", "the kernel's groups contradict the tables"},
    [NOT_TOLD_STATE] = {"?", "open", "capable of DMA, not known behind which"},
    [BEHIND] = {"\xe2\x9c\x93", "pass", "capable of DMA and behind an IOMMU"},
    [NO_DMA] = {"\xe2\x80\x93", "soft", "not counted as capable of DMA"},
};

static enum state state_of(const struct iommu_function *f)
{
    static const enum state by_standing[] = {[STANDS_BEHIND] = BEHIND,
                                             [STANDS_FREE] = FREE,
                                             [STANDS_DISPUTED] = DISPUTED,
                                             [STANDS_UNKNOWN] = NOT_TOLD_STATE};
    return f->in_scope ? by_standing[f->standing] : NO_DMA;
}

/* Functions of one kind and state. */
struct group {
    const struct iommu_function *first;
    size_t n;
};

struct plate {
    const char *title, *serves;
    bool dashed; /* no unit */
    struct group groups[GROUPS];
    size_t n_groups;
    size_t n;           /* functions */
    size_t of[STATES];  /* the same by state */
    size_t more, lines; /* functions without a line of their own; lines */
};

static void plate_add(struct plate *t, const struct iommu_function *f, bool alone)
{
    for (size_t i = 0; i < t->n_groups && !alone; i++) {
        struct group *g = &t->groups[i];
        if (state_of(g->first) == state_of(f) &&
            strcmp(pci_kind(g->first->pci), pci_kind(f->pci)) == 0) {
            g->n++;
            return;
        }
    }
    if (t->n_groups < GROUPS)
        t->groups[t->n_groups++] = (struct group){f, 1};
}

/* Fills the plate with the functions of one list. */
static void plate_fill(struct plate *t, const struct iommu_map *m, size_t list)
{
    for (size_t i = 0; i < m->n_functions; i++) {
        if (tree_list_of(m, &m->functions[i]) != list)
            continue;
        t->n++;
        t->of[state_of(&m->functions[i])]++;
    }
    for (size_t i = 0; i < m->n_functions; i++) {
        if (tree_list_of(m, &m->functions[i]) == list)
            plate_add(t, &m->functions[i], t->n <= LINES);
    }
    size_t shown = 0;
    for (unsigned s = 0; s < STATES; s++) {
        for (size_t i = 0; i < t->n_groups; i++) {
            if (state_of(t->groups[i].first) == s && t->lines < LINES) {
                t->lines++;
                shown += t->groups[i].n;
            }
        }
    }
    t->more = t->n - shown;
}

static unsigned height_of(const struct plate *t)
{
    size_t lines = t->n == 0 ? 1 : t->lines;
    lines += 1U + (t->serves != NULL ? 1 : 0) + (t->more > 0 ? 1 : 0);
    return (unsigned)lines * SVG_LINE + SVG_LINE / 2;
}

static const char *line_text(struct arena *a, const struct group *g)
{
    const char *sign = states[state_of(g->first)].sign, *kind = pci_kind(g->first->pci);
    if (g->n > 1)
        return arena_printf(a, "%s %zu \xc3\x97 %s", sign, g->n, kind);
    return arena_printf(a, "%s %s %s", sign, pci_address_text(a, g->first->pci->at), kind);
}

static void draw_lines(struct out *o, const struct plate *t, unsigned y)
{
    size_t n = 0;
    if (t->n == 0)
        svg_words(o, 16, y, "soft", "no PCI function");
    for (unsigned s = 0; s < STATES; s++) {
        for (size_t i = 0; i < t->n_groups && n < t->lines; i++) {
            if (state_of(t->groups[i].first) != s)
                continue;
            svg_words(o, 16, y, states[s].class, line_text(o->arena, &t->groups[i]));
            y += SVG_LINE;
            n++;
        }
    }
    if (t->more > 0)
        svg_words(
            o, 16, y, "soft",
            arena_printf(o->arena, "and %zu more function%s", t->more, t->more == 1 ? "" : "s"));
}

static void draw_plate(struct out *o, const struct plate *t, unsigned y)
{
    svg_box(o, 1, y, SVG_WIDTH - 2, height_of(t), t->dashed ? "none" : "box");
    y += SVG_LINE;
    svg_words(o, 8, y, "title", t->title);
    if (t->serves != NULL)
        svg_words(o, 8, y += SVG_LINE, "soft", t->serves);
    draw_lines(o, t, y + SVG_LINE);
}

/* The picture's content as text, for readers who cannot see it. */
static const char *words_of(const struct plate *plates, size_t n, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < n; i++) {
        out_printf(&o, "%s: %zu function%s", plates[i].title, plates[i].n,
                   plates[i].n == 1 ? "" : "s");
        for (unsigned s = 0; s < STATES; s++) {
            if (plates[i].of[s] > 0)
                out_printf(&o, ", %zu %s", plates[i].of[s], states[s].words);
        }
        out_str(&o, ". ");
    }
    out_str(&o, "The table below lists the functions.");
    return arena_text(a, out_span(&o));
}

/* Lists that are drawn: units, then functions behind none, if any. Returns their number. */
static size_t make_plates(const struct page *p, struct plate *plates)
{
    const struct iommu_map *m = p->r->facts.iommu;
    size_t n = 0;
    for (size_t i = 0; i < m->n_units && i < UNITS_DRAWN; i++) {
        plates[n] = (struct plate){.title = m->units[i].name, .serves = m->units[i].serves};
        plate_fill(&plates[n++], m, i);
    }
    for (size_t i = 0; i < TREE_LISTS_WITHOUT_UNIT; i++) {
        plates[n] = (struct plate){.dashed = i == TREE_BEHIND_NONE,
                                   .title = i == TREE_BEHIND_NONE
                                                ? "Behind no unit"
                                                : "Behind some unit, by the kernel's groups",
                                   .serves = i == TREE_BEHIND_NONE ? tree_title_of_rest(p) : NULL};
        plate_fill(&plates[n], m, m->n_units + i);
        n += plates[n].n > 0;
    }
    return n;
}

static void draw(const struct page *p)
{
    enum { MOST = UNITS_DRAWN + TREE_LISTS_WITHOUT_UNIT, GAP = 8 };
    struct out *o = p->o;
    struct plate *plates = arena_new(o->arena, struct plate, MOST);
    size_t n = make_plates(p, plates);
    unsigned height = GAP, y = 1;
    for (size_t i = 0; i < n; i++)
        height += height_of(&plates[i]) + GAP;
    svg_begin(o, "iommu", height, "Which IOMMU each device is behind",
              words_of(plates, n, o->arena));
    for (size_t i = 0; i < n; i++) {
        draw_plate(o, &plates[i], y);
        y += height_of(&plates[i]) + GAP;
    }
    svg_end(o);
}

/* The signs in the picture, then notes on what it cannot show. */
static void put_caption(struct out *o, const struct iommu_map *m)
{
    bool drawn[STATES] = {false};
    for (size_t i = 0; i < m->n_functions; i++)
        drawn[state_of(&m->functions[i])] = true;
    out_str(o, "<figcaption>");
    for (unsigned s = 0; s < STATES; s++) {
        if (drawn[s])
            out_printf(o, "%s %s. ", states[s].sign, states[s].words);
    }
    if (m->n_units > UNITS_DRAWN)
        out_printf(o, "%zu more units are not drawn: see the table. ", m->n_units - UNITS_DRAWN);
    if (m->driven)
        out_str(o, "No table can be read: these are the units that the kernel drives. ");
    if (m->cut)
        out_str(o, "Some units may be missing. ");
    if (m->tables_differ)
        out_str(o, "The firmware has several different tables: this is of the first one.");
    out_str(o, "</figcaption>\n");
}

static void put_function(struct out *o, const struct iommu_map *m, const struct iommu_function *f)
{
    struct arena *a = o->arena;
    enum state s = state_of(f);
    const char *unit = f->unit != NO_INDEX ? m->units[f->unit].name : "none";
    if (f->unit == NO_INDEX && f->standing == STANDS_BEHIND)
        unit = "some unit";
    const char *const cells[] = {
        pci_address_text(a, f->pci->at),
        pci_describe(a, f->pci),
        unit,
        arena_printf(a, "%s %s%s%s", states[s].sign, states[s].words, f->why != NULL ? ": " : "",
                     f->why != NULL ? f->why : ""),
    };
    html_row(o, cells, COUNT(cells));
}

void html_units(const struct page *p)
{
    static const char *const heads[] = {"Function", "Kind", "IOMMU", "Standing"};
    static const char title[] = "Devices and their IOMMU";
    const struct iommu_map *m = p->r->facts.iommu;
    if (m == NULL || m->n_units + m->n_functions == 0)
        return;
    html_heading(p->o, 3, NULL, title);
    out_str(p->o, "<figure>\n");
    draw(p);
    put_caption(p->o, m);
    out_str(p->o, "</figure>\n");
    if (m->n_functions == 0)
        return;
    html_wide_begin(p->o, title);
    html_table_begin(p->o, "PCI functions in the order of their addresses", heads, COUNT(heads));
    for (size_t i = 0; i < m->n_functions && i < HTML_ROWS_MAX; i++)
        put_function(p->o, m, &m->functions[i]);
    html_table_end(p->o);
    html_wide_end(p->o);
    html_left_out(p->o, m->n_functions);
}
