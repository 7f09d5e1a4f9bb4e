/* SPDX-License-Identifier: MIT */
#include "rules/remedy.h"

#include <string.h>

#include "vbscheck/count.h"

const char *action_name(enum action a)
{
    static const char *const names[ACTION_COUNT] = {
        [ACTION_NONE] = "none",
        [ACTION_SETUP] = "setup",
        [ACTION_FIRMWARE_UPDATE] = "firmware-update",
        [ACTION_HYPERVISOR] = "hypervisor",
        [ACTION_THIS_BOOT] = "this-boot",
        [ACTION_DRIVER] = "driver",
        [ACTION_EVIDENCE] = "evidence",
        [ACTION_REPLACE_HARDWARE] = "replace-hardware",
    };
    return names[a];
}

/* Sizes are known to the parts' own files only. */
const struct remedy *remedy_at(size_t i)
{
    if (i < n_remedies_failures)
        return &remedies_failures[i];
    i -= n_remedies_failures;
    return i < n_remedies_unknowns ? &remedies_unknowns[i] : NULL;
}

static bool starts(const char *text, const char *prefix)
{
    return prefix == NULL || strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Whatever fails, this row fits: none behind it is reached. */
static bool is_last(const struct remedy *m)
{
    return m->when == 0 && m->unless == 0 && m->causes == 0 && m->fact == FACT_NONE;
}

const struct remedy *remedy_next(const struct rule *r, size_t *at)
{
    const struct remedy *m;
    while ((m = remedy_at(*at)) != NULL) {
        ++*at;
        if (m->on != V_FAIL || !starts(r->id, m->rule))
            continue;
        if (is_last(m))
            *at = n_remedies_failures + n_remedies_unknowns;
        return m;
    }
    return NULL;
}

static bool fits(const struct remedy *m, const struct facts *f, const struct rule *r,
                 enum fact_id decided)
{
    const char *blob = f->all[decided].from.blob;
    return starts(r->id, m->rule) && starts(blob != NULL ? blob : "", m->blob) &&
           (m->fact == FACT_NONE || m->fact == decided) && (f->situation & m->when) == m->when &&
           (f->situation & m->unless) == 0;
}

const struct remedy *remedy_for_unknown(const struct facts *f, const struct rule *r,
                                        enum fact_id decided)
{
    const struct remedy *m;
    if (f->all[decided].from.blob == NULL)
        return NULL;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        if (m->on == V_UNKNOWN && m->reason == f->all[decided].st && fits(m, f, r, decided))
            return m;
    }
    return NULL;
}

const struct remedy *remedy_for_hidden(void)
{
    const struct remedy *m;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        if (m->on == V_UNKNOWN && m->reason == ST_HIDDEN && m->rule == NULL)
            return m;
    }
    return NULL;
}

const struct remedy *remedy_for_failure(const struct facts *f, const struct rule *r,
                                        enum fact_id decided, enum cause cause)
{
    const struct remedy *m;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        if (m->on == V_FAIL && (m->causes == 0 || (m->causes & 1u << cause) != 0) &&
            fits(m, f, r, decided))
            return m;
    }
    return NULL;
}

/* How a row's conditions read. */
static const struct {
    unsigned bit;
    const char *is, *is_not;
} situations[] = {
    {SIT_INTEL, "Intel processors", "not Intel's"},
    {SIT_AMD, "AMD processors", "not AMD's"},
    {SIT_ARM, "Arm machines", "not on Arm"},
    {SIT_METAL, "on the PC itself", NULL},
    {SIT_GUEST, "in a virtual machine", NULL},
    {SIT_HYPERV, "on Hyper-V", NULL},
    {SIT_KVM, "on KVM or QEMU", NULL},
    {SIT_VMWARE, "on VMware", NULL},
    {SIT_SCAN, "in a scan", NULL},
    {SIT_ROOT, "as root", NULL},
    {SIT_NO_RUNTIME, "kernel without EFI runtime services", NULL},
    {SIT_MEMORY_CUT, "booted with mem=", NULL},
    {SIT_ACPI_OFF, "booted with acpi=off", NULL},
};

static const char *joined(const char *list, const char *more, struct arena *a)
{
    return arena_printf(a, "%s%s%s", list, list[0] != '\0' ? ", " : "", more);
}

const char *remedy_condition(const struct remedy *m, struct arena *a)
{
    const char *text = m->fact != FACT_NONE ? fact_infos[m->fact].name : "";
    for (unsigned c = 0; c < CAUSE_COUNT; c++) {
        if ((m->causes & 1u << c) != 0)
            text = joined(text, cause_name((enum cause)c), a);
    }
    for (size_t i = 0; i < COUNT(situations); i++) {
        if ((m->when & situations[i].bit) != 0)
            text = joined(text, situations[i].is, a);
        else if ((m->unless & situations[i].bit) != 0 && situations[i].is_not != NULL)
            text = joined(text, situations[i].is_not, a);
    }
    return text;
}
