/* SPDX-License-Identifier: MIT */
/* Boots in one log, and when they were. */
#ifndef PARSE_KLOG_KLOG_BOOTS_H
#define PARSE_KLOG_KLOG_BOOTS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct klog_boots {
    size_t n;          /* 1 if the log does not show a second one */
    struct span last;  /* of the log's text; to its end */
    struct span *open; /* earlier ones in the log that may be later in time */
    size_t n_open;
    bool backwards; /* some boot has an earlier date than the one before */
    bool crowded;   /* a boot has more of the lines that distinguish boots than any kernel prints */
};

/*
 * Cuts a log where a boot begins:
 *
 * - at "Linux version ", at "Booting Linux on physical CPU", which comes before it on Arm, both of
 *   which mail may have wrapped, and at the lines that journalctl puts between boots;
 * - where the kernel's stamps run back by more than the order of several CPUs explains, to zero, or
 *   at all where the date is later; or dates by more than a clock that is set to another time zone;
 * - where a line that a kernel prints once occurs again with another content, or the same content
 *   later: that boot lost its first lines.
 *
 * Time orders two boots: by their place in the log if one shows its beginning, unless dates
 * contradict; else by dates alone. If neither orders them, the earlier of them in the log is in
 * `open`. Takes n log n.
 */
void klog_boots_find(struct span text, struct arena *a, struct klog_boots *out);

/* True for a line that journalctl puts between two boots. */
bool klog_is_marker(struct span line);

/* Line between two records of unknown order; cuts like a marker, without order. */
#define KLOG_UNORDERED "-- Boots in no known order --"

/*
 * Seconds since 1970 of a boot, from the kernel's own messages ("setting system clock to …
 * (1712829600)", "audit(1712829600.400:1)"); 0 where it has none.
 */
uint64_t klog_boot_date(struct span boot);

#endif
