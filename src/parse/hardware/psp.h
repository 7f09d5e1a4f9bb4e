/* SPDX-License-Identifier: MIT */
/*
 * The blob `sys/psp` (docs/vbscheck-snapshot.5): attributes shown by the driver of AMD's security
 * processor, lines "0000:04:00.2 KEY VALUE" (Linux Documentation/ABI/testing/sysfs-driver-ccp).
 */
#ifndef PARSE_HARDWARE_PSP_H
#define PARSE_HARDWARE_PSP_H

#include "vbscheck/span.h"

enum psp_attribute {
    PSP_FUSED_PART,
    PSP_BOOT_INTEGRITY,
    PSP_DEBUG_LOCK_ON,
    PSP_TSME_STATUS,
    PSP_ANTI_ROLLBACK_STATUS,
    PSP_RPMC_PRODUCTION_ENABLED,
    PSP_RPMC_SPIROM_AVAILABLE,
    PSP_ROM_ARMOR_ENFORCED,
    PSP_HSP_TPM_AVAILABLE,
    PSP_ATTRIBUTES
};

/* Their files' names. */
extern const char *const psp_attribute_names[PSP_ATTRIBUTES];

struct psp {
    bool seen; /* there is such a processor */
    bool told[PSP_ATTRIBUTES], on[PSP_ATTRIBUTES];
    struct span bootloader_version, tee_version; /* borrowed; "" if unknown */
};

/* Reads any text. If there are several processors, the worst counts. */
void psp_parse(struct span text, struct psp *out);

#endif
