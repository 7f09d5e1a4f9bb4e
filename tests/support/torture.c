/* SPDX-License-Identifier: MIT */
#include "support/torture.h"

#include <string.h>

#include "support/cmocka.h"

enum { MUTATIONS = 20000, HEADER_LEN = 36 };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

void torture_truncate_table(torture_fn *parse, struct span good)
{
    assert_int_equal(parse(good), ST_OK);
    for (size_t n = 0; n < good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        assert_int_equal(parse(h.span), ST_MALFORMED);
        acpi_repair(h.bytes, n);
        (void)parse(h.span);
        heap_free(&h);
    }
}

void torture_flip_table(torture_fn *parse, struct span good)
{
    struct heap h = heap_copy(good);
    for (size_t bit = 0; bit < good.len * 8; bit++) {
        memcpy(h.bytes, good.ptr, good.len);
        h.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(parse(h.span), ST_MALFORMED);
        acpi_repair(h.bytes, good.len);
        (void)parse(h.span);
    }
    heap_free(&h);
}

struct heap torture_mutant(struct span good, uint64_t *seed)
{
    /* Values that lengths and counts break on. */
    static const uint8_t favourites[] = {0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xf0, 0xfe, 0xff};
    size_t n = good.len;
    if (next_random(seed) % 4 == 0)
        n -= next_random(seed) % n;
    struct heap h = heap_copy((struct span){good.ptr, n});
    for (uint64_t left = 1 + next_random(seed) % 6; left > 0; left--) {
        uint8_t v = (uint8_t)next_random(seed);
        if (next_random(seed) % 2 == 0)
            v = favourites[next_random(seed) % sizeof favourites];
        h.bytes[next_random(seed) % n] = v;
    }
    return h;
}

void torture_mutate_table(torture_fn *parse, struct span good)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct heap h = torture_mutant(good, &seed);
        if (i % 3 != 0)
            acpi_repair(h.bytes, h.span.len);
        (void)parse(h.span);
        heap_free(&h);
    }
}

void torture_text(torture_fn *parse, struct span good)
{
    uint64_t seed = 0x2545f4914f6cdd1d;
    for (size_t n = 0; n <= good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        (void)parse(h.span);
        heap_free(&h);
    }
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct heap h = torture_mutant(good, &seed);
        (void)parse(h.span);
        heap_free(&h);
    }
}
