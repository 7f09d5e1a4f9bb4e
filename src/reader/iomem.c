/* SPDX-License-Identifier: MIT */
/*
 * "00100000-3fffffff : System RAM", two more blanks for each range inside: Linux kernel/resource.c,
 * r_show(). The names are those of arch/x86/kernel/e820.c and drivers/firmware/efi/.
 */
#include "reader/iomem.h"

#include "vbscheck/count.h"

static const char *const memory[] = {
    "System RAM", "Reserved", "reserved", "ACPI Tables", "ACPI Non-volatile Storage",
};

static enum status kind_of(struct span name)
{
    for (size_t i = 0; i < COUNT(memory); i++) {
        if (span_is(name, memory[i]))
            return ST_OK;
    }
    return ST_ABSENT;
}

static bool read_line(struct span line, struct iomem_range *out)
{
    line = span_trim(line);
    if (!span_take_hex(&line, &out->first) || !span_starts(line, "-"))
        return false;
    line = span_skip(line, 1);
    if (!span_take_hex(&line, &out->last) || !span_starts(line, " : "))
        return false;
    out->kind = kind_of(span_skip(line, 3));
    return true;
}

struct iomem iomem_parse(struct span text, struct arena *a)
{
    struct iomem m = {0};
    struct iomem_range r;
    for (struct span line; span_next_line(&text, &line);) {
        if (!read_line(line, &r))
            continue;
        m.ranges = arena_grow(a, m.ranges, m.n, sizeof *m.ranges);
        m.ranges[m.n++] = r;
        m.shown = m.shown || r.last != 0;
    }
    return m;
}

/* The nearest border of the range behind `address`, at most `end`. */
static uint64_t nearest(const struct iomem_range *r, uint64_t address, uint64_t end)
{
    if (r->first > address)
        return r->first < end ? r->first : end;
    if (r->last < address || r->last >= end)
        return end;
    return r->last + 1;
}

enum status iomem_is_memory(const struct iomem *m, uint64_t address, uint64_t *end)
{
    enum status kind = ST_ABSENT;
    *end = UINT64_MAX;
    for (size_t i = 0; i < m->n; i++) {
        const struct iomem_range *r = &m->ranges[i];
        *end = nearest(r, address, *end);
        /* The last range that holds the address is the innermost one. */
        if (r->first <= address && address <= r->last)
            kind = r->kind;
    }
    return m->shown ? kind : ST_NO_PERMISSION;
}
