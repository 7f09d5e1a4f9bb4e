/* SPDX-License-Identifier: MIT */
/* How a parser rejects its input. */
#ifndef PARSE_REFUSE_H
#define PARSE_REFUSE_H

#include "vbscheck/span.h"

/* Stores what is wrong and where, unless `fault` is NULL. Returns ST_MALFORMED. */
static inline enum status refuse(struct fault *fault, size_t offset, const char *what)
{
    if (fault != NULL)
        *fault = (struct fault){.offset = offset, .what = what};
    return ST_MALFORMED;
}

#endif
