/* SPDX-License-Identifier: MIT */
/* Logs that hold more than one boot or machine, as people grep, sort and join them. */
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "load/log.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/loading.h"
#include "support/scene.h"
#include "vbscheck/count.h"

/* One input, judged. */
struct judged {
    struct loading l;
    struct scene scene;
};

static void judge_loaded(struct judged *j)
{
    static const struct judge_options options = {.wish = {.profile = &profile_vbs}};
    static const struct libs libs = {0};
    j->scene = (struct scene){.arena = j->l.arena};
    if (j->l.st == ST_OK)
        judge(&j->l.snap, &options, &libs, &j->scene.arena, &j->scene.report);
}

static void judge_text(struct judged *j, const char *text)
{
    loading_text(&j->l, text);
    judge_loaded(j);
}

static void end(struct judged *j)
{
    arena_reset(&j->scene.arena);
}

#define TABLES "efi: ACPI=0x7a7fe000 ACPI 2.0=0x7a7fe014 SMBIOS=0x7a1e6000 SMBIOS 3.0=0x7a1e4000 "

/* What the first boot has and the second may not have. */
static void the_tables_of_an_older_boot_pass_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        /* grep efi kern.log */
        "Nov 22 15:00:00 h kernel: efi: EFI v2.7 by Dell Inc.\n"
        "Nov 22 15:00:00 h kernel: " TABLES "MEMATTR=0x6f3fa018\n"
        "Nov 23 15:00:00 h kernel: efi: EFI v2.7 by Dell Inc.\n"
        "Nov 23 15:00:00 h kernel: " TABLES "ESRT=0x70ec7d18\n",
        /* two dmesg, one behind the other */
        "[    0.000000] efi: EFI v2.7 by Dell Inc.\n[    0.000000] " TABLES "MEMATTR=0x6f3fa018\n"
        "[    0.5] x\n"
        "[    0.000000] efi: EFI v2.7 by Lenovo\n[    0.000000] " TABLES "ESRT=0x70ec7d18\n",
        "[    0.000000] efi: EFI v2.7 by X\n[    0.000000] " TABLES "MEMATTR=0x6f3fa018\n"
        "[    0.000000] " TABLES "ESRT=0x70ec7d18\n",
        /* journalctl -r */
        "Nov 23 15:00:02 h kernel: " TABLES "ESRT=0x70ec7d18\n"
        "Nov 23 15:00:01 h kernel: efi: EFI v2.7 by Dell Inc.\n"
        "Nov 23 15:00:00 h kernel: Linux version 6.8.0 (x)\n"
        "Nov 22 15:00:02 h kernel: " TABLES "MEMATTR=0x6f3fa018\n"
        "Nov 22 15:00:01 h kernel: efi: EFI v2.7 by Dell Inc.\n"
        "Nov 22 15:00:00 h kernel: Linux version 6.8.0 (x)\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct judged j;
        judge_text(&j, texts[i]);
        if (scene_verdict(&j.scene, "uefi.mat") != V_UNKNOWN ||
            scene_verdict(&j.scene, "uefi.boot") != V_PASS)
            fail_msg("text %zu", i);
        end(&j);
    }
}

/* Mail at 72 columns: what tells the boots apart stands in the lines that follow. */
static void the_newer_of_two_wrapped_boots_is_judged(void **state)
{
    (void)state;
    struct judged j;
    judge_text(&j, "Oct 12 15:00:00 h kernel: [    0.000000] Linux version\n6.8.0-31 (x)\n"
                   "Oct 12 15:00:00 h kernel: [    0.040000] efi: ACPI=0x7a7fe000 ACPI\n"
                   "2.0=0x7a7fe014 SMBIOS=0x7a1e6000 SMBIOS\n"
                   "3.0=0x7a1e4000 MEMATTR=0x6f3fa018 ESRT=0x70ec7d18\n"
                   "Nov  2 15:00:00 h kernel: [    0.000000] Linux version\n6.8.0-49 (x)\n"
                   "Nov  2 15:00:00 h kernel: [    0.040000] efi: ACPI=0x7a7fe000 ACPI\n"
                   "2.0=0x7a7fe014 SMBIOS=0x7a1e6000 SMBIOS\n"
                   "3.0=0x7a1e4000 ESRT=0x70ec7d18\n");
    assert_verdict(&j.scene, "uefi.mat", V_UNKNOWN);
    end(&j);
}

static void a_list_of_tables_that_comes_again_is_of_the_next_boot(void **state)
{
    (void)state;
    struct judged j;
    judge_text(&j, "Nov 22 15:00:00 h kernel: " TABLES "MEMATTR=0x6f3fa018\n"
                   "Nov 22 15:00:00 h kernel: ACPI: APIC 0x000000007AB5F980 000114 (v06 X)\n"
                   "Nov 23 15:00:00 h kernel: ACPI: APIC 0x000000007AB5F980 000114 (v06 X)\n"
                   "Nov 23 15:00:00 h kernel: secureboot: Secure boot disabled\n");
    assert_verdict(&j.scene, "uefi.mat", V_UNKNOWN);
    end(&j);
}

static void a_tpm_of_each_version_is_a_conflict_in_either_order(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)\n"
        "tpm_tis 00:05: 1.2 TPM (device-id 0x1B, rev-id 16)\n",
        "tpm_tis 00:05: 1.2 TPM (device-id 0x1B, rev-id 16)\n"
        "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", texts[i]);
        scene_judge(&s);
        assert_reason(&s, "tpm.version", ST_CONFLICT);
        assert_true(scene_notes(&s, "one line names a TPM 2.0, another a TPM 1.2"));
        scene_end(&s);
    }
}

static void secure_boot_both_on_and_off_is_a_conflict(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "secureboot: Secure boot disabled\nKernel is locked down from EFI Secure Boot; see man\n",
        "secureboot: Secure boot enabled\nima: secureboot mode disabled\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", texts[i]);
        scene_judge(&s);
        assert_reason(&s, "boot.secure-boot", ST_CONFLICT);
        scene_end(&s);
    }
}

static void what_one_boot_denies_the_other_does_not_prove(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rule;
    } rows[] = {
        {"CPU: All CPU(s) started at EL1\nkvm [1]: VHE mode initialized successfully\n"
         "Booting Linux on physical CPU 0x0000000000 [0x412fd050]\n",
         "cpu.virtualization"},
        {"x86/cpu: SVM disabled (by BIOS)\nkvm_amd: Nested Paging enabled\n", "cpu.virtualization"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", rows[i].text);
        scene_judge(&s);
        if (scene_reason(&s, rows[i].rule) != ST_CONFLICT)
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

/* A capture of a tree, or one that was edited. */
static void the_log_of_a_capture_is_cut_as_well(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        size_t n;
    } rows[] = {
        {"efi: EFI v2.7 by X\n" TABLES "MEMATTR=0x1 \n", 1},
        {"Linux version 6.1.0 (x)\n" TABLES "MEMATTR=0x1 \nLinux version 6.2.0 (x)\n", 1},
        {TABLES "MEMATTR=0x1 \n" TABLES "ESRT=0x1 \n", 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        log_split(&s.snap);
        size_t n = 0, at = 0;
        while (snap_next(&s.snap, "efi/kernel-log", &at) != NULL)
            n++;
        assert_int_equal(n, rows[i].n);
        scene_judge(&s);
        if ((scene_verdict(&s, "uefi.mat") == V_PASS) != (i == 0))
            fail_msg("row %zu", i);
        scene_end(&s);
    }
}

/* Records ---------------------------------------------------------------------------------- */

#define RECORD(boot, real, mono, message)                                                          \
    "{\"MESSAGE\": \"" message                                                                     \
    "\", \"_TRANSPORT\": \"kernel\", \"SYSLOG_IDENTIFIER\": \"kernel\", "                          \
    "\"_BOOT_ID\": \"" boot "\", \"__REALTIME_TIMESTAMP\": \"" real                                \
    "\", \"__MONOTONIC_TIMESTAMP\": \"" mono "\", \"_HOSTNAME\": \"h\"}"
#define OLD_1 RECORD("zz", "1700000000000000", "10", "Linux version 6.1.0 (x)")
#define OLD_2 RECORD("zz", "1700000000000001", "11", "efi: EFI v2.7 by X")
#define OLD_3 RECORD("zz", "1700000000000002", "12", TABLES "MEMATTR=0x6f3fa018 ")
#define NEW_1 RECORD("bb", "1710000000000000", "10", "Linux version 6.9.0 (x)")
#define NEW_2 RECORD("bb", "1710000000000001", "11", "efi: EFI v2.7 by X")
#define NEW_3 RECORD("bb", "1710000000000002", "12", TABLES "ESRT=0x70ec7d18 ")

static void records_in_any_order_are_put_in_theirs(void **state)
{
    (void)state;
    static const char *const texts[] = {
        OLD_1 "\n" OLD_2 "\n" OLD_3 "\n" NEW_1 "\n" NEW_2 "\n" NEW_3 "\n",
        NEW_1 "\n" NEW_2 "\n" NEW_3 "\n" OLD_1 "\n" OLD_2 "\n" OLD_3 "\n",
        NEW_3 "\n" NEW_2 "\n" NEW_1 "\n" OLD_3 "\n" OLD_2 "\n" OLD_1 "\n",
        NEW_3 "\n" OLD_3 "\n" NEW_1 "\n" OLD_2 "\n" OLD_1 "\n" NEW_2 "\n",
        "[\n" NEW_1 ",\n" NEW_2 ",\n" NEW_3 ",\n" OLD_1 ",\n" OLD_2 ",\n" OLD_3 "\n]\n",
        " [" OLD_3 "," NEW_3 "]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct judged j;
        judge_text(&j, texts[i]);
        assert_int_equal(j.l.st, ST_OK);
        assert_int_equal(loading_count(&j.l, "efi/kernel-log"), 1);
        struct span log = snap_get(&j.l.snap, "efi/kernel-log").data;
        if (span_find(log, "MEMATTR", NULL) || !span_find(log, "ESRT", NULL) ||
            scene_verdict(&j.scene, "uefi.mat") == V_PASS)
            fail_msg("text %zu", i);
        end(&j);
    }
}

/* What the clock does not part stays as it stood, or as it would stand the right way round. */
static void records_of_one_moment_keep_their_order(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l,
                 RECORD("aa", "1700000000000009", "19", "kvm: last") "\n" RECORD(
                     "aa", "1700000000000001", "11",
                     "kvm: third") "\n" RECORD("aa", "1700000000000001", "11",
                                               "kvm: second") "\n" RECORD("aa", "1700000000000000",
                                                                          "10", "kvm: first") "\n");
    struct span log = snap_get(&l.snap, "efi/kernel-log").data, rest;
    assert_true(span_find(log, "kvm: second", &rest) && span_find(rest, "kvm: third", &rest) &&
                span_find(rest, "kvm: last", NULL));
    loading_end(&l);
}

#define UNDATED(boot, message)                                                                     \
    "{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"" message "\", \"_BOOT_ID\": \"" boot "\"}\n"

static void records_of_boots_without_dates_leave_the_order_open(void **state)
{
    (void)state;
    struct judged j;
    judge_text(&j, UNDATED("aa", "Linux version 6.1.0 (x)") UNDATED("aa", TABLES "MEMATTR=0x1")
                       UNDATED("bb", "Linux version 6.1.0 (x)") UNDATED("bb", TABLES "ESRT=0x1"));
    assert_int_equal(loading_count(&j.l, "efi/kernel-log"), 2);
    assert_verdict(&j.scene, "uefi.mat", V_UNKNOWN);
    end(&j);
}

static void records_of_every_form_tell_boot_and_time(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "__CURSOR=s=1;i=2;b=bb;m=b;t=6125a0f9d0001;x=1\n_TRANSPORT=kernel\nMESSAGE=efi: EFI v2.8 "
        "by "
        "N\n\n__CURSOR=s=1;i=1;b=aa;m=a;t=60a24181e4000;x=1\n_TRANSPORT=kernel\n"
        "MESSAGE=efi: EFI v2.7 by O\n\n",
        "Wed 2023-11-22 15:00:00.1 CET [s=1;i=2;b=bb;m=b;t=6125a0f9d0001;x=1]\n    "
        "_TRANSPORT=kernel\n"
        "    MESSAGE=efi: EFI v2.8 by N\n"
        "Wed 2023-11-22 15:00:00.1 CET [s=1;i=1;b=aa;m=a;t=60a24181e4000;x=1]\n    "
        "_TRANSPORT=kernel\n"
        "    MESSAGE=efi: EFI v2.7 by O\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct loading l;
        loading_text(&l, texts[i]);
        assert_int_equal(loading_count(&l, "efi/kernel-log"), 1);
        assert_true(span_find(snap_get(&l.snap, "efi/kernel-log").data, "v2.8", NULL));
        loading_end(&l);
    }
}

static void dates_of_records_are_those_of_the_calendar(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, RECORD("aa", "1709164801000000", "10", "efi: EFI v2.7 by X") "\n");
    struct span log = snap_get(&l.snap, "efi/kernel-log").data;
    assert_true(
        span_starts(log, "2024-02-29T00:00:01+0000 h kernel: [    0.000010] efi: EFI v2.7"));
    loading_end(&l);
    loading_text(
        &l, "{\"dmesg\": [{\"pri\": 6, \"time\": 12.000345, \"msg\": \"efi: EFI v2.7 by X\"}]}");
    log = snap_get(&l.snap, "efi/kernel-log").data;
    assert_true(span_starts(log, "[   12.000345] efi: EFI v2.7"));
    loading_end(&l);
}

/* Hosts ------------------------------------------------------------------------------------ */

#define LINE(time, host, message) "Nov 22 15:" time " " host " kernel: " message "\n"

static void lines_of_several_hosts_are_refused_with_both_names(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool refused;
    } rows[] = {
        /* side by side, in two forms */
        {LINE("00:00", "alpha", "[    0.000000] Linux version 6.8.0 (x)")
             LINE("00:00", "beta", "[    0.000000] Linux version 6.8.0 (x)")
                 LINE("00:01", "alpha", "[    0.000000] efi: EFI v2.7 by X")
                     LINE("00:01", "beta", "[    0.000000] efi: EFI v2.7 by X"),
         true},
        {"2024-05-02T10:00:00+00:00 alpha kernel: efi: EFI v2.7 by X\n"
         "2024-05-02T10:00:01+00:00 beta kernel: efi: EFI v2.7 by X\n",
         true},
        {"<6>1 2024-05-02T10:00:00Z alpha kernel - - - efi: EFI v2.7 by X\n"
         "<6>1 2024-05-02T10:00:01Z beta kernel - - - efi: EFI v2.7 by X\n",
         true},
        {"[    0.083139] alpha kernel: efi: EFI v2.7 by X\n"
         "[    0.083140] beta kernel: efi: EFI v2.7 by X\n",
         true},
        {"{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"efi: EFI v2.7 by X\", \"_HOSTNAME\": "
         "\"alpha\", "
         "\"__REALTIME_TIMESTAMP\": \"1700000000000000\"}\n"
         "{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"efi: EFI v2.7 by X\", \"_HOSTNAME\": "
         "\"beta\", "
         "\"__REALTIME_TIMESTAMP\": \"1700000000000001\"}\n",
         true},
        /* one after the other */
        {LINE("00:00", "alpha", "Linux version 6.8.0 (x)")
             LINE("01:00", "beta", "Linux version 6.8.0 (x)"),
         true},
        /* alpha, beta, alpha: nobody is renamed back while booting */
        {LINE("00:00", "alpha", "efi: EFI v2.7 by X") LINE("00:01", "beta", "DMI: A, BIOS 1")
             LINE("00:02", "alpha", "kvm: x"),
         true},
        /* a host that has been up for long */
        {LINE("00:00", "alpha", "[    0.000000] Linux version 6.8.0 (x)")
             LINE("00:01", "beta", "[90000.000000] DMAR: x"),
         true},
        /* renamed while booting, at every boot */
        {LINE("00:00", "ubuntu", "[    0.000000] Linux version 6.8.0 (x)")
             LINE("00:05", "alpha", "[    5.000000] kvm: x")
                 LINE("20:00", "ubuntu", "[    0.000000] Linux version 6.8.0 (x)")
                     LINE("20:05", "alpha", "[    5.000000] kvm: x"),
         false},
        {LINE("00:00", "ubuntu", "Linux version 6.8.0 (x)") LINE("00:05", "alpha", "kvm: x")
             LINE("20:00", "alpha", "Linux version 6.8.0 (x)"),
         false},
        {LINE("00:00", "localhost", "Linux version 6.8.0 (x)") LINE("00:05", "alpha", "kvm: x")
             LINE("20:00", "localhost", "Linux version 6.8.0 (x)") LINE("20:05", "alpha", "kvm: x"),
         false},
        {LINE("00:00", "localhost", "Linux version 6.8.0 (x)")
             LINE("20:00", "alpha", "Linux version 6.8.0 (x)"),
         false},
        /* with its domain; in capitals */
        {LINE("00:00", "alpha", "Linux version 6.8.0 (x)")
             LINE("20:00", "Alpha.example.org", "Linux version 6.8.0 (x)"),
         false},
        /* what stands where the host does */
        {"2025 Jul  8 15:05:16.109392 sonic ERR kernel: efi: EFI v2.7 by X\n"
         "2025 Jul  8 15:05:16.109392 sonic INFO kernel: DMI: A, BIOS 1\n"
         "2025 Jul  8 15:05:17.109392 sonic ERR kernel: kvm: x\n",
         false},
        {"Wed 2023-03-22 15:00:00 CET kernel: efi: EFI v2.7 by X\n"
         "Wed 2023-03-29 15:00:00 CEST kernel: efi: EFI v2.7 by X\n",
         false},
        {"Sun Nov 29 22:34:39 2026 kern.info kernel: [    0.000000] efi: EFI v2.7 by X\n"
         "Sun Nov 29 22:34:39 2026 kern.warn kernel: [    0.000000] DMI: A, BIOS 1\n",
         false},
        {"Nov 22 15:00:00 kernel: efi: EFI v2.7 by X\nNov 23 15:00:00 kernel: efi: EFI v2.7 by X\n",
         false},
        /* one machine, that has been given another name */
        {"{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"efi: EFI v2.7 by X\", \"_HOSTNAME\": "
         "\"alpha\", "
         "\"_MACHINE_ID\": \"m\", \"__REALTIME_TIMESTAMP\": \"1700000000000000\"}\n"
         "{\"_TRANSPORT\": \"kernel\", \"MESSAGE\": \"efi: EFI v2.7 by X\", \"_HOSTNAME\": "
         "\"beta\", "
         "\"_MACHINE_ID\": \"m\", \"__REALTIME_TIMESTAMP\": \"1700090000000001\"}\n",
         false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loading l;
        loading_text(&l, rows[i].text);
        if ((l.st == ST_CONFLICT) != rows[i].refused)
            fail_msg("row %zu: %s", i, l.problem);
        if (rows[i].refused)
            assert_true(loading_says(&l, "\"alpha\", \"beta\"") ||
                        loading_says(&l, "\"beta\", \"alpha\""));
        loading_end(&l);
    }
}

static void logs_of_two_hosts_in_one_folder_are_refused(void **state)
{
    (void)state;
    struct raw_file files[] = {
        loading_file("one.log", LINE("00:00", "alpha", "Linux version 6.8.0 (x)")),
        loading_file("other.log", LINE("01:00", "beta", "Linux version 6.8.0 (x)")),
    };
    struct loading l;
    loading_folder(&l, files, COUNT(files));
    assert_int_equal(l.st, ST_CONFLICT);
    assert_true(loading_says(&l, "one.log") && loading_says(&l, "other.log"));
    loading_end(&l);
}

/* More than are ever judged side by side. */
static void boots_past_counting_are_refused(void **state)
{
    (void)state;
    enum { BOOTS = 60000, WIDTH = 32 };
    static char text[BOOTS * WIDTH];
    size_t n = 0;
    for (unsigned i = 0; i < BOOTS; i++)
        n += (size_t)snprintf(text + n, WIDTH, "efi: EFI v2.%u by X\n", i);
    struct loading l;
    loading_text(&l, text);
    assert_int_equal(l.st, ST_CONFLICT);
    assert_true(loading_says(&l, "lines of too many boots"));
    loading_end(&l);
}

/* Mutants ---------------------------------------------------------------------------------- */

static const char *const boots[][11] = {
    {"Linux version 6.8.0 (x) (x86_64-linux-gnu-gcc)",
     "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable", "efi: EFI v2.70 by A",
     TABLES "MEMATTR=0x6f3fa018 ", "secureboot: Secure boot enabled",
     "DMI: A B/C, BIOS 1.0 01/01/2020", "DMAR: DRHD base: 0x000000fed91000 flags: 0x1",
     "DMAR: dmar0: reg_base_addr fed91000 ver 1:0 cap d2008c40660462 ecap f050da",
     "DMAR: Intel-IOMMU force enabled due to platform opt in", "kvm: Nested Paging enabled",
     "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)"},
    {"Linux version 6.8.0 (x) (x86_64-linux-gnu-gcc)",
     "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable", "efi: EFI v2.40 by A",
     TABLES "ESRT=0x70ec7d18 ", "secureboot: Secure boot disabled",
     "DMI: A B/C, BIOS 1.0 01/01/2020", "DMAR: DRHD base: 0x000000fed91000 flags: 0x0",
     "DMAR: dmar0: reg_base_addr fed91000 ver 1:0 cap 0 ecap f050da",
     "x86/cpu: SVM disabled (by BIOS)", "kvm: disabled by bios",
     "tpm_tis MSFT0101:00: 1.2 TPM (device-id 0x1B, rev-id 16)"},
};
enum { LINES = 11, MUTANT_LINES = 4 * LINES };

struct mutant {
    unsigned seed;
    unsigned lines[MUTANT_LINES]; /* of the first boot, then of the second */
    size_t n;
};

static unsigned draw(struct mutant *m, size_t below)
{
    m->seed = m->seed * 1664525U + 1013904223U;
    return (m->seed >> 8) % (unsigned)below;
}

/* Drops, doubles or swaps a line. */
static void mutate(struct mutant *m)
{
    unsigned at = draw(m, m->n), to = draw(m, m->n), line = m->lines[at];
    switch (draw(m, 3)) {
    case 0:
        if (m->n > 2)
            memmove(&m->lines[at], &m->lines[at + 1], (--m->n - at) * sizeof m->lines[0]);
        break;
    case 1:
        if (m->n < MUTANT_LINES)
            m->lines[m->n++] = line;
        break;
    default:
        m->lines[at] = m->lines[to];
        m->lines[to] = line;
    }
}

static const char *text_of(const struct mutant *m, struct arena *a, unsigned form)
{
    const char *text = "";
    for (size_t i = 0; i < m->n; i++) {
        unsigned boot = m->lines[i] / LINES, line = m->lines[i] % LINES;
        const char *stamp = form == 0 ? "" : arena_printf(a, "[    0.%06u] ", line * 90000);
        const char *date =
            form == 2 ? arena_printf(a, "Nov %u 15:00:%02u h kernel: ", 22 + boot, line) : "";
        text = arena_printf(a, "%s%s%s%s\n", text, date, stamp, boots[boot][line]);
    }
    return text;
}

/* What is left of one boot, in its own order and each line once. */
static struct mutant boot_of(const struct mutant *m, unsigned boot)
{
    struct mutant own = {.n = 0};
    for (unsigned line = boot * LINES; line < (boot + 1) * LINES; line++) {
        size_t i = 0;
        while (i < m->n && m->lines[i] != line)
            i++;
        if (i < m->n)
            own.lines[own.n++] = line;
    }
    return own;
}

/* No mutant passes what neither boot passes. */
static void mutants_of_two_boots_pass_nothing_new(void **state)
{
    (void)state;
    enum { MUTANTS = 300, FORMS = 3 };
    static const char *const rules[] = {"uefi.mat", "boot.secure-boot", "iommu.translation",
                                        "tpm.version", "cpu.virtualization"};
    for (unsigned i = 0; i < MUTANTS * FORMS; i++) {
        struct mutant m = {.seed = i};
        struct arena a;
        test_arena(&a);
        for (unsigned k = 0; k < 2 * LINES; k++)
            m.lines[m.n++] = k;
        for (unsigned k = 0; k < 1 + i % 6; k++)
            mutate(&m);
        struct judged both, one, other;
        struct mutant first_boot = boot_of(&m, 0), second_boot = boot_of(&m, 1);
        judge_text(&both, text_of(&m, &a, i % FORMS));
        judge_text(&one, text_of(&first_boot, &a, i % FORMS));
        judge_text(&other, text_of(&second_boot, &a, i % FORMS));
        for (size_t k = 0; k < COUNT(rules) && both.l.st == ST_OK; k++) {
            bool first = one.l.st == ST_OK && scene_verdict(&one.scene, rules[k]) == V_PASS;
            bool second = other.l.st == ST_OK && scene_verdict(&other.scene, rules[k]) == V_PASS;
            if (scene_verdict(&both.scene, rules[k]) == V_PASS && !first && !second)
                fail_msg("mutant %u passes %s", i, rules[k]);
        }
        end(&both);
        end(&one);
        end(&other);
        arena_reset(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_of_an_older_boot_pass_nothing),
        cmocka_unit_test(the_newer_of_two_wrapped_boots_is_judged),
        cmocka_unit_test(a_list_of_tables_that_comes_again_is_of_the_next_boot),
        cmocka_unit_test(a_tpm_of_each_version_is_a_conflict_in_either_order),
        cmocka_unit_test(secure_boot_both_on_and_off_is_a_conflict),
        cmocka_unit_test(what_one_boot_denies_the_other_does_not_prove),
        cmocka_unit_test(the_log_of_a_capture_is_cut_as_well),
        cmocka_unit_test(records_in_any_order_are_put_in_theirs),
        cmocka_unit_test(records_of_one_moment_keep_their_order),
        cmocka_unit_test(records_of_boots_without_dates_leave_the_order_open),
        cmocka_unit_test(records_of_every_form_tell_boot_and_time),
        cmocka_unit_test(dates_of_records_are_those_of_the_calendar),
        cmocka_unit_test(lines_of_several_hosts_are_refused_with_both_names),
        cmocka_unit_test(logs_of_two_hosts_in_one_folder_are_refused),
        cmocka_unit_test(boots_past_counting_are_refused),
        cmocka_unit_test(mutants_of_two_boots_pass_nothing_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
