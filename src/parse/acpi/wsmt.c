/* SPDX-License-Identifier: MIT */
#include "parse/acpi/wsmt.h"

#include "parse/acpi/acpi.h"

enum status wsmt_parse(struct span table, struct wsmt *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "WSMT", &t, fault);
    if (st != ST_OK)
        return st;
    struct wsmt w = {.revision = t.revision, .flags = rd_le32(&t.body)};
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = w;
    return st;
}
