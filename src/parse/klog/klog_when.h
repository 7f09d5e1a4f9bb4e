/* SPDX-License-Identifier: MIT */
/* Data that a log line holds besides its message: its time, and its machine. */
#ifndef PARSE_KLOG_KLOG_WHEN_H
#define PARSE_KLOG_KLOG_WHEN_H

#include "vbscheck/span.h"

/* A date in seconds; for syslog's dates, which lack the year, since the first of January. */
struct klog_date {
    bool known;
    bool has_year;
    int64_t seconds;
};

struct klog_when {
    bool has_stamp;
    uint64_t stamp; /* microseconds since the kernel began: "[    0.083139] " */
    struct klog_date date;
    struct span host; /* empty: unknown */
};

/* Reads the text before `message`, which is klog_message() of the line. */
struct klog_when klog_when(struct span line, struct span message);

/*
 * Seconds from one date to the other. If one lacks the year, the smallest difference that fits:
 * January follows December. 0 if one is unknown.
 */
int64_t klog_seconds(struct klog_date from, struct klog_date to);

#endif
