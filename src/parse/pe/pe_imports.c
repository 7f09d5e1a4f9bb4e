/* SPDX-License-Identifier: MIT */
/*
 * The imports of an image, and the places where its loader writes ("PE Format", sections .idata and
 * .reloc).
 */
#include <string.h>

#include "parse/pe/pe.h"
#include "parse/refuse.h"
#include "vbscheck/count.h"

enum {
    DLLS_MAX = 1024,
    FUNCTIONS_MAX = 1 << 16,
    RELOCS_MAX = 1 << 22,
    NAME_MAX_LEN = 64, /* longer names are not among those searched for */
};

/* drivers.md, section 4: with NonPagedPool, which is 0, they hand out executable memory. */
static const char *const legacy_pool[] = {
    "ExAllocatePool",        "ExAllocatePoolWithQuota",       "ExAllocatePoolWithQuotaTag",
    "ExAllocatePoolWithTag", "ExAllocatePoolWithTagPriority",
};

struct walk {
    const struct pe_image *pe;
    struct pe_imports found;
    struct fault fault; /* `what` is NULL while sound */
};

static void note_name(struct walk *w, uint32_t rva)
{
    struct rd r = pe_open(w->pe, rva);
    rd_skip(&r, 2); /* hint */
    struct span rest = rd_take(&r, rd_left(&r) < NAME_MAX_LEN ? rd_left(&r) : NAME_MAX_LEN);
    const uint8_t *end = rest.len > 0 ? memchr(rest.ptr, 0, rest.len) : NULL;
    if (end == NULL)
        return;
    struct span name = {rest.ptr, (size_t)(end - rest.ptr)};
    for (size_t i = 0; i < COUNT(legacy_pool); i++)
        w->found.legacy_pool += span_is(name, legacy_pool[i]);
}

/* A list of thunks, ended by 0: ordinals have the highest bit set, others point to a name. */
static void walk_thunks(struct walk *w, uint32_t rva)
{
    bool plus = w->pe->magic == PE32_PLUS;
    struct rd r = pe_open(w->pe, rva);
    while (rd_ok(&r)) {
        uint64_t thunk = plus ? rd_le64(&r) : rd_le32(&r);
        if (thunk == 0)
            break;
        if (w->found.functions + w->found.ordinals == FUNCTIONS_MAX)
            rd_fail(&r, ST_MALFORMED, "too many imports for a driver");
        else if ((thunk >> (plus ? 63 : 31)) != 0)
            w->found.ordinals++;
        else
            w->found.functions++;
        if ((thunk >> 31) == 0)
            note_name(w, (uint32_t)thunk);
    }
    if (!rd_ok(&r) && w->fault.what == NULL)
        w->fault = r.fault;
}

static void note_thunk_section(struct walk *w, uint32_t rva)
{
    const struct pe_section *s = pe_section_of(w->pe, rva);
    if (w->found.executable_thunk == 0 && s != NULL && (s->flags & PE_SCN_MEM_EXECUTE) != 0)
        w->found.executable_thunk = rva;
}

enum status pe_imports(const struct pe_image *pe, struct pe_imports *out, struct fault *fault)
{
    struct walk w = {.pe = pe};
    const struct pe_directory *d = &pe->dirs[PE_DIR_IMPORT];
    struct rd r = {0};
    bool any = d->at != 0; /* Windows' loader never looks at the size */
    if (any)
        r = pe_open(pe, d->at);
    while (any && rd_ok(&r) && w.fault.what == NULL) {
        uint32_t lookup = rd_le32(&r);
        rd_skip(&r, 8);
        uint32_t name = rd_le32(&r), thunk = rd_le32(&r);
        if (!rd_ok(&r) || name == 0)
            break;
        if (w.found.dlls++ == DLLS_MAX)
            rd_fail(&r, ST_MALFORMED, "too many imported modules for a driver");
        note_thunk_section(&w, thunk);
        walk_thunks(&w, lookup != 0 ? lookup : thunk);
    }
    if (any && !rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    if (w.fault.what != NULL)
        return refuse(fault, w.fault.offset, w.fault.what);
    *out = w.found;
    return ST_OK;
}

/* Entries of 16 bits: type in the upper 4, offset in the page in the lower 12. */
static void count_entries(struct rd *block, struct pe_relocs *found)
{
    enum { HIGHLOW = 3, DIR64 = 10, LAST_HIGHLOW = 0xffc, LAST_DIR64 = 0xff8 };
    while (rd_left(block) >= 2) {
        uint16_t entry = rd_le16(block), offset = entry & 0xfff;
        found->n += entry >> 12 != 0;
        found->straddling += (entry >> 12 == DIR64 && offset > LAST_DIR64) ||
                             (entry >> 12 == HIGHLOW && offset > LAST_HIGHLOW);
    }
}

enum status pe_relocs(const struct pe_image *pe, struct pe_relocs *out, struct fault *fault)
{
    struct pe_relocs found = {0};
    const struct pe_directory *d = &pe->dirs[PE_DIR_BASERELOC];
    if (d->at == 0 || d->size == 0) {
        *out = found;
        return ST_OK;
    }
    struct rd all = pe_open(pe, d->at);
    struct rd r = rd_sub(&all, d->size);
    while (rd_left(&r) >= 8 && found.n < RELOCS_MAX) {
        rd_skip(&r, 4); /* the page */
        uint32_t size = rd_le32(&r);
        if (size == 0)
            break;
        if (size < 8)
            rd_fail(&r, ST_MALFORMED, "a block of relocations that is too short");
        struct rd block = rd_sub(&r, size - 8);
        count_entries(&block, &found);
    }
    if (!rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    *out = found;
    return ST_OK;
}
