/* SPDX-License-Identifier: MIT */
#include "parse/smbios_names.h"

#include "vbscheck/count.h"

/* Found on 102 of 655 public machines; DMTF leaves the text to the vendor. */
static const char *const placeholders[] = {
    "tobefilledbyoem",
    "systemproductname",
    "systemmanufacturer",
    "systemversion",
    "defaultstring",
    "oem",
    "notspecified",
    "notapplicable",
    "none",
    "unknown",
    "invalid",
    "productname",
    "manufacturer",
    "na",
    "allseries",
    "systemname",
    "default",
    "baseboardproductname",
    "emptystring",
};

/* Walks a name letter by letter: digits and small letters, without the rest. */
struct walk {
    struct span rest;
};

/* The next letter or digit, 0 at the end. Bytes above ASCII count as they are. */
static uint8_t next(struct walk *w)
{
    while (w->rest.len > 0) {
        uint8_t c = w->rest.ptr[0];
        w->rest = span_skip(w->rest, 1);
        if (c >= 'A' && c <= 'Z')
            return (uint8_t)(c + 'a' - 'A');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            return c;
    }
    return 0;
}

static bool same_letters(struct span one, struct span other)
{
    struct walk a = {one}, b = {other};
    for (;;) {
        uint8_t l = next(&a), r = next(&b);
        if (l != r)
            return false;
        if (l == 0)
            return true;
    }
}

bool smbios_is_placeholder(struct span name)
{
    struct walk w = {name};
    if (next(&w) == 0)
        return true;
    for (size_t i = 0; i < COUNT(placeholders); i++) {
        if (same_letters(name, span_of(placeholders[i])))
            return true;
    }
    return false;
}

/* Does `whole` have the letters of `part`, one after the other? Names are short: LONGEST. */
enum { LONGEST = 256 };

static size_t letters_of(struct span s, uint8_t out[LONGEST])
{
    struct walk w = {s};
    size_t n = 0;
    for (uint8_t c; n < LONGEST && (c = next(&w)) != 0;)
        out[n++] = c;
    return n;
}

static bool holds(struct span whole, struct span part)
{
    uint8_t a[LONGEST], b[LONGEST];
    size_t n = letters_of(whole, a), m = letters_of(part, b);
    for (size_t i = 0; i + m <= n; i++) {
        if (span_equal((struct span){a + i, m}, (struct span){b, m}))
            return true;
    }
    return false;
}

/* The last word: a model's number stands there. */
static struct span last_word(struct span s)
{
    struct span word = {0}, next_word;
    while (span_next_word(&s, &next_word))
        word = next_word;
    return word;
}

bool smbios_holds_placeholder(struct span s)
{
    for (size_t i = 0; i < 4; i++) { /* the long ones: short ones are parts of real names */
        if (holds(s, span_of(placeholders[i])))
            return true;
    }
    return false;
}

bool smbios_contradict(struct span one, struct span other)
{
    if (smbios_holds_placeholder(one) || smbios_holds_placeholder(other))
        return false;
    return !holds(one, other) && !holds(other, one) && !holds(one, last_word(other)) &&
           !holds(other, last_word(one));
}
