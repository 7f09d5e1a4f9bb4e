/* SPDX-License-Identifier: MIT */
#include "collect/source.h"

#include <string.h>

#include "probe/probe.h"

/* The i-th want of all probes; NULL past the last. */
static const char *want_at(size_t i)
{
    for (size_t p = 0; p < n_probes; p++) {
        for (const char *const *w = probes[p]->wants; *w != NULL; w++) {
            if (i-- == 0)
                return *w;
        }
    }
    return NULL;
}

/* Length of the fixed part of a pattern ("sys/", or a name with a star); 0 for a plain name. */
static size_t pattern_len(const char *want)
{
    size_t len = strlen(want);
    if (len > 0 && want[len - 1] == '*')
        return len - 1;
    return len > 0 && want[len - 1] == '/' ? len : 0;
}

static bool is_below(const char *want, const char *prefix)
{
    size_t fixed = pattern_len(want);
    return strncmp(want, prefix, strlen(prefix)) == 0 ||
           (fixed > 0 && strncmp(want, prefix, fixed) == 0);
}

static bool seen_before(size_t at)
{
    const char *name = want_at(at);
    for (size_t i = 0; i < at; i++) {
        if (strcmp(want_at(i), name) == 0)
            return true;
    }
    return false;
}

const char *collect_wanted(const char *prefix, size_t *at)
{
    for (const char *want; (want = want_at(*at)) != NULL;) {
        size_t here = (*at)++;
        if (is_below(want, prefix) && !seen_before(here))
            return want;
    }
    return NULL;
}

bool collect_wants(const char *name)
{
    const char *want;
    for (size_t at = 0; (want = want_at(at)) != NULL; at++) {
        size_t fixed = pattern_len(want);
        if (fixed > 0 ? strncmp(want, name, fixed) == 0 : strcmp(want, name) == 0)
            return true;
    }
    return false;
}

void collect_add(struct collector *c, const char *name, const char *from, enum status st,
                 struct span data)
{
    bool has_data = st == ST_OK || st == ST_TRUNCATED;
    snap_add(c->snap, (struct blob){
                          .name = arena_text(c->arena, span_of(name)),
                          .from = from != NULL ? arena_text(c->arena, span_of(from)) : NULL,
                          .st = st,
                          .data = has_data ? data : (struct span){0},
                      });
}
