/* SPDX-License-Identifier: MIT */
#include "support/torture.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/mutant.h"

enum { MUTATIONS = 20000, HEADER_LEN = 36 };

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

void torture_mutate_table(torture_fn *parse, struct span good)
{
    uint64_t seed = 0x9e3779b97f4a7c15;
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct heap h = mutant_of_table(good, &seed, i);
        (void)parse(h.span);
        heap_free(&h);
    }
}

static void mutate(torture_fn *parse, struct span good, uint64_t seed)
{
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct heap h = mutant_of(good, &seed);
        (void)parse(h.span);
        heap_free(&h);
    }
}

void torture_whole(torture_fn *parse, struct span good)
{
    for (size_t n = 0; n < good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        assert_int_equal(parse(h.span), ST_MALFORMED);
        heap_free(&h);
    }
    mutate(parse, good, 0x9e3779b97f4a7c15);
}

void torture_text(torture_fn *parse, struct span good)
{
    for (size_t n = 0; n <= good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        (void)parse(h.span);
        heap_free(&h);
    }
    mutate(parse, good, 0x2545f4914f6cdd1d);
}
