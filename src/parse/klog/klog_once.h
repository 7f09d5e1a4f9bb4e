/* SPDX-License-Identifier: MIT */
/* Lines that a kernel prints once a boot, or once for each thing they name. */
#ifndef PARSE_KLOG_KLOG_ONCE_H
#define PARSE_KLOG_KLOG_ONCE_H

#include "vbscheck/span.h"

struct klog_once {
    unsigned kind;
    unsigned rank;     /* of the kind, in the order in which a kernel prints them */
    struct span key;   /* the thing; empty where the line is the only one */
    struct span value; /* the content: equal ones are one line, different ones are two boots */
};

/* Is this message such a line? */
bool klog_once_read(struct span message, struct klog_once *out);

#endif
