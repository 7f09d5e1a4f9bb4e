/* SPDX-License-Identifier: MIT */
/*
 * Models of x86 by CPUID leaf 1 EAX: Linux arch/x86/include/asm/intel-family.h and
 * arch/x86/kernel/cpu/amd.c; steppings of Kaby Lake's successors by Intel's specification updates.
 */
#include "probe/cpu/generation/generation.h"
#include "vbscheck/count.h"

#define ANY 0, 15

struct model {
    unsigned family, from, to; /* models */
    unsigned first, last;      /* steppings */
    const char *name;
    enum listed listed;
};

static const struct model intel[] = {
    {5, 0x00, 0xff, ANY, "Pentium", LISTED_NO},
    {6, 0x00, 0x08, ANY, "P6", LISTED_NO},
    {6, 0x0a, 0x0b, ANY, "P6", LISTED_NO},
    {6, 0x09, 0x09, ANY, "Pentium M", LISTED_NO},
    {6, 0x0d, 0x0d, ANY, "Pentium M", LISTED_NO},
    {6, 0x0e, 0x0e, ANY, "Yonah", LISTED_NO},
    {6, 0x0f, 0x0f, ANY, "Core 2", LISTED_NO},
    {6, 0x15, 0x15, ANY, "Pentium M", LISTED_NO},
    {6, 0x16, 0x17, ANY, "Core 2", LISTED_NO},
    {6, 0x1d, 0x1d, ANY, "Core 2", LISTED_NO},
    {6, 0x1c, 0x1c, ANY, "Bonnell", LISTED_NO},
    {6, 0x26, 0x27, ANY, "Bonnell", LISTED_NO},
    {6, 0x35, 0x36, ANY, "Bonnell", LISTED_NO},
    {6, 0x1a, 0x1a, ANY, "Nehalem", LISTED_NO},
    {6, 0x1e, 0x1f, ANY, "Nehalem", LISTED_NO},
    {6, 0x2e, 0x2e, ANY, "Nehalem", LISTED_NO},
    {6, 0x25, 0x25, ANY, "Westmere", LISTED_NO},
    {6, 0x2c, 0x2c, ANY, "Westmere", LISTED_NO},
    {6, 0x2f, 0x2f, ANY, "Westmere", LISTED_NO},
    {6, 0x2a, 0x2a, ANY, "Sandy Bridge", LISTED_NO},
    {6, 0x2d, 0x2d, ANY, "Sandy Bridge", LISTED_NO},
    {6, 0x3a, 0x3a, ANY, "Ivy Bridge", LISTED_NO},
    {6, 0x3e, 0x3e, ANY, "Ivy Bridge", LISTED_NO},
    {6, 0x37, 0x37, ANY, "Silvermont", LISTED_NO},
    {6, 0x4a, 0x4a, ANY, "Silvermont", LISTED_NO},
    {6, 0x4d, 0x4d, ANY, "Silvermont", LISTED_NO},
    {6, 0x5a, 0x5a, ANY, "Silvermont", LISTED_NO},
    {6, 0x5d, 0x5d, ANY, "Silvermont", LISTED_NO},
    {6, 0x4c, 0x4c, ANY, "Airmont", LISTED_NO},
    {6, 0x75, 0x75, ANY, "Airmont", LISTED_NO},
    {6, 0x3c, 0x3c, ANY, "Haswell", LISTED_NO},
    {6, 0x3f, 0x3f, ANY, "Haswell", LISTED_NO},
    {6, 0x45, 0x46, ANY, "Haswell", LISTED_NO},
    {6, 0x3d, 0x3d, ANY, "Broadwell", LISTED_NO},
    {6, 0x47, 0x47, ANY, "Broadwell", LISTED_NO},
    {6, 0x4f, 0x4f, ANY, "Broadwell", LISTED_NO},
    {6, 0x56, 0x56, ANY, "Broadwell", LISTED_NO},
    {6, 0x57, 0x57, ANY, "Knights Landing", LISTED_NO},
    {6, 0x85, 0x85, ANY, "Knights Mill", LISTED_NO},
    {6, 0x4e, 0x4e, ANY, "Skylake", LISTED_NO},
    {6, 0x5e, 0x5e, ANY, "Skylake", LISTED_NO},
    {6, 0x55, 0x55, 0, 4, "Skylake-X", LISTED_OPEN},
    {6, 0x55, 0x55, 5, 7, "Cascade Lake", LISTED_OPEN},
    {6, 0x55, 0x55, 8, 15, "Cooper Lake", LISTED_OPEN},
    {6, 0x8e, 0x8e, 0, 9, "Kaby Lake or Amber Lake", LISTED_BY_BRAND},
    {6, 0x8e, 0x8e, 10, 10, "Coffee Lake or Kaby Lake Refresh", LISTED_YES},
    {6, 0x8e, 0x8e, 11, 11, "Whiskey Lake", LISTED_YES},
    {6, 0x8e, 0x8e, 12, 15, "Whiskey Lake, Comet Lake or Amber Lake", LISTED_YES},
    {6, 0x9e, 0x9e, 0, 9, "Kaby Lake", LISTED_BY_BRAND},
    {6, 0x9e, 0x9e, 10, 15, "Coffee Lake", LISTED_YES},
    {6, 0x66, 0x66, ANY, "Cannon Lake", LISTED_YES},
    {6, 0xa5, 0xa6, ANY, "Comet Lake", LISTED_YES},
    {6, 0x7d, 0x7e, ANY, "Ice Lake", LISTED_YES},
    {6, 0x9d, 0x9d, ANY, "Ice Lake", LISTED_YES},
    {6, 0x6a, 0x6a, ANY, "Ice Lake-SP", LISTED_OPEN},
    {6, 0x6c, 0x6c, ANY, "Ice Lake-SP", LISTED_OPEN},
    {6, 0x8c, 0x8d, ANY, "Tiger Lake", LISTED_YES},
    {6, 0xa7, 0xa7, ANY, "Rocket Lake", LISTED_YES},
    {6, 0x8a, 0x8a, ANY, "Lakefield", LISTED_OPEN},
    {6, 0x97, 0x97, ANY, "Alder Lake", LISTED_YES},
    {6, 0x9a, 0x9a, ANY, "Alder Lake", LISTED_YES},
    {6, 0xbe, 0xbe, ANY, "Alder Lake-N", LISTED_YES},
    {6, 0xb7, 0xb7, ANY, "Raptor Lake", LISTED_YES},
    {6, 0xba, 0xba, ANY, "Raptor Lake", LISTED_YES},
    {6, 0xbf, 0xbf, ANY, "Raptor Lake", LISTED_YES},
    {6, 0xd7, 0xd7, ANY, "Bartlett Lake", LISTED_YES},
    {6, 0xaa, 0xaa, ANY, "Meteor Lake", LISTED_YES},
    {6, 0xac, 0xac, ANY, "Meteor Lake", LISTED_YES},
    {6, 0xb5, 0xb5, ANY, "Arrow Lake", LISTED_YES},
    {6, 0xc5, 0xc6, ANY, "Arrow Lake", LISTED_YES},
    {6, 0xbd, 0xbd, ANY, "Lunar Lake", LISTED_YES},
    {6, 0xd5, 0xd5, ANY, "Wildcat Lake", LISTED_YES},
    {6, 0xcc, 0xcc, ANY, "Panther Lake", LISTED_YES},
    {6, 0x5c, 0x5c, ANY, "Goldmont", LISTED_OPEN},
    {6, 0x5f, 0x5f, ANY, "Denverton", LISTED_OPEN},
    {6, 0x7a, 0x7a, ANY, "Goldmont Plus", LISTED_OPEN},
    {6, 0x86, 0x86, ANY, "Snow Ridge", LISTED_OPEN},
    {6, 0x96, 0x96, ANY, "Elkhart Lake", LISTED_OPEN},
    {6, 0x9c, 0x9c, ANY, "Jasper Lake", LISTED_OPEN},
    {6, 0x8f, 0x8f, ANY, "Sapphire Rapids", LISTED_OPEN},
    {6, 0xcf, 0xcf, ANY, "Emerald Rapids", LISTED_OPEN},
    {6, 0xad, 0xae, ANY, "Granite Rapids", LISTED_OPEN},
    {6, 0xaf, 0xaf, ANY, "Sierra Forest", LISTED_OPEN},
    {6, 0xb6, 0xb6, ANY, "Grand Ridge", LISTED_OPEN},
    {0x0b, 0x00, 0xff, ANY, "Knights Corner", LISTED_NO},
    {0x0f, 0x00, 0xff, ANY, "NetBurst", LISTED_NO},
    {0x13, 0x01, 0x01, ANY, "Diamond Rapids", LISTED_OPEN},
};

static const struct model amd[] = {
    {0x05, 0x00, 0xff, ANY, "K6", LISTED_NO},
    {0x06, 0x00, 0xff, ANY, "K7", LISTED_NO},
    {0x0f, 0x00, 0xff, ANY, "K8", LISTED_NO},
    {0x10, 0x00, 0xff, ANY, "K10", LISTED_NO},
    {0x11, 0x00, 0xff, ANY, "Griffin", LISTED_NO},
    {0x12, 0x00, 0xff, ANY, "Llano", LISTED_NO},
    {0x14, 0x00, 0xff, ANY, "Bobcat", LISTED_NO},
    {0x15, 0x00, 0x01, ANY, "Bulldozer", LISTED_NO},
    {0x15, 0x02, 0x2f, ANY, "Piledriver", LISTED_NO},
    {0x15, 0x30, 0x4f, ANY, "Steamroller", LISTED_NO},
    {0x15, 0x60, 0x7f, ANY, "Excavator", LISTED_NO},
    {0x16, 0x00, 0x2f, ANY, "Jaguar", LISTED_NO},
    {0x16, 0x30, 0x3f, ANY, "Puma", LISTED_NO},
    {0x17, 0x00, 0x2f, ANY, "Zen", LISTED_NO},
    {0x17, 0x50, 0x5f, ANY, "Zen", LISTED_NO},
    {0x17, 0x30, 0x4f, ANY, "Zen 2", LISTED_YES},
    {0x17, 0x60, 0x7f, ANY, "Zen 2", LISTED_YES},
    {0x17, 0x84, 0x84, ANY, "Zen 2", LISTED_YES},
    {0x17, 0x90, 0x91, ANY, "Zen 2", LISTED_YES},
    {0x17, 0xa0, 0xaf, ANY, "Zen 2", LISTED_YES},
    {0x19, 0x00, 0x0f, ANY, "Zen 3", LISTED_YES},
    {0x19, 0x20, 0x5f, ANY, "Zen 3", LISTED_YES},
    {0x19, 0x10, 0x1f, ANY, "Zen 4", LISTED_YES},
    {0x19, 0x60, 0xaf, ANY, "Zen 4", LISTED_YES},
    {0x1a, 0x00, 0x2f, ANY, "Zen 5", LISTED_YES},
    {0x1a, 0x40, 0x4f, ANY, "Zen 5", LISTED_YES},
    {0x1a, 0x60, 0x7f, ANY, "Zen 5", LISTED_YES},
    {0x1a, 0xd0, 0xd7, ANY, "Zen 5", LISTED_YES},
};

static struct generation find(const struct model *rows, size_t n, struct model m)
{
    for (size_t i = 0; i < n; i++) {
        const struct model *r = &rows[i];
        if (r->family == m.family && m.from >= r->from && m.from <= r->to && m.first >= r->first &&
            m.first <= r->last)
            return (struct generation){r->name, r->listed};
    }
    return (struct generation){0};
}

struct generation generation_intel(unsigned family, unsigned model, unsigned stepping)
{
    return find(intel, COUNT(intel),
                (struct model){.family = family, .from = model, .first = stepping});
}

struct generation generation_amd(unsigned family, unsigned model)
{
    return find(amd, COUNT(amd), (struct model){.family = family, .from = model});
}

/* AMD's product names, as libcpuid prints them. */
static const struct {
    const char *codename, *name;
    enum listed listed;
} products[] = {
    {"Summit Ridge", "Zen", LISTED_NO},    {"Raven Ridge", "Zen", LISTED_NO},
    {"Whitehaven", "Zen", LISTED_NO},      {"Naples", "Zen", LISTED_NO},
    {"Picasso", "Zen", LISTED_NO},         {"Pinnacle Ridge", "Zen", LISTED_NO},
    {"Colfax", "Zen", LISTED_NO},          {"Dali", "Zen", LISTED_NO},
    {"Matisse", "Zen 2", LISTED_YES},      {"Castle Peak", "Zen 2", LISTED_YES},
    {"Rome", "Zen 2", LISTED_YES},         {"Renoir", "Zen 2", LISTED_YES},
    {"Lucienne", "Zen 2", LISTED_YES},     {"Van Gogh", "Zen 2", LISTED_YES},
    {"Mendocino", "Zen 2", LISTED_YES},    {"Vermeer", "Zen 3", LISTED_YES},
    {"Cezanne", "Zen 3", LISTED_YES},      {"Barcel\xc3\xb3", "Zen 3", LISTED_YES},
    {"Rembrandt", "Zen 3", LISTED_YES},    {"Chagall", "Zen 3", LISTED_YES},
    {"Milan", "Zen 3", LISTED_YES},        {"Raphael", "Zen 4", LISTED_YES},
    {"Dragon Range", "Zen 4", LISTED_YES}, {"Phoenix", "Zen 4", LISTED_YES},
    {"Hawk Point", "Zen 4", LISTED_YES},   {"Storm Peak", "Zen 4", LISTED_YES},
    {"Genoa", "Zen 4", LISTED_YES},        {"Granite Ridge", "Zen 5", LISTED_YES},
    {"Strix", "Zen 5", LISTED_YES},        {"Turin", "Zen 5", LISTED_YES},
};

/* The longest name wins: "Ice Lake-SP" is not "Ice Lake". */
struct generation generation_by_codename(struct span codename)
{
    struct generation found = {0};
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(products); i++) {
        if (span_find(codename, products[i].codename, NULL))
            return (struct generation){products[i].name, products[i].listed};
    }
    for (size_t i = 0; i < COUNT(intel); i++) {
        size_t len = span_of(intel[i].name).len;
        if (len > longest && span_find(codename, intel[i].name, NULL)) {
            found = (struct generation){intel[i].name, intel[i].listed};
            longest = len;
        }
    }
    return found;
}
