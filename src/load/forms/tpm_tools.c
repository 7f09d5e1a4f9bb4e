/* SPDX-License-Identifier: MIT */
/*
 * Output of tpm2-tools about a TPM, converted back to the responses it was printed from:
 *
 *   TPM2_PT_FAMILY_INDICATOR:       tpm2_getcap properties-fixed (TPM_PT_… and "as UINT32:"
 *     raw: 0x322E3000               before version 4)
 *   selected-pcrs:                  tpm2_getcap pcrs
 *     - sha256: [ 0, 1, 2 ]
 *     sha256:                       tpm2_pcrread; the values, which differ between boots, are
 * dropped 0 : 0x…
 */
#include "load/forms/forms.h"

#include <string.h>

#include "load/forms/tpm_blob.h"
#include "parse/tpm_response.h"
#include "probe/tpm/tpm_answers.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

static const struct {
    const char *name; /* after "TPM2_PT_" or "TPM_PT_" */
    uint32_t id;
} properties[] = {
    {"FAMILY_INDICATOR", TPM2_PT_FAMILY_INDICATOR},
    {"LEVEL", TPM2_PT_LEVEL},
    {"REVISION", TPM2_PT_REVISION},
    {"MANUFACTURER", TPM2_PT_MANUFACTURER},
    {"VENDOR_STRING_1", TPM2_PT_VENDOR_STRING_1},
    {"VENDOR_STRING_2", TPM2_PT_VENDOR_STRING_2},
    {"VENDOR_STRING_3", TPM2_PT_VENDOR_STRING_3},
    {"VENDOR_STRING_4", TPM2_PT_VENDOR_STRING_4},
    {"VENDOR_TPM_TYPE", TPM2_PT_VENDOR_TPM_TYPE},
    {"FIRMWARE_VERSION_1", TPM2_PT_FIRMWARE_VERSION_1},
    {"FIRMWARE_VERSION_2", TPM2_PT_FIRMWARE_VERSION_2},
};

static const struct {
    const char *name;
    uint16_t hash;
} hashes[] = {
    {"sha1", TPM2_ALG_SHA1},         {"sha256", TPM2_ALG_SHA256},
    {"sha384", TPM2_ALG_SHA384},     {"sha512", TPM2_ALG_SHA512},
    {"sm3_256", TPM2_ALG_SM3_256},   {"sha3_256", TPM2_ALG_SHA3_256},
    {"sha3_384", TPM2_ALG_SHA3_384}, {"sha3_512", TPM2_ALG_SHA3_512},
};

/* Responses -------------------------------------------------------------------------------- */

static void put32(struct out *o, uint32_t v)
{
    for (unsigned shift = 32; shift > 0; shift -= 8)
        out_char(o, (char)(v >> (shift - 8)));
}

static void put16(struct out *o, uint16_t v)
{
    out_char(o, (char)(v >> 8));
    out_char(o, (char)v);
}

/* Tag, size, code, moreData, capability and how many follow. */
static void put_head(struct out *o, uint32_t capability, size_t n, size_t each)
{
    enum { HEAD = 2 + 4 + 4 + 1 + 4 + 4 };
    put16(o, TPM2_ST_NO_SESSIONS);
    put32(o, (uint32_t)(HEAD + n * each));
    put32(o, TPM2_RC_SUCCESS);
    out_char(o, TPM2_NO);
    put32(o, capability);
    put32(o, (uint32_t)n);
}

void tpm_blob_add_properties(struct form_sink *to, const struct tpm_property *items, size_t n)
{
    struct out o;
    out_init(&o, to->out->arena);
    put_head(&o, TPM2_CAP_TPM_PROPERTIES, n, 8);
    for (size_t i = 0; i < n; i++) {
        put32(&o, items[i].id);
        put32(&o, items[i].value);
    }
    form_add(to, TPM_FIXED, ST_OK, out_span(&o));
}

void tpm_blob_add_banks(struct form_sink *to, const struct tpm_bank *items, size_t n)
{
    enum { SELECT = 3 };
    struct out o;
    out_init(&o, to->out->arena);
    put_head(&o, TPM2_CAP_PCRS, n, 2 + 1 + SELECT);
    for (size_t i = 0; i < n; i++) {
        put16(&o, items[i].hash);
        out_char(&o, SELECT);
        for (unsigned k = 0; k < SELECT; k++)
            out_char(&o, (char)(items[i].pcrs >> (8 * k)));
    }
    form_add(to, TPM_PCRS, ST_OK, out_span(&o));
}

/* Words ------------------------------------------------------------------------------------ */

struct told {
    struct tpm_property items[TPM_PROPERTIES_MAX];
    size_t n;
    struct tpm_bank banks[TPM_BANKS_MAX];
    size_t n_banks;
    int property;          /* row of the last name; -1: none */
    bool listed;           /* SHA-256's registers stand in brackets */
    bool open;             /* the last bank's list has no end */
    struct tpm_bank *bank; /* its registers follow, one per line */
};

/* "TPM2_PT_LEVEL:", and the text after it */
static bool takes_name(struct span s, int *row, struct span *value)
{
    struct span key;
    *row = -1;
    if ((!span_starts(s, "TPM2_PT_") && !span_starts(s, "TPM_PT_")) ||
        !span_split(s, ':', &key, value))
        return false;
    key = span_skip(key, span_starts(s, "TPM2_") ? 8 : 7);
    for (size_t i = 0; i < COUNT(properties); i++) {
        if (span_is(key, properties[i].name))
            *row = (int)i;
    }
    return true;
}

/* The row of "sha256:", with or without a hyphen before it. */
static int bank_of(struct span s, struct span *after)
{
    struct span key;
    s = span_starts(s, "- ") ? span_trim(span_skip(s, 2)) : s;
    if (!span_split(s, ':', &key, after))
        return -1;
    for (size_t i = 0; i < COUNT(hashes); i++) {
        if (span_is(key, hashes[i].name))
            return (int)i;
    }
    return -1;
}

bool tpm_tools_open(struct span line)
{
    int row;
    struct span s = span_trim(line), after;
    if (takes_name(s, &row, &after) && row >= 0)
        return true;
    return span_is(s, "selected-pcrs:") || (bank_of(s, &after) >= 0 && span_trim(after).len == 0);
}

static void add_property(struct told *t, uint32_t value)
{
    uint32_t id = properties[t->property].id;
    for (size_t i = 0; i < t->n; i++) {
        if (t->items[i].id == id)
            return;
    }
    if (t->n < TPM_PROPERTIES_MAX)
        t->items[t->n++] = (struct tpm_property){id, value};
    t->property = -1;
}

/* "1.38" is 138. */
static bool take_revision(struct span s, uint32_t *out)
{
    uint64_t whole, part;
    if (!span_take_dec(&s, &whole) || !span_starts(s, "."))
        return false;
    s = span_skip(s, 1);
    if (!span_take_dec(&s, &part) || s.len > 0 || whole > 9 || part > 99)
        return false;
    *out = (uint32_t)(whole * 100 + part);
    return true;
}

static void read_value(struct told *t, struct span s)
{
    uint64_t v;
    uint32_t revision;
    if (t->property < 0)
        return;
    if (properties[t->property].id == TPM2_PT_REVISION && take_revision(s, &revision)) {
        add_property(t, revision);
        return;
    }
    if (!span_number(s, &v))
        return;
    /* Version 3 printed eight digits after "0x08" (tpm2-tools issue 1655). */
    if (v >> 32 == 8)
        v &= UINT32_MAX;
    if (v <= UINT32_MAX)
        add_property(t, (uint32_t)v);
}

static struct tpm_bank *add_bank(struct told *t, int row)
{
    if (t->n_banks == TPM_BANKS_MAX)
        return NULL;
    t->banks[t->n_banks] = (struct tpm_bank){.hash = hashes[row].hash};
    return &t->banks[t->n_banks++];
}

/* "[ 0, 1, 2 ]": true if it ends. */
static bool read_list(struct tpm_bank *b, struct span s)
{
    uint64_t v;
    while (s.len > 0 && !span_starts(s, "]")) {
        if (span_take_dec(&s, &v))
            b->pcrs |= v < 24 ? 1U << v : 0;
        else
            s = span_skip(s, 1);
    }
    return s.len > 0;
}

static void read_line(struct told *t, struct span s)
{
    struct span value;
    uint64_t pcr;
    int row;
    if (takes_name(s, &row, &value)) {
        t->property = row;
        read_value(t, span_trim(value));
    } else if (span_starts(s, "raw:") || span_starts(s, "as UINT32:")) {
        (void)span_split(s, ':', &value, &value);
        read_value(t, span_trim(value));
    } else if (span_starts(s, "value:")) {
        read_value(t, span_trim(span_skip(s, 6)));
    } else if ((row = bank_of(s, &value)) >= 0) {
        t->bank = add_bank(t, row);
        value = span_trim(value);
        t->listed |= value.len > 0 && hashes[row].hash == TPM2_ALG_SHA256;
        t->open |= t->bank != NULL && value.len > 0 && !read_list(t->bank, value);
    } else if (t->bank != NULL && span_take_dec(&s, &pcr) && span_starts(span_trim(s), ":")) {
        t->bank->pcrs |= pcr < 24 ? 1U << pcr : 0;
    }
}

/*
 * A text may end before the bank that matters, or not include it: without its own line the bank is
 * unknown, and registers printed one by one prove nothing if there are none.
 */
static bool tells_sha256(const struct told *t)
{
    for (size_t i = 0; i < t->n_banks; i++) {
        if (t->banks[i].hash == TPM2_ALG_SHA256)
            return t->banks[i].pcrs != 0 || t->listed;
    }
    return false;
}

void tpm_tools_load(struct span text, struct form_sink *to)
{
    struct told t = {.property = -1};
    struct span line;
    while (span_next_line(&text, &line))
        read_line(&t, span_trim(line));
    if (t.n > 0)
        tpm_blob_add_properties(to, t.items, t.n);
    if (t.open)
        form_note(to, "the list of the TPM's banks is cut, and not used");
    else if (tells_sha256(&t))
        tpm_blob_add_banks(to, t.banks, t.n_banks);
}
