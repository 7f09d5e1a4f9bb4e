/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_order.h"

#include "parse/klog/klog.h"
#include "parse/klog/klog_once.h"
#include "parse/klog/klog_when.h"

enum { VOTES = 4096 }; /* lines in order, or out of order, that are enough to decide */

struct place {
    struct klog_when when;
    bool ranked;
    unsigned rank;
};

static struct place place_of(struct span line, struct span message)
{
    struct klog_once once;
    struct place p = {.when = klog_when(line, message)};
    if (klog_is_version(line, message) || span_starts(message, "Booting Linux on "))
        p.ranked = true;
    else if (klog_once_read(message, &once)) {
        p.ranked = true;
        p.rank = once.rank + 1;
    }
    return p;
}

/* 1: the later line stands below; -1: above; 0: unknown. */
static int step(const struct place *from, const struct place *to)
{
    const struct klog_when *l = &from->when, *r = &to->when;
    if (l->has_stamp && r->has_stamp && l->stamp != r->stamp)
        return l->stamp < r->stamp ? 1 : -1;
    int64_t seconds = klog_seconds(l->date, r->date);
    if (seconds != 0)
        return seconds > 0 ? 1 : -1;
    if (!from->ranked || !to->ranked)
        return 0;
    return (from->rank < to->rank) - (from->rank > to->rank);
}

bool klog_is_newest_first(struct span text)
{
    struct place before = {0};
    struct span line;
    size_t up = 0, down = 0;
    while (up + down < VOTES && span_next_line(&text, &line)) {
        struct span m = klog_message(line);
        if (!klog_matters(m))
            continue;
        struct place here = place_of(line, m);
        int way = step(&before, &here);
        up += way > 0;
        down += way < 0;
        before = here;
    }
    return down > up && down > 1;
}
