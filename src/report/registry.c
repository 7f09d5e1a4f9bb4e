/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "vbscheck/report.h"

const struct reporter *const reporters[] = {
#define REPORTER(name) &reporter_##name,
#include "vbscheck/count.h"
#include "vbscheck/reporters.def"
#undef REPORTER
};

const size_t n_reporters = COUNT(reporters);

const struct reporter *reporter_find(const char *name)
{
    for (size_t i = 0; i < n_reporters; i++) {
        if (strcmp(reporters[i]->name, name) == 0)
            return reporters[i];
    }
    return NULL;
}
