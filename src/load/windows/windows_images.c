/* SPDX-License-Identifier: MIT */
#include "load/windows/windows_pack.h"
#include "parse/driver_list.h"
#include "parse/windows/image_path.h"
#include "parse/windows/windows_list.h"

enum { ON_DEMAND = 3, NEVER = 4 };

/* Digests need the whole file in memory; for the rest a few pages are enough. */
enum { DIGEST_MAX = 24 << 20 };

static void set_digests(struct pack *p, const struct pack_options *options, size_t size)
{
    p->options.image.digests = size <= DIGEST_MAX && options->image.digests;
    p->options.image.digest = size <= DIGEST_MAX ? options->image.digest : NULL;
}

/* The earliest start of the services that name it. */
static uint32_t start_of(const struct windows *w, const char *path, bool *named)
{
    uint32_t start = NEVER;
    for (size_t i = 0; i < w->n_services; i++) {
        if (w->services[i].place == PLACE_ASTRAY ||
            !span_like(span_of(w->services[i].image), span_of(path)))
            continue;
        *named = true;
        if (w->services[i].start < start)
            start = w->services[i].start;
    }
    return start;
}

static enum driver_group group_of(const struct windows *w, const struct windows_image *image)
{
    bool named = image->named;
    uint32_t start = start_of(w, image->path, &named);
    if (image->named && image->start < start)
        start = image->start;
    if (!named)
        return image->staged ? DRIVER_STAGED : DRIVER_PRESENT;
    if (start < ON_DEMAND)
        return DRIVER_REQUIRED;
    return start == ON_DEMAND ? DRIVER_PRESENT : DRIVER_STAGED;
}

static void write_undecided(struct pack *p, const char *path, const char *why)
{
    const struct driver d = {
        .path = path, .group = p->group, .result = DRIVER_UNDECIDED, .fault = why};
    driver_list_write(p->out, &d);
}

/*
 * Does not open packs: Windows would not, either. A service starts only a native image; only the
 * name of that check of Windows is public.
 */
static void look(struct pack *p, const char *path, struct span data)
{
    struct arena one;
    size_t before = p->skipped;
    bool starts = p->group == DRIVER_REQUIRED;
    pack_begin_one(p, &one);
    pack_image(p, path, starts, data, &one);
    arena_reset(&one);
    if (!starts || p->skipped == before)
        return;
    p->skipped = before;
    write_undecided(p, path,
                    "a service starts it, but it is not a native image (Windows check "
                    "0x1)");
}

void windows_look_at_images(const struct windows_image *images, size_t n, struct span services,
                            const struct pack_options *options, struct arena *a, struct out *out)
{
    struct windows w = {0};
    struct pack pack;
    (void)windows_list_parse(services, a, &w, NULL);
    pack_begin(&pack, options, a, out);
    for (size_t i = 0; i < n; i++) {
        const char *path = path_without_user(images[i].path, a);
        pack.group = group_of(&w, &images[i]);
        if (images[i].fault == NULL) {
            set_digests(&pack, options, images[i].data.len);
            look(&pack, path, images[i].data);
            continue;
        }
        write_undecided(&pack, path, arena_printf(a, "it %s", images[i].fault));
    }
    pack_end(&pack);
}
