/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_once.h"

#include "parse/klog/klog.h"
#include "vbscheck/count.h"

/* In the order in which x86 kernels print them; others' order differs little. */
enum kind {
    E820,
    EFI_VERSION,
    EFI_TABLES,
    EFI_MAP,
    SECURE_BOOT,
    DMI,
    HYPERVISOR,
    HYPERV_PRIVILEGES,
    ACPI_ROOT,
    ACPI_TABLE,
    PARAVIRT,
    IMA_SECURE_BOOT,
    DRHD,
    VTD_UNIT,
    MEMATTR,
    EL,
    AMD_VI,
    SMMU,
    TPM,
    HYP,
};

/*
 * `rest` is the text after the prefix. False if the line is not the one that its prefix suggests.
 */
typedef bool read_rest(struct span rest, struct klog_once *out);

static bool read_all(struct span rest, struct klog_once *out)
{
    out->value = rest;
    return true;
}

/* "DRHD base: 0x000000fed91000 flags: 0x1": the first word is the thing. */
static bool read_word(struct span rest, struct klog_once *out)
{
    out->value = rest;
    return span_next_word(&out->value, &out->key);
}

/* "[mem 0x0000000000000000-0x000000000009ffff] usable", "0000000000000000 - … (usable)" */
static bool read_range(struct span rest, struct klog_once *out)
{
    struct span after = rest;
    if (!span_find(rest, "]", &after) && !span_find(rest, " (", &after))
        return false;
    out->key = (struct span){rest.ptr, rest.len - after.len};
    out->value = after;
    return true;
}

/* "efi: mem12: …": a boot lists its map twice, with other regions under the same numbers. */
static bool read_map(struct span rest, struct klog_once *out)
{
    uint64_t number;
    struct span s = rest;
    out->key = rest;
    return span_take_dec(&s, &number) && span_starts(s, ":");
}

/* "DMAR 0x00000000BED9D4C8 000070 (v01 INTEL  EDK2     00000001 INTL 00000001)" */
static bool read_acpi(struct span rest, struct klog_once *out)
{
    struct span signature, address;
    uint64_t at;
    out->value = rest;
    if (!span_next_word(&out->value, &signature) || signature.len != 4 ||
        !span_next_word(&out->value, &address))
        return false;
    out->key = (struct span){rest.ptr, (size_t)(out->value.ptr - rest.ptr)};
    address = span_skip(address, span_starts(address, "0x") ? 2 : 0);
    return address.len >= 8 && span_take_hex(&address, &at) && address.len == 0;
}

static bool read_dmi(struct span rest, struct klog_once *out)
{
    return span_find(rest, ", BIOS ", NULL) && read_all(rest, out);
}

/* "dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c40660462 ecap f050da" */
static bool read_vtd(struct span rest, struct klog_once *out)
{
    return span_find(rest, ": reg_base_addr ", NULL) && read_word(rest, out);
}

/* " MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)" */
static bool read_tpm(struct span rest, struct klog_once *out)
{
    return span_find(rest, " TPM (device-id ", NULL) && read_word(rest, out);
}

/* "-v3 arm-smmu-v3.0.auto: ias 44-bit, …" */
static bool read_smmu(struct span rest, struct klog_once *out)
{
    struct span device;
    bool found = span_find(rest, ": ias ", NULL) || span_find(rest, ": SMMUv", NULL);
    out->value = rest;
    return found && span_next_word(&out->value, &device) && span_next_word(&out->value, &out->key);
}

/* "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40", before 6.x "AMD-Vi: Found IOMMU at …". */
static bool read_amd(struct span rest, struct klog_once *out)
{
    return span_find(rest, "AMD-Vi: Found IOMMU ", NULL) && read_word(rest, out);
}

/*
 * "1]: VHE mode initialized successfully": of KVM's messages on Arm, only this one has an
 * alternative.
 */
static bool read_hyp(struct span rest, struct klog_once *out)
{
    bool has = span_find(rest, "mode initialized successfully", NULL);
    out->value = span_of(has ? "has" : "lacks");
    return has || span_find(rest, "HYP mode not available", NULL);
}

static const struct {
    const char *prefix;
    enum kind kind;
    read_rest *read;
} lines[] = {
    {"BIOS-e820: ", E820, read_range},
    {"efi: EFI v", EFI_VERSION, read_all},
    {"EFI v", EFI_VERSION, read_all},
    {"efi: mem", EFI_MAP, read_map},
    {"secureboot: Secure boot ", SECURE_BOOT, read_all},
    {"Secure boot ", SECURE_BOOT, read_all},
    {"DMI: ", DMI, read_dmi},
    {"Hypervisor detected: ", HYPERVISOR, read_all},
    {"Hyper-V: privilege flags ", HYPERV_PRIVILEGES, read_all},
    {"ACPI: XSDT ", ACPI_ROOT, read_all}, /* Linux reads one of the two, and names it */
    {"ACPI: RSDT ", ACPI_ROOT, read_all},
    {"ACPI: ", ACPI_TABLE, read_acpi},
    {"Booting paravirtualized kernel on ", PARAVIRT, read_all},
    {"ima: secureboot mode ", IMA_SECURE_BOOT, read_all},
    {"DMAR: DRHD base: ", DRHD, read_word},
    {"dmar: DRHD base: ", DRHD, read_word},
    {"DMAR: dmar", VTD_UNIT, read_vtd},
    {"dmar: IOMMU ", VTD_UNIT, read_vtd},
    {"IOMMU ", VTD_UNIT, read_vtd},
    {"efi: memattr: Processing ", MEMATTR, read_all},
    {"CPU: All CPU(s) started at ", EL, read_all},
    {"CPU: CPUs started in ", EL, read_all},
    {"pci ", AMD_VI, read_amd},
    {"AMD-Vi: Found IOMMU at ", AMD_VI, read_word},
    {"arm-smmu", SMMU, read_smmu},
    {"tpm_tis", TPM, read_tpm},
    {"kvm [", HYP, read_hyp},
};

/* Each unit's registers follow its own DRHD line. */
static unsigned rank_of(enum kind kind)
{
    return kind == VTD_UNIT ? DRHD : kind;
}

bool klog_once_read(struct span message, struct klog_once *out)
{
    struct span tables = klog_tables(message);
    if (tables.len > 0) {
        *out = (struct klog_once){.kind = EFI_TABLES, .rank = EFI_TABLES, .value = tables};
        return true;
    }
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct klog_once once = {.kind = lines[i].kind, .rank = rank_of(lines[i].kind)};
        if (message.len == 0 || message.ptr[0] != (uint8_t)lines[i].prefix[0] ||
            !span_starts(message, lines[i].prefix) ||
            !lines[i].read(span_skip(message, span_of(lines[i].prefix).len), &once))
            continue;
        once.value = span_trim(once.value);
        *out = once;
        return true;
    }
    return false;
}
