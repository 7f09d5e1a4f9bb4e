/* SPDX-License-Identifier: MIT */
/* Texts that are odd, cut or more than one, and what is left out of each. */
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "load/load.h"
#include "load/redact.h"
#include "load/text/clean.h"
#include "parse/windows/windows.h"
#include "support/build.h"
#include "support/loading.h"
#include "vbscheck/count.h"
#include "vbscheck/libs.h"
#include "vbscheck/out.h"

#define GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* Windows' own texts ------------------------------------------------------------------------ */

#define VBS "Virtualization-based security"
#define MSINFO32(secure_boot, dma, services)                                                       \
    "OS Name\tMicrosoft Windows 11 Pro\r\nVersion\t10.0.26100 Build 26100\r\n"                     \
    "System Manufacturer\tLENOVO\r\nSystem Model\t83LU\r\nSystem Type\tx64-based PC\r\n"           \
    "BIOS Mode\tUEFI\r\nSecure Boot State\t" secure_boot "\r\nKernel DMA Protection\t" dma         \
    "\r\n" VBS "\tRunning\r\n" VBS " Required Security Properties\t\r\n" VBS                       \
    " Available Security Properties\tBase Virtualization Support\r\n" VBS                          \
    " Services Configured\tHypervisor enforced Code Integrity\r\n" VBS                             \
    " Services Running\t" services "\r\n"
#define HVCI "Hypervisor enforced Code Integrity"

/* Which of two texts is the later is not told: the first one's "On" was a pass. */
static void a_switch_that_two_texts_of_windows_tell_differently_is_not_told(void **state)
{
    (void)state;
    static const struct {
        const char *texts[3];
        enum windows_switch secure_boot, dma;
        bool said;
    } rows[] = {
        {{MSINFO32("On", "On", HVCI), MSINFO32("On", "On", HVCI)}, WINDOWS_ON, WINDOWS_ON, false},
        {{MSINFO32("On", "On", HVCI), MSINFO32("Off", "On", HVCI)},
         WINDOWS_UNTOLD,
         WINDOWS_ON,
         true},
        {{MSINFO32("Off", "Off", HVCI), MSINFO32("On", "Off", HVCI), MSINFO32("On", "Off", HVCI)},
         WINDOWS_UNTOLD,
         WINDOWS_OFF,
         true},
        {{MSINFO32("On", "On", HVCI), MSINFO32("On", "On", "Credential Guard")},
         WINDOWS_ON,
         WINDOWS_ON,
         true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_file files[3];
        struct windows w = {0};
        struct loading l;
        size_t n = 0;
        static const char *const names[] = {"a.txt", "b.txt", "c.txt"};
        for (; n < COUNT(files) && rows[i].texts[n] != NULL; n++)
            files[n] = loading_file(names[n], rows[i].texts[n]);
        loading_folder(&l, files, n);
        if (loading_count(&l, "windows") != 1)
            fail_msg("row %zu: %s", i, l.problem != NULL ? l.problem : "there is none");
        assert_int_equal(windows_read(snap_get(&l.snap, "windows").data, &w), ST_OK);
        if (w.secure_boot != rows[i].secure_boot || w.kernel_dma != rows[i].dma)
            fail_msg("row %zu: %d %d", i, (int)w.secure_boot, (int)w.kernel_dma);
        assert_int_equal(w.uefi, WINDOWS_ON);
        if (loading_says(&l, "as texts of two boots can") != rows[i].said)
            fail_msg("row %zu: not said", i);
        loading_end(&l);
    }
}

/* Privacy ----------------------------------------------------------------------------------- */

/* What cannot be read cannot be cleaned either: not a byte of it goes into a capture. */
static void what_redacting_cannot_read_is_left_out_whole(void **state)
{
    (void)state;
    static const struct {
        const char *blob, *text;
    } rows[] = {
        {"cpuid", "CPUID 00000000: 0000000A-756E6547-6C65746E-my_name\n"},
        {"cpuinfo", "my name is in here\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct snapshot s;
        test_arena(&a);
        snap_init(&s, &a, SOURCE_LIVE, "x");
        snap_add(&s,
                 (struct blob){.name = rows[i].blob, .st = ST_OK, .data = span_of(rows[i].text)});
        redact(&s);
        assert_int_equal(snap_get(&s, rows[i].blob).st, ST_MALFORMED);
        assert_int_equal(snap_get(&s, rows[i].blob).data.len, 0);
        arena_reset(&a);
    }
}

/* The journal ------------------------------------------------------------------------------- */

static void records_of_the_journal_that_are_odd_or_cut_end_there(void **state)
{
#define BINARY                                                                                     \
    "__CURSOR=x\n_TRANSPORT=kernel\nX\n"                                                           \
    "\x05\0\0\0\0\0\0\0"                                                                           \
    "a\nb\nc\nMESSAGE=efi: A\n\n"
    (void)state;
    static const struct {
        const char *text;
        size_t n; /* 0: all of it */
        const char *lines;
    } rows[] = {
        /* a field in binary, passed over */
        {BINARY, sizeof BINARY - 1, "[    0.000000] efi: A\n"},
        /* the time that the kernel itself gave counts */
        {"__CURSOR=x\n_TRANSPORT=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=2500000\nMESSAGE=efi: A\n\n",
         0, "[    2.500000] efi: A\n"},
        /* the export of a journal begins with a comment */
        {"-- Journal begins at Sat 2026-11-28 10:00:00 UTC. --\n"
         "Sat 2026-11-28 10:00:00 UTC [s=1;i=2]\n    _TRANSPORT=kernel\n    MESSAGE=efi: A\n",
         0, "[    0.000000] efi: A\n"},
        /* cut inside a name; a name without a value */
        {"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"efi: A\"}\n{\"_TRANS", 0,
         "[    0.000000] efi: A\n"},
        {"{\"x\",\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"efi:\\tA\"}\n", 0,
         "[    0.000000] efi: A\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct span out = {0}, text = span_of(rows[i].text);
        test_arena(&a);
        text.len = rows[i].n > 0 ? rows[i].n : text.len;
        assert_true(clean_journal(text, &a, &out));
        if (!span_is(out, rows[i].lines))
            fail_msg("row %zu: %.*s", i, (int)out.len, (const char *)out.ptr);
        arena_reset(&a);
    }
}

/* Tables ------------------------------------------------------------------------------------ */

#define HEAD(sig, at, hex, sum)                                                                    \
    sig " @ " at "\n    0000: " hex " 24 00 00 00 01 " sum " 00 00 00 00 00 00\n"                  \
        "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n    0020: 00 00 00 00\n\n"

static void more_tables_of_a_kind_than_are_kept_are_told(void **state)
{
    (void)state;
    for (unsigned n = 32; n <= 33; n++) {
        struct arena a;
        struct loading l;
        struct out o;
        test_arena(&a);
        out_init(&o, &a);
        for (unsigned i = 0; i < n; i++) /* no two are alike: the OEM's revision counts up */
            out_printf(&o,
                       "WSMT @ 0x0\n    0000: 57 53 4D 54 28 00 00 00 01 00 00 00 00 00 00 00\n"
                       "    0010: 00 00 00 00 00 00 00 00 %02X 00 00 00 00 00 00 00\n"
                       "    0020: 00 00 00 00 07 00 00 00\n\n",
                       i);
        loading_span(&l, out_span(&o));
        assert_int_equal(loading_says(&l, "only the first 32 tables of this kind are used"),
                         n > 32);
        size_t kept = 0;
        for (size_t i = 0; i < l.snap.n; i++)
            kept +=
                strncmp(l.snap.blobs[i].name, "acpi/WSMT", 9) == 0 && l.snap.blobs[i].st == ST_OK;
        assert_int_equal(kept, 32);
        /* What is left out could contradict them. */
        assert_int_equal(snap_get(&l.snap, "acpi/WSMT33").st,
                         n > 32 ? ST_TRUNCATED : ST_NOT_COLLECTED);
        loading_end(&l);
        arena_reset(&a);
    }
}

/* More heads of tables than any machine has: the list is not whole, and nothing is absent. */
static void a_list_of_thousands_of_tables_proves_nothing_absent(void **state)
{
    (void)state;
    for (unsigned n = 4094; n <= 4095; n++) { /* FACP and APIC beside them */
        struct arena a;
        struct loading l;
        struct out o;
        test_arena(&a);
        out_init(&o, &a);
        out_str(&o,
                HEAD("FACP", "0x1000", "46 41 43 50", "C1")
                    HEAD("APIC", "0x2000", "41 50 49 43", "BE") "FACS @ 0x9\n    0000: 46 41 43 "
                                                                "53 40 00 00 00\n\n");
        for (unsigned i = 1; i < n; i++)
            out_printf(&o,
                       "OEM0 @ 0x%x\n    0000: 4F 45 4D 30 24 00 00 00 01 00 00 00 00 00 00 00\n"
                       "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                       "    0020: 00 00 00 00\n\n",
                       0x10000 + i);
        loading_span(&l, out_span(&o));
        assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st,
                         n == 4094 ? ST_ABSENT : ST_NOT_COLLECTED);
        loading_end(&l);
        arena_reset(&a);
    }
}

/* Files ------------------------------------------------------------------------------------- */

static void a_single_file_that_cannot_be_read_is_refused_with_its_reason(void **state)
{
    (void)state;
    struct raw_file file = {.name = "", .st = ST_NO_PERMISSION};
    struct raw_input in = {.path = "input", .files = &file, .n = 1};
    static const struct libs libs = {0};
    struct arena a;
    struct snapshot s;
    const char *problem = NULL;
    test_arena(&a);
    assert_int_equal(load_input(&in, &libs, &a, &s, &problem), ST_NO_PERMISSION);
    assert_string_equal(problem, status_meaning(ST_NO_PERMISSION));
    arena_reset(&a);
}

static void a_manifest_that_cannot_be_read_is_told(void **state)
{
    (void)state;
    struct raw_file files[] = {{.name = "manifest.json", .st = ST_NO_PERMISSION},
                               loading_file("dmi", "vendor: X\n")};
    struct loading l;
    loading_folder(&l, files, COUNT(files));
    assert_int_not_equal(l.st, ST_OK);
    assert_non_null(strstr(l.problem, "manifest.json"));
    loading_end(&l);
}

/* `efivar -l`: names only. */
static void a_list_of_variables_decides_nothing_and_says_so(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, GUID "-SecureBoot\n" GUID "-Boot0001\n" GUID "-SetupMode\n");
    assert_int_equal(loading_count(&l, "efivar/SecureBoot-" GUID), 0);
    assert_true(loading_says(&l, "(rules use 2 of the variables listed)"));
    loading_end(&l);
}

/* Of two files that say the same, one counts, and neither is a contradiction. */
static void two_texts_that_say_the_same_are_one(void **state)
{
    (void)state;
    struct raw_file files[] = {loading_file("a.txt", "SecureBoot enabled\n"),
                               loading_file("b.txt", "SecureBoot enabled\n")};
    struct loading l;
    loading_folder(&l, files, COUNT(files));
    assert_int_equal(l.st, ST_OK);
    assert_int_equal(loading_count(&l, "efivar/SecureBoot-" GUID), 1);
    loading_end(&l);
}

/* A variable that no rule wants is passed over, and the next one is read. */
static void a_variable_that_no_rule_wants_is_passed_over(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l,
                 "GUID: " GUID "\nName: \"Boot0001\"\nAttributes:\n\tBoot Service Access\nValue:\n"
                 "00000000  01  |.|\n"
                 "GUID: " GUID "\nName: \"SecureBoot\"\nAttributes:\n\tBoot Service Access\n"
                 "\tRuntime Service Access\nValue:\n00000000  01  |.|\n");
    assert_int_equal(l.snap.n, 1);
    assert_int_equal(loading_count(&l, "efivar/SecureBoot-" GUID), 1);
    loading_end(&l);
}

/* A dump that is damaged gives no variable: neither of a digit that is none, nor of a jump. */
static void a_damaged_dump_gives_no_variable(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "# od SecureBoot-" GUID "\n0000000 000006 000008 000001\n0000005\n",
        "# od SecureBoot-" GUID "\n0000000 300006 000000 000001\n0000005\n",
        "# base64 SecureBoot-" GUID "\nBgAA*AE=\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct loading l;
        loading_text(&l, texts[i]);
        if (snap_get(&l.snap, "efivar/SecureBoot-" GUID).st == ST_OK)
            fail_msg("text %zu", i);
        loading_end(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_switch_that_two_texts_of_windows_tell_differently_is_not_told),
        cmocka_unit_test(what_redacting_cannot_read_is_left_out_whole),
        cmocka_unit_test(records_of_the_journal_that_are_odd_or_cut_end_there),
        cmocka_unit_test(more_tables_of_a_kind_than_are_kept_are_told),
        cmocka_unit_test(a_list_of_thousands_of_tables_proves_nothing_absent),
        cmocka_unit_test(a_single_file_that_cannot_be_read_is_refused_with_its_reason),
        cmocka_unit_test(a_manifest_that_cannot_be_read_is_told),
        cmocka_unit_test(a_list_of_variables_decides_nothing_and_says_so),
        cmocka_unit_test(two_texts_that_say_the_same_are_one),
        cmocka_unit_test(a_variable_that_no_rule_wants_is_passed_over),
        cmocka_unit_test(a_damaged_dump_gives_no_variable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
