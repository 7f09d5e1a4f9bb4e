/* SPDX-License-Identifier: MIT */
/* Starts of a kernel in one log, and when they were. */
#ifndef PARSE_KLOG_KLOG_BOOTS_H
#define PARSE_KLOG_KLOG_BOOTS_H

#include "vbscheck/span.h"

struct klog_boots {
    size_t n;           /* starts; 1 for a log without any */
    struct span last;   /* from the last start to the end */
    bool backwards;     /* some boot has an earlier date than the one before */
    struct span latest; /* the last boot before that */
};

/*
 * Cuts a log at "Linux version " and at "Booting Linux on physical CPU", which comes before it on
 * Arm. Text before the first start belongs to it. Dates are compared where lines carry some: the
 * months of syslog have no year, so December before January runs forwards.
 */
void klog_boots_find(struct span text, struct klog_boots *out);

/*
 * Seconds since 1970 at which a boot was, by the kernel's own word ("setting system clock to …
 * (1712829600)", "audit(1712829600.400:1)"); 0 where it has none.
 */
uint64_t klog_boot_date(struct span boot);

#endif
