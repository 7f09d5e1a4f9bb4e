/* SPDX-License-Identifier: MIT */
#include "cli/windows/windows_rejudge.h"

#include <string.h>

#include "vbscheck/out.h"

bool windows_rejudge(const struct windows_policy *policy, const struct xml_lib *xml,
                     struct arena *a, struct snapshot *snap, const char **problem)
{
    struct out out;
    for (size_t i = 0; policy->data.len > 0 && i < snap->n; i++) {
        if (snap->blobs[i].st != ST_OK || strcmp(snap->blobs[i].name, "drivers") != 0)
            continue;
        out_init(&out, a);
        const struct windows_policy_work work = {
            .drivers = snap->blobs[i].data, .policies = policy, .n = 1, .xml = xml};
        if (!windows_apply_policies(&work, a, &out, problem))
            return false;
        snap->blobs[i].data = out_span(&out);
    }
    return true;
}
