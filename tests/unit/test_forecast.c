/* SPDX-License-Identifier: MIT */
/* What Windows would do, row by row of what decides it. */
#include <stdlib.h>
#include <string.h>

#include "forecast/forecast.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

/* A machine of facts that all speak for it. */
struct machine {
    struct arena arena;
    struct facts facts;
    struct forecast forecast;
};

static const enum fact_id good[] = {
    FACT_HOST_X86,         FACT_CPU_64BIT,    FACT_CPU_VIRT_CAPABLE,    FACT_CPU_VIRT_ENABLED,
    FACT_CPU_SLAT,         FACT_CPU_MBEC,     FACT_CPU_APICV,           FACT_CPU_GENERATION_LISTED,
    FACT_IOMMU_TRANSLATES, FACT_IOMMU_OPT_IN, FACT_UEFI_BOOT,           FACT_SECURE_BOOT,
    FACT_MAT_PUBLISHED,    FACT_MAT_LAYOUT,   FACT_MAT_CODE_EXECUTABLE, FACT_MAT_COVERS,
    FACT_WSMT_PRESENT,
};

static void set(struct machine *m, enum fact_id id, bool yes)
{
    m->facts.all[id] = (struct fact){.st = ST_OK, .v.b = yes, .from = origin_of("test")};
}

static void set_uint(struct machine *m, enum fact_id id, uint64_t n)
{
    m->facts.all[id] = (struct fact){.st = ST_OK, .v.u = n, .from = origin_of("test")};
}

static void forget(struct machine *m, enum fact_id id, enum status why)
{
    m->facts.all[id] = (struct fact){.st = why, .from = origin_of("test")};
}

static void begin(struct machine *m)
{
    arena_init(&m->arena, 16U << 20, out_of_memory);
    facts_init(&m->facts, &m->arena);
    for (unsigned i = 0; i < FACT_COUNT; i++)
        forget(m, (enum fact_id)i, ST_NOT_COLLECTED);
    for (size_t i = 0; i < COUNT(good); i++)
        set(m, good[i], true);
    set(m, FACT_HOST_VM, false);
    set(m, FACT_SETUP_MODE, false);
    set(m, FACT_MAT_EMPTY, false);
    set_uint(m, FACT_IOMMU_UNITS, 2);
    set_uint(m, FACT_IOMMU_IN_USE, 2);
    set_uint(m, FACT_WSMT_FLAGS, 7);
    set_uint(m, FACT_WSMT_TABLES, 1);
    set_uint(m, FACT_MAT_ENTRIES, 10);
    set_uint(m, FACT_MAT_UNPROTECTED, 0);
    set_uint(m, FACT_MAT_EXECUTABLE_DATA, 0);
}

static void end(struct machine *m)
{
    arena_reset(&m->arena);
}

static void make(struct machine *m)
{
    forecast_make(&m->facts, NULL, 0, &m->arena, &m->forecast);
}

static enum forecast_answer item(const struct machine *m, enum forecast_id id)
{
    return m->forecast.items[id].is;
}

static const char *listed(struct machine *m)
{
    return forecast_list(&m->forecast, ANSWER_YES, &m->arena);
}

static void a_perfect_machine_can_be_enabled_and_is_not_called_ready(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    make(&m);
    assert_int_equal(item(&m, FORECAST_POLICY_1), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_CREDENTIAL_GUARD), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_OPEN);
    assert_string_equal(listed(&m), "1,2,3,5,6,7,8");
    assert_string_equal(forecast_list(&m.forecast, ANSWER_OPEN, &m.arena), "4");
    assert_non_null(strstr(m.forecast.readiness_tool, "can be enabled on this machine."));
    assert_non_null(strstr(m.forecast.readiness_because, "Secure MOR is absent"));
    assert_null(strstr(m.forecast.readiness_because, "NX Protector"));
    assert_string_equal(forecast_summary(&m.forecast, &m.arena),
                        "starts VBS, under policies 1 and 3 too");
    end(&m);
}

/* HSTI is not seen from here: even then "Ready" is not promised. */
static void a_proven_lock_leaves_the_readiness_tool_open(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_MORLOCK_PRESENT, true);
    set(&m, FACT_MORLOCK_V2, true);
    set(&m, FACT_MOR_PRESENT, true);
    make(&m);
    assert_string_equal(listed(&m), "1,2,3,4,5,6,7,8");
    assert_null(m.forecast.readiness_tool);
    end(&m);
}

static void secure_boot_off_stops_the_policies_and_not_vbs(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_SECURE_BOOT, false);
    make(&m);
    assert_int_equal(item(&m, FORECAST_POLICY_1), ANSWER_NO);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_NO);
    assert_int_equal(item(&m, FORECAST_CREDENTIAL_GUARD), ANSWER_NO);
    assert_string_equal(listed(&m), "1,3,5,6,7,8");
    assert_non_null(strstr(m.forecast.items[FORECAST_POLICY_1].because, "without a policy"));
    assert_non_null(strstr(m.forecast.readiness_tool, "compatible because of the following:"));
    assert_string_equal(forecast_summary(&m.forecast, &m.arena),
                        "can start VBS, but not under policies 1 and 3: Secure Boot is off");
    end(&m);
}

static void without_an_iommu_policy_3_stops_vbs_on_a_pc(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set_uint(&m, FACT_IOMMU_UNITS, 0);
    make(&m);
    assert_int_equal(item(&m, FORECAST_POLICY_1), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_NO);
    assert_string_equal(m.forecast.items[FORECAST_POLICY_3].because,
                        "policy value 3 requires Secure Boot and DMA protection, and the firmware "
                        "describes no IOMMU: Windows does not start VBS; switch VT-d or AMD's "
                        "IOMMU on in setup if it has one, or set the policy to 1");
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_NO);
    assert_string_equal(forecast_summary(&m.forecast, &m.arena),
                        "starts VBS under policy 1; not under 3: no IOMMU");
    end(&m);
}

static void be_guest(struct machine *m)
{
    set(m, FACT_HOST_VM, true);
    set(m, FACT_VM_NESTED, true);
    set(m, FACT_VM_VSM, false);
    set_uint(m, FACT_IOMMU_UNITS, 0);
}

static void without_an_iommu_policy_3_stops_vbs_in_a_vm(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    be_guest(&m);
    make(&m);
    assert_int_equal(item(&m, FORECAST_POLICY_1), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_NO);
    assert_string_equal(m.forecast.items[FORECAST_POLICY_3].because,
                        "policy value 3 requires Secure Boot and DMA protection, and this virtual "
                        "machine has no IOMMU: Windows does not start VBS; set the policy to 1, or "
                        "give the virtual machine an IOMMU");
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_NO);
    assert_non_null(strstr(m.forecast.readiness_because, "Running on a Virtual Machine."));
    end(&m);
}

static void the_host_answers_for_dma_protection_of_hyper_v_s_guests(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    be_guest(&m);
    set(&m, FACT_VM_VSM, true);
    set(&m, FACT_CPU_VIRT_CAPABLE, false);
    make(&m);
    assert_int_equal(m.forecast.properties[1].is, ANSWER_YES);
    assert_int_equal(m.forecast.properties[3].is, ANSWER_OPEN);
    assert_int_equal(item(&m, FORECAST_POLICY_1), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_OPEN);
    end(&m);
}

static void a_vm_of_generation_1_has_no_credential_guard(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    be_guest(&m);
    set(&m, FACT_VM_GENERATION_2, false); /* which a VM of others has not either */
    make(&m);
    assert_int_equal(item(&m, FORECAST_CREDENTIAL_GUARD), ANSWER_YES);
    m.facts.platform = PLATFORM_HYPER_V;
    make(&m);
    assert_int_equal(item(&m, FORECAST_CREDENTIAL_GUARD), ANSWER_NO);
    end(&m);
}

static void arm_lists_7_and_neither_6_nor_8(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_HOST_X86, false);
    set(&m, FACT_CPU_EL2, true);
    set(&m, FACT_CPU_ARM_82, true);
    set(&m, FACT_SECURE_BOOT, false);
    make(&m);
    assert_string_equal(listed(&m), "1,3,5,7"); /* a real Surface Pro's */
    assert_non_null(strstr(m.forecast.properties[6].because, "nothing is missing"));
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_OPEN);
    end(&m);
}

/* Row by row: one fact turned, one property gone; one fact lost, one property open. */
static void each_property_follows_what_drives_it(void **state)
{
    static const struct {
        unsigned property;
        enum fact_id fact;
    } rows[] = {
        {1, FACT_CPU_VIRT_ENABLED},    {1, FACT_CPU_SLAT},      {2, FACT_SECURE_BOOT},
        {3, FACT_IOMMU_TRANSLATES},    {5, FACT_MAT_PUBLISHED}, {5, FACT_MAT_LAYOUT},
        {5, FACT_MAT_CODE_EXECUTABLE}, {8, FACT_CPU_APICV},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct machine m;
        begin(&m);
        set(&m, rows[i].fact, false);
        make(&m);
        assert_int_equal(m.forecast.properties[rows[i].property].is, ANSWER_NO);
        forget(&m, rows[i].fact, ST_NO_PERMISSION);
        make(&m);
        assert_int_equal(m.forecast.properties[rows[i].property].is, ANSWER_OPEN);
        end(&m);
    }
}

static void dma_protection_needs_no_claim_of_firmware(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_DMAR_PRESENT, true);
    set(&m, FACT_IOMMU_OPT_IN, false);
    make(&m);
    assert_int_equal(m.forecast.properties[3].is, ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_YES);
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_NO);
    end(&m);
}

static void missing_wsmt_and_mat_are_warnings_to_the_tool_and_stop_no_vbs(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_WSMT_PRESENT, false);
    set(&m, FACT_MAT_PUBLISHED, false);
    make(&m);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_YES);
    assert_string_equal(listed(&m), "1,2,3,7,8");
    assert_non_null(strstr(m.forecast.readiness_because, "NX Protector is absent"));
    assert_non_null(strstr(m.forecast.readiness_because, "SMM Mitigation is absent"));
    end(&m);
}

/* A table that describes nothing protects nothing. */
static void an_empty_table_is_not_listed(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_MAT_EMPTY, true);
    set_uint(&m, FACT_MAT_ENTRIES, 0);
    make(&m);
    assert_int_equal(m.forecast.properties[5].is, ANSWER_NO);
    end(&m);
}

static void an_old_processor_has_memory_integrity_only_by_hand(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_CPU_GENERATION_LISTED, false);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_NO);
    assert_int_equal(item(&m, FORECAST_POLICY_3), ANSWER_YES);
    end(&m);
}

/* Microsoft's page asks for five things: each is looked at, and only all of them make a yes. */
static void memory_integrity_by_default_needs_processor_memory_ssd_and_drivers(void **state)
{
    static const enum fact_id asked[] = {FACT_CPU_GENERATION_LISTED, FACT_MEMORY_8_GB,
                                         FACT_STORAGE_SSD};
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_MEMORY_8_GB, true);
    set(&m, FACT_STORAGE_SSD, true);
    set_uint(&m, FACT_STORAGE_SSD_SIZE, 64);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_OPEN);
    assert_string_equal(m.forecast.items[FORECAST_MEMORY_INTEGRITY].brief, "drivers not known");
    set_uint(&m, FACT_DRIVERS_INCOMPATIBLE, 0);
    set(&m, FACT_DRIVERS_DECIDED, true);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_YES);
    assert_true(m.forecast.items[FORECAST_MEMORY_INTEGRITY].inference);
    for (size_t i = 0; i < COUNT(asked); i++) {
        forget(&m, asked[i], ST_NOT_COLLECTED);
        make(&m);
        assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_OPEN);
        set(&m, asked[i], false);
        make(&m);
        assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_NO);
        set(&m, asked[i], true);
    }
    set_uint(&m, FACT_STORAGE_SSD_SIZE, 63);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_NO);
    assert_string_equal(m.forecast.items[FORECAST_MEMORY_INTEGRITY].brief, "SSD below 64 GB");
    set_uint(&m, FACT_STORAGE_SSD_SIZE, 64);
    set_uint(&m, FACT_DRIVERS_INCOMPATIBLE, 1);
    make(&m);
    assert_string_equal(m.forecast.items[FORECAST_MEMORY_INTEGRITY].brief,
                        "an incompatible driver");
    end(&m);
}

/* Whatever else is not known, one thing that is known to be missing decides. */
static void one_lack_of_memory_integrity_outweighs_what_is_open(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    forget(&m, FACT_CPU_GENERATION_LISTED, ST_UNSUPPORTED);
    forget(&m, FACT_CPU_VIRT_ENABLED, ST_NO_PERMISSION);
    set(&m, FACT_STORAGE_SSD, false);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_NO);
    end(&m);
}

/* Linux under WSL is a guest of the PC that is asked about. */
static void under_wsl_the_forecast_is_of_the_pc(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    m.facts.viewpoint = VIEW_WSL;
    set(&m, FACT_HOST_VM, true);
    forget(&m, FACT_IOMMU_UNITS, ST_HIDDEN);
    forget(&m, FACT_IOMMU_OPT_IN, ST_HIDDEN);
    forget(&m, FACT_SECURE_BOOT, ST_HIDDEN);
    make(&m);
    assert_int_equal(m.forecast.properties[1].is, ANSWER_YES);
    assert_int_equal(m.forecast.properties[3].is, ANSWER_OPEN);
    assert_int_equal(item(&m, FORECAST_KERNEL_DMA), ANSWER_OPEN);
    assert_null(m.forecast.readiness_tool);
    end(&m);
}

/* Without virtual secure mode read, a guest of Hyper-V may have what its host has. */
static void a_hyper_v_guest_whose_leaf_was_not_read_is_not_denied_dma_protection(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    be_guest(&m);
    m.facts.platform = PLATFORM_HYPER_V;
    forget(&m, FACT_VM_VSM, ST_NOT_COLLECTED);
    make(&m);
    assert_int_equal(m.forecast.properties[3].is, ANSWER_OPEN);
    set(&m, FACT_VM_VSM, false);
    make(&m);
    assert_int_equal(m.forecast.properties[3].is, ANSWER_NO);
    end(&m);
}

static void memory_integrity_of_hyper_v_s_guests_needs_generation_2(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    be_guest(&m);
    m.facts.platform = PLATFORM_AZURE;
    set(&m, FACT_VM_GENERATION_2, false);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_NO);
    set(&m, FACT_VM_GENERATION_2, true);
    make(&m);
    assert_int_equal(item(&m, FORECAST_MEMORY_INTEGRITY), ANSWER_OPEN);
    end(&m);
}

static void an_arm_boot_without_el2_leaves_7_open(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_HOST_X86, false);
    set(&m, FACT_CPU_EL2, false);
    set(&m, FACT_CPU_ARM_82, true);
    set_uint(&m, FACT_IOMMU_UNITS, 0);
    make(&m);
    assert_int_equal(m.forecast.properties[7].is, ANSWER_OPEN);
    assert_non_null(strstr(m.forecast.properties[7].because, "EL2"));
    assert_null(strstr(m.forecast.items[FORECAST_POLICY_3].because, "VT-d"));
    end(&m);
}

/* Its order: Secure Boot, architecture, virtualization; then Secure MOR, NX, SMM. */
static void the_readiness_tool_names_all_that_it_finds_in_its_order(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    set(&m, FACT_SECURE_BOOT, false);
    set(&m, FACT_CPU_VIRT_ENABLED, false);
    set(&m, FACT_MAT_LAYOUT, false);
    set(&m, FACT_WSMT_PRESENT, false);
    make(&m);
    assert_string_equal(
        m.forecast.readiness_tool,
        "Machine is not Device Guard / Credential Guard compatible because of the following:");
    const char *last = m.forecast.readiness_because;
    static const char *const order[] = {"Secure Boot", "irtualization", "Secure MOR is absent",
                                        "NX Protector is absent", "SMM Mitigation is absent"};
    for (size_t i = 0; i < COUNT(order); i++) {
        last = strstr(last, order[i]);
        assert_non_null(last);
    }
    end(&m);
}

static void nothing_known_is_nothing_told(void **state)
{
    struct machine m;
    (void)state;
    begin(&m);
    for (unsigned i = 0; i < FACT_COUNT; i++)
        forget(&m, (enum fact_id)i, ST_NOT_COLLECTED);
    make(&m);
    assert_false(m.forecast.told);
    assert_null(m.forecast.readiness_tool);
    assert_string_equal(listed(&m), "none");
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_perfect_machine_can_be_enabled_and_is_not_called_ready),
        cmocka_unit_test(a_proven_lock_leaves_the_readiness_tool_open),
        cmocka_unit_test(secure_boot_off_stops_the_policies_and_not_vbs),
        cmocka_unit_test(without_an_iommu_policy_3_stops_vbs_on_a_pc),
        cmocka_unit_test(without_an_iommu_policy_3_stops_vbs_in_a_vm),
        cmocka_unit_test(the_host_answers_for_dma_protection_of_hyper_v_s_guests),
        cmocka_unit_test(a_vm_of_generation_1_has_no_credential_guard),
        cmocka_unit_test(arm_lists_7_and_neither_6_nor_8),
        cmocka_unit_test(each_property_follows_what_drives_it),
        cmocka_unit_test(dma_protection_needs_no_claim_of_firmware),
        cmocka_unit_test(missing_wsmt_and_mat_are_warnings_to_the_tool_and_stop_no_vbs),
        cmocka_unit_test(an_empty_table_is_not_listed),
        cmocka_unit_test(an_old_processor_has_memory_integrity_only_by_hand),
        cmocka_unit_test(memory_integrity_by_default_needs_processor_memory_ssd_and_drivers),
        cmocka_unit_test(one_lack_of_memory_integrity_outweighs_what_is_open),
        cmocka_unit_test(under_wsl_the_forecast_is_of_the_pc),
        cmocka_unit_test(a_hyper_v_guest_whose_leaf_was_not_read_is_not_denied_dma_protection),
        cmocka_unit_test(memory_integrity_of_hyper_v_s_guests_needs_generation_2),
        cmocka_unit_test(an_arm_boot_without_el2_leaves_7_open),
        cmocka_unit_test(the_readiness_tool_names_all_that_it_finds_in_its_order),
        cmocka_unit_test(nothing_known_is_nothing_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
