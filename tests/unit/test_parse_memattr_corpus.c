/* SPDX-License-Identifier: MIT */
/* What kernels of real machines said of their Memory Attributes Tables. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/klog/klog.h"
#include "parse/memattr.h"
#include "support/cmocka.h"
#include "support/load.h"

/* The text of a file, with a NUL. */
static char *load_text(const char *path)
{
    struct heap h = load_corpus(path);
    char *text = malloc(h.span.len + 1);
    assert_non_null(text);
    memcpy(text, h.span.ptr, h.span.len);
    text[h.span.len] = '\0';
    heap_free(&h);
    return text;
}

/* Splits the line, or the column, off *rest and ends it with a NUL; NULL when none is left. */
static char *next_part(char **rest, char end)
{
    char *part = *rest;
    char *at = strchr(part, end);
    if (*part == '\0')
        return NULL;
    *rest = at != NULL ? at + 1 : part + strlen(part);
    if (at != NULL)
        *at = '\0';
    return part;
}

static void sees_the_address_wherever_the_corpus_has_one(void **state)
{
    (void)state;
    unsigned yes = 0;
    unsigned no = 0;
    char *index = load_text("efi/EFI-LOGS.tsv");
    char *rest = index;
    (void)next_part(&rest, '\n');
    for (char *row = next_part(&rest, '\n'); row != NULL; row = next_part(&rest, '\n')) {
        struct arena a;
        struct memattr_log l;
        struct klog k;
        const char *path = next_part(&row, '\t');
        (void)next_part(&row, '\t');
        (void)next_part(&row, '\t');
        bool has = strcmp(next_part(&row, '\t'), "yes") == 0;
        struct heap h = load_corpus(path);
        test_arena(&a);
        memattr_read_log(h.span, &a, &l);
        /* Of two, only what was wrapped is left, without its "efi:": nobody says it. */
        bool headless = strstr(path, "xps-9320-0knxgd-bios-2.23.0-") != NULL ||
                        strstr(path, "unknown-062e924650") != NULL;
        bool none = strstr(path, "smbios-3.8-present.") != NULL; /* MEMATTR=0xffffffffffffffff */
        if (l.has_address != (has && !headless && !none))
            fail_msg("%s: has an address: %d", path, l.has_address);
        /* These logs were shortened, and many had been wrapped: not one proves that there is no
         * table. */
        (void)klog_parse(h.span, &k);
        if (!has && k.efi_tables.len > 0 && !k.efi_tables_cut)
            fail_msg("%s: \"proves\" that there is no table", path);
        yes += has;
        no += !has;
        arena_reset(&a);
        heap_free(&h);
    }
    free(index);
    print_message("%u logs with, %u without\n", yes, no);
    assert_true(yes > 50 && no > 10);
}

/* One line as another eye reads it. */
static bool scan_entry(const char *line, struct efi_region *out, bool *rejected)
{
    char mark = '\0';
    char type[32];
    uint64_t first = 0;
    uint64_t last = 0;
    const char *at = strstr(line, "memattr: ");
    if (at == NULL || (sscanf(at, "memattr: ! 0x%" SCNx64 "-0x%" SCNx64 " [%31[^|]%c", &first,
                              &last, type, &mark) != 4 &&
                       sscanf(at, "memattr:  0x%" SCNx64 "-0x%" SCNx64 " [%31[^|]%c", &first, &last,
                              type, &mark) != 4))
        return false;
    *rejected = strstr(at, "! 0x") != NULL;
    *out = (struct efi_region){.start = first, .pages = (last + 1 - first) / 4096};
    out->type = strstr(type, "Code") != NULL ? EFI_RUNTIME_CODE : EFI_RUNTIME_DATA;
    out->attributes = strstr(at, "|RUN") != NULL ? EFI_ATTRIBUTE_RUNTIME : 0;
    out->attributes |= strstr(at, "|XP|") != NULL ? EFI_ATTRIBUTE_XP : 0;
    out->attributes |= strstr(at, "|RO|") != NULL ? EFI_ATTRIBUTE_RO : 0;
    return true;
}

static size_t entries_seen;

static void check_listing(const char *path, struct span data)
{
    struct arena a;
    struct memattr_log l;
    struct span rest = data;
    struct span line;
    size_t n = 0;
    size_t rejected = 0;
    test_arena(&a);
    memattr_read_log(data, &a, &l);
    while (span_next_line(&rest, &line)) {
        struct efi_region e = {0};
        bool is_rejected = false;
        if (!scan_entry(arena_text(&a, line), &e, &is_rejected))
            continue;
        assert_true(n < l.table.n);
        assert_int_equal(l.table.entries[n].type, e.type);
        assert_true(l.table.entries[n].start == e.start);
        assert_true(l.table.entries[n].pages == e.pages);
        assert_true(l.table.entries[n].attributes == e.attributes);
        rejected += is_rejected;
        n++;
    }
    assert_int_equal(l.table.n, n);
    assert_int_equal(l.rejected, rejected);
    assert_int_equal(l.contiguous, l.opening);
    assert_int_equal(l.opening, strstr(path, "9b0941ff") == NULL);
    assert_int_equal(l.n_complaints, rejected);
    entries_seen += n;
    arena_reset(&a);
}

static void rebuilds_every_listing(void **state)
{
    (void)state;
    entries_seen = 0;
    unsigned files = each_corpus_file("efi/mat-listing", check_listing);
    print_message("%u listings, %zu entries\n", files, entries_seen);
    assert_int_equal(files, 4);
    assert_int_equal(entries_seen, 48 + 1 + 34 + 28);
}

static void knows_every_complaint(void **state)
{
    (void)state;
    unsigned n = 0;
    char *index = load_text("efi/memattr-messages.tsv");
    char *rest = index;
    (void)next_part(&rest, '\n');
    for (char *row = next_part(&rest, '\n'); row != NULL; row = next_part(&rest, '\n')) {
        struct arena a;
        struct memattr_log l;
        const char *message = next_part(&row, '\t');
        test_arena(&a);
        memattr_read_log(span_of(message), &a, &l);
        assert_int_equal(l.n_complaints, 1);
        assert_true(span_is(l.complaints[0], message + strlen("efi: memattr: ")));
        assert_true(!l.opening && !l.has_address && l.table.n == 0);
        arena_reset(&a);
        n++;
    }
    free(index);
    assert_int_equal(n, 9);
}

static bool is_cut(struct heap log)
{
    struct klog k;
    (void)klog_parse(log.span, &k);
    heap_free(&log);
    return k.efi_tables_cut;
}

/* The one machine here that has no table, by a log that holds every table it has. */
static void whole_logs_are_told_from_cut_ones(void **state)
{
    (void)state;
    assert_false(is_cut(load_corpus("hosts/huananzhi-x99-qd4/dmesg.txt")));
    assert_false(is_cut(load_corpus("hosts/ecs-h310ch5-m2/dmesg.txt")));
    assert_false(is_cut(load_corpus("hosts/radxa-orion-o6/dmesg.txt")));
}

static void whole_logs_of_guests_are_told_from_cut_ones(void **state)
{
    (void)state;
    assert_false(is_cut(load_lab("trixie-smm-tpm-mor1/dmesg")));
    assert_false(is_cut(load_lab("arm-nosmmu/dmesg")));
    assert_false(is_cut(load_lab("base-nosmm-cloud/dmesg")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_the_address_wherever_the_corpus_has_one),
        cmocka_unit_test(rebuilds_every_listing),
        cmocka_unit_test(knows_every_complaint),
        cmocka_unit_test(whole_logs_are_told_from_cut_ones),
        cmocka_unit_test(whole_logs_of_guests_are_told_from_cut_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
