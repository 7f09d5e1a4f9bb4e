/* SPDX-License-Identifier: MIT */
/* Boots in one log, and when they were. */
#ifndef PARSE_KLOG_KLOG_BOOTS_H
#define PARSE_KLOG_KLOG_BOOTS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct klog_boots {
    size_t n;          /* 1 for a log that shows no second one */
    struct span last;  /* of the log's text; to its end */
    struct span *open; /* of those before, each that may be the later one */
    size_t n_open;
    bool backwards; /* some boot has an earlier date than the one before */
    bool crowded;   /* a boot has more lines of the kinds that tell boots apart than any kernel */
};

/*
 * Cuts a log where a boot begins:
 *
 * - at "Linux version ", at "Booting Linux on physical CPU", which comes before it on Arm, both of
 *   which mail may have wrapped, and at the lines that journalctl puts between boots;
 * - where the kernel's stamps run back by more than the order of several CPUs explains, to zero, or
 *   at all where the date is later; or dates by more than a clock that is set to another time zone;
 * - where a line that a kernel prints once comes again and says another thing, or the same thing
 *   later: that boot lost its first lines.
 *
 * Time orders two boots: by the place in the log where one shows its beginning, unless dates deny
 * it; else by dates alone. Where neither does, the earlier of them is in `open`. Takes n log n.
 */
void klog_boots_find(struct span text, struct arena *a, struct klog_boots *out);

/* True of a line that journalctl puts between two boots. */
bool klog_is_marker(struct span line);

/* What stands between two records whose order nothing tells; cuts like a marker, without order. */
#define KLOG_UNORDERED "-- Boots in no known order --"

/*
 * Seconds since 1970 at which a boot was, by the kernel's own word ("setting system clock to …
 * (1712829600)", "audit(1712829600.400:1)"); 0 where it has none.
 */
uint64_t klog_boot_date(struct span boot);

#endif
