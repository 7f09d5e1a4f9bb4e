/* SPDX-License-Identifier: MIT */
/* All tables of rules, in report order; rows of Microsoft's table; names of enum values. */
#include <string.h>

#include "rules/tables.h"
#include "vbscheck/count.h"

const struct rule_row rule_rows[] = {
    {"cpu", "64-bit CPU", false},
    {"virtualization", "Virtualization", false},
    {"slat", "SLAT", false},
    {"iommu", "IOMMU or SMMU", false},
    {"tpm", "TPM 2.0", false},
    {"smm", "SMM protections (WSMT)", false},
    {"uefi-mat", "UEFI memory attributes", false},
    {"uefi-nx", "EFI page protections", false},
    {"mor", "Secure memory overwrite", false},
    {"drivers", "HVCI compatible drivers", false},
    {"vm", "Virtual machine", false},
    {"secure-boot", "Secure Boot", true},
    {"memory", "Memory", false},
    {"storage", "Storage", false},
    {"amd-psp", "AMD security processor", false},
    {"secured-core", "Secured-core, the rest", false},
};
const size_t n_rule_rows = COUNT(rule_rows);

/* Pointers to sizes, since only the tables' own files know them. */
static const struct {
    const struct rule *rules;
    const size_t *n;
} groups[] = {
    {rules_cpu, &n_rules_cpu},
    {rules_iommu, &n_rules_iommu},
    {rules_tpm, &n_rules_tpm},
    {rules_firmware, &n_rules_firmware},
    {rules_drivers, &n_rules_drivers},
    {rules_vm, &n_rules_vm},
    {rules_boot, &n_rules_boot},
    {rules_hardware, &n_rules_hardware},
    {rules_secured_core, &n_rules_secured_core},
};

const struct rule *rule_at(size_t i)
{
    for (size_t g = 0; g < COUNT(groups); g++) {
        if (i < *groups[g].n)
            return &groups[g].rules[i];
        i -= *groups[g].n;
    }
    return NULL;
}

size_t rules_count(void)
{
    size_t n = 0;
    for (size_t g = 0; g < COUNT(groups); g++)
        n += *groups[g].n;
    return n;
}

const struct rule *rule_find(const char *id)
{
    const struct rule *r;
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        if (strcmp(r->id, id) == 0)
            return r;
    }
    return NULL;
}

const char *rule_url(const struct rule *r, struct arena *a)
{
    return arena_printf(a, VBSCHECK_REFERENCE_URL, r->id);
}

const char *verdict_name(enum verdict v)
{
    static const char *const names[V_COUNT] = {"pass", "fail", "unknown", "not-applicable"};
    return names[v];
}

static const char *const level_names[LEVEL_COUNT] = {"required", "recommended", "info"};

const char *level_name(enum level l)
{
    return l < LEVEL_COUNT ? level_names[l] : "none";
}

bool level_from_name(const char *name, enum level *out)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        if (strcmp(level_names[i], name) == 0) {
            *out = (enum level)i;
            return true;
        }
    }
    return false;
}

const char *cause_name(enum cause c)
{
    static const char *const names[CAUSE_COUNT] = {"unknown", "absent", "disabled", "firmware-bug"};
    return names[c];
}
