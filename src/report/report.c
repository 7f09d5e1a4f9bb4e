/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

#include "vbscheck/count.h"

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

/* Recommended rules that nobody could have decided do not count. */
bool report_counts_for_exit(const struct report *r, const struct outcome *o)
{
    enum level fail_on = r->options->fail_on;
    if (fail_on == LEVEL_REQUIRED || !report_selects_required(r))
        return o->counts;
    bool excused =
        o->level != LEVEL_REQUIRED && (o->reason == ST_UNPROVABLE || o->reason == ST_NOT_COLLECTED);
    return o->level <= fail_on && !excused && o->waiver == NULL;
}

static struct span without_archive_ending(struct span name)
{
    static const char *const endings[] = {".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2",
                                          ".tgz",    ".tar",     ".zip"};
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t n = strlen(endings[i]);
        if (name.len > n && span_is(span_skip(name, name.len - n), endings[i])) {
            name.len -= n;
            break;
        }
    }
    return name;
}

const char *report_host_name(const char *label, const char *path, struct arena *a)
{
    struct span name = span_of(path != NULL ? path : "");
    if (label != NULL)
        return label;
    while (name.len > 0 && name.ptr[name.len - 1] == '/')
        name.len--;
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == '/') {
            name = span_skip(name, i);
            break;
        }
    }
    return name.len > 0 ? arena_text(a, without_archive_ending(name)) : "this-machine";
}

const char *report_host_key(const struct report *r, struct arena *a)
{
    return report_host_name(labels_get(&r->snap->labels, "host"), r->snap->path, a);
}
