/* SPDX-License-Identifier: MIT */
/*
 * libntfs-3g under our calls, on a disk that somebody changed: the input is a list of changes (u16
 * which of the sectors that are not empty, u16 where in it, u8 which byte), to an image that
 * ntfs_image.sh made and VBSCHECK_NTFS_IMAGE names. Without one nothing is done.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/target.h"
#include "io/libs.h"
#include "support/build.h"
#include "volume/volume.h"

enum { SECTOR = 512, SIZE = 4 << 20, CHANGE = 5 };

static uint8_t base[SIZE];
static uint16_t used[SIZE / SECTOR];
static size_t n_used;

static bool read_base(void)
{
    const char *path = getenv("VBSCHECK_NTFS_IMAGE");
    FILE *f = path != NULL ? fopen(path, "rb") : NULL;
    size_t n = f != NULL ? fread(base, 1, sizeof base, f) : 0;
    if (f != NULL)
        (void)fclose(f);
    if (n != sizeof base)
        return false;
    for (size_t i = 0; i < SIZE / SECTOR; i++) {
        static const uint8_t empty[SECTOR];
        if (memcmp(base + i * SECTOR, empty, SECTOR) != 0)
            used[n_used++] = (uint16_t)i;
    }
    return n_used > 0;
}

static bool begin(void *context, const char *path, uint64_t size)
{
    (void)context;
    return path[0] != '\0' && size <= SIZE;
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

static void read_all(struct volume *v)
{
    static const struct volume_wish wishes[] = {
        {"Windows/System32/config/SYSTEM", NULL, 0, SIZE, false},
        {"hiberfil.sys", NULL, 0, 4096, true},
        {"Windows/System32/drivers", ".sys", 8, SIZE, false},
        {"Windows/System32/DriverStore/FileRepository", ".sys", 8, SIZE, false},
    };
    const struct volume_taker t = {NULL, begin, piece, end};
    struct arena a;
    test_arena(&a);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        (void)volume_grant(v, &wishes[i], &t, &a);
    (void)volume_label(v, &a);
    arena_reset(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int state = -1, fd = -1;
    const struct ntfs_lib *lib = libs_ntfs(NULL);
    if (state < 0) {
        state = lib != NULL && read_base();
        fd = memfd_create("disk", 0);
        if (state && write(fd, base, SIZE) != SIZE)
            abort();
    }
    if (!state)
        return 0;
    for (size_t i = 0; i + CHANGE <= size; i += CHANGE) {
        size_t which = used[(data[i] | (size_t)data[i + 1] << 8) % n_used];
        size_t at = which * SECTOR + (data[i + 2] | (size_t)data[i + 3] << 8) % SECTOR;
        if (pwrite(fd, &data[i + 4], 1, (off_t)at) != 1)
            abort();
    }
    struct volume v;
    struct arena a;
    const struct volume_device d = {.fd = fd, .size = SIZE};
    test_arena(&a);
    if (volume_open(lib, &d, &a, &v) == ST_OK) {
        read_all(&v);
        volume_close(&v);
    }
    arena_reset(&a);
    for (size_t i = 0; i + CHANGE <= size; i += CHANGE) {
        size_t which = used[(data[i] | (size_t)data[i + 1] << 8) % n_used];
        size_t at = which * SECTOR + (data[i + 2] | (size_t)data[i + 3] << 8) % SECTOR;
        if (pwrite(fd, &base[at], 1, (off_t)at) != 1)
            abort();
    }
    return 0;
}
