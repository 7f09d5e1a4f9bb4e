/* SPDX-License-Identifier: MIT */
/*
 * What is used of libwim, without its header: unpacking of blocks, from memory to memory. Files it
 * would only open by their names. The types are as <wimlib.h> has them.
 */
#ifndef IO_WIM_LIB_H
#define IO_WIM_LIB_H

#include <stddef.h>

struct wimlib_decompressor;
struct wim_lib {
    int (*wimlib_create_decompressor)(int packing, size_t block_max,
                                      struct wimlib_decompressor **out);
    int (*wimlib_decompress)(const void *stored, size_t packed_size, void *to, size_t size,
                             struct wimlib_decompressor *d);
    void (*wimlib_free_decompressor)(struct wimlib_decompressor *d);
};

#endif
