/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/report.h"

const struct reporter *const reporters[] = {
#define REPORTER(name) &reporter_##name,
#include "report/reporters.def"
#include "vbscheck/count.h"
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
