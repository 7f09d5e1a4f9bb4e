/* SPDX-License-Identifier: MIT */
/*
 * Qualcomm's processors by MIDR_EL1 (Linux arch/arm64/include/asm/cputype.h) and, if two share
 * their cores, by the number of cores: Snapdragon 8cx (SC8180X) has four large Kryo 4xx and four
 * small ones, Snapdragon 7c (SC7180) two and six.
 */
#include "probe/cpu/generation/generation.h"
#include "vbscheck/count.h"

enum { ARM = 0x41, QUALCOMM = 0x51, KRYO_4XX_LARGE = 0x804, KRYO_4XX_SMALL = 0x805 };

static const struct {
    unsigned implementer, part;
    struct generation is;
} cores[] = {
    {QUALCOMM, 0x001, {"Snapdragon X (Oryon)", LISTED_YES}},
    {ARM, 0xd4c, {"Snapdragon 8cx Gen 3", LISTED_YES}}, /* Cortex-X1C */
    {QUALCOMM, 0x800, {"Snapdragon 835", LISTED_NO}},
    {QUALCOMM, 0x801, {"Snapdragon 835", LISTED_NO}},
    {QUALCOMM, 0x802, {"Snapdragon 845 or 850", LISTED_NO}},
    {QUALCOMM, 0x803, {"Snapdragon 845 or 850", LISTED_NO}},
    {QUALCOMM, KRYO_4XX_LARGE, {"Snapdragon 8cx or 7c (Kryo 4xx)", LISTED_OPEN}},
    {QUALCOMM, KRYO_4XX_SMALL, {"Snapdragon 8cx or 7c (Kryo 4xx)", LISTED_OPEN}},
};

static unsigned count_of(const struct cpuinfo_core *list, unsigned n, unsigned part)
{
    for (unsigned i = 0; i < n; i++) {
        if (list[i].implementer == QUALCOMM && list[i].part == part)
            return list[i].n;
    }
    return 0;
}

struct generation generation_arm(const struct cpuinfo_core *list, unsigned n)
{
    unsigned large = count_of(list, n, KRYO_4XX_LARGE), small = count_of(list, n, KRYO_4XX_SMALL);
    if (large == 4 && small == 4)
        return (struct generation){"Snapdragon 8cx", LISTED_YES};
    if (large == 2 && small == 6)
        return (struct generation){"Snapdragon 7c", LISTED_NO};
    for (size_t i = 0; i < COUNT(cores); i++) {
        for (unsigned k = 0; k < n; k++) {
            if (list[k].implementer == cores[i].implementer && list[k].part == cores[i].part)
                return cores[i].is;
        }
    }
    return (struct generation){0};
}
