/* SPDX-License-Identifier: MIT */
/* Each IVRS of the corpus against what iasl printed of it. */
#include <string.h>

#include "parse/acpi/ivrs.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"

TORTURE_PARSE_IN_ARENA(parse, struct ivrs, ivrs_parse)

/* "51" or "50/51", hexadecimal, one a block; "0" for none. */
static unsigned unknown_of(const struct truth *t)
{
    struct span at = {0};
    uint64_t type = 0;
    unsigned n = 0;
    assert_true(span_find(span_of(t->facts), "unknown_blocks=", &at));
    while (span_take_hex(&at, &type)) {
        n += type != 0;
        if (!span_starts(at, "/"))
            break;
        at = span_skip(at, 1);
    }
    return n;
}

static unsigned ivhds_of_type(const struct ivrs *i, uint8_t type)
{
    unsigned n = 0;
    for (size_t k = 0; k < i->n_ivhds; k++)
        n += i->ivhds[k].type == type;
    return n;
}

static unsigned ivmds_of_type(const struct ivrs *i, uint8_t type)
{
    unsigned n = 0;
    for (size_t k = 0; k < i->n_ivmds; k++)
        n += i->ivmds[k].type == type;
    return n;
}

static void check_blocks(const struct truth *t, const struct ivrs *i)
{
    assert_truth(t, "ivhd10", i->ivhd_10);
    assert_truth(t, "ivhd11", i->ivhd_11);
    assert_truth(t, "ivhd40", i->ivhd_40);
    assert_truth(t, "ivhd10", ivhds_of_type(i, IVHD_10));
    assert_truth(t, "ivhd11", ivhds_of_type(i, IVHD_11));
    assert_truth(t, "ivhd40", ivhds_of_type(i, IVHD_40));
    assert_int_equal(i->n_ivhds, i->ivhd_10 + i->ivhd_11 + i->ivhd_40);
    assert_truth(t, "ivmd20", ivmds_of_type(i, IVMD_ALL));
    assert_truth(t, "ivmd21", ivmds_of_type(i, IVMD_ONE));
    assert_truth(t, "ivmd22", ivmds_of_type(i, IVMD_RANGE));
    assert_int_equal(i->n_ivmds, i->ivmd);
    assert_int_equal(i->unknown, unknown_of(t));
    assert_true(i->units >= 1 && i->units <= i->ivhd_10);
    assert_int_equal(i->used, i->ivhd_40 > 0 ? 0x40 : i->ivhd_11 > 0 ? 0x11 : 0x10);
}

static void check_entries(const struct truth *t, const struct ivrs *i, struct arena *a)
{
    const char *list = "";
    unsigned all = 0;
    for (unsigned type = 0; type < IVRS_ENTRY_TYPES; type++) {
        unsigned n = i->entries_of_type[type];
        if (n > 0)
            list = arena_printf(a, "%s%s%02x:%u", list, all > 0 ? "/" : "", type, n);
        all += n;
    }
    assert_truth(t, "device_entries", i->device_entries);
    assert_truth(t, "device_entries", all);
    assert_truth_text(t, "device_entry_types", list);
}

/* Each entry that selects devices or ends a range made one. */
static void check_ranges(const struct ivrs *i)
{
    static const uint8_t types[] = {0x01, 0x02, 0x04, 0x42, 0x46};
    size_t ranges = 0;
    unsigned acpi_devices = 0;
    size_t expected = 0;
    for (size_t k = 0; k < sizeof types; k++)
        expected += i->entries_of_type[types[k]];
    for (size_t k = 0; k < i->n_ivhds; k++) {
        ranges += i->ivhds[k].n_ranges;
        acpi_devices += i->ivhds[k].acpi_devices;
    }
    assert_int_equal(ranges, expected);
    assert_int_equal(acpi_devices, i->entries_of_type[0xf0]);
}

static void check_truth(const struct truth *t)
{
    struct arena a;
    struct ivrs i;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    test_arena(&a);
    assert_int_equal(ivrs_parse(t->table, &a, &i, NULL), ST_OK);
    assert_truth(t, "rev", i.revision);
    assert_truth(t, "ivinfo", i.ivinfo);
    assert_truth(t, "efr_sup", (i.ivinfo & IVRS_EFR_SUP) != 0);
    assert_truth(t, "dma_guard_opt_in", (i.ivinfo & IVRS_DMA_REMAP) != 0);
    check_blocks(t, &i);
    check_entries(t, &i, &a);
    check_ranges(&i);
    arena_reset(&a);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("IVRS", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
