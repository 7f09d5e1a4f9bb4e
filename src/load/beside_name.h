/* SPDX-License-Identifier: MIT */
/* Which files lie beside drivers, by their names; content decides later. */
#ifndef LOAD_BESIDE_NAME_H
#define LOAD_BESIDE_NAME_H

#include "vbscheck/span.h"

static inline bool beside_is_catalog(const char *path)
{
    return span_ends_like(span_of(path), ".cat");
}

/* A catalog or an INF file. */
static inline bool beside_is(const char *path)
{
    return beside_is_catalog(path) || span_ends_like(span_of(path), ".inf");
}

#endif
