/* SPDX-License-Identifier: MIT */
#include "parse/acpi/tpm2.h"

#include "parse/acpi/acpi.h"

/* Up to revision 3 the bytes of the platform class were reserved (TCG ACPI 1.2, table 7). */
enum { FIRST_WITH_CLASS = 4 };

enum status tpm2_parse(struct span table, struct tpm2 *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "TPM2", &t, fault);
    if (st != ST_OK)
        return st;
    struct tpm2 m = {.revision = t.revision};
    uint16_t platform_class = rd_le16(&t.body);
    if (t.revision >= FIRST_WITH_CLASS)
        m.platform_class = platform_class;
    rd_skip(&t.body, 2);
    m.control_area = rd_le64(&t.body);
    m.start_method = rd_le32(&t.body);
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = m;
    return st;
}
