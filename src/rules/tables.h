/* SPDX-License-Identifier: MIT */
/* The tables of rules, one per domain; registry.c puts them into report order. */
#ifndef RULES_TABLES_H
#define RULES_TABLES_H

#include "rules/rule.h"

extern const struct rule rules_cpu[], rules_iommu[], rules_tpm[], rules_firmware[], rules_drivers[],
    rules_vm[], rules_boot[], rules_hardware[], rules_secured_core[];
extern const size_t n_rules_cpu, n_rules_iommu, n_rules_tpm, n_rules_firmware, n_rules_drivers,
    n_rules_vm, n_rules_boot, n_rules_hardware, n_rules_secured_core;

#endif
