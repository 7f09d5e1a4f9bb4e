/* SPDX-License-Identifier: MIT */
/* The files of the active test: variables in a folder, the key, the result and what scans take. */
#define _GNU_SOURCE 1
#include "io/mor/mortest.h"

#include "io/mor/morfiles.h"
#include "io/root.h"
#include "probe/probe.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

#define MOR     "MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
#define MORLOCK "MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
#define BOOT_ID "proc/sys/kernel/random/boot_id"

static const char *const wants[] = {"mor-test", NULL};
static const struct probe probe = {.name = "all", .wants = wants};
const struct probe *const probes[] = {&probe};
const size_t n_probes = 1;

static const uint8_t key[MOR_KEY_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};

static struct blob collect_test(struct tree *t)
{
    struct snapshot *s = arena_new(&t->arena, struct snapshot, 1);
    assert_int_equal(here_collect(t->dir, &t->arena, s), ST_OK);
    return snap_get(s, "mor-test");
}

static void writes_attributes_and_key_at_once_and_closes_again(void **state)
{
    struct tree *t = *state;
    struct mor_files f = {.dir = t->fd, .lock = -1};
    struct mor_store s = mor_files_store(&f);
    struct span text;
    tree_bytes(t, MORLOCK, "", 0);
    assert_true(s.thaw(&f));
    assert_int_equal(s.write(&f, key), MOR_ACCEPTED);
    assert_true(s.freeze(&f));
    assert_int_equal(f.lock, -1);
    assert_int_equal(root_read(t->fd, MORLOCK, 100, &t->arena, &text), ST_OK);
    assert_int_equal(text.len, 12);
    assert_memory_equal(text.ptr, "\7\0\0\0\1\2\3\4\5\6\7\10", 12);
}

static void looks_at_the_files(void **state)
{
    struct tree *t = *state;
    struct mor_files f = {.dir = t->fd, .lock = -1};
    struct mor_store s = mor_files_store(&f);
    assert_int_equal(mor_look(&s).fit, MOR_NO_CONTROL);
    assert_false(s.thaw(&f));
    tree_bytes(t, MOR, "\7\0\0\0\1", 5);
    assert_int_equal(mor_look(&s).fit, MOR_NO_LOCK);
    tree_bytes(t, MORLOCK, "", 0); /* a phantom */
    assert_int_equal(mor_look(&s).fit, MOR_NO_LOCK);
    tree_bytes(t, MORLOCK, "\7\0\0\0", 4);
    assert_int_equal(mor_look(&s).fit, MOR_LOCK_UNFIT);
    tree_bytes(t, MORLOCK, "\7\0\0\0\2", 5);
    assert_int_equal(mor_look(&s).fit, MOR_LOCK_TAKEN);
    tree_bytes(t, MORLOCK, "\7\0\0\0\0", 5);
    assert_int_equal(mor_look(&s).fit, MOR_FIT);
    assert_int_equal(mor_look(&s).control, 1);
    tree_bytes(t, MOR, "\6\0\0\0\1", 5);
    assert_int_equal(mor_look(&s).fit, MOR_CONTROL_ODD);
}

static void holds_signals_until_they_are_released(void **state)
{
    (void)state;
    struct mor_files f = {.dir = -1, .lock = -1};
    struct mor_store s = mor_files_store(&f);
    sigset_t now;
    s.hold(&f);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &now), 0);
    assert_int_equal(sigismember(&now, SIGINT), 1);
    assert_int_equal(sigismember(&now, SIGTERM), 1);
    assert_int_equal(sigismember(&now, SIGSEGV), 0);
    s.release(&f);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &now), 0);
    assert_int_equal(sigismember(&now, SIGINT), 0);
}

static void saves_a_result_that_a_scan_of_this_boot_takes(void **state)
{
    struct tree *t = *state;
    const struct mor_result r = {
        .outcome = MOR_PROVEN, .locked = MOR_LOCK_WITH_KEY, .end = MOR_LOCK_OPEN};
    const char *problem = NULL;
    assert_int_equal(collect_test(t).st, ST_NOT_COLLECTED);
    tree_folder(t, "run");
    assert_int_equal(collect_test(t).st, ST_ABSENT);
    tree_file(t, BOOT_ID, "11111111-2222-3333-4444-555555555555\n");
    assert_int_equal(mortest_save_result(t->dir, &r, &t->arena, &problem), ST_OK);
    struct blob b = collect_test(t);
    assert_int_equal(b.st, ST_OK);
    assert_true(span_is(b.data, "result: proven\nlocked: 2\nend: 0\n")); /* and no boot */
    tree_file(t, BOOT_ID, "11111111-2222-3333-4444-555555555556\n");
    assert_int_equal(collect_test(t).st, ST_ABSENT);
    tree_file(t, "run/vbscheck/mor-test.json", "{\"result\": \"proven\"}\n");
    assert_int_equal(collect_test(t).st, ST_MALFORMED);
}

static void keeps_the_key_for_root_until_it_is_dropped(void **state)
{
    struct tree *t = *state;
    struct stat st;
    const char *problem = NULL;
    uint8_t read[MOR_KEY_LEN] = {0};
    tree_folder(t, "run");
    assert_int_equal(mortest_save_key(t->dir, "0102030405060708", &t->arena, &problem),
                     ST_IO_ERROR);
    assert_non_null(strstr(problem, "boot_id"));
    tree_file(t, BOOT_ID, "11111111-2222-3333-4444-555555555555\n");
    assert_int_equal(mortest_read_key(t->dir, read, &t->arena), ST_ABSENT);
    assert_int_equal(mortest_save_key(t->dir, "0102030405060708", &t->arena, &problem), ST_OK);
    assert_int_equal(fstatat(t->fd, "run/vbscheck/mor-test.key", &st, 0), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(mortest_read_key(t->dir, read, &t->arena), ST_OK);
    assert_memory_equal(read, key, sizeof key);
    tree_file(t, BOOT_ID, "11111111-2222-3333-4444-555555555556\n");
    assert_int_equal(mortest_read_key(t->dir, read, &t->arena), ST_ABSENT);
    mortest_drop_key(t->dir, &t->arena);
    assert_int_equal(fstatat(t->fd, "run/vbscheck/mor-test.key", &st, 0), -1);
}

static void takes_no_key_that_is_not_whole_or_not_private(void **state)
{
    struct tree *t = *state;
    static const char *const bad[] = {"",
                                      "0102030405060708",
                                      "0102030405060708\nboot ",
                                      "01020304050607\nboot 1\n",
                                      "010203040506070x\nboot 1\n",
                                      "0102030405060708\nfoot 1\n"};
    uint8_t read[MOR_KEY_LEN] = {0};
    tree_file(t, BOOT_ID, "1\n");
    for (size_t i = 0; i < COUNT(bad); i++) {
        tree_file(t, "run/vbscheck/mor-test.key", bad[i]);
        assert_int_equal(chmod(tree_path(t, "run/vbscheck/mor-test.key"), 0600), 0);
        assert_int_not_equal(mortest_read_key(t->dir, read, &t->arena), ST_OK);
    }
    tree_file(t, "run/vbscheck/mor-test.key", "0102030405060708\nboot 1\n");
    assert_int_equal(mortest_read_key(t->dir, read, &t->arena), ST_OK);
    assert_int_equal(chmod(tree_path(t, "run/vbscheck/mor-test.key"), 0640), 0);
    assert_int_equal(mortest_read_key(t->dir, read, &t->arena), ST_NO_PERMISSION);
    assert_int_equal(unlink(tree_path(t, "run/vbscheck/mor-test.key")), 0);
    assert_int_equal(symlinkat("mor-test.json", t->fd, "run/vbscheck/mor-test.key"), 0);
    assert_int_not_equal(mortest_read_key(t->dir, read, &t->arena), ST_OK);
}

static void saves_into_no_folder_that_others_may_write_to(void **state)
{
    struct tree *t = *state;
    const char *problem = NULL;
    tree_folder(t, "run/vbscheck");
    tree_file(t, BOOT_ID, "1\n");
    assert_int_equal(chmod(tree_path(t, "run/vbscheck"), 0777), 0);
    assert_int_equal(mortest_save_key(t->dir, "01", &t->arena, &problem), ST_IO_ERROR);
    assert_non_null(strstr(problem, "run/vbscheck"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(writes_attributes_and_key_at_once_and_closes_again),
        with_tree(looks_at_the_files),
        cmocka_unit_test(holds_signals_until_they_are_released),
        with_tree(saves_a_result_that_a_scan_of_this_boot_takes),
        with_tree(keeps_the_key_for_root_until_it_is_dropped),
        with_tree(takes_no_key_that_is_not_whole_or_not_private),
        with_tree(saves_into_no_folder_that_others_may_write_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
