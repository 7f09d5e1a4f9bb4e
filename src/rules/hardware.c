/* SPDX-License-Identifier: MIT */
/* Rules about other PC hardware, for profiles other than `vbs`. */
#include "rules/tables.h"
#include "vbscheck/count.h"

#define HVCI_DEFAULT "Microsoft, \"Memory integrity enablement\" for OEMs (oem-hvci-enablement)"

const struct rule rules_hardware[] = {
    {
        .id = "cpu.recent",
        .row = "cpu",
        .title = "Processor generation that Windows 11 counts as fast enough",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .need = {{
            .any = {IS_TRUE(CPU_GENERATION_LISTED)},
            .otherwise = "The processor is older than Intel's 8th generation, AMD's Zen 2 or "
                         "Snapdragon 8180",
            .brief = "generation too old",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "The processor is Intel's 8th generation, Zen 2, Snapdragon 8180, or later",
        .reference = HVCI_DEFAULT,
        .shows = {FACT_CPU_GENERATION, FACT_CPU_BRAND},
    },
    {
        .id = "memory.size",
        .row = "memory",
        .title = "8 GB of memory",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .need = {{
            .any = {IS_TRUE(MEMORY_8_GB)},
            .otherwise = "Less than 8 GB of memory is installed",
            .brief = "less than 8 GB",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "8 GB of memory or more is installed",
        .reference = HVCI_DEFAULT "; DMTF DSP0134, type 17",
        .shows = {FACT_MEMORY_INSTALLED, FACT_MEMORY_TOTAL},
    },
    {
        .id = "storage.ssd",
        .row = "storage",
        .title = "An internal SSD",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .need = {{
            .any = {IS_TRUE(STORAGE_SSD)},
            .otherwise = "No internal disk is an SSD",
            .brief = "no SSD",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "An internal disk is an SSD: Windows has to be installed on that one",
        .reference = HVCI_DEFAULT,
        .shows = {FACT_STORAGE_DISKS, FACT_STORAGE_SSD_SIZE},
    },
    {
        .id = "storage.size",
        .row = "storage",
        .title = "64 GB on it",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_TRUE(STORAGE_SSD)},
            .otherwise = "there is no SSD; storage.ssd judges that",
            .brief = "no SSD",
        }},
        .need = {{
            .any = {AT_LEAST(STORAGE_SSD_SIZE, 64)},
            .otherwise = "The largest internal SSD has less than 64 GB",
            .brief = "SSD of {} GB",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "An internal SSD has 64 GB or more",
        .reference = HVCI_DEFAULT,
    },
};

const size_t n_rules_hardware = COUNT(rules_hardware);
