/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "io/output.h"

#include <dirent.h>

#include "io/root.h"
#include "test_collect_tree.h"

static struct span read_back(struct tree *t, const char *name)
{
    struct span text;
    assert_int_equal(root_read(t->fd, name, 1000, &t->arena, &text), ST_OK);
    return text;
}

static size_t count_entries(struct tree *t)
{
    const char *const *names;
    size_t n = 0;
    assert_int_equal(root_list(t->fd, ".", 100, &t->arena, &names, &n), ST_OK);
    return n;
}

static void appears_when_committed_and_not_before(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL, *path = tree_path(t, "report.json");
    assert_int_equal(output_open(path, &t->arena, &o, &problem), ST_OK);
    assert_int_equal(output_write(&o, span_of("{}\n"), &t->arena, &problem), ST_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(output_commit(&o, &t->arena, &problem), ST_OK);
    output_abandon(&o); /* does nothing any more */
    assert_true(span_is(read_back(t, "report.json"), "{}\n"));
    assert_int_equal(count_entries(t), 1);
}

static void leaves_the_old_file_alone_when_abandoned(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    tree_file(t, "report", "old");
    assert_int_equal(output_open(tree_path(t, "report"), &t->arena, &o, &problem), ST_OK);
    assert_int_equal(output_write(&o, span_of("new"), &t->arena, &problem), ST_OK);
    output_abandon(&o);
    assert_true(span_is(read_back(t, "report"), "old"));
    assert_int_equal(count_entries(t), 1);
}

static void replaces_the_file_behind_a_link(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    tree_file(t, "real", "old");
    assert_int_equal(symlinkat("real", t->fd, "link"), 0);
    assert_int_equal(output_open(tree_path(t, "link"), &t->arena, &o, &problem), ST_OK);
    assert_int_equal(output_write(&o, span_of("new"), &t->arena, &problem), ST_OK);
    assert_int_equal(output_commit(&o, &t->arena, &problem), ST_OK);
    struct stat st;
    assert_int_equal(fstatat(t->fd, "link", &st, AT_SYMLINK_NOFOLLOW), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_true(span_is(read_back(t, "real"), "new"));
}

static void writes_to_a_device_without_replacing_it(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    assert_int_equal(output_open("/dev/null", &t->arena, &o, &problem), ST_OK);
    assert_false(o.is_new);
    assert_int_equal(output_write(&o, span_of("x"), &t->arena, &problem), ST_OK);
    assert_int_equal(output_commit(&o, &t->arena, &problem), ST_OK);
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void says_why_it_cannot_write(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    assert_int_equal(output_open(tree_path(t, "no/such"), &t->arena, &o, &problem), ST_IO_ERROR);
    assert_non_null(strstr(problem, "no/such"));
    problem = NULL;
    assert_int_equal(output_open(t->dir, &t->arena, &o, &problem), ST_IO_ERROR);
    assert_non_null(strstr(problem, "directory"));
    assert_int_equal(count_entries(t), 0);
}

static void says_that_the_disk_is_full(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    assert_int_equal(output_open("/dev/full", &t->arena, &o, &problem), ST_OK);
    assert_int_equal(output_write(&o, span_of("x"), &t->arena, &problem), ST_IO_ERROR);
    assert_non_null(strstr(problem, "/dev/full"));
    output_abandon(&o);
    assert_int_equal(access("/dev/full", F_OK), 0);
}

/* Issue 13, fault 8: FILE.partial-PID stayed after a signal. */
static void has_no_name_before_it_is_whole(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    assert_int_equal(output_open(tree_path(t, "report"), &t->arena, &o, &problem), ST_OK);
    assert_int_equal(output_write(&o, span_of("x"), &t->arena, &problem), ST_OK);
    assert_int_equal(count_entries(t), 0);
    output_abandon(&o);
    assert_int_equal(count_entries(t), 0);
}

/* Issue 13, fault 8: the link may lead anywhere that this user may write. */
static void follows_no_link_of_another_user(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    if (geteuid() != 0)
        skip(); /* only root can make one */
    tree_file(t, "precious", "old");
    assert_int_equal(symlinkat("precious", t->fd, "theirs"), 0);
    assert_int_equal(fchownat(t->fd, "theirs", 65534, 65534, AT_SYMLINK_NOFOLLOW), 0);
    assert_int_equal(symlinkat("theirs", t->fd, "mine"), 0);
    static const char *const names[] = {"theirs", "mine"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(output_open(tree_path(t, names[i]), &t->arena, &o, &problem),
                         ST_NO_PERMISSION);
        assert_non_null(strstr(problem, "link of another user"));
    }
    assert_true(span_is(read_back(t, "precious"), "old"));
}

static void links_in_a_circle_end(void **state)
{
    struct tree *t = *state;
    struct output o;
    const char *problem = NULL;
    assert_int_equal(symlinkat("b", t->fd, "a"), 0);
    assert_int_equal(symlinkat("a", t->fd, "b"), 0);
    assert_int_not_equal(output_open(tree_path(t, "a"), &t->arena, &o, &problem), ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(appears_when_committed_and_not_before),
        with_tree(leaves_the_old_file_alone_when_abandoned),
        with_tree(replaces_the_file_behind_a_link),
        with_tree(writes_to_a_device_without_replacing_it),
        with_tree(says_why_it_cannot_write),
        with_tree(says_that_the_disk_is_full),
        with_tree(has_no_name_before_it_is_whole),
        with_tree(follows_no_link_of_another_user),
        with_tree(links_in_a_circle_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
