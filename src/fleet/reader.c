/* SPDX-License-Identifier: MIT */
#include "fleet/reader.h"

#include <string.h>

/* A line and its parsed data, besides jansson's memory: together they fit into LIMIT_DATA. */
enum { LINE_MAX_BYTES = 4 << 20, SCRATCH_MAX = 14 << 20 };

struct lines {
    struct fleet *fleet;
    const char *file;
    uint64_t number; /* of the current line */
    char *held;      /* the line's bytes, if they came in several pieces */
    size_t n_held;
    bool too_long;
};

/* The most common mistake: a line of an indented report. */
static const char indented[] = "is a part of an indented report: give the output of 'vbscheck "
                               "--format ndjson', or of 'jq -c .'";

static bool is_indented_part(struct span line)
{
    struct span text = span_trim(line);
    return span_is(text, "{") || (text.len < line.len && text.len > 0 && text.ptr[0] == '"');
}

static void take_line(struct lines *l, struct span line)
{
    struct arena scratch;
    struct told told;
    const char *problem = "";
    if (span_trim(line).len == 0)
        return;
    l->fleet->lines++;
    if (is_indented_part(line)) {
        fleet_skip(l->fleet, l->file, l->number, indented);
        return;
    }
    arena_init(&scratch, SCRATCH_MAX, l->fleet->arena->oom);
    if (told_read(line, &scratch, &told, &problem) == ST_OK)
        fleet_add(l->fleet, l->file, l->number, &told, &scratch);
    else
        fleet_skip(l->fleet, l->file, l->number, problem);
    arena_reset(&scratch);
}

static void hold(struct lines *l, struct span part)
{
    l->too_long |= part.len > LINE_MAX_BYTES - l->n_held;
    if (l->too_long || part.len == 0)
        return;
    memcpy(l->held + l->n_held, part.ptr, part.len);
    l->n_held += part.len;
}

/* Handles the rest of a line, or the whole line. */
static void end_line(struct lines *l, struct span part)
{
    if (l->n_held == 0 && !l->too_long && part.len <= LINE_MAX_BYTES) {
        take_line(l, part);
    } else {
        hold(l, part);
        if (l->too_long) {
            l->fleet->lines++;
            fleet_skip(l->fleet, l->file, l->number, "is longer than any report (over 4 MiB)");
        } else {
            take_line(l, (struct span){(const uint8_t *)l->held, l->n_held});
        }
    }
    l->n_held = 0;
    l->too_long = false;
    l->number++;
}

static void take_piece(struct lines *l, struct span piece)
{
    while (piece.len > 0) {
        const uint8_t *end = memchr(piece.ptr, '\n', piece.len);
        if (end == NULL) {
            hold(l, piece);
            return;
        }
        size_t n = (size_t)(end - piece.ptr);
        end_line(l, (struct span){piece.ptr, n});
        piece = span_skip(piece, n + 1);
    }
}

static void read_file(struct lines *l, const struct fleet_source *from, size_t file)
{
    struct arena once;
    struct span piece;
    arena_init(&once, SCRATCH_MAX, l->fleet->arena->oom);
    l->file = from->files[file];
    l->number = 1;
    do {
        piece = from->next(from->context, file, &once);
        take_piece(l, piece);
        arena_reset(&once);
    } while (piece.len > 0);
    if (l->n_held > 0 || l->too_long)
        end_line(l, (struct span){0});
}

void fleet_read(struct fleet *f, const struct fleet_source *from)
{
    struct lines l = {.fleet = f, .held = arena_new(f->arena, char, LINE_MAX_BYTES)};
    for (size_t i = 0; i < from->n; i++)
        read_file(&l, from, i);
}
