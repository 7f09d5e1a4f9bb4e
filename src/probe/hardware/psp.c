/* SPDX-License-Identifier: MIT */
/* The state of AMD's security processor, as the kernel's driver shows it. */
#include "parse/hardware/psp.h"

#include <string.h>

#include "probe/probe.h"

#define PSP "sys/psp"

static const char *const wants[] = {PSP, NULL};

static const enum fact_id gives[] = {
    FACT_AMD_PSP_PRESENT,
    FACT_AMD_PSP_FUSED,
    FACT_AMD_PSP_BOOT_INTEGRITY,
    FACT_AMD_PSP_DEBUG,
    FACT_AMD_PSP_TSME,
    FACT_AMD_PSP_ANTI_ROLLBACK,
    FACT_AMD_PSP_RPMC_ON,
    FACT_AMD_PSP_RPMC_SPIROM,
    FACT_AMD_PSP_ROM_ARMOR,
    FACT_AMD_PSP_HSP_TPM,
    FACT_AMD_PSP_BOOTLOADER,
    FACT_AMD_PSP_TEE,
    FACT_NONE,
};

static const enum fact_id facts_of[PSP_ATTRIBUTES] = {
    [PSP_FUSED_PART] = FACT_AMD_PSP_FUSED,
    [PSP_BOOT_INTEGRITY] = FACT_AMD_PSP_BOOT_INTEGRITY,
    [PSP_DEBUG_LOCK_ON] = FACT_AMD_PSP_DEBUG,
    [PSP_TSME_STATUS] = FACT_AMD_PSP_TSME,
    [PSP_ANTI_ROLLBACK_STATUS] = FACT_AMD_PSP_ANTI_ROLLBACK,
    [PSP_RPMC_PRODUCTION_ENABLED] = FACT_AMD_PSP_RPMC_ON,
    [PSP_RPMC_SPIROM_AVAILABLE] = FACT_AMD_PSP_RPMC_SPIROM,
    [PSP_ROM_ARMOR_ENFORCED] = FACT_AMD_PSP_ROM_ARMOR,
    [PSP_HSP_TPM_AVAILABLE] = FACT_AMD_PSP_HSP_TPM,
};

/* True if the processor is known to be from another maker. */
static bool is_not_amds(const struct facts *f)
{
    const struct fact *vendor = &f->all[FACT_CPU_VENDOR];
    return fact_is_false(f, FACT_HOST_X86) ||
           (vendor->st == ST_OK && strcmp(vendor->v.text, "AuthenticAMD") != 0);
}

static void give_version(const struct probe_run *p, enum fact_id id, struct span version)
{
    if (version.len > 0)
        facts_text(p->facts, id, arena_text(p->arena, version), origin_of(PSP));
}

static void run(const struct probe_run *p)
{
    const struct blob b = snap_get(p->snap, PSP);
    struct origin from = origin_of(PSP);
    struct psp psp;
    if (is_not_amds(p->facts)) {
        const struct fact *vendor = &p->facts->all[FACT_CPU_VENDOR];
        from = vendor->st == ST_OK ? vendor->from : p->facts->all[FACT_HOST_X86].from;
        facts_all_unknown(p->facts, gives, ST_ABSENT, from);
        facts_bool(p->facts, FACT_AMD_PSP_PRESENT, false, from);
        return;
    }
    if (b.st != ST_OK) {
        facts_all_unknown(p->facts, gives, b.st == ST_ABSENT ? ST_NOT_COLLECTED : b.st, from);
        return;
    }
    /* Kernels before 5.19, and some processors, show none of the files. */
    facts_all_unknown(p->facts, gives, ST_NO_DRIVER, from);
    psp_parse(b.data, &psp);
    facts_bool(p->facts, FACT_AMD_PSP_PRESENT, psp.seen, from);
    for (unsigned i = 0; i < PSP_ATTRIBUTES; i++) {
        if (psp.told[i])
            facts_bool(p->facts, facts_of[i], psp.on[i], from);
    }
    give_version(p, FACT_AMD_PSP_BOOTLOADER, psp.bootloader_version);
    give_version(p, FACT_AMD_PSP_TEE, psp.tee_version);
}

const struct probe probe_psp = {
    .name = "psp",
    .summary = "State of AMD's security processor, as it reports it",
    .wants = wants,
    .gives = gives,
    .run = run,
};
