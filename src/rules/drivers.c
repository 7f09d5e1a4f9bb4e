/* SPDX-License-Identifier: MIT */
/* Rules about Windows driver files. */
#include "rules/tables.h"
#include "vbscheck/count.h"

const struct rule rules_drivers[] = {
    {
        .id = "drivers.hvci",
        .row = "drivers",
        .title = "Drivers without a static HVCI violation",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_REQUIRED,
        .excuse = {ST_NOT_COLLECTED, "no driver was looked at"},
        .need = {{
                     .any = {EQUALS(DRIVERS_INCOMPATIBLE, 0)},
                     .otherwise = "Driver files break a rule of memory integrity",
                     .brief = "files that break a rule: {}",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {IS_TRUE(DRIVERS_DECIDED)},
                     .otherwise = "Driver files could not be judged",
                     .brief = "files could not be judged",
                     .cause = CAUSE_UNKNOWN,
                 }},
        .pass = "No static violation found in the drivers looked at; only Driver Verifier's code "
                "integrity checks, the HLK's HyperVisor Code Integrity Readiness Test and a boot "
                "with memory integrity can show the rest",
        .reference =
            "Microsoft VBS table, row HVCI compatible drivers; Microsoft, \"Implement HVCI "
            "compatible code\"",
        .shows = {FACT_DRIVERS_CHECKED, FACT_DRIVERS_NOT_JUDGED},
    },
    {
        .id = "drivers.blocklist",
        .row = "drivers",
        .title = "No driver that a block policy denies",
        .level = LEVEL_INFO,
        .guest = LEVEL_INFO,
        .need = {{
                     .any = {EQUALS(DRIVERS_DENIED, 0)},
                     .otherwise = "The block policy denies driver files",
                     .brief = "files denied: {}",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {IS_TRUE(DRIVERS_DENY_DECIDED)},
                     .otherwise = "The block policy cannot be applied to some driver files",
                     .brief = "files could not be judged",
                     .cause = CAUSE_UNKNOWN,
                 }},
        .raised = {FACT_DRIVERS_POLICY_OF_DISK, LEVEL_RECOMMENDED},
        .pass = "The block policy denies none of the drivers",
        .reference = "Microsoft, \"Microsoft recommended driver block rules\"",
        .shows = {FACT_DRIVERS_POLICY_OF_DISK, FACT_DRIVERS_CHECKED},
    },
    {
        .id = "drivers.windows-log",
        .row = "drivers",
        .title = "No driver that Windows itself refused",
        .level = LEVEL_RECOMMENDED,
        .guest = LEVEL_RECOMMENDED,
        .excuse = {ST_NOT_COLLECTED, "no log of a Windows was looked at"},
        .need = {{
                     .any = {EQUALS(WINDOWS_DISK_LOG_REFUSED, 0)},
                     .otherwise = "Windows' own log names drivers that it refused for memory "
                                  "integrity",
                     .brief = "refused by Windows: {}",
                     .cause = CAUSE_UNKNOWN,
                 },
                 {
                     .any = {IS_TRUE(WINDOWS_DISK_LOG_DECIDED)},
                     .otherwise = "Windows' log could not be read",
                     .brief = "log could not be read",
                     .cause = CAUSE_UNKNOWN,
                 }},
        .pass = "The code integrity log of the Windows on the disk names no driver on this disk "
                "as refused for memory integrity",
        .reference = "Microsoft, \"Understanding App Control event IDs\"; event manifest of ci.dll",
        .shows = {FACT_WINDOWS_DISK_LOG_FROM, FACT_WINDOWS_DISK_LOG_TO,
                  FACT_WINDOWS_DISK_MEMORY_INTEGRITY},
    },
};

const size_t n_rules_drivers = COUNT(rules_drivers);
