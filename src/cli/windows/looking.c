/* SPDX-License-Identifier: MIT */
/* Driver files: the batches to judge, and the names to look up. */
#include "cli/windows/looking.h"

#include <stdlib.h>

#include "cli/trouble.h"
#include "io/driver_files.h"
#include "parse/windows/image_path.h"
#include "volume/volume.h"

void looking_flush_images(struct looking *l)
{
    struct arena once;
    const struct windows_batch b = {l->images, l->n_images, l->services, &l->options};
    if (l->n_images == 0)
        return;
    arena_init(&once, JUDGED_MAX, out_of_memory);
    if (windows_judge_images(&b, &once, &l->drivers) > 0)
        looking_warn(l, "some drivers were not looked at: no process could be started for them");
    arena_reset(&once);
    for (size_t i = 0; i < l->n_images; i++)
        driver_file_unmap(&l->images[i].data);
    l->n_images = l->image_bytes = 0;
}

static void add_image(struct looking *l, struct windows_image image)
{
    l->images[l->n_images++] = image;
    l->image_bytes += image.data.len;
    if (l->n_images == BATCH_MAX || l->image_bytes > BATCH_BYTES)
        looking_flush_images(l);
}

/* A file that a service names is missing, which is a doubt only if it may be elsewhere. */
static void take_missing(struct looking *l, const struct windows_file *f)
{
    if (f->kind != WINDOWS_NAMED || l->asked.start > AUTOMATIC)
        return;
    if (l->asked.place == PLACE_HERE)
        names_add(&l->missing, path_without_user(f->path, l->arena));
    else
        add_image(l, (struct windows_image){
                         .path = f->path,
                         .named = true,
                         .start = l->asked.start,
                         .fault = "starts by itself, and is not on this volume under that name: "
                                  "look for it, and give it to \"vbscheck drivers\"",
                     });
}

void looking_take_image(struct looking *l, const struct windows_file *f)
{
    if (f->state == WINDOWS_ABSENT && f->kind != WINDOWS_DRIVER) { /* or the driver store */
        take_missing(l, f);
        return;
    }
    if (f->kind == WINDOWS_DRIVER && f->state != WINDOWS_WHOLE &&
        !span_ends_like(span_of(f->path), ".sys")) { /* a folder that every Windows has */
        looking_warn(l, arena_printf(l->arena, "%s %s: drivers in it were not looked at", f->path,
                                     windows_state_text(f->state)));
        return;
    }
    l->in_folder |= f->kind == WINDOWS_DRIVER;
    l->seen = arena_grow(l->arena, l->seen, l->n_seen, sizeof *l->seen);
    l->seen[l->n_seen++] = f->path;
    add_image(l, (struct windows_image){
                     .path = f->path,
                     .staged = f->kind == WINDOWS_STAGED,
                     .named = f->kind == WINDOWS_NAMED,
                     .start = l->asked.start,
                     .fault = f->state != WINDOWS_WHOLE ? windows_state_text(f->state) : NULL,
                     .data = f->bytes,
                 });
}

/* Further wishes --------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    const char *const *l = a, *const *r = b;
    return span_order_like(span_of(*l), span_of(*r));
}

/*
 * A hive can name thousands of files, and a folder can have as many: those seen are kept in order,
 * but for the last few.
 */
static bool was_seen(struct looking *l, struct span path)
{
    enum { FEW = 64 };
    const char *key = arena_text(l->arena, path);
    if (l->n_seen - l->n_sorted > FEW) {
        qsort(l->seen, l->n_seen, sizeof *l->seen, by_path);
        l->n_sorted = l->n_seen;
    }
    if (l->n_sorted > 0 && bsearch(&key, l->seen, l->n_sorted, sizeof *l->seen, by_path) != NULL)
        return true;
    for (size_t i = l->n_sorted; i < l->n_seen; i++) {
        if (span_like(span_of(l->seen[i]), path))
            return true;
    }
    return false;
}

/* Adds a service whose file nobody can look for. */
static void take_astray(struct looking *l)
{
    if (l->asked.start <= AUTOMATIC)
        add_image(l, (struct windows_image){
                         .path = arena_text(l->arena, l->asked.image),
                         .named = true,
                         .start = l->asked.start,
                         .fault = "is a service that starts by itself, and the path of its file "
                                  "(ImagePath) cannot be followed",
                     });
}

/* Finds the next service whose file was not seen yet; false if there is none. */
static bool next_named(struct looking *l, struct span *left)
{
    while (windows_next_service(left, &l->asked)) {
        if (l->asked.place == PLACE_ASTRAY || l->asked.image.len > VOLUME_PATH_MAX)
            take_astray(l);
        else if (!was_seen(l, l->asked.image))
            return true;
    }
    return false;
}

/* Asks for the files of services, then of events, that lie elsewhere; then for the catalogs. */
bool looking_next(void *context, struct windows_wish *out)
{
    struct looking *l = context;
    if (next_named(l, &l->services_left) || next_named(l, &l->refused_left)) {
        if (l->n_named++ < NAMED_MAX) {
            *out = windows_named(arena_text(l->arena, l->asked.image));
            return true;
        }
        looking_warn(l, "services name more files than are looked for");
        l->services_left = l->refused_left = (struct span){0};
    }
    if (l->catalogs_asked)
        return false;
    l->catalogs_asked = true;
    *out = windows_catalogs;
    return true;
}
