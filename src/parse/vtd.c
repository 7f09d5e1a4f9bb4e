/* SPDX-License-Identifier: MIT */
#include "parse/vtd.h"

#include <stdlib.h>

#include "parse/klog/klog.h"
#include "parse/sysfs_iommu.h"
#include "vbscheck/count.h"

/* Bits, as the specification and Linux's drivers/iommu/intel/iommu.h have them. */
enum {
    CAP_SAGAW_SHIFT = 8,
    CAP_SAGAW_MASK = 0x1f,
    SAGAW_39 = 1 << 1, /* three levels of tables */
    SAGAW_48 = 1 << 2,
    SAGAW_57 = 1 << 3,
    ECAP_SMTS = 43, /* scalable mode */
    ECAP_SSTS = 46, /* second stage in scalable mode */
    ECAP_FSTS = 47, /* first stage in scalable mode */
};

static bool ecap_has(const struct vtd_unit *u, unsigned bit)
{
    return (u->ecap >> bit & 1) != 0;
}

static unsigned sagaw(const struct vtd_unit *u)
{
    return u->cap >> CAP_SAGAW_SHIFT & CAP_SAGAW_MASK;
}

bool vtd_translates(const struct vtd_unit *u)
{
    bool scalable = ecap_has(u, ECAP_SMTS) && (ecap_has(u, ECAP_SSTS) || ecap_has(u, ECAP_FSTS));
    return (sagaw(u) & (SAGAW_39 | SAGAW_48 | SAGAW_57)) != 0 || scalable;
}

const char *vtd_widths(const struct vtd_unit *u, struct arena *a)
{
    static const struct {
        unsigned bit;
        const char *bits;
    } widths[] = {{SAGAW_39, "39"}, {SAGAW_48, "48"}, {SAGAW_57, "57"}};
    const char *text = "";
    for (size_t i = 0; i < COUNT(widths); i++) {
        if ((sagaw(u) & widths[i].bit) != 0)
            text = arena_printf(a, "%s%s%s", text, text[0] != '\0' ? ", " : "", widths[i].bits);
    }
    return text[0] != '\0' ? arena_printf(a, "%s bit", text) : text;
}

static void add(struct vtd_units *out, struct arena *a, struct vtd_unit u)
{
    if (u.cap == UINT64_MAX || u.ecap == UINT64_MAX || out->n == VTD_UNITS_MAX)
        return;
    out->items = arena_grow(a, out->items, out->n, sizeof *out->items);
    out->items[out->n++] = u;
}

/* Skips `word` and reads the hexadecimal number after it. */
static bool take_after(struct span *s, const char *word, uint64_t *out)
{
    struct span first = {0};
    struct span rest = *s;
    if (!span_next_word(&rest, &first) || !span_is(first, word))
        return false;
    *s = span_trim(rest);
    return span_take_hex(s, out);
}

/* Linux's names for units: since 4.2, since 3.1, before 3.1. *rest is the number after the name. */
static bool is_unit(struct span message, struct span *rest)
{
    static const char *const starts[] = {"DMAR: dmar", "dmar: IOMMU ", "IOMMU "};
    for (size_t i = 0; i < COUNT(starts); i++) {
        if (!span_starts(message, starts[i]))
            continue;
        *rest = span_skip(message, span_of(starts[i]).len);
        return true;
    }
    return false;
}

/* "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c40660462 ecap f050da" */
static void parse_log_line(struct span message, struct arena *a, struct vtd_units *out)
{
    struct vtd_unit u = {.from_log = true};
    struct span rest = {0};
    uint64_t number = 0;
    if (!is_unit(message, &rest) || !span_find(message, ": reg_base_addr ", NULL))
        return;
    if (!span_take_dec(&rest, &number) || !span_starts(rest, ": "))
        return;
    rest = span_skip(rest, 2);
    if (!take_after(&rest, "reg_base_addr", &u.base) || !take_after(&rest, "ver", &number) ||
        !span_starts(rest, ":"))
        return;
    rest = span_skip(rest, 1);
    if (span_take_hex(&rest, &number) && take_after(&rest, "cap", &u.cap) &&
        take_after(&rest, "ecap", &u.ecap))
        add(out, a, u);
}

/* Units for which the driver shows all three values. */
static void take_sys(struct span text, struct arena *a, struct vtd_units *out)
{
    struct sysfs_iommu sys;
    sysfs_iommu_parse(text, a, &sys);
    for (size_t i = 0; i < sys.n; i++) {
        const struct sysfs_iommu_unit *u = &sys.units[i];
        if (u->has_base && u->has_cap && u->has_ecap)
            add(out, a, (struct vtd_unit){.base = u->base, .cap = u->cap, .ecap = u->ecap});
    }
}

/* Units of the driver come before those of the log. */
static int by_base(const void *a, const void *b)
{
    const struct vtd_unit *l = a, *r = b;
    if (l->base != r->base)
        return l->base < r->base ? -1 : 1;
    return l->from_log - r->from_log;
}

void vtd_parse(struct span sys, struct span log, struct arena *a, struct vtd_units *out)
{
    struct vtd_units u = {0};
    struct span line;
    take_sys(sys, a, &u);
    while (span_next_line(&log, &line)) {
        if (span_find(line, "reg_base_addr", NULL))
            parse_log_line(klog_message(line), a, &u);
    }
    if (u.n > 1)
        qsort(u.items, u.n, sizeof *u.items, by_base);
    *out = (struct vtd_units){.items = u.items};
    for (size_t i = 0; i < u.n; i++) {
        if (i == 0 || u.items[i].base != u.items[out->n - 1].base)
            out->items[out->n++] = u.items[i];
    }
}

static int to_base(const void *key, const void *element)
{
    uint64_t base = *(const uint64_t *)key;
    const struct vtd_unit *u = element;
    return (base > u->base) - (base < u->base);
}

const struct vtd_unit *vtd_find(const struct vtd_units *u, uint64_t base)
{
    return u->n == 0 ? NULL : bsearch(&base, u->items, u->n, sizeof *u->items, to_base);
}

size_t vtd_parse_dead(struct span log, struct arena *a, uint64_t **out)
{
    static const char before[] = "Your BIOS is broken; DMAR reported at address ";
    struct span line, rest;
    size_t n = 0;
    *out = NULL;
    while (span_next_line(&log, &line)) {
        uint64_t base = 0;
        if (!span_find(line, before, NULL) || !span_find(klog_message(line), before, &rest) ||
            !span_take_hex(&rest, &base) || !span_starts(rest, " returns all ones"))
            continue;
        *out = arena_grow(a, *out, n, sizeof **out);
        (*out)[n++] = base;
    }
    return n;
}
