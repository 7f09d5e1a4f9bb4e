/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/acpi/mcfg.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/tables.h"
#include "support/torture.h"

enum { ENTRIES_AT = 44, ENTRY_LEN = 16 };

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

/* Entries are looked at before they go with the arena: *out is good for its numbers only. */
static enum status parse_alone(struct span table, struct mcfg *out, struct fault *fault)
{
    struct arena a;
    arena_init(&a, 32 << 20, out_of_memory);
    enum status st = mcfg_parse(table, &a, out, fault);
    for (size_t i = 0; st == ST_OK && i < out->n; i++)
        assert_true(out->entries[i].first_bus <= out->entries[i].last_bus);
    if (st == ST_OK)
        assert_true(out->segments <= out->n);
    arena_reset(&a);
    return st;
}

TORTURE_PARSE(parse, struct mcfg, parse_alone)

static void begin(struct build *b)
{
    acpi_begin(b, "MCFG", 1);
    put_le64(b, 0);
}

static void reads_every_entry_in_its_order(void **state)
{
    (void)state;
    static const struct mcfg_entry expected[] = {
        {0xe0000000, 0, 0x00, 0x1f},
        {0xe0000000, 0, 0x80, 0xff},
        {0x7c00000000, 3, 0x00, 0xff},
    };
    struct build b;
    struct arena a;
    struct mcfg m;
    arena_init(&a, 1 << 20, out_of_memory);
    assert_int_equal(mcfg_parse(table_mcfg(&b), &a, &m, NULL), ST_OK);
    assert_int_equal(m.revision, 1);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.segments, 2);
    for (size_t i = 0; i < m.n; i++) {
        assert_int_equal(m.entries[i].base, expected[i].base);
        assert_int_equal(m.entries[i].segment, expected[i].segment);
        assert_int_equal(m.entries[i].first_bus, expected[i].first_bus);
        assert_int_equal(m.entries[i].last_bus, expected[i].last_bus);
    }
    arena_reset(&a);
}

static void takes_a_table_without_entries(void **state)
{
    (void)state;
    struct build b;
    struct mcfg m;
    begin(&b);
    assert_int_equal(parse_alone(acpi_end(&b), &m, NULL), ST_OK);
    assert_int_equal(m.n, 0);
    assert_int_equal(m.segments, 0);
}

static void refuses_a_table_that_ends_in_its_reserved_bytes(void **state)
{
    (void)state;
    for (size_t len = 36; len < ENTRIES_AT; len++) {
        struct build b;
        struct mcfg m;
        struct fault fault;
        begin(&b);
        b.len = len;
        assert_int_equal(parse_alone(acpi_end(&b), &m, &fault), ST_MALFORMED);
        assert_int_equal(fault.offset, 36);
    }
}

static void refuses_a_rest_that_is_no_whole_entry(void **state)
{
    (void)state;
    for (size_t entries = 0; entries < 3; entries++) {
        for (size_t rest = 0; rest < ENTRY_LEN; rest++) {
            struct build b;
            struct mcfg m;
            struct fault fault = {0};
            begin(&b);
            put_zeros(&b, entries * ENTRY_LEN + rest);
            struct span s = acpi_end(&b);
            assert_int_equal(parse(s), rest == 0 ? ST_OK : ST_MALFORMED);
            (void)parse_alone(s, &m, &fault);
            assert_int_equal(fault.offset, rest == 0 ? 0 : ENTRIES_AT + entries * ENTRY_LEN);
        }
    }
}

static void refuses_a_bus_range_that_ends_before_it_starts(void **state)
{
    (void)state;
    struct build b;
    struct mcfg m;
    struct fault fault;
    begin(&b);
    put_buses(&b, 0xe0000000, 0, 0, 0xff);
    put_buses(&b, 0xf0000000, 1, 7, 7);
    assert_int_equal(parse(acpi_end(&b)), ST_OK);
    put_buses(&b, 0xf8000000, 2, 8, 7);
    put_u8(&b, 0); /* the first fault is told */
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
    assert_int_equal(parse_alone(acpi_end(&b), &m, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, ENTRIES_AT + 2 * ENTRY_LEN + 11);
    assert_string_equal(fault.what, "bus range ends before it starts");
}

/* Each of the 65536 segments 16 times: comparing entries with one another would not end. */
static void counts_the_segments_of_a_million_entries(void **state)
{
    (void)state;
    enum { ENTRIES = 1 << 20 };
    size_t len = ENTRIES_AT + (size_t)ENTRIES * ENTRY_LEN;
    struct build b;
    struct mcfg m;
    uint8_t *bytes = calloc(len, 1);
    assert_non_null(bytes);
    begin(&b);
    memcpy(bytes, b.bytes, b.len);
    for (size_t i = 0; i < ENTRIES; i++) {
        bytes[ENTRIES_AT + i * ENTRY_LEN + 8] = (uint8_t)i;
        bytes[ENTRIES_AT + i * ENTRY_LEN + 9] = (uint8_t)(i >> 8);
    }
    acpi_repair(bytes, len);
    assert_int_equal(parse_alone((struct span){bytes, len}, &m, NULL), ST_OK);
    assert_int_equal(m.n, ENTRIES);
    assert_int_equal(m.segments, 65536);
    free(bytes);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_mcfg(&b);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

/* Writes entries the way TRUTH.tsv does, where `ranges` is the last of the facts. */
static void check_ranges(const struct truth *t, const struct mcfg *m)
{
    char text[4096];
    size_t at = (size_t)snprintf(text, sizeof text, "ranges=");
    for (size_t i = 0; i < m->n; i++) {
        const struct mcfg_entry *e = &m->entries[i];
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%" PRIx64 "@%x:%02x-%02x",
                               i > 0 ? "/" : "", e->base, e->segment, e->first_bus, e->last_bus);
        assert_true(at < sizeof text);
    }
    const char *ranges = strstr(t->facts, "ranges=");
    assert_non_null(ranges);
    assert_string_equal(text, ranges);
}

static unsigned count_segments(const struct mcfg *m)
{
    unsigned segments = 0;
    for (size_t i = 0; i < m->n; i++) {
        size_t earlier = 0;
        while (earlier < i && m->entries[earlier].segment != m->entries[i].segment)
            earlier++;
        segments += earlier == i;
    }
    return segments;
}

static void check_table(const struct truth *t, struct span table)
{
    struct arena a;
    struct mcfg m;
    arena_init(&a, 1 << 20, out_of_memory);
    assert_int_equal(mcfg_parse(table, &a, &m, NULL), ST_OK);
    assert_int_equal(m.revision, truth_number(t, "rev", 99));
    assert_int_equal(m.n, truth_number(t, "entries", 99));
    assert_int_equal(m.segments, count_segments(&m));
    check_ranges(t, &m);
    arena_reset(&a);
}

static void check_truth(const struct truth *t)
{
    if (t->malformed)
        assert_int_equal(parse(t->table), ST_MALFORMED);
    else
        check_table(t, t->table);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("MCFG", check_truth));
}

/* iasl decoded malformed ones too where the sum is all that is wrong: repaired, they must parse. */
static void check_repaired(const struct truth *t)
{
    if (!t->malformed || truth_number(t, "csum_ok", 1) != 0)
        return;
    struct heap h = heap_copy(t->table);
    acpi_repair(h.bytes, h.span.len);
    check_table(t, h.span);
    heap_free(&h);
}

static void a_bad_sum_is_all_that_is_wrong_with_most_malformed_ones(void **state)
{
    (void)state;
    (void)each_truth("MCFG", check_repaired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_entry_in_its_order),
        cmocka_unit_test(takes_a_table_without_entries),
        cmocka_unit_test(refuses_a_table_that_ends_in_its_reserved_bytes),
        cmocka_unit_test(refuses_a_rest_that_is_no_whole_entry),
        cmocka_unit_test(refuses_a_bus_range_that_ends_before_it_starts),
        cmocka_unit_test(counts_the_segments_of_a_million_entries),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
        cmocka_unit_test(a_bad_sum_is_all_that_is_wrong_with_most_malformed_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
