/* SPDX-License-Identifier: MIT */
/* Remedies for the rules of profiles other than `vbs`: memory, disks, AMD's security processor. */
#include "rules/remedies.h"
#include "vbscheck/count.h"

#define OF(b, r) .blob = (b), .on = V_UNKNOWN, .reason = ST_##r

const struct remedy remedies_hardware[] = {
    {.rule = "vm.metal",
     .on = V_FAIL,
     .step = STEP_NONE,
     .text = "Scan the PC itself, from the live stick: this profile is for PCs."},
    {.rule = "cpu.recent",
     .on = V_FAIL,
     .when = SIT_METAL,
     .step = STEP_REPLACE,
     .text = "No setting helps: the processor is too old for it."},
    {.rule = "cpu.recent",
     .on = V_FAIL,
     .step = STEP_NONE,
     .text = "No setting helps: the processor is too old for it."},
    {.rule = "memory.size",
     .on = V_FAIL,
     .step = STEP_MORE_MEMORY,
     .text = "Install memory modules: 8 GB or more in total."},
    {.rule = "storage.",
     .on = V_FAIL,
     .step = STEP_SSD,
     .text = "Install an SSD of 64 GB or more, and put Windows on it."},
    {.rule = "amd.memory-encryption",
     .on = V_FAIL,
     .step = STEP_TSME,
     .text = "Enable \"TSME\" or \"Memory Guard\" if the firmware has such a switch; many "
             "processors lack it (AMD PRO has it)."},
    {.rule = "amd.",
     .on = V_FAIL,
     .step = STEP_FIRMWARE,
     .text = "Ask the vendor for a firmware update."},
    {.rule = "secured.standby",
     .on = V_FAIL,
     .step = STEP_STANDBY,
     .text = "If the firmware has a switch for the sleep state, choose \"Windows\" or \"Modern "
             "Standby\", not \"Linux\" or \"S3\"; not every machine has such a switch."},
    {OF("memory/modules", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_NO_CONTAINER,
     .text = "SMBIOS cannot be seen here: scan outside any container, or from the live stick."},
    {OF("memory/modules", NOT_COLLECTED), .step = STEP_DMIDECODE,
     .text = "Give the text of dmidecode -t memory, run as root, or of /proc/meminfo."},
    {OF("memory/modules", TRUNCATED), .step = STEP_DMIDECODE,
     .text = "Give the complete output of dmidecode -t memory: some slots are missing from it."},
    {OF("storage", NOT_COLLECTED), .when = SIT_SCAN, .step = STEP_NO_CONTAINER,
     .text = "/sys/block cannot be seen here: scan outside any container, or from the live stick."},
    {OF("storage", NOT_COLLECTED), .step = STEP_LSBLK,
     .text = "Give the text of lsblk -o NAME,TYPE,ROTA,RM,SIZE,TRAN."},
    {OF("storage", NO_DRIVER), .step = STEP_NONE,
     .text = "The firmware's own RAID (Intel RST, VMD) may hide disks from Linux: look in setup "
             "or in Windows which disks there are."},
    {OF("storage", UNSUPPORTED), .step = STEP_NONE,
     .text = "The disk is eMMC, and Microsoft's page does not say whether that counts as an SSD."},
    {OF("storage", UNPROVABLE), .when = SIT_GUEST, .step = STEP_NONE,
     .text = "Only the host knows the real disk behind a virtual disk: ask the host's "
             "administrator."},
    {OF("storage", UNPROVABLE), .step = STEP_LSBLK,
     .text = "The evidence does not show the disk's bus, or a RAID controller hides its disks: "
             "give the text of lsblk -o NAME,TYPE,ROTA,RM,SIZE,TRAN, or look at the disk."},
    {OF("sys/psp", NO_DRIVER), .step = STEP_MODULE_CCP,
     .text = "Load the module ccp under Linux 5.19 or newer; processors that do not report their "
             "state to it show nothing."},
    {OF("sys/psp", NOT_COLLECTED), .step = STEP_CAPTURE,
     .text = "Scan the machine, or give a capture of it."},
};

const size_t n_remedies_hardware = COUNT(remedies_hardware);
