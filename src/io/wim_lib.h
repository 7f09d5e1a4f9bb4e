/* SPDX-License-Identifier: MIT */
/*
 * The part of libwim that is used, without its header: it unpacks blocks from memory to memory.
 * libwim would open files only by their names. The types are as in <wimlib.h>.
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
