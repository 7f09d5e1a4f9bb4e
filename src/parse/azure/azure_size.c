/* SPDX-License-Identifier: MIT */
/*
 * A size is not a series: "Standard_E8-4ds_v5" belongs to Edsv5. Features are compared as a set,
 * since Microsoft's own page has both "Ebdsv5" and "Edbsv5" for one series.
 */
#include "parse/azure/azure_size.h"

#include <string.h>

#include "vbscheck/count.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static uint8_t small(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* Is `s` this word, in any case? */
static bool is_word(struct span s, const char *word)
{
    for (size_t i = 0; i < s.len; i++) {
        if (small(s.ptr[i]) != (uint8_t)word[i])
            return false; /* at the word's end, too */
    }
    return word[s.len] == '\0';
}

/* Splits the leading run of such bytes off *s. */
static struct span take(struct span *s, bool (*is)(uint8_t))
{
    struct span run = {s->ptr, 0};
    while (run.len < s->len && is(s->ptr[run.len]))
        run.len++;
    *s = span_skip(*s, run.len);
    return run;
}

/* Splits off the text up to the next '_' or blank, and that character. False at the end. */
static bool take_part(struct span *s, struct span *part)
{
    if (s->len == 0)
        return false;
    *part = (struct span){s->ptr, 0};
    while (part->len < s->len && s->ptr[part->len] != '_' && s->ptr[part->len] != ' ')
        part->len++;
    *s = span_skip(*s, part->len + (part->len < s->len ? 1 : 0));
    return true;
}

/* "Dsv5" and "NVv4" are series, not sizes: NV is the only family that ends in V. */
static bool is_series(struct span family)
{
    return family.len > 1 && small(family.ptr[family.len - 1]) == 'v' && !is_word(family, "nv");
}

/* "D4s", "E8-4ds", "DS2": family, vCPUs, features. */
static bool read_body(struct span part, struct azure_size *z)
{
    enum { FAMILY_MAX = 4, VCPUS_MAX = 4, FEATURES_MAX = 8 };
    z->family = take(&part, is_letter);
    struct span vcpus = take(&part, is_digit);
    if (span_starts(part, "-")) {
        part = span_skip(part, 1);
        if (take(&part, is_digit).len == 0)
            return false;
    }
    z->features = take(&part, is_letter);
    return part.len == 0 && z->family.len > 0 && !is_series(z->family) &&
           z->family.len <= FAMILY_MAX && vcpus.len > 0 && vcpus.len <= VCPUS_MAX &&
           z->features.len <= FEATURES_MAX;
}

/* "v5". False for anything else. */
static bool read_version(struct span part, unsigned *version)
{
    uint64_t n = 0;
    if (part.len < 2 || small(part.ptr[0]) != 'v')
        return false;
    part = span_skip(part, 1);
    if (!span_take_dec(&part, &n) || part.len > 0 || n == 0 || n > 99)
        return false;
    *version = (unsigned)n;
    return true;
}

static bool has_only_names(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '_' &&
            name.ptr[i] != '-' && name.ptr[i] != ' ')
            return false;
    }
    return name.len > 0 && name.len <= AZURE_SIZE_MAX;
}

enum status azure_size_parse(struct span name, struct azure_size *out)
{
    struct azure_size z = {0};
    struct span part, rest = span_trim(name);
    if (!has_only_names(rest) || !take_part(&rest, &part))
        return ST_MALFORMED;
    z.basic = is_word(part, "basic");
    if ((z.basic || is_word(part, "standard")) && !take_part(&rest, &part))
        return ST_MALFORMED;
    if (!read_body(part, &z))
        return ST_MALFORMED;
    while (take_part(&rest, &part)) {
        bool versioned = z.version > 0;
        if (is_word(part, "promo") || (!versioned && read_version(part, &z.version)))
            continue;
        if (part.len == 0 || versioned)
            return ST_MALFORMED;
        /* "NDR_GB200" is two words but one accelerator. */
        if (z.accelerator.len == 0)
            z.accelerator = part;
        z.accelerator.len = (size_t)(part.ptr + part.len - z.accelerator.ptr);
    }
    if (z.accelerator.len > 0 && z.version == 0) /* "V710" is one, "v555" is a typing error */
        return ST_MALFORMED;
    *out = z;
    return ST_OK;
}

/* The table ------------------------------------------------------------------------------- */

#define ONE      "1"
#define BOTH     "1 and 2"
#define ANY_SIZE "*" /* of this family and version, with any features */

static const struct row {
    struct azure_series series;
    const char *family, *features;
    unsigned version;
} rows[] = {
    {{"Av2", true, "1 (some internal sizes 2)"}, "a", ANY_SIZE, 2},
    {{"B", false, BOTH}, "b", ANY_SIZE, 0},
    {{"Dsv2", true, ONE}, "d", "s", 2},
    {{"Dv2", true, ONE}, "d", "", 2},
    {{"Dv3", true, ONE}, "d", "", 3},
    {{"Ev3", true, ONE}, "e", "", 3},
    {{"Dsv3", true, BOTH}, "d", "s", 3},
    {{"Ddsv3", true, BOTH}, "d", "ds", 3},
    {{"Dsv4", true, BOTH}, "d", "s", 4},
    {{"Ddsv4", true, BOTH}, "d", "ds", 4},
    {{"Esv3", true, BOTH}, "e", "s", 3},
    {{"Edsv3", true, BOTH}, "e", "ds", 3},
    {{"Esv4", true, BOTH}, "e", "s", 4},
    {{"Edsv4", true, BOTH}, "e", "ds", 4},
    {{"Ev4", true, ONE}, "e", "", 4},
    {{"Edv4", true, BOTH}, "e", "d", 4},
    {{"Dv4", true, BOTH}, "d", "", 4},
    {{"Ddv4", true, BOTH}, "d", "d", 4},
    {{"Dv5", true, BOTH}, "d", "", 5},
    {{"Ddv5", true, BOTH}, "d", "d", 5},
    {{"Dsv5", true, BOTH}, "d", "s", 5},
    {{"Ddsv5", true, BOTH}, "d", "ds", 5},
    {{"Ev5", true, BOTH}, "e", "", 5},
    {{"Edv5", true, BOTH}, "e", "d", 5},
    {{"Esv5", true, BOTH}, "e", "s", 5},
    {{"Edsv5", true, BOTH}, "e", "ds", 5},
    {{"Dasv5", true, BOTH}, "d", "as", 5},
    {{"Dadsv5", true, BOTH}, "d", "ads", 5},
    {{"Easv5", true, BOTH}, "e", "as", 5},
    {{"Eadsv5", true, BOTH}, "e", "ads", 5},
    {{"Ebsv5", true, BOTH}, "e", "bs", 5},
    {{"Ebdsv5", true, BOTH}, "e", "bds", 5}, /* "Edbsv5" on the page */
    {{"Fsv2", true, BOTH}, "f", "s", 2},
    {{"Fx", true, "2"}, "fx", ANY_SIZE, 0},
    {{"Lsv2", true, BOTH}, "l", "s", 2},
};

/* "i" marks a size that is alone on its host; the series is the same. */
static uint32_t set_of(struct span letters)
{
    uint32_t set = 0;
    for (size_t i = 0; i < letters.len; i++)
        set |= small(letters.ptr[i]) != 'i' ? 1u << (small(letters.ptr[i]) - 'a') : 0;
    return set;
}

/* Sizes of the first versions have the feature s in front: "DS2_v2" is of Dsv2. */
static bool has_old_name(const struct azure_size *z)
{
    return is_word(z->family, "ds") && set_of(z->features) == 0;
}

static bool is_of(const struct azure_size *z, const struct row *r)
{
    bool old = has_old_name(z);
    uint32_t features = set_of(old ? span_of("s") : z->features);
    struct span family = old ? (struct span){z->family.ptr, 1} : z->family;
    return !z->basic && z->accelerator.len == 0 && z->version == r->version &&
           is_word(family, r->family) &&
           (strcmp(r->features, ANY_SIZE) == 0 || features == set_of(span_of(r->features)));
}

const struct azure_series *azure_series_of(const struct azure_size *size)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (is_of(size, &rows[i]))
            return &rows[i].series;
    }
    return NULL;
}

/* In Microsoft's spelling: the family in capitals, features in small letters. */
static char *spelled(struct span letters, bool capitals, struct arena *a)
{
    char *text = arena_text(a, letters);
    for (char *c = text; *c != '\0'; c++) {
        if (is_letter((uint8_t)*c))
            *c = (char)(capitals ? *c & ~0x20 : *c | 0x20);
    }
    return text;
}

const char *azure_series_name(const struct azure_size *size, struct arena *a)
{
    const struct azure_series *known = azure_series_of(size);
    if (known != NULL)
        return known->name;
    bool accelerated = size->accelerator.len > 0;
    const char *version =
        size->version > 0 ? arena_printf(a, "%sv%u", accelerated ? "_" : "", size->version) : "";
    return arena_printf(a, "%s%s%s%s%s%s", size->basic ? "Basic_" : "",
                        spelled(size->family, true, a), spelled(size->features, false, a),
                        accelerated ? "_" : "", spelled(size->accelerator, true, a), version);
}
