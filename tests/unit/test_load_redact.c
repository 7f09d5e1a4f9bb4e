/* SPDX-License-Identifier: MIT */
/* Evidence made fit to be given away. */
#include "support/cmocka.h"

#include <string.h>

#include "load/redact.h"
#include "support/build.h"
#include "support/loading.h"
#include "vbscheck/count.h"

/* The blob of this name, after redacting. */
static struct span redacted(struct loading *l, const char *name)
{
    redact(&l->snap);
    return snap_get(&l->snap, name).data;
}

static void a_log_keeps_its_lines_and_their_length_but_no_names(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        {"[    0.000000] efi: EFI v2.70 by X\n", "[    0.000000] efi: EFI v2.70 by X\n"},
        {"Nov 22 15:00:00 host-7 kernel: efi: EFI v2.70\n",
         "xxx xx xx:xx:xx xxxx-x kernel: efi: EFI v2.70\n"},
        {"Nov 22 15:00:00 host kernel: [    0.000000] efi: EFI v2.70\n",
         "xxx xx xx:xx:xx xxxx kernel: [    0.000000] efi: EFI v2.70\n"},
        {"[    0.000000] host kernel: efi: EFI v2.70\n",
         "[    0.000000] xxxx kernel: efi: EFI v2.70\n"},
        {"<6>1 2024-11-22T15:00:00Z h kernel - - - efi: EFI v2.70\n",
         "<6>x xxxx-xx-xxxxx:xx:xxx x kernel - - - efi: EFI v2.70\n"},
        {"[    0.000000] Linux version 6.1.0 (me@my.host) (gcc 12) #1\n",
         "[    0.000000] Linux version 6.1.0 (xx@xx.xxxx) (gcc 12) #1\n"},
        {"[    0.000000] tpm_tis at 00:1a:2b:3c:4d:5e,\n",
         "[    0.000000] tpm_tis at xx:xx:xx:xx:xx:xx,\n"},
        {"[    0.000000] tpm deadbeef-1234-5678-9abc-def012345678\n",
         "[    0.000000] tpm xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx\n"},
        {"[    0.000000] tpm_tis 00:1a:2b:3c:4d:5e: no\n",
         "[    0.000000] tpm_tis xx:xx:xx:xx:xx:xx: no\n"},
        /* No addresses of this kind: longer, shorter, inside a word. */
        {"[    0.000000] kvm 00:1a:2b:3c:4d:5e:6f 00:1a:2b:3c:4d 000:1a:2b:3c:4d:5e\n",
         "[    0.000000] kvm 00:1a:2b:3c:4d:5e:6f 00:1a:2b:3c:4d 000:1a:2b:3c:4d:5e\n"},
        {"[    0.000000] efi: EFI v2.70\n[    0.1] kvm no end",
         "[    0.000000] efi: EFI v2.70\n[    0.1] kvm no end"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loading l;
        loading_text(&l, rows[i].from);
        assert_int_equal(l.st, ST_OK);
        struct span s = redacted(&l, "efi/kernel-log");
        if (!span_is(s, rows[i].to))
            fail_msg("row %zu: %.*s", i, (int)s.len, (const char *)s.ptr);
        loading_end(&l);
    }
}

static void texts_keep_what_is_parsed(void **state)
{
    (void)state;
    struct loading l;
    loading_text(&l, "CPUID 00000000: 00000016-756E6547-6C65746E-49656E69 [mine]\n"
                     "CPUID 00000001: 000806EC-00100800-7FFAFBBF-BFEBFBFF\nserial 4711\n");
    assert_true(span_is(redacted(&l, "cpuid"),
                        "CPUID 00000000: 00000016-756E6547-6C65746E-49656E69\n"
                        "CPUID 00000001: 000806EC-00100800-7FFAFBBF-BFEBFBFF\nend\n"));
    loading_end(&l);
    loading_text(&l, "processor\t: 0\nflags\t\t: fpu vme\nlm vmx\n"); /* wrapped */
    assert_true(span_is(redacted(&l, "cpuinfo"), "processor\t: 0\nflags\t\t: fpu vme\nlm vmx\n"));
    loading_end(&l);
    loading_text(&l, "processor\t: 0\nSerial\t\t: 4711\nflags\t\t: lm vmx\nnote: mine\nstep");
    assert_true(span_is(redacted(&l, "cpuinfo"),
                        "processor\t: 0\nxxxxxx\t\t: xxxx\nflags\t\t: lm vmx\nxxxx: xxxx\nxxxx"));
    loading_end(&l);
}

static void what_no_rule_needs_goes(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    test_arena(&a);
    snap_init(&s, &a, SOURCE_CAPTURE, "path");
    static const char *const names[] = {"acpi/MSDM",  "acpi/WSMT", "acpi/WSMT2", "acpi/WSMTx",
                                        "dmi-serial", "notes",     "pci"};
    for (size_t i = 0; i < COUNT(names); i++)
        snap_add(&s,
                 (struct blob){
                     .name = names[i], .from = "/home/me/x", .st = ST_OK, .data = span_of("x")});
    redact(&s);
    assert_int_equal(s.n, 3);
    assert_string_equal(s.blobs[0].name, "acpi/WSMT");
    assert_string_equal(s.blobs[1].name, "acpi/WSMT2");
    assert_string_equal(s.blobs[2].name, "pci");
    for (size_t i = 0; i < s.n; i++)
        assert_null(strstr(s.blobs[i].from, "home"));
    arena_reset(&a);
}

static void of_the_kernel_only_what_decides_is_kept(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    test_arena(&a);
    snap_init(&s, &a, SOURCE_CAPTURE, "path");
    snap_add(&s,
             (struct blob){.name = "kernel",
                           .st = ST_OK,
                           .data = span_of("release: 6.1.0\narch: x86_64\nhostname: mine\n"
                                           "cmdline: root=/dev/mine efi=debug luks=pass iommu=pt\n"
                                           "lockdown: [none]\nconfig-kvm-intel: m\nuid: 0\n")});
    redact(&s);
    assert_true(span_is(s.blobs[0].data,
                        "release: 6.1.0\narch: x86_64\ncmdline: efi=debug iommu=pt\n"
                        "lockdown: [none]\nconfig-kvm-intel: m\nuid: 0\n"));
    arena_reset(&a);
}

static void of_windows_only_the_known_rows_are_kept(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    test_arena(&a);
    snap_init(&s, &a, SOURCE_CAPTURE, "path");
    snap_add(&s, (struct blob){.name = "windows",
                               .st = ST_OK,
                               .data = span_of("source: msinfo32\nstatus: ok\nhost: mine\n"
                                               "vbs: running\nUser Name\tmine\n"
                                               "available: 1,2,3...\n")});
    redact(&s);
    assert_true(span_is(s.blobs[0].data, "source: msinfo32\nstatus: ok\nvbs: running\n"
                                         "available: 1,2,3...\n"));
    arena_reset(&a);
}

static void contradictions_are_numbered_and_get_their_name_back(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    test_arena(&a);
    snap_init(&s, &a, SOURCE_EVIDENCE, "path");
    static const char *const texts[] = {"processor : 0\n", "processor : 0\n",
                                        "processor : 0\nflags : lm\n"};
    for (size_t i = 0; i < COUNT(texts); i++)
        snap_add(&s, (struct blob){
                         .name = "cpuinfo", .from = NULL, .st = ST_OK, .data = span_of(texts[i])});
    snap_add(&s, (struct blob){
                     .name = "kernel", .from = NULL, .st = ST_OK, .data = span_of("release: 6\n")});
    redact(&s);
    assert_int_equal(s.n, 3);
    assert_string_equal(s.blobs[0].name, "cpuinfo.1");
    assert_string_equal(s.blobs[1].name, "cpuinfo.2");
    assert_string_equal(s.blobs[2].name, "kernel");
    static const char *const more[] = {"sys/a.1", "cpuinfo.10", "storage.2", "cpuinfo.0",
                                       "cpuinfo.100"};
    for (size_t i = 0; i < COUNT(more); i++)
        snap_add(&s,
                 (struct blob){.name = more[i], .from = NULL, .st = ST_OK, .data = span_of("x")});
    redact_unnumber(&s);
    assert_string_equal(s.blobs[0].name, "cpuinfo");
    assert_string_equal(s.blobs[1].name, "cpuinfo");
    assert_string_equal(s.blobs[3].name, "sys/a.1");
    assert_string_equal(s.blobs[4].name, "cpuinfo");
    assert_string_equal(s.blobs[5].name, "storage");
    assert_string_equal(s.blobs[6].name, "cpuinfo.0");
    assert_string_equal(s.blobs[7].name, "cpuinfo.100");
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_keeps_its_lines_and_their_length_but_no_names),
        cmocka_unit_test(texts_keep_what_is_parsed),
        cmocka_unit_test(what_no_rule_needs_goes),
        cmocka_unit_test(of_the_kernel_only_what_decides_is_kept),
        cmocka_unit_test(of_windows_only_the_known_rows_are_kept),
        cmocka_unit_test(contradictions_are_numbered_and_get_their_name_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
