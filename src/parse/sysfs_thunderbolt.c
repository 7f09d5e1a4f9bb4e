/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_thunderbolt.h"

/* "domain0 iommu_dma_protection 1" */
void sysfs_thunderbolt_parse(struct span text, struct sysfs_thunderbolt *out)
{
    struct sysfs_thunderbolt t = {0};
    struct span line, domain, key;
    while (span_next_line(&text, &line)) {
        if (!span_next_word(&line, &domain) || !span_next_word(&line, &key) ||
            !span_is(key, "iommu_dma_protection"))
            continue;
        t.told = true;
        t.protects |= span_is(span_trim(line), "1");
    }
    *out = t;
}
