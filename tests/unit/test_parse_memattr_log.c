/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "parse/memattr.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define OPENING "efi: memattr: Processing EFI Memory Attributes table:\n"
#define CODE_XP "efi: memattr:  0x000000001000-0x000000001fff [Runtime Code|RUN|  |XP|  |   |  ]\n"
#define CODE_RO "efi: memattr:  0x000000002000-0x000000003fff [Runtime Code|RUN|  |  |RO|   |  ]\n"
#define REFUSED "efi: memattr: ! 0x000000004000-0x000000004fff [Runtime Data|RUN|  |XP|  |   |  ]\n"
#define WHY     "efi: memattr: No matching entry found in the EFI memory map\n"
#define XP      (EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_XP)
#define RO      (EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_RO)

static struct memattr_log read_text(struct arena *a, const char *text)
{
    struct memattr_log l;
    memset(&l, 0xa5, sizeof l);
    memattr_read_log(span_of(text), a, &l);
    return l;
}

static void finds_the_address_wherever_it_stands(void **state)
{
    struct arena *a = *state;
    static const char *const lines[] = {
        "efi: SMBIOS=0x1 ACPI=0x2 ACPI 2.0=0x3 MEMATTR=0x3cb86018 INITRD=0x4 ",
        "efi: MEMATTR=0x3cb86018 ACPI 2.0=0x3",
        "efi:  ACPI 2.0=0x3  MEMATTR=0x3cb86018 ",
        "[    0.000000] efi:  SMBIOS 3.0=0x3  MEMATTR=0x3cb86018 \r",
        "efi: (PROP=0x5 unusable) MEMATTR=0x3cb86018",
        "efi: ACPI=0x2 SMBIOS 3.\nefi: ACPI=0x1 MEMATTR=0x3cb86018 RNG=0x1",
        "efi: ACPI=0x2 SMBIOS\n3.0=0x1 RNG=0x8\n  MEMATTR=0x3cb86018 ESRT=0x1\nSMBIOS 2.8 present",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct memattr_log l = read_text(a, lines[i]);
        assert_true(l.has_address && !l.unusable);
        assert_int_equal(l.address, 0x3cb86018);
        assert_true(!l.opening && !l.contiguous && l.table.n == 0 && l.n_complaints == 0);
    }
}

static void what_the_kernel_could_not_use_is_no_address(void **state)
{
    struct memattr_log l = read_text(*state, "efi: ACPI=0x1 (MEMATTR=0xffff8 unusable) RNG=0x2 ");
    assert_true(l.unusable && !l.has_address);
    assert_int_equal(l.address, 0xffff8);
}

static void what_does_not_say_it_forges_nothing(void **state)
{
    struct arena *a = *state;
    static const char *const texts[] = {
        "",
        "efi: ACPI=0x1 MEMATTT",
        "efi: ACPI=0x1 MEMATTR",
        "efi: ACPI=0x1 MEMATTR=",
        "efi: ACPI=0x1 MEMATTR=0x",
        "efi: ACPI=0x1 XMEMATTR=0x1 MEMATTR2=0x1",
        "usb 1-1: Product: efi: ACPI=0x1 MEMATTR=0x1",
        "usb 1-1: Product: efi: memattr: Processing EFI Memory Attributes table:",
        "<14>efi: MEMATTR=0x1",
        "Nov 22 15:00:00 host liar: efi: MEMATTR=0x1",
        "MEMATTR=0x1",
        "efi: ACPI=0x1\nusb 1-1: x\nMEMATTR=0x1",
        "efi: mem00: MEMATTR=0x1",
        "efi: memattr:",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct memattr_log l = read_text(a, texts[i]);
        assert_true(!l.has_address && !l.unusable && !l.opening && l.n_complaints == 0);
    }
}

static void a_listing_becomes_the_table(void **state)
{
    struct arena *a = *state;
    struct memattr_log l = read_text(a, "Linux version 6.1\n" OPENING CODE_XP CODE_RO);
    assert_true(l.opening && l.contiguous);
    assert_int_equal(l.table.n, 2);
    assert_int_equal(l.table.version, 0);
    assert_int_equal(l.table.stride, 0);
    assert_int_equal(l.table.entries[0].type, EFI_RUNTIME_CODE);
    assert_int_equal(l.table.entries[0].start, 0x1000);
    assert_int_equal(l.table.entries[0].pages, 1);
    assert_true(l.table.entries[0].attributes == XP);
    assert_true(l.table.entries[0].offset == SIZE_MAX);
    assert_int_equal(l.table.entries[1].pages, 2);
    assert_true(l.table.entries[1].attributes == RO);
    assert_int_equal(l.rejected, 0);
}

static void a_rejected_entry_has_its_complaint(void **state)
{
    struct memattr_log l = read_text(*state, OPENING CODE_XP WHY REFUSED CODE_RO);
    assert_true(l.contiguous);
    assert_int_equal(l.table.n, 3);
    assert_int_equal(l.rejected, 1);
    assert_int_equal(l.table.entries[1].type, EFI_RUNTIME_DATA);
    assert_int_equal(l.n_complaints, 1);
    assert_true(span_is(l.complaints[0], "No matching entry found in the EFI memory map"));
}

static void without_debug_only_rejected_entries_are_listed(void **state)
{
    struct memattr_log l = read_text(*state, WHY REFUSED);
    assert_true(!l.opening && !l.contiguous);
    assert_int_equal(l.table.n, 1);
    assert_int_equal(l.rejected, 1);
    assert_int_equal(l.n_complaints, 1);
}

static void a_sign_that_a_line_is_missing_ends_contiguity(void **state)
{
    struct arena *a = *state;
    static const char *const texts[] = {
        CODE_XP CODE_RO,
        OPENING,
        OPENING CODE_XP WHY CODE_RO,
        OPENING CODE_XP REFUSED,
        OPENING CODE_XP WHY WHY REFUSED,
        OPENING CODE_XP WHY,
        OPENING CODE_XP "efi: memattr: Error updating mappings, skipping subsequent md's\n",
        OPENING CODE_XP "DMI: A B, BIOS 1 2\n" CODE_RO,
        OPENING "DMI: A B, BIOS 1 2\n" CODE_XP,
        OPENING CODE_XP WHY "DMI: A B, BIOS 1 2\n" REFUSED,
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff [Runtime Code|RUN|  |\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003ffe [Runtime Code|RUN]\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff [Runtime Code|RUN|R]\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff [Runtime Code]\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff [Run Code|RUN]\n",
        OPENING CODE_XP "efi: memattr:  0x000000002000-0x000000003fff [Runtime Code|RUN] x\n",
        OPENING CODE_XP "efi: memattr:  0x10000000000000000-0x1fff [Runtime Code|RUN]\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (read_text(a, texts[i]).contiguous)
            fail_msg("row %zu is contiguous", i);
    }
    assert_true(read_text(a, OPENING CODE_XP CODE_RO).contiguous);
}

static void what_a_capture_would_drop_ends_no_contiguity(void **state)
{
    struct arena *a = *state;
    assert_true(read_text(a, OPENING CODE_XP "random: crng init done\n\n" CODE_RO).contiguous);
    assert_true(read_text(a, OPENING CODE_XP "DMI: A B, BIOS 1 2\n").contiguous);
}

static void a_second_boot_adds_nothing(void **state)
{
    struct arena *a = *state;
    struct memattr_log l = read_text(a, OPENING CODE_XP OPENING CODE_XP CODE_RO WHY);
    assert_true(l.contiguous && l.table.n == 1 && l.n_complaints == 0);
    l = read_text(a, OPENING CODE_XP "Linux version 6.1\n" CODE_RO);
    assert_true(l.contiguous && l.table.n == 1);
    l = read_text(a, "Linux version 6.1\n" CODE_RO WHY REFUSED OPENING CODE_XP);
    assert_true(l.contiguous && l.table.n == 1 && l.rejected == 0 && l.n_complaints == 0);
}

static void knows_every_type_and_attribute(void **state)
{
    struct arena *a = *state;
    static const struct {
        const char *text;
        uint32_t type;
        uint64_t attributes;
    } rows[] = {
        {"[Reserved           |RUN|  ]", 0, EFI_ATTRIBUTE_RUNTIME},
        {"[Loader Code|XP]", 1, EFI_ATTRIBUTE_XP},
        {"[Loader Data|RO]", 2, EFI_ATTRIBUTE_RO},
        {"[Boot Code   |HP]", 3, 0x100000},
        {"[Boot Data   |CC]", 4, 0x80000},
        {"[Runtime Code|SP]", 5, 0x40000},
        {"[Runtime Data|MR]", 6, 0x10000},
        {"[Conventional Memory|NV]", 7, 0x8000},
        {"[Conventional|RP]", 7, 0x2000},
        {"[Unusable Memory|WP]", 8, 0x1000},
        {"[Unusable    |UCE]", 8, 0x10},
        {"[ACPI Reclaim Memory|WB]", 9, 8},
        {"[ACPI Reclaim|WT]", 9, 4},
        {"[ACPI Memory NVS|WC]", 10, 2},
        {"[ACPI Mem NVS|UC]", 10, 1},
        {"[Memory Mapped I/O|UC]", 11, 1},
        {"[MMIO        |  ]", 11, 0},
        {"[MMIO Port Space|UC]", 12, 1},
        {"[MMIO Port   |UC]", 12, 1},
        {"[PAL Code    |UC]", 13, 1},
        {"[Persistent Memory|UC]", 14, 1},
        {"[Persistent  |UC]", 14, 1},
        {"[Unaccepted  |UC]", 15, 1},
        {"[type=4294967295|UC]", 0xffffffff, 1},
        {"[Runtime Code|attr=0x0800000000004000]", 5, 0x0800000000004000},
        {"[type=16|attr=0x8000000000000000]", 16, EFI_ATTRIBUTE_RUNTIME},
        {"[Runtime Data|RUN|HP|MR|CC|SP|NV|XP|RP|WP|RO|UCE|WB|WT|WC|UC]", 6, 0x80000000001ff01f},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = arena_printf(a, OPENING "efi: memattr:  0x000000001000-0x000000001fff %s \n",
                                  rows[i].text);
        struct memattr_log l = read_text(a, text);
        assert_int_equal(l.table.n, 1);
        assert_int_equal(l.table.entries[0].type, rows[i].type);
        assert_true(l.table.entries[0].attributes == rows[i].attributes);
    }
}

/* What tables say that rules are to fail, and not to be lost: no pages; beyond 2^64. */
static void strange_ranges_stay_strange(void **state)
{
    struct memattr_log l = read_text(
        *state, OPENING "efi: memattr:  0x000000001000-0x000000000fff [Runtime Code|RUN|XP]\n"
                        "efi: memattr:  0x000000000000-0xffffffffffffffff [Runtime Code|RUN|XP]\n"
                        "efi: memattr:  0xfffffffffffff000-0x000000000fff [Runtime Code|RUN|XP]\n");
    assert_true(l.contiguous);
    assert_int_equal(l.table.n, 3);
    assert_int_equal(l.table.entries[0].pages, 0);
    assert_int_equal(l.table.entries[1].pages, 0);
    assert_true(l.table.entries[2].start == 0xfffffffffffff000);
    assert_int_equal(l.table.entries[2].pages, 2);
}

static char *repeat(const char *head, const char *line, size_t n)
{
    size_t len = strlen(line);
    char *text = malloc(strlen(head) + n * len + 1);
    assert_non_null(text);
    memcpy(text, head, strlen(head) + 1);
    char *at = text + strlen(head);
    for (size_t i = 0; i < n; i++, at += len)
        memcpy(at, line, len + 1);
    return text;
}

/* "dmesg >> log" once more, when the buffer had lost its beginning: no entry stands out of order.
 */
static void a_listing_that_comes_again_in_part_adds_nothing(void **state)
{
    struct arena *a = *state;
    static const char *const texts[] = {
        OPENING CODE_XP CODE_RO CODE_XP CODE_RO,
        OPENING CODE_XP CODE_RO CODE_XP,
        OPENING CODE_XP CODE_RO "DMI: A B, BIOS 1 2\n" CODE_XP CODE_RO CODE_XP CODE_RO,
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct memattr_log l = read_text(a, texts[i]);
        if (l.table.n != 2 || l.contiguous)
            fail_msg("text %zu: %zu", i, l.table.n);
    }
    /* What is there twice on the spot, or out of order, is firmware's. */
    assert_int_equal(read_text(a, OPENING CODE_XP CODE_XP).table.n, 2);
    assert_true(read_text(a, OPENING CODE_XP CODE_XP).contiguous);
    assert_true(read_text(a, OPENING CODE_RO CODE_XP).contiguous);
}

static void what_is_kept_is_bounded(void **state)
{
    struct arena *a = *state;
    char *text = repeat(OPENING, CODE_XP, 65536);
    struct memattr_log l = read_text(a, text);
    assert_true(l.contiguous);
    assert_int_equal(l.table.n, 65536);
    free(text);
    text = repeat(OPENING, CODE_XP, 65537);
    l = read_text(a, text);
    assert_int_equal(l.table.n, 65536);
    assert_false(l.contiguous);
    free(text);
    text = repeat("", WHY, 1000);
    l = read_text(a, text);
    assert_int_equal(l.n_complaints, 64);
    free(text);
}

static enum status parse(struct span input)
{
    struct arena a;
    struct memattr_log l;
    test_arena(&a);
    memattr_read_log(input, &a, &l);
    assert_true(l.rejected <= l.table.n);
    assert_true(!l.contiguous || (l.opening && l.table.n > 0));
    arena_reset(&a);
    return ST_OK;
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(
        parse,
        span_of("efi: ACPI 2.0=0x1 (PROP=0x2 unusable) MEMATTR=0x3 \n" OPENING CODE_XP WHY REFUSED
                "efi: memattr:  0x000000002000-0x000000003fff "
                "[type=16|attr=0x8000000000000000]\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_address_wherever_it_stands),
        cmocka_unit_test(what_the_kernel_could_not_use_is_no_address),
        cmocka_unit_test(what_does_not_say_it_forges_nothing),
        cmocka_unit_test(a_listing_becomes_the_table),
        cmocka_unit_test(a_rejected_entry_has_its_complaint),
        cmocka_unit_test(without_debug_only_rejected_entries_are_listed),
        cmocka_unit_test(a_sign_that_a_line_is_missing_ends_contiguity),
        cmocka_unit_test(what_a_capture_would_drop_ends_no_contiguity),
        cmocka_unit_test(a_second_boot_adds_nothing),
        cmocka_unit_test(knows_every_type_and_attribute),
        cmocka_unit_test(strange_ranges_stay_strange),
        cmocka_unit_test(a_listing_that_comes_again_in_part_adds_nothing),
        cmocka_unit_test(what_is_kept_is_bounded),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
