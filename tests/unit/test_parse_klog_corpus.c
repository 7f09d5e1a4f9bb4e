/* SPDX-License-Identifier: MIT */
/* Logs of real machines; what a capture keeps of them must tell the same. */
#include <stdlib.h>

#include "parse/klog/klog.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "vbscheck/count.h"

/* What a capture keeps must tell the same as the whole log. */
static void assert_capture_tells_the_same(struct span log)
{
    struct klog whole;
    struct klog kept;
    struct span rest = log;
    struct span line;
    struct build *b = calloc(1, sizeof *b);
    assert_non_null(b);
    while (span_next_line(&rest, &line)) {
        if (!klog_matters(klog_message(line)))
            continue;
        put_bytes(b, line.ptr, line.len);
        put_u8(b, '\n');
    }
    (void)klog_parse(log, &whole);
    (void)klog_parse(build_span(b), &kept);
    assert_int_equal(whole.efi, kept.efi);
    assert_int_equal(whole.x86, kept.x86);
    assert_int_equal(whole.arm64, kept.arm64);
    assert_int_equal(whole.el, kept.el);
    assert_int_equal(whole.hyp_mode, kept.hyp_mode);
    assert_int_equal(whole.no_hyp_mode, kept.no_hyp_mode);
    assert_int_equal(whole.secure_boot, kept.secure_boot);
    assert_int_equal(whole.lockdown, kept.lockdown);
    assert_true(span_equal(whole.release, kept.release));
    assert_true(span_equal(whole.dmi, kept.dmi));
    assert_true(span_equal(whole.hypervisor, kept.hypervisor));
    assert_true(span_equal(whole.efi_tables, kept.efi_tables));
    assert_int_equal(whole.efi_tables_cut, kept.efi_tables_cut);
    free(b);
}

static void reads_the_corpus_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *path, *release;
        bool efi, x86, arm64, tables;
    } hosts[] = {
        {"hosts/acer-extensa-5630/dmesg.txt", "5.15.36-yocto-standard", false, true, false, false},
        {"hosts/ecs-h310ch5-m2/dmesg.txt", "6.1.0-20-amd64", true, true, false, true},
        {"hosts/huananzhi-x99-qd4/dmesg.txt", "6.4.7-1-cachyos-lto", true, true, false, true},
        {"hosts/msi-ms7721/dmesg.txt", "4.4.5-1-ARCH", false, true, false, false},
        {"hosts/radxa-orion-o6/dmesg.txt", "6.12.9+bpo-arm64", true, false, true, true},
    };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct heap h = load_corpus(hosts[i].path);
        struct klog k;
        assert_int_equal(klog_parse(h.span, &k), ST_OK);
        assert_true(span_is(k.release, hosts[i].release));
        assert_int_equal(k.efi, hosts[i].efi);
        assert_int_equal(k.x86, hosts[i].x86);
        assert_int_equal(k.arm64, hosts[i].arm64);
        assert_int_equal(k.efi_tables.len > 0, hosts[i].tables);
        assert_capture_tells_the_same(h.span);
        heap_free(&h);
    }
}

static unsigned with_tables;

static void check_efi_log(const char *path, struct span data)
{
    struct klog k;
    (void)path;
    assert_int_equal(klog_parse(data, &k), ST_OK);
    with_tables += k.efi_tables.len > 0;
    assert_capture_tells_the_same(data);
}

static void reads_the_efi_logs(void **state)
{
    (void)state;
    with_tables = 0;
    unsigned n = each_corpus_file("efi/dmesg", check_efi_log);
    print_message("%u logs, %u with tables\n", n, with_tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_corpus_hosts),
        cmocka_unit_test(reads_the_efi_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
