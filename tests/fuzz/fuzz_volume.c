/* SPDX-License-Identifier: MIT */
/*
 * libntfs-3g under our calls, on a disk that somebody changed: the input is a list of changes (u16
 * which of the sectors that are not empty, u16 where in it, u8 which byte), to an image that mkntfs
 * makes when the target starts. Without mkntfs and make_ntfs nothing is done.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/target.h"
#include "io/libs.h"
#include "support/build.h"
#include "volume/volume.h"

enum { SECTOR = 512, SIZE = 4 << 20, CHANGE = 5 };

static uint8_t base[SIZE];
static uint16_t used[SIZE / SECTOR];
static size_t n_used;

static const char script[] =
    "set -e; d=$(mktemp -d); trap 'rm -rf $d' EXIT; PATH=$PATH:/sbin:/usr/sbin\n"
    "truncate -s 4M $d/i; mkntfs -F -Q -q $d/i >&2\n"
    "w=$d/t/Windows/System32; mkdir -p $w/config $w/drivers/a/b $w/DriverStore/FileRepository\n"
    "seq 40000 >$w/config/SYSTEM; seq 300 >$w/drivers/big.sys; echo >$d/t/hiberfil.sys\n"
    "for i in $(seq 60); do echo $i >$w/drivers/a/b/driver-with-a-long-name-$i.sys; done\n"
    "\"$VBSCHECK_MAKE_NTFS\" $d/i tree $d/t wof Windows/System32/drivers/a/b/driver-with-a-long-name-7.sys"
    " >&2\ncat $d/i\n";

static bool make_base(void)
{
    if (getenv("VBSCHECK_MAKE_NTFS") == NULL)
        return false;
    FILE *f = popen(script, "r"); /* a fuzz target, and words of our own */
    size_t n = f != NULL ? fread(base, 1, sizeof base, f) : 0;
    if (f == NULL || pclose(f) != 0 || n != sizeof base)
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
        state = lib != NULL && make_base();
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
    const struct volume_device d = {.fd = fd, .size = SIZE};
    if (volume_open(lib, &d, &v) == ST_OK) {
        read_all(&v);
        volume_close(&v);
    }
    for (size_t i = 0; i + CHANGE <= size; i += CHANGE) {
        size_t which = used[(data[i] | (size_t)data[i + 1] << 8) % n_used];
        size_t at = which * SECTOR + (data[i + 2] | (size_t)data[i + 3] << 8) % SECTOR;
        if (pwrite(fd, &base[at], 1, (off_t)at) != 1)
            abort();
    }
    return 0;
}
