/* SPDX-License-Identifier: MIT */
/* One boot of one machine: logs of several boots, several logs, files of several machines. */
#include "support/cmocka.h"

#include "judge.h"
#include "parse/klog/klog_boots.h"
#include "support/build.h"
#include "support/loading.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define BOOT(stamp, kernel, tables)                                                                \
    stamp "Linux version " kernel " (x)\n" stamp "efi: EFI v2.7 by X\n" stamp                      \
          "efi: ACPI 2.0=0x1 SMBIOS=0x2 " tables "\n" stamp                                        \
          "secureboot: Secure boot disabled, and a long line so that the line of tables is whole " \
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"

static void the_last_boot_of_a_log_is_judged(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, BOOT("Oct 12 15:00:00 h kernel: ", "6.8.0", "MEMATTR=0x3 ")
                         BOOT("Nov  2 10:00:00 h kernel: ", "6.9.0", ""));
    struct blob b = snap_get(&l.snap, "efi/kernel-log");
    assert_int_equal(loading_count(&l, "efi/kernel-log"), 1);
    assert_true(span_find(b.data, "6.9.0", NULL));
    assert_false(span_find(b.data, "MEMATTR", NULL));
    assert_true(loading_says(&l, "contains 2 boots: the last is judged, 1 are left out"));
    loading_end(&l);
}

static void an_arm_kernel_starts_once(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]\n"
                     "[    0.000000] Linux version 6.1.0 (x) aarch64\n"
                     "[    0.000000] CPU: All CPU(s) started at EL2\n");
    assert_false(loading_says(&l, "the last is judged"));
    assert_true(span_find(snap_get(&l.snap, "efi/kernel-log").data, "Booting Linux", NULL));
    loading_end(&l);
}

static void dates_that_run_backwards_leave_the_order_open(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool backwards;
    } rows[] = {
        {BOOT("Nov  2 10:00:00 h kernel: ", "6.9.0", "")
             BOOT("Oct 12 15:00:00 h kernel: ", "6.8.0", "MEMATTR=0x3 "),
         true},
        {BOOT("2024-05-02T10:00:00+00:00 h kernel: ", "6.9.0", "")
             BOOT("2023-12-12T10:00:00+00:00 h kernel: ", "6.8.0", "MEMATTR=0x3 "),
         true},
        /* a new year, of which syslog says nothing */
        {BOOT("Dec 30 10:00:00 h kernel: ", "6.8.0", "MEMATTR=0x3 ")
             BOOT("Jan  2 15:00:00 h kernel: ", "6.9.0", ""),
         false},
        {BOOT("[Wed Nov 22 15:00:00 2023] ", "6.8.0", "MEMATTR=0x3 ")
             BOOT("[Wed Jan  3 15:00:00 2024] ", "6.9.0", ""),
         false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loading l;
        loading_text(&l, rows[i].text);
        if ((loading_count(&l, "efi/kernel-log") == 2) != rows[i].backwards ||
            loading_says(&l, "run backwards") != rows[i].backwards)
            fail_msg("row %zu", i);
        loading_end(&l);
    }
}

/* The clock of the machine may be as wrong as that of the log: neither is believed. */
static void dates_that_deny_each_other_leave_the_order_open(void **state)
{
    (void)state;
    struct loading l;
    loading_text(
        &l, BOOT("Nov  2 10:00:00 h kernel: ", "6.9.0",
                 "") "Nov  2 10:00:00 h kernel: audit: type=2000 audit(1712829600.4:1): "
                     "state=x\n" BOOT("Oct 12 15:00:00 h kernel: ", "6.8.0",
                                      "MEMATTR=0x3 ") "Oct 12 15:00:00 h kernel: audit: type=2000 "
                                                      "audit(1715421600.4:1): state=x\n");
    assert_int_equal(loading_count(&l, "efi/kernel-log"), 2);
    loading_end(&l);
}

/* Whatever the files are called. */
static void two_logs_without_dates_are_a_conflict_in_what_they_differ_in(void **state)
{
    (void)state;
    static const char *const names[][2] = {{"a", "b"}, {"b", "a"}};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct raw_file files[] = {
            loading_file(names[i][0], BOOT("[    0.000000] ", "6.1.0", "MEMATTR=0x3 ")),
            loading_file(names[i][1], BOOT("[    0.000000] ", "6.1.0", "")),
        };
        static const struct judge_options options = {.wish = {.profile = &profile_vbs}};
        static const struct libs libs = {0};
        struct loading l;
        loading_folder(&l, files, 2);
        assert_int_equal(loading_count(&l, "efi/kernel-log"), 2);
        struct scene s = {.arena = l.arena};
        judge(&l.snap, &options, &libs, &s.arena, &s.report);
        assert_reason(&s, "uefi.mat", ST_CONFLICT);
        assert_verdict(&s, "uefi.boot", V_PASS);
        assert_verdict(&s, "boot.secure-boot", V_FAIL);
        arena_reset(&s.arena);
    }
}

static void of_two_logs_with_dates_the_later_counts(void **state)
{
    (void)state;
    struct raw_file files[] = {
        loading_file("dmesg",
                     BOOT("[    0.000000] ", "6.1.0",
                          "MEMATTR=0x3 ") "[    0.400000] audit: "
                                          "type=2000 audit(1712829600.400:1): state=initialized\n"),
        loading_file("dmesg.0", BOOT("[    0.000000] ", "6.1.0",
                                     "") "[    0.9] rtc_cmos 00:02: setting "
                                         "system clock to 2024-05-11T10:00:00 UTC (1715421600)\n"),
    };
    struct loading l;
    loading_folder(&l, files, 2);
    assert_int_equal(loading_count(&l, "efi/kernel-log"), 1);
    assert_false(span_find(snap_get(&l.snap, "efi/kernel-log").data, "MEMATTR", NULL));
    assert_true(loading_says(&l, "an earlier boot than the one in dmesg.0"));
    loading_end(&l);
}

static void a_log_without_a_line_that_is_understood_is_no_evidence(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, "[    1.000000] usb 1-1: new device\n[    2.000000] random: done\n");
    assert_int_equal(l.st, ST_NOT_COLLECTED);
    assert_true(loading_says(&l, "a kernel log of 2 lines, none of which is understood"));
    loading_end(&l);
}

#define DMI_LINE(name) "[    0.000000] DMI: " name ", BIOS 1.0 01/01/2024\n"
#define DMIDECODE(vendor, product)                                                                 \
    "# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"                   \
    "\tManufacturer: " vendor "\n\tProduct Name: " product "\n"
#define X86_LOG "[    0.000000] BIOS-e820: [mem 0x0-0x9ffff] usable\n"

static void files_of_two_machines_are_refused_with_both_names(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        enum status st;
    } rows[] = {
        {DMIDECODE("ACME", "Box 1"), DMI_LINE("ACME Box 2/Board"), ST_CONFLICT},
        {DMIDECODE("ACME", "Box 1"), DMI_LINE("ACME Box 1/Board"), ST_OK},
        {DMIDECODE("ACME", "Box   1"), DMI_LINE("Acme BOX 1/Board"), ST_OK}, /* blanks and case */
        {DMIDECODE("ASUSTeK COMPUTER INC.", "UX390"), DMI_LINE("ASUS UX390/UX390"), ST_OK},
        {DMIDECODE("To Be Filled By O.E.M.", "To Be Filled By O.E.M."), DMI_LINE("X Y/Z"), ST_OK},
        {DMIDECODE("ACME", "Box 1"), DMI_LINE("System manufacturer System Product Name/P8"), ST_OK},
        {DMI_LINE("Clevo N14/N14"), DMIDECODE("TUXEDO", "Book"), ST_CONFLICT},
        /* a Clevo that bears its reseller's name */
        {DMI_LINE("Clevo N14/N14xWU"),
         DMIDECODE("TUXEDO", "Book 14") "\nBase Board Information\n\tProduct Name: N14xWU\n",
         ST_OK},
        {"processor\t: 0\nCPU implementer\t: 0x41\n", X86_LOG, ST_CONFLICT},
        {"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n", X86_LOG, ST_OK},
        {"[    0.000000] Linux version 6.1.0 (aarch64-linux-gnu-gcc)\n",
         "basic_cpuid[0]=00000001 00000000 00000000 00000000\n"
         "basic_cpuid[1]=000906ea 00000000 00000000 00000000\n",
         ST_CONFLICT},
        {DMI_LINE("ACME Box 1/Board"), DMI_LINE("Other Machine/Board"), ST_CONFLICT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_file files[] = {loading_file("one.txt", rows[i].one),
                                   loading_file("other.txt", rows[i].other)};
        struct loading l;
        loading_folder(&l, files, 2);
        if (l.st != rows[i].st)
            fail_msg("row %zu: %s, %s", i, status_name(l.st), l.problem);
        if (l.st == ST_CONFLICT)
            assert_true(loading_says(&l, "several machines") && loading_says(&l, "one.txt") &&
                        loading_says(&l, "other.txt"));
        loading_end(&l);
    }
}

/* The plain list and the full one, whatever they are called: the fuller record wins. */
static void two_machines_in_one_file_are_refused(void **state)
{
    (void)state;
    static const char text[] = "# dmidecode 3.4\nSystem Information\n\tManufacturer: LENOVO\n"
                               "\tProduct Name: 20150\n\n"
                               "# dmidecode 3.5\nSystem Information\n\tManufacturer: Framework\n"
                               "\tProduct Name: Laptop 16\n\n";
    struct loading l;
    loading_text(&l, text);
    assert_int_equal(l.st, ST_CONFLICT);
    assert_true(loading_says(&l, "several machines in one file"));
    loading_end(&l);
}

#define MARKED(marker)                                                                             \
    {                                                                                              \
        marker, "Nov 22 10:00:00 h kernel: Linux version 6.1.0 (x)\n"                              \
                "Nov 22 10:00:00 h kernel: efi: ACPI 2.0=0x1 MEMATTR=0x2 \n" marker                \
                "Nov 23 10:00:00 h kernel: Linux version 6.1.0 (x)\n"                              \
                "Nov 23 10:00:00 h kernel: older\n" marker "Nov 24 10:00:00 h kernel: newer\n"     \
    }

/* journalctl's line between boots: the newer one lost its first lines. */
static void a_marker_of_the_journal_starts_a_boot(void **state)
{
    (void)state;
    static const struct {
        const char *marker, *text;
    } rows[] = {MARKED("-- Boot 5f1c77aa --\n"), MARKED("-- Reboot --\n")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct klog_boots boots;
        test_arena(&a);
        klog_boots_find(span_of(rows[i].text), &a, &boots);
        assert_int_equal(boots.n, 3);
        assert_false(boots.backwards);
        assert_true(span_starts(boots.last, rows[i].marker));
        assert_true(span_find(boots.last, "newer", NULL));
        assert_false(span_find(boots.last, "older", NULL));
        arena_reset(&a);
    }
}

static void two_lists_of_functions_are_merged(void **state)
{
    (void)state;
    static const char plain[] = "00:00.0 Host bridge: X\n00:1f.2 SATA controller: Y\n";
    static const char full[] = "00:00.0 Host bridge [0600]: X [8086:1234]\n\n"
                               "00:1f.2 SATA controller [0106]: Y [8086:5678]\n"
                               "\tIOMMU group: 4\n\n";
    struct raw_file files[] = {loading_file("lspci", plain), loading_file("lspci_all", full)};
    struct raw_file other[] = {loading_file("a", full), loading_file("z", plain)};
    struct loading l, m;
    loading_folder(&l, files, 2);
    loading_folder(&m, other, 2);
    struct blob b = snap_get(&l.snap, "pci");
    assert_true(span_equal(b.data, snap_get(&m.snap, "pci").data));
    assert_true(span_find(b.data, "00:1f.2 class=010600 vendor=8086 device=5678", NULL));
    assert_true(span_find(b.data, "group=4", NULL));
    loading_end(&l);
    loading_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_boot_of_a_log_is_judged),
        cmocka_unit_test(an_arm_kernel_starts_once),
        cmocka_unit_test(dates_that_run_backwards_leave_the_order_open),
        cmocka_unit_test(dates_that_deny_each_other_leave_the_order_open),
        cmocka_unit_test(two_logs_without_dates_are_a_conflict_in_what_they_differ_in),
        cmocka_unit_test(of_two_logs_with_dates_the_later_counts),
        cmocka_unit_test(a_log_without_a_line_that_is_understood_is_no_evidence),
        cmocka_unit_test(files_of_two_machines_are_refused_with_both_names),
        cmocka_unit_test(two_machines_in_one_file_are_refused),
        cmocka_unit_test(a_marker_of_the_journal_starts_a_boot),
        cmocka_unit_test(two_lists_of_functions_are_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
