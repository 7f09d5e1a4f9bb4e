/* SPDX-License-Identifier: MIT */
/*
 * Whose lines a log holds: a central syslog mixes the kernels of several hosts. One machine may
 * change its name while it boots; that shows by time going on, and by nothing being said twice.
 */
#ifndef PARSE_KLOG_KLOG_HOSTS_H
#define PARSE_KLOG_KLOG_HOSTS_H

#include "vbscheck/span.h"

enum { KLOG_HOSTS_MAX = 32 };

struct klog_host {
    struct span name;
    const char *file; /* the first that has it */
    size_t machine;   /* names of one machine have the same */
};

/* Zero-initialised it knows no host. */
struct klog_hosts {
    struct klog_host items[KLOG_HOSTS_MAX];
    size_t n;
    const struct klog_host *one, *other; /* seen side by side in one boot */
};

/* Takes the lines of one log that matter. */
void klog_hosts_take(struct klog_hosts *h, struct span text, const char *file);

/* A host of another machine than that of *one, once all logs are taken; NULL where there is none.
 */
const struct klog_host *klog_hosts_other(const struct klog_hosts *h, const struct klog_host **one);

#endif
