/* SPDX-License-Identifier: MIT */
/* The age of the program's knowledge: pages change, so a report has to name the edition. */
#include "rules/rule.h"

#include "vbscheck/count.h"

const struct edition editions[] = {
    {"requirements", "2017-10-05, 2026-11",
     "Microsoft's VBS page for OEMs: of that date, and "
     "as it read then"},
    {"smm", "1.0", "Windows SMM Security Mitigations Table specification"},
    {"uefi", "2.10", "UEFI specification"},
    {"acpi", "6.5", "ACPI specification"},
    {"kernels", "6.1.192, 6.12.117", "Linux whose behaviour was read in its source"},
    {"readiness-tool", "3.6", "Microsoft's Device Guard and Credential Guard readiness tool"},
    {"arm-cores", "2026-11", "table of Arm cores and their architecture"},
    {"driver-rules", "2026-11", "list of what Windows' code integrity refuses, as published then"},
};
const size_t n_editions = COUNT(editions);
