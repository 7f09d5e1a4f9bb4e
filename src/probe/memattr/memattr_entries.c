/* SPDX-License-Identifier: MIT */
/*
 * Checks the entries of the Memory Attributes Table, rule by rule: UEFI 2.10 section 4.6,
 * Microsoft's table of requirements, and the checks of Microsoft's own UEFI test application.
 */
#include <stdlib.h>

#include "probe/memattr/memattr_entries.h"

#define LAYOUT     "uefi.mat-layout"
#define COVERAGE   "uefi.mat-coverage"
#define PROTECTION "uefi.page-protection"

static const char *range_text(struct arena *a, uint64_t first, uint64_t last)
{
    return arena_printf(a, "%012llx-%012llx", (unsigned long long)first, (unsigned long long)last);
}

static void find(const struct mat_case *m, const char *rule, const char *subject, size_t offset,
                 const char *message)
{
    if (m->silent)
        return;
    findings_add(m->p->facts, (struct finding){
                                  .rule = rule,
                                  .subject = subject,
                                  .message = message,
                                  .offset = m->stride > 0 ? offset : NO_OFFSET,
                                  .length = m->stride > 0 && offset != NO_OFFSET ? m->stride : 0,
                              });
}

/* A broken entry: a finding up to the limit, and its mark. Returns 1, to be added up. */
static size_t broken(const struct mat_case *m, const char *rule, size_t index, size_t before,
                     const char *words)
{
    const struct efi_region *e = &m->entries[index];
    const char *subject = range_text(m->p->arena, e->start, efi_region_last(e));
    if (before < FINDINGS_MAX)
        find(m, rule, subject, e->offset,
             arena_printf(m->p->arena, "%s %s",
                          e->type == EFI_RUNTIME_CODE ? "runtime code" : "runtime data", words));
    if (m->marks[index].words == NULL)
        m->marks[index].words = words;
    return 1;
}

/*
 * Findings beyond the limit become one finding. `before`: the number that other checks found for
 * the same rule and reported themselves.
 */
static size_t summed_up(const struct mat_case *m, const char *rule, size_t before, size_t n,
                        const char *what)
{
    size_t room = before < FINDINGS_MAX ? FINDINGS_MAX - before : 0;
    if (n > room)
        find(m, rule, m->blob, NO_OFFSET, arena_printf(m->p->arena, "%zu more %s", n - room, what));
    return n;
}

/* Layout ------------------------------------------------------------------------------------- */

static const char *shape_of(const struct efi_region *e)
{
    const uint64_t low = ((uint64_t)1 << EFI_PAGE_SHIFT) - 1;
    if (e->pages == 0)
        return "has no pages";
    if (efi_region_runs_over(e))
        return "extends past the end of the address space";
    if ((e->start & low) != 0)
        return "does not start at a 4 KiB boundary";
    if ((e->attributes & EFI_ATTRIBUTE_RUNTIME) == 0)
        return "lacks the attribute RUNTIME";
    return NULL;
}

struct key {
    uint64_t start, last;
    size_t index;
};

static int by_start(const void *a, const void *b)
{
    const struct key *l = a, *r = b;
    if (l->start != r->start)
        return l->start < r->start ? -1 : 1;
    return (l->index > r->index) - (l->index < r->index);
}

/* Entries (or regions) of these types, sorted by address; 0 selects both. */
static struct key *sorted(const struct mat_case *m, const struct efi_region *regions, size_t n,
                          uint32_t type, size_t *out_n)
{
    struct key *keys = arena_new(m->p->arena, struct key, n);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if ((type == 0 || regions[i].type == type) && regions[i].pages > 0)
            keys[used++] = (struct key){regions[i].start, efi_region_last(&regions[i]), i};
    }
    if (used > 1)
        qsort(keys, used, sizeof *keys, by_start);
    *out_n = used;
    return keys;
}

static size_t overlaps(const struct mat_case *m, size_t before)
{
    size_t n = 0, found = 0;
    const struct key *keys = sorted(m, m->entries, m->n, 0, &n);
    uint64_t reached = n > 0 ? keys[0].last : 0;
    for (size_t i = 1; i < n; i++) {
        if (keys[i].start <= reached)
            found += broken(m, LAYOUT, keys[i].index, before + found, "overlaps another entry");
        if (keys[i].last > reached)
            reached = keys[i].last;
    }
    return found;
}

size_t mat_layout(const struct mat_case *m)
{
    size_t found = 0;
    for (size_t i = 0; i < m->n; i++) {
        const char *shape = shape_of(&m->entries[i]);
        if (shape != NULL)
            found += broken(m, LAYOUT, i, found, shape);
        if (i > 0 && m->entries[i].start < m->entries[i - 1].start)
            found += broken(m, LAYOUT, i, found, "is out of order");
    }
    found += overlaps(m, found);
    return summed_up(m, LAYOUT, 0, found, "entries");
}

/* Coverage ----------------------------------------------------------------------------------- */

/* Linux merges and splits the regions of a map, so neighbours of one type count as one. */
static size_t united(struct key *keys, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        struct key *last = used > 0 ? &keys[used - 1] : NULL;
        bool touches =
            last != NULL && (last->last == UINT64_MAX || keys[i].start <= last->last + 1);
        if (!touches)
            keys[used++] = keys[i];
        else if (keys[i].last > last->last)
            last->last = keys[i].last;
    }
    return used;
}

/* Each entry lies in one run of regions, or in part, or not at all. Both are in order. */
static size_t contain(const struct mat_case *m, const struct key *entries, size_t n,
                      const struct key *runs, size_t n_runs, size_t before)
{
    size_t found = 0, r = 0;
    for (size_t i = 0; i < n; i++) {
        while (r < n_runs && runs[r].last < entries[i].start)
            r++;
        bool meets = r < n_runs && runs[r].start <= entries[i].last;
        bool inside = meets && runs[r].start <= entries[i].start && entries[i].last <= runs[r].last;
        if (!meets)
            found += broken(m, COVERAGE, entries[i].index, before + found,
                            "is not in a runtime region of its type");
        else if (!inside)
            found += broken(m, COVERAGE, entries[i].index, before + found,
                            "crosses the boundary of its runtime region");
    }
    return found;
}

static const uint32_t types[] = {EFI_RUNTIME_CODE, EFI_RUNTIME_DATA};

size_t mat_containment(const struct mat_case *m)
{
    size_t found = 0;
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        size_t n = 0, n_runs = 0;
        const struct key *entries = sorted(m, m->entries, m->n, types[t], &n);
        struct key *runs = sorted(m, m->map, m->n_map, types[t], &n_runs);
        n_runs = united(runs, n_runs);
        found += contain(m, entries, n, runs, n_runs, found);
    }
    return summed_up(m, COVERAGE, 0, found, "entries");
}

static size_t left_out(const struct mat_case *m, uint32_t type, uint64_t first, uint64_t last,
                       size_t before)
{
    if (before < FINDINGS_MAX)
        find(m, COVERAGE, range_text(m->p->arena, first, last), NO_OFFSET,
             type == EFI_RUNTIME_CODE ? "runtime code that no entry describes"
                                      : "runtime data that no entry describes");
    return 1;
}

/* The parts of the runs that no entry contains; both in order, and entries may overlap. */
static size_t gaps(const struct mat_case *m, uint32_t type, size_t before)
{
    size_t n = 0, n_runs = 0, found = 0, i = 0;
    struct key *entries = sorted(m, m->entries, m->n, type, &n);
    struct key *runs = sorted(m, m->map, m->n_map, type, &n_runs);
    n = united(entries, n);
    n_runs = united(runs, n_runs);
    for (size_t r = 0; r < n_runs; r++) {
        uint64_t at = runs[r].start;
        bool done = false;
        while (i < n && entries[i].last < at)
            i++;
        for (size_t k = i; !done && k < n && entries[k].start <= runs[r].last; k++) {
            if (entries[k].start > at)
                found += left_out(m, type, at, entries[k].start - 1, before + found);
            done = entries[k].last >= runs[r].last;
            at = entries[k].last + 1;
        }
        if (!done)
            found += left_out(m, type, at, runs[r].last, before + found);
    }
    return found;
}

size_t mat_coverage(const struct mat_case *m, size_t before)
{
    size_t found = 0;
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        found += gaps(m, types[t], before + found);
    return summed_up(m, COVERAGE, before, found, "ranges");
}

/* Protection --------------------------------------------------------------------------------- */

size_t mat_unprotected(const struct mat_case *m)
{
    size_t found = 0;
    for (size_t i = 0; i < m->n; i++) {
        if ((m->entries[i].attributes & (EFI_ATTRIBUTE_RO | EFI_ATTRIBUTE_XP)) == 0)
            found += broken(m, PROTECTION, i, found, "is neither read-only nor no-execute");
    }
    return summed_up(m, PROTECTION, 0, found, "entries");
}

/* Entries that are neither RO nor XP were already reported by mat_unprotected(). */
size_t mat_executable_data(const struct mat_case *m, size_t before)
{
    size_t found = 0, told = 0;
    for (size_t i = 0; i < m->n; i++) {
        uint64_t attributes = m->entries[i].attributes;
        if (m->entries[i].type != EFI_RUNTIME_DATA || (attributes & EFI_ATTRIBUTE_XP) != 0)
            continue;
        found++;
        if ((attributes & EFI_ATTRIBUTE_RO) != 0)
            told += broken(m, PROTECTION, i, before + told, "can be executed");
    }
    (void)summed_up(m, PROTECTION, before, told, "entries");
    return found;
}

static bool has_code(const struct efi_region *regions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (regions[i].type == EFI_RUNTIME_CODE)
            return true;
    }
    return false;
}

bool mat_has_code(const struct mat_case *m)
{
    return has_code(m->entries, m->n) || has_code(m->map, m->n_map);
}

bool mat_has_executable_code(const struct mat_case *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->entries[i].type == EFI_RUNTIME_CODE &&
            (m->entries[i].attributes & EFI_ATTRIBUTE_XP) == 0)
            return true;
    }
    return false;
}

void mat_find_unexecutable(const struct mat_case *m)
{
    if (!mat_has_executable_code(m))
        find(m, PROTECTION, m->blob, NO_OFFSET,
             "all runtime code is no-execute: runtime services cannot run");
}
