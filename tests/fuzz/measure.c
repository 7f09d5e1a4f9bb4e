/* SPDX-License-Identifier: MIT */
/*
 * Stands between libFuzzer and a target (--wrap), and says at the end how long the slowest input
 * took of a processor: libFuzzer says so in whole seconds, of the wall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fuzz/target.h"

static long slowest;

static long microseconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void say(void)
{
    (void)fprintf(stderr, "slowest input: %ld us\n", slowest);
}

int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool first = true;
    if (first)
        (void)atexit(say);
    first = false;
    long begun = microseconds();
    int result = __real_LLVMFuzzerTestOneInput(data, size);
    long took = microseconds() - begun;
    slowest = took > slowest ? took : slowest;
    return result;
}
