/* SPDX-License-Identifier: MIT */
#include "fleet/lines.h"

#include <stdbool.h>
#include <string.h>

struct lines {
    struct arena *arena;
    fleet_lines_take *take;
    void *context;
    const char *file;
    uint64_t number; /* of the current line */
    uint8_t *held;   /* the line's bytes, if they came in several pieces */
    size_t n_held;
    bool too_long;
};

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
    if (l->n_held > 0 || l->too_long || part.len > LINE_MAX_BYTES) {
        hold(l, part);
        part = (struct span){l->held, l->n_held};
    }
    l->take(l->context, l->file, l->number, part, !l->too_long);
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
    arena_init(&once, LINE_SCRATCH_MAX, l->arena->oom);
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

void fleet_lines_read(const struct fleet_source *from, struct arena *a, fleet_lines_take *take,
                      void *context)
{
    struct lines l = {
        .arena = a, .take = take, .context = context, .held = arena_alloc(a, LINE_MAX_BYTES, 1)};
    for (size_t i = 0; i < from->n; i++)
        read_file(&l, from, i);
}
