/* SPDX-License-Identifier: MIT */
#include "parse/memattr.h"

#include "parse/refuse.h"

enum { VERSION_OFFSET = 0, COUNT_OFFSET = 4, STRIDE_OFFSET = 8, DESCRIPTOR_PADDING = 4 };

struct header {
    uint32_t version;
    uint32_t n;
    uint32_t stride;
    uint32_t flags;
};

/* Reads the header before the entries. False if there are too few bytes. */
static bool read_header(struct rd *r, struct header *out)
{
    struct header h = {.version = rd_le32(r)};
    h.n = rd_le32(r);
    h.stride = rd_le32(r);
    h.flags = rd_le32(r);
    if (rd_ok(r))
        *out = h;
    return rd_ok(r);
}

static uint64_t size_of(const struct header *h)
{
    return MEMATTR_HEADER + (uint64_t)h->n * h->stride;
}

/*
 * NULL, or what is wrong, with *offset where. A future version is accepted if its number is
 * plausible and the stride makes sense; Linux ignores such tables.
 */
static const char *wrong_with(uint64_t version, uint64_t stride, uint64_t entries, size_t *offset)
{
    enum { VERSION_MAX = 255 };
    *offset = VERSION_OFFSET;
    if (version == 0 || version > VERSION_MAX)
        return "no such version of the table exists";
    *offset = STRIDE_OFFSET;
    if (stride < MEMATTR_STRIDE_MIN || stride > MEMATTR_STRIDE_MAX || stride % 8 != 0)
        return "a memory descriptor cannot have this size";
    *offset = COUNT_OFFSET;
    if (entries > (MEMATTR_BYTES_MAX - MEMATTR_HEADER) / stride)
        return "too many entries for a table";
    return NULL;
}

bool memattr_header_is_sane(uint64_t version, uint64_t stride, uint64_t entries)
{
    size_t offset = 0;
    return wrong_with(version, stride, entries, &offset) == NULL;
}

bool memattr_is_sane(struct span header, size_t *need)
{
    struct rd r = rd_open(header);
    struct header h = {0};
    size_t offset = 0;
    if (!read_header(&r, &h) || wrong_with(h.version, h.stride, h.n, &offset) != NULL)
        return false;
    if (need != NULL)
        *need = (size_t)size_of(&h);
    return true;
}

/*
 * UEFI 2.10, section 7.2.3, EFI_MEMORY_DESCRIPTOR. Skips fields that newer versions add at the end.
 */
static struct efi_region read_entry(struct rd *r, uint32_t stride)
{
    struct efi_region e = {.offset = rd_offset(r)};
    struct rd d = rd_sub(r, stride);
    e.type = rd_le32(&d);
    rd_skip(&d, DESCRIPTOR_PADDING);
    e.start = rd_le64(&d);
    e.virtual_start = rd_le64(&d);
    e.pages = rd_le64(&d);
    e.attributes = rd_le64(&d);
    return e;
}

bool memattr_looks_like(struct span file)
{
    struct rd r = rd_open(file);
    struct header h = {0};
    size_t need = 0;
    if (!memattr_is_sane(file, &need) || need > file.len || !read_header(&r, &h) || h.version > 2)
        return false;
    if (h.n == 0) /* only the header can decide */
        return file.len == MEMATTR_HEADER;
    for (uint32_t i = 0; i < h.n; i++) {
        struct efi_region e = read_entry(&r, h.stride);
        if (e.type != EFI_RUNTIME_CODE && e.type != EFI_RUNTIME_DATA)
            return false;
    }
    return rd_ok(&r);
}

/* True for zeros: a page that firmware or the kernel does not show reads like this. */
static bool is_zero(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != 0)
            return false;
    }
    return true;
}

enum status memattr_parse(struct span bytes, struct arena *a, struct memattr *out,
                          struct fault *fault)
{
    struct rd r = rd_open(bytes);
    struct header h = {0};
    size_t offset = 0;
    if (!read_header(&r, &h))
        return refuse(fault, 0, "data ends inside the header");
    const char *wrong = wrong_with(h.version, h.stride, h.n, &offset);
    if (wrong != NULL)
        return refuse(fault, offset,
                      is_zero(bytes) ? "there are only zeros where the table should be" : wrong);
    if (size_of(&h) > bytes.len) {
        (void)refuse(fault, bytes.len, "data ends inside the table's entries");
        return ST_TRUNCATED;
    }
    struct efi_region *entries = arena_new(a, struct efi_region, h.n);
    for (uint32_t i = 0; i < h.n; i++)
        entries[i] = read_entry(&r, h.stride);
    *out = (struct memattr){h.version, h.stride, h.flags, entries, h.n};
    return ST_OK;
}
