/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "io/store.h"
#include "load/raw.h"

#include <jansson.h>

#include "io/root.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

enum { COLLECTED = 1795320000 }; /* 2026-11-22T04:00:00Z */

static struct snapshot sample(struct tree *t)
{
    struct snapshot s;
    snap_init(&s, &t->arena, SOURCE_LIVE, NULL);
    s.collected_at = "2026-11-22T04:00:00Z";
    snap_add(&s, (struct blob){.name = "acpi/DMAR", .from = "/sys/x", .st = ST_NO_PERMISSION});
    snap_add(&s, (struct blob){.name = "acpi/WSMT", .st = ST_OK, .data = span_of("table")});
    snap_add(&s, (struct blob){.name = "kernel",
                               .st = ST_OK,
                               .data = span_of("release: 6.1.0\narch: x86_64\n")});
    snap_add(&s, (struct blob){.name = "sys/tpm", .st = ST_OK});
    return s;
}

/* What the one process packs, as the other writes it. */
static enum status save(const char *path, const struct snapshot *s, struct arena *a,
                        const char **problem)
{
    struct span block;
    enum status st = store_pack(s, a, &block, problem);
    return st == ST_OK ? store_write(path, block, COLLECTED, a, problem) : st;
}

static struct span read_back(struct tree *t, const char *name)
{
    struct span text;
    assert_int_equal(root_read(t->fd, name, 1 << 20, &t->arena, &text), ST_OK);
    return text;
}

static json_t *manifest_of(struct tree *t, const char *name)
{
    struct span text = read_back(t, name);
    json_t *m = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    assert_non_null(m);
    return m;
}

static const char *text_at(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void writes_a_folder_with_a_manifest(void **state)
{
    struct tree *t = *state;
    struct snapshot s = sample(t);
    const char *problem = NULL;
    assert_int_equal(save(tree_path(t, "host"), &s, &t->arena, &problem), ST_OK);
    assert_true(span_is(read_back(t, "host/acpi/WSMT"), "table"));
    assert_int_equal(read_back(t, "host/sys/tpm").len, 0);
    assert_int_equal(root_exists(t->fd, "host/acpi/DMAR"), ST_ABSENT);

    json_t *m = manifest_of(t, "host/manifest.json");
    assert_int_equal(json_integer_value(json_object_get(m, "format")), CAPTURE_FORMAT);
    assert_string_equal(text_at(m, "collected_at"), "2026-11-22T04:00:00Z");
    assert_string_equal(text_at(m, "kernel"), "6.1.0");
    assert_string_equal(text_at(m, "arch"), "x86_64");
    json_t *blobs = json_object_get(m, "blobs");
    assert_int_equal(json_array_size(blobs), 4);
    json_t *denied = json_array_get(blobs, 0), *table = json_array_get(blobs, 1);
    assert_string_equal(text_at(denied, "status"), "no-permission");
    assert_string_equal(text_at(denied, "from"), "/sys/x");
    assert_true(json_is_null(json_object_get(denied, "sha256")));
    assert_int_equal(json_integer_value(json_object_get(table, "size")), 5);
    /* printf table | sha256sum */
    assert_string_equal(text_at(table, "sha256"),
                        "0d4fc4a78d3706edccafb665a8b2fdd9309e82c78625bb0f2b8e7bb9e1c4d21c");
    json_decref(m);
}

static size_t count_entries(struct tree *t)
{
    const char *const *names;
    size_t n = 0;
    assert_int_equal(root_list(t->fd, ".", 100, &t->arena, &names, &n), ST_OK);
    return n;
}

static void takes_an_empty_folder_and_nothing_else_that_exists(void **state)
{
    struct tree *t = *state;
    struct snapshot s = sample(t);
    const char *problem = NULL;
    tree_folder(t, "empty");
    assert_int_equal(save(tree_path(t, "empty/"), &s, &t->arena, &problem), ST_OK);
    assert_true(span_is(read_back(t, "empty/acpi/WSMT"), "table"));
    tree_file(t, "full/x", "");
    tree_file(t, "file", "kept");
    tree_file(t, "file.tar.gz", "kept");
    static const char *const taken[] = {"full", "file", "file.tar.gz", "empty"};
    for (size_t i = 0; i < COUNT(taken); i++) {
        problem = NULL;
        assert_int_equal(save(tree_path(t, taken[i]), &s, &t->arena, &problem), ST_IO_ERROR);
        assert_non_null(strstr(problem, "already exists"));
    }
    assert_true(span_is(read_back(t, "file.tar.gz"), "kept"));
    assert_int_equal(count_entries(t), 4); /* nothing half made is left */
}

static void writes_the_same_archive_twice(void **state)
{
    struct tree *t = *state;
    struct snapshot s = sample(t);
    const char *problem = NULL;
    static const char *const names[][2] = {
        {"a.tar", "b.tar"}, {"a.tar.gz", "b.tar.gz"}, {"a.tar.zst", "b.tar.zst"}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(save(tree_path(t, names[i][0]), &s, &t->arena, &problem), ST_OK);
        assert_int_equal(save(tree_path(t, names[i][1]), &s, &t->arena, &problem), ST_OK);
        struct span a = read_back(t, names[i][0]), b = read_back(t, names[i][1]);
        assert_true(a.len > 0 && span_equal(a, b));
    }
    struct span tar = read_back(t, "a.tar");
    assert_memory_equal(tar.ptr, "manifest.json", sizeof "manifest.json"); /* comes first */
    assert_true(span_find(tar, "acpi/WSMT", NULL));
    assert_int_equal(count_entries(t), 6);
}

static void leaves_nothing_behind_when_it_fails(void **state)
{
    struct tree *t = *state;
    struct snapshot s = sample(t);
    const char *problem = NULL;
    /* A blob below another blob cannot be a file: the folder is half made by then. */
    snap_add(&s, (struct blob){.name = "sys/tpm/below", .st = ST_OK, .data = span_of("x")});
    assert_int_equal(save(tree_path(t, "host"), &s, &t->arena, &problem), ST_IO_ERROR);
    assert_non_null(problem);
    assert_int_equal(count_entries(t), 0);
}

static void refuses_names_that_leave_the_capture(void **state)
{
    struct tree *t = *state;
    static const char *const bad[] = {"../x", "/x",   "a/../b", "a//b", "",
                                      "a/",   "a\nb", "..",     ".a",   "manifest.json"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct snapshot s;
        const char *problem = NULL;
        snap_init(&s, &t->arena, SOURCE_LIVE, NULL);
        snap_add(&s, (struct blob){.name = bad[i], .st = ST_OK, .data = span_of("x")});
        assert_int_equal(save(tree_path(t, "host"), &s, &t->arena, &problem), ST_MALFORMED);
        assert_non_null(problem);
    }
    assert_int_equal(count_entries(t), 0);
}

static void says_why_it_cannot_write(void **state)
{
    struct tree *t = *state;
    struct snapshot s = sample(t);
    const char *problem = NULL;
    assert_int_equal(save(tree_path(t, "no/host"), &s, &t->arena, &problem), ST_IO_ERROR);
    assert_non_null(strstr(problem, "no/host"));
    assert_int_equal(save(tree_path(t, "no/host.tar"), &s, &t->arena, &problem), ST_IO_ERROR);
}

/* What a process that bytes have taken over could pack. */
struct forged {
    const char *first, *second, *third;
};

static struct span pack_names(struct arena *a, const struct forged *f)
{
    const char *const names[] = {f->first, f->second, f->third};
    struct out o;
    out_init(&o, a);
    for (size_t i = 0; i < COUNT(names) && names[i] != NULL; i++) {
        const uint32_t head[] = {(uint32_t)strlen(names[i]), 1};
        out_bytes(&o, (const char *)head, sizeof head);
        out_str(&o, names[i]);
        out_char(&o, 'x');
    }
    return out_span(&o);
}

static void writes_no_name_that_leads_elsewhere(void **state)
{
    static const struct forged cases[] = {
        {"manifest.json", "../escaped", NULL},
        {"manifest.json", "/tmp/escaped", NULL},
        {"manifest.json", "a/../../escaped", NULL},
        {"manifest.json", "a/./b", NULL},
        {"manifest.json", "a//b", NULL},
        {"manifest.json", ".hidden", NULL},
        {"manifest.json", "a/", NULL},
        {"manifest.json", "", NULL},
        {"manifest.json", "esc\x1b[2J", NULL},
        {"manifest.json", "manifest.json", NULL},
        {"manifest.json", "b", "a"}, /* out of order */
        {"manifest.json", "a", "a"},
        {"a", "manifest.json", NULL},
        {"a", NULL, NULL},
        {NULL, NULL, NULL},
    };
    static const struct forged good = {"manifest.json", "a/b", "a/c"};
    struct tree *t = *state;
    const char *problem = "", *path = tree_path(t, "host");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span block = pack_names(&t->arena, &cases[i]);
        assert_int_equal(store_write(path, block, COLLECTED, &t->arena, &problem), ST_MALFORMED);
        assert_int_equal(root_exists(t->fd, "host"), ST_ABSENT);
        assert_int_equal(root_exists(t->fd, "escaped"), ST_ABSENT);
    }
    struct span block = pack_names(&t->arena, &good);
    for (size_t n = 0; n < block.len; n++) {
        struct span cut = {block.ptr, n};
        if (n != pack_names(&t->arena, &(struct forged){"manifest.json", NULL, NULL}).len &&
            n != pack_names(&t->arena, &(struct forged){"manifest.json", "a/b", NULL}).len)
            assert_int_equal(store_write(path, cut, COLLECTED, &t->arena, &problem), ST_MALFORMED);
    }
    assert_int_equal(store_write(path, block, COLLECTED, &t->arena, &problem), ST_OK);
    assert_true(span_is(read_back(t, "host/a/c"), "x"));
}

int main(void)
{
    /* Builds may leave these libraries out (cmake/VbsLibraries.cmake). */
    if (!VBSCHECK_HAVE_LIBARCHIVE || !VBSCHECK_HAVE_LIBCRYPTO) {
        (void)puts("SKIPPED: this build leaves libarchive or libcrypto out");
        return TREE_SKIPPED;
    }
    const struct CMUnitTest tests[] = {
        with_tree(writes_a_folder_with_a_manifest),
        with_tree(takes_an_empty_folder_and_nothing_else_that_exists),
        with_tree(writes_the_same_archive_twice),
        with_tree(leaves_nothing_behind_when_it_fails),
        with_tree(refuses_names_that_leave_the_capture),
        with_tree(says_why_it_cannot_write),
        with_tree(writes_no_name_that_leads_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
