/* SPDX-License-Identifier: MIT */
/* How much unpacked data a decompressor has to keep. */
#ifndef LOAD_WINDOW_H
#define LOAD_WINDOW_H

#include "vbscheck/span.h"

/*
 * Bytes that the first Zstandard frame looks back; 0 if `data` is not such a frame or does not say.
 */
uint64_t window_of_zstd(struct span data);

/* The same for the first block of an .xz file. */
uint64_t window_of_xz(struct span data);

#endif
