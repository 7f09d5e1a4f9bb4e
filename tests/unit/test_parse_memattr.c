/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "parse/memattr.h"
#include "support/cmocka.h"
#include "support/efi.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/count.h"

enum { CODE = EFI_RUNTIME_CODE, DATA = EFI_RUNTIME_DATA };

/* What must hold whatever the bytes are; all that is asked of them agrees. */
static enum status parse(struct span input)
{
    struct arena a;
    struct memattr out;
    struct memattr before;
    struct fault fault = {.offset = SIZE_MAX};
    size_t need = 0;
    test_arena(&a);
    memset(&out, 0xa5, sizeof out);
    memcpy(&before, &out, sizeof out);
    enum status st = memattr_parse(input, &a, &out, &fault);
    bool sane = memattr_is_sane(input, &need);
    assert_int_equal(st == ST_MALFORMED, !sane);
    if (st == ST_OK) {
        assert_true(need <= input.len);
        assert_int_equal(need, MEMATTR_HEADER + out.n * out.stride);
        assert_int_equal(memattr_parse(input, &a, &out, NULL), ST_OK);
    } else {
        assert_true(st == ST_MALFORMED || st == ST_TRUNCATED);
        assert_memory_equal(&out, &before, sizeof out);
        assert_non_null(fault.what);
        assert_true(fault.offset <= input.len);
        assert_false(memattr_looks_like(input));
    }
    arena_reset(&a);
    return st;
}

static void reads_every_field(void **state)
{
    struct arena *a = *state;
    struct build b;
    struct memattr m;
    memattr_begin(&b, 2, 1, 48);
    b.bytes[12] = MEMATTR_FORWARD_CONTROL_FLOW;
    put_region(&b, DATA, 0x123456789000, 0x1122334455667788, 0x8000000000024000);
    memset(b.bytes + 16 + 4, 0xee, 4); /* padding */
    b.bytes[16 + 16] = 0x42;           /* VirtualStart */
    assert_int_equal(memattr_parse(build_span(&b), a, &m, NULL), ST_OK);
    assert_int_equal(m.version, 2);
    assert_int_equal(m.stride, 48);
    assert_int_equal(m.flags, MEMATTR_FORWARD_CONTROL_FLOW);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.entries[0].type, DATA);
    assert_int_equal(m.entries[0].start, 0x123456789000);
    assert_int_equal(m.entries[0].virtual_start, 0x42);
    assert_int_equal(m.entries[0].pages, 0x1122334455667788);
    assert_int_equal(m.entries[0].attributes, 0x8000000000024000);
    assert_int_equal(m.entries[0].offset, 16);
}

static void entries_stand_a_descriptor_size_apart(void **state)
{
    struct arena *a = *state;
    static const uint32_t strides[] = {40, 48, 56, 256};
    for (size_t i = 0; i < COUNT(strides); i++) {
        struct build b;
        struct memattr m;
        memattr_begin(&b, 1, 2, strides[i]);
        for (uint32_t n = 0; n < 2; n++) {
            put_region(&b, CODE, 0x1000 * (n + 1), 1, EFI_ATTRIBUTE_RO);
            b.len -= 8;
            put_zeros(&b, strides[i] - 40);
        }
        assert_int_equal(memattr_parse(build_span(&b), a, &m, NULL), ST_OK);
        assert_true(memattr_looks_like(build_span(&b)));
        assert_int_equal(m.entries[1].start, 0x2000);
        assert_int_equal(m.entries[1].offset, 16 + strides[i]);
    }
}

static void bytes_behind_the_table_are_nobodys(void **state)
{
    struct arena *a = *state;
    struct build b;
    struct memattr m;
    (void)table_memattr(&b);
    put_zeros(&b, 100);
    assert_int_equal(memattr_parse(build_span(&b), a, &m, NULL), ST_OK);
    assert_int_equal(m.n, 3);
    assert_true(memattr_looks_like(build_span(&b)));
}

/* Linux prints these of memory that is no table (or no longer): drivers/firmware/efi/memattr.c. */
static void a_header_without_entries_is_a_table_that_describes_nothing(void **state)
{
    (void)state;
    struct arena a;
    struct build b;
    struct memattr m = {.n = 1};
    test_arena(&a);
    memattr_begin(&b, 1, 0, 48);
    assert_true(memattr_looks_like(build_span(&b)));
    assert_int_equal(memattr_parse(build_span(&b), &a, &m, NULL), ST_OK);
    assert_int_equal(m.n, 0);
    put_u8(&b, 0); /* a file of anything else may begin like this */
    assert_false(memattr_looks_like(build_span(&b)));
    arena_reset(&a);
}

static void headers_that_no_table_has_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t version, n, stride;
        size_t offset;
    } rows[] = {
        {0, 33554432, 18058, 0}, /* seen */
        {0, 304, 83886080, 0},   /* seen */
        {1, 3248688968, 2072184435, 8},
        {2947526575, 2947526575, 2947526575, 0}, /* version -1347440721, AFh everywhere */
        {0, 1, 48, 0},
        {1, 1, 0, 8},
        {1, 1, 32, 8},
        {1, 1, 39, 8},
        {1, 1, 44, 8},
        {1, 1, 264, 8},
        {1, 0xffffffff, 256, 4},        /* more than 2^32 bytes */
        {1, 0x05555556, 48, 4},         /* 32 bits would see 32 */
        {1, (4 << 20) / 64 + 1, 64, 4}, /* a bit more than 4 MiB */
        {1, (4 << 20) / 64, 64, 4},     /* with the header */
        {0xffffffff, 1, 0xfffffff8U, 0},
        {256, 1, 48, 0}, /* nobody has written so many */
        {255, 1, 39, 8},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct build b;
        struct memattr m;
        struct fault f = {0};
        memattr_begin(&b, rows[i].version, rows[i].n, rows[i].stride);
        put_zeros(&b, 4096);
        assert_int_equal(parse(build_span(&b)), ST_MALFORMED);
        test_arena(&a);
        assert_int_equal(memattr_parse(build_span(&b), &a, &m, &f), ST_MALFORMED);
        assert_int_equal(f.offset, rows[i].offset);
        assert_null(strstr(f.what, "zeros"));
        arena_reset(&a);
    }
}

static void a_version_not_yet_written_is_sane_but_no_file_is_told_by_it(void **state)
{
    (void)state;
    struct build b;
    size_t need = 0;
    (void)table_memattr(&b);
    b.bytes[0] = 3;
    assert_true(memattr_is_sane(build_span(&b), &need));
    assert_int_equal(need, 160);
    assert_int_equal(parse(build_span(&b)), ST_OK);
    assert_false(memattr_looks_like(build_span(&b)));
    b.bytes[0] = 2;
    assert_true(memattr_looks_like(build_span(&b)));
}

static void the_header_alone_tells_how_much_to_read(void **state)
{
    (void)state;
    struct build b;
    size_t need = 0;
    memattr_begin(&b, 1, 65535, 64);
    assert_true(memattr_is_sane(build_span(&b), &need));
    assert_int_equal(need, 16 + 65535 * 64);
    assert_true(memattr_is_sane(build_span(&b), NULL));
    need = 7;
    assert_false(memattr_is_sane((struct span){b.bytes, 15}, &need));
    assert_false(memattr_is_sane((struct span){0}, &need));
    assert_int_equal(need, 7);
}

static void zeros_are_told_from_other_nonsense(void **state)
{
    struct arena *a = *state;
    struct build b = {0};
    struct memattr m;
    struct fault f = {0};
    put_zeros(&b, 64);
    assert_int_equal(memattr_parse(build_span(&b), a, &m, &f), ST_MALFORMED);
    assert_non_null(strstr(f.what, "zeros"));
    b.bytes[63] = 1;
    assert_int_equal(memattr_parse(build_span(&b), a, &m, &f), ST_MALFORMED);
    assert_null(strstr(f.what, "zeros"));
}

static void a_cut_table_is_truncated_and_a_cut_header_no_table(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_memattr(&b);
    for (size_t n = 0; n < good.len; n++) {
        struct heap h = heap_copy((struct span){good.ptr, n});
        assert_int_equal(parse(h.span), n < 16 ? ST_MALFORMED : ST_TRUNCATED);
        assert_false(memattr_looks_like(h.span));
        heap_free(&h);
    }
    assert_int_equal(parse(good), ST_OK);
    assert_true(memattr_looks_like(good));
}

static void a_file_with_an_entry_of_another_type_is_no_table(void **state)
{
    (void)state;
    struct build b;
    (void)table_memattr(&b);
    b.bytes[16 + 48] = 7;
    assert_false(memattr_looks_like(build_span(&b)));
    assert_int_equal(parse(build_span(&b)), ST_OK); /* it was published: rules judge */
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    torture_text(parse, table_memattr(&b));
}

/* Which guest has how many, as lab/README.md has it. */
static void reads_the_tables_of_real_guests(void **state)
{
    (void)state;
    static const struct {
        const char *guest;
        uint32_t version, n;
    } rows[] = {
        {"amd-full", 1, 22},         {"amd-pxbbypass", 1, 22},
        {"arm-nosmmu", 1, 21},       {"arm-smmu-pxb", 1, 21},
        {"base-nosmm-cloud", 1, 22}, {"dup-tables", 1, 22},
        {"integrity", 1, 22},        {"secureboot-shim-grub-usb", 1, 22},
        {"smm-tpm-mor2", 1, 22},     {"tpm12", 1, 22},
        {"tpm2-3banks", 1, 22},      {"trixie-smm-tpm-mor1", 2, 23},
        {"vtd-full", 1, 22},         {"vtd-off", 1, 22},
        {"vtd-pxbbypass", 1, 22},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[128];
        struct arena a;
        struct memattr m;
        (void)snprintf(path, sizeof path, "%s/lab/mat.kcore.bin", rows[i].guest);
        struct heap h = load_lab(path);
        test_arena(&a);
        assert_true(memattr_looks_like(h.span));
        assert_int_equal(memattr_parse(h.span, &a, &m, NULL), ST_OK);
        assert_int_equal(m.version, rows[i].version);
        assert_int_equal(m.n, rows[i].n);
        assert_int_equal(m.stride, 48);
        assert_int_equal(m.flags, 0);
        for (size_t e = 0; e < m.n; e++) {
            assert_true(m.entries[e].attributes & (EFI_ATTRIBUTE_RO | EFI_ATTRIBUTE_XP));
            assert_int_equal(m.entries[e].virtual_start, 0);
            assert_true(e == 0 || m.entries[e].start > m.entries[e - 1].start);
        }
        arena_reset(&a);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_field),
        cmocka_unit_test(entries_stand_a_descriptor_size_apart),
        cmocka_unit_test(bytes_behind_the_table_are_nobodys),
        cmocka_unit_test(a_header_without_entries_is_a_table_that_describes_nothing),
        cmocka_unit_test(headers_that_no_table_has_are_refused),
        cmocka_unit_test(a_version_not_yet_written_is_sane_but_no_file_is_told_by_it),
        cmocka_unit_test(the_header_alone_tells_how_much_to_read),
        cmocka_unit_test(zeros_are_told_from_other_nonsense),
        cmocka_unit_test(a_cut_table_is_truncated_and_a_cut_header_no_table),
        cmocka_unit_test(a_file_with_an_entry_of_another_type_is_no_table),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(reads_the_tables_of_real_guests),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
