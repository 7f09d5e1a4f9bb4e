/* SPDX-License-Identifier: MIT */
#include "load/windows/windows_pack.h"
#include "parse/driver_list.h"
#include "parse/windows/image_path.h"
#include "parse/windows/windows_list.h"

enum { ON_DEMAND = 3, NEVER = 4 };

/* All of a file would be in memory for its digests; for the rest a few pages are enough. */
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
        if (!span_like(span_of(w->services[i].image), span_of(path)))
            continue;
        *named = true;
        if (w->services[i].start < start)
            start = w->services[i].start;
    }
    return start;
}

static enum driver_group group_of(const struct windows *w, const struct windows_image *image)
{
    bool named = false;
    uint32_t start = start_of(w, image->path, &named);
    if (!named)
        return image->staged ? DRIVER_STAGED : DRIVER_PRESENT;
    if (start < ON_DEMAND)
        return DRIVER_REQUIRED;
    return start == ON_DEMAND ? DRIVER_PRESENT : DRIVER_STAGED;
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
            pack_look(&pack, path, pack.group == DRIVER_REQUIRED, images[i].data);
            continue;
        }
        const struct driver d = {.path = path,
                                 .group = pack.group,
                                 .result = DRIVER_UNDECIDED,
                                 .fault = arena_printf(a, "it %s", images[i].fault)};
        driver_list_write(out, &d);
    }
    pack_end(&pack);
}
