/* SPDX-License-Identifier: MIT */
/* Rules about the TPM. */
#include "rules/tables.h"
#include "vbscheck/count.h"

const struct rule rules_tpm[] = {
    {
        .id = "tpm.version",
        .row = "tpm",
        .title = "TPM 2.0",
        .level = LEVEL_RECOMMENDED,
        .guest = LEVEL_RECOMMENDED,
        .need = {{
                     .any = {IS_TRUE(TPM_PRESENT), IS_FALSE(HOST_VM)},
                     .otherwise = "This virtual machine has no TPM",
                     .brief = "none in this virtual machine",
                     .cause = CAUSE_ABSENT,
                 },
                 {
                     .any = {IS_TRUE(TPM_PRESENT)},
                     .otherwise = "No TPM is visible: the machine has none, or setup hides it",
                     .brief = "none visible: off or missing",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {IS_TRUE(TPM_IS_2), IS_FALSE(TPM_TCPA_ALONE)},
                     .otherwise = "No TPM 2.0 is described; a TCPA table points to TPM 1.2",
                     .brief = "no TPM 2.0; event log of a TPM 1.2",
                     .cause = CAUSE_ABSENT,
                 },
                 {
                     .any = {IS_TRUE(TPM_IS_2)},
                     .otherwise = "The TPM is a TPM 1.2",
                     .brief = "version 1.2",
                     .cause = CAUSE_ABSENT,
                 }},
        .pass = "There is a TPM 2.0",
        .reference = "Microsoft VBS table, row TPM 2.0; TCG ACPI Specification",
        .shows = {FACT_TPM_VERSION, FACT_TPM_DECIDED_BY, FACT_TPM2_START_METHOD, FACT_TCPA_PRESENT,
                  FACT_TPM_MANUFACTURER, FACT_TPM_KIND, FACT_TPM_STATE},
    },
    {
        .id = "tpm.sha256-bank",
        .row = "tpm",
        .title = "Active SHA-256 PCR bank",
        .level = LEVEL_RECOMMENDED,
        .guest = LEVEL_RECOMMENDED,
        .when = {{
            .any = {IS_TRUE(TPM_IS_2)},
            .otherwise = "there is no TPM 2.0; tpm.version judges that",
            .brief = "no TPM 2.0",
        }},
        .need = {{
            .any = {IS_TRUE(TPM_SHA256)},
            .otherwise = "The TPM's SHA-256 PCR bank is not active",
            .brief = "no SHA-256 bank",
            .cause = CAUSE_DISABLED,
        }},
        .pass = "The TPM's SHA-256 PCR bank is active",
        .reference = "Microsoft, \"TPM considerations\": new systems use SHA-256; TPM 2.0 Library "
                     "part 2, TPM_CAP_PCRS",
        .shows = {FACT_TPM_BANKS},
    },
};

const size_t n_rules_tpm = COUNT(rules_tpm);
