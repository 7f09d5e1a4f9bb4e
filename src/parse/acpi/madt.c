/* SPDX-License-Identifier: MIT */
#include "parse/acpi/madt.h"

#include "parse/acpi/acpi.h"

enum {
    MADT_FIXED = 8, /* local APIC address, flags */
    MADT_LOCAL_APIC = 0,
    MADT_LOCAL_X2APIC = 9,
    MADT_GICC = 11,
};

enum status madt_parse(struct span table, struct madt *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "APIC", &t, fault);
    if (st != ST_OK)
        return st;
    struct madt m = {0};
    struct acpi_rec rec;
    rd_skip(&t.body, MADT_FIXED);
    while (acpi_next_rec(&t.body, ACPI_REC_U8_U8, &rec)) {
        m.x86 |= rec.type == MADT_LOCAL_APIC || rec.type == MADT_LOCAL_X2APIC;
        m.arm |= rec.type == MADT_GICC;
    }
    if (!rd_ok(&t.body)) {
        if (fault != NULL)
            *fault = t.body.fault;
        return rd_status(&t.body);
    }
    *out = m;
    return ST_OK;
}
