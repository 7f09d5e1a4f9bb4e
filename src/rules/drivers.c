/* SPDX-License-Identifier: MIT */
/* Rules on Windows driver files. */
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
        .pass = "No static violation found in the drivers given; only Driver Verifier's code "
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
        .pass = "The block policy given denies none of the drivers given",
        .reference = "Microsoft, \"Microsoft recommended driver block rules\"",
        .shows = {FACT_DRIVERS_CHECKED},
    },
};

const size_t n_rules_drivers = COUNT(rules_drivers);
