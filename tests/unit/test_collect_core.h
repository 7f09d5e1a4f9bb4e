/* SPDX-License-Identifier: MIT */
/* ELF cores and Memory Attributes Tables; for the tests of what reads them out of memory. */
#ifndef TEST_COLLECT_CORE_H
#define TEST_COLLECT_CORE_H

#include <stdlib.h>
#include <unistd.h>

#include "support/build.h"
#include "support/cmocka.h"

enum { CORE_LOAD = 1, CORE_NOTE = 4, TABLE_STRIDE = 48, TABLE_HEADER = 16 };
#define CORE_NOWHERE UINT64_MAX

/* A program header. */
struct core_segment {
    uint32_t type;
    uint64_t offset, virtual, physical, size;
};

/* The fields of an ELF header that decide. */
struct core_head {
    uint8_t class, data;
    uint16_t type, entry, n;
    uint64_t table; /* offset of the program headers */
};

static const struct core_head core_sound = {2, 1, 4, 56, 0, 64};

static inline void core_put_head(struct build *b, const struct core_head *h)
{
    b->len = 0;
    put_bytes(b, "\177ELF", 4);
    put_u8(b, h->class);
    put_u8(b, h->data);
    put_zeros(b, 10);
    put_le16(b, h->type);
    put_le16(b, 62); /* machine */
    put_le32(b, 1);
    put_le64(b, 0); /* entry point */
    put_le64(b, h->table);
    put_le64(b, 0); /* sections */
    put_le32(b, 0);
    put_le16(b, 64);
    put_le16(b, h->entry);
    put_le16(b, h->n);
    put_zeros(b, 6);
}

static inline void core_put_segment(struct build *b, const struct core_segment *s)
{
    put_le32(b, s->type);
    put_le32(b, 7);
    put_le64(b, s->offset);
    put_le64(b, s->virtual);
    put_le64(b, s->physical);
    put_le64(b, s->size);
    put_le64(b, s->size);
    put_le64(b, 4096);
}

static inline void core_write(int fd, uint64_t offset, const void *bytes, size_t n)
{
    assert_int_equal(pwrite(fd, bytes, n, (off_t)offset), n);
}

/* The headers of a core with these segments. */
static inline void core_headers(int fd, const struct core_segment *segments, size_t n)
{
    static struct build b;
    struct core_head h = core_sound;
    h.n = (uint16_t)n;
    core_put_head(&b, &h);
    for (size_t i = 0; i < n; i++)
        core_put_segment(&b, &segments[i]);
    core_write(fd, 0, b.bytes, b.len);
}

/* A table of `n` entries of runtime code, each read-only. */
static inline void table_build(struct build *b, uint32_t version, uint32_t n)
{
    b->len = 0;
    put_le32(b, version);
    put_le32(b, n);
    put_le32(b, TABLE_STRIDE);
    put_le32(b, 0);
    for (uint32_t i = 0; i < n; i++) {
        put_le32(b, 5);
        put_le32(b, 0);
        put_le64(b, UINT64_C(0x1000) * i);
        put_le64(b, 0);
        put_le64(b, 1);
        put_le64(b, UINT64_C(0x8000000000020000));
        put_zeros(b, 8);
    }
}

#endif
