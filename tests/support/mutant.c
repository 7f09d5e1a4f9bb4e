/* SPDX-License-Identifier: MIT */
#include "support/mutant.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

struct heap mutant_of(struct span good, uint64_t *seed)
{
    /* Values that lengths and counts break on. */
    static const uint8_t favourites[] = {0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xf0, 0xfe, 0xff};
    size_t n = good.len;
    if (next_random(seed) % 4 == 0)
        n -= (size_t)(next_random(seed) % n);
    struct heap h = heap_copy((struct span){good.ptr, n});
    for (uint64_t left = 1 + next_random(seed) % 6; left > 0; left--) {
        uint8_t v = (uint8_t)next_random(seed);
        if (next_random(seed) % 2 == 0)
            v = favourites[next_random(seed) % sizeof favourites];
        h.bytes[next_random(seed) % n] = v;
    }
    return h;
}

struct heap mutant_of_table(struct span good, uint64_t *seed, unsigned n)
{
    struct heap h = mutant_of(good, seed);
    if (n % 3 != 0)
        acpi_repair(h.bytes, h.span.len);
    return h;
}
