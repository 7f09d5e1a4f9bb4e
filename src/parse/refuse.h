/* SPDX-License-Identifier: MIT */
/* How a parser says no. */
#ifndef PARSE_REFUSE_H
#define PARSE_REFUSE_H

#include "vbscheck/span.h"

/* Notes what is wrong and where, if anybody wants to know. Returns ST_MALFORMED. */
static inline enum status refuse(struct fault *fault, size_t offset, const char *what)
{
    if (fault != NULL)
        *fault = (struct fault){.offset = offset, .what = what};
    return ST_MALFORMED;
}

#endif
