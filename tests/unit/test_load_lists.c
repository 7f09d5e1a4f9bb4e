/* SPDX-License-Identifier: MIT */
/* Which lists of tables are whole, so that what they lack is absent. */
#include "support/cmocka.h"

#include "support/build.h"
#include "support/loading.h"
#include "vbscheck/count.h"

/* Tables of a header only, with length and checksum right. */
#define HEAD_AT(sig, at, hex, sum)                                                                 \
    sig " @ " at "\n    0000: " hex " 24 00 00 00 01 " sum " 00 00 00 00 00 00\n"                  \
        "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n    0020: 00 00 00 00\n\n"
#define FACP "FACP @ 0x0\n" FACP_LINES "\n"
#define FACP_LINES                                                                                 \
    "    0000: 46 41 43 50 24 00 00 00 01 C1 00 00 00 00 00 00\n"                                  \
    "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n    0020: 00 00 00 00\n"
#define APIC HEAD_AT("APIC", "0x0", "41 50 49 43", "BE")
#define FACS "FACS @ 0x0\n    0000: 46 41 43 53 40 00 00 00\n\n"
/* XSDT of two and of three entries, whose addresses are 1000h, 2000h and 3000h. */
#define XSDT_2                                                                                     \
    "XSDT @ 0x0\n    0000: 58 53 44 54 34 00 00 00 01 58 00 00 00 00 00 00\n"                      \
    "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                  \
    "    0020: 00 00 00 00 00 10 00 00 00 00 00 00 00 20 00 00\n    0030: 00 00 00 00\n\n"
#define XSDT_3                                                                                     \
    "XSDT @ 0x0\n    0000: 58 53 44 54 3C 00 00 00 01 20 00 00 00 00 00 00\n"                      \
    "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                  \
    "    0020: 00 00 00 00 00 10 00 00 00 00 00 00 00 20 00 00\n"                                  \
    "    0030: 00 00 00 00 00 30 00 00 00 00 00 00\n\n"
/* The same of a machine that has no XSDT. */
#define RSDT_2                                                                                     \
    "RSDT @ 0x0\n"                                                                                 \
    "    0000: 52 53 44 54 2C 00 00 00 01 66 00 00 00 00 00 00\n"                                  \
    "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                  \
    "    0020: 00 00 00 00 00 10 00 00 00 20 00 00\n\n"
#define RSDT_3                                                                                     \
    "RSDT @ 0x0\n"                                                                                 \
    "    0000: 52 53 44 54 30 00 00 00 01 32 00 00 00 00 00 00\n"                                  \
    "    0010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                  \
    "    0020: 00 00 00 00 00 10 00 00 00 20 00 00 00 30 00 00\n\n"
#define FACP_AT_1000 "FACP @ 0x1000\n" FACP_LINES "\n"
#define APIC_AT_2000 HEAD_AT("APIC", "0x2000", "41 50 49 43", "BE")
#define STRAY        "    0010: 00 00 00 00\n"

static enum status wsmt_of(const char *text)
{
    struct loading l;
    loading_text(&l, text);
    enum status st = snap_get(&l.snap, "acpi/WSMT").st;
    loading_end(&l);
    return st;
}

static void a_text_proves_absence_only_if_it_is_shown_to_be_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status wsmt;
    } rows[] = {
        {FACP FACS APIC, ST_ABSENT}, /* Linux' own acpidump: no XSDT */
        {FACP APIC, ST_NOT_COLLECTED},
        {FACS APIC, ST_NOT_COLLECTED},
        {FACP FACS APIC "RSDP @ 0x0\n    0000: 52 53 44 20\n\n", ST_NOT_COLLECTED},
        {FACP FACS APIC XSDT_2, ST_ABSENT}, /* no addresses: the count fits */
        {FACP FACS APIC XSDT_3, ST_NOT_COLLECTED},
        {FACP FACS APIC FACP XSDT_3, ST_NOT_COLLECTED}, /* one is there twice */
        {FACP_AT_1000 APIC_AT_2000 XSDT_2, ST_ABSENT},
        {FACP_AT_1000 APIC_AT_2000 FACS XSDT_3, ST_NOT_COLLECTED},
        {FACP FACS APIC RSDT_2, ST_ABSENT},
        {FACP FACS APIC RSDT_3, ST_NOT_COLLECTED},
        {FACP_AT_1000 APIC_AT_2000 RSDT_2, ST_ABSENT},
        {FACP_AT_1000 APIC_AT_2000 RSDT_3, ST_NOT_COLLECTED},
        {FACP_AT_1000 APIC_AT_2000 RSDT_2 XSDT_3, ST_NOT_COLLECTED}, /* the longer one counts */
        {STRAY FACP FACS APIC, ST_NOT_COLLECTED},                    /* the head above is lost */
        /* cut at the start, inside a line */
        {"0 00 00 14 00  ..].....\n\n" FACP FACS APIC, ST_NOT_COLLECTED},
        {"].......\n\n" FACP FACS APIC, ST_NOT_COLLECTED},
        {": 00 00\n\n" FACP FACS APIC, ST_NOT_COLLECTED},
        {"$ sudo acpidump\n" FACP FACS APIC, ST_ABSENT},
        {"\n" FACP FACS APIC, ST_ABSENT},
        {FACP FACS APIC "\n    0000: 57 53 4D 54 24 00 00 00\n" APIC, ST_NOT_COLLECTED},
        {"\xef\xbb\xbf" FACP FACS APIC, ST_ABSENT},
        {"root@host:~# " FACP FACS APIC, ST_ABSENT},
        {"  " FACP FACS " " APIC, ST_ABSENT},
        {FACP "   \n" FACS "\t\n" APIC, ST_ABSENT},
        {FACP FACS "BOGUS: cannot read\n" APIC, ST_ABSENT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (wsmt_of(rows[i].text) != rows[i].wsmt)
            fail_msg("row %zu: %s", i, status_name(wsmt_of(rows[i].text)));
    }
}

/* No prefix of a whole text proves anything absent that the whole does not. */
static void no_cut_text_proves_absence_of_what_follows(void **state)
{
    (void)state;
    static const char whole[] = FACP FACS APIC HEAD_AT("WSMT", "0x0", "57 53 4D 54", "8E");
    const size_t before = sizeof FACP FACS APIC - 1;
    for (size_t n = 1; n < sizeof whole; n++) {
        struct loading l;
        loading_span(&l, (struct span){(const uint8_t *)whole, n});
        enum status st = snap_get(&l.snap, "acpi/WSMT").st;
        /* A text that ends with a whole table is whole for all that can be seen. */
        bool between = n + 2 >= before && n <= before;
        if (st == ST_ABSENT && !between)
            fail_msg("%zu bytes prove that there is no WSMT", n);
        loading_end(&l);
    }
}

static void raw_tables_without_an_xsdt_prove_no_absence(void **state)
{
    (void)state;
    static struct build facp, apic, xsdt;
    acpi_begin(&facp, "FACP", 6);
    put_zeros(&facp, 240);
    acpi_begin(&apic, "APIC", 3);
    put_zeros(&apic, 8);
    acpi_begin(&xsdt, "XSDT", 1);
    put_zeros(&xsdt, 16);
    struct raw_file files[] = {
        {"apic.dat", ST_OK, acpi_end(&apic)},
        {"facp.dat", ST_OK, acpi_end(&facp)},
        {"xsdt.dat", ST_OK, acpi_end(&xsdt)},
    };
    struct loading l;
    loading_folder(&l, files, 2);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_NOT_COLLECTED);
    loading_end(&l);
    loading_folder(&l, files, 3);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_ABSENT);
    loading_end(&l);
    /* The same table twice is one table, and not the third that XSDT has. */
    acpi_begin(&xsdt, "XSDT", 1);
    put_zeros(&xsdt, 24);
    struct raw_file twice[] = {files[0], files[1], files[1], {"xsdt", ST_OK, acpi_end(&xsdt)}};
    loading_folder(&l, twice, 4);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_NOT_COLLECTED);
    loading_end(&l);
    files[2] = (struct raw_file){"tables/dynamic/SSDT9", ST_OK, files[1].data};
    loading_folder(&l, files, 3);
    assert_int_equal(snap_get(&l.snap, "acpi/WSMT").st, ST_ABSENT);
    loading_end(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_proves_absence_only_if_it_is_shown_to_be_whole),
        cmocka_unit_test(no_cut_text_proves_absence_of_what_follows),
        cmocka_unit_test(raw_tables_without_an_xsdt_prove_no_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
