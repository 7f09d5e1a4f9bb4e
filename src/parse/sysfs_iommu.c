/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_iommu.h"

#include "vbscheck/count.h"

/* "29d3:0", or one number alone. */
static bool take_features(struct span *s, uint64_t out[2])
{
    uint64_t first = 0, second = 0;
    if (!span_take_hex(s, &first))
        return false;
    *s = span_skip(*s, span_starts(*s, ":") ? 1 : 0);
    (void)span_take_hex(s, &second);
    out[0] = first;
    out[1] = second;
    return true;
}

static void read_value(struct sysfs_iommu_unit *u, struct span key, struct span value)
{
    if (span_is(key, "address"))
        u->has_base |= span_take_hex(&value, &u->base);
    else if (span_is(key, "cap"))
        u->has_cap |= span_take_hex(&value, &u->cap);
    else if (span_is(key, "ecap"))
        u->has_ecap |= span_take_hex(&value, &u->ecap);
    else if (span_is(key, "features"))
        u->has_features |= take_features(&value, u->features);
}

/* "dmar0 address fed90000", after "unit". A unit without attributes (like SMMUs) is only a name. */
static void read_unit(struct sysfs_iommu *out, struct arena *a, struct span rest)
{
    struct span name, key;
    if (!span_next_word(&rest, &name))
        return;
    if (out->n == 0 || !span_equal(out->units[out->n - 1].name, name)) {
        if (out->n == SYSFS_IOMMU_UNITS_MAX)
            return;
        out->units = arena_grow(a, out->units, out->n, sizeof *out->units);
        out->units[out->n++] = (struct sysfs_iommu_unit){.name = name};
    }
    if (span_next_word(&rest, &key))
        read_value(&out->units[out->n - 1], key, span_trim(rest));
}

/* "groups 14", "type identity 2": the first line of its kind counts, if it holds a number. */
static void read_count(struct span line, const char *label, bool *seen, bool *has, uint64_t *out)
{
    if (*seen || !span_starts(line, label))
        return;
    *seen = true;
    line = span_trim(span_skip(line, span_of(label).len));
    *has = span_take_dec(&line, out) && line.len == 0;
}

void sysfs_iommu_parse(struct span text, struct arena *a, struct sysfs_iommu *out)
{
    struct sysfs_iommu s = {0};
    struct span line, word;
    bool seen_groups = false, seen_identity = false;
    while (span_next_line(&text, &line)) {
        struct span rest = line;
        read_count(line, "groups ", &seen_groups, &s.has_groups, &s.groups);
        read_count(line, "type identity ", &seen_identity, &s.has_identity, &s.identity);
        if (span_next_word(&rest, &word) && span_is(word, "unit"))
            read_unit(&s, a, rest);
    }
    *out = s;
}
