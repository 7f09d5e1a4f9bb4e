/* SPDX-License-Identifier: MIT */
#include "probe/memattr/memattr_table.h"

#include <string.h>

#include "parse/klog/efimap.h"
#include "probe/memattr/memattr_entries.h"

enum { ARM_GRANULE = 0x10000 }; /* UEFI 2.10, 2.3.6: runtime memory in 64 KiB, on AArch64 */

static const enum fact_id entry_facts[] = {
    FACT_MAT_ENTRIES, FACT_MAT_UNPROTECTED, FACT_MAT_EXECUTABLE_DATA, FACT_MAT_COVERS,
    FACT_MAT_LAYOUT,  FACT_MAT_EMPTY,       FACT_MAT_CODE_EXECUTABLE, FACT_NONE,
};

static const enum fact_id header_facts[] = {
    FACT_MAT_VERSION,
    FACT_MAT_FLOW,
    FACT_MAT_READ_FROM,
    FACT_NONE,
};

static bool is_runtime(const struct efi_region *r)
{
    return r->type == EFI_RUNTIME_CODE || r->type == EFI_RUNTIME_DATA;
}

/* The entries that consumers use: under UEFI they ignore all other types. */
static struct mat_case case_of(const struct probe_run *p, const struct mat_sight *s)
{
    struct efi_region *entries = arena_new(p->arena, struct efi_region, s->table.n);
    struct mat_case m = {
        .p = p, .blob = s->blob, .stride = s->from_log ? 0 : s->table.stride, .entries = entries};
    for (size_t i = 0; i < s->table.n; i++) {
        if (is_runtime(&s->table.entries[i]))
            entries[m.n++] = s->table.entries[i];
    }
    m.marks = arena_new(p->arena, struct mat_mark, m.n);
    return m;
}

/* Map ---------------------------------------------------------------------------------------- */

/* Linux tags regions that it reserves for itself as runtime, and lists others without the bit. */
static void keep_runtime(struct mat_case *m, const struct efimap *map)
{
    struct efi_region *kept = arena_new(m->p->arena, struct efi_region, map->n);
    m->map = kept;
    for (size_t i = 0; i < map->n; i++) {
        if (!is_runtime(&map->regions[i]))
            continue;
        if ((map->regions[i].attributes & EFI_ATTRIBUTE_RUNTIME) != 0)
            kept[m->n_map++] = map->regions[i];
        else
            m->n_unmarked++;
    }
}

/* The map to compare the entries with. Returns ST_OK, or why there is none. */
static enum status find_map(struct mat_case *m, const struct mat_sight *s, const char **blob)
{
    struct blob b = snap_get(m->p->snap, "efi/runtime-map");
    struct blob log = snap_get(m->p->snap, "efi/kernel-log");
    struct efimap map = {0};
    struct fault fault = {0};
    bool whole = false;
    *blob = b.name;
    if (b.st == ST_OK && !s->from_log) {
        enum status st = efimap_parse(b.data, m->p->arena, &map, &fault);
        if (st != ST_OK)
            notes_add(m->p->notes, b.name, "the map cannot be judged: %s, at byte %zu", fault.what,
                      fault.offset);
        if (st != ST_OK)
            return st;
    } else {
        efimap_read_log(log.data, m->p->arena, &map, &whole);
        /* The kernel's own buffer loses only its beginning; a log from a user may lack any line. */
        whole = whole && (map.witnessed || m->p->snap->kind != SOURCE_EVIDENCE);
        if (!whole && !s->from_log)
            return b.st;
        *blob = log.name;
        if (!whole)
            return ST_TRUNCATED;
    }
    keep_runtime(m, &map);
    return m->n_map > 0 ? ST_OK : ST_NOT_COLLECTED;
}

/* Facts -------------------------------------------------------------------------------------- */

/* A count of broken entries: any broken entry is proven; zero is proven only by a whole table. */
static void give_count(const struct mat_case *m, enum fact_id id, size_t n, bool whole)
{
    if (n > 0 || whole)
        facts_uint(m->p->facts, id, n, origin_of(m->blob));
    else
        facts_unknown(m->p->facts, id, ST_TRUNCATED, origin_of(m->blob));
}

static void give_soundness(const struct mat_case *m, enum fact_id id, size_t broken, bool whole)
{
    if (broken > 0)
        facts_bool(m->p->facts, id, false, origin_of(m->blob));
    else if (whole)
        facts_bool(m->p->facts, id, true, origin_of(m->blob));
    else
        facts_unknown(m->p->facts, id, ST_TRUNCATED, origin_of(m->blob));
}

/*
 * A log may lack lines, so a missing entry proves nothing; but if the entries cover the same log's
 * whole map, they are complete. Returns whether the table is known to be whole.
 */
static bool give_coverage(struct mat_case *m, const struct mat_sight *s)
{
    struct facts *f = m->p->facts;
    const char *blob = NULL;
    enum status st = find_map(m, s, &blob);
    if (st != ST_OK) {
        facts_unknown(f, FACT_MAT_COVERS, st, origin_of(blob));
        return !s->from_log;
    }
    size_t misplaced = mat_containment(m);
    if (s->from_log) {
        /* A line missing from the log does not mean an entry missing from the table. */
        m->silent = true;
        bool whole = s->log.opening && s->log.contiguous && mat_coverage(m, misplaced) == 0;
        m->silent = false;
        give_soundness(m, FACT_MAT_COVERS, misplaced, whole);
        return whole;
    }
    give_soundness(m, FACT_MAT_COVERS, misplaced + mat_coverage(m, misplaced), true);
    return true;
}

static void give_header(const struct probe_run *p, const struct mat_sight *s)
{
    enum { FLAGS_AT = 12 };
    struct facts *f = p->facts;
    facts_text(f, FACT_MAT_READ_FROM, s->read_from, origin_of(s->blob));
    if (s->from_log) {
        facts_unknown(f, FACT_MAT_VERSION, ST_NOT_COLLECTED, origin_of(s->blob));
        facts_unknown(f, FACT_MAT_FLOW, ST_NOT_COLLECTED, origin_of(s->blob));
        return;
    }
    facts_uint(f, FACT_MAT_VERSION, s->table.version, origin_at(s->blob, 0));
    if (s->table.version >= 2)
        facts_bool(f, FACT_MAT_FLOW, (s->table.flags & MEMATTR_FORWARD_CONTROL_FLOW) != 0,
                   origin_at(s->blob, FLAGS_AT));
    else
        facts_unknown(f, FACT_MAT_FLOW, ST_ABSENT, origin_of(s->blob));
}

/* Notes -------------------------------------------------------------------------------------- */

static void note_count(const struct mat_case *m, size_t n, const char *what)
{
    if (n > 0)
        notes_add(m->p->notes, m->blob, "%s: %zu", what, n);
}

/* Requirements of UEFI that are not in Microsoft's requirements. */
static void note_oddities(const struct mat_case *m, const struct mat_sight *s)
{
    const uint64_t known = EFI_ATTRIBUTE_RO | EFI_ATTRIBUTE_XP | EFI_ATTRIBUTE_RUNTIME;
    const struct fact *arch = &m->p->facts->all[FACT_HOST_ARCH];
    bool arm = arch->st == ST_OK && strcmp(arch->v.text, "aarch64") == 0;
    size_t narrow = 0, odd = 0, mapped = 0;
    for (size_t i = 0; i < m->n; i++) {
        uint64_t size = m->entries[i].pages << EFI_PAGE_SHIFT;
        narrow += arm && ((m->entries[i].start | size) & (ARM_GRANULE - 1)) != 0;
        odd += (m->entries[i].attributes & ~known) != 0;
        mapped += m->entries[i].virtual_start != 0;
    }
    note_count(m, s->table.n - m->n, "entries of other types, which are not used");
    note_count(m, narrow, "entries that are not aligned to 64 KiB, as UEFI requires on 64-bit Arm");
    note_count(m, m->n_unmarked, "runtime regions of the memory map without the bit RUNTIME");
    note_count(m, odd, "entries with attributes that the table should not have");
    note_count(m, mapped, "entries with a virtual address, which should be 0");
    if (s->from_log)
        return;
    uint32_t reserved = s->table.flags;
    if (s->table.version >= 2)
        reserved &= ~(uint32_t)MEMATTR_FORWARD_CONTROL_FLOW;
    if (s->table.version > 2)
        notes_add(m->p->notes, m->blob, "version %u, which is newer than this program",
                  (unsigned)s->table.version);
    if (reserved != 0)
        notes_add(m->p->notes, m->blob, "reserved flags are set: %#x", (unsigned)reserved);
}

/*
 * The fifth rule of Microsoft's older document requires page-aligned sections of runtime images.
 * Only its consequence is visible: code with separate text and data.
 */
static void note_split(const struct mat_case *m)
{
    size_t code = 0, text = 0, data = 0;
    for (size_t i = 0; i < m->n; i++) {
        uint64_t attributes = m->entries[i].attributes;
        if (m->entries[i].type != EFI_RUNTIME_CODE)
            continue;
        code++;
        text += (attributes & EFI_ATTRIBUTE_XP) == 0 && (attributes & EFI_ATTRIBUTE_RO) != 0;
        data += (attributes & EFI_ATTRIBUTE_XP) != 0;
    }
    if (text > 0 && data > 0)
        notes_add(m->p->notes, m->blob,
                  "runtime code is split at page boundaries into %zu read-only and %zu no-execute "
                  "parts, as images with page-aligned sections are; the sections themselves cannot "
                  "be seen from Linux",
                  text, data);
    else if (code > 0)
        notes_add(m->p->notes, m->blob,
                  "runtime code is not split into read-only and no-execute parts: whether its "
                  "images have page-aligned sections cannot be seen");
}

/* Runtime services have to run: some of the code in table or map must be executable. */
static void give_code(const struct mat_case *m, bool whole)
{
    struct facts *f = m->p->facts;
    struct origin from = origin_of(m->blob);
    if (mat_has_executable_code(m))
        facts_bool(f, FACT_MAT_CODE_EXECUTABLE, true, from);
    else if (!whole)
        facts_unknown(f, FACT_MAT_CODE_EXECUTABLE, ST_TRUNCATED, from);
    else if (mat_has_code(m))
        facts_bool(f, FACT_MAT_CODE_EXECUTABLE, false, from);
    else
        facts_unknown(f, FACT_MAT_CODE_EXECUTABLE, ST_NOT_COLLECTED, origin_of("efi/runtime-map"));
    if (whole && mat_has_code(m))
        mat_find_unexecutable(m);
}

/* A table without entries has no bad entry; that must not count as a pass. */
static void give_entries(const struct mat_case *m, const struct mat_sight *s, bool whole)
{
    static const enum fact_id judged[] = {FACT_MAT_LAYOUT, FACT_MAT_UNPROTECTED,
                                          FACT_MAT_EXECUTABLE_DATA, FACT_MAT_CODE_EXECUTABLE,
                                          FACT_NONE};
    struct facts *f = m->p->facts;
    if (whole)
        facts_uint(f, FACT_MAT_ENTRIES, s->table.n, origin_of(s->blob));
    else
        facts_unknown(f, FACT_MAT_ENTRIES, ST_TRUNCATED, origin_of(s->blob));
    if (m->n == 0) {
        facts_all_unknown(f, judged, whole ? ST_MALFORMED : ST_TRUNCATED, origin_of(s->blob));
        return;
    }
    give_soundness(m, FACT_MAT_LAYOUT, mat_layout(m), whole);
    size_t unprotected = mat_unprotected(m);
    give_count(m, FACT_MAT_UNPROTECTED, unprotected, whole);
    give_count(m, FACT_MAT_EXECUTABLE_DATA, mat_executable_data(m, unprotected), whole);
    give_code(m, whole);
}

/* A published table without entries leaves out all runtime memory of UEFI. */
static void give_empty(const struct mat_case *m)
{
    static const enum fact_id judged[] = {FACT_MAT_LAYOUT, FACT_MAT_UNPROTECTED,
                                          FACT_MAT_EXECUTABLE_DATA, FACT_MAT_CODE_EXECUTABLE,
                                          FACT_NONE};
    const size_t at = m->stride > 0 ? 4 : NO_OFFSET; /* offset of the number of entries */
    struct facts *f = m->p->facts;
    facts_uint(f, FACT_MAT_ENTRIES, 0, origin_at(m->blob, at));
    facts_bool(f, FACT_MAT_COVERS, false, origin_at(m->blob, at));
    facts_all_unknown(f, judged, ST_ABSENT, origin_of(m->blob));
    findings_add(f, (struct finding){
                        .rule = "uefi.mat-coverage",
                        .subject = m->blob,
                        .message = "the table has no entries: it describes no runtime memory",
                        .offset = at,
                        .length = at != NO_OFFSET ? sizeof(uint32_t) : 0,
                    });
}

void mat_table_give(const struct probe_run *p, const struct mat_sight *s)
{
    struct facts *f = p->facts;
    if (s->st != ST_OK) {
        facts_all_unknown(f, entry_facts, s->st, origin_of(s->blob));
        facts_all_unknown(f, header_facts, s->st, origin_of(s->blob));
        return;
    }
    struct mat_case m = case_of(p, s);
    give_header(p, s);
    facts_bool(f, FACT_MAT_EMPTY, s->table.n == 0, origin_of(s->blob));
    if (s->table.n == 0) {
        give_empty(&m);
        return;
    }
    bool whole = give_coverage(&m, s);
    give_entries(&m, s, whole);
    note_oddities(&m, s);
    note_split(&m);
    struct mat_view *view = arena_new(p->arena, struct mat_view, 1);
    *view = (struct mat_view){m.entries, m.marks, m.n};
    f->mat = view;
}
