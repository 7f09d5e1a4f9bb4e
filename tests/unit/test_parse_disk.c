/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/disk/disk.h"
#include "support/build.h"
#include "support/cmocka.h"

enum { SECTOR = 512, DISK = 4 << 20 };

static uint8_t image[DISK];

/* A disk in memory, of which one sector cannot be read. */
struct memory {
    uint64_t size, bad;
    unsigned reads;
};

static enum status read_memory(void *context, uint64_t at, void *to, size_t n)
{
    struct memory *m = context;
    m->reads++;
    if (at > m->size || n > m->size - at)
        return ST_TRUNCATED;
    if (m->bad != 0 && at <= m->bad && m->bad < at + n)
        return ST_IO_ERROR;
    memcpy(to, image + at, n);
    return ST_OK;
}

static enum status look(struct memory *m, struct partitions *out)
{
    const struct disk d = {m, m->size, read_memory};
    return disk_partitions(&d, out);
}

static void put32(size_t at, uint64_t v)
{
    for (size_t i = 0; i < 4; i++)
        image[at + i] = (uint8_t)(v >> 8 * i);
}

static void put64(size_t at, uint64_t v)
{
    put32(at, v);
    put32(at + 4, v >> 32);
}

static uint32_t crc(size_t at, size_t n)
{
    uint32_t c = ~0U;
    for (size_t i = 0; i < n; i++) {
        c ^= image[at + i];
        for (int b = 0; b < 8; b++)
            c = c >> 1 ^ ((c & 1) != 0 ? 0xedb88320U : 0);
    }
    return ~c;
}

static void put_mbr(size_t sector, unsigned i, unsigned type, uint32_t start, uint32_t size)
{
    size_t at = sector * SECTOR + 446 + 16 * (size_t)i;
    image[at + 4] = (uint8_t)type;
    put32(at + 8, start);
    put32(at + 12, size);
    image[sector * SECTOR + 510] = 0x55;
    image[sector * SECTOR + 511] = 0xaa;
}

static void sign_gpt(size_t at, size_t entries, unsigned n)
{
    put32(at + 88, crc(entries, (size_t)n * 128));
    put32(at + 16, 0);
    put32(at + 16, crc(at, 92));
}

static void put_gpt(unsigned sector, size_t at, uint64_t entries, unsigned n)
{
    memcpy(image + at, "EFI PART\0\0\1\0\x5c\0\0\0", 16);
    put64(at + 72, entries);
    put32(at + 80, n);
    put32(at + 84, 128);
    sign_gpt(at, (size_t)entries * sector, n);
}

static void put_entry(size_t entries, unsigned i, uint64_t first, uint64_t last)
{
    size_t at = entries + (size_t)i * 128;
    memset(image + at, 0x11, 16);
    put64(at + 32, first);
    put64(at + 40, last);
}

/* Partitions 1 and 3, with a second copy of the table at the end. */
static void make_gpt(unsigned sector)
{
    memset(image, 0, sizeof image);
    put_mbr(0, 0, 0xee, 1, 0xffffffff);
    size_t copy = (DISK / sector - 5) * (size_t)sector;
    for (size_t at = 2 * (size_t)sector; at != 0; at = at < copy ? copy : 0) {
        put_entry(at, 0, 100, 199);
        put_entry(at, 2, 200, 200);
    }
    put_gpt(sector, sector, 2, 4);
    put_gpt(sector, DISK - sector, copy / sector, 4);
}

static void check_gpt(uint32_t sector, uint64_t bad)
{
    struct partitions p;
    struct memory m = {.size = DISK, .bad = bad};
    assert_int_equal(look(&m, &p), ST_OK);
    assert_int_equal(p.n, 2);
    assert_false(p.damaged);
    assert_int_equal(p.items[0].number, 1);
    assert_int_equal(p.items[0].start, 100 * (uint64_t)sector);
    assert_int_equal(p.items[0].size, 100 * (uint64_t)sector);
    assert_int_equal(p.items[1].number, 3);
    assert_int_equal(p.items[1].size, sector);
}

static void reads_a_gpt_of_either_sector(void **state)
{
    (void)state;
    make_gpt(512);
    check_gpt(512, 0);
    make_gpt(4096);
    check_gpt(4096, 0);
}

static void a_damaged_gpt_has_a_copy(void **state)
{
    (void)state;
    for (size_t flip = 512; flip < 512 + 92; flip++) {
        make_gpt(512);
        image[flip] ^= 0x40;
        check_gpt(512, 0);
    }
    make_gpt(512);
    image[2 * 512 + 40] ^= 1; /* an entry, of which only the sum tells */
    check_gpt(512, 0);
    make_gpt(512);
    check_gpt(512, 2 * 512 + 7); /* a sector that cannot be read */
}

static void a_gpt_without_a_copy_is_malformed(void **state)
{
    (void)state;
    struct partitions p;
    struct memory m = {.size = DISK};
    make_gpt(512);
    image[512] = 'X';
    memset(image + DISK - 512, 0, 512);
    assert_int_equal(look(&m, &p), ST_MALFORMED);
    assert_int_equal(p.n, 0);
}

static void lying_entries_are_left_out(void **state)
{
    (void)state;
    static const uint64_t lies[][2] = {
        {9, 8}, {0, UINT64_MAX}, {1ULL << 62, 1ULL << 63}, {DISK / 512, DISK / 512 + 5}, {0, 5}};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct partitions p;
        struct memory m = {.size = DISK};
        make_gpt(512);
        put_entry(1024, 1, lies[i][0], lies[i][1]);
        sign_gpt(512, 1024, 4);
        assert_int_equal(look(&m, &p), ST_OK);
        assert_int_equal(p.n, 2);
        assert_true(p.damaged);
    }
}

static void a_partition_of_a_cut_image_is_cut(void **state)
{
    (void)state;
    struct partitions p;
    struct memory m = {.size = 150 * 512};
    make_gpt(512);
    assert_int_equal(look(&m, &p), ST_OK);
    assert_true(p.damaged);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.items[0].size, 50 * 512);
}

static void reads_primary_and_logical_partitions(void **state)
{
    (void)state;
    struct partitions p;
    struct memory m = {.size = DISK};
    memset(image, 0, sizeof image);
    put_mbr(0, 0, 0x07, 64, 100);
    put_mbr(0, 1, 0x0f, 1000, 3000);
    put_mbr(1000, 0, 0x07, 10, 50);
    put_mbr(1000, 1, 0x05, 500, 400);
    put_mbr(1500, 0, 0x07, 20, 60);
    assert_int_equal(look(&m, &p), ST_OK);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.items[1].number, 5);
    assert_int_equal(p.items[1].start, 1010 * 512);
    assert_int_equal(p.items[2].number, 6);
    assert_int_equal(p.items[2].start, 1520 * 512);
    assert_false(p.damaged);
}

static void a_chain_of_logical_partitions_in_a_circle_ends(void **state)
{
    (void)state;
    struct partitions p;
    struct memory m = {.size = DISK};
    memset(image, 0, sizeof image);
    for (unsigned i = 0; i < 4; i++)
        put_mbr(0, i, 0x05, 1000, 3000);
    put_mbr(1000, 0, 0x07, 10, 50);
    put_mbr(1000, 1, 0x05, 500, 400);
    put_mbr(1500, 0, 0x07, 20, 60);
    put_mbr(1500, 1, 0x05, 500, 400); /* itself */
    assert_int_equal(look(&m, &p), ST_OK);
    assert_true(p.damaged);
    assert_true(p.more);
    assert_int_equal(p.n, PARTITIONS_MAX);
    assert_true(m.reads < 300);
}

static void what_has_no_table_says_so(void **state)
{
    (void)state;
    struct partitions p;
    struct memory m = {.size = DISK};
    memset(image, 0, sizeof image);
    assert_int_equal(look(&m, &p), ST_ABSENT);
    m.size = 511;
    assert_int_equal(look(&m, &p), ST_TRUNCATED);
    m = (struct memory){.size = DISK, .bad = 10};
    assert_int_equal(look(&m, &p), ST_IO_ERROR);
}

static void volumes_and_containers_are_told_by_their_beginning(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        const char *bytes;
        enum volume_kind kind;
        const char *container;
    } cases[] = {
        {3, "NTFS    ", VOLUME_NTFS, NULL},
        {3, "-FVE-FS-", VOLUME_BITLOCKER, NULL},
        {3, "ReFS\0\0\0\0", VOLUME_REFS, NULL},
        {0x1a8, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01",
         VOLUME_BITLOCKER, NULL},
        {3, "MSDOS5.0", VOLUME_OTHER, NULL},
        {0, "vhdxfile", VOLUME_OTHER, "vhdx"},
        {0, "conectix", VOLUME_OTHER, "vpc"},
        {0, "QFI\xfb\0\0\0\3", VOLUME_OTHER, "qcow2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t head[VOLUME_HEAD] = {0};
        memcpy(head + cases[i].at, cases[i].bytes, cases[i].at == 0x1a8 ? 16 : 8);
        const char *container = disk_container((struct span){head, sizeof head});
        assert_int_equal(volume_kind_of((struct span){head, sizeof head}), cases[i].kind);
        assert_int_equal(volume_kind_of((struct span){head, 100}), VOLUME_OTHER);
        if (cases[i].container == NULL)
            assert_null(container);
        else
            assert_string_equal(container, cases[i].container);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_gpt_of_either_sector),
        cmocka_unit_test(a_damaged_gpt_has_a_copy),
        cmocka_unit_test(a_gpt_without_a_copy_is_malformed),
        cmocka_unit_test(lying_entries_are_left_out),
        cmocka_unit_test(a_partition_of_a_cut_image_is_cut),
        cmocka_unit_test(reads_primary_and_logical_partitions),
        cmocka_unit_test(a_chain_of_logical_partitions_in_a_circle_ends),
        cmocka_unit_test(what_has_no_table_says_so),
        cmocka_unit_test(volumes_and_containers_are_told_by_their_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
