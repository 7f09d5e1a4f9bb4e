/* SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include <string.h>

#include "vbscheck/count.h"

const struct profile *const profiles[] = {
    &profile_vbs,
    &profile_vbs_2017,
    &profile_vbs_current,
    &profile_readiness_tool,
    &profile_memory_integrity_default,
    &profile_credential_guard,
    &profile_kernel_dma_protection,
    &profile_secured_core_pc,
    &profile_strict,
};
const size_t n_profiles = COUNT(profiles);

const struct profile *profile_find(const char *name)
{
    for (size_t i = 0; i < n_profiles; i++) {
        if (strcmp(profiles[i]->name, name) == 0)
            return profiles[i];
    }
    return NULL;
}

struct profile_row profile_levels(const struct profile *p, const struct rule *r)
{
    struct profile_row own = {r->id, r->level, r->guest};
    for (size_t i = 0; i < PROFILE_ROWS_MAX && p->rows[i].rule != NULL; i++) {
        if (strcmp(p->rows[i].rule, r->id) == 0)
            return p->rows[i];
    }
    if (!p->rest)
        own.level = own.guest = LEVEL_LEFT_OUT;
    else if (p->strict && own.level != LEVEL_LEFT_OUT)
        own.level = own.guest = LEVEL_REQUIRED;
    return own;
}
