/* SPDX-License-Identifier: MIT */
/* The file: its header, its table of resources, and their blocks. */
#include <stdlib.h>
#include <string.h>

#include "io/wim_lib.h"
#include "volume/wim_parts.h"

enum {
    BLOCKS = 8,
    BLOCK_MAX = 1 << 20, /* LZX blocks that Windows writes have 32 KiB */
    TABLE_MAX = 16 << 20,
    XML_MAX = 1 << 20,
    WIDE = 8, /* bytes of a block's position, in resources above 4 GiB */
};

struct wim_block {
    uint64_t resource, index; /* the block's resource, and its number there, from 1 on */
    size_t size;
    uint8_t *bytes;
};

/* Blocks --------------------------------------------------------------------------------------- */

static enum status read_number(const struct wim *w, uint64_t at, size_t size, uint64_t *out)
{
    uint8_t bytes[WIDE] = {0};
    enum status st = device_read(&w->device, at, bytes, size);
    struct rd r = rd_open((struct span){bytes, sizeof bytes});
    *out = rd_le64(&r);
    return st;
}

struct place {
    uint64_t at, n; /* in the file */
};

/* The positions of all blocks except the first stand before the blocks. */
static enum status find_block(const struct wim *w, const struct wim_resource *r, uint64_t i,
                              struct place *out)
{
    uint64_t blocks = (r->size + w->header.chunk - 1) / w->header.chunk;
    size_t wide = r->size > UINT32_MAX ? WIDE : WIDE / 2;
    uint64_t table = (blocks - 1) * wide, start = 0, end = r->stored - table;
    enum status st = table < r->stored ? ST_OK : ST_MALFORMED;
    if (st == ST_OK && i > 0)
        st = read_number(w, r->offset + (i - 1) * wide, wide, &start);
    if (st == ST_OK && i + 1 < blocks)
        st = read_number(w, r->offset + i * wide, wide, &end);
    if (st == ST_OK && (start >= end || end > r->stored - table || end - start > w->header.chunk))
        st = ST_MALFORMED;
    *out = (struct place){r->offset + table + start, end - start};
    return st;
}

static enum status read_block(struct wim *w, const struct wim_resource *r, uint64_t i,
                              struct wim_block *b)
{
    struct place p;
    uint64_t left = r->size - i * w->header.chunk;
    size_t size = left < w->header.chunk ? (size_t)left : w->header.chunk;
    b->index = 0;
    enum status st = find_block(w, r, i, &p);
    if (st == ST_OK)
        st = device_read(&w->device, p.at, p.n == size ? b->bytes : w->stored, (size_t)p.n);
    if (st == ST_OK && p.n > size)
        st = ST_MALFORMED;
    if (st == ST_OK && p.n < size &&
        w->lib->wimlib_decompress(w->stored, (size_t)p.n, b->bytes, size, w->unpack) != 0)
        st = ST_MALFORMED;
    if (st == ST_OK)
        *b = (struct wim_block){r->offset, i + 1, size, b->bytes};
    return st;
}

enum status wim_read(struct wim *w, const struct wim_resource *r, uint64_t at, void *to, size_t n)
{
    uint8_t *p = to;
    enum status st = ST_OK;
    if (at > r->size || n > r->size - at)
        return ST_TRUNCATED;
    if ((r->flags & WIM_SOLID) != 0 || (r->flags & WIM_SPANNED) != 0)
        return ST_UNSUPPORTED;
    if ((r->flags & WIM_PACKED) == 0)
        return r->stored == r->size ? device_read(&w->device, r->offset + at, to, n) : ST_MALFORMED;
    while (n > 0 && st == ST_OK && w->blocks != NULL) {
        uint64_t i = at / w->header.chunk;
        size_t from = (size_t)(at % w->header.chunk);
        struct wim_block *b = &w->blocks[i % BLOCKS];
        if (b->resource != r->offset || b->index != i + 1)
            st = read_block(w, r, i, b);
        size_t some = st == ST_OK && b->size - from < n ? b->size - from : n;
        if (st == ST_OK)
            memcpy(p, b->bytes + from, some);
        p += some;
        at += some;
        n -= some;
    }
    return st == ST_OK && n > 0 ? ST_MALFORMED : st;
}

/* The file ------------------------------------------------------------------------------------- */

static enum status read_whole(struct wim *w, const struct wim_resource *r, size_t most,
                              struct arena *a, struct span *out)
{
    if (r->size > most)
        return ST_TRUNCATED;
    uint8_t *bytes = arena_alloc(a, (size_t)r->size, 1);
    enum status st = wim_read(w, r, 0, bytes, (size_t)r->size);
    *out = (struct span){bytes, (size_t)r->size};
    return st;
}

static enum status prepare_blocks(struct wim *w)
{
    if (w->header.packing == WIM_PLAIN)
        return ST_OK;
    if (w->header.chunk > BLOCK_MAX)
        return ST_UNSUPPORTED;
    struct wimlib_decompressor *d = NULL;
    if (w->lib->wimlib_create_decompressor((int)w->header.packing, w->header.chunk, &d) != 0)
        return ST_UNSUPPORTED;
    w->unpack = d;
    w->stored = arena_alloc(w->arena, w->header.chunk, 1);
    w->blocks = arena_new(w->arena, struct wim_block, BLOCKS);
    for (size_t i = 0; i < BLOCKS; i++)
        w->blocks[i].bytes = arena_alloc(w->arena, w->header.chunk, 1);
    return ST_OK;
}

static int by_hash(const void *a, const void *b)
{
    const uint8_t *const *l = a, *const *r = b;
    int order = memcmp(*l + WIM_ENTRY - WIM_HASH, *r + WIM_ENTRY - WIM_HASH, WIM_HASH);
    return order != 0 ? order : (*l > *r) - (*l < *r);
}

/* An image has as many files as the table has entries: each is looked up. */
static void sort_table(struct wim *w)
{
    w->n_by_hash = w->table.len / WIM_ENTRY;
    w->by_hash = arena_new(w->arena, const uint8_t *, w->n_by_hash);
    for (size_t i = 0; i < w->n_by_hash; i++)
        w->by_hash[i] = w->table.ptr + i * WIM_ENTRY;
    if (w->n_by_hash > 1)
        qsort(w->by_hash, w->n_by_hash, sizeof *w->by_hash, by_hash);
}

enum status wim_open(const struct wim_lib *lib, const struct volume_device *device, struct arena *a,
                     struct wim *out)
{
    uint8_t head[WIM_HEADER];
    *out = (struct wim){.lib = lib, .device = *device, .arena = a};
    enum status st = device_read(device, 0, head, sizeof head);
    if (st == ST_OK)
        st = wim_header_parse((struct span){head, sizeof head}, &out->header);
    if (st == ST_OK && (out->header.solid || out->header.split))
        st = ST_UNSUPPORTED;
    if (st == ST_OK && lib == NULL)
        st = ST_NO_DRIVER;
    if (st == ST_OK)
        st = prepare_blocks(out);
    if (st == ST_OK)
        st = read_whole(out, &out->header.table, TABLE_MAX, a, &out->table);
    if (st == ST_OK)
        sort_table(out);
    return st;
}

void wim_close(struct wim *w)
{
    if (w->unpack != NULL)
        w->lib->wimlib_free_decompressor(w->unpack);
    w->unpack = NULL;
}

const char *wim_name(struct wim *w, unsigned image, struct arena *a)
{
    struct span xml = {0};
    return read_whole(w, &w->header.xml, XML_MAX, a, &xml) == ST_OK ? wim_image_name(xml, image, a)
                                                                    : "";
}

/* The n-th resource of folders belongs to image n. */
enum status wim_choose(struct wim *w, unsigned image)
{
    uint8_t security[4];
    struct span rest = w->table;
    struct wim_entry e;
    for (; wim_entry_parse(rest, &e); rest = span_skip(rest, WIM_ENTRY)) {
        if ((e.resource.flags & WIM_METADATA) == 0 || --image > 0)
            continue;
        enum status st = wim_read(w, &e.resource, 0, security, sizeof security);
        struct rd r = rd_open((struct span){security, sizeof security});
        uint64_t length = rd_le32(&r);
        w->folders = e.resource;
        w->known = NULL;
        w->n_known = w->n_names = 0;
        w->root = length < 8 ? 8 : (length + 7) & ~(uint64_t)7;
        return st;
    }
    return ST_ABSENT;
}

bool wim_find(const struct wim *w, struct span hash, struct wim_resource *out)
{
    struct wim_entry e;
    size_t low = 0, high = w->n_by_hash;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(w->by_hash[middle] + WIM_ENTRY - WIM_HASH, hash.ptr, WIM_HASH) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == w->n_by_hash || !wim_entry_parse((struct span){w->by_hash[low], WIM_ENTRY}, &e) ||
        !span_equal(e.hash, hash))
        return false;
    *out = e.resource;
    return true;
}
