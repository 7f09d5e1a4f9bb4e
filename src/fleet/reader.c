/* SPDX-License-Identifier: MIT */
#include "fleet/reader.h"

#include <string.h>

/* The most common mistake: a line of an indented report. */
static const char indented[] = "is a part of an indented report: give the output of 'vbscheck "
                               "--format ndjson', or of 'jq -c .'";

static bool is_indented_part(struct span line)
{
    struct span text = span_trim(line);
    return span_is(text, "{") || (text.len < line.len && text.len > 0 && text.ptr[0] == '"');
}

static void take_line(void *context, const char *file, uint64_t number, struct span line,
                      bool whole)
{
    struct fleet *fleet = context;
    struct arena scratch;
    struct told told;
    const char *problem = "";
    if (whole && span_trim(line).len == 0)
        return;
    fleet->lines++;
    if (!whole || is_indented_part(line)) {
        fleet_skip(fleet, file, number,
                   whole ? indented : "is longer than any report (over 4 MiB)");
        return;
    }
    arena_init(&scratch, LINE_SCRATCH_MAX, fleet->arena->oom);
    if (told_read(line, &scratch, &told, &problem) == ST_OK)
        fleet_add(fleet, file, number, &told, &scratch);
    else
        fleet_skip(fleet, file, number, problem);
    arena_reset(&scratch);
}

void fleet_read(struct fleet *f, const struct fleet_source *from)
{
    fleet_lines_read(from, f->arena, take_line, f);
}
