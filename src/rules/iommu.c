/* SPDX-License-Identifier: MIT */
/* Rules about IOMMUs and SMMUs. */
#include "rules/tables.h"
#include "vbscheck/count.h"

#define NONE_IN_VM "this virtual machine has no virtual VT-d, AMD-Vi or SMMU"

const struct rule rules_iommu[] = {
    {
        .id = "iommu.present",
        .row = "iommu",
        .title = "Firmware describes an IOMMU or SMMU",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_FALSE(HOST_VM), AT_LEAST(IOMMU_UNITS, 1)},
            .otherwise = NONE_IN_VM,
            .brief = "none in this virtual machine",
        }},
        .need = {{
            .any = {AT_LEAST(IOMMU_UNITS, 1)},
            .otherwise = "No table of the firmware (DMAR, IVRS, IORT) describes an IOMMU: it is "
                         "switched off in setup, or the machine has none",
            .brief = "none described: off or missing",
            .cause = CAUSE_UNKNOWN,
        }},
        .pass = "There is at least one IOMMU or SMMU",
        .reference = "Microsoft VBS table, row IOMMU; VT-d specification ch. 8; AMD IOMMU "
                     "specification 5.2; Arm DEN 0049",
        .shows = {FACT_DMAR_PRESENT, FACT_IVRS_PRESENT, FACT_IORT_PRESENT},
    },
    {
        .id = "iommu.translation",
        .row = "iommu",
        .title = "Every IOMMU in use can translate",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {AT_LEAST(IOMMU_UNITS, 1)},
            .otherwise = "no IOMMU is described; iommu.present judges that",
            .brief = "none is described",
        }},
        .need = {{
                     .any = {IS_TRUE(IOMMU_TRANSLATES), EQUALS(IOMMU_IN_USE, 0)},
                     .otherwise = "An IOMMU in use offers no translation stage",
                     .brief = "a unit in use cannot translate",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {IS_TRUE(IOMMU_TRANSLATES)},
                     .otherwise = "An IOMMU that the firmware describes offers no translation "
                                  "stage",
                     .brief = "a unit cannot translate",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass = "Every IOMMU that is used offers a translation stage",
        .reference = "Microsoft VBS table, row IOMMU: at least one stage of translation; VT-d "
                     "specification 11.4.2 (CAP.SAGAW); AMD IOMMU specification 5.2.2.1 (HATDIS)",
        .shows = {FACT_IOMMU_UNITS, FACT_IOMMU_IN_USE},
    },
    {
        .id = "iommu.coverage",
        .row = "iommu",
        .title = "Every DMA-capable device is behind an IOMMU",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_FALSE(HOST_VM), AT_LEAST(IOMMU_UNITS, 1)},
            .otherwise = NONE_IN_VM,
            .brief = "none in this virtual machine",
        }},
        .need = {{
                     .any = {AT_LEAST(IOMMU_UNITS, 1)},
                     .otherwise =
                         "The firmware describes no IOMMU, so no device is protected by one",
                     .brief = "none described: off or missing",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {EQUALS(IOMMU_UNCOVERED, 0)},
                     .otherwise = "Some DMA-capable devices are not behind an IOMMU",
                     .brief = "uncovered devices: {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 },
                 {
                     .any = {EQUALS(IOMMU_COMPONENTS_FREE, 0)},
                     .otherwise = "Some devices that the IORT names are not behind an SMMU",
                     .brief = "named devices not behind an SMMU: {}",
                     .cause = CAUSE_FIRMWARE_BUG,
                 }},
        .pass = "Every DMA-capable device in the list is behind an IOMMU",
        .reference = "Microsoft VBS table, row IOMMU; VT-d specification 8.3; AMD IOMMU "
                     "specification 5.2.2; Arm DEN 0049",
        .shows = {FACT_IOMMU_FUNCTIONS, FACT_IOMMU_DISPUTED},
    },
    {
        .id = "iommu.dma-opt-in",
        .row = "iommu",
        .title = "Firmware claims DMA protection before boot",
        .level = LEVEL_RECOMMENDED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_TRUE(DMAR_PRESENT), IS_TRUE(IVRS_PRESENT), IS_TRUE(IOMMU_OPT_IN)},
            .otherwise = "neither VT-d nor AMD-Vi is described",
            .brief = "neither VT-d nor AMD-Vi",
        }},
        .need = {{
            .any = {IS_TRUE(IOMMU_OPT_IN)},
            .otherwise = "The firmware does not claim to protect memory from DMA before boot",
            .brief = "pre-boot DMA open",
            .cause = CAUSE_DISABLED,
        }},
        .pass = "The firmware claims to protect memory from DMA before boot",
        .reference = "Microsoft, \"Kernel DMA Protection\" for OEMs; VT-d specification 8.1 flag "
                     "bit 2; AMD IOMMU specification 5.2.1 IVinfo bit 1",
        .shows = {FACT_DMAR_FLAGS, FACT_IVRS_IVINFO, FACT_THUNDERBOLT_PROTECTION},
    },
    {
        .id = "iommu.dma-arm",
        .row = "iommu",
        .title = "DMA is blocked before boot on Arm",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .when = {{
            .any = {IS_FALSE(HOST_X86)},
            .otherwise = "this is an x86 machine; iommu.dma-opt-in judges it",
            .brief = "an x86 machine",
        }},
        .unseen = "Unknown: no table of an Arm machine shows whether its firmware blocks DMA "
                  "before boot",
        .pass = "DMA is blocked before boot",
        .reference =
            "Microsoft, \"Kernel DMA Protection\" for OEMs; Arm DEN 0049, which has no such "
            "flag",
    },
};

const size_t n_rules_iommu = COUNT(rules_iommu);
