/* SPDX-License-Identifier: MIT */
/* Lines that no program prints so, and lists that are longer than is kept. */
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "parse/cpuid.h"
#include "parse/driver_list.h"
#include "parse/hardware/memory.h"
#include "parse/inf.h"
#include "parse/klog/klog.h"
#include "parse/klog/klog_hosts.h"
#include "parse/klog/klog_iommu.h"
#include "parse/klog/klog_when.h"
#include "parse/memattr.h"
#include "parse/pci/pci.h"
#include "parse/pci/pci_line.h"
#include "parse/pe/utf16.h"
#include "parse/sysfs_iommu.h"
#include "support/build.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

/* The kernel's log -------------------------------------------------------------------------- */

static void a_line_of_a_unit_that_is_not_as_the_kernel_prints_it_tells_of_none(void **state)
{
    static const struct {
        const char *line;
        size_t units;
        bool dead, vtd;
    } rows[] = {
        {"[ 0.1] DMAR: DRHD base: 0x000000fed91000 flags: 0x1\n", 1, false, true},
        {"[ 0.1] DMAR: DRHD base: 000000fed91000 flags: 0x1\n", 0, false, true},
        {"[ 0.1] DMAR: DRHD base: 0xxyz flags: 0x1\n", 0, false, true},
        {"[ 0.1] DMAR: DRHD base: 0x000000fed91000 fla\n", 0, false, true},
        {"[ 0.1] DMAR: DRHD base: 0x000000fed91000 flags: 0x\n", 0, false, true},
        {"[ 0.1] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address 0xfbffc000 "
         "returns all ones!\n",
         1, true, true},
        {"[ 0.1] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address fbffc000 "
         "returns all\n",
         0, false, true},
        {"[ 0.1] DMAR: [Firmware Bug]: something else\n", 0, false, true},
        {"[ 0.1] DMAR: dmar0: Using Queued invalidation\n", 0, false, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct klog_iommu log;
        klog_iommu_read(span_of(rows[i].line), *state, &log);
        if (log.n != rows[i].units || (log.n > 0 && log.drhds[0].dead != rows[i].dead))
            fail_msg("row %zu: %zu units", i, log.n);
        if (i >= COUNT(rows) - 1)
            assert_true(log.vtd);
    }
    struct klog_iommu log;
    klog_iommu_read(span_of("[ 0.1] DMAR: dmar64: x\n[ 0.1] DMAR: dmarx: y\n"), *state, &log);
    assert_false(log.whole);
}

static void more_hosts_than_are_kept_are_of_two_machines(void **state)
{
    for (unsigned n = KLOG_HOSTS_MAX; n <= KLOG_HOSTS_MAX + 1; n++) {
        struct klog_hosts h = {0};
        const struct klog_host *one = NULL;
        struct out o;
        out_init(&o, *state);
        for (unsigned i = 0; i < n; i++) /* one boot, in which the machine learns name upon name */
            out_printf(&o, "Nov 22 15:00:00 alpha%u kernel: [    %u.000000] kvm: already loaded\n",
                       i, i);
        klog_hosts_take(&h, out_span(&o), "log");
        assert_int_equal(h.n, KLOG_HOSTS_MAX);
        assert_int_equal(klog_hosts_other(&h, &one) != NULL, n > KLOG_HOSTS_MAX);
    }
}

static struct klog_when when_of(const char *text)
{
    struct span line = span_of(text);
    return klog_when(line, klog_message(line));
}

static void a_date_that_no_calendar_has_is_not_known(void **state)
{
    (void)state;
    assert_true(when_of("2023-11-22T15:00:00 h kernel: efi: A").date.known);
    assert_false(when_of("2023-13-22T15:00:00 h kernel: efi: A").date.known);
    assert_false(when_of("2023-11-32T15:00:00 h kernel: efi: A").date.known);
    assert_true(span_is(when_of("2023-11-22T15:00:00 h kernel: efi: A").host, "h"));
}

static void an_address_of_the_table_that_was_marked_up_is_found(void **state)
{
    static const struct {
        const char *log;
        bool has, unusable;
    } rows[] = {
        {"[ 0.1] efi: ACPI 2.0=0x1 SMBIOS=0x2 {+MEMATTR=0x77526018+} ESRT=0x4\n", true, false},
        {"[ 0.1] efi: ACPI 2.0=0x1 SMBIOS=0x2 {+MEMATTR=0xffffffffffffffff+} ESRT=0x4\n", false,
         true},
        {"[ 0.1] efi: ACPI 2.0=0x1 SMBIOS=0x2 {+MEMATTR=0x+} ESRT=0x4\n", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct memattr_log log;
        memattr_read_log(span_of(rows[i].log), *state, &log);
        if (log.has_address != rows[i].has || log.unusable != rows[i].unusable)
            fail_msg("row %zu: %d %d", i, log.has_address, log.unusable);
    }
}

/* Processors -------------------------------------------------------------------------------- */

/* A damaged leaf makes the whole text malformed; a row of another layout is none. */
static void a_row_of_cpuid_is_whole_or_not_there(void **state)
{
#define RAW_0 "   0x00000000 0x00: eax=0x00000016 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69\n"
#define RAW_1                                                                                      \
    RAW_0 "   0x00000001 0x00: eax=0x000906ea ebx=0x00100800 ecx=0x7ffafbff edx=0xbfebfbff\n"
    static const struct {
        const char *text;
        enum status st;
    } rows[] = {
        {"CPU 0:\n" RAW_1, ST_OK},
        {"CPU 0:\n" RAW_1
         "   0x00000007 0x00: eax=0x0000000g ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n",
         ST_MALFORMED},
        {"CPU 0:\n" RAW_1 "   0x00000007 0x01: eax=zzzz\n", ST_OK}, /* another subleaf */
        {"CPU 0:\n" RAW_1 "   0x00000007 0x\n", ST_OK},             /* the text ends in it */
        {"CPU 0:\n" RAW_1 "0x00000007\t\t0x00000000\t0xzzzzzzzz\t0x0\t0x0\n", ST_OK},
        {"CPU 0:\n" RAW_1 "0x00000007\t\t0x00000000\t0x00000000\n", ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cpuid c;
        enum status st = cpuid_parse(span_of(rows[i].text), *state, &c, NULL);
        if (st != rows[i].st)
            fail_msg("row %zu: %s", i, status_name(st));
        if (st == ST_OK)
            assert_int_equal(c.cpus[0].known & 1u << CPUID_7, 0);
    }
}

static void memory_is_told_by_the_line_of_its_total(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"MemTotal:       16301234 kB\nMemFree:         123 kB\n", "MemTotal: 16301234 kB\n"},
        {"MemTotal:\n", ""},
        {"MemFree:         123 kB\n", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_true(span_is(memory_of_meminfo(span_of(rows[i].text), *state), rows[i].says));
}

/* PCI and IOMMUs ---------------------------------------------------------------------------- */

/* A line can hold no number that its reader would refuse. */
static void a_number_that_is_too_large_for_its_field_is_not_written(void **state)
{
    struct out o;
    out_init(&o, *state);
    pci_line_put_number(&o, PCI_LINE_VENDOR, 0x8086);
    pci_line_put_number(&o, PCI_LINE_VENDOR, 0x10000);
    assert_true(span_is(out_span(&o), " vendor=8086"));
}

/* The same function in two listings: each gives what the other lacks. */
static void two_listings_of_lspci_complete_each_other(void **state)
{
    static const char text[] = "00:02.0 VGA compatible controller: Intel Corporation X\n\n"
                               "00:02.0 0300: 8086:3e9b (rev 02)\n";
    struct pci_tree t;
    assert_int_equal(lspci_parse(span_of(text), *state, &t, NULL), ST_OK);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.functions[0].class_code >> 8, 0x0300);
    assert_int_equal(t.functions[0].vendor, 0x8086);
    assert_int_equal(t.functions[0].device, 0x3e9b);
}

static void more_units_of_sysfs_than_are_kept_are_left_out(void **state)
{
    struct sysfs_iommu s;
    struct out o;
    out_init(&o, *state);
    for (unsigned i = 0; i < SYSFS_IOMMU_UNITS_MAX + 3; i++)
        out_printf(&o, "unit dmar%u ecap f0\n", i);
    out_str(&o, "groups 7\n");
    sysfs_iommu_parse(out_span(&o), *state, &s);
    assert_int_equal(s.n, SYSFS_IOMMU_UNITS_MAX);
    assert_int_equal(s.groups, 7);
}

/* Drivers ----------------------------------------------------------------------------------- */

static void a_character_of_two_units_is_one(void **state)
{
    static const uint8_t pair[] = {'a', 0, 0x3d, 0xd8, 0x00, 0xde, 'b', 0}; /* U+1F600 */
    assert_string_equal(utf16_text((struct span){pair, sizeof pair}, *state), "a\xf0\x9f\x98\x80"
                                                                              "b");
}

static void an_inf_larger_than_any_is_refused(void **state)
{
    static uint8_t large[INF_MAX + 1];
    struct inf inf;
    struct fault f;
    assert_int_equal(inf_parse((struct span){large, sizeof large}, *state, *state, &inf, &f),
                     ST_MALFORMED);
    assert_int_equal(f.offset, INF_MAX);
    assert_int_equal(inf_parse(span_of("[Version]\nClass=Net\n"), *state, *state, &inf, &f), ST_OK);
}

static void the_list_of_drivers_says_where_its_policy_is_from(void **state)
{
    struct driver_list l;
    struct out o;
    out_init(&o, *state);
    out_str(&o, "policy P\npolicy-edition 1\npolicy-of-disk yes\n\nskipped 2\n");
    for (unsigned i = 0; i < 70; i++)
        out_printf(&o, "notice file%u is not a driver\n", i);
    assert_int_equal(driver_list_parse(out_span(&o), *state, &l, NULL), ST_OK);
    assert_true(l.policy_of_disk);
    assert_string_equal(l.policy, "P");
    assert_int_equal(l.skipped, 2);
    assert_int_equal(l.n_notices, 64); /* the others are counted by nothing but this */
    assert_true(l.incomplete);
    assert_int_equal(driver_list_parse(span_of("policy P\npolicy-of-disk no\n"), *state, &l, NULL),
                     ST_OK);
    assert_false(l.policy_of_disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_a_unit_that_is_not_as_the_kernel_prints_it_tells_of_none),
        cmocka_unit_test(more_hosts_than_are_kept_are_of_two_machines),
        cmocka_unit_test(a_date_that_no_calendar_has_is_not_known),
        cmocka_unit_test(an_address_of_the_table_that_was_marked_up_is_found),
        cmocka_unit_test(a_row_of_cpuid_is_whole_or_not_there),
        cmocka_unit_test(memory_is_told_by_the_line_of_its_total),
        cmocka_unit_test(a_number_that_is_too_large_for_its_field_is_not_written),
        cmocka_unit_test(two_listings_of_lspci_complete_each_other),
        cmocka_unit_test(more_units_of_sysfs_than_are_kept_are_left_out),
        cmocka_unit_test(a_character_of_two_units_is_one),
        cmocka_unit_test(an_inf_larger_than_any_is_refused),
        cmocka_unit_test(the_list_of_drivers_says_where_its_policy_is_from),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
