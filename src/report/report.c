/* SPDX-License-Identifier: MIT */
#include "report/report.h"

const char *readiness_name(enum readiness r)
{
    static const char *const names[] = {
        [READY] = "ready",
        [NOT_READY] = "not-ready",
        [UNDETERMINED] = "undetermined",
    };
    return names[r];
}

bool report_selects_required(const struct report *r)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        if (r->outcomes[i].level == LEVEL_REQUIRED)
            return true;
    }
    return false;
}
