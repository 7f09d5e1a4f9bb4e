/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/report.h"
#include "vbscheck/count.h"

/* The first is the default. */
const struct reporter *const reporters[] = {
    &reporter_text, &reporter_json,  &reporter_ndjson, &reporter_markdown,   &reporter_html,
    &reporter_csv,  &reporter_junit, &reporter_sarif,  &reporter_prometheus,
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

void reporter_write_whole(const struct reporter *format, struct out *o, const struct report *r)
{
    if (format->head != NULL)
        out_str(o, format->head);
    format->write(o, r);
    if (format->tail != NULL)
        out_str(o, format->tail);
}
