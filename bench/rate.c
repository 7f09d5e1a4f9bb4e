/* SPDX-License-Identifier: MIT */
#include "rate.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 20, ROUNDS = 7 };
static const double ROUND_SECONDS = 0.4;

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double rate_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double rate_busy(void)
{
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

static int by_value(const void *a, const void *b)
{
    double l = *(const double *)a, r = *(const double *)b;
    return (l > r) - (l < r);
}

double rate_of(void (*work)(void *context), void *context)
{
    double figures[ROUNDS];
    if (getenv("BENCH_ONCE") != NULL) { /* one pass, whose instructions callgrind counts */
        work(context);
        return 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        double start = rate_now(), spent = 0;
        unsigned runs = 0;
        for (; spent < ROUND_SECONDS; spent = rate_now() - start) {
            for (unsigned batch = 0; batch < BATCH; batch++, runs++)
                work(context);
        }
        figures[round] = runs / spent;
    }
    qsort(figures, ROUNDS, sizeof figures[0], by_value);
    return figures[ROUNDS / 2];
}

void rate_out_of_memory(struct arena *a)
{
    (void)a;
    (void)fputs("out of memory\n", stderr);
    exit(2);
}
