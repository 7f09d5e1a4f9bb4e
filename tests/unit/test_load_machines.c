/* SPDX-License-Identifier: MIT */
/* Files of two machines: every pair of sources that tell of which architecture they are. */
#include <stdio.h>
#include <string.h>

#include "support/build.h"
#include "support/cmocka.h"
#include "support/loading.h"
#include "support/tables.h"
#include "vbscheck/count.h"

static struct span dmar(struct build *b)
{
    return table_dmar(b);
}

static struct span iort(struct build *b)
{
    return table_iort(b, 0, 48);
}

/* Of Arm: one GIC CPU interface (ACPI 6.5, table 5.45). */
static struct span arm_madt(struct build *b)
{
    enum { GICC = 11, GICC_LEN = 80 };
    acpi_begin(b, "APIC", 5);
    put_le32(b, 0);
    put_le32(b, 0);
    put_u8(b, GICC);
    put_u8(b, GICC_LEN);
    put_zeros(b, GICC_LEN - 2);
    return acpi_end(b);
}

/* Each is a text, or a table of its own. */
struct source {
    const char *text;
    struct span (*table)(struct build *b);
};

static const struct source x86[] = {
    {"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\nstepping\t: 10\n"
     "flags\t\t: lm vmx\n",
     NULL},
    {"basic_cpuid[0]=00000001 756e6547 6c65746e 49656e69\n"
     "basic_cpuid[1]=000906ea 00000000 00000000 00000000\n",
     NULL},
    {"[    0.000000] BIOS-e820: [mem 0x0-0x9ffff] usable\n", NULL},
    {"# dmidecode 3.3\nProcessor Information\n\tSignature: Type 0, Family 6, Model 158, Stepping "
     "10\n",
     NULL},
    {"00:00.0 Host bridge [0600]: X [8086:1234]\n\n", NULL},
    {NULL, table_apic},
    {NULL, dmar},
};

static const struct source arm[] = {
    {"processor\t: 0\nCPU implementer\t: 0x41\n", NULL},
    {"[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x412fd050]\n", NULL},
    {"[    0.000000] Linux version 6.1.0 (aarch64-linux-gnu-gcc)\n", NULL},
    {"[    0.000000] CPU: ARMv7 Processor [410fc075] revision 5 (ARMv7), cr=10c5387d\n", NULL},
    {"# dmidecode 3.3\nProcessor Information\n\tSignature: Implementor 0x41, Variant 0x3, "
     "Architecture 15, Part 0xd0c, Revision 1\n",
     NULL},
    {NULL, arm_madt},
    {NULL, iort},
};

static struct raw_file file_of(const struct source *s, const char *name, struct build *b)
{
    struct raw_file f = loading_file(name, s->text != NULL ? s->text : "");
    if (s->table != NULL)
        f.data = s->table(b);
    return f;
}

static enum status load_both(const struct source *one, const struct source *other, bool *named)
{
    struct build first = {0}, second = {0};
    struct raw_file files[] = {file_of(one, "one", &first), file_of(other, "other", &second)};
    struct loading l;
    loading_folder(&l, files, 2);
    enum status st = l.st;
    *named = loading_says(&l, "several machines") && loading_says(&l, "one") &&
             loading_says(&l, "other");
    loading_end(&l);
    return st;
}

static void x86_beside_arm_is_refused_whatever_tells_it(void **state)
{
    (void)state;
    bool named;
    for (size_t i = 0; i < COUNT(x86); i++) {
        for (size_t k = 0; k < COUNT(arm); k++) {
            if (load_both(&x86[i], &arm[k], &named) != ST_CONFLICT || !named ||
                load_both(&arm[k], &x86[i], &named) != ST_CONFLICT || !named)
                fail_msg("x86 %zu beside arm %zu", i, k);
        }
    }
}

static void sources_of_one_architecture_go_together(void **state)
{
    (void)state;
    bool named;
    for (size_t i = 0; i < COUNT(x86); i++) {
        for (size_t k = 0; k < COUNT(x86); k++) {
            if (load_both(&x86[i], &x86[k], &named) != ST_OK)
                fail_msg("x86 %zu beside x86 %zu", i, k);
        }
    }
    for (size_t i = 0; i < COUNT(arm); i++) {
        for (size_t k = 0; k < COUNT(arm); k++) {
            if (i != k && load_both(&arm[i], &arm[k], &named) != ST_OK)
                fail_msg("arm %zu beside arm %zu", i, k);
        }
    }
}

static void one_log_of_both_architectures_is_refused(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, "[    0.000000] Linux version 6.1.0 (aarch64-linux-gnu-gcc)\n"
                     "[    0.000000] BIOS-e820: [mem 0x0-0x9ffff] usable\n");
    assert_int_equal(l.st, ST_CONFLICT);
    assert_true(loading_says(&l, "several machines in one file"));
    loading_end(&l);
}

/* OEMID and OEM Table ID: of the table as it is, of the log as ACPICA prints them. */
static void a_fadt_and_a_log_that_names_another_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *ids, *line;
        enum status st;
    } rows[] = {
        {"VBSCHKSELFTEST", "(v06 VBSCHK SELFTEST 00000001 TEST 00000001)", ST_OK},
        {"VBSCHKSELFTEST", "(v06 VBSCHK SELF 00000001 TEST 00000001)", ST_CONFLICT},
        {"VBSCHKSELFTEST", "(v06 VBSCHK SELF", ST_OK}, /* cut */
        {"VBSCHKSELFTEST", "(v06 LENOVO TP-N1C   00000001 TEST 00000001)", ST_CONFLICT},
        {"DELL  CBX3    ", "(v06 DELL   CBX3     01072009 AMI  00010013)", ST_OK},
        {"DELL  CBX3    ", "(v06 DELL CBX3 01072009 AMI 00010013)", ST_OK}, /* blanks lost */
        {"DELL\0xCBX3\0xyz", "(v06 DELL   CBX3     01072009 AMI  00010013)", ST_OK},
        {"A\001B   CBX3    ", "(v06 A?B    CBX3     01072009 AMI  00010013)", ST_OK},
        {"DELL  CBX3    ", "(v06 DELL   CBX4     01072009 AMI  00010013)", ST_CONFLICT},
    };
    enum { LEN = 276, IDS_AT = 10, IDS = 14 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char log[256];
        struct build b;
        (void)snprintf(log, sizeof log,
                       "[    0.000000] Linux version 6.1.0 (x)\n"
                       "[    0.007000] ACPI: FACP 0x00000000765F9E28 000114 %s\n",
                       rows[i].line);
        acpi_begin(&b, "FACP", 6);
        memcpy(b.bytes + IDS_AT, rows[i].ids, IDS);
        put_zeros(&b, LEN - b.len);
        struct raw_file files[] = {loading_file("dmesg", log), loading_file("facp.dat", "")};
        files[1].data = acpi_end(&b);
        struct loading l;
        loading_folder(&l, files, 2);
        if (l.st != rows[i].st)
            fail_msg("row %zu: %d", i, (int)l.st);
        if (l.st == ST_CONFLICT)
            assert_true(loading_says(&l, "dmesg and facp.dat"));
        loading_end(&l);
    }
}

static void two_fadts_of_two_makers_are_refused(void **state)
{
    (void)state;
    static const char *const ids[] = {"VBSCHKSELFTEST", "LENOVOTP-N1C  "};
    static struct build b[2];
    enum { LEN = 276, IDS_AT = 10, IDS = 14 };
    for (size_t other = 0; other < 2; other++) {
        struct raw_file files[] = {loading_file("one.dat", ""), loading_file("other.dat", "")};
        for (size_t i = 0; i < 2; i++) {
            acpi_begin(&b[i], "FACP", i == 0 ? 6 : 5);
            memcpy(b[i].bytes + IDS_AT, ids[i == 0 ? 0 : other], IDS);
            put_zeros(&b[i], LEN - b[i].len);
            files[i].data = acpi_end(&b[i]);
        }
        struct loading l;
        loading_folder(&l, files, 2);
        assert_int_equal(l.st, other == 0 ? ST_OK : ST_CONFLICT);
        assert_true(other == 0 || loading_says(&l, "two FADTs"));
        loading_end(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x86_beside_arm_is_refused_whatever_tells_it),
        cmocka_unit_test(sources_of_one_architecture_go_together),
        cmocka_unit_test(one_log_of_both_architectures_is_refused),
        cmocka_unit_test(a_fadt_and_a_log_that_names_another_are_refused),
        cmocka_unit_test(two_fadts_of_two_makers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
