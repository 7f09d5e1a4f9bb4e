/* SPDX-License-Identifier: MIT */
/* How much unpacked data a decompressor has to keep, read from the head of the compressed bytes. */
#include "load/window.h"

/* How far back a Zstandard frame looks: RFC 8878, section 3.1.1.1. 0 if the frame does not say. */
uint64_t window_of_zstd(struct span data)
{
    enum { SINGLE_SEGMENT = 0x20, EXPONENT_SHIFT = 3, MANTISSA = 7, LEAST_EXPONENT = 10 };
    struct rd r = rd_open(data);
    if (rd_le32(&r) != 0xfd2fb528 || (rd_u8(&r) & SINGLE_SEGMENT) != 0)
        return 0;
    unsigned window = rd_u8(&r);
    uint64_t base = UINT64_C(1) << (LEAST_EXPONENT + (window >> EXPONENT_SHIFT));
    return rd_ok(&r) ? base + base / 8 * (window & MANTISSA) : 0;
}

/* The same of an xz block's last filter, LZMA2: the .xz format 1.2, sections 3.1 and 5.3.1. */
uint64_t window_of_xz(struct span data)
{
    enum { HEADER = 12, FILTERS = 3, SIZE = 0x40, OTHER_SIZE = 0x80, MORE = 0x80 };
    enum { LZMA2 = 0x21, LARGEST = 40, LEAST_EXPONENT = 11 };
    struct rd r = rd_open(data);
    rd_skip(&r, HEADER + 1);
    unsigned flags = rd_u8(&r);
    if (!span_starts(data, "\xfd"
                           "7zXZ"))
        return 0;
    for (unsigned bit = SIZE; bit <= OTHER_SIZE; bit <<= 1) {
        while ((flags & bit) != 0 && (rd_u8(&r) & MORE) != 0)
            continue;
    }
    unsigned id = 0, bits = 0;
    for (unsigned i = 0; i <= (flags & FILTERS); i++) {
        id = rd_u8(&r);
        struct rd properties = rd_open(rd_take(&r, rd_u8(&r)));
        bits = rd_u8(&properties);
    }
    if (!rd_ok(&r) || id != LZMA2 || bits > LARGEST)
        return 0;
    return (UINT64_C(2) | (bits & 1)) << (bits / 2 + LEAST_EXPONENT);
}
