/* SPDX-License-Identifier: MIT */
/* Writes the seeds of table parsers into the folder named on the command line. */
#include <stdio.h>
#include <stdlib.h>

#include "support/efi.h"
#include "support/pe.h"
#include "support/tables.h"

static void write_seed(const char *folder, const char *path, struct span s)
{
    char full[1024];
    (void)snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *f = fopen(full, "wb");
    if (f == NULL || fwrite(s.ptr, 1, s.len, f) != s.len || fclose(f) != 0) {
        (void)fprintf(stderr, "%s: cannot be written\n", full);
        exit(1);
    }
}

static struct span records(struct build *b, unsigned length)
{
    acpi_begin(b, "TEST", 1);
    for (unsigned i = 0; i < 4; i++) {
        put_le16(b, length << 8 | i);
        put_le16(b, length);
        put_zeros(b, length - 4);
    }
    return acpi_end(b);
}

static void write_bus_seeds(const char *folder, struct build *b)
{
    write_seed(folder, "parse_mcfg/two-segments", table_mcfg(b));
    acpi_begin(b, "MCFG", 1);
    put_le64(b, 0);
    put_buses(b, 0xe0000000, 0, 0, 0xff);
    write_seed(folder, "parse_mcfg/one-entry", acpi_end(b));
    write_seed(folder, "parse_viot/every-type", table_viot(b));
    acpi_begin(b, "VIOT", 0);
    put_le16(b, 1);
    put_le16(b, 52);
    put_zeros(b, 12);
    put_le32(b, 0x00100003);
    put_zeros(b, 12);
    write_seed(folder, "parse_viot/padded", acpi_end(b));
}

static void write_driver_seeds(const char *folder, struct build *b)
{
    struct pe_spec spec = pe_clean();
    write_seed(folder, "parse_pe/clean", pe_build(b, &spec));
    write_seed(folder, "parse_pe/signed", pe_sign(b, span_of("0123456789")));
}

int main(int argc, char **argv)
{
    static struct build b;
    if (argc != 2)
        return 2;
    write_driver_seeds(argv[1], &b);
    write_seed(argv[1], "parse_acpi/records-8", records(&b, 8));
    write_seed(argv[1], "parse_acpi/records-4", records(&b, 4));
    write_seed(argv[1], "parse_wsmt/all", table_wsmt(&b, 7));
    write_seed(argv[1], "parse_wsmt/none", table_wsmt(&b, 0));
    write_seed(argv[1], "parse_dmar/every-type", table_dmar(&b));
    acpi_begin(&b, "DMAR", 1);
    put_le16(&b, 0x0126);
    put_zeros(&b, 10);
    put_drhd(&b, 1, 0xfed90000, 2);
    write_seed(argv[1], "parse_dmar/one-unit", acpi_end(&b));
    write_seed(argv[1], "parse_ivrs/every-type", table_ivrs(&b));
    acpi_begin(&b, "IVRS", 2);
    put_zeros(&b, 12);
    put_ivhd(&b, 0x10, 2, 0xfeb80000, 8);
    put_entry(&b, 0x03, 8);
    put_entry(&b, 0x04, 0xffff);
    write_seed(argv[1], "parse_ivrs/one-unit", acpi_end(&b));
    write_seed(argv[1], "parse_iort/revision-0", table_iort(&b, 0, 48));
    write_seed(argv[1], "parse_iort/padded", table_iort(&b, 6, 52));
    write_seed(argv[1], "parse_tpm2/short", table_tpm2(&b, 4, 52));
    write_seed(argv[1], "parse_tpm2/revision-3", table_tpm2(&b, 3, 76));
    write_seed(argv[1], "parse_fadt/revision-6", table_facp(&b, 6, 276, "MsHyperV"));
    write_seed(argv[1], "parse_fadt/revision-3", table_facp(&b, 3, 244, ""));
    write_seed(argv[1], "parse_madt/x86", table_apic(&b));
    acpi_begin(&b, "APIC", 5);
    put_zeros(&b, 8);
    put_le16(&b, 0x500b);
    put_zeros(&b, 78);
    write_seed(argv[1], "parse_madt/arm", acpi_end(&b));
    write_bus_seeds(argv[1], &b);
    write_seed(argv[1], "parse_memattr/three-entries", table_memattr(&b));
    return 0;
}
