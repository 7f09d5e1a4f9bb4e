/* SPDX-License-Identifier: MIT */
/* The engine's logic, and every rule with a passing, a failing and an unknown case. */
#include "support/cmocka.h"

#include <string.h>

#include "probe/probe.h"
#include "rules/remedy.h"
#include "support/build.h"
#include "vbscheck/count.h"

/* One fact set for a case. */
struct given {
    enum { NOTHING, YES, NUMBER, NOT_KNOWN } kind;
    enum fact_id id;
    uint64_t v;
};

#define T(id)                                                                                      \
    {                                                                                              \
        YES, FACT_##id, 1                                                                          \
    }
#define F(id)                                                                                      \
    {                                                                                              \
        YES, FACT_##id, 0                                                                          \
    }
#define N(id, n)                                                                                   \
    {                                                                                              \
        NUMBER, FACT_##id, (n)                                                                     \
    }
#define U(id)                                                                                      \
    {                                                                                              \
        NOT_KNOWN, FACT_##id, ST_NO_PERMISSION                                                     \
    }
#define A(id)                                                                                      \
    {                                                                                              \
        NOT_KNOWN, FACT_##id, ST_ABSENT                                                            \
    }

#define METAL_X86 F(HOST_VM), T(HOST_X86)
#define VM_X86    T(HOST_VM), T(HOST_X86)
#define MAT       T(MAT_PUBLISHED), F(MAT_EMPTY)
#define MOR_OK    F(MOR_LACKS_TPM), T(MOR_PRESENT), N(MOR_SIZE, 1), N(MOR_ATTRIBUTES, 7)
#define LOCK_OK   F(MOR_LACKS_TPM), T(MORLOCK_PRESENT), N(MORLOCK_SIZE, 1), N(MORLOCK_ATTRIBUTES, 7)

static const struct rule_case {
    const char *rule;
    enum verdict verdict;
    struct given given[10];
    enum cause cause;
} cases[] = {
    {"cpu.64bit", V_PASS, {T(CPU_64BIT)}, 0},
    {"cpu.64bit", V_FAIL, {F(CPU_64BIT)}, CAUSE_ABSENT},
    {"cpu.64bit", V_UNKNOWN, {U(CPU_64BIT)}, 0},
    {"cpu.virtualization", V_PASS, {METAL_X86, T(CPU_VIRT_CAPABLE), T(CPU_VIRT_ENABLED)}, 0},
    {"cpu.virtualization",
     V_FAIL,
     {METAL_X86, F(CPU_VIRT_CAPABLE), F(CPU_VIRT_ENABLED)},
     CAUSE_ABSENT},
    {"cpu.virtualization",
     V_FAIL,
     {METAL_X86, T(CPU_VIRT_CAPABLE), F(CPU_VIRT_ENABLED)},
     CAUSE_DISABLED},
    {"cpu.virtualization", V_UNKNOWN, {METAL_X86, T(CPU_VIRT_CAPABLE), U(CPU_VIRT_ENABLED)}, 0},
    {"cpu.virtualization", V_NOT_APPLICABLE, {VM_X86, F(CPU_VIRT_CAPABLE)}, 0},
    {"cpu.virtualization", V_PASS, {VM_X86, T(CPU_VIRT_CAPABLE), T(CPU_VIRT_ENABLED)}, 0},
    {"cpu.virtualization", V_UNKNOWN, {F(CPU_VIRT_CAPABLE)}, 0},
    {"cpu.slat", V_PASS, {METAL_X86, T(CPU_SLAT)}, 0},
    {"cpu.slat", V_FAIL, {METAL_X86, F(CPU_SLAT)}, CAUSE_ABSENT},
    {"cpu.slat", V_UNKNOWN, {METAL_X86, U(CPU_SLAT)}, 0},
    {"cpu.slat", V_NOT_APPLICABLE, {VM_X86, F(CPU_VIRT_CAPABLE), F(CPU_SLAT)}, 0},
    {"cpu.mbec", V_PASS, {METAL_X86, T(CPU_MBEC), F(CPU_GMET)}, 0},
    {"cpu.mbec", V_PASS, {METAL_X86, A(CPU_MBEC), T(CPU_GMET)}, 0},
    {"cpu.mbec", V_FAIL, {METAL_X86, A(CPU_MBEC), F(CPU_GMET)}, CAUSE_ABSENT},
    {"cpu.mbec", V_UNKNOWN, {METAL_X86, U(CPU_MBEC), F(CPU_GMET)}, 0},
    {"cpu.mbec", V_NOT_APPLICABLE, {F(HOST_VM), F(HOST_X86)}, 0},
    {"iommu.present", V_PASS, {METAL_X86, N(IOMMU_UNITS, 2)}, 0},
    {"iommu.present", V_FAIL, {METAL_X86, N(IOMMU_UNITS, 0)}, CAUSE_UNKNOWN},
    {"iommu.present", V_UNKNOWN, {METAL_X86, U(IOMMU_UNITS)}, 0},
    {"iommu.present", V_NOT_APPLICABLE, {VM_X86, N(IOMMU_UNITS, 0)}, 0},
    {"iommu.present", V_PASS, {VM_X86, N(IOMMU_UNITS, 1)}, 0},
    {"iommu.translation", V_PASS, {N(IOMMU_UNITS, 1), T(IOMMU_TRANSLATES)}, 0},
    {"iommu.translation", V_FAIL, {N(IOMMU_UNITS, 1), F(IOMMU_TRANSLATES)}, CAUSE_FIRMWARE_BUG},
    {"iommu.translation", V_UNKNOWN, {N(IOMMU_UNITS, 1)}, 0},
    {"iommu.translation", V_NOT_APPLICABLE, {N(IOMMU_UNITS, 0)}, 0},
    {"iommu.coverage",
     V_PASS,
     {METAL_X86, N(IOMMU_UNITS, 1), N(IOMMU_UNCOVERED, 0), N(IOMMU_COMPONENTS_FREE, 0)},
     0},
    {"iommu.coverage",
     V_FAIL,
     {METAL_X86, N(IOMMU_UNITS, 1), N(IOMMU_UNCOVERED, 0), N(IOMMU_COMPONENTS_FREE, 1)},
     CAUSE_FIRMWARE_BUG},
    {"iommu.coverage",
     V_FAIL,
     {METAL_X86, N(IOMMU_UNITS, 1), N(IOMMU_UNCOVERED, 3)},
     CAUSE_FIRMWARE_BUG},
    {"iommu.coverage", V_FAIL, {METAL_X86, N(IOMMU_UNITS, 0)}, CAUSE_UNKNOWN},
    {"iommu.coverage", V_UNKNOWN, {METAL_X86, U(IOMMU_UNITS), N(IOMMU_UNCOVERED, 0)}, 0},
    {"iommu.coverage", V_UNKNOWN, {METAL_X86, N(IOMMU_UNITS, 1)}, 0},
    {"iommu.coverage", V_NOT_APPLICABLE, {VM_X86, N(IOMMU_UNITS, 0)}, 0},
    {"iommu.dma-opt-in", V_PASS, {T(DMAR_PRESENT), T(IOMMU_OPT_IN)}, 0},
    {"iommu.dma-opt-in", V_FAIL, {T(IVRS_PRESENT), F(IOMMU_OPT_IN)}, CAUSE_DISABLED},
    {"iommu.dma-opt-in", V_UNKNOWN, {T(DMAR_PRESENT), U(IOMMU_OPT_IN)}, 0},
    {"iommu.dma-opt-in", V_PASS, {U(DMAR_PRESENT), U(IVRS_PRESENT), T(IOMMU_OPT_IN)}, 0},
    {"iommu.dma-opt-in", V_NOT_APPLICABLE, {F(DMAR_PRESENT), F(IVRS_PRESENT), A(IOMMU_OPT_IN)}, 0},
    {"tpm.version", V_PASS, {T(TPM_PRESENT), T(TPM_IS_2)}, 0},
    {"tpm.version", V_FAIL, {F(TPM_PRESENT), F(TPM_IS_2)}, CAUSE_UNKNOWN},
    {"tpm.version", V_FAIL, {T(TPM_PRESENT), F(TPM_IS_2)}, CAUSE_ABSENT},
    {"tpm.version", V_UNKNOWN, {U(TPM_PRESENT), U(TPM_IS_2)}, 0},
    {"tpm.sha256-bank", V_PASS, {T(TPM_IS_2), T(TPM_SHA256)}, 0},
    {"tpm.sha256-bank", V_FAIL, {T(TPM_IS_2), F(TPM_SHA256)}, CAUSE_DISABLED},
    {"tpm.sha256-bank", V_UNKNOWN, {T(TPM_IS_2), U(TPM_SHA256)}, 0},
    {"tpm.sha256-bank", V_NOT_APPLICABLE, {F(TPM_IS_2)}, 0},
    {"smm.wsmt", V_PASS, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 7)}, 0},
    {"smm.wsmt", V_PASS, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 0xf)}, 0},
    {"smm.wsmt", V_FAIL, {METAL_X86, F(WSMT_PRESENT), A(WSMT_FLAGS)}, CAUSE_ABSENT},
    {"smm.wsmt", V_FAIL, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 0)}, CAUSE_FIRMWARE_BUG},
    {"smm.wsmt", V_FAIL, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 3)}, CAUSE_FIRMWARE_BUG},
    {"smm.wsmt", V_FAIL, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 4)}, CAUSE_FIRMWARE_BUG},
    {"smm.wsmt", V_FAIL, {METAL_X86, T(WSMT_PRESENT), N(WSMT_FLAGS, 6)}, CAUSE_FIRMWARE_BUG},
    {"smm.wsmt", V_UNKNOWN, {METAL_X86, U(WSMT_PRESENT), U(WSMT_FLAGS)}, 0},
    {"smm.wsmt", V_UNKNOWN, {F(WSMT_PRESENT), T(HOST_X86)}, 0},
    {"smm.wsmt", V_NOT_APPLICABLE, {VM_X86, F(WSMT_PRESENT)}, 0},
    {"smm.wsmt", V_NOT_APPLICABLE, {F(HOST_VM), F(HOST_X86), F(WSMT_PRESENT)}, 0},
    {"uefi.boot", V_PASS, {T(UEFI_BOOT), F(UEFI_32BIT)}, 0},
    {"uefi.boot", V_FAIL, {METAL_X86, F(UEFI_BOOT), T(FIRMWARE_UEFI)}, CAUSE_DISABLED},
    {"uefi.boot", V_FAIL, {METAL_X86, F(UEFI_BOOT), U(FIRMWARE_UEFI)}, CAUSE_UNKNOWN},
    {"uefi.boot", V_FAIL, {METAL_X86, F(UEFI_BOOT), F(FIRMWARE_UEFI)}, CAUSE_UNKNOWN},
    {"uefi.boot", V_FAIL, {VM_X86, F(UEFI_BOOT)}, CAUSE_DISABLED},
    {"uefi.boot", V_FAIL, {T(UEFI_BOOT), T(UEFI_32BIT)}, CAUSE_ABSENT},
    {"uefi.boot", V_UNKNOWN, {U(UEFI_BOOT)}, 0},
    {"uefi.mat", V_PASS, {MAT}, 0},
    {"uefi.mat", V_FAIL, {F(MAT_PUBLISHED)}, CAUSE_ABSENT},
    {"uefi.mat", V_UNKNOWN, {U(MAT_PUBLISHED)}, 0},
    {"uefi.mat-coverage", V_PASS, {MAT, T(MAT_COVERS)}, 0},
    {"uefi.mat-coverage", V_FAIL, {MAT, F(MAT_COVERS)}, CAUSE_FIRMWARE_BUG},
    {"uefi.mat-coverage", V_UNKNOWN, {MAT, U(MAT_COVERS)}, 0},
    {"uefi.mat-coverage", V_NOT_APPLICABLE, {F(MAT_PUBLISHED)}, 0},
    {"uefi.mat-layout", V_PASS, {MAT, T(MAT_LAYOUT)}, 0},
    {"uefi.mat-layout", V_FAIL, {MAT, F(MAT_LAYOUT)}, CAUSE_FIRMWARE_BUG},
    {"uefi.mat-layout", V_UNKNOWN, {MAT, U(MAT_LAYOUT)}, 0},
    {"uefi.mat-layout", V_NOT_APPLICABLE, {F(MAT_PUBLISHED)}, 0},
    {"uefi.page-protection",
     V_PASS,
     {MAT, N(MAT_UNPROTECTED, 0), N(MAT_EXECUTABLE_DATA, 0), T(MAT_CODE_EXECUTABLE)},
     0},
    {"uefi.page-protection",
     V_FAIL,
     {MAT, N(MAT_UNPROTECTED, 1), N(MAT_EXECUTABLE_DATA, 0)},
     CAUSE_FIRMWARE_BUG},
    {"uefi.page-protection",
     V_FAIL,
     {MAT, N(MAT_UNPROTECTED, 0), N(MAT_EXECUTABLE_DATA, 2)},
     CAUSE_FIRMWARE_BUG},
    {"uefi.page-protection", V_UNKNOWN, {MAT, U(MAT_UNPROTECTED), U(MAT_EXECUTABLE_DATA)}, 0},
    {"uefi.page-protection",
     V_FAIL,
     {MAT, N(MAT_UNPROTECTED, 0), N(MAT_EXECUTABLE_DATA, 0), F(MAT_CODE_EXECUTABLE)},
     CAUSE_FIRMWARE_BUG},
    {"uefi.page-protection", V_NOT_APPLICABLE, {T(MAT_PUBLISHED), T(MAT_EMPTY)}, 0},
    {"uefi.mat-layout", V_NOT_APPLICABLE, {T(MAT_PUBLISHED), T(MAT_EMPTY)}, 0},
    {"uefi.page-protection", V_NOT_APPLICABLE, {F(MAT_PUBLISHED)}, 0},
    {"mor.control", V_PASS, {METAL_X86, MOR_OK}, 0},
    {"mor.control", V_FAIL, {METAL_X86, F(MOR_LACKS_TPM), F(MOR_PRESENT)}, CAUSE_ABSENT},
    {"mor.control", V_FAIL, {METAL_X86, T(MOR_LACKS_TPM), F(MOR_PRESENT)}, CAUSE_DISABLED},
    {"mor.control",
     V_FAIL,
     {METAL_X86, F(MOR_LACKS_TPM), T(MOR_PRESENT), N(MOR_SIZE, 0), N(MOR_ATTRIBUTES, 7)},
     CAUSE_FIRMWARE_BUG},
    {"mor.control",
     V_FAIL,
     {METAL_X86, F(MOR_LACKS_TPM), T(MOR_PRESENT), N(MOR_SIZE, 1), N(MOR_ATTRIBUTES, 6)},
     CAUSE_FIRMWARE_BUG},
    {"mor.control", V_UNKNOWN, {METAL_X86, F(MOR_LACKS_TPM), U(MOR_PRESENT)}, 0},
    {"mor.control", V_UNKNOWN, {METAL_X86, U(MOR_LACKS_TPM), U(MOR_PRESENT)}, 0},
    {"mor.control", V_FAIL, {METAL_X86, U(MOR_LACKS_TPM), F(MOR_PRESENT)}, CAUSE_ABSENT},
    {"mor.control", V_NOT_APPLICABLE, {VM_X86, F(MOR_PRESENT), F(MORLOCK_PRESENT)}, 0},
    {"mor.control", V_FAIL, {VM_X86, F(MOR_PRESENT), T(MORLOCK_PRESENT)}, CAUSE_ABSENT},
    {"mor.control", V_PASS, {VM_X86, MOR_OK}, 0},
    {"mor.lock", V_PASS, {METAL_X86, LOCK_OK, T(MORLOCK_DEFINED)}, 0},
    {"mor.lock", V_FAIL, {METAL_X86, F(MOR_LACKS_TPM), F(MORLOCK_PRESENT)}, CAUSE_ABSENT},
    {"mor.lock", V_FAIL, {METAL_X86, T(MOR_LACKS_TPM), F(MORLOCK_PRESENT)}, CAUSE_DISABLED},
    {"mor.lock",
     V_FAIL,
     {METAL_X86, F(MOR_LACKS_TPM), T(MORLOCK_PRESENT), N(MORLOCK_SIZE, 0), N(MORLOCK_ATTRIBUTES, 7),
      A(MORLOCK_DEFINED)},
     CAUSE_FIRMWARE_BUG},
    {"mor.lock", V_FAIL, {METAL_X86, LOCK_OK, F(MORLOCK_DEFINED)}, CAUSE_FIRMWARE_BUG},
    {"mor.lock", V_UNKNOWN, {METAL_X86, F(MOR_LACKS_TPM), U(MORLOCK_PRESENT)}, 0},
    {"mor.lock", V_UNKNOWN, {METAL_X86, T(MOR_LACKS_TPM), U(MORLOCK_PRESENT)}, 0},
    {"mor.lock", V_NOT_APPLICABLE, {VM_X86, F(MORLOCK_PRESENT)}, 0},
    {"mor.lock-v2", V_PASS, {METAL_X86, T(MORLOCK_PRESENT), T(MORLOCK_V2)}, 0},
    {"mor.lock-v2", V_FAIL, {METAL_X86, T(MORLOCK_PRESENT), F(MORLOCK_V2)}, CAUSE_FIRMWARE_BUG},
    {"mor.lock-v2", V_NOT_APPLICABLE, {METAL_X86, F(MORLOCK_PRESENT), A(MORLOCK_V2)}, 0},
    {"mor.lock-v2", V_UNKNOWN, {METAL_X86, T(MORLOCK_PRESENT), U(MORLOCK_V2)}, 0},
    {"mor.lock-v2", V_NOT_APPLICABLE, {VM_X86, F(MORLOCK_PRESENT)}, 0},
    {"drivers.hvci", V_PASS, {N(DRIVERS_INCOMPATIBLE, 0), T(DRIVERS_DECIDED)}, 0},
    {"drivers.hvci", V_FAIL, {N(DRIVERS_INCOMPATIBLE, 1)}, CAUSE_UNKNOWN},
    {"drivers.hvci", V_UNKNOWN, {N(DRIVERS_INCOMPATIBLE, 0), U(DRIVERS_DECIDED)}, 0},
    {"drivers.hvci", V_UNKNOWN, {{NOTHING, 0, 0}}, 0},
    {"drivers.blocklist", V_PASS, {N(DRIVERS_DENIED, 0), T(DRIVERS_DENY_DECIDED)}, 0},
    {"drivers.blocklist", V_FAIL, {N(DRIVERS_DENIED, 1), U(DRIVERS_DENY_DECIDED)}, CAUSE_UNKNOWN},
    {"drivers.blocklist", V_UNKNOWN, {N(DRIVERS_DENIED, 0), U(DRIVERS_DENY_DECIDED)}, 0},
    {"drivers.blocklist", V_UNKNOWN, {{NOTHING, 0, 0}}, 0},
    {"drivers.windows-log",
     V_PASS,
     {N(WINDOWS_DISK_LOG_REFUSED, 0), T(WINDOWS_DISK_LOG_DECIDED)},
     0},
    {"drivers.windows-log",
     V_FAIL,
     {N(WINDOWS_DISK_LOG_REFUSED, 1), U(WINDOWS_DISK_LOG_DECIDED)},
     CAUSE_UNKNOWN},
    {"drivers.windows-log",
     V_UNKNOWN,
     {N(WINDOWS_DISK_LOG_REFUSED, 0), U(WINDOWS_DISK_LOG_DECIDED)},
     0},
    {"drivers.windows-log", V_UNKNOWN, {{NOTHING, 0, 0}}, 0},
    {"vm.nested", V_PASS, {VM_X86, T(VM_NESTED)}, 0},
    {"vm.nested", V_FAIL, {VM_X86, F(VM_NESTED)}, CAUSE_DISABLED},
    {"vm.nested", V_FAIL, {VM_X86, F(VM_NESTED), T(VM_GENERATION_2)}, CAUSE_DISABLED},
    {"vm.nested", V_UNKNOWN, {VM_X86, U(VM_NESTED)}, 0},
    {"vm.series", V_PASS, {T(VM_AZURE), T(VM_SERIES_NESTED)}, 0},
    {"vm.series", V_FAIL, {T(VM_AZURE), F(VM_SERIES_NESTED)}, CAUSE_ABSENT},
    {"vm.series", V_UNKNOWN, {T(VM_AZURE), U(VM_SERIES_NESTED)}, 0},
    {"vm.series", V_NOT_APPLICABLE, {F(VM_AZURE)}, 0},
    {"vm.nested", V_NOT_APPLICABLE, {METAL_X86, F(VM_NESTED)}, 0},
    {"boot.secure-boot", V_PASS, {T(SECURE_BOOT), F(SETUP_MODE)}, 0},
    {"boot.secure-boot", V_FAIL, {F(SECURE_BOOT), F(SETUP_MODE)}, CAUSE_DISABLED},
    {"boot.secure-boot", V_FAIL, {F(SECURE_BOOT), T(SETUP_MODE)}, CAUSE_DISABLED},
    {"boot.secure-boot", V_FAIL, {T(SECURE_BOOT), T(SETUP_MODE)}, CAUSE_DISABLED},
    {"boot.secure-boot", V_UNKNOWN, {T(SECURE_BOOT), U(SETUP_MODE)}, 0},
    {"boot.secure-boot", V_UNKNOWN, {U(SECURE_BOOT), U(SETUP_MODE)}, 0},
    {"cpu.recent", V_PASS, {T(CPU_GENERATION_LISTED)}, 0},
    {"cpu.recent", V_FAIL, {F(CPU_GENERATION_LISTED)}, CAUSE_ABSENT},
    {"cpu.recent", V_UNKNOWN, {U(CPU_GENERATION_LISTED)}, 0},
    {"memory.size", V_PASS, {T(MEMORY_8_GB)}, 0},
    {"memory.size", V_FAIL, {F(MEMORY_8_GB)}, CAUSE_ABSENT},
    {"memory.size", V_UNKNOWN, {U(MEMORY_8_GB)}, 0},
    {"storage.ssd", V_PASS, {T(STORAGE_SSD)}, 0},
    {"storage.ssd", V_FAIL, {F(STORAGE_SSD)}, CAUSE_ABSENT},
    {"storage.ssd", V_UNKNOWN, {U(STORAGE_SSD)}, 0},
    {"storage.size", V_PASS, {T(STORAGE_SSD), N(STORAGE_SSD_SIZE, 64)}, 0},
    {"storage.size", V_FAIL, {T(STORAGE_SSD), N(STORAGE_SSD_SIZE, 63)}, CAUSE_ABSENT},
    {"storage.size", V_UNKNOWN, {T(STORAGE_SSD), U(STORAGE_SSD_SIZE)}, 0},
    {"storage.size", V_NOT_APPLICABLE, {F(STORAGE_SSD), A(STORAGE_SSD_SIZE)}, 0},
    {"vm.metal", V_PASS, {F(HOST_VM)}, 0},
    {"vm.metal", V_FAIL, {T(HOST_VM)}, CAUSE_ABSENT},
    {"vm.metal", V_UNKNOWN, {U(HOST_VM)}, 0},
    {"iommu.dma-arm", V_UNKNOWN, {F(HOST_X86)}, 0},
    {"iommu.dma-arm", V_NOT_APPLICABLE, {T(HOST_X86)}, 0},
    {"amd.fused", V_PASS, {T(AMD_PSP_PRESENT), T(AMD_PSP_FUSED)}, 0},
    {"amd.fused", V_FAIL, {T(AMD_PSP_PRESENT), F(AMD_PSP_FUSED)}, CAUSE_FIRMWARE_BUG},
    {"amd.fused", V_UNKNOWN, {T(AMD_PSP_PRESENT), U(AMD_PSP_FUSED)}, 0},
    {"amd.fused", V_NOT_APPLICABLE, {F(AMD_PSP_PRESENT)}, 0},
    {"amd.debug-lock", V_PASS, {T(AMD_PSP_PRESENT), T(AMD_PSP_DEBUG)}, 0},
    {"amd.debug-lock", V_FAIL, {T(AMD_PSP_PRESENT), F(AMD_PSP_DEBUG)}, CAUSE_FIRMWARE_BUG},
    {"amd.debug-lock", V_UNKNOWN, {T(AMD_PSP_PRESENT), U(AMD_PSP_DEBUG)}, 0},
    {"amd.debug-lock", V_NOT_APPLICABLE, {F(AMD_PSP_PRESENT)}, 0},
    {"amd.memory-encryption", V_PASS, {T(AMD_PSP_PRESENT), T(AMD_PSP_TSME)}, 0},
    {"amd.memory-encryption", V_FAIL, {T(AMD_PSP_PRESENT), F(AMD_PSP_TSME)}, CAUSE_DISABLED},
    {"amd.memory-encryption", V_UNKNOWN, {T(AMD_PSP_PRESENT), U(AMD_PSP_TSME)}, 0},
    {"amd.memory-encryption", V_NOT_APPLICABLE, {F(AMD_PSP_PRESENT)}, 0},
    {"amd.anti-rollback", V_PASS, {T(AMD_PSP_PRESENT), T(AMD_PSP_ANTI_ROLLBACK)}, 0},
    {"amd.anti-rollback",
     V_FAIL,
     {T(AMD_PSP_PRESENT), F(AMD_PSP_ANTI_ROLLBACK)},
     CAUSE_FIRMWARE_BUG},
    {"amd.anti-rollback", V_UNKNOWN, {T(AMD_PSP_PRESENT), U(AMD_PSP_ANTI_ROLLBACK)}, 0},
    {"amd.anti-rollback", V_NOT_APPLICABLE, {F(AMD_PSP_PRESENT)}, 0},
    {"amd.spi-protection", V_PASS, {T(AMD_PSP_PRESENT), T(AMD_PSP_ROM_ARMOR)}, 0},
    {"amd.spi-protection",
     V_PASS,
     {T(AMD_PSP_PRESENT), F(AMD_PSP_ROM_ARMOR), T(AMD_PSP_RPMC_ON)},
     0},
    {"amd.spi-protection",
     V_FAIL,
     {T(AMD_PSP_PRESENT), F(AMD_PSP_ROM_ARMOR), F(AMD_PSP_RPMC_ON)},
     CAUSE_FIRMWARE_BUG},
    {"amd.spi-protection",
     V_UNKNOWN,
     {T(AMD_PSP_PRESENT), F(AMD_PSP_ROM_ARMOR), U(AMD_PSP_RPMC_ON)},
     0},
    {"amd.spi-protection", V_NOT_APPLICABLE, {F(AMD_PSP_PRESENT)}, 0},
    {"secured.standby", V_PASS, {F(HOST_VM), T(LOW_POWER_S0)}, 0},
    {"secured.standby", V_FAIL, {F(HOST_VM), F(LOW_POWER_S0)}, CAUSE_DISABLED},
    {"secured.standby", V_UNKNOWN, {F(HOST_VM), U(LOW_POWER_S0)}, 0},
    {"secured.standby", V_NOT_APPLICABLE, {T(HOST_VM)}, 0},
    {"secured.hsti", V_UNKNOWN, {F(HOST_VM)}, 0},
    {"secured.hsti", V_NOT_APPLICABLE, {T(HOST_VM)}, 0},
    {"secured.smm-isolation", V_UNKNOWN, {F(HOST_VM)}, 0},
    {"secured.smm-isolation", V_NOT_APPLICABLE, {T(HOST_VM)}, 0},
    {"secured.secure-launch", V_UNKNOWN, {F(HOST_VM)}, 0},
    {"secured.secure-launch", V_NOT_APPLICABLE, {T(HOST_VM)}, 0},
    {"secured.sign-in", V_UNKNOWN, {F(HOST_VM)}, 0},
    {"secured.sign-in", V_NOT_APPLICABLE, {T(HOST_VM)}, 0},
};

enum { CASES = COUNT(cases) };

static void give(struct facts *f, const struct given *g)
{
    struct origin from = origin_of("test");
    for (; g->kind != NOTHING; g++) {
        if (g->kind == YES)
            facts_bool(f, g->id, g->v != 0, from);
        else if (g->kind == NUMBER)
            facts_uint(f, g->id, g->v, from);
        else
            facts_unknown(f, g->id, (enum status)g->v, from);
    }
}

static const struct rule *rule_of_case(size_t i)
{
    const struct rule *r = rule_find(cases[i].rule);
    if (r == NULL)
        fail_msg("case %zu: there is no rule %s", i, cases[i].rule);
    return r;
}

static void every_case_is_judged_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        const struct rule_case *c = &cases[i];
        struct arena a;
        struct facts f;
        test_arena(&a);
        facts_init(&f, &a);
        give(&f, c->given);
        struct outcome o = rule_eval(rule_of_case(i), &f, &a);
        if (o.verdict != c->verdict || (o.verdict == V_FAIL && o.cause != c->cause))
            fail_msg("case %zu, %s: %s, cause %s; the table has %s, cause %s", i, c->rule,
                     verdict_name(o.verdict), cause_name(o.cause), verdict_name(c->verdict),
                     cause_name(c->cause));
        bool is_open = o.verdict == V_FAIL || o.verdict == V_UNKNOWN;
        if (o.message == NULL || (o.fix != NULL) != is_open ||
            (o.reason != ST_OK) != (o.verdict == V_UNKNOWN))
            fail_msg("case %zu, %s: lacks a message, a remedy or a reason", i, c->rule);
        arena_reset(&a);
    }
}

static bool has_case(const struct rule *r, enum verdict v)
{
    for (size_t i = 0; i < CASES; i++) {
        if (strcmp(cases[i].rule, r->id) == 0 && cases[i].verdict == v)
            return true;
    }
    return false;
}

static void every_rule_has_its_cases(void **state)
{
    (void)state;
    const struct rule *r;
    unsigned missing = 0;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        for (unsigned v = 0; v < V_COUNT; v++) {
            bool possible = v == V_NOT_APPLICABLE ? r->when[0].any[0].op != OP_NONE
                                                  : v == V_UNKNOWN || r->unseen == NULL;
            if (has_case(r, v) == possible)
                continue;
            print_error(possible ? "%s: no case with %s\n" : "%s: a case with %s, without 'when'\n",
                        r->id, verdict_name(v));
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

static bool each_has_a_brief(const struct clause *clauses)
{
    bool all = true;
    for (unsigned j = 0; j < RULE_CLAUSES && clauses[j].any[0].op != OP_NONE; j++)
        all = all && clauses[j].brief != NULL;
    return all;
}

/* What is missing or wrong in a rule's row; NULL if nothing is. */
static const char *lacks_of(const struct rule *r)
{
    bool row = false;
    for (size_t j = 0; j < n_rule_rows; j++)
        row |= strcmp(rule_rows[j].name, r->row) == 0;
    if (rule_find(r->id) != r)
        return "another rule has this id";
    if (strchr(r->id, '.') == NULL)
        return "the id has no domain";
    if (r->title == NULL || r->pass == NULL || r->reference == NULL)
        return "no title, no text of a pass, or no reference";
    if ((r->need[0].any[0].op == OP_NONE) != (r->unseen != NULL))
        return "nothing is needed";
    if ((r->level == LEVEL_LEFT_OUT) != (r->guest == LEVEL_LEFT_OUT))
        return "it is judged on a PC or in a VM alone";
    if (!each_has_a_brief(r->need) || !each_has_a_brief(r->when))
        return "a clause has no brief";
    return row ? NULL : "its row is not in rule_rows";
}

static void every_rule_is_complete_and_unique(void **state)
{
    (void)state;
    const struct rule *r;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        const char *lacks = lacks_of(r);
        if (lacks != NULL)
            fail_msg("%s: %s", r->id, lacks);
    }
}

static void every_fact_comes_from_exactly_one_probe(void **state)
{
    (void)state;
    unsigned given[FACT_COUNT] = {0};
    for (size_t i = 0; i < n_probes; i++) {
        for (const enum fact_id *id = probes[i]->gives; *id != FACT_NONE; id++)
            given[*id]++;
    }
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        if (given[id] != 1)
            fail_msg("%s is given %u times", fact_infos[id].name, given[id]);
    }
}

static void fact_names_are_unique(void **state)
{
    (void)state;
    for (unsigned i = FACT_NONE + 1; i < FACT_COUNT; i++) {
        for (unsigned j = i + 1; j < FACT_COUNT; j++)
            assert_string_not_equal(fact_infos[i].name, fact_infos[j].name);
    }
}

/* What is said of an unknown of this rule, whose fact should have come from `blob`. */
static const char *text_for(unsigned situation, const struct rule *r, const char *blob,
                            enum status st)
{
    struct facts f = {.situation = situation};
    f.all[FACT_MAT_LAYOUT] = (struct fact){.st = st, .from = {blob, NO_OFFSET}};
    const struct remedy *m = remedy_for_unknown(&f, r, FACT_MAT_LAYOUT);
    return m != NULL ? m->text : "";
}

static void each_reason_has_a_remedy(void **state)
{
    (void)state;
    for (unsigned st = 0; st < ST_COUNT; st++) {
        bool reason = st != ST_OK && st != ST_ABSENT;
        for (unsigned bits = 0; bits < 1 << 19; bits += 7) {
            const char *text = text_for(bits, rule_at(0), "x", (enum status)st);
            assert_int_equal(text[0] != '\0', reason);
        }
    }
}

static void what_no_probe_gives_has_no_remedy(void **state)
{
    (void)state;
    struct facts f = {.situation = 0};
    assert_null(remedy_for_unknown(&f, rule_at(0), FACT_MAT_LAYOUT));
}

/* A machine, and words that nobody should read there. */
static const struct machine {
    unsigned situation;
    const char * not [4];
} machines[] = {
    {SIT_METAL | SIT_INTEL, {"AMD", "fTPM", "SVM", "amd_iommu"}},
    {SIT_METAL | SIT_AMD, {"Intel", "PTT", "VT-d", "intel_iommu"}},
    {SIT_METAL | SIT_ARM, {"Intel", "AMD", "PTT", "VT-d"}},
    {SIT_METAL, {"nobody"}},
    {SIT_GUEST | SIT_INTEL, {"fTPM", "PTT", "VT-d", "firmware setup"}},
    {SIT_GUEST | SIT_ARM, {"Intel", "AMD", "PTT", "firmware setup"}},
};

static void check_failure(const struct machine *m, const struct rule *r, const struct clause *cl)
{
    struct facts f = {.situation = m->situation};
    const struct remedy *found = remedy_for_failure(&f, r, cl->any[0].fact, cl->cause);
    if (found == NULL)
        fail_msg("%s, machine %x: no remedy", r->id, m->situation);
    /* Names the processors that have it. */
    if (strcmp(r->id, "cpu.mbec") == 0 || strcmp(r->row, "amd-psp") == 0)
        return;
    for (size_t w = 0; w < COUNT(m->not ) && m->not [w] != NULL; w++) {
        if (strstr(found->text, m->not [w]) != NULL)
            fail_msg("%s, machine %x: %s", r->id, m->situation, found->text);
    }
}

/* Ruling 57: whatever fails, somebody is told what to do, and of their own machine. */
static void each_failure_has_a_remedy_of_its_own_vendor(void **state)
{
    (void)state;
    const struct rule *r;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        for (size_t m = 0; m < COUNT(machines); m++) {
            for (unsigned n = 0; n < RULE_CLAUSES && r->need[n].any[0].op != OP_NONE; n++)
                check_failure(&machines[m], r, &r->need[n]);
        }
    }
}

/* Whatever fails, something can be said: one row of each rule asks for nothing. */
static void each_rule_has_a_remedy_that_always_fits(void **state)
{
    (void)state;
    const struct rule *r;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        const struct remedy *m;
        size_t n = 0;
        for (size_t at = 0; (m = remedy_at(at)) != NULL; at++)
            n += m->on == V_FAIL && strncmp(r->id, m->rule, strlen(m->rule)) == 0 && m->when == 0 &&
                 m->unless == 0 && m->causes == 0 && m->fact == FACT_NONE;
        if (n == 0 && r->unseen == NULL)
            fail_msg("%s: no remedy fits whatever fails", r->id);
    }
}

static void every_step_has_a_line_and_somebody_who_acts(void **state)
{
    (void)state;
    const struct remedy *m;
    bool used[STEP_COUNT] = {[STEP_NONE] = true};
    for (unsigned s = STEP_NONE + 1; s < STEP_COUNT; s++) {
        assert_non_null(step_infos[s].text);
        assert_true(strlen(step_infos[s].text) <= 64); /* one line of 80 columns */
        assert_true(step_infos[s].action != ACTION_NONE);
        for (unsigned w = step_infos[s].within, n = 0; w != STEP_NONE; w = step_infos[w].within)
            assert_true(n++ < STEP_COUNT); /* no circle */
    }
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        used[m->step] = true;
        assert_true(m->on == V_FAIL || m->on == V_UNKNOWN);
        assert_non_null(m->text);
    }
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        if (!used[s])
            fail_msg("no remedy asks for step %u: %s", s, step_infos[s].text);
    }
}

/* A remedy works where it is printed: its conditions are data (ruling 51). */
static void remedies_fit_the_machine(void **state)
{
    (void)state;
    static const struct {
        unsigned situation;
        const char *blob;
        enum status st;
        const char *says, *not ;
    } rows[] = {
        {0, "efivar/SecureBoot-x", ST_NO_DRIVER, "mount -t efivarfs", NULL},
        {SIT_NO_RUNTIME, "efivar/SecureBoot-x", ST_NO_DRIVER, "efi=runtime", "mount -t"},
        {0, "acpi/WSMT", ST_NO_PERMISSION, "Run as root", NULL},
        {SIT_ROOT, "acpi/WSMT", ST_NO_PERMISSION, "capability", "Run as root"},
        {0, "x", ST_NOT_COLLECTED, "Scan the machine", NULL},
        {SIT_SCAN, "x", ST_NOT_COLLECTED, "live stick", "Scan the machine"},
        {SIT_SCAN, "efi/memattr", ST_NOT_COLLECTED, "efi=debug", "Scan the machine"},
        {SIT_MEMORY_CUT, "efi/memattr", ST_NO_DRIVER, "mem=", "efi=debug"},
        {SIT_ACPI_OFF, "acpi/WSMT", ST_NOT_COLLECTED, "acpi=off", NULL},
        {0, "acpi/WSMT", ST_MALFORMED, "make it again", "vendor"},
        {SIT_SCAN, "acpi/WSMT", ST_MALFORMED, "vendor", "copy"},
        {SIT_SCAN | SIT_GUEST, "acpi/WSMT", ST_MALFORMED, "virtual firmware", "vendor"},
        {SIT_INTEL, "sys/iommu", ST_NO_DRIVER, "intel_iommu", "amd_iommu"},
        {SIT_AMD, "sys/iommu", ST_NO_DRIVER, "amd_iommu", "intel_iommu"},
        {SIT_ARM, "sys/iommu", ST_NO_DRIVER, "drives the IOMMU", "_iommu"},
        {0, "efivar/SecureBoot-x", ST_UNSUPPORTED, "no such variable", "newer version"},
        {0, "x", ST_HIDDEN, "without the hypervisor", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = text_for(rows[i].situation, rule_at(0), rows[i].blob, rows[i].st);
        if (strstr(text, rows[i].says) == NULL ||
            (rows[i].not != NULL && strstr(text, rows[i].not ) != NULL))
            fail_msg("row %zu: %s", i, text);
    }
}

static void an_unknown_member_spoils_no_true_one(void **state)
{
    (void)state;
    struct arena a;
    struct facts f;
    test_arena(&a);
    facts_init(&f, &a);
    struct rule r = {
        .id = "test.rule",
        .need = {{.any = {IS_TRUE(CPU_MBEC), IS_TRUE(CPU_GMET)}, .otherwise = "neither"}},
        .pass = "either",
    };
    facts_unknown(&f, FACT_CPU_MBEC, ST_NO_PERMISSION, origin_of("msr"));
    facts_bool(&f, FACT_CPU_GMET, true, origin_of("cpuid"));
    assert_string_equal(verdict_name(rule_eval(&r, &f, &a).verdict), "pass");
    facts_bool(&f, FACT_CPU_GMET, false, origin_of("cpuid"));
    struct outcome o = rule_eval(&r, &f, &a);
    assert_string_equal(verdict_name(o.verdict), "unknown");
    assert_int_equal(o.reason, ST_NO_PERMISSION);
    /* Of two reasons, "not in the evidence" says less. */
    facts_unknown(&f, FACT_CPU_MBEC, ST_NOT_COLLECTED, origin_of("msr"));
    facts_unknown(&f, FACT_CPU_GMET, ST_MALFORMED, origin_of("cpuid"));
    assert_int_equal(rule_eval(&r, &f, &a).reason, ST_MALFORMED);
    arena_reset(&a);
}

/* Of several conditions that do not hold, the first is the one that a report names. */
static void the_first_of_broken_conditions_decides(void **state)
{
    (void)state;
    struct arena a;
    struct facts f;
    test_arena(&a);
    facts_init(&f, &a);
    struct rule r = {
        .id = "test.rule",
        .need = {{.any = {IS_TRUE(CPU_MBEC), IS_TRUE(CPU_GMET)}, .otherwise = "neither"}},
        .pass = "either",
    };
    facts_bool(&f, FACT_CPU_MBEC, false, origin_of("msr"));
    facts_bool(&f, FACT_CPU_GMET, false, origin_of("cpuid"));
    assert_int_equal(rule_eval(&r, &f, &a).decided_by, FACT_CPU_MBEC);
    arena_reset(&a);
}

/* Windows does not start from UEFI of 32 bits, in a virtual machine either. */
static void what_breaks_everywhere_is_required_of_guests(void **state)
{
    (void)state;
    static const struct given narrow[] = {T(HOST_VM), T(UEFI_BOOT), T(UEFI_32BIT), {0}},
                              legacy[] = {T(HOST_VM), F(UEFI_BOOT), F(UEFI_32BIT), {0}};
    static const struct {
        const struct given *given;
        enum level level;
    } rows[] = {{narrow, LEVEL_REQUIRED}, {legacy, LEVEL_RECOMMENDED}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct facts f;
        test_arena(&a);
        facts_init(&f, &a);
        f.viewpoint = VIEW_GUEST;
        give(&f, rows[i].given);
        struct outcome o = rule_eval(rule_find("uefi.boot"), &f, &a);
        assert_string_equal(verdict_name(o.verdict), "fail");
        assert_string_equal(level_name(o.level), level_name(rows[i].level));
        arena_reset(&a);
    }
}

static void operations_do_as_they_are_called(void **state)
{
    (void)state;
    static const struct {
        struct cond cond;
        uint64_t v;
        enum verdict verdict;
    } rows[] = {
        {EQUALS(WSMT_FLAGS, 7), 7, V_PASS},     {EQUALS(WSMT_FLAGS, 7), 6, V_FAIL},
        {AT_LEAST(WSMT_FLAGS, 2), 2, V_PASS},   {AT_LEAST(WSMT_FLAGS, 2), 1, V_FAIL},
        {HAS_BITS(WSMT_FLAGS, 5), 13, V_PASS},  {HAS_BITS(WSMT_FLAGS, 5), 4, V_FAIL},
        {LACKS_BITS(WSMT_FLAGS, 5), 2, V_PASS}, {LACKS_BITS(WSMT_FLAGS, 5), 3, V_FAIL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct facts f;
        test_arena(&a);
        facts_init(&f, &a);
        struct rule r = {
            .id = "test.rule", .need = {{.any = {rows[i].cond}, .otherwise = "no"}}, .pass = "yes"};
        facts_uint(&f, FACT_WSMT_FLAGS, rows[i].v, origin_of("test"));
        assert_string_equal(verdict_name(rule_eval(&r, &f, &a).verdict),
                            verdict_name(rows[i].verdict));
        arena_reset(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_judged_as_the_table_says),
        cmocka_unit_test(every_rule_has_its_cases),
        cmocka_unit_test(every_rule_is_complete_and_unique),
        cmocka_unit_test(every_fact_comes_from_exactly_one_probe),
        cmocka_unit_test(fact_names_are_unique),
        cmocka_unit_test(each_reason_has_a_remedy),
        cmocka_unit_test(what_no_probe_gives_has_no_remedy),
        cmocka_unit_test(each_failure_has_a_remedy_of_its_own_vendor),
        cmocka_unit_test(each_rule_has_a_remedy_that_always_fits),
        cmocka_unit_test(every_step_has_a_line_and_somebody_who_acts),
        cmocka_unit_test(remedies_fit_the_machine),
        cmocka_unit_test(an_unknown_member_spoils_no_true_one),
        cmocka_unit_test(the_first_of_broken_conditions_decides),
        cmocka_unit_test(what_breaks_everywhere_is_required_of_guests),
        cmocka_unit_test(operations_do_as_they_are_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
