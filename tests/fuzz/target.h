/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls for each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whole inputs were given, and not one was judged: the target tests nothing. Only targets that
 * judge have it (whole.c).
 */
__attribute__((weak)) bool fuzz_reached_nothing(void);

#endif
