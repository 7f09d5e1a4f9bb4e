/* SPDX-License-Identifier: MIT */
/*
 * msinfo32 in other languages. Its rows keep their order: one that names virtualization-based
 * security, then four whose names hold that name (required, available, configured, running). Among
 * the properties, DMA, UEFI, SMM and APIC keep their abbreviations, and all are in the order of
 * their numbers: the place of one between two of these identifies it, or leaves it open.
 */
#include <string.h>

#include "parse/windows/windows.h"
#include "vbscheck/count.h"

enum { ROWS_MAX = 4096, BLOCK = 5 };

struct row {
    struct span key, value;
};

static bool holds(struct span s, struct span part)
{
    for (size_t i = 0; i + part.len <= s.len; i++) {
        if (span_like((struct span){s.ptr + i, part.len}, part))
            return true;
    }
    return false;
}

/* Rows of two columns. */
static size_t read_rows(struct span text, struct row *rows)
{
    struct span rest = text, line;
    size_t n = 0;
    while (n < ROWS_MAX && span_next_line(&rest, &line)) {
        struct span key, value;
        if (span_split(line, '\t', &key, &value) && key.len > 0)
            rows[n++] = (struct row){key, value};
    }
    return n;
}

/* Do four rows and no more hold the name of this one? */
static bool is_block(const struct row *rows, size_t n, size_t at)
{
    enum { SHORTEST = 8 };
    size_t alike = 0;
    if (rows[at].key.len < SHORTEST)
        return false;
    while (at + 1 + alike < n && alike < BLOCK && holds(rows[at + 1 + alike].key, rows[at].key))
        alike++;
    return alike == BLOCK - 1;
}

/* The number that an abbreviation stands for; 0: none. */
static unsigned anchor_of(struct span item)
{
    static const struct {
        const char *word;
        unsigned number;
    } anchors[] = {{"APIC", 8}, {"SMM", 6}, {"UEFI", 5}, {"DMA", 3}};
    for (size_t i = 0; i < COUNT(anchors); i++) {
        if (span_find(item, anchors[i].word, NULL))
            return anchors[i].number;
    }
    return 0;
}

/* Numbers without an abbreviation that may be between `low` and `high`. */
static unsigned between(unsigned low, unsigned high)
{
    static const unsigned plain[] = {1, 2, 4, 7};
    unsigned bits = 0;
    for (size_t i = 0; i < COUNT(plain); i++) {
        if (plain[i] > low && plain[i] < high)
            bits |= 1U << plain[i];
    }
    return bits;
}

static unsigned count_bits(unsigned bits)
{
    unsigned n = 0;
    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

static bool next_item(struct span *rest, struct span *item)
{
    struct span after = {0};
    if (rest->len == 0)
        return false;
    if (!span_split(*rest, ',', item, &after) && !span_split(*rest, ';', item, &after))
        *item = span_trim(*rest);
    *rest = after;
    return true;
}

/* `waiting` items without abbreviation between two anchors: known if as many numbers fit. */
static bool settle(struct windows_list *l, unsigned waiting, unsigned low, unsigned high)
{
    unsigned may = between(low, high), n = count_bits(may);
    if (waiting > n)
        return false;
    if (waiting == n)
        l->has |= may;
    else if (waiting > 0)
        l->open |= may;
    return true;
}

/* False if the items are not in the order of their numbers. A blank row has none. */
static bool read_properties(struct span value, struct windows_list *out)
{
    struct windows_list l = {.told = value.len > 0};
    struct span rest = value, item;
    unsigned low = 0, waiting = 0, high;
    while (next_item(&rest, &item)) {
        high = anchor_of(item);
        if (low == 0 && high == 0 && waiting == 0 && l.has == 0) { /* the base is always first */
            l.has = 1U << 1;
            low = 1;
        } else if (high == 0) {
            waiting++;
        } else if (high <= low || !settle(&l, waiting, low, high)) {
            return false;
        } else {
            l.has |= 1U << high;
            low = high;
            waiting = 0;
        }
    }
    if (!settle(&l, waiting, low, WINDOWS_PROPERTY_MAX + 1))
        return false;
    *out = l;
    return true;
}

/* Values that no language changes: "x64-based PC" after maker and model, a processor's clock. */
static void read_machine(const struct row *rows, size_t n, struct windows *w)
{
    for (size_t i = 0; i < n; i++) {
        struct span name, rest, v = rows[i].value;
        if (w->maker.len == 0 && i >= 2 && (span_starts(v, "x64-") || span_starts(v, "ARM64-"))) {
            w->type = v;
            w->maker = rows[i - 2].value;
            w->model = rows[i - 1].value;
        }
        if (w->processor.len == 0 && holds(v, span_of(" Mhz,")) && span_split(v, ',', &name, &rest))
            w->processor = name;
        if (w->version.len == 0 && span_starts(v, "10.0."))
            w->version = v;
    }
}

enum status windows_localised(struct span text, struct arena *a, struct windows *out)
{
    struct row *rows = arena_new(a, struct row, ROWS_MAX);
    struct windows w = {.source = WINDOWS_MSINFO32, .localised = true};
    size_t n = read_rows(text, rows), at = n;
    for (size_t i = 0; i + BLOCK <= n; i++) {
        if (is_block(rows, n, i) && at != n)
            return ST_UNSUPPORTED; /* two such blocks: ambiguous */
        at = is_block(rows, n, i) ? i : at;
    }
    if (at == n || !read_properties(rows[at + 2].value, &w.available))
        return ST_UNSUPPORTED;
    if (rows[at + 4].value.len > 0) /* services run in it, with any names */
        w.vbs = WINDOWS_VBS_RUNNING;
    read_machine(rows, n, &w);
    *out = w;
    return ST_OK;
}
