/* SPDX-License-Identifier: MIT */
/* Whether a log runs from the newest line to the oldest, as `journalctl -r` and `tac` print it. */
#ifndef PARSE_KLOG_KLOG_ORDER_H
#define PARSE_KLOG_KLOG_ORDER_H

#include "vbscheck/span.h"

/*
 * True where most lines are older than the one before: by the kernel's stamps, else by dates, else
 * by the order in which kernels print lines that occur once in a boot.
 */
bool klog_is_newest_first(struct span text);

#endif
