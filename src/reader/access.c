/* SPDX-License-Identifier: MIT */
/*
 * Consecutive rows with the same folder are read together, so that it is listed and opened once
 * (early.c).
 */
#include "reader/access.h"

#include <string.h>

#include "vbscheck/count.h"

enum {
    LINE = 64 << 10, /* a file of one line */
    WORD = 512,
    LINK = 511,
    VARIABLE = 64 << 10,
    DMI_TABLE = 256 << 10,
    LOG = 16 << 20,
    TEXT = 4 << 20, /* an ACPI table, a kernel's configuration, /proc/cpuinfo */
};

#define EACH_CHIP     "sys/class/tpm/*"
#define EACH_DISK     "sys/block/*" /* loop devices and their like, too */
#define EACH_SCSI     "sys/block/sd*"
#define EACH_NVME     "sys/block/nvme*"
#define EACH_FUNCTION "sys/bus/pci/devices/*"
#define EACH_REGION   "sys/firmware/efi/runtime-map/*"
#define EACH_UNIT     "sys/class/iommu/*"
#define TABLES        "sys/firmware/acpi/tables"
#define KVM_MODULE    "lib/modules/*/kernel/arch/x86/kvm"

const struct access accesses[] = {
    /* The kernel */
    {"proc", "cmdline", ASK_FILE, LINE, true, HOW_FILE},
    {"proc", "cpuinfo", ASK_FILE, TEXT, true, HOW_FILE},
    {"proc", "meminfo", ASK_FILE, LINE, true, HOW_FILE},
    {"proc/sys/kernel", "osrelease", ASK_FILE, WORD, false, HOW_FILE},
    {"sys/kernel/security", "lockdown", ASK_FILE, LINE, true, HOW_FILE},
    {"boot", "config-*", ASK_FILE, TEXT, false, HOW_FILE},
    {KVM_MODULE, "kvm-intel.ko", ASK_EXISTS, 0, false, HOW_FILE},
    {KVM_MODULE, "kvm-intel.ko.xz", ASK_EXISTS, 0, false, HOW_FILE},
    {KVM_MODULE, "kvm-intel.ko.zst", ASK_EXISTS, 0, false, HOW_FILE},
    {KVM_MODULE, "kvm-intel.ko.gz", ASK_EXISTS, 0, false, HOW_FILE},
    {"lib/modules/*", "modules.builtin", ASK_FILE, TEXT, false, HOW_FILE},
    {"sys/module", "kvm_intel", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/module", "kvm_amd", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/module/kvm_intel/parameters", "ept", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/module/kvm_amd/parameters", "npt", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/misc", "kvm", ASK_EXISTS, 0, true, HOW_FILE},
    /* Its log */
    {"dev", "kmsg", ASK_NEXT, 0, false, HOW_KMSG},
    {"var/log", "dmesg", ASK_FILE, LOG, false, HOW_FILE},
    {"", "dmesg", ASK_FILE, LOG, false, HOW_FILE},
    /* Registers */
    {"sys/class", "msr", ASK_EXISTS, 0, true, HOW_FILE},
    {"dev", "cpu", ASK_LIST, 8192, false, HOW_FILE},
    {"dev/cpu/*", "msr", ASK_WORDS, 0, false, HOW_MSR},
    /* Firmware */
    {"sys/firmware/acpi", "tables", ASK_LIST, 1024, true, HOW_FILE},
    {TABLES, "APIC", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "DMAR", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "FACP", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "IORT", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "IVRS", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "MCFG", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "TPM2", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "VIOT", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "WSMT", ASK_FILE, TEXT, true, HOW_FILE},
    {TABLES, "*", ASK_FILE, TEXT, false, HOW_FILE},
    {"sys", "firmware", ASK_LIST, 64, true, HOW_FILE},
    {"sys/firmware", "efi", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/firmware/efi", "fw_platform_size", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/firmware/efi", "config_table", ASK_FILE, LINE, false, HOW_FILE},
    {"sys/firmware/efi", "runtime-map", ASK_LIST, 4096, true, HOW_FILE},
    {EACH_REGION, "type", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_REGION, "phys_addr", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_REGION, "virt_addr", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_REGION, "num_pages", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_REGION, "attribute", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/firmware/efi", "efivars", ASK_LIST, 1, true, HOW_FILE},
    {"sys/firmware/efi/efivars", "*", ASK_FILE, VARIABLE, false, HOW_FILE},
    {"sys/class/dmi", "id", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/class/dmi/id", "sys_vendor", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "product_name", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "bios_version", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "bios_date", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/firmware/dmi/tables", "DMI", ASK_FILE, DMI_TABLE, true, HOW_FILE},
    {"sys/class/dmi/id", "product_version", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "board_vendor", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "board_name", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "bios_vendor", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/class/dmi/id", "chassis_asset_tag", ASK_FILE, LINE, true, HOW_FILE},
    /* Memory, and the place of the attributes table in it */
    {"proc", "kcore", ASK_AT, 0, false, HOW_MEMORY},
    {"proc", "kallsyms", ASK_NEXT, 0, false, HOW_FILE},
    {"sys/kernel/debug", "efi", ASK_EXISTS, 0, false, HOW_FILE},
    {"sys/kernel/debug/efi", "boot_services_data*", ASK_AT, 0, false, HOW_MEMORY},
    {"sys/hypervisor", "guest_type", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/hypervisor", "type", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/hypervisor/properties", "features", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/hypervisor/properties", "capabilities", ASK_FILE, LINE, true, HOW_FILE},
    {"proc/xen", "capabilities", ASK_FILE, LINE, true, HOW_FILE},
    /* The result of mor-test */
    {"run/vbscheck", "mor-test.json", ASK_FILE, 4096, true, HOW_FILE},
    {"", "run", ASK_EXISTS, 0, true, HOW_FILE},
    {"proc/sys/kernel/random", "boot_id", ASK_FILE, 64, false, HOW_FILE},
    /* TPMs */
    {"sys/class", "tpm", ASK_LIST, 64, true, HOW_FILE},
    {"sys/class/tpm", "*", ASK_LIST, 256, false, HOW_FILE},
    {EACH_CHIP, "tpm_version_major", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_CHIP, "caps", ASK_FILE, 4096, false, HOW_FILE},
    {EACH_CHIP, "device/caps", ASK_FILE, 4096, false, HOW_FILE},
    {EACH_CHIP, "device/description", ASK_FILE, LINE, false, HOW_FILE},
    {"sys/class/tpmrm", "*", ASK_EXISTS, 0, false, HOW_FILE},
    {"sys/bus/acpi/devices/MSFT0101:00", "status", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/bus/acpi/devices/MSFT0101:*", "status", ASK_FILE, LINE, false, HOW_FILE},
    {"dev", "tpmrm0", ASK_EXISTS, 0, true, HOW_FILE},
    /* IOMMUs and Thunderbolt */
    {"sys", "class", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/class", "iommu", ASK_LIST, 1024, true, HOW_FILE},
    {EACH_UNIT, "intel-iommu/address", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_UNIT, "intel-iommu/cap", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_UNIT, "intel-iommu/ecap", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_UNIT, "intel-iommu/version", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_UNIT, "amd-iommu/cap", ASK_FILE, LINE, true, HOW_FILE},
    {EACH_UNIT, "amd-iommu/features", ASK_FILE, LINE, true, HOW_FILE},
    {"sys/kernel", "iommu_groups", ASK_LIST, 65536, true, HOW_FILE},
    {"sys/kernel/iommu_groups/*", "type", ASK_FILE, 32, true, HOW_FILE},
    {"sys/bus/thunderbolt", "devices", ASK_LIST, 256, true, HOW_FILE},
    {"sys/bus/thunderbolt/devices", "domain*", ASK_LINK, LINK, false, HOW_FILE},
    {"sys/bus/thunderbolt/devices/domain*", "iommu_dma_protection", ASK_FILE, LINE, false,
     HOW_FILE},
    /* PCI */
    {"sys", "bus", ASK_EXISTS, 0, true, HOW_FILE},
    {"sys/bus/pci", "devices", ASK_LIST, PCI_FUNCTIONS_MAX, true, HOW_FILE},
    {"sys/bus/pci/devices", "*", ASK_LINK, LINK, false, HOW_FILE},
    {"sys/bus/pci/devices", "*", ASK_EXISTS, 0, false, HOW_FILE},
    {EACH_FUNCTION, "class", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_FUNCTION, "vendor", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_FUNCTION, "device", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_FUNCTION, "max_link_speed", ASK_EXISTS, 0, true, HOW_FILE},
    {EACH_FUNCTION, "iommu_group", ASK_LINK, LINK, true, HOW_FILE},
    {EACH_FUNCTION, "physfn", ASK_LINK, LINK, true, HOW_FILE},
    {EACH_FUNCTION, "removable", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_FUNCTION, "config", ASK_AT, 0, false, HOW_FILE},
    /* AMD's security processor */
    {"sys/bus/pci/drivers", "ccp", ASK_LIST, 64, true, HOW_FILE},
    {EACH_FUNCTION, "fused_part", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "boot_integrity", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "debug_lock_on", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "tsme_status", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "anti_rollback_status", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "rpmc_production_enabled", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "rpmc_spirom_available", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "rom_armor_enforced", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "hsp_tpm_available", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "bootloader_version", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_FUNCTION, "tee_version", ASK_FILE, WORD, false, HOW_FILE},
    /* Disks */
    {"sys", "block", ASK_LIST, 4096, true, HOW_FILE},
    {"sys/block", "*", ASK_LINK, LINK, false, HOW_FILE},
    {EACH_SCSI, "size", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_SCSI, "removable", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_SCSI, "queue/rotational", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_NVME, "size", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_NVME, "removable", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_NVME, "queue/rotational", ASK_FILE, WORD, true, HOW_FILE},
    {EACH_DISK, "size", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_DISK, "removable", ASK_FILE, WORD, false, HOW_FILE},
    {EACH_DISK, "queue/rotational", ASK_FILE, WORD, false, HOW_FILE},
};
const size_t n_accesses = COUNT(accesses);

/* Splits off the part of a path before the next slash. */
static struct span next_part(struct span *path)
{
    const uint8_t *slash = path->len > 0 ? memchr(path->ptr, '/', path->len) : NULL;
    size_t n = slash != NULL ? (size_t)(slash - path->ptr) : path->len;
    struct span part = {path->ptr, n};
    *path = span_skip(*path, slash != NULL ? n + 1 : n);
    return part;
}

/* At most one star; it stands for at least one character, and never for ".." or a hidden name. */
static bool fits(struct span part, struct span pattern)
{
    const uint8_t *star = pattern.len > 0 ? memchr(pattern.ptr, '*', pattern.len) : NULL;
    if (star == NULL)
        return span_equal(part, pattern);
    size_t before = (size_t)(star - pattern.ptr), after = pattern.len - before - 1;
    return part.len > before + after && part.ptr[0] != '.' &&
           memcmp(part.ptr, pattern.ptr, before) == 0 &&
           memcmp(part.ptr + part.len - after, star + 1, after) == 0;
}

/* Compares part by part, over the folder and then the name. */
static bool is_row_of(const struct access *row, struct span path)
{
    struct span folder = span_of(row->folder), name = span_of(row->name);
    while (path.len > 0 && folder.len + name.len > 0) {
        struct span pattern = next_part(folder.len > 0 ? &folder : &name);
        if (!fits(next_part(&path), pattern))
            return false;
    }
    return path.len + folder.len + name.len == 0;
}

const struct access *access_find(const struct question *q)
{
    struct span path = span_of(q->path);
    if (path.len == 0 || path.len > ASK_PATH_MAX || path.ptr[path.len - 1] == '/')
        return NULL;
    for (size_t i = 0; i < n_accesses; i++) {
        if (accesses[i].kind == q->kind && is_row_of(&accesses[i], path))
            return &accesses[i];
    }
    return NULL;
}

bool access_is_each(const struct access *row)
{
    size_t n = strlen(row->folder);
    return n > 2 && row->folder[n - 1] == '*';
}
