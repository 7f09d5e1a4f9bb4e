/* SPDX-License-Identifier: MIT */
/* What a line of a log tells beside its message: when it was written, and on which machine. */
#ifndef PARSE_KLOG_KLOG_WHEN_H
#define PARSE_KLOG_KLOG_WHEN_H

#include "vbscheck/span.h"

/* A date in seconds; of syslog's, which tell no year, those since the first of January. */
struct klog_date {
    bool known;
    bool has_year;
    int64_t seconds;
};

struct klog_when {
    bool has_stamp;
    uint64_t stamp; /* microseconds since the kernel began: "[    0.083139] " */
    struct klog_date date;
    struct span host; /* empty: not told */
};

/* Reads what stands before `message`, which is klog_message() of the line. */
struct klog_when klog_when(struct span line, struct span message);

/*
 * Seconds from one date to the other. Where one tells no year, as few as fit: from December to
 * January time runs on. 0 where one is not known.
 */
int64_t klog_seconds(struct klog_date from, struct klog_date to);

#endif
