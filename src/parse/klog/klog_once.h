/* SPDX-License-Identifier: MIT */
/* Lines of which a kernel prints one a boot, or one for each thing it names. */
#ifndef PARSE_KLOG_KLOG_ONCE_H
#define PARSE_KLOG_KLOG_ONCE_H

#include "vbscheck/span.h"

struct klog_once {
    unsigned kind;
    unsigned rank;     /* of the kind, in the order in which a kernel prints them */
    struct span key;   /* the thing; empty where the line is the only one */
    struct span value; /* what is said: twice the same is one line, two that differ are two boots */
};

/* Is this message such a line? */
bool klog_once_read(struct span message, struct klog_once *out);

#endif
