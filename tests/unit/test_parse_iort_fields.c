/* SPDX-License-Identifier: MIT */
/* What is kept of IORT nodes and their mappings. */
#include "parse/acpi/iort.h"
#include "support/cmocka.h"
#include "support/tables.h"
#include "vbscheck/count.h"

/* What follows a node's header: fields that are not kept have all bits set. */
static void put_root_complex(struct build *b, uint32_t mappings)
{
    put_node(b, 2, 36 + 20 * mappings, mappings, 36);
    put_le64(b, UINT64_MAX);
    put_le32(b, UINT32_MAX);
    put_le32(b, 0x00012345); /* segment */
    put_le32(b, UINT32_MAX);
}

static void put_smmu(struct build *b, unsigned type, uint32_t mappings)
{
    put_node(b, type, 60 + 20 * mappings, mappings, 60);
    put_le64(b, 0x000000f12b400000 + type);
    for (unsigned i = 0; i < 9; i++)
        put_le32(b, UINT32_MAX);
}

enum { AT_ROOT = 48, AT_V2 = 124, AT_V3 = 204, AT_ITS = 264, AT_RMR = 288, AT_COMPONENT = 356 };

static struct span table_of_fields(struct build *b)
{
    acpi_begin(b, "IORT", 6);
    put_le32(b, 6);
    put_le32(b, 48);
    put_le32(b, 0);
    put_root_complex(b, 2);
    put_mapping(b, 0x00000000, 0x0000fffe, 0x00010000, AT_V3); /* forwards, over a node */
    put_mapping(b, 0x0000ffff, 0x00000000, 0xffffffff, AT_V2);
    put_smmu(b, 3, 1);
    put_mapping(b, 0x87030000, 0x78fcffff, 0x00000000, AT_ITS);
    put_smmu(b, 4, 0);
    put_node(b, 0, 24, 0, 0); /* ITS */
    put_le64(b, UINT64_MAX);
    put_rmr(b, 28 + 2 * 20, 2, 28);
    put_node(b, 1, 31 + 2 * 20, 2, 31); /* named component; its mappings are at an odd place */
    put_zeros(b, 15);
    put_mapping(b, 1, 2, 3, AT_V3); /* backwards */
    put_mapping(b, 4, 5, 6, AT_COMPONENT);
    b->bytes[b->len - 4] = IORT_SINGLE_MAPPING;
    b->bytes[b->len - 1] = 0x80;
    b->bytes[AT_V3 + 3] = 5; /* revision */
    return acpi_end(b);
}

static void assert_node(const struct iort_node *n, const struct iort_node *expected)
{
    assert_int_equal(n->offset, expected->offset);
    assert_int_equal(n->type, expected->type);
    assert_int_equal(n->revision, expected->revision);
    assert_int_equal(n->segment, expected->segment);
    assert_int_equal(n->base, expected->base);
    assert_int_equal(n->n_mappings, expected->n_mappings);
}

static void keeps_every_field_of_nodes(void **state)
{
    static const struct iort_node expected[] = {
        {.offset = AT_ROOT, .type = 2, .segment = 0x00012345, .n_mappings = 2},
        {.offset = AT_V2, .type = 3, .base = 0x000000f12b400003, .n_mappings = 1},
        {.offset = AT_V3, .type = 4, .revision = 5, .base = 0x000000f12b400004},
        {.offset = AT_ITS, .type = 0},
        {.offset = AT_RMR, .type = 6},
        {.offset = AT_COMPONENT, .type = 1, .n_mappings = 2},
    };
    struct build b;
    struct iort i;
    assert_int_equal(iort_parse(table_of_fields(&b), *state, &i, NULL), ST_OK);
    assert_int_equal(i.memory_ranges, 2);
    assert_int_equal(i.mappings, 5);
    assert_int_equal(i.n_nodes, COUNT(expected));
    for (size_t n = 0; n < COUNT(expected); n++)
        assert_node(&i.nodes[n], &expected[n]);
}

static void assert_mapping(const struct iort_mapping *m, const struct iort_mapping *expected)
{
    assert_int_equal(m->offset, expected->offset);
    assert_int_equal(m->first, expected->first);
    assert_int_equal(m->last, expected->last);
    assert_int_equal(m->output, expected->output);
    assert_int_equal(m->flags, expected->flags);
    assert_int_equal(m->target, expected->target);
}

static void keeps_every_field_of_mappings(void **state)
{
    static const struct iort_mapping root[] = {
        {.offset = AT_ROOT + 36, .last = 0xfffe, .output = 0x10000, .target = 2},
        {.offset = AT_ROOT + 56,
         .first = 0xffff,
         .last = 0xffff,
         .output = 0xffffffff,
         .target = 1},
    };
    static const struct iort_mapping v2 = {
        .offset = AT_V2 + 60, .first = 0x87030000, .last = 0xffffffff, .target = 3};
    static const struct iort_mapping component[] = {
        {.offset = AT_COMPONENT + 31, .first = 1, .last = 3, .output = 3, .target = 2},
        {.offset = AT_COMPONENT + 51,
         .first = 4,
         .last = 4, /* one is a single mapping's output, whatever the count */
         .output = 6,
         .flags = 0x80000001,
         .target = 5},
    };
    struct build b;
    struct iort i;
    assert_int_equal(iort_parse(table_of_fields(&b), *state, &i, NULL), ST_OK);
    assert_mapping(&i.nodes[0].mappings[0], &root[0]);
    assert_mapping(&i.nodes[0].mappings[1], &root[1]);
    assert_mapping(&i.nodes[1].mappings[0], &v2);
    assert_mapping(&i.nodes[5].mappings[0], &component[0]);
    assert_mapping(&i.nodes[5].mappings[1], &component[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_field_of_nodes),
        cmocka_unit_test(keeps_every_field_of_mappings),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
