/* SPDX-License-Identifier: MIT */
/* Each DMAR of the corpus against what iasl printed of it. */
#include <inttypes.h>
#include <string.h>

#include "parse/acpi/dmar.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(parse, struct dmar, dmar_parse)

/* Names of types in TRUTH.tsv. */
static const char *const keys[DMAR_TYPES] = {"drhd", "rmrr", "atsr", "rhsa",
                                             "andd", "satc", "sidp"};

static void check_counts(const struct truth *t, const struct dmar *d)
{
    unsigned counted[DMAR_TYPES] = {0};
    for (size_t i = 0; i < d->n_structures; i++)
        counted[d->structures[i].type]++;
    for (size_t i = 0; i < DMAR_TYPES; i++) {
        assert_truth(t, keys[i], d->counts[i]);
        assert_truth(t, keys[i], counted[i]);
    }
    assert_truth(t, "unknown_subtables", d->unknown);
}

static unsigned with_flag(const struct dmar *d, enum dmar_type type, uint8_t flag)
{
    unsigned n = 0;
    for (size_t i = 0; i < d->n_structures; i++)
        n += d->structures[i].type == type && (d->structures[i].flags & flag) != 0;
    return n;
}

static void check_flags(const struct truth *t, const struct dmar *d)
{
    assert_truth(t, "flags", d->flags);
    assert_truth(t, "intr_remap", (d->flags & DMAR_INTR_REMAP) != 0);
    assert_truth(t, "x2apic_opt_out", (d->flags & DMAR_X2APIC_OPT_OUT) != 0);
    assert_truth(t, "dma_ctrl_opt_in", (d->flags & DMAR_DMA_CTRL_PLATFORM_OPT_IN) != 0);
    assert_truth(t, "include_pci_all", d->include_all);
    assert_truth(t, "include_pci_all", with_flag(d, DMAR_DRHD, DRHD_INCLUDE_PCI_ALL));
    assert_truth(t, "atsr_all_ports", with_flag(d, DMAR_ATSR, ATSR_ALL_PORTS));
    assert_truth(t, "satc_atc_required", with_flag(d, DMAR_SATC, SATC_ATC_REQUIRED));
}

static void check_addresses(const struct truth *t, const struct dmar *d, struct arena *a)
{
    const char *bases = "";
    unsigned max_segment = 0;
    for (size_t i = 0; i < d->n_structures; i++) {
        const struct dmar_structure *s = &d->structures[i];
        if (s->segment > max_segment)
            max_segment = s->segment;
        if (s->type == DMAR_DRHD)
            bases = arena_printf(a, "%s%s%" PRIx64, bases, bases[0] != '\0' ? "/" : "", s->base);
    }
    assert_truth(t, "max_segment", max_segment);
    assert_truth_text(t, "drhd_bases", bases);
}

static void check_scopes(const struct truth *t, const struct dmar *d, struct arena *a)
{
    static const char *const of_type[] = {
        "", "scope_type1", "scope_type2", "scope_type3", "scope_type4", "scope_type5"};
    const char *list = "";
    unsigned counted[256] = {0};
    for (size_t i = 0; i < d->n_structures; i++) {
        const struct dmar_structure *s = &d->structures[i];
        list = arena_printf(a, "%s%s%s:%zu", list, i > 0 ? "/" : "", keys[s->type], s->n_scopes);
        for (size_t k = 0; k < s->n_scopes; k++)
            counted[s->scopes[k].type]++;
    }
    unsigned all = 0;
    for (size_t i = 1; i < COUNT(of_type); i++) {
        assert_truth(t, of_type[i], counted[i]);
        all += counted[i];
    }
    assert_truth(t, "scopes", d->device_scopes);
    assert_truth(t, "scopes", all);
    assert_truth_text(t, "scopes_per_subtable", list);
}

static void check_truth(const struct truth *t)
{
    struct arena a;
    struct dmar d;
    if (t->malformed) {
        assert_int_equal(parse(t->table), ST_MALFORMED);
        return;
    }
    test_arena(&a);
    assert_int_equal(dmar_parse(t->table, &a, &d, NULL), ST_OK);
    assert_truth(t, "rev", d.revision);
    assert_int_equal(d.host_address_width, truth_number(t, "haw", 99) + 1);
    check_counts(t, &d);
    check_flags(t, &d);
    check_addresses(t, &d, &a);
    check_scopes(t, &d, &a);
    arena_reset(&a);
}

static void agrees_with_iasl_on_the_corpus(void **state)
{
    (void)state;
    print_message("%u tables\n", each_truth("DMAR", check_truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_iasl_on_the_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
