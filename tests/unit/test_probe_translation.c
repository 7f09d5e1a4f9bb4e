/* SPDX-License-Identifier: MIT */
/* Whether the units in use translate, from blobs to rules. */
#include "support/cmocka.h"

#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

#define LIST "DRHD fed90000"
#define REST "DRHD fed91000"
#define GPU  FN("0000:00:02.0", "030000", "")
#define XHCI FN("0000:00:14.0", "0c0330", "")

/* Lines of sys/iommu and of the log on the unit at fed90000 or fed91000. */
#define SYS(n, cap, ecap)                                                                          \
    "unit dmar" n " address fed9" n "000\nunit dmar" n " cap " cap "\nunit dmar" n " ecap " ecap   \
    "\nunit dmar" n " version 1:0\n"
#define LOG(n, cap, ecap)                                                                          \
    "[    0.03] DMAR: dmar" n ": reg_base_addr fed9" n "000 ver 1:0 cap " cap " ecap " ecap "\n"
#define CAN    "1c0000c40660462" /* 48 bit */
#define CANNOT "1c0000c40660062"
#define ONES   "ffffffffffffffff"

/* Text of each blob; NULL: the status in its place. */
struct seen {
    const char *pci, *sys, *log;
    enum status sys_st, log_st;
};

static void add(struct scene *s, const char *name, const char *text, enum status st)
{
    if (text != NULL)
        scene_text(s, name, text);
    else
        scene_missing(s, name, st);
}

/* The graphics controller is behind one unit, all else behind the other. */
static void judge_units(struct scene *s, struct seen seen)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
    dmar_unit(&b, ALL, 0, 0xfed91000, "");
    scene_bytes(s, "acpi/DMAR", acpi_end(&b));
    add(s, "pci", seen.pci, ST_NOT_COLLECTED);
    add(s, "sys/iommu", seen.sys, seen.sys_st);
    add(s, "efi/kernel-log", seen.log, seen.log_st);
    scene_judge(s);
}

static void assert_translation(const struct scene *s, enum verdict verdict, enum status reason)
{
    const struct outcome *o = scene_rule(s, "iommu.translation");
    if (o->verdict != verdict || o->reason != reason)
        fail_msg("translation is %s (%s), and not %s (%s)", verdict_name(o->verdict),
                 status_name(o->reason), verdict_name(verdict), status_name(reason));
}

static void the_driver_shows_what_units_can(void **state)
{
    (void)state;
    struct scene s;
    judge_units(&s, (struct seen){.pci = GPU XHCI, .sys = SYS("0", CAN, "0") SYS("1", CAN, "0")});
    assert_translation(&s, V_PASS, ST_OK);
    assert_units(&s, 2, 2);
    const struct iommu_unit *u = &s.report.facts.iommu->units[0];
    assert_int_equal(u->translates, TOLD_YES);
    assert_string_equal(u->seen_in, "sys/iommu");
    assert_string_equal(u->translation,
                        "second-stage tables of 48 bit (CAP 1c0000c40660462, ECAP 0)");
    scene_end(&s);
}

static void the_log_shows_it_where_the_driver_is_off(void **state)
{
    (void)state;
    struct scene s;
    judge_units(&s, (struct seen){.pci = GPU XHCI,
                                  .sys = "groups 0\n",
                                  .log = LOG("0", CAN, "f050da") LOG("1", CAN, "f050da")});
    assert_translation(&s, V_PASS, ST_OK);
    assert_string_equal(s.report.facts.iommu->units[1].seen_in, "efi/kernel-log");
    scene_end(&s);
}

static void the_driver_weighs_more_than_the_log(void **state)
{
    (void)state;
    struct scene s;
    judge_units(&s, (struct seen){.pci = GPU XHCI,
                                  .sys = SYS("0", CANNOT, "0") SYS("1", CAN, "0"),
                                  .log = LOG("0", CAN, "0") LOG("1", CANNOT, "0")});
    assert_translation(&s, V_FAIL, ST_OK);
    assert_int_equal(findings_of(&s, "iommu.translation"), 1);
    assert_finding(&s, "iommu.translation", LIST,
                   "CAP.SAGAW is 0, and there is no stage of scalable mode");
    scene_end(&s);
}

/* SAGAW is 0; bits of ECAP: 43 scalable mode, 46 its second stage, 47 its first. */
static void scalable_mode_translates_with_a_stage_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *sys;
        bool translates;
    } rows[] = {
        {SYS("0", CANNOT, "0"), false},
        {SYS("0", CANNOT, "80000000000"), false},
        {SYS("0", CANNOT, "480000000000"), true},
        {SYS("0", CANNOT, "880000000000"), true},
        {SYS("0", CANNOT, "c80000000000"), true},
        {SYS("0", CANNOT, "c00000000000"), false},
        {SYS("0", "200", "0"), true},
        {SYS("0", "400", "0"), true},
        {SYS("0", "800", "0"), true},
        {SYS("0", "100", "0"), false},
        {SYS("0", "1000", "0"), false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_units(&s, (struct seen){.pci = GPU, .sys = rows[i].sys});
        if ((scene_verdict(&s, "iommu.translation") == V_PASS) != rows[i].translates)
            fail_msg("row %zu", i);
        assert_translation(&s, rows[i].translates ? V_PASS : V_FAIL, ST_OK);
        scene_end(&s);
    }
}

static void a_unit_in_use_that_cannot_is_one_finding(void **state)
{
    (void)state;
    struct scene s;
    judge_units(&s,
                (struct seen){.pci = GPU XHCI, .sys = SYS("0", CAN, "0") SYS("1", CANNOT, "0")});
    assert_translation(&s, V_FAIL, ST_OK);
    assert_int_equal(findings_of(&s, "iommu.translation"), 1);
    assert_finding(&s, "iommu.translation", REST, "(CAP " CANNOT ", ECAP 0)");
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){2, 0, 0});
    scene_end(&s);
}

static void an_idle_unit_does_not_matter(void **state)
{
    (void)state;
    static const char *const sys[] = {
        SYS("0", CANNOT, "0") SYS("1", CAN, "0"),
        SYS("1", CAN, "0"),
    };
    for (size_t i = 0; i < COUNT(sys); i++) {
        struct scene s;
        judge_units(&s, (struct seen){.pci = XHCI, .sys = sys[i]});
        assert_translation(&s, V_PASS, ST_OK);
        assert_units(&s, 2, 1);
        scene_end(&s);
    }
}

static void where_use_is_not_known_all_units_count(void **state)
{
    (void)state;
    static const struct {
        const char *sys;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {SYS("0", CAN, "0") SYS("1", CAN, "0"), V_PASS, ST_OK},
        {SYS("0", CANNOT, "0") SYS("1", CAN, "0"), V_UNKNOWN, ST_NOT_COLLECTED},
        {SYS("0", CANNOT, "0"), V_UNKNOWN, ST_NOT_COLLECTED},
        {SYS("0", CANNOT, "0") SYS("1", CANNOT, "0"), V_FAIL, ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_units(&s, (struct seen){.sys = rows[i].sys});
        assert_translation(&s, rows[i].verdict, rows[i].reason);
        assert_int_equal(findings_of(&s, "iommu.translation"), rows[i].verdict == V_FAIL ? 2 : 0);
        assert_int_equal(scene_fact(&s, "iommu.units-in-use")->st, ST_NOT_COLLECTED);
        scene_end(&s);
    }
}

/* All functions are known, and none is behind a unit: that one cannot translate decides nothing. */
static void a_unit_that_cannot_and_one_that_can_with_nothing_behind_are_no_verdict(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
    dmar_unit(&b, LISTED, 0, 0xfed91000, "");
    scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
    scene_text(&s, "pci", XHCI);
    scene_text(&s, "sys/iommu", SYS("0", CANNOT, "0") SYS("1", CAN, "0"));
    scene_judge(&s);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){1, 1, 0});
    assert_units(&s, 2, 0);
    assert_translation(&s, V_UNKNOWN, ST_UNPROVABLE);
    scene_end(&s);
}

static void a_unit_whose_registers_are_not_seen_is_not_judged(void **state)
{
    (void)state;
    static const struct {
        struct seen seen;
        enum status reason;
        const char *blob;
    } rows[] = {
        {{0}, ST_NOT_COLLECTED, "efi/kernel-log"},
        {{.sys = "groups 0\n"}, ST_NOT_COLLECTED, "efi/kernel-log"},
        {{.sys = "groups 0\n", .log_st = ST_NO_PERMISSION}, ST_NO_PERMISSION, "efi/kernel-log"},
        {{.sys = "groups 0\n", .log_st = ST_TRUNCATED}, ST_TRUNCATED, "efi/kernel-log"},
        {{.sys = "groups 0\n", .log = "[    0.0] nothing\n"}, ST_NO_DRIVER, "sys/iommu"},
        {{.sys_st = ST_NO_DRIVER, .log = "[    0.0] nothing\n"}, ST_NO_DRIVER, "sys/iommu"},
        {{.log = "[    0.0] nothing\n"}, ST_NOT_COLLECTED, "sys/iommu"},
        {{.sys = SYS("0", ONES, ONES), .log = LOG("0", ONES, "0")}, ST_NO_DRIVER, "sys/iommu"},
        {{.sys = SYS("1", CAN, "0"), .log = ""}, ST_NO_DRIVER, "sys/iommu"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        struct seen seen = rows[i].seen;
        seen.pci = GPU;
        judge_units(&s, seen);
        const struct fact *f = scene_fact(&s, "iommu.translates");
        if (f->st != rows[i].reason || strcmp(f->from.blob, rows[i].blob) != 0)
            fail_msg("row %zu: %s from %s", i, status_name(f->st), f->from.blob);
        assert_translation(&s, V_UNKNOWN, rows[i].reason);
        assert_int_equal(s.report.facts.iommu->units[0].translates, NOT_TOLD);
        /* A log that was denied may say that the unit does not answer. */
        assert_int_equal(s.report.facts.n_findings, rows[i].reason == ST_NO_PERMISSION);
        scene_end(&s);
    }
}

static void a_unit_that_cannot_outweighs_one_that_is_not_seen(void **state)
{
    (void)state;
    struct scene s;
    judge_units(&s, (struct seen){.pci = GPU XHCI, .sys = SYS("1", CANNOT, "0")});
    assert_translation(&s, V_FAIL, ST_OK);
    assert_int_equal(findings_of(&s, "iommu.translation"), 1);
    scene_end(&s);
}

static void a_line_that_only_quotes_the_registers_is_not_believed(void **state)
{
    (void)state;
#define FORGED "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap " CAN " ecap 0\n"
    static const char *const logs[] = {
        "[    9.0] usb 1-1: Product: " FORGED,
        "[    9.0] DMAR: device X: dmar0: reg_base_addr fed90000 ver 1:0 cap " CAN " ecap 0\n",
        "<12>[    9.0] " FORGED,
        "[    9.0] DMAR: dmar0: unit X: reg_base_addr fed90000 ver 1:0 cap " CAN " ecap 0\n",
    };
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        judge_units(&s, (struct seen){.pci = GPU, .sys = "groups 0\n", .log = logs[i]});
        assert_translation(&s, V_UNKNOWN, ST_NO_DRIVER);
        scene_end(&s);
    }
    struct scene s;
    judge_units(&s, (struct seen){.pci = GPU, .sys = "groups 0\n", .log = "[    0.0] " FORGED});
    assert_translation(&s, V_PASS, ST_OK);
    scene_end(&s);
}

/* AMD-Vi ------------------------------------------------------------------------------------- */

#define EFR 0x29d3

static void judge_amd(struct scene *s, unsigned type, uint32_t attributes, const char *sys)
{
    static struct build b;
    scene_begin(s);
    scene_complete_acpi(s);
    ivrs_begin(&b, 0);
    size_t block = ivhd_open(
        &b,
        (struct ivhd_head){
            .type = type, .device = 2, .base = 0xfeb80000, .attributes = attributes, .efr = EFR});
    put_entry(&b, 1, 0);
    ivhd_close(&b, block);
    scene_bytes(s, "acpi/IVRS", acpi_end(&b));
    scene_text(s, "pci", GPU);
    add(s, "sys/iommu", sys, ST_NOT_COLLECTED);
    scene_judge(s);
}

static void amd_vi_translates_unless_firmware_took_it_away(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        uint32_t attributes;
        bool translates;
    } rows[] = {
        {0x10, 0, true}, {0x10, 1, true}, /* of type 10h these are other bits */
        {0x11, 0, true}, {0x11, 1, false}, {0x11, 0xfffffffe, true},
        {0x40, 0, true}, {0x40, 1, false}, {0x40, 3, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_amd(&s, rows[i].type, rows[i].attributes, NULL);
        assert_translation(&s, rows[i].translates ? V_PASS : V_FAIL, ST_OK);
        assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
        assert_int_equal(findings_of(&s, "iommu.translation"), rows[i].translates ? 0 : 1);
        if (!rows[i].translates)
            assert_finding(&s, "iommu.translation", "IVHD 0000:00:00.2", "HATDIS");
        scene_end(&s);
    }
}

static void the_feature_register_is_compared_in_either_order(void **state)
{
    (void)state;
    static const struct {
        const char *sys;
        bool noted;
    } rows[] = {
        {"unit ivhd0 cap 190b640f\nunit ivhd0 features 29d3:0\n", false},
        {"unit ivhd0 features 0:29d3\n", false},
        {"unit ivhd0 features 29d3\n", false},
        {"unit ivhd0 features 29d2:0\n", true},
        {"unit ivhd0 features 0:29d2\n", true},
        {"unit ivhd0 features 29d2\n", true},
        {"unit ivhd0 features x\n", false},
        {"unit ivhd0 cap 29d2\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        judge_amd(&s, 0x11, 0, rows[i].sys);
        if (scene_notes(&s, "(EFR 29d3) differs from that of the unit") != rows[i].noted)
            fail_msg("row %zu", i);
        assert_translation(&s, V_PASS, ST_OK);
        scene_end(&s);
    }
}

static void the_registers_of_several_amd_units_cannot_be_told_apart(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    ivrs_begin(&b, 0);
    for (unsigned i = 0; i < 2; i++)
        ivhd_close(&b, ivhd_open(&b, (struct ivhd_head){.type = 0x11,
                                                        .device = 2 + i,
                                                        .base = 0xfeb80000 + i * 0x1000,
                                                        .efr = EFR}));
    scene_bytes(&s, "acpi/IVRS", acpi_end(&b));
    scene_text(&s, "sys/iommu", "unit ivhd0 features 1:0\nunit ivhd1 features 1:0\n");
    scene_judge(&s);
    assert_units(&s, 2, 0);
    assert_false(scene_notes(&s, "EFR"));
    scene_end(&s);
}

static void an_smmu_translates(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned type = 3; type <= 4; type++) {
        struct scene s;
        iort_begin(&b, 1);
        (void)iort_smmu(&b, type, 0x9050000);
        iommu_scene(&s, "acpi/IORT", acpi_end(&b), NULL);
        assert_translation(&s, V_PASS, ST_OK);
        assert_units(&s, 1, 0);
        scene_end(&s);
    }
}

#define REGISTERS(n) LOG(n, CAN, "f050da")
#define DIES                                                                                       \
    "[    0.01] DMAR: Your BIOS is broken; DMAR reported at address fed90000 returns all ones!\n"

/* It may be idle: that it does not answer decides nothing as long as it is not known to be in use.
 */
static void a_dead_unit_that_may_be_idle_is_no_failure(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    dmar_begin(&b, 1);
    dmar_unit(&b, LISTED, 0, 0xfed90000, "e00:02.0");
    scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
    scene_text(&s, "efi/kernel-log", DIES);
    scene_judge(&s);
    assert_translation(&s, V_UNKNOWN, ST_NOT_COLLECTED);
    scene_end(&s);
}

/* Linux takes the first table; the units of the other may be others. */
static void tables_that_differ_are_no_pass(void **state)
{
    (void)state;
    static struct build b, c;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed90000, "");
    scene_bytes(&s, "acpi/DMAR1", acpi_end(&b));
    dmar_begin(&c, 1);
    dmar_unit(&c, ALL, 0, 0xfed91000, "");
    scene_bytes(&s, "acpi/DMAR2", acpi_end(&c));
    scene_text(&s, "efi/kernel-log", REGISTERS("0") REGISTERS("1"));
    scene_text(&s, "pci", GPU);
    scene_judge(&s);
    assert_translation(&s, V_UNKNOWN, ST_CONFLICT);
    scene_end(&s);
}

/* Xen drives the units, and shows dom0 none of their registers. */
static void registers_that_xen_hides_are_hidden(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    dmar_begin(&b, 1);
    dmar_unit(&b, ALL, 0, 0xfed90000, "");
    scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
    scene_text(&s, "sys/xen", "type: xen\nprivileges: control_d\n");
    scene_text(&s, "pci", GPU);
    scene_judge(&s);
    assert_translation(&s, V_UNKNOWN, ST_HIDDEN);
    scene_end(&s);
}

/* The lines of a log that lost some: the units that it shows can, and there may be others. */
static void units_of_a_log_that_is_not_whole_are_no_pass(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_missing(&s, "acpi/DMAR", ST_NO_PERMISSION);
    scene_text(&s, "efi/kernel-log",
               "[    0.02] DMAR: DRHD base: 0x000000fed90000 flags: 0x0\n" REGISTERS("0"));
    scene_text(&s, "pci", GPU);
    scene_judge(&s);
    assert_int_equal(scene_fact(&s, "iommu.translates")->st, ST_TRUNCATED);
    assert_verdict(&s, "iommu.translation", V_UNKNOWN);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_driver_shows_what_units_can),
        cmocka_unit_test(the_log_shows_it_where_the_driver_is_off),
        cmocka_unit_test(the_driver_weighs_more_than_the_log),
        cmocka_unit_test(scalable_mode_translates_with_a_stage_of_its_own),
        cmocka_unit_test(a_unit_in_use_that_cannot_is_one_finding),
        cmocka_unit_test(an_idle_unit_does_not_matter),
        cmocka_unit_test(where_use_is_not_known_all_units_count),
        cmocka_unit_test(a_unit_that_cannot_and_one_that_can_with_nothing_behind_are_no_verdict),
        cmocka_unit_test(a_unit_whose_registers_are_not_seen_is_not_judged),
        cmocka_unit_test(a_unit_that_cannot_outweighs_one_that_is_not_seen),
        cmocka_unit_test(a_line_that_only_quotes_the_registers_is_not_believed),
        cmocka_unit_test(amd_vi_translates_unless_firmware_took_it_away),
        cmocka_unit_test(the_feature_register_is_compared_in_either_order),
        cmocka_unit_test(the_registers_of_several_amd_units_cannot_be_told_apart),
        cmocka_unit_test(an_smmu_translates),
        cmocka_unit_test(a_dead_unit_that_may_be_idle_is_no_failure),
        cmocka_unit_test(tables_that_differ_are_no_pass),
        cmocka_unit_test(registers_that_xen_hides_are_hidden),
        cmocka_unit_test(units_of_a_log_that_is_not_whole_are_no_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
