/* SPDX-License-Identifier: MIT */
#include "parse/acpi/fadt.h"

#include "parse/acpi/acpi.h"

enum {
    /* "Hypervisor Vendor Identity": ACPI 6.5, table 5.9. Older tables end before it. */
    HYPERVISOR_OFFSET = 268,
    HYPERVISOR_LEN = 8,
    FLAGS_LEN = 4,
};

enum status fadt_parse(struct span table, struct fadt *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "FACP", &t, fault);
    if (st != ST_OK)
        return st;
    struct fadt f = {0};
    for (size_t i = 0; i < sizeof f.oem_id; i++)
        f.oem_id[i] = t.oem_id[i];
    if (t.length >= FADT_FLAGS_OFFSET + FLAGS_LEN) {
        rd_seek(&t.body, FADT_FLAGS_OFFSET - ACPI_HEADER_LEN);
        f.flags = rd_le32(&t.body);
        f.has_flags = true;
    }
    if (t.length >= HYPERVISOR_OFFSET + HYPERVISOR_LEN) {
        rd_seek(&t.body, HYPERVISOR_OFFSET - ACPI_HEADER_LEN);
        for (size_t i = 0; i < HYPERVISOR_LEN; i++)
            f.hypervisor_id[i] = (char)rd_u8(&t.body);
    }
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = f;
    return st;
}
