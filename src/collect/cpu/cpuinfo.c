/* SPDX-License-Identifier: MIT */
/* /proc/cpuinfo, without the serial number that some Arm boards show there. */
#include "collect/lines.h"

static struct span without_serials(struct collector *c, struct span text)
{
    struct out o;
    out_init(&o, c->arena);
    for (struct span line; span_next_line(&text, &line);) {
        if (span_starts(line, "Serial"))
            continue;
        out_bytes(&o, (const char *)line.ptr, line.len);
        out_char(&o, '\n');
    }
    return out_span(&o);
}

static void fetch(struct collector *c)
{
    struct span text = {0};
    enum status st = ask_file(c->asker, "proc/cpuinfo", &text);
    /* Every kernel has it: a tree without it lacks /proc. */
    if (st == ST_ABSENT)
        st = ST_NOT_COLLECTED;
    if (span_find(text, "\nSerial", NULL) || span_starts(text, "Serial"))
        text = without_serials(c, text);
    collect_add(c, "cpuinfo", "/proc/cpuinfo", st, text);
}

const struct source source_cpuinfo = {
    .prefix = "cpuinfo",
    .summary = "The processor as the kernel sees it",
    .needs = "nothing",
    .fetch = fetch,
};
