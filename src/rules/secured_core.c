/* SPDX-License-Identifier: MIT */
/*
 * Rules of Secured-core PCs. Requirements that no running system shows are rules too, so that a
 * report names them.
 */
#include "rules/tables.h"
#include "vbscheck/count.h"

#define SECURED_CORE                                                                               \
    "Microsoft, \"Highly secure Windows 11 devices\" for OEMs (oem-highly-secure-11)"
#define LAUNCH "Microsoft, \"System Guard Secure Launch and SMM protection\", requirements"
#define CCP    "Linux, Documentation/ABI/testing/sysfs-driver-ccp"

/* On other processors Linux shows no counterpart. */
#define NOT_AMDS "the processor is not AMD's"
#define NO_PC    "the rule is for PCs, not for virtual machines; vm.metal judges that"

const struct rule rules_secured_core[] = {
    {
        .id = "amd.fused",
        .row = "amd-psp",
        .title = "AMD's security processor is fused for production",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(AMD_PSP_PRESENT)},
            .otherwise = NOT_AMDS,
            .brief = "not AMD's",
        }},
        .need = {{
            .any = {IS_TRUE(AMD_PSP_FUSED)},
            .otherwise = "The processor is not fused for production: it is a sample",
            .brief = "not fused",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "The processor is fused for production",
        .reference = CCP ", fused_part",
    },
    {
        .id = "amd.debug-lock",
        .row = "amd-psp",
        .title = "Debugging of AMD's security processor is locked",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(AMD_PSP_PRESENT)},
            .otherwise = NOT_AMDS,
            .brief = "not AMD's",
        }},
        .need = {{
            .any = {IS_TRUE(AMD_PSP_DEBUG)},
            .otherwise = "Debugging of the processor is not locked",
            .brief = "debugging open",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "Debugging of the processor is locked",
        .reference = CCP ", debug_lock_on",
    },
    {
        .id = "amd.memory-encryption",
        .row = "amd-psp",
        .title = "Memory is encrypted (Memory Guard, TSME)",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(AMD_PSP_PRESENT)},
            .otherwise = NOT_AMDS,
            .brief = "not AMD's",
        }},
        .need = {{
            .any = {IS_TRUE(AMD_PSP_TSME)},
            .otherwise = "Memory is not encrypted: TSME is off or not offered",
            .brief = "memory not encrypted",
            .cause = CAUSE_DISABLED,
        }},
        .pass = "Memory is encrypted (TSME)",
        .reference = LAUNCH ", Memory Guard; " CCP ", tsme_status",
    },
    {
        .id = "amd.anti-rollback",
        .row = "amd-psp",
        .title = "Older firmware of AMD's security processor is refused",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(AMD_PSP_PRESENT)},
            .otherwise = NOT_AMDS,
            .brief = "not AMD's",
        }},
        .need = {{
            .any = {IS_TRUE(AMD_PSP_ANTI_ROLLBACK)},
            .otherwise = "Older firmware of the security processor is accepted",
            .brief = "rollback possible",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "Older firmware of the security processor is refused",
        .reference = LAUNCH ", PSP anti-rollback; " CCP ", anti_rollback_status",
    },
    {
        .id = "amd.spi-protection",
        .row = "amd-psp",
        .title = "The firmware's flash is protected (ROM Armor, replay protection)",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(AMD_PSP_PRESENT)},
            .otherwise = NOT_AMDS,
            .brief = "not AMD's",
        }},
        .need = {{
            .any = {IS_TRUE(AMD_PSP_ROM_ARMOR), IS_TRUE(AMD_PSP_RPMC_ON)},
            .otherwise = "Neither ROM Armor nor replay protection guards the firmware's flash",
            .brief = "flash not guarded",
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "ROM Armor or replay protection guards the firmware's flash",
        .reference = CCP ", rom_armor_enforced, rpmc_production_enabled",
        .shows = {FACT_AMD_PSP_RPMC_SPIROM},
    },
    {
        .id = "secured.hsti",
        .row = "secured-core",
        .title = "Hardware security test interface (HSTI) passes",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = NO_PC,
            .brief = "a virtual machine",
        }},
        .unseen = "Unknown: firmware passes HSTI's result only to boot loaders, and Linux does "
                  "not keep it",
        .pass = "HSTI passes",
        .reference = "Microsoft, \"Hardware Security Testability Specification\"; " SECURED_CORE,
        .shows = {FACT_AMD_PSP_BOOT_INTEGRITY},
    },
    {
        .id = "secured.smm-isolation",
        .row = "secured-core",
        .title = "SMM's page tables and buffers are as System Guard requires",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = NO_PC,
            .brief = "a virtual machine",
        }},
        .unseen = "Unknown: nothing outside SMM can see its page tables; smm.wsmt reports what "
                  "firmware claims about its buffers",
        .pass = "SMM is isolated",
        .reference = LAUNCH ", SMM page tables and communication buffers",
        .shows = {FACT_WSMT_FLAGS},
    },
    {
        .id = "secured.secure-launch",
        .row = "secured-core",
        .title = "Secure Launch (DRTM): the module, and the TPM's indices for it",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = NO_PC,
            .brief = "a virtual machine",
        }},
        .unseen = "Unknown: only Windows shows whether firmware has the module for a measured "
                  "launch (SINIT ACM, AMD's DRTM service) and the TPM has its indices",
        .pass = "Secure Launch is there",
        .reference = LAUNCH ", platform requirements",
    },
    {
        .id = "secured.standby",
        .row = "secured-core",
        .title = "Modern Standby",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = NO_PC,
            .brief = "a virtual machine",
        }},
        .need = {{
            .any = {IS_TRUE(LOW_POWER_S0)},
            .otherwise = "The firmware does not offer Modern Standby (FADT flag bit 21 is clear)",
            .brief = "no Modern Standby",
            .cause = CAUSE_DISABLED,
        }},
        .pass = "The firmware offers Modern Standby",
        .reference = SECURED_CORE "; ACPI 6.5, table 5.10, LOW_POWER_S0_IDLE_CAPABLE",
    },
    {
        .id = "secured.sign-in",
        .row = "secured-core",
        .title = "Enhanced sign-in security",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = NO_PC,
            .brief = "a virtual machine",
        }},
        .unseen = "Unknown: only Windows shows whether camera and fingerprint reader support it "
                  "(table SDEV, their drivers)",
        .pass = "Enhanced sign-in security can be used",
        .reference = SECURED_CORE,
    },
};

const size_t n_rules_secured_core = COUNT(rules_secured_core);
