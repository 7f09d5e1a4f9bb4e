/* SPDX-License-Identifier: MIT */
/* Rows of Microsoft's table, and what to do: the fewest steps, in order. */
#include "support/cmocka.h"

#include <string.h>

#include "advice/advice.h"
#include "support/build.h"
#include "vbscheck/count.h"

enum { MOST = 16 };

/* Outcomes of real rules, as a test sets them. */
struct board {
    struct arena arena;
    struct facts facts;
    struct outcome outcomes[MOST];
    size_t n;
    struct advice advice;
};

static void begin(struct board *b, unsigned situation)
{
    *b = (struct board){0};
    test_arena(&b->arena);
    facts_init(&b->facts, &b->arena);
    b->facts.situation = situation;
}

static void end(struct board *b)
{
    arena_reset(&b->arena);
}

static struct outcome *add(struct board *b, const char *rule, enum verdict v)
{
    struct outcome *o = &b->outcomes[b->n++];
    const struct rule *r = rule_find(rule);
    assert_non_null(r);
    *o = (struct outcome){.rule = r,
                          .level = r->level,
                          .verdict = v,
                          .counts = r->level == LEVEL_REQUIRED,
                          .message = "a sentence"};
    return o;
}

/* Fails by its `clause`, as the engine would have it. */
static struct outcome *breaks(struct board *b, const char *rule, unsigned clause)
{
    struct outcome *o = add(b, rule, V_FAIL);
    const struct clause *cl = &o->rule->need[clause];
    o->cause = cl->cause;
    o->brief = cl->brief;
    o->decided_by = cl->any[0].fact;
    o->remedy = remedy_for_failure(&b->facts, o->rule, o->decided_by, o->cause);
    assert_non_null(o->remedy);
    return o;
}

/* Is unknown, since `blob` is: the fact that decides is its first. */
static struct outcome *unknown(struct board *b, const char *rule, const char *blob, enum status why)
{
    struct outcome *o = add(b, rule, V_UNKNOWN);
    enum fact_id id = o->rule->need[0].any[0].fact;
    facts_unknown(&b->facts, id, why, origin_of(blob));
    o->reason = why;
    o->decided_by = id;
    o->remedy = remedy_for_unknown(&b->facts, o->rule, id);
    assert_non_null(o->remedy);
    return o;
}

static void advise_board(struct board *b)
{
    advise(&b->facts, b->outcomes, b->n, &b->arena, &b->advice);
}

static void expect_steps(const struct board *b, const enum step *steps, size_t n)
{
    if (b->advice.n_fixes != n)
        fail_msg("%zu steps, not %zu", b->advice.n_fixes, n);
    for (size_t i = 0; i < n; i++) {
        if (b->advice.fixes[i].step != steps[i])
            fail_msg("step %zu: %s", i, step_infos[b->advice.fixes[i].step].text);
    }
}

#define EXPECT(b, ...)                                                                             \
    expect_steps(b, (const enum step[]){__VA_ARGS__},                                              \
                 sizeof((const enum step[]){__VA_ARGS__}) / sizeof(enum step))

static void steps_come_in_the_order_to_do_them(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL | SIT_INTEL);
    (void)unknown(&b, "mor.lock", "efivar/x", ST_NOT_COLLECTED);
    (void)breaks(&b, "smm.wsmt", 0);
    (void)breaks(&b, "cpu.virtualization", 3);
    (void)breaks(&b, "boot.secure-boot", 1);
    (void)breaks(&b, "drivers.hvci", 0);
    advise_board(&b);
    EXPECT(&b, STEP_VTX, STEP_FIRMWARE, STEP_DRIVERS, STEP_EFI_VARIABLES, STEP_SECURE_BOOT);
    assert_true(b.advice.fixes[3].needed);
    assert_false(b.advice.fixes[4].needed); /* recommended only: after all that is needed */
    end(&b);
}

static void one_step_settles_several_rules_and_is_named_once(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL | SIT_INTEL);
    (void)breaks(&b, "iommu.present", 0);
    (void)breaks(&b, "iommu.coverage", 0);
    (void)breaks(&b, "tpm.version", 1);
    (void)breaks(&b, "mor.control", 0);
    (void)breaks(&b, "mor.lock", 0);
    advise_board(&b);
    EXPECT(&b, STEP_TPM_PTT, STEP_VTD);
    const struct fix *tpm = &b.advice.fixes[0], *vtd = &b.advice.fixes[1];
    assert_int_equal(tpm->n_rules, 3);
    assert_int_equal(tpm->n_rows, 2);
    assert_string_equal(tpm->rows[0], "tpm");
    assert_string_equal(tpm->rows[1], "mor");
    assert_true(tpm->needed); /* MOR is required, though the TPM is recommended only */
    assert_int_equal(vtd->n_rules, 2);
    assert_int_equal(vtd->n_rows, 1);
    end(&b);
}

static void the_step_that_contains_another_stands_for_both(void **state)
{
    (void)state;
    struct board b;
    begin(&b, 0);
    (void)unknown(&b, "uefi.boot", "efi/platform", ST_NOT_COLLECTED);
    (void)unknown(&b, "uefi.mat-layout", "efi/memattr", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_LOG_EFI_DEBUG); /* a log of any boot would do for the first */
    assert_int_equal(b.advice.fixes[0].n_rules, 2);
    end(&b);
    begin(&b, SIT_METAL);
    (void)breaks(&b, "uefi.boot", 2);
    (void)unknown(&b, "mor.control", "efivar/x", ST_NOT_UEFI);
    advise_board(&b);
    EXPECT(&b, STEP_CSM_OFF);
    end(&b);
}

/* A capture holds no more of it than the kernel has left; the journal does. */
static void a_log_that_lost_its_first_lines_is_asked_for_first(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_HAS_LOG | SIT_LOG_CUT);
    (void)unknown(&b, "mor.lock", "efivar/x", ST_NOT_COLLECTED);
    (void)unknown(&b, "mor.control", "efivar/x", ST_NOT_COLLECTED);
    (void)unknown(&b, "uefi.mat", "efi/kernel-log", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_LOG_BEGINNING, STEP_EFI_VARIABLES);
    end(&b);
}

/* What is worth doing must not swallow what is needed, or a reader would take both for optional. */
static void an_optional_step_takes_in_no_needed_one(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_HAS_LOG | SIT_HAS_TABLES);
    (void)unknown(&b, "tpm.version", "acpi/TPM2", ST_NOT_COLLECTED);
    (void)unknown(&b, "mor.lock", "efivar/x", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_EFI_VARIABLES, STEP_CAPTURE);
    assert_true(b.advice.fixes[0].needed);
    assert_false(b.advice.fixes[1].needed);
    end(&b);
}

static void evidence_that_decides_most_is_asked_for_first(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_HAS_LOG);
    (void)unknown(&b, "mor.control", "efivar/x", ST_NOT_COLLECTED);
    (void)unknown(&b, "iommu.present", "acpi/DMAR", ST_NOT_COLLECTED);
    (void)unknown(&b, "smm.wsmt", "acpi/WSMT", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_ACPIDUMP, STEP_EFI_VARIABLES);
    end(&b);
}

/* Nothing is certain that the evidence does not show to be switched off. */
static void certain_is_what_is_seen_to_be_switched_off(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        unsigned clause;
        bool certain;
    } rows[] = {
        {"cpu.virtualization", 3, true}, {"iommu.present", 0, false}, {"smm.wsmt", 0, false},
        {"tpm.sha256-bank", 0, true},    {"mor.control", 1, false},   {"mor.control", 0, false},
        {"iommu.dma-opt-in", 0, false},  {"uefi.boot", 1, true},      {"uefi.boot", 2, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct board b;
        begin(&b, SIT_METAL | SIT_INTEL);
        (void)breaks(&b, rows[i].rule, rows[i].clause);
        advise_board(&b);
        assert_int_equal(b.advice.n_fixes, 1);
        if (b.advice.fixes[0].certain != rows[i].certain)
            fail_msg("%s", rows[i].rule);
        end(&b);
    }
    struct board b;
    begin(&b, SIT_METAL | SIT_INTEL);
    (void)breaks(&b, "uefi.boot", 1);                       /* switched off ... */
    (void)unknown(&b, "mor.lock", "efivar/x", ST_NOT_UEFI); /* ... and who knows */
    advise_board(&b);
    assert_false(b.advice.fixes[0].certain);
    end(&b);
}

/* Ruling 56. */
static void nothing_else_is_advised_where_only_other_hardware_helps(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL | SIT_INTEL);
    (void)add(&b, "cpu.64bit", V_PASS);
    (void)breaks(&b, "cpu.slat", 0);
    (void)breaks(&b, "smm.wsmt", 0);
    (void)unknown(&b, "mor.lock", "efivar/x", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_REPLACE);
    assert_true(b.advice.hopeless);
    assert_int_equal(b.advice.beside, 2);
    end(&b);
    /* Of a guest, of what was seen from nobody knows where, and of what the kernel alone shows,
       nothing is proven. */
    static const unsigned others[] = {SIT_GUEST, 0, SIT_METAL | SIT_CPU_TOLD};
    for (size_t i = 0; i < COUNT(others); i++) {
        begin(&b, others[i]);
        (void)breaks(&b, "cpu.slat", 0);
        (void)breaks(&b, "smm.wsmt", 1);
        advise_board(&b);
        assert_false(b.advice.hopeless);
        end(&b);
    }
}

static void what_is_for_information_asks_for_nothing(void **state)
{
    (void)state;
    struct board b;
    begin(&b, 0);
    (void)breaks(&b, "cpu.mbec", 0);
    (void)unknown(&b, "drivers.blocklist", "drivers", ST_NOT_COLLECTED);
    advise_board(&b);
    assert_int_equal(b.advice.n_fixes, 0);
    end(&b);
}

static void what_a_verdict_excuses_is_not_needed(void **state)
{
    (void)state;
    struct board b;
    begin(&b, 0);
    (void)add(&b, "mor.lock", V_PASS);
    (void)unknown(&b, "drivers.hvci", "drivers", ST_NOT_COLLECTED);
    advise_board(&b);
    EXPECT(&b, STEP_GIVE_DRIVERS);
    assert_false(b.advice.fixes[0].needed);
    end(&b);
}

static const struct advice_row *row(const struct board *b, const char *name)
{
    for (size_t i = 0; i < b->advice.n_rows; i++) {
        if (strcmp(b->advice.rows[i].row->name, name) == 0)
            return &b->advice.rows[i];
    }
    fail_msg("no row %s", name);
    return NULL;
}

/* Ruling 60: the worst of the rules of the row's highest level; others are in the detail. */
static void a_row_is_as_bad_as_its_worst_rule_of_the_highest_level(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL);
    facts_uint(&b.facts, FACT_DMAR_DRHD, 2, origin_of("acpi/DMAR"));
    facts_uint(&b.facts, FACT_IOMMU_FUNCTIONS, 13, origin_of("pci"));
    facts_uint(&b.facts, FACT_IOMMU_UNCOVERED, 0, origin_of("pci"));
    (void)add(&b, "iommu.present", V_PASS);
    (void)add(&b, "iommu.coverage", V_PASS);
    (void)breaks(&b, "iommu.dma-opt-in", 0);
    (void)add(&b, "uefi.boot", V_PASS);
    (void)unknown(&b, "uefi.mat", "efi/kernel-log", ST_NO_PERMISSION);
    (void)breaks(&b, "tpm.version", 1);
    (void)add(&b, "vm.nested", V_NOT_APPLICABLE);
    advise_board(&b);
    assert_int_equal(b.advice.n_rows, 4); /* no rows of which nothing was judged */
    assert_int_equal(row(&b, "iommu")->status, V_PASS);
    assert_int_equal(row(&b, "iommu")->level, LEVEL_REQUIRED);
    assert_string_equal(row(&b, "iommu")->detail, "2 DRHDs, 13 of 13 devices; pre-boot DMA open");
    assert_int_equal(row(&b, "iommu")->n_rules, 3);
    assert_int_equal(row(&b, "uefi-mat")->status, V_UNKNOWN);
    assert_string_equal(row(&b, "uefi-mat")->detail, "1 of 2 unknown; needs root");
    assert_int_equal(row(&b, "tpm")->status, V_FAIL);
    assert_int_equal(row(&b, "tpm")->level, LEVEL_RECOMMENDED);
    assert_int_equal(row(&b, "vm")->status, V_NOT_APPLICABLE);
    end(&b);
}

static void an_excused_unknown_does_not_count_in_its_row(void **state)
{
    (void)state;
    struct board b;
    begin(&b, 0);
    facts_bool(&b.facts, FACT_MOR_PRESENT, true, origin_of("efivar/x"));
    facts_bool(&b.facts, FACT_MORLOCK_PRESENT, true, origin_of("efivar/y"));
    (void)add(&b, "mor.control", V_PASS);
    (void)add(&b, "mor.lock", V_PASS);
    (void)unknown(&b, "mor.lock-v2", "efivar/MemoryOverwriteRequestControlLock-x", ST_UNPROVABLE);
    (void)unknown(&b, "drivers.hvci", "drivers", ST_NOT_COLLECTED);
    advise_board(&b);
    assert_int_equal(row(&b, "mor")->status, V_PASS);
    assert_string_equal(row(&b, "mor")->detail, "MOR, lock; revision 2 not proven");
    assert_int_equal(row(&b, "drivers")->status, V_UNKNOWN); /* nothing else speaks for it */
    assert_string_equal(row(&b, "drivers")->detail, "no driver was looked at");
    end(&b);
}

/* Of a row that is unknown as a whole: what is seen of it all the same. */
static void an_unknown_row_says_what_is_seen(void **state)
{
    (void)state;
    struct board b;
    begin(&b, 0);
    facts_bool(&b.facts, FACT_TPM2_PRESENT, true, origin_of("acpi/TPM2"));
    facts_bool(&b.facts, FACT_CPU_VMX, true, origin_of("cpuid"));
    (void)unknown(&b, "cpu.virtualization", "msr", ST_NO_PERMISSION);
    (void)unknown(&b, "cpu.slat", "msr", ST_NO_PERMISSION);
    (void)unknown(&b, "tpm.version", "sys/tpm", ST_NO_DRIVER);
    advise_board(&b);
    assert_string_equal(row(&b, "virtualization")->detail, "VT-x; rest needs root");
    assert_string_equal(row(&b, "slat")->detail, "needs root");
    assert_string_equal(row(&b, "tpm")->detail,
                        "firmware lists one; rest needs a driver or file system");
    end(&b);
}

static void a_failing_row_says_what_is_wrong_once(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL);
    facts_uint(&b.facts, FACT_WSMT_FLAGS, 4, origin_of("acpi/WSMT"));
    (void)breaks(&b, "iommu.present", 0);
    (void)breaks(&b, "iommu.coverage", 0);
    (void)breaks(&b, "smm.wsmt", 1);
    advise_board(&b);
    assert_string_equal(row(&b, "iommu")->detail, "none described: off or missing");
    assert_string_equal(row(&b, "smm")->detail, "flags 4, of 7");
    end(&b);
}

/* An excuse is no evidence: where nothing else was asked for, what decides it comes first. */
static void what_is_excused_alone_is_what_to_do(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL);
    facts_bool(&b.facts, FACT_MOR_PRESENT, true, origin_of("efivar/x"));
    facts_bool(&b.facts, FACT_MORLOCK_PRESENT, true, origin_of("efivar/y"));
    (void)unknown(&b, "mor.lock-v2", "efivar/MemoryOverwriteRequestControlLock-x", ST_UNPROVABLE);
    advise_board(&b);
    EXPECT(&b, STEP_MOR_TEST);
    assert_true(b.advice.fixes[0].needed);
    assert_string_equal(row(&b, "mor")->detail, "MOR, lock; revision 2 not proven");
    end(&b);
}

static void details_read_as_people_write(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_METAL);
    facts_uint(&b.facts, FACT_IVRS_UNITS, 1, origin_of("acpi/IVRS"));
    facts_uint(&b.facts, FACT_IOMMU_FUNCTIONS, 1, origin_of("pci"));
    facts_uint(&b.facts, FACT_IOMMU_UNCOVERED, 0, origin_of("pci"));
    facts_uint(&b.facts, FACT_WSMT_FLAGS, 31, origin_of("acpi/WSMT"));
    facts_bool(&b.facts, FACT_CPU_SLAT, true, origin_of("cpuid-hypervisor"));
    facts_text(&b.facts, FACT_HOST_HYPERVISOR, "unknown", origin_of("cpuid"));
    (void)add(&b, "iommu.present", V_PASS);
    (void)add(&b, "smm.wsmt", V_PASS);
    (void)add(&b, "cpu.slat", V_PASS);
    (void)add(&b, "vm.nested", V_PASS);
    advise_board(&b);
    assert_string_equal(row(&b, "iommu")->detail, "1 AMD-Vi unit, 1 of 1 device");
    assert_string_equal(row(&b, "smm")->detail, "flags 0x1f");
    assert_string_equal(row(&b, "slat")->detail, "in use by a hypervisor"); /* and not "pass" */
    assert_string_equal(row(&b, "vm")->detail, "a hypervisor without a name");
    end(&b);
}

/* A VM whose TPM 2.0 lacks the bank is not told to add a TPM 2.0. */
static void a_virtual_tpm_without_the_bank_is_not_added_again(void **state)
{
    (void)state;
    struct board b;
    begin(&b, SIT_GUEST);
    (void)breaks(&b, "tpm.sha256-bank", 0);
    advise_board(&b);
    EXPECT(&b, STEP_VM_TPM_SHA256);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_excused_alone_is_what_to_do),
        cmocka_unit_test(details_read_as_people_write),
        cmocka_unit_test(a_virtual_tpm_without_the_bank_is_not_added_again),
        cmocka_unit_test(steps_come_in_the_order_to_do_them),
        cmocka_unit_test(one_step_settles_several_rules_and_is_named_once),
        cmocka_unit_test(the_step_that_contains_another_stands_for_both),
        cmocka_unit_test(a_log_that_lost_its_first_lines_is_asked_for_first),
        cmocka_unit_test(an_optional_step_takes_in_no_needed_one),
        cmocka_unit_test(evidence_that_decides_most_is_asked_for_first),
        cmocka_unit_test(certain_is_what_is_seen_to_be_switched_off),
        cmocka_unit_test(nothing_else_is_advised_where_only_other_hardware_helps),
        cmocka_unit_test(what_is_for_information_asks_for_nothing),
        cmocka_unit_test(what_a_verdict_excuses_is_not_needed),
        cmocka_unit_test(a_row_is_as_bad_as_its_worst_rule_of_the_highest_level),
        cmocka_unit_test(an_excused_unknown_does_not_count_in_its_row),
        cmocka_unit_test(an_unknown_row_says_what_is_seen),
        cmocka_unit_test(a_failing_row_says_what_is_wrong_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
