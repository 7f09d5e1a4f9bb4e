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

/* Pointers to sizes, since only the parts' own files know them. */
static const struct {
    const struct remedy *rows;
    const size_t *n;
} parts[] = {
    {remedies_makers, &n_remedies_makers},     {remedies_platforms, &n_remedies_platforms},
    {remedies_failures, &n_remedies_failures}, {remedies_hardware, &n_remedies_hardware},
    {remedies_unknowns, &n_remedies_unknowns},
};

const struct remedy *remedy_at(size_t i)
{
    for (size_t p = 0; p < COUNT(parts); p++) {
        if (i < *parts[p].n)
            return &parts[p].rows[i];
        i -= *parts[p].n;
    }
    return NULL;
}

const char *remedy_line(const struct remedy *m)
{
    return m->line != NULL ? m->line : step_infos[m->step].text;
}

static bool starts(const char *text, const char *prefix)
{
    return prefix == NULL || strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool fits(const struct remedy *m, const struct facts *f, const struct rule *r,
                 enum fact_id decided)
{
    const char *blob = f->all[decided].from.blob;
    return starts(r->id, m->rule) && starts(blob != NULL ? blob : "", m->blob) &&
           (m->fact == FACT_NONE || m->fact == decided) &&
           (m->maker == MAKER_ANY || m->maker == f->maker) &&
           (m->platform == PLATFORM_ANY || m->platform == f->platform) &&
           (f->situation & m->when) == m->when && (f->situation & m->unless) == 0;
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

/* The row for this reason that fits any rule. */
static const struct remedy *remedy_for_any(enum status reason)
{
    const struct remedy *m;
    for (size_t i = 0; (m = remedy_at(i)) != NULL; i++) {
        if (m->on == V_UNKNOWN && m->reason == reason && m->rule == NULL &&
            (m->blob == NULL || m->blob[0] == '\0'))
            return m;
    }
    return NULL;
}

const struct remedy *remedy_for_hidden(void)
{
    return remedy_for_any(ST_HIDDEN);
}

const struct remedy *remedy_for_unseen(void)
{
    return remedy_for_any(ST_UNPROVABLE);
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
