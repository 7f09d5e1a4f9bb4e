/* SPDX-License-Identifier: MIT */
/* Rules about this boot, not about the machine. */
#include "rules/tables.h"
#include "vbscheck/count.h"

const struct rule rules_boot[] = {
    {
        .id = "boot.secure-boot",
        .row = "secure-boot",
        .title = "Secure Boot enforced",
        .level = LEVEL_RECOMMENDED,
        .guest = LEVEL_RECOMMENDED,
        .need = {{
                     .any = {IS_FALSE(SETUP_MODE), IS_TRUE(SECURE_BOOT)},
                     .otherwise = "Secure Boot is off and there is no platform key (setup mode)",
                     .brief = "off, and no platform key (setup mode)",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(SECURE_BOOT)},
                     .otherwise = "Secure Boot is off",
                     .brief = "off",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_FALSE(SETUP_MODE)},
                     .otherwise = "The firmware is in setup mode: keys can be replaced",
                     .brief = "in setup mode",
                     .cause = CAUSE_DISABLED,
                 }},
        .pass = "Secure Boot is enforced",
        .reference = "UEFI specification 2.10, 3.3 and 32.3; Microsoft readiness tool 3.6",
    },
};

const size_t n_rules_boot = COUNT(rules_boot);
