/* SPDX-License-Identifier: MIT */
/*
 * A set of 16-bit numbers, so that a table cannot make the search through earlier numbers
 * expensive.
 */
#ifndef PARSE_ACPI_SET16_H
#define PARSE_ACPI_SET16_H

#include <stdbool.h>
#include <stdint.h>

/* {0} is the empty set. */
struct set16 {
    uint8_t bits[(UINT16_MAX + 1) / 8];
};

static inline bool set16_has(const struct set16 *s, uint16_t v)
{
    return (s->bits[v / 8] >> v % 8 & 1) != 0;
}

/* False if `v` was there before. */
static inline bool set16_add(struct set16 *s, uint16_t v)
{
    bool is_new = !set16_has(s, v);
    s->bits[v / 8] |= (uint8_t)(1U << v % 8);
    return is_new;
}

#endif
