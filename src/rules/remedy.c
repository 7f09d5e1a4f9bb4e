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
    if (i < n_remedies_hardware)
        return &remedies_hardware[i];
    i -= n_remedies_hardware;
    return i < n_remedies_unknowns ? &remedies_unknowns[i] : NULL;
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

/* The row for this reason, whatever the rule. */
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
