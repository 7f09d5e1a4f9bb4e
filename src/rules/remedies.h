/* SPDX-License-Identifier: MIT */
/*
 * Content of the table of remedies: steps, and rows for failures and for unknowns, each part in its
 * own file. rules/remedy.h finds the row that fits.
 */
#ifndef RULES_REMEDIES_H
#define RULES_REMEDIES_H

#include "rules/rule.h"

/* Who acts, and how: the words of the contract, in the order of the actions. */
enum action {
    ACTION_NONE, /* nothing is wrong, or nothing helps */
    ACTION_SETUP,
    ACTION_FIRMWARE_UPDATE,
    ACTION_HYPERVISOR,
    ACTION_THIS_BOOT,
    ACTION_DRIVER,
    ACTION_EVIDENCE,
    ACTION_REPLACE_HARDWARE,
    ACTION_COUNT
};

enum step {
    STEP_NONE,
    /* In firmware setup. */
    STEP_CSM_OFF,
    STEP_VTX,
    STEP_SVM,
    STEP_VIRTUALIZATION,
    STEP_VTD,
    STEP_AMD_VI,
    STEP_IOMMU,
    STEP_TPM_PTT,
    STEP_TPM_FTPM,
    STEP_TPM_ON,
    STEP_TPM_2,
    STEP_TPM_SHA256,
    STEP_DMA_PROTECTION,
    STEP_FACTORY_KEYS,
    STEP_SECURE_BOOT,
    STEP_TSME,
    STEP_STANDBY,
    /* By the firmware's maker. */
    STEP_FIRMWARE,
    STEP_FIRMWARE_64,
    STEP_FIRMWARE_SMMU,
    /* By the owner of the hypervisor. */
    STEP_VM_64BIT,
    STEP_VM_NESTED,
    STEP_VM_SERIES,
    STEP_VM_PAGING,
    STEP_VM_UEFI,
    STEP_VM_IOMMU,
    STEP_VM_TPM,
    STEP_VM_TPM_SHA256,
    STEP_VM_SECURE_BOOT,
    STEP_VM_FIRMWARE,
    /* By booting differently. */
    STEP_BOOT_BARE,
    STEP_BOOT_UEFI,
    STEP_BOOT_RUNTIME,
    STEP_BOOT_ALL_MEMORY,
    STEP_BOOT_ACPI,
    STEP_BOOT_EFI,
    STEP_BOOT_EFI_DEBUG,
    STEP_BOOT_IOMMU,
    STEP_BOOT_INTEL_IOMMU,
    STEP_BOOT_AMD_IOMMU,
    STEP_BOOT_KVM,
    STEP_BOOT_NO_LOCKDOWN,
    /* By the drivers' makers. */
    STEP_DRIVERS,
    STEP_DRIVERS_NEWER,
    /* By scanning again, or with more evidence. */
    STEP_ROOT,
    STEP_NO_CONTAINER,
    STEP_MODULE_MSR,
    STEP_MODULE_TPM,
    STEP_MODULE_CCP,
    STEP_MODULE,
    STEP_MOUNT_EFIVARFS,
    STEP_KERNEL_CONFIG,
    STEP_LOG_BEGINNING,
    STEP_CAPTURE,
    STEP_ACPIDUMP,
    STEP_LOG_EFI_DEBUG,
    STEP_LOG,
    STEP_CPUINFO,
    STEP_CPUID,
    STEP_EFI_VARIABLES,
    STEP_LSPCI,
    STEP_DMIDECODE,
    STEP_LSBLK,
    STEP_LSPCI_WHOLE,
    STEP_LOG_WHOLE,
    STEP_COPY_AGAIN,
    STEP_LOOK_AGAIN,
    STEP_NOTES,
    STEP_NEWER_VERSION,
    STEP_MOR_TEST,
    STEP_AZURE_SIZE,
    STEP_GIVE_DRIVERS,
    STEP_GIVE_BLOCKLIST,
    STEP_GIVE_CATALOGS,
    STEP_DRIVERS_ON_WINDOWS,
    STEP_WINDOWS_NOTES,
    /* By other hardware. */
    STEP_MORE_MEMORY,
    STEP_SSD,
    STEP_REPLACE,
    STEP_COUNT
};

/* A step as listed in a report: one line, in the imperative. */
struct step_info {
    enum action action;
    const char *text; /* NULL for STEP_NONE */
    enum step within; /* completing that step completes this one too; STEP_NONE: none */
};

extern const struct step_info step_infos[STEP_COUNT];

/* One row of the table. A field that is zero or "" matches anything. */
struct remedy {
    const char *rule; /* an id, or a prefix of ids */
    const char *blob; /* name prefix of the deciding fact's blob */
    enum fact_id fact;
    enum verdict on;        /* V_FAIL or V_UNKNOWN ... */
    unsigned causes;        /* ... bits 1 << enum cause; 0: any ... */
    enum status reason;     /* ... or the reason */
    unsigned when, unless;  /* bits of enum situation: all of these, none of those */
    enum maker maker;       /* MAKER_ANY: any maker */
    enum platform platform; /* PLATFORM_ANY: any platform */
    enum step step;
    bool certain;       /* the evidence shows that the feature is present and switched off */
    const char *line;   /* the step's line for this machine; NULL: the step's own text */
    const char *text;   /* a sentence or two */
    const char *source; /* source of this advice; NULL: the document that the rule names */
};

/* In the order in which they are tried. */
extern const struct remedy remedies_makers[], remedies_platforms[], remedies_failures[],
    remedies_hardware[], remedies_unknowns[];
extern const size_t n_remedies_makers, n_remedies_platforms, n_remedies_failures,
    n_remedies_hardware, n_remedies_unknowns;

#endif
