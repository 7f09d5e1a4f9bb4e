/* SPDX-License-Identifier: MIT */
/* Rules on this boot rather than on the machine. */
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
                     .any = {IS_TRUE(SECURE_BOOT), IS_FALSE(SETUP_MODE)},
                     .otherwise = "Secure Boot is off and there is no platform key (setup mode)",
                     .cause = CAUSE_DISABLED,
                     .fix = "In firmware setup restore the factory keys, then enable Secure Boot.",
                 },
                 {
                     .any = {IS_TRUE(SECURE_BOOT)},
                     .otherwise = "Secure Boot is off",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_FALSE(SETUP_MODE)},
                     .otherwise = "The firmware is in setup mode: keys can be replaced",
                     .cause = CAUSE_DISABLED,
                     .fix = "In firmware setup restore the factory keys.",
                 }},
        .pass = "Secure Boot is enforced",
        .fix = "Enable Secure Boot in firmware setup before Windows is installed.",
        .reference = "UEFI specification 2.10, 3.3 and 32.3; Microsoft readiness tool 3.6",
    },
};

const size_t n_rules_boot = COUNT(rules_boot);
