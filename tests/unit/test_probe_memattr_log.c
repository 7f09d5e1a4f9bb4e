/* SPDX-License-Identifier: MIT */
/* What a kernel log tells of the Memory Attributes Table: that there is one, and its entries. */
#include "support/cmocka.h"

#include "support/mat.h"
#include "vbscheck/count.h"

#define ENTRY(range, type, attributes)                                                             \
    "efi: memattr:  " range " [" type "|RUN|  |" attributes "|   |  |  |  |  ]\n"
#define REGION(number, type, range)                                                                \
    "efi: mem" number ": [" type "|RUN|  |  |  |WB|WT|WC|UC] range=[" range "] (0MB)\n"

/* What the boot stub makes of MAP, and of one region more. */
#define E820      "BIOS-e820: [mem 0x0000000000000000-0x000000000002ffff] usable\n"
#define E820_MORE E820 "BIOS-e820: [mem 0x0000000000030000-0x0000000000030fff] reserved\n"
#define VERSION   "Linux version 6.12.0 (x@y) #1\n"
#define LINUX     VERSION E820
#define TABLES    "efi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0x3000 \n"
#define OPENING   "efi: memattr: Processing EFI Memory Attributes table:\n"
#define HEAD      ENTRY("0x000000010000-0x000000010fff", "Runtime Code", "XP|  ")
#define TEXT      ENTRY("0x000000011000-0x00000001ffff", "Runtime Code", "  |RO")
#define DATA      ENTRY("0x000000020000-0x00000002ffff", "Runtime Data", "XP|  ")
#define BARE      ENTRY("0x000000020000-0x00000002ffff", "Runtime Data", "  |  ")
#define OUTSIDE   ENTRY("0x000000030000-0x000000030fff", "Runtime Data", "XP|  ")
#define UNSORTED  ENTRY("0x00000000f000-0x00000000ffff", "Runtime Code", "XP|  ")
#define MAP0      REGION("00", "Boot Code   ", "0x0000-0xffff")
#define MAP1      REGION("01", "Runtime Code", "0x10000-0x1ffff")
#define MAP2      REGION("02", "Runtime Data", "0x20000-0x2ffff")
#define MAP       MAP0 MAP1 MAP2
#define FOREIGN   "secureboot: Secure boot disabled\n"

static void begin(struct scene *s, const char *log)
{
    scene_begin(s);
    scene_complete_acpi(s);
    scene_text(s, "efi/platform", "64\n");
    if (log != NULL)
        scene_text(s, "efi/kernel-log", log);
}

static void a_whole_listing_with_its_map_passes_all_four(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, LINUX TABLES MAP OPENING HEAD TEXT DATA FOREIGN);
    scene_judge(&s);
    mat_expect(&s, "PPPP");
    mat_expect_facts(&s, 0, 0, true, true);
    assert_int_equal(scene_fact(&s, "mat.entries")->v.u, 3);
    assert_string_equal(scene_fact(&s, "mat.read-from")->v.text, "kernel-log");
    assert_int_equal(scene_fact(&s, "mat.version")->st, ST_NOT_COLLECTED);
    assert_int_equal(scene_fact(&s, "mat.forward-control-flow")->st, ST_NOT_COLLECTED);
    assert_int_equal(s.report.facts.mat->n, 3);
    assert_false(scene_notes(&s, "version"));
    scene_end(&s);
}

/* The table is proven, and nothing that is wrong with it: but lines may be missing. */
static void a_listing_that_may_lack_lines_never_passes(void **state)
{
    (void)state;
    static const char *const logs[] = {
        LINUX TABLES MAP HEAD TEXT DATA FOREIGN,                     /* no opening line */
        LINUX TABLES MAP OPENING HEAD FOREIGN TEXT DATA FOREIGN,     /* another line between */
        LINUX TABLES MAP0 MAP2 OPENING HEAD TEXT DATA FOREIGN,       /* a gap in the map */
        LINUX TABLES MAP1 MAP2 OPENING HEAD TEXT DATA FOREIGN,       /* its begin is missing */
        LINUX TABLES OPENING HEAD TEXT DATA FOREIGN,                 /* no map */
        VERSION TABLES MAP OPENING HEAD TEXT DATA FOREIGN,           /* nothing vouches for it */
        VERSION E820_MORE TABLES MAP OPENING HEAD TEXT DATA FOREIGN, /* its last line is lost */
        LINUX TABLES MAP OPENING HEAD TEXT FOREIGN,                  /* its end is missing */
        LINUX TABLES MAP OPENING HEAD DATA FOREIGN,                  /* one in the middle */
        LINUX TABLES MAP OPENING HEAD FOREIGN,
    };
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        begin(&s, logs[i]);
        scene_judge(&s);
        if (scene_verdict(&s, MAT_COVERAGE) != V_UNKNOWN)
            print_message("log %zu\n", i);
        mat_expect_reason(&s, "PUUU", ST_TRUNCATED);
        assert_int_equal(mat_findings(&s), 0);
        assert_int_equal(scene_fact(&s, "mat.entries")->st, ST_TRUNCATED);
        scene_end(&s);
    }
}

/* The map of a machine's own runtime-map is that of the same boot, and proves nothing of lines. */
static void the_other_map_does_not_make_a_listing_whole(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, LINUX TABLES OPENING HEAD TEXT DATA FOREIGN);
    scene_text(
        &s, "efi/runtime-map",
        "0x5 0x10000 0x0 0x10 0x800000000000000f\n0x6 0x20000 0x0 0x10 0x800000000000000f\n");
    scene_judge(&s);
    mat_expect_reason(&s, "PUUU", ST_TRUNCATED);
    scene_end(&s);
}

static void what_is_wrong_is_seen_in_any_listing(void **state)
{
    (void)state;
    static const struct {
        const char *log, *verdicts, *rule, *range, *words;
    } rows[] = {
        {LINUX TABLES OPENING HEAD BARE FOREIGN, "PUUF", MAT_PROTECTION,
         "000000020000-00000002ffff", "runtime data is neither read-only nor no-execute"},
        {LINUX TABLES MAP HEAD TEXT OUTSIDE FOREIGN, "PFUU", MAT_COVERAGE,
         "000000030000-000000030fff", "runtime data is not in a runtime region of its type"},
        {LINUX TABLES HEAD UNSORTED FOREIGN, "PUFU", MAT_LAYOUT, "00000000f000-00000000ffff",
         "runtime code is out of order"},
        {LINUX TABLES MAP OPENING HEAD TEXT BARE FOREIGN, "PPPF", MAT_PROTECTION,
         "000000020000-00000002ffff", "runtime data is neither read-only nor no-execute"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, rows[i].log);
        scene_judge(&s);
        mat_expect_reason(&s, rows[i].verdicts, ST_TRUNCATED);
        assert_int_equal(mat_findings(&s), 1);
        mat_expect_finding(&s, rows[i].rule, rows[i].range, rows[i].words, SIZE_MAX, 0);
        scene_end(&s);
    }
}

static void bytes_are_believed_before_a_listing(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    scene_text(&m.s, "efi/kernel-log", LINUX TABLES MAP OPENING HEAD TEXT BARE FOREIGN);
    mat_judge(&m);
    mat_expect(&m.s, "PPPP");
    assert_string_equal(scene_fact(&m.s, "mat.read-from")->v.text, "file");
    mat_end(&m);
}

/* Published ---------------------------------------------------------------------------------- */

/* What follows shows that the line could have been longer. */
#define LONGER                                                                                     \
    "DMI: EXAMPLE A machine with a very long name/And a board with another one, BIOS 1.0 "         \
    "01/01/2020\n"

/* Half of the bytes is less than all of the listing. */
static void a_listing_stands_in_for_bytes_that_were_cut(void **state)
{
    (void)state;
    static const uint8_t header[] = {1, 0, 0, 0, 3, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0};
    struct scene s;
    begin(&s, LINUX TABLES MAP OPENING HEAD TEXT DATA FOREIGN);
    scene_bytes(&s, "efi/memattr", (struct span){header, sizeof header});
    scene_judge(&s);
    mat_expect(&s, "PPPP");
    assert_string_equal(scene_fact(&s, "mat.read-from")->v.text, "kernel-log");
    scene_end(&s);
}

static void the_logs_line_of_tables_decides(void **state)
{
    (void)state;
    static const struct {
        const char *log, *verdicts;
        enum status why;
    } rows[] = {
        {LINUX TABLES LONGER, "PUUU", ST_NOT_COLLECTED},
        {LINUX "efi: ACPI=0x1000 SMBIOS=0x2000 \n" LONGER, "FNNN", ST_OK},
        {LINUX "efi: ACPI 2.0=0x1000 SMBIOS 3.0=0x2000 \n" LONGER, "FNNN", ST_OK},
        {"Linux version 4.6.0\nefi: ACPI=0x1000 SMBIOS=0x2000 \n" LONGER, "FNNN", ST_OK},
        {"Linux version 4.5.7\nefi: ACPI=0x1000 SMBIOS=0x2000 \n" LONGER, "UUUU", ST_TRUNCATED},
        {"efi: ACPI=0x1000 SMBIOS=0x2000 \n" LONGER, "UUUU", ST_TRUNCATED},        /* any kernel */
        {LINUX "efi: ACPI=0x1000 SMBIOS=0x2000 ESRT=0x3\n", "UUUU", ST_TRUNCATED}, /* the end */
        {LINUX "efi: ACPI=0x1000 SMBIOS=0x2000 MEMA\n" LONGER, "UUUU", ST_TRUNCATED}, /* cut */
        {LINUX "efi: ACPI=0x1000 ESRT=0x2000 \n" LONGER, "UUUU", ST_TRUNCATED},
        {LINUX "efi: SMBIOS=0x1000 ESRT=0x2000 \n" LONGER, "UUUU", ST_TRUNCATED},
        {LINUX "efi: EFI v2.70 by Example\n" LONGER, "UUUU", ST_TRUNCATED},
        {LINUX "efi: ACPI=0x1000 SMBIOS=0x2000 (MEMATTR=0x3000 unusable) \n" LONGER, "UUUU",
         ST_MALFORMED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, rows[i].log);
        scene_judge(&s);
        if (scene_verdict(&s, "uefi.mat") == V_UNKNOWN)
            assert_reason(&s, "uefi.mat", rows[i].why);
        mat_expect(&s, rows[i].verdicts);
        if (rows[i].verdicts[0] == 'F')
            assert_string_equal(scene_fact(&s, "mat.published")->from.blob, "efi/kernel-log");
        scene_end(&s);
    }
}

static void without_a_log_the_reason_is_the_logs(void **state)
{
    (void)state;
    static const enum status statuses[] = {ST_NO_PERMISSION, ST_TRUNCATED, ST_NOT_COLLECTED,
                                           ST_LOCKDOWN};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct scene s;
        begin(&s, NULL);
        scene_missing(&s, "efi/kernel-log", statuses[i]);
        scene_judge(&s);
        assert_verdict(&s, "uefi.mat", V_UNKNOWN);
        assert_reason(&s, "uefi.mat", statuses[i]);
        scene_end(&s);
    }
    struct scene s;
    begin(&s, NULL);
    scene_judge(&s);
    mat_expect_reason(&s, "UUUU", ST_NOT_COLLECTED);
    scene_end(&s);
}

/* A machine's log that no longer tells of EFI lost its begin; loose evidence may be a part of one
 * that somebody cut out for another purpose. */
static void a_log_without_efi_is_truncated_where_it_was_collected(void **state)
{
    (void)state;
    static const enum source_kind kinds[] = {SOURCE_LIVE, SOURCE_ROOT, SOURCE_CAPTURE,
                                             SOURCE_EVIDENCE};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct scene s;
        begin(&s, LINUX FOREIGN);
        s.snap.kind = kinds[i];
        scene_judge(&s);
        assert_reason(&s, "uefi.mat",
                      kinds[i] == SOURCE_EVIDENCE ? ST_NOT_COLLECTED : ST_TRUNCATED);
        scene_end(&s);
    }
}

/* A log that lost its beginning proves no absence, whatever its line of tables looks like. */
static void a_truncated_log_proves_no_absence(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, NULL);
    static const char log[] = LINUX "efi: ACPI=0x1000 SMBIOS=0x2000 \n" LONGER;
    snap_add(&s.snap, (struct blob){.name = "efi/kernel-log",
                                    .st = ST_TRUNCATED,
                                    .data = {(const uint8_t *)log, sizeof log - 1}});
    scene_judge(&s);
    assert_verdict(&s, "uefi.mat", V_UNKNOWN);
    assert_reason(&s, "uefi.mat", ST_TRUNCATED);
    scene_end(&s);
}

/* 0 and all ones are addresses of nothing; a machine of the corpus publishes one. */
static void an_address_of_nothing_is_no_table(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "efi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0x0 \n",
        "efi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0xffffffff \n",
        "efi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0xffffffffffffffff \n",
        "efi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0xffffffffff\n", /* cut */
        /* What Linux read there was cut off. */
        TABLES "efi: memattr: Unexpected EFI Memory\n",
        TABLES "efi: memattr: [Firmware Bug]: Corrupted EFI Memory Attributes Table detected!\n",
        "efi: {+MEMATTR=0xffffffffffffffff+} ACPI=0x1000 SMBIOS=0x2000 \n",
    };
    for (size_t i = 0; i < COUNT(tables); i++) {
        struct scene s;
        begin(&s, NULL);
        scene_text(&s, "efi/kernel-log",
                   arena_printf(&s.arena, LINUX "%s" LONGER FOREIGN, tables[i]));
        scene_judge(&s);
        if (scene_verdict(&s, "uefi.mat") != V_UNKNOWN)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "uefi.mat")));
        scene_end(&s);
    }
}

static void a_step_that_found_the_address_proves_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *steps;
        bool published;
    } rows[] = {
        {"address kernel-log truncated\naddress kallsyms 0x3cb86018\nbytes kcore lockdown\n", true},
        {"address config-table 0x3cb86018\nbytes kcore no-permission\n", true},
        {"address kallsyms absent\naddress config-table no-permission\n", false},
        {"address kallsyms 0x0\nbytes kcore no-permission\n", false},
        {"address kallsyms 0xffffffffffffffff\nbytes kcore no-permission\n", false},
        {"address kallsyms\nbytes kcore ok 1072\n", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, NULL);
        scene_missing(&s, "efi/kernel-log", ST_TRUNCATED);
        scene_missing(&s, "efi/memattr", ST_LOCKDOWN);
        scene_text(&s, "efi/memattr-steps", rows[i].steps);
        scene_judge(&s);
        mat_expect(&s, rows[i].published ? "PUUU" : "UUUU");
        enum status why = rows[i].published ? ST_LOCKDOWN : ST_TRUNCATED;
        assert_reason(&s, MAT_LAYOUT, why);
        assert_reason(&s, MAT_PROTECTION, why);
        assert_int_equal(scene_notes(&s, "search for the table: address"), i < 6);
        scene_end(&s);
    }
}

static void in_legacy_mode_all_four_are_not_uefi(void **state)
{
    (void)state;
    struct mat m;
    mat_begin(&m);
    m.s.snap.n = 0;
    scene_complete_acpi(&m.s);
    scene_missing(&m.s, "efi/platform", ST_ABSENT);
    mat_judge(&m);
    mat_expect_reason(&m.s, "UUUU", ST_NOT_UEFI);
    assert_null(m.s.report.facts.mat);
    assert_int_equal(mat_findings(&m.s), 0);
    mat_end(&m);
}

/* Messages ----------------------------------------------------------------------------------- */

#define CORRUPTED "[Firmware Bug]: Corrupted EFI Memory Attributes Table detected! "

/* Linux' complaint about a header decides only where the header is nonsense. */
static void a_header_that_linux_refused_is_judged_anew(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        bool nonsense;
        const char *otherwise; /* NULL: nothing is known of its content */
    } rows[] = {
        {"Unexpected EFI Memory Attributes table version -1347440721", true, NULL},
        {"Unexpected EFI Memory Attributes table version 0", true, NULL},
        {"Unexpected EFI Memory Attributes table version 2", false, NULL},
        {"Unexpected EFI Memory Attributes table", false, "UUUU"}, /* cut */
        {"Unexpected EFI", false, "UUUU"},
        {CORRUPTED "(version == 0, desc_size == 18058, num_entries == 33554432)", true, NULL},
        {CORRUPTED "(version == 1, desc_size == 18058, num_entries == 3)", true, NULL},
        {CORRUPTED "(version == 1, desc_size == 48, num_entries == 3248688968)", true, NULL},
        {CORRUPTED "(version == 1, desc_size == 48, num_entries == 0)", false, "PFNN"},
        {CORRUPTED "(version == 1, desc_size == 48, num_entries == 50)", false, NULL},
        {CORRUPTED "(version == 2, desc_size == 48, num_entries == 40)", false, NULL},
        {CORRUPTED "(version == 1, desc_size == 180", false, "UUUU"}, /* cut */
        {"Failed to map EFI Memory Attributes table @ 0x3cb86018", false, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, NULL);
        scene_text(
            &s, "efi/kernel-log",
            arena_printf(&s.arena, LINUX TABLES "efi: memattr: %s\n" FOREIGN, rows[i].message));
        scene_judge(&s);
        bool unmapped = span_starts(span_of(rows[i].message), "Failed to map");
        if (rows[i].otherwise != NULL)
            mat_expect(&s, rows[i].otherwise);
        else
            mat_expect_reason(&s, rows[i].nonsense ? "UUUU" : "PUUU",
                              rows[i].nonsense || unmapped ? ST_MALFORMED : ST_NOT_COLLECTED);
        assert_true(scene_notes(&s, rows[i].message));
        scene_end(&s);
    }
}

/* What Linux prints of the entries that it refuses, without efi=debug: they are judged anew. */
static void refused_entries_are_judged_and_noted(void **state)
{
    (void)state;
    static const struct {
        const char *message, *entry, *verdicts;
    } rows[] = {
        {"Entry attributes invalid: RO and XP bits both cleared",
         "0x000000020000-0x00000002ffff [Runtime Code|RUN|  |  |  |   |  |  |  |  ]", "PUUF"},
        {"No matching entry found in the EFI memory map",
         "0x000000020000-0x00000002ffff [Runtime Data|RUN|  |XP|  |   |  |  |  |  ]", "PUUU"},
        {"Entry type should be RuntimeServiceCode/Data",
         "0x000000020000-0x00000002ffff [Conventional|RUN|  |XP|  |   |  |  |  |  ]", "PUUU"},
        {"Entry address region misaligned",
         "0x000000020800-0x0000000307ff [Runtime Data|RUN|  |XP|  |   |  |  |  |  ]", "PUFU"},
        {"Entry covers multiple EFI memory map regions",
         "0x000000020000-0x00000002ffff [Runtime Data|RUN|  |XP|  |   |  |  |  |  ]", "PUUU"},
        {"Entry type deviates from EFI memory map region type",
         "0x000000020000-0x00000002ffff [Runtime Data|RUN|  |XP|  |   |  |  |  |  ]", "PUUU"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, NULL);
        scene_text(&s, "efi/kernel-log",
                   arena_printf(&s.arena, LINUX TABLES "efi: memattr: %s\nefi: memattr: ! %s\n",
                                rows[i].message, rows[i].entry));
        scene_judge(&s);
        mat_expect_reason(&s, rows[i].verdicts, ST_TRUNCATED);
        assert_true(scene_notes(&s, rows[i].message));
        assert_true(scene_notes(&s, "entries of the table that Linux refused: 1"));
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_listing_with_its_map_passes_all_four),
        cmocka_unit_test(a_listing_that_may_lack_lines_never_passes),
        cmocka_unit_test(the_other_map_does_not_make_a_listing_whole),
        cmocka_unit_test(what_is_wrong_is_seen_in_any_listing),
        cmocka_unit_test(bytes_are_believed_before_a_listing),
        cmocka_unit_test(a_listing_stands_in_for_bytes_that_were_cut),
        cmocka_unit_test(the_logs_line_of_tables_decides),
        cmocka_unit_test(without_a_log_the_reason_is_the_logs),
        cmocka_unit_test(a_log_without_efi_is_truncated_where_it_was_collected),
        cmocka_unit_test(a_truncated_log_proves_no_absence),
        cmocka_unit_test(an_address_of_nothing_is_no_table),
        cmocka_unit_test(a_step_that_found_the_address_proves_the_table),
        cmocka_unit_test(in_legacy_mode_all_four_are_not_uefi),
        cmocka_unit_test(a_header_that_linux_refused_is_judged_anew),
        cmocka_unit_test(refused_entries_are_judged_and_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
