/* SPDX-License-Identifier: MIT */
/*
 * Queries on parsed CPUID words; src/parse/cpuid_text.c reads them.
 * Bits: Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E.
 */
#include "parse/cpuid.h"

enum { EXTENDED_BASE = 0x80000000 / 0x10000, HYPERVISOR_BASE = 0x40000000 };

/* The leaf that holds the highest number of a leaf's range. */
static const struct {
    uint32_t number;
    enum cpuid_leaf max;
} leaves[CPUID_LEAVES] = {
    [CPUID_0] = {0, CPUID_0},
    [CPUID_1] = {1, CPUID_0},
    [CPUID_7] = {7, CPUID_0},
    [CPUID_EXT_0] = {0x80000000, CPUID_EXT_0},
    [CPUID_EXT_1] = {0x80000001, CPUID_EXT_0},
    [CPUID_EXT_2] = {0x80000002, CPUID_EXT_0},
    [CPUID_EXT_3] = {0x80000003, CPUID_EXT_0},
    [CPUID_EXT_4] = {0x80000004, CPUID_EXT_0},
    [CPUID_EXT_8] = {0x80000008, CPUID_EXT_0},
    [CPUID_EXT_A] = {0x8000000a, CPUID_EXT_0},
    [CPUID_HV_0] = {0x40000000, CPUID_HV_0},
    [CPUID_HV_1] = {0x40000001, CPUID_HV_0},
    [CPUID_HV_2] = {0x40000002, CPUID_HV_0},
    [CPUID_HV_3] = {0x40000003, CPUID_HV_0},
    [CPUID_HV_4] = {0x40000004, CPUID_HV_0},
    [CPUID_HV_5] = {0x40000005, CPUID_HV_0},
    [CPUID_HV_6] = {0x40000006, CPUID_HV_0},
    [CPUID_HV_100] = {0x40000100, CPUID_HV_100},
};

static bool is_known(const struct cpuid_cpu *c, enum cpuid_leaf leaf)
{
    return (c->known >> leaf & 1) != 0;
}

/* Is `leaf` not above the maximum of its range, which must be known? */
static bool is_in_range(const struct cpuid_cpu *c, enum cpuid_leaf leaf)
{
    enum cpuid_leaf top = leaves[leaf].max;
    uint32_t max = c->leaf[top][CPUID_EAX];
    /* A processor without extended leaves answers 8000_0000h with unrelated data. */
    if (top == CPUID_EXT_0 && max >> 16 != EXTENDED_BASE)
        return false;
    /* The leaf that names a hypervisor needs no maximum; KVM once gave 0, meaning 4000_0001h. */
    if (top == leaf && top != CPUID_0 && top != CPUID_EXT_0)
        return true;
    if (top == CPUID_HV_0 && max == 0)
        max = HYPERVISOR_BASE + 1;
    return leaves[leaf].number <= max;
}

bool cpuid_has(const struct cpuid_cpu *c, enum cpuid_leaf leaf)
{
    return is_known(c, leaf) && is_known(c, leaves[leaf].max) && is_in_range(c, leaf);
}

/*
 * Every processor with leaf 4, and every one of family 0Fh or later (Pentium 4, K8), has extended
 * leaves (Intel SDM volume 2, CPUID; AMD has had them since K6): a dump without any was cut, even
 * if other commands' output follows it.
 */
static bool lost_extended(const struct cpuid_cpu *c, enum cpuid_leaf top)
{
    enum { CACHE_LEAF = 4, FAMILY_PENTIUM_4 = 0xf };
    bool late = is_known(c, CPUID_1) &&
                cpuid_signature(c->leaf[CPUID_1][CPUID_EAX]).family >= FAMILY_PENTIUM_4;
    return top == CPUID_EXT_0 && (late || c->leaf[CPUID_0][CPUID_EAX] >= CACHE_LEAF);
}

bool cpuid_is_missing(const struct cpuid_cpu *c, enum cpuid_leaf leaf)
{
    if (!is_known(c, leaves[leaf].max))
        return !c->closed || lost_extended(c, leaves[leaf].max);
    return !is_known(c, leaf) && is_in_range(c, leaf);
}

bool cpuid_bit(const struct cpuid_cpu *c, enum cpuid_leaf leaf, enum cpuid_reg reg, unsigned bit)
{
    return cpuid_has(c, leaf) && (c->leaf[leaf][reg] >> bit & 1) != 0;
}

/* Writes the four characters of a register, lowest first. */
static void put_word(char *out, size_t word, uint32_t v)
{
    for (size_t i = 0; i < 4; i++)
        out[word * 4 + i] = (char)(v >> (8 * i) & 0xff);
}

void cpuid_vendor(const struct cpuid_cpu *c, char out[13])
{
    const uint32_t *v = c->leaf[CPUID_0];
    put_word(out, 0, v[CPUID_EBX]);
    put_word(out, 1, v[CPUID_EDX]);
    put_word(out, 2, v[CPUID_ECX]);
    out[12] = '\0';
}

void cpuid_hypervisor_id(const struct cpuid_cpu *c, enum cpuid_leaf leaf, char out[13])
{
    const uint32_t *v = c->leaf[leaf];
    put_word(out, 0, v[CPUID_EBX]);
    put_word(out, 1, v[CPUID_ECX]);
    put_word(out, 2, v[CPUID_EDX]);
    out[12] = '\0';
}

void cpuid_brand(const struct cpuid_cpu *c, char out[49])
{
    char text[49] = "";
    if (cpuid_has(c, CPUID_EXT_2) && cpuid_has(c, CPUID_EXT_3) && cpuid_has(c, CPUID_EXT_4)) {
        for (size_t i = 0; i < 12; i++)
            put_word(text, i, c->leaf[CPUID_EXT_2 + i / 4][i % 4]);
    }
    struct span s = span_trim(span_of(text)); /* old Intel brands are padded in front */
    for (size_t i = 0; i < s.len; i++)
        out[i] = (char)s.ptr[i];
    out[s.len] = '\0';
}

/* SDM volume 2, CPUID, "Version Information"; APM volume 3, E.3.2. */
struct cpuid_signature cpuid_signature(uint32_t eax)
{
    unsigned family = eax >> 8 & 0xf;
    unsigned model = eax >> 4 & 0xf;
    if (family == 6 || family == 0xf)
        model |= eax >> 12 & 0xf0;
    if (family == 0xf)
        family += eax >> 20 & 0xff;
    return (struct cpuid_signature){.family = family, .model = model, .stepping = eax & 0xf};
}
