/* SPDX-License-Identifier: MIT */
/* Characters of UTF-8 (Unicode 15). */
#ifndef VBSCHECK_UTF8_H
#define VBSCHECK_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Length in bytes of the valid UTF-8 character that starts at `p` (NUL-terminated), with its
 * code point in *cp; 0 where there is none. Overlong forms and surrogates are invalid
 * (Unicode 15, table 3-7).
 */
size_t utf8_length(const unsigned char *p, unsigned long *cp);

/* Writes a code point, at most four bytes; halves of pairs come out one by one. Returns how many.
 */
size_t utf8_put(uint8_t *to, uint32_t cp);

/* True for a character that has no shape or moves others: controls, direction marks, tags. */
bool utf8_is_hidden(unsigned long cp);

#endif
