/* SPDX-License-Identifier: MIT */
#include "support/build.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_LEN = 36, LENGTH_AT = 4, CHECKSUM_AT = 9 };

void put_bytes(struct build *b, const void *bytes, size_t n)
{
    if (n > sizeof b->bytes - b->len)
        abort();
    memcpy(b->bytes + b->len, bytes, n);
    b->len += n;
}

static void put_le(struct build *b, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = (uint8_t)(v >> (8 * i));
        put_bytes(b, &byte, 1);
    }
}

void put_u8(struct build *b, unsigned v)
{
    put_le(b, v, 1);
}

void put_le16(struct build *b, unsigned v)
{
    put_le(b, v, 2);
}

void put_le32(struct build *b, uint32_t v)
{
    put_le(b, v, 4);
}

void put_le64(struct build *b, uint64_t v)
{
    put_le(b, v, 8);
}

void put_zeros(struct build *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_u8(b, 0);
}

struct span build_span(const struct build *b)
{
    return (struct span){b->bytes, b->len};
}

void acpi_begin(struct build *b, const char *signature, unsigned revision)
{
    b->len = 0;
    put_bytes(b, signature, 4);
    put_le32(b, 0); /* length: acpi_end() */
    put_u8(b, revision);
    put_u8(b, 0); /* checksum: acpi_end() */
    put_bytes(b, "VBSCHKSELFTEST", 14);
    put_le32(b, 1);
    put_bytes(b, "TEST", 4);
    put_le32(b, 1);
}

void acpi_repair(uint8_t *bytes, size_t len)
{
    unsigned sum = 0;
    if (len < HEADER_LEN)
        return;
    for (size_t i = 0; i < 4; i++)
        bytes[LENGTH_AT + i] = (uint8_t)(len >> (8 * i));
    bytes[CHECKSUM_AT] = 0;
    for (size_t i = 0; i < len; i++)
        sum += bytes[i];
    bytes[CHECKSUM_AT] = (uint8_t)(0x100 - (sum & 0xff));
}

struct span acpi_end(struct build *b)
{
    acpi_repair(b->bytes, b->len);
    return build_span(b);
}

struct heap heap_copy(struct span s)
{
    uint8_t *bytes = malloc(s.len);
    if (bytes == NULL && s.len > 0)
        abort();
    if (s.len > 0)
        memcpy(bytes, s.ptr, s.len);
    return (struct heap){bytes, {bytes, s.len}};
}

struct heap acpi_repeat(struct span table, struct span part, size_t n)
{
    uint8_t *bytes = malloc(table.len + n * part.len);
    if (bytes == NULL)
        abort();
    memcpy(bytes, table.ptr, table.len);
    for (size_t i = 0; i < n; i++)
        memcpy(bytes + table.len + i * part.len, part.ptr, part.len);
    struct heap h = {bytes, {bytes, table.len + n * part.len}};
    acpi_repair(h.bytes, h.span.len);
    return h;
}

void heap_free(struct heap *h)
{
    free(h->bytes);
    *h = (struct heap){0};
}

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

void test_arena(struct arena *a)
{
    arena_init(a, 64U << 20, out_of_memory);
}

int test_arena_setup(void **state)
{
    struct arena *a = malloc(sizeof *a);
    if (a == NULL)
        abort();
    test_arena(a);
    *state = a;
    return 0;
}

int test_arena_teardown(void **state)
{
    arena_reset(*state);
    free(*state);
    return 0;
}
