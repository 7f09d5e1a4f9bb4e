/* SPDX-License-Identifier: MIT */
#include "parse/hardware/psp.h"

const char *const psp_attribute_names[PSP_ATTRIBUTES] = {
    [PSP_FUSED_PART] = "fused_part",
    [PSP_BOOT_INTEGRITY] = "boot_integrity",
    [PSP_DEBUG_LOCK_ON] = "debug_lock_on",
    [PSP_TSME_STATUS] = "tsme_status",
    [PSP_ANTI_ROLLBACK_STATUS] = "anti_rollback_status",
    [PSP_RPMC_PRODUCTION_ENABLED] = "rpmc_production_enabled",
    [PSP_RPMC_SPIROM_AVAILABLE] = "rpmc_spirom_available",
    [PSP_ROM_ARMOR_ENFORCED] = "rom_armor_enforced",
    [PSP_HSP_TPM_AVAILABLE] = "hsp_tpm_available",
};

static void take(struct psp *p, struct span key, struct span value)
{
    bool on = span_is(value, "1"), off = span_is(value, "0");
    for (unsigned i = 0; i < PSP_ATTRIBUTES && (on || off); i++) {
        if (!span_is(key, psp_attribute_names[i]))
            continue;
        p->on[i] = on && (!p->told[i] || p->on[i]);
        p->told[i] = true;
    }
    if (span_is(key, "bootloader_version"))
        p->bootloader_version = value;
    if (span_is(key, "tee_version"))
        p->tee_version = value;
}

void psp_parse(struct span text, struct psp *out)
{
    struct psp p = {0};
    struct span line, address, key, value;
    while (span_next_line(&text, &line)) {
        if (!span_next_word(&line, &address))
            continue;
        p.seen = true;
        if (span_next_word(&line, &key) && span_next_word(&line, &value))
            take(&p, key, value);
    }
    *out = p;
}
