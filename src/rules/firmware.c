/* SPDX-License-Identifier: MIT */
/* Rules about SMM, UEFI and MOR. */
#include "rules/tables.h"
#include "vbscheck/count.h"

#define NO_MAT     "the firmware publishes no table; uefi.mat judges that"
#define NO_ENTRIES "the table has no entries; uefi.mat-coverage judges that"
#define NONE_IN_VM "this virtual machine's firmware offers none"
#define MAT_TEXT   "UEFI specification 2.10, 4.6 EFI_MEMORY_ATTRIBUTES_TABLE"
#define MOR_TEXT   "TCG Platform Reset Attack Mitigation 1.10"

enum { NV_BS_RT = 7 }; /* non-volatile, boot service and runtime access */

const struct rule rules_firmware[] = {
    {
        .id = "smm.wsmt",
        .row = "smm",
        .title = "WSMT reports all three SMM protections",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
                     .any = {IS_TRUE(HOST_X86), IS_TRUE(WSMT_PRESENT)},
                     .otherwise = "there is no System Management Mode on this architecture",
                     .brief = "no System Management Mode",
                 },
                 {
                     .any = {IS_FALSE(HOST_VM), IS_TRUE(WSMT_PRESENT)},
                     .otherwise = NONE_IN_VM,
                     .brief = "none in this virtual machine",
                 }},
        .need = {{
                     .any = {IS_TRUE(WSMT_PRESENT)},
                     .otherwise = "There is no WSMT table: the firmware claims no SMM protection",
                     .brief = "missing",
                     .cause = CAUSE_ABSENT,
                 },
                 {
                     .any = {HAS_BITS(WSMT_FLAGS, 7)},
                     .otherwise = "WSMT is there, but does not claim all three SMM protections",
                     .brief = "flags {}, of 7",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass = "WSMT claims all three SMM protections",
        .reference = "Microsoft VBS table, row WSMT; Windows SMM Security Mitigations Table 1.0",
        .shows = {FACT_WSMT_TABLES},
    },
    {
        .id = "uefi.boot",
        .row = "uefi-mat",
        .title = "Booted through UEFI",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .need = {{
                     .any = {IS_TRUE(UEFI_BOOT), IS_FALSE(HOST_VM)},
                     .otherwise = "This virtual machine was not booted through UEFI",
                     .brief = "not booted through UEFI",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(UEFI_BOOT), IS_FALSE(FIRMWARE_UEFI)},
                     .otherwise = "Booted in legacy mode, though the firmware has UEFI",
                     .brief = "booted in legacy mode (CSM)",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(UEFI_BOOT)},
                     .otherwise = "Booted in legacy mode, not through UEFI",
                     .brief = "booted in legacy mode",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {IS_FALSE(UEFI_32BIT), IS_FALSE(UEFI_BOOT)},
                     .otherwise = "The UEFI firmware is 32-bit: 64-bit Windows does not start "
                                  "from it",
                     .brief = "32-bit UEFI",
                     .cause = CAUSE_ABSENT,
                     .everywhere = true,
                 }},
        .pass = "Booted through UEFI",
        .reference = "Microsoft VBS table, row UEFI: precondition of MAT, MOR and Secure Boot",
    },
    {
        .id = "uefi.mat",
        .row = "uefi-mat",
        .title = "Memory Attributes Table published",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .need = {{
            .any = {IS_TRUE(MAT_PUBLISHED)},
            .otherwise = "The firmware publishes no Memory Attributes Table",
            .brief = "no table published",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "The firmware publishes a Memory Attributes Table",
        .reference = "Microsoft VBS table, row UEFI Memory Attributes Table; " MAT_TEXT,
        .shows = {FACT_MAT_VERSION, FACT_MAT_ENTRIES, FACT_MAT_READ_FROM},
    },
    {
        .id = "uefi.mat-coverage",
        .row = "uefi-mat",
        .title = "The table describes all runtime memory",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_TRUE(MAT_PUBLISHED)},
            .otherwise = NO_MAT,
            .brief = "no table",
        }},
        .need = {{
            .any = {IS_TRUE(MAT_COVERS)},
            .otherwise = "The table leaves out runtime code or data",
            .brief = "runtime memory left out",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "The table describes all runtime code and data",
        .reference = "Microsoft VBS table: the entire UEFI runtime must be described; " MAT_TEXT,
        .shows = {FACT_MAT_ENTRIES, FACT_MAT_READ_FROM},
    },
    {
        .id = "uefi.mat-layout",
        .row = "uefi-mat",
        .title = "The table's entries are aligned and in order",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
                     .any = {IS_TRUE(MAT_PUBLISHED)},
                     .otherwise = NO_MAT,
                     .brief = "no table",
                 },
                 {
                     .any = {IS_FALSE(MAT_EMPTY)},
                     .otherwise = NO_ENTRIES,
                     .brief = "the table is empty",
                 }},
        .need = {{
            .any = {IS_TRUE(MAT_LAYOUT)},
            .otherwise =
                "Entries are misaligned, overlap, are out of order or lack the attribute RUNTIME",
            .brief = "entries misplaced or without RUNTIME",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass =
            "The entries are page-aligned, in order, do not overlap and have the attribute RUNTIME",
        .reference =
            "Microsoft VBS table: 4 KB boundaries, no overlap; Microsoft's "
            "MemmapAndMatTestApp; whether the sections inside images (PE) are aligned cannot be "
            "seen from Linux; " MAT_TEXT,
        .shows = {FACT_MAT_ENTRIES, FACT_MAT_READ_FROM},
    },
    {
        .id = "uefi.page-protection",
        .row = "uefi-nx",
        .title = "Runtime pages are read-only, no-execute or both",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
                     .any = {IS_TRUE(MAT_PUBLISHED)},
                     .otherwise = NO_MAT,
                     .brief = "no table",
                 },
                 {
                     .any = {IS_FALSE(MAT_EMPTY)},
                     .otherwise = NO_ENTRIES,
                     .brief = "the table is empty",
                 }},
        .need = {{
                     .any = {EQUALS(MAT_UNPROTECTED, 0)},
                     .otherwise = "Entries are neither read-only nor no-execute",
                     .brief = "entries neither RO nor XP: {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {EQUALS(MAT_EXECUTABLE_DATA, 0)},
                     .otherwise = "Data entries can be executed",
                     .brief = "data entries that can execute: {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {IS_TRUE(MAT_CODE_EXECUTABLE)},
                     .otherwise = "No runtime code can be executed: all of it is no-execute",
                     .brief = "no runtime code can execute",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass = "Every entry is read-only, no-execute or both; code can be executed, data cannot",
        .reference = "Microsoft VBS table, row EFI page protections; " MAT_TEXT,
        .shows = {FACT_MAT_ENTRIES, FACT_MAT_FLOW},
    },
    {
        .id = "mor.control",
        .row = "mor",
        .title = "Memory overwrite request variable",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_FALSE(HOST_VM), IS_TRUE(MOR_PRESENT), IS_TRUE(MORLOCK_PRESENT)},
            .otherwise = NONE_IN_VM,
            .brief = "none in this virtual machine",
        }},
        .need = {{
                     .any = {IS_TRUE(MOR_PRESENT), IS_FALSE(MOR_LACKS_TPM)},
                     .otherwise =
                         "There is no MemoryOverwriteRequestControl, and no TPM is visible",
                     .brief = "no MOR variable, and no TPM",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(MOR_PRESENT)},
                     .otherwise = "There is no MemoryOverwriteRequestControl variable",
                     .brief = "no MOR variable",
                     .cause = CAUSE_ABSENT,
                 },
                 {
                     .any = {EQUALS(MOR_SIZE, 1)},
                     .otherwise = "MemoryOverwriteRequestControl is not one byte long",
                     .brief = "MOR variable of size {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {EQUALS(MOR_ATTRIBUTES, NV_BS_RT)},
                     .otherwise = "The attributes of MemoryOverwriteRequestControl are not 7",
                     .brief = "MOR attributes {}, not 7",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass = "MemoryOverwriteRequestControl is one byte and has the right attributes",
        .reference = "Microsoft VBS table, row Secure MOR; " MOR_TEXT ", section 4",
        .shows = {FACT_MOR_CONTROL},
    },
    {
        .id = "mor.lock",
        .row = "mor",
        .title = "Memory overwrite request lock",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_FALSE(HOST_VM), IS_TRUE(MORLOCK_PRESENT)},
            .otherwise = NONE_IN_VM,
            .brief = "none in this virtual machine",
        }},
        .need = {{
                     .any = {IS_TRUE(MORLOCK_PRESENT), IS_FALSE(MOR_LACKS_TPM)},
                     .otherwise = "There is no MemoryOverwriteRequestControlLock, and no TPM is "
                                  "visible",
                     .brief = "no lock variable, and no TPM",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(MORLOCK_PRESENT)},
                     .otherwise = "There is no MemoryOverwriteRequestControlLock variable",
                     .brief = "no lock variable",
                     .cause = CAUSE_ABSENT,
                 },
                 {
                     .any = {AT_LEAST(MORLOCK_SIZE, 1)},
                     .otherwise = "MemoryOverwriteRequestControlLock has size 0, a known firmware "
                                  "bug",
                     .brief = "lock of size 0",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {EQUALS(MORLOCK_SIZE, 1)},
                     .otherwise = "MemoryOverwriteRequestControlLock is not one byte long",
                     .brief = "lock of size {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {EQUALS(MORLOCK_ATTRIBUTES, NV_BS_RT)},
                     .otherwise = "The attributes of MemoryOverwriteRequestControlLock are not 7",
                     .brief = "lock attributes {}, not 7",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {IS_TRUE(MORLOCK_DEFINED)},
                     .otherwise = "MemoryOverwriteRequestControlLock holds an undefined value",
                     .brief = "undefined value of the lock",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass =
            "MemoryOverwriteRequestControlLock is one byte, with the right attributes and value",
        .reference = "Microsoft VBS table, row Secure MOR; " MOR_TEXT,
        .shows = {FACT_MORLOCK_VALUE},
    },
    {
        .id = "mor.lock-v2",
        .row = "mor",
        .title = "Secure MOR revision 2",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .excuse = {ST_UNPROVABLE, "Secure MOR revision 2 is not proven"},
        .when = {{
            .any = {IS_TRUE(MORLOCK_PRESENT)},
            .otherwise = "there is no lock; mor.lock judges that",
            .brief = "no lock",
        }},
        .need = {{
            .any = {IS_TRUE(MORLOCK_V2)},
            .otherwise = "The lock is not revision 2: it did not accept a key, or did not open "
                         "with it",
            .brief = "the lock is not revision 2",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "The lock is revision 2",
        .reference = "Microsoft, \"Secure MOR implementation\"; " MOR_TEXT,
        .shows = {FACT_MORLOCK_VALUE},
    },
};

const size_t n_rules_firmware = COUNT(rules_firmware);
