/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "io/root.h"

#include <errno.h>

#include "test_collect_tree.h"
#include "vbscheck/count.h"

static void reads_a_file_below_the_root(void **state)
{
    struct tree *t = *state;
    struct span text;
    tree_file(t, "sys/class/x", "hello\n");
    assert_int_equal(root_read(t->fd, "sys/class/x", 100, &t->arena, &text), ST_OK);
    assert_true(span_is(text, "hello\n"));
}

static void reads_an_empty_file(void **state)
{
    struct tree *t = *state;
    struct span text = {(const uint8_t *)"x", 1};
    tree_file(t, "empty", "");
    assert_int_equal(root_read(t->fd, "empty", 100, &t->arena, &text), ST_OK);
    assert_int_equal(text.len, 0);
}

static void tells_absent_from_denied(void **state)
{
    struct tree *t = *state;
    struct span text = {(const uint8_t *)"kept", 4};
    tree_file(t, "file", "x");
    assert_int_equal(root_read(t->fd, "no/such", 100, &t->arena, &text), ST_ABSENT);
    assert_int_equal(root_read(t->fd, "file/below", 100, &t->arena, &text), ST_ABSENT);
    assert_int_equal(status_from_errno(EACCES), ST_NO_PERMISSION);
    assert_int_equal(status_from_errno(EPERM), ST_NO_PERMISSION);
    assert_int_equal(status_from_errno(EIO), ST_IO_ERROR);
    assert_true(span_is(text, "kept")); /* untouched on failure */
}

static bool is_denied(struct tree *t)
{
    struct span text;
    return root_read(t->fd, "secret", 100, &t->arena, &text) == ST_NO_PERMISSION &&
           root_exists(t->fd, "secret") == ST_OK;
}

static void says_no_permission_to_an_ordinary_user(void **state)
{
    struct tree *t = *state;
    tree_file(t, "secret", "x");
    assert_int_equal(fchmodat(t->fd, "secret", 0, 0), 0);
    assert_true(tree_as_nobody(is_denied, t));
}

/* Every length around the sizes at which the reader changes its ways. */
static void keeps_what_fits_and_says_that_more_was_there(void **state)
{
    struct tree *t = *state;
    static const size_t lengths[] = {1, 4095, 8191, 8192, 8193, 65535, 65536, 65537, 200000};
    static char data[200000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)('a' + i % 26);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        size_t n = lengths[i];
        struct span text;
        tree_bytes(t, "file", data, n);
        assert_int_equal(root_read(t->fd, "file", n, &t->arena, &text), ST_OK);
        assert_int_equal(text.len, n);
        assert_memory_equal(text.ptr, data, n);
        assert_int_equal(root_read(t->fd, "file", n + 1, &t->arena, &text), ST_OK);
        assert_int_equal(text.len, n);
        assert_int_equal(root_read(t->fd, "file", n - 1, &t->arena, &text), ST_TRUNCATED);
        assert_int_equal(text.len, n - 1);
    }
}

static void reads_a_long_stream_whole(void **state)
{
    struct tree *t = *state;
    enum { LEN = 300000 };
    int ends[2];
    struct span text;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        static char zeros[LEN];
        ssize_t n = write(ends[1], zeros, sizeof zeros);
        _exit(n == LEN ? 0 : 1);
    }
    (void)close(ends[1]);
    assert_int_equal(fd_read(ends[0], 1 << 20, &t->arena, &text), ST_OK);
    assert_int_equal(text.len, LEN);
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
}

static void follows_links_inside_the_root_only(void **state)
{
    struct tree *t = *state;
    struct span text;
    tree_file(t, "real", "inside");
    assert_int_equal(symlinkat("real", t->fd, "relative"), 0);
    assert_int_equal(symlinkat("/real", t->fd, "absolute"), 0);
    assert_int_equal(symlinkat("../../../../../etc/passwd", t->fd, "escape"), 0);
    assert_int_equal(root_read(t->fd, "relative", 100, &t->arena, &text), ST_OK);
    assert_true(span_is(text, "inside"));
    /* "/" is the root given, not the system's. */
    assert_int_equal(root_read(t->fd, "absolute", 100, &t->arena, &text), ST_OK);
    assert_true(span_is(text, "inside"));
    assert_int_equal(root_read(t->fd, "escape", 100, &t->arena, &text), ST_ABSENT);
    assert_int_equal(root_read(t->fd, "../../etc/passwd", 100, &t->arena, &text), ST_ABSENT);
}

static void does_not_hang_on_a_pipe(void **state)
{
    struct tree *t = *state;
    struct span text;
    assert_int_equal(mkfifoat(t->fd, "pipe", 0644), 0);
    assert_int_equal(root_read(t->fd, "pipe", 100, &t->arena, &text), ST_UNSUPPORTED);
}

static void lists_names_in_order(void **state)
{
    struct tree *t = *state;
    const char *const *names;
    size_t n = 0;
    tree_file(t, "d/b", "");
    tree_file(t, "d/a", "");
    tree_file(t, "d/c", "");
    assert_int_equal(root_list(t->fd, "d", 3, &t->arena, &names, &n), ST_OK);
    assert_int_equal(n, 3);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[2], "c");
    assert_int_equal(root_list(t->fd, "d", 2, &t->arena, &names, &n), ST_TRUNCATED);
    assert_int_equal(n, 2);
    assert_int_equal(root_list(t->fd, "none", 2, &t->arena, &names, &n), ST_ABSENT);
    assert_int_equal(root_list(t->fd, "d/a", 2, &t->arena, &names, &n), ST_ABSENT);
}

static void tells_what_exists(void **state)
{
    struct tree *t = *state;
    tree_file(t, "d/a", "");
    assert_int_equal(root_exists(t->fd, "d"), ST_OK);
    assert_int_equal(root_exists(t->fd, "d/a"), ST_OK);
    assert_int_equal(root_exists(t->fd, "d/b"), ST_ABSENT);
}

/* A build for i686 with offsets of 32 bits took it for negative, and so for a register too many. */
static void reads_register_c0010114h_behind_2_gib(void **state)
{
    static const uint8_t vm_cr[] = {0x18, 0, 0, 0, 0, 0, 0, 0};
    static const uint32_t VM_CR = 0xc0010114;
    struct tree *t = *state;
    uint64_t value = 0;
    scoped_fd fd = openat(t->fd, "msr", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(pwrite(fd, vm_cr, sizeof vm_cr, VM_CR), sizeof vm_cr);
    assert_int_equal(fd_read_at(fd, VM_CR, &value, sizeof value), ST_OK);
    assert_memory_equal(&value, vm_cr, sizeof vm_cr);
}

/* EIO alone says that a register is absent: an end of the file or a wrong offset must not. */
static void tells_the_reason_of_an_error_from_none(void **state)
{
    struct tree *t = *state;
    uint64_t value;
    tree_file(t, "short", "1234567");
    scoped_fd fd = openat(t->fd, "short", O_RDONLY | O_CLOEXEC);
    errno = EIO;
    assert_int_equal(fd_read_at(fd, 0, &value, sizeof value), ST_IO_ERROR);
    assert_int_equal(errno, 0);
    errno = EIO;
    assert_int_equal(fd_read_at(fd, UINT64_MAX, &value, sizeof value), ST_IO_ERROR);
    assert_int_equal(errno, 0);
    scoped_fd folder = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(fd_read_at(folder, 0, &value, sizeof value), ST_IO_ERROR);
    assert_int_equal(errno, EISDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(reads_a_file_below_the_root),
        with_tree(reads_an_empty_file),
        with_tree(tells_absent_from_denied),
        with_tree(says_no_permission_to_an_ordinary_user),
        with_tree(keeps_what_fits_and_says_that_more_was_there),
        with_tree(reads_a_long_stream_whole),
        with_tree(follows_links_inside_the_root_only),
        with_tree(does_not_hang_on_a_pipe),
        with_tree(lists_names_in_order),
        with_tree(tells_what_exists),
        with_tree(reads_register_c0010114h_behind_2_gib),
        with_tree(tells_the_reason_of_an_error_from_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
