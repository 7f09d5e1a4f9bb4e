/* SPDX-License-Identifier: MIT */
/* Compares tables of two captures: by byte, and by the addresses in their entries. */
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "parse/acpi/dmar.h"
#include "parse/memattr.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { RUNS_MAX = 32, ENTRIES_SHOWN = 64 };

/* Header fields of every table (ACPI specification 6.5, section 5.2.6) and of two tables. */
static const struct {
    const char *table; /* NULL: all tables */
    size_t first, last;
    const char *words;
} fields[] = {
    {NULL, 4, 7, "length"},         {NULL, 8, 8, "revision"},
    {NULL, 9, 9, "checksum"},       {NULL, 10, 15, "OEM id"},
    {NULL, 16, 23, "OEM table"},    {NULL, 24, 27, "OEM revision"},
    {NULL, 28, 35, "creator"},      {"acpi/DMAR", 36, 36, "host address width"},
    {"acpi/DMAR", 37, 37, "flags"}, {"acpi/WSMT", 36, 39, "protections"},
};

static const char *field_at(const char *table, size_t offset)
{
    for (size_t i = 0; i < COUNT(fields); i++) {
        bool mine = fields[i].table != NULL ? strcmp(fields[i].table, table) == 0
                                            : strncmp(table, "acpi/", 5) == 0;
        if (mine && offset >= fields[i].first && offset <= fields[i].last)
            return fields[i].words;
    }
    return NULL;
}

/* Bytes ------------------------------------------------------------------------------------ */

static void add_run(struct table_change *t, struct arena *arena, const struct blob *a,
                    const struct blob *b, size_t from, size_t n)
{
    t->n_differ += n;
    if (t->n_bytes == RUNS_MAX)
        return;
    t->bytes = arena_grow(arena, t->bytes, t->n_bytes, sizeof *t->bytes);
    t->bytes[t->n_bytes++] = (struct byte_change){.offset = from,
                                                  .a = {a->data.ptr + from, n},
                                                  .b = {b->data.ptr + from, n},
                                                  .field = field_at(t->name, from)};
}

/* The sizes already show what follows the end of the shorter table. */
static void compare_bytes(struct table_change *t, const struct blob *a, const struct blob *b,
                          struct arena *arena)
{
    size_t most = a->data.len < b->data.len ? a->data.len : b->data.len;
    for (size_t i = 0; i < most;) {
        size_t n = 0;
        const char *field = field_at(t->name, i);
        while (i + n < most && a->data.ptr[i + n] != b->data.ptr[i + n] &&
               field_at(t->name, i + n) == field)
            n++;
        if (n > 0)
            add_run(t, arena, a, b, i, n);
        i += n > 0 ? n : 1;
    }
}

/* Entries ---------------------------------------------------------------------------------- */

struct entry {
    const char *kind;
    uint64_t address;
    const char *words;
    size_t order;
};

struct entries {
    struct entry *items;
    size_t n;
};

static int by_address(const void *x, const void *y)
{
    const struct entry *l = x, *r = y;
    if (l->address != r->address)
        return l->address < r->address ? -1 : 1;
    int order = strcmp(l->kind, r->kind);
    return order != 0 ? order : l->order < r->order ? -1 : l->order > r->order;
}

static const char *protection(uint64_t attributes)
{
    static const char *const words[] = {"neither read-only nor no-execute", "no-execute",
                                        "read-only", "read-only and no-execute"};
    return words[((attributes & EFI_ATTRIBUTE_RO) != 0) * 2 +
                 ((attributes & EFI_ATTRIBUTE_XP) != 0)];
}

static const char *mat_words(const struct efi_region *r, struct arena *a)
{
    const char *type = r->type == EFI_RUNTIME_CODE   ? "runtime code"
                       : r->type == EFI_RUNTIME_DATA ? "runtime data"
                                                     : arena_printf(a, "type %u", r->type);
    const char *runtime = (r->attributes & EFI_ATTRIBUTE_RUNTIME) != 0 ? "" : ", not runtime";
    return arena_printf(a, "%s, %llu page%s, %s%s", type, (unsigned long long)r->pages,
                        r->pages == 1 ? "" : "s", protection(r->attributes), runtime);
}

static bool mat_entries(struct span bytes, struct arena *a, struct entries *out)
{
    struct memattr mat;
    if (memattr_parse(bytes, a, &mat, NULL) != ST_OK)
        return false;
    out->items = arena_new(a, struct entry, mat.n);
    out->n = mat.n;
    for (size_t i = 0; i < mat.n; i++)
        out->items[i] = (struct entry){"entry", mat.entries[i].start, NULL, i};
    for (size_t i = 0; i < mat.n; i++)
        out->items[i].words = mat_words(&mat.entries[i], a);
    return true;
}

static void put_scope(struct out *o, const struct dmar_scope *s)
{
    static const char *const types[] = {[DMAR_SCOPE_ENDPOINT] = "endpoint",
                                        [DMAR_SCOPE_BRIDGE] = "bridge",
                                        [DMAR_SCOPE_IOAPIC] = "I/O APIC",
                                        [DMAR_SCOPE_HPET] = "HPET",
                                        [DMAR_SCOPE_NAMESPACE] = "ACPI device"};
    if (s->type < COUNT(types) && types[s->type] != NULL)
        out_printf(o, ", %s %02x", types[s->type], s->bus);
    else
        out_printf(o, ", scope of type %u %02x", s->type, s->bus);
    for (size_t i = 0; i + 1 < s->path.len; i += 2)
        out_printf(o, ":%02x.%x", s->path.ptr[i], s->path.ptr[i + 1]);
}

static const char *dmar_words(const struct dmar_structure *s, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    out_printf(&o, "segment %u, flags 0x%02x", s->segment, s->flags);
    if (s->type == DMAR_RMRR)
        out_printf(&o, ", to 0x%llx", (unsigned long long)s->limit);
    for (size_t i = 0; i < s->n_scopes; i++)
        put_scope(&o, &s->scopes[i]);
    out_char(&o, '\0');
    return o.buf;
}

static bool dmar_entries(struct span bytes, struct arena *a, struct entries *out)
{
    static const char *const kinds[DMAR_TYPES] = {"DRHD", "RMRR", "ATSR", "RHSA",
                                                  "ANDD", "SATC", "SIDP"};
    struct dmar dmar;
    if (dmar_parse(bytes, a, &dmar, NULL) != ST_OK)
        return false;
    out->items = arena_new(a, struct entry, dmar.n_structures);
    out->n = dmar.n_structures;
    for (size_t i = 0; i < dmar.n_structures; i++) {
        const struct dmar_structure *s = &dmar.structures[i];
        out->items[i] = (struct entry){kinds[s->type], s->base, dmar_words(s, a), i};
    }
    return true;
}

static void add_entry(struct table_change *t, struct arena *arena, struct entry key, const char *a,
                      const char *b)
{
    if (a != NULL && b != NULL && strcmp(a, b) == 0)
        return;
    if (t->n_entries == ENTRIES_SHOWN) {
        t->n_more++;
        return;
    }
    t->entries = arena_grow(arena, t->entries, t->n_entries, sizeof *t->entries);
    t->entries[t->n_entries++] = (struct entry_change){key.kind, key.address, a, b};
}

/* Both lists are in the order of their addresses. */
static void merge(struct table_change *t, const struct entries *a, const struct entries *b,
                  struct arena *arena)
{
    size_t i = 0, j = 0;
    while (i < a->n || j < b->n) {
        struct entry l = i < a->n ? a->items[i] : (struct entry){0};
        struct entry r = j < b->n ? b->items[j] : (struct entry){0};
        l.order = r.order = 0;
        int order = i == a->n ? 1 : j == b->n ? -1 : by_address(&l, &r);
        add_entry(t, arena, order <= 0 ? l : r, order <= 0 ? l.words : NULL,
                  order >= 0 ? r.words : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

static void compare_entries(struct table_change *t, const struct blob *a, const struct blob *b,
                            struct arena *arena)
{
    static const struct {
        const char *table;
        bool (*list)(struct span bytes, struct arena *a, struct entries *out);
    } kinds[] = {{"efi/memattr", mat_entries}, {"acpi/DMAR", dmar_entries}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct entries l = {0}, r = {0};
        if (strcmp(kinds[i].table, t->name) != 0 || !kinds[i].list(a->data, arena, &l) ||
            !kinds[i].list(b->data, arena, &r))
            continue;
        qsort(l.items, l.n, sizeof *l.items, by_address);
        qsort(r.items, r.n, sizeof *r.items, by_address);
        merge(t, &l, &r, arena);
    }
}

/* Tables ----------------------------------------------------------------------------------- */

static const struct blob *blob_of(const struct side *s, const char *name)
{
    for (size_t i = 0; i < s->n_blobs; i++) {
        if (strcmp(s->blobs[i].name, name) == 0)
            return &s->blobs[i];
    }
    return NULL;
}

static void add_table(const struct side *a, const struct side *b, const char *name,
                      struct arena *arena, struct comparison *out)
{
    const struct blob *l = blob_of(a, name), *r = blob_of(b, name);
    struct table_change t = {.name = name, .in_a = l != NULL, .in_b = r != NULL};
    t.size_a = l != NULL ? l->data.len : 0;
    t.size_b = r != NULL ? r->data.len : 0;
    if (l != NULL && r != NULL) {
        if (span_equal(l->data, r->data))
            return;
        compare_bytes(&t, l, r, arena);
        compare_entries(&t, l, r, arena);
    }
    out->tables = arena_grow(arena, out->tables, out->n_tables, sizeof *out->tables);
    out->tables[out->n_tables++] = t;
}

void compare_tables(const struct side *a, const struct side *b, struct arena *arena,
                    struct comparison *out)
{
    out->no_bytes = a->blobs == NULL || b->blobs == NULL;
    if (out->no_bytes)
        return;
    for (size_t i = 0; i < a->n_blobs; i++)
        add_table(a, b, a->blobs[i].name, arena, out);
    for (size_t i = 0; i < b->n_blobs; i++) {
        if (blob_of(a, b->blobs[i].name) == NULL)
            add_table(a, b, b->blobs[i].name, arena, out);
    }
}

const char *table_words(const struct table_change *t, struct arena *a)
{
    if (!t->in_a || !t->in_b)
        return arena_printf(a, "only in %s, %zu bytes", t->in_a ? "A" : "B",
                            t->in_a ? t->size_a : t->size_b);
    const char *differ = arena_printf(a, "%zu byte%s differ%s", t->n_differ,
                                      t->n_differ == 1 ? "" : "s", t->n_differ == 1 ? "s" : "");
    return t->size_a == t->size_b ? differ
                                  : arena_printf(a,
                                                 "%zu -> %zu bytes; in the part that both "
                                                 "have, %s",
                                                 t->size_a, t->size_b, differ);
}

const char *hex_words(struct span bytes, struct arena *a)
{
    enum { SHOWN = 16 };
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < bytes.len && i < SHOWN; i++)
        out_printf(&o, "%s%02x", i > 0 ? " " : "", bytes.ptr[i]);
    if (bytes.len > SHOWN)
        out_str(&o, " ...");
    out_char(&o, '\0');
    return o.buf;
}
