/* SPDX-License-Identifier: MIT */
/* How often something can be done in a second, on one core. */
#ifndef BENCH_RATE_H
#define BENCH_RATE_H

#include "vbscheck/arena.h"

/* Seconds since some moment. */
double rate_now(void);

/* Seconds that this thread has computed: what other programs take meanwhile does not count. */
double rate_busy(void);

/* Runs `work(context)` again and again; returns the median over several rounds of runs a second. */
double rate_of(void (*work)(void *context), void *context);

/* What to do when an arena is full: say so and exit. */
void rate_out_of_memory(struct arena *a);

#endif
