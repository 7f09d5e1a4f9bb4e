/* SPDX-License-Identifier: MIT */
/* Generations by printed names: Intel's processor numbers, Qualcomm's Snapdragons. */
#include "probe/cpu/generation/generation.h"
#include "vbscheck/count.h"

/* "8250U", "10210U", "1135G7", "6Y30", "920": a processor number of an Intel Core. */
static unsigned of_number(struct span s)
{
    uint64_t n = 0;
    struct span rest = s;
    if (span_starts(s, "N3")) /* i3-N305: Alder Lake-N */
        return 12;
    if (!span_take_dec(&rest, &n))
        return 0;
    size_t digits = s.len - rest.len;
    if (digits == 1 && span_starts(rest, "Y")) /* M-5Y71, m3-6Y30, i5-7Y54 */
        return (unsigned)n;
    if (digits == 3)
        return 1;
    if (digits == 5) /* 10210U, 13600K */
        return (unsigned)(n / 1000);
    if (digits != 4)
        return 0;
    return n >= 2000 ? (unsigned)(n / 1000) : (unsigned)(n / 100); /* 1135G7, 1240P: two digits */
}

/* "5 120U", "7 240H", "3 N350": the names since 2024. */
static bool is_series(struct span s)
{
    uint64_t n;
    if (!span_starts(s, "3 ") && !span_starts(s, "5 ") && !span_starts(s, "7 ") &&
        !span_starts(s, "9 "))
        return false;
    s = span_skip(s, span_starts(span_skip(s, 2), "N") ? 3 : 2);
    return span_take_dec(&s, &n) && n >= 100 && n <= 999;
}

static const char *const lines[] = {"i3-", "i5-", "i7-", "i9-", "m3-", "m5-", "m7-", "M-"};

unsigned generation_of_brand(struct span brand)
{
    struct span after, core = {0};
    uint64_t n;
    struct span first = span_trim(brand);
    if (span_take_dec(&first, &n) && span_starts(first, "th Gen Intel") && n >= 2 && n <= 14)
        return (unsigned)n;
    if (!span_find(brand, "Core(TM) ", &core) && !span_find(brand, "Core ", &core))
        return 0;
    if (span_starts(core, "Ultra ") || is_series(core))
        return GENERATION_ULTRA;
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (!span_starts(core, lines[i]))
            continue;
        after = span_skip(core, span_of(lines[i]).len);
        unsigned is = of_number(after);
        return is <= 14 ? is : 0;
    }
    bool first_ones =
        (span_starts(core, "i3 ") || span_starts(core, "i5 ") || span_starts(core, "i7 ")) &&
        span_find(core, "CPU", NULL);
    return first_ones ? 1 : 0; /* "Core(TM) i5 CPU       M 520" */
}

struct generation generation_arm_brand(struct span brand)
{
    static const struct {
        const char *words;
        struct generation is;
    } names[] = {
        {"8cx", {"Snapdragon 8cx", LISTED_YES}},
        {"Microsoft SQ", {"Snapdragon 8cx (Microsoft SQ)", LISTED_YES}},
        {"X1E", {"Snapdragon X", LISTED_YES}},
        {"X1P", {"Snapdragon X", LISTED_YES}},
        {"X126100", {"Snapdragon X", LISTED_YES}},
        {"X2E", {"Snapdragon X2", LISTED_YES}},
        {"Snapdragon(R) X", {"Snapdragon X", LISTED_YES}},
        {"Snapdragon X", {"Snapdragon X", LISTED_YES}},
        {"Snapdragon (TM) 850", {"Snapdragon 850", LISTED_NO}},
        {"Snapdragon 850", {"Snapdragon 850", LISTED_NO}},
        {"Snapdragon (TM) 835", {"Snapdragon 835", LISTED_NO}},
        {"Snapdragon 835", {"Snapdragon 835", LISTED_NO}},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (span_find(brand, names[i].words, NULL))
            return names[i].is;
    }
    return (struct generation){0};
}
