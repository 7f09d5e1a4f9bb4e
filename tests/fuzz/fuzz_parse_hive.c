/* SPDX-License-Identifier: MIT */
/*
 * libhivex, under the calls that the judge of a hive makes. The sum over the header is put right,
 * so that what lies behind it is reached.
 */
#define _GNU_SOURCE 1
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/target.h"
#include "io/libs.h"
#include "parse/windows/hive.h"
#include "support/build.h"

enum { SUMMED = 508 }; /* bytes, and where their sum stands */

static void put_sum(uint8_t *hive)
{
    uint8_t sum[4] = {0};
    for (size_t i = 0; i < SUMMED; i++)
        sum[i % 4] ^= hive[i];
    memcpy(hive + SUMMED, sum, sizeof sum);
}

static void read_hive(const struct hivex_lib *lib, struct span bytes, int fd)
{
    struct arena a;
    struct windows w = {0};
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    test_arena(&a);
    (void)hive_read(lib, path, bytes, &a, &w);
    arena_reset(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct hivex_lib *lib = libs_hivex(NULL);
    if (lib == NULL || size < SUMMED + 4)
        return 0;
    struct arena own;
    test_arena(&own);
    uint8_t *copy = arena_alloc(&own, size, 1);
    memcpy(copy, data, size);
    put_sum(copy);
    const struct span bytes = {copy, size};
    int fd = memfd_create("hive", MFD_CLOEXEC);
    if (fd >= 0 && write(fd, copy, size) == (ssize_t)size)
        read_hive(lib, bytes, fd);
    if (fd >= 0)
        (void)close(fd);
    arena_reset(&own);
    return 0;
}
