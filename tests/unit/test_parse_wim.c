/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/disk/wim.h"
#include "support/build.h"
#include "support/cmocka.h"

static void put_resource(struct build *b, uint64_t stored, unsigned flags, uint64_t offset,
                         uint64_t size)
{
    put_le64(b, stored | (uint64_t)flags << 56);
    put_le64(b, offset);
    put_le64(b, size);
}

static struct span header(struct build *b, uint32_t version, uint32_t flags, uint32_t chunk,
                          unsigned parts)
{
    *b = (struct build){0};
    put_bytes(b, "MSWIM\0\0\0", 8);
    put_le32(b, WIM_HEADER);
    put_le32(b, version);
    put_le32(b, flags);
    put_le32(b, chunk);
    put_zeros(b, 16);
    put_le16(b, 1);
    put_le16(b, parts);
    put_le32(b, 11);
    put_resource(b, 500, 0, 1000, 500);
    put_resource(b, 70, WIM_PACKED, 2000, 90);
    put_zeros(b, WIM_HEADER - b->len);
    return build_span(b);
}

static void reads_a_header(void **state)
{
    (void)state;
    struct build b;
    struct wim_header h;
    assert_int_equal(wim_header_parse(header(&b, 0x10d00, 0x40002, 32768, 1), &h), ST_OK);
    assert_int_equal(h.packing, WIM_LZX);
    assert_int_equal(h.chunk, 32768);
    assert_int_equal(h.images, 11);
    assert_false(h.solid || h.split);
    assert_int_equal(h.table.offset, 1000);
    assert_int_equal(h.table.stored, 500);
    assert_int_equal(h.xml.size, 90);
    assert_int_equal(h.xml.flags, WIM_PACKED);
    assert_int_equal(wim_header_parse(header(&b, 0xe00, 0x80002, 1 << 26, 2), &h), ST_OK);
    assert_int_equal(h.packing, WIM_LZMS);
    assert_true(h.solid && h.split);
    assert_int_equal(wim_header_parse(header(&b, 0x10d00, 0x20002, 4096, 1), &h), ST_OK);
    assert_int_equal(h.packing, WIM_XPRESS);
    assert_int_equal(wim_header_parse(header(&b, 0x10d00, 0, 0, 1), &h), ST_OK);
    assert_int_equal(h.packing, WIM_PLAIN);
}

static void refuses_headers_that_lie(void **state)
{
    (void)state;
    static const uint32_t chunks[] = {0, 1, 2048, 32767, 32769};
    struct build b;
    struct wim_header h;
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        assert_int_equal(wim_header_parse(header(&b, 0x10d00, 0x40002, chunks[i], 1), &h),
                         ST_MALFORMED);
    struct span whole = header(&b, 0x10d00, 0x40002, 32768, 1);
    for (size_t n = 0; n < whole.len; n++)
        assert_int_equal(wim_header_parse((struct span){whole.ptr, n}, &h), ST_MALFORMED);
    b.bytes[0] = 'X';
    assert_int_equal(wim_header_parse(build_span(&b), &h), ST_MALFORMED);
}

static void reads_entries_of_the_table(void **state)
{
    (void)state;
    struct build b = {0};
    struct wim_entry e;
    put_resource(&b, 0xffffffffffffff, 0x82, 7, 9);
    put_le16(&b, 1);
    put_le32(&b, 3);
    put_bytes(&b, "01234567890123456789", WIM_HASH);
    assert_int_equal(b.len, WIM_ENTRY);
    assert_true(wim_entry_parse(build_span(&b), &e));
    assert_int_equal(e.resource.stored, 0xffffffffffffff);
    assert_int_equal(e.resource.flags, 0x82);
    assert_memory_equal(e.hash.ptr, "01234567890123456789", WIM_HASH);
    for (size_t n = 0; n < b.len; n++)
        assert_false(wim_entry_parse((struct span){b.bytes, n}, &e));
}

static void reads_entries_of_folders(void **state)
{
    (void)state;
    struct build b = {0};
    struct wim_dentry d;
    put_le64(&b, WIM_DENTRY + 12);
    put_le32(&b, 0x10);
    put_le32(&b, 0xffffffff);
    put_le64(&b, 4096);
    put_zeros(&b, 40);
    put_bytes(&b, "abcdefghijabcdefghij", WIM_HASH);
    put_le32(&b, 0);
    put_le32(&b, 0x80000017);
    put_le32(&b, 0);
    put_le16(&b, 2);
    put_le16(&b, 0);
    put_le16(&b, 12);
    assert_int_equal(b.len, WIM_DENTRY);
    assert_true(wim_dentry_parse(build_span(&b), &d));
    assert_int_equal(d.folder, 4096);
    assert_int_equal(d.tag, 0x80000017);
    assert_int_equal(d.streams, 2);
    assert_int_equal(d.name, 12);
    assert_memory_equal(d.hash.ptr, "abcdefghij", 10);
    b.bytes[100] = 13; /* a name that is longer than its entry */
    assert_false(wim_dentry_parse(build_span(&b), &d));
    b.bytes[0] = WIM_DENTRY - 1;
    assert_false(wim_dentry_parse(build_span(&b), &d));
}

static void finds_the_names_of_images(void **state)
{
    static const char text[] = "<WIM><IMAGE INDEX=\"1\"><NAME>Home</NAME></IMAGE>"
                               "<IMAGE INDEX=\"2\"><NAME>Pro</NAME></IMAGE><IMAGE INDEX=\"3\">";
    struct build b = {0};
    for (size_t i = 0; i < sizeof text - 1; i++)
        put_le16(&b, (unsigned char)text[i]);
    assert_string_equal(wim_image_name(build_span(&b), 1, *state), "Home");
    assert_string_equal(wim_image_name(build_span(&b), 2, *state), "Pro");
    assert_string_equal(wim_image_name(build_span(&b), 3, *state), "");
    assert_string_equal(wim_image_name((struct span){0}, 1, *state), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_header),
        cmocka_unit_test(refuses_headers_that_lie),
        cmocka_unit_test(reads_entries_of_the_table),
        cmocka_unit_test(reads_entries_of_folders),
        cmocka_unit_test(finds_the_names_of_images),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
