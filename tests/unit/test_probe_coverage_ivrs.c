/* SPDX-License-Identifier: MIT */
/* Which AMD-Vi unit a function is behind: device entries and aliases, from blobs to rules. */
#include "support/cmocka.h"

#include <string.h>

#include "support/iommu.h"
#include "vbscheck/count.h"

#define UNIT "IVHD 0000:00:00.2"

enum { ALL_IDS = 0x01, SELECT = 0x02, START = 0x03, END = 0x04, ALIAS = 0x42, ALIAS_START = 0x43 };

static const struct ivhd_head first_unit = {.type = 0x11, .device = 2, .base = 0xfeb80000};

/* One block of one unit is being built; judge_block() ends it. */
static size_t begin_block(struct build *b)
{
    ivrs_begin(b, 0x00203043);
    return ivhd_open(b, first_unit);
}

static void judge_block(struct scene *s, struct build *b, size_t block, const char *pci)
{
    ivhd_close(b, block);
    iommu_scene(s, "acpi/IVRS", acpi_end(b), pci);
}

static void a_range_crosses_buses(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, START, 0x0008);
    put_entry(&b, END, 0x03ff);
    judge_block(&s, &b, block,
                FN("0000:00:00.3", "0c0330", "") FN("0000:00:01.0", "030000", "")
                    FN("0000:01:00.0", "010802", "") FN("0000:03:1f.7", "020000", "")
                        FN("0000:04:00.0", "020000", ""));
    assert_behind(&s, "0000:00:00.3", NULL);
    assert_behind(&s, "0000:00:01.0", UNIT);
    assert_behind(&s, "0000:01:00.0", UNIT);
    assert_behind(&s, "0000:03:1f.7", UNIT);
    assert_behind(&s, "0000:04:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){5, 2, 0});
    assert_int_equal(findings_of(&s, "iommu.coverage"), 2);
    assert_finding(&s, "iommu.coverage", "0000:04:00.0", "no device entry of an IVHD block");
    assert_units(&s, 1, 1);
    scene_end(&s);
}

static void a_selected_id_is_that_one_only(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, SELECT, 0x0100);
    put_entry(&b, 0x00, 0x0101); /* padding */
    judge_block(&s, &b, block,
                FN("0000:01:00.0", "010802", "") FN("0000:01:00.1", "010802", "")
                    FN("0000:00:1f.7", "010802", ""));
    assert_behind(&s, "0000:01:00.0", UNIT);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 2, 0});
    assert_int_equal(s.report.facts.iommu->units[0].kind, IOMMU_AMD_VI);
    assert_int_equal(s.report.facts.iommu->units[0].offset, 48);
    scene_end(&s);
}

static void all_is_all_of_the_segment(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, ALL_IDS, 0);
    judge_block(&s, &b, block,
                FN("0000:00:00.3", "0c0330", "") FN("0000:ff:1f.7", "010802", "")
                    FN("0001:00:00.0", "010802", ""));
    assert_behind(&s, "0000:00:00.3", UNIT);
    assert_behind(&s, "0000:ff:1f.7", UNIT);
    assert_behind(&s, "0001:00:00.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){3, 1, 0});
    scene_end(&s);
}

static void the_id_of_an_alias_is_covered_with_the_device(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_alias_entry(&b, ALIAS, 0x0200, 0x00a5);
    put_alias_entry(&b, ALIAS_START, 0xfef8, 0x01a5);
    put_entry(&b, END, 0xff07);
    judge_block(&s, &b, block,
                FN("0000:00:14.5", "0c0310", "") FN("0000:01:14.5", "0c0310", "")
                    FN("0000:01:14.6", "0c0310", "") FN("0000:02:00.0", "0c0310", "")
                        FN("0000:fe:1f.0", "0c0310", "") FN("0000:ff:00.7", "0c0310", "")
                            FN("0000:ff:01.0", "0c0310", ""));
    assert_behind(&s, "0000:00:14.5", UNIT);
    assert_behind(&s, "0000:01:14.5", UNIT);
    assert_behind(&s, "0000:01:14.6", NULL);
    assert_behind(&s, "0000:02:00.0", UNIT);
    assert_behind(&s, "0000:fe:1f.0", UNIT);
    assert_behind(&s, "0000:ff:00.7", UNIT);
    assert_behind(&s, "0000:ff:01.0", NULL);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){7, 2, 0});
    scene_end(&s);
}

/* Of a bridge, what is below it, and the id that is listed; the last says whether that covers. */
static void a_conventional_device_is_covered_by_the_id_it_requests_under(void **state)
{
    (void)state;
#define EXPRESS_BRIDGE BRIDGE("0000:02:00.0", "03", "03", " express=1")
#define OLD_BRIDGE     BRIDGE("0000:02:00.0", "03", "03", " express=0")
#define UNTOLD_BRIDGE  BRIDGE("0000:02:00.0", "03", "03", "")
#define PORT           BRIDGE("0000:00:01.0", "02", "03", " express=1")
#define OLD_DEVICE     FN("0000:03:05.0", "020000", " express=0")
    static const struct {
        const char *pci;
        unsigned id;
        bool covered;
    } rows[] = {
        {PORT EXPRESS_BRIDGE OLD_DEVICE, 0x0300, true},
        {PORT EXPRESS_BRIDGE OLD_DEVICE, 0x0200, false},
        {PORT EXPRESS_BRIDGE OLD_DEVICE, 0x0328, true},
        {PORT OLD_BRIDGE OLD_DEVICE, 0x0200, true},
        {PORT OLD_BRIDGE OLD_DEVICE, 0x0300, false},
        {PORT EXPRESS_BRIDGE FN("0000:03:05.0", "020000", " express=1"), 0x0300, false},
        {PORT UNTOLD_BRIDGE OLD_DEVICE, 0x0200, false},
        /* Older kernels say 0 of all: then nothing says who is conventional. */
        {OLD_BRIDGE OLD_DEVICE, 0x0200, false},
    };
    static struct build b;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        size_t block = begin_block(&b);
        put_entry(&b, SELECT, rows[i].id);
        judge_block(&s, &b, block, rows[i].pci);
        if ((unit_behind(&s, "0000:03:05.0") != NULL) != rows[i].covered)
            fail_msg("row %zu", i);
        assert_coverage(&s, rows[i].covered ? V_PASS : V_FAIL, ST_OK,
                        (struct counts){1, rows[i].covered ? 0 : 1, 0});
        scene_end(&s);
    }
}

static void conventional_bridges_in_a_row_each_lend_their_id(void **state)
{
    (void)state;
    static struct build b;
    static const unsigned ids[] = {0x0300, 0x03f8, 0x0400};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct scene s;
        size_t block = begin_block(&b);
        put_entry(&b, SELECT, ids[i]);
        judge_block(&s, &b, block,
                    BRIDGE("0000:02:00.0", "03", "04", " express=1")
                        BRIDGE("0000:03:1f.0", "04", "04", " express=0")
                            FN("0000:04:02.0", "040100", " express=0"));
        assert_behind(&s, "0000:04:02.0", ids[i] == 0x0400 ? NULL : UNIT);
        scene_end(&s);
    }
}

static void blocks_of_three_types_are_one_unit(void **state)
{
    (void)state;
    static const unsigned types[] = {0x10, 0x11, 0x40};
    static struct build b;
    struct scene s;
    ivrs_begin(&b, 0x00203043);
    for (size_t i = 0; i < COUNT(types); i++) {
        size_t block =
            ivhd_open(&b, (struct ivhd_head){.type = types[i], .device = 2, .base = 0xfeb80000});
        put_entry(&b, ALL_IDS, 0);
        ivhd_close(&b, block);
    }
    iommu_scene(&s, "acpi/IVRS", acpi_end(&b), FN("0000:01:00.0", "010802", ""));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_units(&s, 1, 1);
    assert_int_equal(scene_fact(&s, "ivrs.units")->v.u, 1);
    scene_end(&s);
}

static void only_blocks_of_the_highest_type_count(void **state)
{
    (void)state;
    static struct build b;
    for (unsigned swap = 0; swap < 2; swap++) {
        struct scene s;
        ivrs_begin(&b, 0x00203043);
        for (unsigned i = 0; i < 2; i++) {
            bool high = i != swap;
            size_t block = ivhd_open(
                &b,
                (struct ivhd_head){.type = high ? 0x40 : 0x11, .device = 2, .base = 0xfeb80000});
            put_entry(&b, high ? SELECT : ALL_IDS, high ? 0x0100 : 0);
            ivhd_close(&b, block);
        }
        iommu_scene(&s, "acpi/IVRS", acpi_end(&b),
                    FN("0000:01:00.0", "010802", "") FN("0000:02:00.0", "010802", ""));
        assert_behind(&s, "0000:01:00.0", UNIT);
        assert_behind(&s, "0000:02:00.0", NULL);
        assert_coverage(&s, V_FAIL, ST_OK, (struct counts){2, 1, 0});
        scene_end(&s);
    }
}

static void two_units_take_what_each_lists(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    ivrs_begin(&b, 0x00203043);
    for (unsigned unit = 0; unit < 3; unit++) {
        size_t block = ivhd_open(&b, (struct ivhd_head){.type = 0x11,
                                                        .device = unit << 13 | 2,
                                                        .base = 0xfeb80000 + 0x1000 * unit,
                                                        .segment = unit / 2});
        put_entry(&b, START, unit << 13);
        put_entry(&b, END, unit << 13 | 0x1fff);
        ivhd_close(&b, block);
    }
    iommu_scene(&s, "acpi/IVRS", acpi_end(&b),
                FN("0000:1f:1f.7", "010802", "") FN("0000:20:00.0", "010802", "")
                    FN("0000:40:00.0", "010802", "") FN("0001:40:00.0", "010802", ""));
    assert_behind(&s, "0000:1f:1f.7", UNIT);
    assert_behind(&s, "0000:20:00.0", "IVHD 0000:20:00.2");
    assert_behind(&s, "0000:40:00.0", NULL); /* its segment does not have that unit */
    assert_behind(&s, "0001:40:00.0", "IVHD 0001:40:00.2");
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){4, 1, 0});
    assert_units(&s, 3, 3);
    scene_end(&s);
}

static void a_host_bridge_and_the_unit_itself_need_no_entry(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, START, 0x0008);
    put_entry(&b, END, 0xffff);
    judge_block(&s, &b, block,
                FN("0000:00:00.0", "060000", "") FN("0000:00:00.2", "080600", "")
                    FN("0000:01:00.0", "010802", ""));
    assert_behind(&s, "0000:00:00.0", NULL);
    assert_behind(&s, "0000:00:00.2", NULL);
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    assert_int_equal(s.report.facts.n_findings, 0);
    scene_end(&s);
}

static void the_kernels_own_domains_are_in_no_ivrs(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, ALL_IDS, 0);
    judge_block(&s, &b, block, FN("10000:01:00.0", "010802", ""));
    assert_coverage(&s, V_UNKNOWN, ST_UNSUPPORTED, (struct counts){1, UNTOLD, 0});
    assert_finding(&s, "iommu.coverage", "10000:01:00.0", "so no table lists it");
    scene_end(&s);
}

static void memory_that_stays_open_is_noted(void **state)
{
    (void)state;
    static struct build b;
    struct scene s;
    size_t block = begin_block(&b);
    put_entry(&b, ALL_IDS, 0);
    ivhd_close(&b, block);
    put_ivmd(&b, 0x20, 0x08, 0, 0);
    put_ivmd(&b, 0x21, 0x01, 0x0100, 0);
    put_ivmd(&b, 0x22, 0x01, 0x0100, 0x02ff);
    iommu_scene(&s, "acpi/IVRS", acpi_end(&b), FN("0000:01:00.0", "010802", ""));
    assert_true(scene_notes(&s, "memory at 7f000000 (4096 bytes) stays open to DMA by all devices "
                                "in any case (IVMD, exclusion range)"));
    assert_true(scene_notes(&s, "by 0000:01:00.0 in any case (IVMD)"));
    assert_true(scene_notes(&s, "by 0000:01:00.0 to 0000:02:1f.7 in any case"));
    assert_coverage(&s, V_PASS, ST_OK, (struct counts){1, 0, 0});
    scene_end(&s);
}

/* All ids but this one, each by an entry of its own, in blocks as long as blocks can be. */
enum { IDS = 65536, LEFT_OUT = 0x1230, PER_BLOCK = 16000 };

static struct span all_but_one(struct scene *s)
{
    static struct build b;
    uint8_t *bytes = arena_alloc(&s->arena, IDS * 4 + 1024, 1);
    size_t len = 0;
    for (unsigned id = 0; id < IDS; id += PER_BLOCK) {
        size_t from = id == 0 ? 0 : 48;
        size_t block = begin_block(&b);
        for (unsigned i = id; i < IDS && i < id + PER_BLOCK; i++)
            put_entry(&b, SELECT, i == LEFT_OUT ? i + 1 : i);
        ivhd_close(&b, block);
        memcpy(bytes + len, b.bytes + from, b.len - from);
        len += b.len - from;
    }
    acpi_repair(bytes, len);
    return (struct span){bytes, len};
}

static void a_table_of_every_id_is_asked_about_thousands(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_complete_acpi(&s);
    scene_bytes(&s, "acpi/IVRS", all_but_one(&s));
    enum { LINE = sizeof FN("0000:00:00.0", "010802", ""), DEVICES = 8192 };
    char *pci = arena_alloc(&s.arena, DEVICES, LINE);
    size_t len = 0;
    for (unsigned i = 0; i < DEVICES; i++) {
        const char *at = pci_address_text(
            &s.arena, (struct pci_address){.bus = (uint8_t)(i / 32), .device = i % 32});
        const char *line = arena_printf(&s.arena, FN("%s", "010802", ""), at);
        memcpy(pci + len, line, strlen(line));
        len += strlen(line);
    }
    scene_text(&s, "pci", pci);
    scene_judge(&s);
    assert_coverage(&s, V_FAIL, ST_OK, (struct counts){DEVICES, 1, 0});
    assert_behind(&s, "0000:12:06.0", NULL);
    assert_behind(&s, "0000:12:07.0", UNIT);
    assert_units(&s, 1, 1);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_crosses_buses),
        cmocka_unit_test(a_selected_id_is_that_one_only),
        cmocka_unit_test(all_is_all_of_the_segment),
        cmocka_unit_test(the_id_of_an_alias_is_covered_with_the_device),
        cmocka_unit_test(a_conventional_device_is_covered_by_the_id_it_requests_under),
        cmocka_unit_test(conventional_bridges_in_a_row_each_lend_their_id),
        cmocka_unit_test(blocks_of_three_types_are_one_unit),
        cmocka_unit_test(only_blocks_of_the_highest_type_count),
        cmocka_unit_test(two_units_take_what_each_lists),
        cmocka_unit_test(a_host_bridge_and_the_unit_itself_need_no_entry),
        cmocka_unit_test(the_kernels_own_domains_are_in_no_ivrs),
        cmocka_unit_test(memory_that_stays_open_is_noted),
        cmocka_unit_test(a_table_of_every_id_is_asked_about_thousands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
