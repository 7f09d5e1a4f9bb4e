/* SPDX-License-Identifier: MIT */
/*
 * A WIM file of somebody: the whole way of it, wishes included. Blocks are unpacked by libwim where
 * it is there. No sum is checked, so none is repaired.
 */
#define _GNU_SOURCE 1
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/target.h"
#include "io/libs.h"
#include "support/build.h"
#include "volume/wim.h"

static bool begin(void *context, const char *path, uint64_t size)
{
    (void)context;
    return path[0] != '\0' && size <= 1 << 20;
}

static bool piece(void *context, struct span bytes)
{
    (void)context;
    return bytes.len > 0;
}

static bool end(void *context, enum volume_found found)
{
    (void)context;
    return found <= FOUND_TOO_LARGE;
}

static void read_all(struct wim *w, struct arena *a)
{
    static const struct volume_wish wishes[] = {
        {"Windows/System32/config/SYSTEM", NULL, 0, 1 << 20, false},
        {"Windows", ".sys", 8, 1 << 20, false},
    };
    const struct volume_taker t = {NULL, begin, piece, end};
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        (void)wim_grant(w, &wishes[i], &t, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct wim w;
    int fd = memfd_create("wim", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    const struct volume_device d = {.fd = fd, .size = size};
    test_arena(&a);
    if (wim_open(libs_wim(NULL), &d, &a, &w) == ST_OK) {
        for (unsigned i = 1; i <= w.header.images && i <= 3; i++) {
            (void)wim_name(&w, i, &a);
            if (wim_choose(&w, i) == ST_OK)
                read_all(&w, &a);
        }
    }
    wim_close(&w);
    arena_reset(&a);
    (void)close(fd);
    return 0;
}
