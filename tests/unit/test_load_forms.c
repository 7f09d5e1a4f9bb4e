/* SPDX-License-Identifier: MIT */
/* Texts of tools that are made into blobs; tests/e2e/test_evidence.py holds what is judged of them.
 */
#include "support/cmocka.h"

#include <string.h>

#include "support/build.h"
#include "support/loading.h"
#include "vbscheck/count.h"

#define GUID    "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SB      "efivar/SecureBoot-" GUID
#define SB_ON   "\6\0\0\0\1"
#define LSCPU   "Architecture:        x86_64\nCPU(s):              2\n"
#define CPUINFO "flags\t\t: fpu vme de pse lm\n"
#define FWUPD(id, result)                                                                          \
    "\"AppstreamId\" : \"org.fwupd.hsi." id "\",\n\"HsiResult\" : " result "\n"
#define PROC(n) "processor\t: " n "\n" CPUINFO "\n"

static const struct {
    const char *text, *blob;
    const char *bytes; /* NULL: the blob is not there */
    size_t n;
} rows[] = {
    {LSCPU "Flags:               fpu vme de pse lm\nX:    y\n", "cpuinfo", PROC("0") PROC("1"),
     sizeof PROC("0") PROC("1") - 1},
    {LSCPU "Flags:               fpu vme de pse lm", "cpuinfo",
     "processor\t: 0\n" CPUINFO "cut\n\nprocessor\t: 1\n" CPUINFO "cut\n\n",
     sizeof "processor\t: 0\n" CPUINFO "cut\n\nprocessor\t: 1\n" CPUINFO "cut\n\n" - 1},
    {"Architecture: amd64\nFlags: fpu vme de pse\n", "cpuinfo", NULL, 0},
    {"# rdmsr -a 0x3a\n5\n5\n", "msr", "0 0x3a 0x5\n1 0x3a 0x5\n", 22},
    {"# rdmsr 0x3a\n5\n", "msr", "0 0x3a 0x5\n4096 0x3a truncated\n", 31},
    {"# rdmsr -u -p 3 1153\n12\n", "msr", "3 0x481 0xc\n", 12},
    {"# rdmsr -a -d 58\n5\nok\n7\n", "msr", "0 0x3a 0x5\n", 11},
    {"# rdmsr -a 0x3a\nrdmsr: CPU 0 cannot read MSR 0x0000003a\n5\n", "msr",
     "1 0x3a 0x5\n4096 0x3a truncated\n", 31},
    {"MSR 0000003A: 0000-0000-0000-0005\nMSR 0000003A: < FAILED >\n", "msr",
     "0 0x3a 0x5\n4096 0x3a truncated\n", 31},
    {"# rdmsr -p3 0x481\nc\n", "msr", "3 0x481 0xc\n", 12},
    {"# rdmsr --processor=2 0x481\nc\n", "msr", "2 0x481 0xc\n", 12},
    {"# rdmsr 0x3a\n00000000000000000000005\n", "msr", NULL,
     0}, /* no register has so many digits */
    {"MSR 0x: 0000-0000-0000-0005\n", "msr", NULL, 0},
    {"Architecture:        aarch64\nCPU(s): 1\nModel name: Cortex-A72\nFlags: fp asimd\nX: y\n",
     "cpuinfo",
     "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\nCPU architecture: 8\n"
     "Features: fp asimd\n\n",
     sizeof "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\nCPU architecture: 8\n"
            "Features: fp asimd\n\n" -
         1},
    {"{\n\"SecurityAttributes\" : [ {\n" FWUPD("Tpm.Version20", "\"found\"") "} ]\n}\n",
     "tpm/fixed", "\x80\1\0\0\0\x1b\0\0\0\0\0\0\0\0\6\0\0\0\1\0\0\1\0\x32\x2e\x30\0", 27},
    {"{\n\"SecurityAttributes\" : [ {\n" FWUPD("Uefi.SecureBoot", "\"enabled\"") "} ]\n}\n", SB,
     SB_ON, 5},
    {"{\n\"SecurityAttributes\" : [ {\n" FWUPD("Uefi.SecureBoot", "3") "} ]\n}\n", SB, NULL, 0},
    {"{\n\"SecurityAttributes\" : [ {\n" FWUPD("Uefi.SecureBoot", "\"enabled"), SB, NULL, 0},
    {"{\n\"SecurityAttributes\" : [ {\n\"AppstreamId\" : \"org.fwupd.hsi.Uefi.SecureBoot\"\n}, {\n"
     "\"AppstreamId\" : \"x\",\n\"HsiResult\" : \"enabled\"\n} ]\n}\n",
     SB, NULL, 0}, /* the result is another's */
    {"{\n\"SecurityAttributes\" : [ {\n\"AppstreamId\" : 5,\n\"HsiResult\" : \"enabled\"\n} ]\n}\n",
     SB, NULL, 0},
    {"# xxd SecureBoot-" GUID "\n00000000: 0600 0000 01\n", SB, SB_ON, 5},
    {"# hexdump SecureBoot-" GUID "\n0000000 0006 0000 0001\n0000005\n", SB, SB_ON, 5},
    {"# od SecureBoot-" GUID "\n0000000 000006 000000 000001\n0000005\n", SB, SB_ON, 5},
    {"# base64 SecureBoot-" GUID "\nBgAAAAE=\n", SB, SB_ON, 5},
    {"# xxd -p SecureBoot-" GUID "\n0600000001\n", SB, SB_ON, 5},
    {"# xxd SecureBoot-" GUID "\n00000000: 0000 0006 01\n", SB, NULL, 0},
    {"# od SecureBoot-" GUID "\n 06 00 00 00 0", SB, NULL, 0},
    {"# od SecureBoot-" GUID "\n06\tB", SB, NULL, 0},
    {"# od SecureBoot-" GUID "\n 06 00 00 00\n", SB, NULL, 0},
    {"# od SecureBoot-" GUID "\n 06 00 00 00 01 0", SB, NULL, 0},
    {"# hd SecureBoot-" GUID "\n00000000  06 00 00 00  |....|\n00000004\n", SB, "\6\0\0\0", 4},
    {"GUID: " GUID "\nName: \"SecureBoot\"\nAttributes:\n\tRuntime Service Access\nValue:\n", SB,
     NULL, 0},
    {"GUID: " GUID "\nName: \"SecureBoot\"\nAttributes:\n\tBoot Service Access\n\tRuntime Service "
     "Access\nValue:\n00000000  01  |.|\n",
     SB, SB_ON, 5},
    {"SecureBoot enabled\n", SB, SB_ON, 5},
    {"SecureBoot disabled\nPlatform is in Setup Mode\n", SB, "\6\0\0\0\0", 5},
    {"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n", "tpm/fixed",
     "\x80\1\0\0\0\x1b\0\0\0\0\0\0\0\0\6\0\0\0\1\0\0\1\0\x32\x2e\x30\0", 27},
    {"selected-pcrs:\n  - sha256: [ 0, 9 ]\n", "tpm/pcrs",
     "\x80\1\0\0\0\x19\0\0\0\0\0\0\0\0\5\0\0\0\1\0\x0b\3\1\2\0", 25},
    {"selected-pcrs:\n  - sha256: [ 0, 9", "tpm/pcrs", NULL, 0},
    {"selected-pcrs:\n  - sha1: [ 0, 9 ]\n", "tpm/pcrs", NULL, 0},
    {"  sha1:\n    0 : 0x1\n", "tpm/pcrs", NULL, 0},
    {"  sha1:\n    0 : 0x1\n  sha256:\n", "tpm/pcrs", NULL, 0},
    {"/sys/class/dmi/id/sys_vendor:X\n/sys/class/dmi/id/product_serial:S\n", "dmi", "vendor: X\n",
     10},
    {"/sys/firmware/efi/fw_platform_size:64\n", "efi/platform", "64", 2},
    {"/sys/firmware/efi/fw_platform_size:6", "efi/platform", NULL, 0},
    {"/sys/class/tpm/tpm0/tpm_version_major:2\n/sys/class/tpm/tpm0/pcr-sha1\n", "sys/tpm",
     "tpm0 version-major 2\n", 21},
    {"arm_midr=f1255ec0410fd083\narm_id_aa64isar0=0000000000200000\narm_id_aa64zfr0=0\n", "cpuinfo",
     "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd08\n"
     "Features\t: atomics\n\n",
     sizeof "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd08\n"
            "Features\t: atomics\n\n" -
         1},
};

static void each_text_becomes_what_the_collector_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loading l;
        loading_text(&l, rows[i].text);
        struct blob b = snap_get(&l.snap, rows[i].blob);
        struct span want = {(const uint8_t *)rows[i].bytes, rows[i].n};
        bool right =
            rows[i].bytes == NULL
                ? b.st != ST_OK
                : b.st == ST_OK && (want.len == 0 ? b.data.len > 0 : span_equal(b.data, want));
        if (!right)
            fail_msg("row %zu: %s, %s \"%.*s\"", i, rows[i].text, status_name(b.st),
                     (int)b.data.len, (const char *)b.data.ptr);
        loading_end(&l);
    }
}

/* Of cores of two kinds the second was left out: an old one beside a new one passed. */
static void lscpu_names_each_kind_of_core_and_all_of_them_count(void **state)
{
#define ARM(names)                                                                                 \
    "Architecture:        aarch64\nCPU(s):              4\n" names                                 \
    "Flags:               fp asimd "                                                               \
    "atomics\nX:    y\n"
#define CORE(name)      "  Model name:        " name "\n"
#define PART(n, part)   "processor\t: " n "\nCPU implementer\t: 0x41\nCPU part\t: " part "\n"
#define WITHOUT_PART(n) "processor\t: " n "\nCPU architecture: 8\n"
    (void)state;
    static const struct {
        const char *text, *has[2];
    } cases[] = {
        {ARM(CORE("Cortex-A76") CORE("Cortex-A53")), {PART("0", "0xd0b"), PART("1", "0xd03")}},
        {ARM(CORE("Cortex-A53") CORE("Cortex-A76")), {PART("0", "0xd03"), PART("1", "0xd0b")}},
        {ARM(CORE("Cortex-A76")), {PART("0", "0xd0b"), PART("3", "0xd0b")}},
        {ARM(CORE("Cortex-A76") CORE("Oryon")), {PART("0", "0xd0b"), WITHOUT_PART("1")}},
        {ARM(CORE("Cortex-A76") CORE("Cortex-A76") CORE("Cortex-A76") CORE("Cortex-A76")
                 CORE("Cortex-A76") CORE("Cortex-A76") CORE("Cortex-A76") CORE("Cortex-A76")
                     CORE("Cortex-A53")),
         {PART("7", "0xd0b"), WITHOUT_PART("8")}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct loading l;
        loading_text(&l, cases[i].text);
        struct span cpuinfo = snap_get(&l.snap, "cpuinfo").data;
        for (size_t k = 0; k < COUNT(cases[i].has); k++) {
            if (!span_find(cpuinfo, cases[i].has[k], NULL))
                fail_msg("case %zu: %.*s", i, (int)cpuinfo.len, (const char *)cpuinfo.ptr);
        }
        loading_end(&l);
    }
}

/* Each beginning of each text, in memory of just that size. */
static void no_beginning_of_a_text_is_read_past_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t n = 0; n < strlen(rows[i].text); n++) {
            struct heap h = heap_copy((struct span){(const uint8_t *)rows[i].text, n});
            struct loading l;
            loading_span(&l, h.span);
            loading_end(&l);
            heap_free(&h);
        }
    }
}

/* "which needs no form counts more" */
static void what_needs_no_form_counts_more(void **state)
{
    (void)state;
    struct raw_file files[] = {
        loading_file("lscpu.txt", LSCPU "Flags:               fpu vme de pse lm\nX:    y\n"),
        loading_file("cpuinfo.txt", "processor : 0\nflags : fpu vme de pse lm vmx\nbugs :\n"),
    };
    struct loading l;
    loading_folder(&l, files, COUNT(files));
    assert_int_equal(loading_count(&l, "cpuinfo"), 1);
    assert_true(span_starts(snap_get(&l.snap, "cpuinfo").data, "processor : 0\n"));
    loading_end(&l);
}

static void variables_that_differ_are_of_two_machines(void **state)
{
    (void)state;
    struct raw_file files[] = {
        {"SecureBoot-" GUID, ST_OK, {(const uint8_t *)SB_ON, 5}},
        loading_file("mokutil.txt", "SecureBoot disabled\n"),
    };
    struct loading l;
    loading_folder(&l, files, COUNT(files));
    assert_int_equal(l.st, ST_CONFLICT);
    assert_true(loading_says(&l, "EFI variables"));
    loading_end(&l);
}

static void what_decides_nothing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } refused[] = {
        {"-[0000:00]-+-00.0  Intel Corporation X\n", "lspci -nn"},
        {"Coreinfo v3.6 - Dump information\n", "systeminfo"},
        {"CPU 0:\n   vendor_id = \"GenuineIntel\"\n", "cpuid -r"},
        {"a photo\n", "is not recognised"},
    };
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct loading l;
        loading_text(&l, refused[i].text);
        assert_int_equal(l.st, ST_NOT_COLLECTED);
        assert_true(loading_says(&l, refused[i].says));
        loading_end(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_becomes_what_the_collector_writes),
        cmocka_unit_test(lscpu_names_each_kind_of_core_and_all_of_them_count),
        cmocka_unit_test(no_beginning_of_a_text_is_read_past_its_end),
        cmocka_unit_test(what_needs_no_form_counts_more),
        cmocka_unit_test(variables_that_differ_are_of_two_machines),
        cmocka_unit_test(what_decides_nothing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
