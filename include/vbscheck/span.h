/* SPDX-License-Identifier: MIT */
/*
 * The only way to read bytes that came from outside: a borrowed span, a forward reader over it
 * whose first failure sticks, and a few functions for spans that hold text.
 */
#ifndef VBSCHECK_SPAN_H
#define VBSCHECK_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "vbscheck/status.h"

/* Bytes owned by somebody else. {0} is the empty span. */
struct span {
    const uint8_t *ptr;
    size_t len;
};

/*
 * A forward reader. Once a read does not fit, the reader has failed for good: integers read as
 * zero, spans as empty and rd_left() as 0, so a structure is read field by field without checks
 * between, every loop over rd_left() ends, and a single check of rd_status() decides.
 */
struct rd {
    struct span in;
    size_t base; /* offset of `in` in the blob, for faults */
    size_t at;
    enum status st; /* ST_OK while sound */
    struct fault {
        size_t offset;    /* in the blob */
        const char *what; /* "checksum does not add up"; NULL while sound */
    } fault;
};

struct rd rd_open(struct span in);

/* A reader over the next `n` bytes of `r`, which moves past them; failed if they do not fit. */
struct rd rd_sub(struct rd *r, size_t n);

/* Offset in the blob of the next byte. */
size_t rd_offset(const struct rd *r);

/* ST_OK, or why the reader failed (ST_MALFORMED unless rd_fail() said otherwise). */
enum status rd_status(const struct rd *r);
bool rd_ok(const struct rd *r);

/* Bytes not yet read; 0 once failed. */
size_t rd_left(const struct rd *r);

/*
 * Fails the reader unless it has failed before: `why` is the status, `what` (a constant) the fault.
 */
void rd_fail(struct rd *r, enum status why, const char *what);

/* If `part`, a reader over bytes of `r`, has failed, `r` fails in the same way. */
void rd_inherit(struct rd *r, const struct rd *part);

/* The next `n` bytes as a span, or an empty span and a failed reader. */
struct span rd_take(struct rd *r, size_t n);
void rd_skip(struct rd *r, size_t n);

/* Moves to the absolute offset `at` of the input; fails beyond its end. */
void rd_seek(struct rd *r, size_t at);

uint8_t rd_u8(struct rd *r);
uint16_t rd_le16(struct rd *r);
uint32_t rd_le32(struct rd *r);
uint64_t rd_le64(struct rd *r);
uint16_t rd_be16(struct rd *r);
uint32_t rd_be32(struct rd *r);

/* Text ------------------------------------------------------------------------------------- */

/* A span over a NUL-terminated string, without its NUL. Inline, as the next ones: most texts are
 * constants, which the compiler measures. */
static inline struct span span_of(const char *text)
{
    return (struct span){(const uint8_t *)text, strlen(text)};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (b.len == 0 || memcmp(a.ptr, b.ptr, b.len) == 0);
}

static inline bool span_is(struct span s, const char *text)
{
    return span_equal(s, span_of(text));
}

static inline bool span_starts(struct span s, const char *prefix)
{
    /* Most texts differ in the first byte or two, so this is faster than measuring the prefix. */
    for (size_t i = 0; prefix[i] != '\0'; i++) {
        if (i == s.len || s.ptr[i] != (uint8_t)prefix[i])
            return false;
    }
    return true;
}

/* The same, ignoring the case of Latin letters, as Windows compares names. */
bool span_like(struct span a, struct span b);

/* The order in which texts that are span_like() stand together: negative, 0 if they are, positive.
 */
int span_order_like(struct span a, struct span b);
bool span_ends_like(struct span s, const char *end);

/*
 * True if `needle` occurs in `s`; *after, if not NULL, becomes the text after the first occurrence.
 */
bool span_find(struct span s, const char *needle, struct span *after);

/* `s` without white space at either end. */
struct span span_trim(struct span s);

/* `s` without its first `n` bytes (all of them where it is shorter). */
static inline struct span span_skip(struct span s, size_t n)
{
    if (n > s.len)
        n = s.len;
    return n == 0 ? s : (struct span){s.ptr + n, s.len - n};
}

/*
 * Splits the next line off *rest: *line gets it without "\n" or "\r\n".
 * Returns false, with *line untouched, when nothing is left.
 */
bool span_next_line(struct span *rest, struct span *line);

/* Splits the next word (separated by blanks and tabs) off *rest; false when none is left. */
bool span_next_word(struct span *rest, struct span *word);

/*
 * Splits `line` at the first `sep`: *key gets the text before it and *value the text after it, both
 * trimmed. Returns false, with both untouched, where there is no `sep`.
 */
bool span_split(struct span line, char sep, struct span *key, struct span *value);

/*
 * Reads leading hexadecimal or decimal digits off *s into *out.
 * Returns false, with *out untouched, on no digit or more than 64 bits.
 */
bool span_take_hex(struct span *s, uint64_t *out);
bool span_take_dec(struct span *s, uint64_t *out);

/* The whole of `s` as one number: "0x" and hexadecimal, or decimal digits. False as above. */
bool span_number(struct span s, uint64_t *out);

/*
 * Splits the next word off *rest, which has to be a number as span_number() reads it.
 * Returns false, with *out untouched, if no word is left or it is not a number of 32 bits.
 */
bool span_next_u32(struct span *rest, uint32_t *out);

#endif
