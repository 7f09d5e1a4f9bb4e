/* SPDX-License-Identifier: MIT */
/* Builds input for tests byte by byte, so that what is wrong with it can be read in the test. */
#ifndef SUPPORT_BUILD_H
#define SUPPORT_BUILD_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct build {
    uint8_t bytes[65536];
    size_t len;
};

/* Each appends; running over the buffer aborts. */
void put_u8(struct build *b, unsigned v);
void put_le16(struct build *b, unsigned v);
void put_le32(struct build *b, uint32_t v);
void put_le64(struct build *b, uint64_t v);
void put_bytes(struct build *b, const void *bytes, size_t n);
void put_zeros(struct build *b, size_t n);

struct span build_span(const struct build *b);

/* Starts a table anew: header with this signature and revision, OEM "VBSCHK" "SELFTEST". */
void acpi_begin(struct build *b, const char *signature, unsigned revision);

/* Fills in length and checksum; the span is over `b`. */
struct span acpi_end(struct build *b);

/* Makes length and checksum fit whatever the bytes are; shorter than a header is left alone. */
void acpi_repair(uint8_t *bytes, size_t len);

/* A copy in a heap block of exactly its size, so that the address sanitizer sees an over-read. */
struct heap {
    uint8_t *bytes;
    struct span span;
};
struct heap heap_copy(struct span s);

/* `table` with `n` copies of `part` behind it, length and checksum filled in. */
struct heap acpi_repeat(struct span table, struct span part, size_t n);
void heap_free(struct heap *h);

/* An arena that is large enough for any test; running over it aborts. */
void test_arena(struct arena *a);

/* Setup and teardown of a group of tests: *state is such an arena. */
int test_arena_setup(void **state);
int test_arena_teardown(void **state);

#endif
