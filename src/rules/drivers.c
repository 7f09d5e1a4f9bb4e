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
            .cause = CAUSE_FIRMWARE_BUG,
        }},
        .pass = "No driver file given breaks a rule that its headers can show",
        .fix = "Ask the drivers' vendors for versions that are compatible with memory integrity.",
        .reference =
            "Microsoft VBS table, row HVCI compatible drivers; Microsoft, \"Implement HVCI "
            "compatible code\"",
        .shows = {FACT_DRIVERS_CHECKED},
    },
};

const size_t n_rules_drivers = COUNT(rules_drivers);
