/* SPDX-License-Identifier: MIT */
/* Labels, what hosts are called by them, and the digest of evidence. */
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "load/digest.h"
#include "report/report.h"
#include "support/build.h"
#include "support/libs.h"
#include "vbscheck/count.h"

static void keys_and_values_are_plain(void **state)
{
    (void)state;
    char key63[64], key64[65], value255[256], value256[257];
    memset(key63, 'k', 63);
    memset(key64, 'k', 64);
    memset(value255, 'v', 255);
    memset(value256, 'v', 256);
    key63[63] = key64[64] = value255[255] = value256[256] = '\0';
    const struct {
        const char *key, *value;
        bool good;
    } rows[] = {
        {"host", "a", true},      {"Asset.No-1_b", "M\xc3\xbcnchen, 3rd floor = \"x\" <&>", true},
        {"1", "=", true},         {key63, value255, true},
        {key64, "v", false},      {"k", value256, false},
        {"", "v", false},         {"k", "", false},
        {".k", "v", false},       {"-k", "v", false},
        {"a b", "v", false},      {"k\xc3\xbc", "v", false},
        {"a\"", "v", false},      {"k", "a\nb", false},
        {"k", "\x1b[31m", false}, {"k", "\x7f", false},
        {"k", "\xc2\x9b", false}, {"k", "\xe2\x80\xae", false}, /* right to left from here */
        {"k", "\xff", false},     {"k", "\xc3", false},         /* cut short */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *problem = label_problem(span_of(rows[i].key), span_of(rows[i].value));
        if ((problem == NULL) != rows[i].good)
            fail_msg("row %zu: %s", i, problem != NULL ? problem : "taken");
    }
}

static void labels_stand_in_order_and_the_last_word_holds(void **state)
{
    (void)state;
    struct arena a;
    test_arena(&a);
    struct labels l = {.arena = &a};
    for (int i = LABELS_MAX; i > 0; i--) {
        char key[8];
        (void)snprintf(key, sizeof key, "k%02d", i);
        assert_int_equal(labels_set(&l, span_of(key), span_of("v")), ST_OK);
    }
    assert_int_equal(labels_set(&l, span_of("k07"), span_of("new")), ST_OK);
    assert_int_equal(labels_set(&l, span_of("k99"), span_of("v")), ST_TRUNCATED);
    assert_int_equal(l.n, LABELS_MAX);
    for (size_t i = 1; i < l.n; i++)
        assert_true(strcmp(l.items[i - 1].key, l.items[i].key) < 0);
    assert_string_equal(labels_get(&l, "k07"), "new");
    assert_null(labels_get(&l, "k0"));
    assert_null(labels_get(&l, "z"));
    arena_reset(&a);
}

static void a_host_is_called_by_its_label_or_its_file(void **state)
{
    (void)state;
    static const struct {
        const char *path, *label, *key;
    } rows[] = {
        {NULL, NULL, "this-machine"},
        {NULL, "pc-17", "pc-17"},
        {"fleet/pc-1.tar.gz", NULL, "pc-1"},
        {"fleet/pc-1.tar.gz", "x", "x"},
        {"/a/pc.2.tar.zst", NULL, "pc.2"},
        {"pc.tgz", NULL, "pc"},
        {"pc.tar", NULL, "pc"},
        {".tar", NULL, ".tar"}, /* nothing would be left */
        {"fleet/pc-3///", NULL, "pc-3"},
        {"dump.txt", NULL, "dump.txt"},
        {"-", NULL, "-"},
        {"/", NULL, "this-machine"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        struct snapshot s;
        test_arena(&a);
        snap_init(&s, &a, SOURCE_CAPTURE, rows[i].path);
        if (rows[i].label != NULL)
            (void)labels_set(&s.labels, span_of("host"), span_of(rows[i].label));
        const struct report r = {.snap = &s};
        assert_string_equal(report_host_key(&r, &a), rows[i].key);
        arena_reset(&a);
    }
}

/* printf 'ok SHA acpi/WSMT\nno-permission - msr\ntruncated SHA z\n' | sha256sum */
static void the_digest_is_that_of_a_list_anyone_can_make(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    test_arena(&a);
    snap_init(&s, &a, SOURCE_LIVE, NULL);
    snap_add(&s, (struct blob){.name = "acpi/WSMT", .st = ST_OK, .data = span_of("table")});
    snap_add(&s, (struct blob){.name = "msr", .st = ST_NO_PERMISSION});
    snap_add(&s, (struct blob){.name = "z", .st = ST_TRUNCATED});
    if (test_digest == NULL)
        skip();
    const char *computed = load_digest(&s, test_digest, &a);
    assert_string_equal(computed,
                        "sha256:3d5dc21d6369620cc2c6e3cd326fec6df04eb7994c1d891989e74213860f7da3");
    /* What a capture's manifest says of a blob, checked before, is not computed again. */
    s.blobs[0].sha256 = "bbe8f8a6b6c2d0a0";
    assert_string_not_equal(load_digest(&s, test_digest, &a), computed);
    s.blobs[0].sha256 = NULL;
    s.blobs[1].st = ST_ABSENT; /* that it is not there is evidence too */
    assert_string_not_equal(load_digest(&s, test_digest, &a), computed);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_values_are_plain),
        cmocka_unit_test(labels_stand_in_order_and_the_last_word_holds),
        cmocka_unit_test(a_host_is_called_by_its_label_or_its_file),
        cmocka_unit_test(the_digest_is_that_of_a_list_anyone_can_make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
