/* SPDX-License-Identifier: MIT */
#include "parse/memattr_steps.h"

#include "parse/klog/klog.h"

static void read_step(struct memattr_steps *s, struct span line)
{
    struct span what, where, result;
    if (!span_next_word(&line, &what) || !span_next_word(&line, &where))
        return;
    uint64_t address = 0;
    if (span_is(what, "address") && span_number(span_trim(line), &address))
        s->has_address |= !klog_is_no_address(address);
    if (!s->has_bytes && span_is(what, "bytes") && span_next_word(&line, &result) &&
        span_is(result, "ok")) {
        s->has_bytes = true;
        s->route = where;
    }
}

void memattr_steps_parse(struct span text, struct memattr_steps *out)
{
    struct memattr_steps s = {0};
    struct span line;
    while (span_next_line(&text, &line)) {
        if (s.n_lines < MEMATTR_STEPS_KEPT)
            s.lines[s.n_lines++] = line;
        read_step(&s, line);
    }
    *out = s;
}
