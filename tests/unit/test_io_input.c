/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "io/input.h"

#include <sys/wait.h>

#include "test_collect_tree.h"
#include "vbscheck/count.h"

/* As somebody names it. */
static enum status read_input(const char *path, struct tree *t, struct raw_input *out,
                              const char **problem)
{
    return input_read(&(struct input_item){.path = path, .named = strlen(path)}, &t->arena, out,
                      problem);
}

static void reads_one_file(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL, *path = tree_path(t, "dump.txt");
    tree_file(t, "dump.txt", "WSMT @ 0x0\n");
    assert_int_equal(read_input(path, t, &in, &problem), ST_OK);
    assert_false(in.folder);
    assert_int_equal(in.n, 1);
    assert_string_equal(in.files[0].name, "");
    assert_string_equal(in.path, path);
    assert_true(span_is(in.files[0].data, "WSMT @ 0x0\n"));
}

static void reads_a_folder_sorted_by_name(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL;
    tree_file(t, "c/manifest.json", "{}");
    tree_file(t, "c/cpuid", "x");
    tree_file(t, "c/acpi/WSMT", "table");
    tree_file(t, "c/acpi/DMAR", "");
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_OK);
    assert_true(in.folder);
    static const char *const names[] = {"acpi/DMAR", "acpi/WSMT", "cpuid", "manifest.json"};
    assert_int_equal(in.n, 4);
    for (size_t i = 0; i < in.n; i++) {
        assert_string_equal(in.files[i].name, names[i]);
        assert_int_equal(in.files[i].st, ST_OK);
    }
    assert_true(span_is(in.files[1].data, "table"));
}

static void opens_neither_links_nor_pipes_in_a_folder(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL;
    tree_file(t, "c/a", "x");
    assert_int_equal(symlinkat("/etc/passwd", t->fd, "c/link"), 0);
    assert_int_equal(mkfifoat(t->fd, "c/pipe", 0644), 0);
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_OK);
    assert_int_equal(in.n, 3);
    assert_int_equal(in.files[0].st, ST_OK);
    assert_int_equal(in.files[1].st, ST_UNSUPPORTED);
    assert_int_equal(in.files[2].st, ST_UNSUPPORTED);
    assert_int_equal(in.files[1].data.len + in.files[2].data.len, 0);
}

static bool denied_file_is_an_entry(struct tree *t)
{
    struct raw_input in;
    const char *problem = NULL;
    return read_input(tree_path(t, "c"), t, &in, &problem) == ST_OK && in.n == 2 &&
           in.files[0].st == ST_OK && in.files[1].st == ST_NO_PERMISSION;
}

static void goes_on_past_a_file_it_may_not_read(void **state)
{
    struct tree *t = *state;
    tree_file(t, "c/a", "x");
    tree_file(t, "c/b", "x");
    assert_int_equal(fchmodat(t->fd, "c/b", 0, 0), 0);
    assert_true(tree_as_nobody(denied_file_is_an_entry, t));
}

static void reads_a_pipe_to_its_end_even_if_its_writer_comes_late(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL, *path = tree_path(t, "pipe");
    assert_int_equal(mkfifoat(t->fd, "pipe", 0644), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)usleep(50000);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        ssize_t n = write(fd, "one ", 4);
        (void)usleep(20000);
        n += write(fd, "two", 3);
        _exit(n == 7 ? 0 : 1);
    }
    assert_int_equal(read_input(path, t, &in, &problem), ST_OK);
    assert_true(span_is(in.files[0].data, "one two"));
    (void)waitpid(child, NULL, 0);
}

static void says_in_one_line_what_is_wrong(void **state)
{
    struct tree *t = *state;
    struct raw_input in = {.n = 77};
    const char *problem = NULL, *path = tree_path(t, "none");
    assert_int_equal(read_input(path, t, &in, &problem), ST_ABSENT);
    assert_string_equal(problem, arena_printf(&t->arena, "%s is not there", path));
    assert_int_equal(read_input("/dev/null", t, &in, &problem), ST_UNSUPPORTED);
    assert_non_null(strstr(problem, "device"));
    assert_int_equal(in.n, 77); /* untouched on failure */
}

static void refuses_a_file_over_the_cap_without_reading_it(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL;
    tree_file(t, "c/big", "");
    assert_int_equal(truncate(tree_path(t, "c/big"), (off_t)1 << 40), 0);
    assert_int_equal(read_input(tree_path(t, "c/big"), t, &in, &problem), ST_TRUNCATED);
    assert_non_null(strstr(problem, "over 32 MiB"));
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_TRUNCATED);
    assert_non_null(strstr(problem, "c/big"));
}

static void refuses_a_folder_over_the_cap(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL;
    tree_file(t, "c/1", "");
    tree_file(t, "c/2", "");
    assert_int_equal(truncate(tree_path(t, "c/1"), RAW_FILE_MAX), 0);
    assert_int_equal(truncate(tree_path(t, "c/2"), RAW_FILE_MAX), 0);
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_TRUNCATED);
    assert_non_null(strstr(problem, "over 32 MiB"));
}

static void refuses_folders_nested_too_deep(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL;
    tree_file(t, "c/1/2/3/4/5/6/7/8/file", "x");
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_OK);
    tree_file(t, "c/1/2/3/4/5/6/7/8/9/file", "x");
    assert_int_equal(read_input(tree_path(t, "c"), t, &in, &problem), ST_TRUNCATED);
}

/* Expanding -------------------------------------------------------------------------------- */

static struct input_list expand(struct tree *t, const char *name, const char **skipped)
{
    struct input_list list = {0};
    const char *problem = NULL;
    *skipped = NULL;
    assert_int_equal(input_expand(tree_path(t, name), NULL, &t->arena, &list, skipped, &problem),
                     ST_OK);
    return list;
}

static void takes_files_captures_and_loose_folders_as_one_input(void **state)
{
    struct tree *t = *state;
    const char *skipped;
    tree_file(t, "file", "x");
    tree_file(t, "capture/manifest.json", "{}");
    tree_file(t, "capture/acpi/WSMT", "x");
    tree_file(t, "loose/a.txt", "x");
    tree_file(t, "loose/b.txt", "x");
    tree_folder(t, "empty");
    static const char *const names[] = {"file", "capture", "loose", "empty"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct input_list list = expand(t, names[i], &skipped);
        assert_int_equal(list.n, 1);
        assert_string_equal(list.items[0].path, tree_path(t, names[i]));
        assert_null(skipped);
    }
}

/* The magic of a ustar header is at byte 257. */
static void put_tar(struct tree *t, const char *name)
{
    char block[1024] = {0};
    memcpy(block, "manifest.json", 13);
    memcpy(block + 257,
           "ustar\0"
           "00",
           8);
    tree_bytes(t, name, block, sizeof block);
}

static void takes_each_capture_of_a_folder_of_captures(void **state)
{
    struct tree *t = *state;
    const char *skipped;
    tree_file(t, "fleet/b/manifest.json", "{}");
    tree_file(t, "fleet/a/x.txt", "x");
    tree_file(t, "fleet/more/c/manifest.json", "{}");
    tree_file(t, "fleet/README", "x");
    tree_file(t, "fleet/notes", "x");
    put_tar(t, "fleet/z.tar");
    struct input_list list = expand(t, "fleet", &skipped);
    static const char *const names[] = {"fleet/a", "fleet/b", "fleet/more/c", "fleet/z.tar"};
    assert_int_equal(list.n, 4);
    for (size_t i = 0; i < list.n; i++)
        assert_string_equal(list.items[i].path, tree_path(t, names[i]));
    assert_string_equal(skipped, arena_printf(&t->arena, "%s, %s", tree_path(t, "fleet/README"),
                                              tree_path(t, "fleet/notes")));
}

static void does_not_follow_a_link_back_up(void **state)
{
    struct tree *t = *state;
    const char *skipped;
    tree_file(t, "fleet/a/manifest.json", "{}");
    assert_int_equal(symlinkat("..", t->fd, "fleet/loop"), 0);
    struct input_list list = expand(t, "fleet", &skipped);
    assert_int_equal(list.n, 1);
    assert_string_equal(skipped, tree_path(t, "fleet/loop"));
}

static void says_what_cannot_be_looked_at(void **state)
{
    struct tree *t = *state;
    struct input_list list = {.n = 77};
    const char *problem = NULL, *skipped = NULL;
    assert_int_equal(input_expand(tree_path(t, "none"), NULL, &t->arena, &list, &skipped, &problem),
                     ST_ABSENT);
    assert_non_null(strstr(problem, "is not there"));
    assert_int_equal(list.n, 77);
}

/* Issue 13, fault 5: between finding and reading, others may put anything in an archive's place. */
static enum status read_found(struct tree *t, const char *below, struct raw_input *in)
{
    const char *problem = NULL, *path = tree_path(t, below), *top = tree_path(t, "fleet");
    struct input_item item = {.path = path, .named = strlen(top)};
    struct stat st;
    assert_int_equal(stat(top, &st), 0);
    item.folder = (struct folder_id){st.st_dev, st.st_ino};
    enum status how = input_read(&item, &t->arena, in, &problem);
    assert_true(how == ST_OK || strstr(problem, below) != NULL);
    return how;
}

static void a_pipe_in_an_archives_place_is_not_waited_for(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    tree_folder(t, "fleet");
    assert_int_equal(mkfifoat(t->fd, "fleet/one.tar", 0644), 0);
    assert_int_equal(read_found(t, "fleet/one.tar", &in), ST_UNSUPPORTED);
}

static void a_link_in_an_inputs_place_is_not_followed(void **state)
{
    struct tree *t = *state;
    struct raw_input in;
    tree_file(t, "secret/cpuid", "x");
    tree_file(t, "fleet/real/host/cpuid", "x");
    assert_int_equal(symlinkat("../secret", t->fd, "fleet/host"), 0);
    assert_int_equal(symlinkat("../secret/cpuid", t->fd, "fleet/file"), 0);
    assert_int_equal(symlinkat("real", t->fd, "fleet/way"), 0);
    assert_int_not_equal(read_found(t, "fleet/host", &in), ST_OK);
    assert_int_not_equal(read_found(t, "fleet/file", &in), ST_OK);
    assert_int_not_equal(read_found(t, "fleet/way/host", &in), ST_OK);
    assert_int_equal(read_found(t, "fleet/real/host", &in), ST_OK);
    assert_int_equal(in.n, 1);
    /* What somebody names may be a link, as always. */
    const char *problem = NULL;
    assert_int_equal(read_input(tree_path(t, "fleet/host"), t, &in, &problem), ST_OK);
}

static void another_folder_in_the_place_of_the_one_named_is_not_entered(void **state)
{
    struct tree *t = *state;
    struct input_list list;
    struct raw_input in;
    const char *problem = NULL, *skipped = NULL;
    tree_file(t, "fleet/one/manifest.json", "{}");
    tree_file(t, "fleet/two/manifest.json", "{}");
    tree_file(t, "other/one/manifest.json", "{}");
    assert_int_equal(
        input_expand(tree_path(t, "fleet"), NULL, &t->arena, &list, &skipped, &problem), ST_OK);
    assert_int_equal(list.n, 2);
    assert_int_equal(input_read(&list.items[0], &t->arena, &in, &problem), ST_OK);
    assert_int_equal(renameat(t->fd, "fleet", t->fd, "moved"), 0);
    assert_int_equal(symlinkat("other", t->fd, "fleet"), 0);
    assert_int_equal(input_read(&list.items[0], &t->arena, &in, &problem), ST_ABSENT);
}

/* Issue 13, fault 5: a file without an end used up the arena of the run. */
static void a_folder_that_grows_is_one_inputs_trouble(void **state)
{
    (void)state;
    struct arena a;
    struct raw_input in;
    const char *problem = NULL, *path = "/proc/self";
    arena_init(&a, LIMIT_DATA, tree_oom);
    enum status st =
        input_read(&(struct input_item){.path = path, .named = strlen(path)}, &a, &in, &problem);
    assert_true(st == ST_OK || (st == ST_TRUNCATED && strstr(problem, path) != NULL));
    arena_reset(&a);
}

/* Issue 13, fault 3: a stream of 32 MiB took three times its size. */
static void bytes_that_are_read_are_not_copied(void **state)
{
    enum { SIZE = 8 << 20, NAMES = 64 << 10 };
    struct tree *t = *state;
    struct raw_input in;
    const char *problem = NULL, *path = tree_path(t, "stream");
    assert_int_equal(mkfifoat(t->fd, "stream", 0644), 0);
    pid_t writer = fork();
    if (writer == 0) {
        static const char zeros[64 << 10];
        int fd = open(path, O_WRONLY);
        for (size_t n = 0; n < SIZE; n += sizeof zeros) {
            for (size_t at = 0; at < sizeof zeros;)
                at += (size_t)write(fd, zeros + at, sizeof zeros - at);
        }
        _exit(0);
    }
    size_t before = t->arena.used;
    assert_int_equal(read_input(path, t, &in, &problem), ST_OK);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    assert_int_equal(in.files[0].data.len, SIZE);
    assert_true(t->arena.used - before < SIZE + NAMES);
}

static void too_many_inputs_are_trouble_and_not_the_end(void **state)
{
    struct tree *t = *state;
    struct arena small;
    struct input_list list;
    const char *problem = NULL, *skipped = NULL;
    for (unsigned i = 0; i < 200; i++)
        tree_file(t, arena_printf(&t->arena, "fleet/%u/manifest.json", i), "{}");
    arena_init(&small, (1 << 20) + 4096, tree_oom);
    assert_int_equal(input_expand(tree_path(t, "fleet"), NULL, &small, &list, &skipped, &problem),
                     ST_TRUNCATED);
    assert_non_null(strstr(problem, "too many machines"));
    arena_reset(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(reads_one_file),
        with_tree(reads_a_folder_sorted_by_name),
        with_tree(opens_neither_links_nor_pipes_in_a_folder),
        with_tree(goes_on_past_a_file_it_may_not_read),
        with_tree(reads_a_pipe_to_its_end_even_if_its_writer_comes_late),
        with_tree(says_in_one_line_what_is_wrong),
        with_tree(refuses_a_file_over_the_cap_without_reading_it),
        with_tree(refuses_a_folder_over_the_cap),
        with_tree(refuses_folders_nested_too_deep),
        with_tree(takes_files_captures_and_loose_folders_as_one_input),
        with_tree(takes_each_capture_of_a_folder_of_captures),
        with_tree(does_not_follow_a_link_back_up),
        with_tree(says_what_cannot_be_looked_at),
        with_tree(a_pipe_in_an_archives_place_is_not_waited_for),
        with_tree(a_link_in_an_inputs_place_is_not_followed),
        with_tree(another_folder_in_the_place_of_the_one_named_is_not_entered),
        with_tree(a_folder_that_grows_is_one_inputs_trouble),
        with_tree(bytes_that_are_read_are_not_copied),
        with_tree(too_many_inputs_are_trouble_and_not_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
