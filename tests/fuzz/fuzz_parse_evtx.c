/* SPDX-License-Identifier: MIT */
/*
 * libevtx, under the calls that the judge of a log makes. The sums over header, chunks and records
 * are put right, so that what lies behind them is reached.
 */
#include <string.h>

#include "fuzz/target.h"
#include "io/libs.h"
#include "parse/windows/evtx.h"
#include "support/build.h"

enum {
    HEAD = 4096,
    CHUNK = 65536,
    RECORDS = 512,
    SUMMED = 120,
    SUM = 124,
    FREE = 48,
    RECORD_SUM = 52
};

static uint32_t crc(uint32_t sum, const uint8_t *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (0xedb88320 & (0 - (sum & 1)));
    }
    return sum;
}

static void put(uint8_t *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

static void put_sums(uint8_t *chunk)
{
    size_t end = (size_t)(chunk[FREE] | chunk[FREE + 1] << 8);
    if (end > RECORDS)
        put(chunk + RECORD_SUM, ~crc(~0U, chunk + RECORDS, end - RECORDS));
    put(chunk + SUM, ~crc(crc(~0U, chunk, SUMMED), chunk + 128, RECORDS - 128));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct windows w = {0};
    const struct evtx_lib *lib = libs_evtx(NULL);
    test_arena(&a);
    evtx_take((struct span){data, size}, &a, &w);
    if (lib != NULL && size >= HEAD) {
        /* Chunks are whole: seeds leave out the zeros at their end. */
        size_t whole = HEAD + (size - HEAD + CHUNK - 1) / CHUNK * CHUNK;
        uint8_t *log = arena_alloc(&a, whole, 1);
        memcpy(log, data, size);
        put(log + SUM, ~crc(~0U, log, SUMMED));
        for (size_t at = HEAD; at < whole; at += CHUNK)
            put_sums(log + at);
        (void)evtx_read(lib, (struct span){log, whole}, &a, &w);
    }
    arena_reset(&a);
    return 0;
}
