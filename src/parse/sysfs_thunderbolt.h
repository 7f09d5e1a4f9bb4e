/* SPDX-License-Identifier: MIT */
/* The blob `sys/thunderbolt` (docs/vbscheck-snapshot.5): lines "domain0 KEY VALUE". */
#ifndef PARSE_SYSFS_THUNDERBOLT_H
#define PARSE_SYSFS_THUNDERBOLT_H

#include "vbscheck/span.h"

struct sysfs_thunderbolt {
    bool told;     /* a domain shows whether DMA is protected */
    bool protects; /* a domain shows that it is */
};

/* Reads any text. */
void sysfs_thunderbolt_parse(struct span text, struct sysfs_thunderbolt *out);

#endif
