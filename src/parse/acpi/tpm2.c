/* SPDX-License-Identifier: MIT */
#include "parse/acpi/tpm2.h"

#include "parse/acpi/acpi.h"

enum status tpm2_parse(struct span table, struct tpm2 *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "TPM2", &t, fault);
    if (st != ST_OK)
        return st;
    struct tpm2 m = {.revision = t.revision};
    rd_skip(&t.body, 12); /* platform class, reserved, address of the control area */
    m.start_method = rd_le32(&t.body);
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = m;
    return st;
}
