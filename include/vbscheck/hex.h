/* SPDX-License-Identifier: MIT */
/* Hexadecimal digits, one at a time. */
#ifndef VBSCHECK_HEX_H
#define VBSCHECK_HEX_H

#include <stdint.h>

/* Value of a digit, plus one; 0 for anything else. */
extern const uint8_t hex_values[256];

/* The value of a digit, or something above 15. */
static inline unsigned hex_digit(uint8_t c)
{
    return hex_values[c] - 1U;
}

/* Writes the last `digits` digits of `v`, in small letters. Returns the end of the digits. */
static inline char *hex_put(char *to, uint64_t v, unsigned digits)
{
    while (digits-- > 0)
        *to++ = "0123456789abcdef"[v >> (4 * digits) & 15];
    return to;
}

#endif
