/* SPDX-License-Identifier: MIT */
/*
 * The EFI runtime memory in the Memory Attributes Table (UEFI 2.10, 4.6.4), one bar per run of
 * similar regions. In a long table all similar regions share one bar.
 */
#include "report/html/html.h"
#include "report/html/parts.h"
#include "report/html/svg.h"
#include "vbscheck/count.h"
#include "vbscheck/efi_memory.h"

enum { BARS = 24, PAGE_BITS = 24 };

/* Regions of one type and protection; bad ones are separate. */
struct bar {
    const struct efi_region *first;
    const struct efi_region *last;
    const char *words; /* the fault of the first; NULL: no fault */
    uint64_t pages;
    size_t n;
};

static bool is_alike(const struct bar *b, const struct efi_region *e, const char *words)
{
    const uint64_t all = EFI_ATTRIBUTE_RO | EFI_ATTRIBUTE_XP;
    return b->first->type == e->type && ((b->first->attributes ^ e->attributes) & all) == 0 &&
           (b->words == NULL) == (words == NULL);
}

static void bar_add(struct bar *b, const struct efi_region *e)
{
    b->last = e;
    b->n++;
    b->pages = b->pages > UINT64_MAX - e->pages ? UINT64_MAX : b->pages + e->pages;
}

/*
 * Groups regions into bars: neighbours, or all that are alike. Returns the number of bars, `most` +
 * 1 if there are more. Grouping all gives at most 16: two types, four protections, good or bad.
 */
static size_t bars_make(const struct mat_view *v, bool all, struct bar *bars, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        size_t at = all || n == 0 ? 0 : n - 1;
        while (at < n && !is_alike(&bars[at], &v->entries[i], v->marks[i].words))
            at++;
        if (at == most)
            return most + 1;
        if (at == n)
            bars[n++] = (struct bar){.first = &v->entries[i], .words = v->marks[i].words};
        bar_add(&bars[at], &v->entries[i]);
    }
    return n;
}

static const char *type_of(const struct efi_region *e)
{
    return e->type == EFI_RUNTIME_CODE ? "code" : "data";
}

/* The usual notation for memory protection. */
static const char *protection_of(const struct efi_region *e)
{
    bool ro = (e->attributes & EFI_ATTRIBUTE_RO) != 0, xp = (e->attributes & EFI_ATTRIBUTE_XP) != 0;
    if (ro)
        return xp ? "r-- (RO, XP)" : "r-x (RO)";
    return xp ? "rw- (XP)" : "rwx (neither)";
}

static unsigned bits_of(uint64_t pages)
{
    unsigned n = 0;
    for (; pages > 0 && n < PAGE_BITS; pages >>= 1)
        n++;
    return n;
}

static const char *bar_text(struct arena *a, const struct bar *b)
{
    const char *first =
        arena_printf(a, "%s %012llx", type_of(b->first), (unsigned long long)b->first->start);
    return b->n == 1 ? first : arena_printf(a, "%s and %zu more", first, b->n - 1);
}

/* Two lines: address and protection; size, on a scale that doubles with each step. */
static void draw_bar(struct out *o, const struct bar *b, unsigned y)
{
    enum { LEFT = 22, BAR = 150, HIGH = 8 };
    struct arena *a = o->arena;
    const char *class = b->words != NULL ? "fail" : "pass";
    svg_words(o, 4, y, class, b->words != NULL ? "\xe2\x9c\x97" : "\xe2\x9c\x93");
    svg_words(o, LEFT, y, "", bar_text(a, b));
    svg_words_end(o, SVG_WIDTH - 4, y, class, protection_of(b->first));
    svg_box(o, LEFT, y + SVG_LINE - HIGH - 3, BAR, HIGH, "track");
    svg_box(o, LEFT, y + SVG_LINE - HIGH - 3, bits_of(b->pages) * BAR / PAGE_BITS, HIGH, "bar");
    svg_words(
        o, LEFT + BAR + 8, y + SVG_LINE - 3, "soft",
        arena_printf(a, "%llu page%s", (unsigned long long)b->pages, b->pages == 1 ? "" : "s"));
}

static const char *words_of(struct arena *a, const struct bar *bars, size_t n)
{
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < n; i++)
        out_printf(&o, "%s, %llu pages, %s%s%s. ", bar_text(a, &bars[i]),
                   (unsigned long long)bars[i].pages, protection_of(bars[i].first),
                   bars[i].words != NULL ? ": " : "", bars[i].words != NULL ? bars[i].words : "");
    out_str(&o, "The table below lists the regions.");
    return arena_text(a, out_span(&o));
}

static void draw(struct out *o, const struct mat_view *v)
{
    enum { STEP = 2 * SVG_LINE + 6 };
    struct bar *bars = arena_new(o->arena, struct bar, BARS);
    size_t n = bars_make(v, false, bars, BARS);
    if (n > BARS)
        n = bars_make(v, true, bars, BARS);
    svg_begin(o, "memory", (unsigned)n * STEP + 6, "EFI runtime memory and its protections",
              words_of(o->arena, bars, n));
    for (size_t i = 0; i < n; i++)
        draw_bar(o, &bars[i], (unsigned)i * STEP + SVG_LINE);
    svg_end(o);
}

static const char *yes_or_no(const struct efi_region *e, uint64_t bit)
{
    return (e->attributes & bit) != 0 ? "yes" : "no";
}

static void put_region(struct out *o, const struct efi_region *e, const char *words)
{
    struct arena *a = o->arena;
    const char *const cells[] = {
        arena_printf(a, "%012llx", (unsigned long long)e->start),
        arena_printf(a, "%012llx", (unsigned long long)efi_region_last(e)),
        type_of(e),
        arena_printf(a, "%llu", (unsigned long long)e->pages),
        yes_or_no(e, EFI_ATTRIBUTE_RUNTIME),
        yes_or_no(e, EFI_ATTRIBUTE_RO),
        yes_or_no(e, EFI_ATTRIBUTE_XP),
        words != NULL ? words : "fine",
    };
    html_row(o, cells, COUNT(cells));
}

static void put_table(struct out *o, const char *title, const struct mat_view *v)
{
    static const char *const heads[] = {"First byte", "Last byte", "Type",       "Pages",
                                        "Runtime",    "Read-only", "No execute", "Remark"};
    html_wide_begin(o, title);
    html_table_begin(o, "Regions in the order of the table", heads, COUNT(heads));
    for (size_t i = 0; i < v->n && i < HTML_ROWS_MAX; i++)
        put_region(o, &v->entries[i], v->marks[i].words);
    html_table_end(o);
    html_wide_end(o);
    html_left_out(o, v->n);
}

void html_regions(const struct page *p)
{
    static const char title[] = "EFI runtime memory";
    const struct mat_view *v = p->r->facts.mat;
    if (v == NULL || v->n == 0)
        return;
    html_heading(p->o, 3, NULL, title);
    out_str(p->o, "<figure>\n");
    draw(p->o, v);
    out_str(
        p->o,
        "<figcaption>\xe2\x9c\x93 fine; \xe2\x9c\x97 breaks a rule, as the table says. r: can be "
        "read, w: can be written, x: can be executed. A bar that is one step longer has twice "
        "as many pages.</figcaption>\n</figure>\n");
    put_table(p->o, title, v);
}
