/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/acpi/madt.h"
#include "support/cmocka.h"
#include "support/tables.h"
#include "support/torture.h"

TORTURE_PARSE(parse, struct madt, madt_parse)

static void tells_x86_from_arm_by_its_interrupt_controllers(void **state)
{
    (void)state;
    struct build b;
    struct madt m;
    assert_int_equal(madt_parse(table_apic(&b), &m, NULL), ST_OK);
    assert_true(m.x86);
    assert_false(m.arm);
    acpi_begin(&b, "APIC", 5);
    put_le64(&b, 0);
    put_le16(&b, 0x500b); /* GIC CPU interface, 80 bytes */
    put_zeros(&b, 78);
    assert_int_equal(madt_parse(acpi_end(&b), &m, NULL), ST_OK);
    assert_false(m.x86);
    assert_true(m.arm);
}

/* Servers with more than 255 processors have no other entry. */
static void x2apic_entries_alone_are_those_of_x86(void **state)
{
    (void)state;
    struct build b;
    struct madt m;
    acpi_begin(&b, "APIC", 5);
    put_le64(&b, 0);
    put_le16(&b, 0x1009); /* local x2APIC, 16 bytes */
    put_zeros(&b, 14);
    assert_int_equal(madt_parse(acpi_end(&b), &m, NULL), ST_OK);
    assert_true(m.x86);
}

static void refuses_an_entry_of_length_0(void **state)
{
    (void)state;
    struct build b;
    acpi_begin(&b, "APIC", 5);
    put_le64(&b, 0);
    put_le16(&b, 0x0000);
    assert_int_equal(parse(acpi_end(&b)), ST_MALFORMED);
}

static void stands_torture(void **state)
{
    (void)state;
    struct build b;
    struct span good = table_apic(&b);
    torture_truncate_table(parse, good);
    torture_flip_table(parse, good);
    torture_mutate_table(parse, good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_x86_from_arm_by_its_interrupt_controllers),
        cmocka_unit_test(x2apic_entries_alone_are_those_of_x86),
        cmocka_unit_test(refuses_an_entry_of_length_0),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
