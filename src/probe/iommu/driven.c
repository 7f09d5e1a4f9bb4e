/* SPDX-License-Identifier: MIT */
#include "probe/iommu/driven.h"

#include <string.h>

#include "vbscheck/count.h"

#define BLOB "sys/iommu"

/* Names that Linux's drivers give: intel/dmar.c, amd/init.c, arm-smmu-v3.c and arm-smmu.c. */
static const struct driver {
    const char *prefix;
    enum iommu_kind kind;
    enum told translates;
    const char *translation;
} drivers[] = {
    {"dmar", IOMMU_VTD, NOT_TOLD, NULL},
    {"ivhd", IOMMU_AMD_VI, NOT_TOLD, "whether firmware switched translation off, the table tells"},
    {"smmu", IOMMU_SMMU, TOLD_YES, "translation is what an SMMU is"},
};

static const struct driver *driver_of(struct span name)
{
    for (size_t i = 0; i < COUNT(drivers); i++) {
        if (span_starts(name, drivers[i].prefix))
            return &drivers[i];
    }
    return NULL;
}

/* "unit dmar0 address fed90000", "unit smmu3.0x0000000009050000": lines of a unit in a row. */
size_t driven_units(const struct snapshot *s, struct arena *a, struct iommu_unit **out)
{
    struct span text = snap_get(s, BLOB).data, line, word, name, last = {0};
    struct iommu_unit *units = NULL;
    size_t n = 0;
    while (span_next_line(&text, &line)) {
        if (!span_next_word(&line, &word) || !span_is(word, "unit") ||
            !span_next_word(&line, &name))
            continue;
        const struct driver *d = driver_of(name);
        if (d != NULL && !span_equal(name, last)) {
            units = arena_grow(a, units, n, sizeof *units);
            units[n++] = (struct iommu_unit){
                .kind = d->kind,
                .name = arena_text(a, name),
                .serves = "driven by the kernel",
                .blob = BLOB,
                .translates = d->translates,
                .seen_in = BLOB,
                .translation = d->translation,
            };
            last = name;
        }
        if (d != NULL && span_next_word(&line, &word) && span_is(word, "address")) {
            line = span_trim(line);
            (void)span_take_hex(&line, &units[n - 1].base);
        }
    }
    *out = units;
    return n;
}

bool driven_decide(const struct facts *f)
{
    const struct fact *units = &f->all[FACT_IOMMU_UNITS];
    return units->st == ST_OK && units->from.blob != NULL && strcmp(units->from.blob, BLOB) == 0;
}
