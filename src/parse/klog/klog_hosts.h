/* SPDX-License-Identifier: MIT */
/*
 * The hosts whose lines a log holds: a central syslog mixes the kernels of several hosts. One
 * machine may change its name while it boots; then time goes on, and no line is repeated.
 */
#ifndef PARSE_KLOG_KLOG_HOSTS_H
#define PARSE_KLOG_KLOG_HOSTS_H

#include "vbscheck/span.h"

enum { KLOG_HOSTS_MAX = 32 };

struct klog_host {
    struct span name;
    const char *file; /* the first file that has it */
    size_t machine;   /* names of one machine have the same */
};

/* Zero-initialised, it holds no host. */
struct klog_hosts {
    struct klog_host items[KLOG_HOSTS_MAX];
    size_t n;
    const struct klog_host *one, *other; /* seen side by side in one boot */
};

/* Reads the lines of one log that matter. */
void klog_hosts_take(struct klog_hosts *h, struct span text, const char *file);

/* A host of another machine than that of *one, after all logs are read; NULL if there is none. */
const struct klog_host *klog_hosts_other(const struct klog_hosts *h, const struct klog_host **one);

#endif
