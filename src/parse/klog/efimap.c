/* SPDX-License-Identifier: MIT */
#include "parse/klog/efimap.h"

#include "parse/klog/efi_print.h"
#include "parse/klog/efimap_witness.h"
#include "parse/klog/klog.h"
#include "parse/refuse.h"

/* "0x5 0x3e6c4000 0x0 0x1 0x800000000000000f" */
static bool read_line(struct span line, struct efi_region *out)
{
    enum { TYPE, START, VIRTUAL_START, PAGES, ATTRIBUTES, FIELDS };
    uint64_t v[FIELDS] = {0};
    struct span word;
    for (size_t i = 0; i < FIELDS; i++) {
        if (!span_next_word(&line, &word) || !span_starts(word, "0x") || !span_number(word, &v[i]))
            return false;
    }
    if (v[TYPE] > UINT32_MAX || span_next_word(&line, &word))
        return false;
    *out = (struct efi_region){.type = (uint32_t)v[TYPE],
                               .start = v[START],
                               .virtual_start = v[VIRTUAL_START],
                               .pages = v[PAGES],
                               .attributes = v[ATTRIBUTES]};
    return true;
}

enum status efimap_parse(struct span text, struct arena *a, struct efimap *out, struct fault *fault)
{
    struct efi_region *regions = NULL;
    struct span rest = text;
    struct span line;
    size_t n = 0;
    for (size_t at = 0; span_next_line(&rest, &line); at = text.len - rest.len) {
        struct efi_region r;
        if (!read_line(line, &r))
            return refuse(fault, at, "a line is not a memory region");
        if (n >= EFI_PRINT_REGIONS_MAX)
            return refuse(fault, at, "too many memory regions");
        r.offset = at;
        regions = arena_grow(a, regions, n, sizeof *regions);
        regions[n++] = r;
    }
    *out = (struct efimap){.regions = regions, .n = n};
    return ST_OK;
}

/*
 * One listing of the map. A boot with efi=debug has two: x86 prints the remaining regions again at
 * "EFI runtime memory map:".
 */
struct listing {
    struct efi_region *regions;
    size_t n;
    uint64_t next; /* number of the region that should follow */
    bool begun;
    bool broken;
    bool followed; /* by another message: the log does not end here */
    bool unnumbered;
    struct mem_ranges all;   /* of every type ... */
    struct mem_ranges named; /* ... and those that the log also names outside the map */
};

struct reader {
    struct arena *arena;
    struct listing now;
    struct listing first; /* this one is kept, unless a later one is whole */
    struct mem_ranges witnesses;
    bool too_many; /* of them */
};

static bool is_whole(const struct listing *l)
{
    return l->begun && l->next > 0 && !l->broken && l->followed;
}

/* Begins the next listing, unless there is a whole one. */
static bool begin(struct reader *r, bool unnumbered)
{
    if (is_whole(&r->now))
        return false;
    if (!r->first.begun)
        r->first = r->now;
    r->now = (struct listing){.begun = true, .unnumbered = unnumbered};
    return true;
}

/* Code and data of loader and boot services, and free memory: memory on every architecture. */
static bool is_plain_memory(uint32_t type)
{
    enum { LOADER_CODE = 1, BOOT_DATA = 4, CONVENTIONAL = 7 };
    return (type >= LOADER_CODE && type <= BOOT_DATA) || type == CONVENTIONAL;
}

static void add(struct reader *r, const struct efi_region *region)
{
    struct listing *l = &r->now;
    l->next++;
    if (region->pages > 0) {
        struct mem_range range = {region->start, efi_region_last(region)};
        l->broken |= !mem_ranges_add(&l->all, r->arena, range);
        if (!l->unnumbered || is_plain_memory(region->type))
            l->broken |= !mem_ranges_add(&l->named, r->arena, range);
    }
    if (region->type != EFI_RUNTIME_CODE && region->type != EFI_RUNTIME_DATA)
        return;
    if (l->n >= EFI_PRINT_REGIONS_MAX) {
        l->broken = true;
        return;
    }
    l->regions = arena_grow(r->arena, l->regions, l->n, sizeof *l->regions);
    l->regions[l->n++] = *region;
}

/* "type=7, attr=0xf, " as kernels before 4.1 print it. */
static bool take_plain_type(struct span *s, uint32_t *type, uint64_t *attributes)
{
    struct span rest = span_skip(*s, 5);
    uint64_t number = 0;
    if (!span_starts(*s, "type=") || !span_take_dec(&rest, &number) || number > UINT32_MAX ||
        !span_starts(rest, ", attr=0x"))
        return false;
    rest = span_skip(rest, 9);
    if (!span_take_hex(&rest, attributes) || !span_starts(rest, ","))
        return false;
    *type = (uint32_t)number;
    *s = span_skip(rest, 1);
    return true;
}

/* " [Boot Code|…] range=[0x0-0xfff] (0MB)", where ")" for "]" means an exclusive end. */
static bool read_region(struct span s, struct efi_region *out)
{
    struct efi_region r = {.offset = SIZE_MAX};
    uint64_t last = 0;
    s = span_trim(s);
    if (!efi_print_take_type(&s, &r.type, &r.attributes) &&
        !take_plain_type(&s, &r.type, &r.attributes))
        return false;
    s = span_trim(s);
    if (!span_starts(s, "range=["))
        return false;
    s = span_skip(s, 7);
    if (!efi_print_take_range(&s, &r.start, &last))
        return false;
    bool is_part = span_starts(s, "]");
    if ((!is_part && !span_starts(s, ")")) ||
        !efi_print_pages(r.start, is_part ? last : last - 1, &r.pages))
        return false;
    *out = r;
    return true;
}

/* The text after "efi: mem". Returns false when nothing more must be read. */
static bool read_numbered(struct reader *r, struct span s)
{
    struct efi_region region;
    uint64_t number = 0;
    if (!span_take_dec(&s, &number) || !span_starts(s, ":"))
        return true;
    /* efi_clean_memmap() names the regions it drops before the map is printed. */
    if (span_find(s, "(invalid)", NULL))
        return true;
    if ((number == 0 || !r->now.begun || r->now.unnumbered) && !begin(r, false))
        return false;
    r->now.broken |= number != r->now.next;
    r->now.next = number;
    r->now.followed = false;
    if (read_region(span_skip(s, 1), &region))
        add(r, &region);
    else
        r->now.broken = true;
    return true;
}

/* "efi:   0x000040000000-0x00007fffffff [Conventional|…]*" behind "efi: Processing EFI memory
 * map:" (efi-init.c, reserve_regions(), not on x86; the star until 4.12). */
static void read_unnumbered(struct reader *r, struct span s)
{
    struct efi_region region = {.offset = SIZE_MAX};
    uint64_t last = 0;
    bool is_region = efi_print_take_range(&s, &region.start, &last);
    s = span_trim(s);
    is_region = is_region && efi_print_take_type(&s, &region.type, &region.attributes) &&
                efi_print_pages(region.start, last, &region.pages);
    if (is_region && (s.len == 0 || span_is(s, "*")))
        add(r, &region);
    else
        r->now.broken = true;
}

/* Returns false when nothing more must be read. */
static bool read_message(struct reader *r, struct span m)
{
    if (span_starts(m, "efi: mem") && !span_starts(m, "efi: memattr"))
        return read_numbered(r, span_skip(m, 8));
    if (span_starts(m, "efi: Processing EFI memory map:"))
        return begin(r, true);
    struct span rest = span_trim(span_skip(m, 4));
    bool goes_on = r->now.unnumbered && !r->now.followed;
    if (goes_on && span_starts(m, "efi:") && span_starts(rest, "0x"))
        read_unnumbered(r, rest);
    else if (r->now.begun && !r->now.followed)
        r->now.followed = klog_matters(m);
    return true;
}

static void read_witness(struct reader *r, struct span m)
{
    struct mem_range range;
    if (efimap_witness(m, &range))
        r->too_many |= !mem_ranges_add(&r->witnesses, r->arena, range);
}

void efimap_read_log(struct span log, struct arena *a, struct efimap *out, bool *whole)
{
    struct reader r = {.arena = a};
    struct span line;
    bool over = false;
    while (span_next_line(&log, &line)) {
        struct span m = klog_message(line);
        read_witness(&r, m);
        if (m.len > 0 && !over && !read_message(&r, m))
            over = true;
    }
    bool told = is_whole(&r.now);
    struct listing *l = told || !r.first.begun ? &r.now : &r.first;
    bool holds = !r.too_many && mem_ranges_hold(&l->all, &r.witnesses);
    *whole = told && holds;
    bool held = holds && r.witnesses.n > 0 && mem_ranges_hold(&r.witnesses, &l->named);
    *out = (struct efimap){l->regions, l->n, held};
}
