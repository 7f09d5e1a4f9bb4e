/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "parse/acpi/viot.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE(parse, struct viot, viot_parse)

/* Where table_viot() has its nodes. */
enum { RANGE = 48, ENDPOINT = 72, ON_PCI = 96, ON_MMIO = 112, OTHER = 128, LAST = 135, END = 159 };

static void begin(struct build *b, unsigned nodes, unsigned offset)
{
    acpi_begin(b, "VIOT", 0);
    put_le16(b, nodes);
    put_le16(b, offset);
    put_le64(b, 0);
}

static void put_head(struct build *b, unsigned type, unsigned length)
{
    put_u8(b, type);
    put_u8(b, 0);
    put_le16(b, length);
}

static void poke(struct build *b, size_t at, unsigned v)
{
    b->bytes[at] = (uint8_t)v;
    b->bytes[at + 1] = (uint8_t)(v >> 8);
}

static void refused_at(struct build *b, size_t offset, const char *what)
{
    struct viot v;
    struct fault fault;
    struct span s = acpi_end(b);
    assert_int_equal(parse(s), ST_MALFORMED);
    assert_int_equal(viot_parse(s, &v, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, offset);
    assert_string_equal(fault.what, what);
}

static void counts_nodes_of_every_type(void **state)
{
    (void)state;
    static const unsigned expected[VIOT_TYPES] = {0, 2, 1, 1, 1};
    struct build b;
    struct viot v;
    assert_int_equal(viot_parse(table_viot(&b), &v, NULL), ST_OK);
    assert_int_equal(b.len, END);
    assert_int_equal(v.revision, 0);
    assert_int_equal(v.nodes, 6);
    for (size_t i = 0; i < VIOT_TYPES; i++)
        assert_int_equal(v.counts[i], expected[i]);
    assert_int_equal(v.unknown, 1);
}

static void nodes_may_lie_between_other_bytes(void **state)
{
    (void)state;
    struct build b;
    struct viot v;
    begin(&b, 1, 51);
    put_zeros(&b, 3);
    put_head(&b, 3, 16);
    put_zeros(&b, 12);
    put_zeros(&b, 5);
    assert_int_equal(viot_parse(acpi_end(&b), &v, NULL), ST_OK);
    assert_int_equal(v.nodes, 1);
    assert_int_equal(v.counts[VIOT_VIRTIO_IOMMU_PCI], 1);
}

static void refuses_a_node_offset_outside_or_in_the_header(void **state)
{
    (void)state;
    static const unsigned offsets[] = {0, 1, 36, 47, 49, 0xffff};
    struct build b;
    for (size_t i = 0; i < COUNT(offsets); i++) {
        begin(&b, 0, offsets[i]);
        refused_at(&b, 38,
                   offsets[i] < 48 ? "nodes start inside the header" : "offset points outside");
    }
    begin(&b, 0, 48);
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
}

static void refuses_a_table_that_ends_in_its_header(void **state)
{
    (void)state;
    for (size_t len = 36; len < 48; len++) {
        struct build b;
        begin(&b, 0, 48);
        b.len = len;
        if (len < 40)
            refused_at(&b, len < 38 ? 36 : 38, "data ends too early");
        else
            refused_at(&b, 38, "offset points outside");
    }
}

static void refuses_more_nodes_than_there_are(void **state)
{
    (void)state;
    static const unsigned counts[] = {7, 8, 0xffff};
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct build b;
        (void)table_viot(&b);
        poke(&b, 36, counts[i]);
        refused_at(&b, END, "fewer nodes than the header declares");
    }
}

static void refuses_node_lengths_that_do_not_fit(void **state)
{
    (void)state;
    struct build b;
    for (unsigned type = 0; type < 7; type++) {
        for (unsigned len = 0; len < 4; len++) {
            begin(&b, 1, 48);
            put_head(&b, type, len);
            refused_at(&b, 48,
                       len == 0 ? "structure length 0 cannot be stepped over"
                                : "structure is shorter than its header");
        }
        begin(&b, 1, 48);
        put_head(&b, type, 26);
        put_zeros(&b, 21);
        refused_at(&b, 48, "structure is longer than the data left");
    }
}

static void refuses_nodes_shorter_than_their_fixed_part(void **state)
{
    (void)state;
    static const unsigned fixed[] = {4, 24, 24, 16, 16, 4};
    for (unsigned type = 0; type < COUNT(fixed); type++) {
        for (unsigned len = 4; len <= fixed[type]; len++) {
            struct build b;
            begin(&b, 2, 48);
            put_head(&b, 3, 16);
            put_zeros(&b, 12);
            put_head(&b, type, len);
            put_zeros(&b, len - 4);
            if (len == 24)
                poke(&b, 64 + 16, 48);
            if (len < fixed[type])
                refused_at(&b, 64, "node is shorter than its fixed part");
            else
                assert_int_equal(parse(acpi_end(&b)), ST_OK);
        }
    }
}

static void refuses_ranges_that_end_before_they_start(void **state)
{
    (void)state;
    struct build b;
    begin(&b, 2, 48);
    put_head(&b, 4, 16);
    put_zeros(&b, 12);
    put_pci_range(&b, 0x0001000100020002, 48); /* one segment, one function */
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
    poke(&b, 64 + 10, 1);
    refused_at(&b, 64 + 10, "range ends before it starts");
    poke(&b, 64 + 10, 3); /* more segments do not lengthen the range of BDFs */
    poke(&b, 64 + 14, 0);
    refused_at(&b, 64 + 14, "range ends before it starts");
}

static void an_output_node_is_a_virtio_iommu(void **state)
{
    (void)state;
    static const unsigned wrong[] = {0,  36, 47,          RANGE,     ENDPOINT, OTHER,
                                     99, 95, ON_MMIO + 1, LAST - 20, LAST,     0xffff};
    static const unsigned fields[] = {RANGE + 16, ENDPOINT + 16, LAST + 16};
    for (size_t f = 0; f < COUNT(fields); f++) {
        struct build b;
        (void)table_viot(&b);
        for (size_t i = 0; i < COUNT(wrong); i++) {
            poke(&b, fields[f], wrong[i]);
            refused_at(&b, fields[f], "output node is not a virtio-iommu of this table");
        }
        poke(&b, fields[f], ON_PCI);
        assert_int_equal(parse(acpi_end(&b)), ST_OK);
        poke(&b, fields[f], ON_MMIO);
        assert_int_equal(parse(acpi_end(&b)), ST_OK);
    }
}

static void what_lies_after_the_last_node_is_no_output_node(void **state)
{
    (void)state;
    struct build b;
    begin(&b, 1, 48);
    put_pci_range(&b, 0, 72);
    put_head(&b, 3, 16);
    put_zeros(&b, 12);
    refused_at(&b, 48 + 16, "output node is not a virtio-iommu of this table");
    poke(&b, 36, 2);
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
}

static void a_node_beyond_64_kib_is_not_taken_for_one_65536_bytes_before(void **state)
{
    (void)state;
    enum { FAR_AT = 72 + 0xffff, LEN = FAR_AT + 16 };
    struct build b;
    struct viot v;
    struct fault fault;
    uint8_t *bytes = calloc(LEN, 1);
    assert_non_null(bytes);
    begin(&b, 3, 48);
    put_pci_range(&b, 0, FAR_AT & 0xffff);
    put_head(&b, 9, 0xffff);
    memcpy(bytes, b.bytes, b.len);
    bytes[FAR_AT] = 3;
    bytes[FAR_AT + 2] = 16;
    acpi_repair(bytes, LEN);
    assert_int_equal(viot_parse((struct span){bytes, LEN}, &v, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, 48 + 16);
    free(bytes);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_viot(&b);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

/* TRUTH.tsv has no facts about nodes: these are read off the bytes. */
static void check_counts(const struct truth *t, const struct viot *v)
{
    static const struct {
        const char *name;
        unsigned counts[VIOT_TYPES];
    } known[] = {
        {"fwts-test-viot-0001", {0, 1, 1, 1, 1}},
        {"qemu-q35-viot", {0, 2, 0, 1, 0}},
        {"qemu-virt-viot", {0, 1, 0, 1, 0}},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strstr(t->path, known[i].name) != NULL)
            assert_memory_equal(v->counts, known[i].counts, sizeof v->counts);
    }
}

static void check_truth(const struct truth *t)
{
    struct viot v;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    assert_int_equal(viot_parse(t->table, &v, NULL), ST_OK);
    assert_int_equal(v.revision, truth_number(t, "rev", 99));
    assert_int_equal(v.unknown, 0);
    check_counts(t, &v);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("VIOT", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_nodes_of_every_type),
        cmocka_unit_test(nodes_may_lie_between_other_bytes),
        cmocka_unit_test(refuses_a_node_offset_outside_or_in_the_header),
        cmocka_unit_test(refuses_a_table_that_ends_in_its_header),
        cmocka_unit_test(refuses_more_nodes_than_there_are),
        cmocka_unit_test(refuses_node_lengths_that_do_not_fit),
        cmocka_unit_test(refuses_nodes_shorter_than_their_fixed_part),
        cmocka_unit_test(refuses_ranges_that_end_before_they_start),
        cmocka_unit_test(an_output_node_is_a_virtio_iommu),
        cmocka_unit_test(what_lies_after_the_last_node_is_no_output_node),
        cmocka_unit_test(a_node_beyond_64_kib_is_not_taken_for_one_65536_bytes_before),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
