/* SPDX-License-Identifier: MIT */
/* Fault: block and character nodes of a foreign tree were opened and read, with root's rights. */
#define _GNU_SOURCE 1
#include "io/node.h"

#include <errno.h>

#include "io/root.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

/* Whoever opens it gets ENXIO, so a status shows whether somebody did: no driver has it. */
enum { NOBODYS_MAJOR = 4000, MEMORY = 1, NULL_MINOR = 3, ZERO_MINOR = 5 };

static void need_nodes(struct tree *t)
{
    if (!tree_node(t, "probe", S_IFCHR, NOBODYS_MAJOR, 0))
        skip();
    scoped_fd fd = openat(t->fd, "probe", O_RDONLY | O_CLOEXEC);
    assert_true(fd < 0 && errno == ENXIO);
}

static void a_node_in_place_of_a_file_is_not_opened(void **state)
{
    struct tree *t = *state;
    static const mode_t kinds[] = {S_IFCHR, S_IFBLK};
    struct span text;
    need_nodes(t);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_true(tree_node(t, "node", kinds[i], NOBODYS_MAJOR, 0));
        assert_int_equal(root_read(t->fd, "node", 100, &t->arena, &text), ST_UNSUPPORTED);
        assert_int_equal(unlinkat(t->fd, "node", 0), 0);
    }
}

static void nor_one_that_a_link_leads_to(void **state)
{
    struct tree *t = *state;
    struct span text;
    need_nodes(t);
    assert_int_equal(symlinkat("/probe", t->fd, "link"), 0);
    assert_int_equal(root_read(t->fd, "link", 100, &t->arena, &text), ST_UNSUPPORTED);
}

static void a_pipe_is_not_opened_so_its_writer_waits_on(void **state)
{
    struct tree *t = *state;
    struct span text;
    assert_int_equal(mkfifoat(t->fd, "pipe", 0644), 0);
    assert_int_equal(root_read(t->fd, "pipe", 100, &t->arena, &text), ST_UNSUPPORTED);
    scoped_fd fd = openat(t->fd, "pipe", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd < 0 && errno == ENXIO); /* nobody reads */
}

static void a_known_device_is_opened_by_its_numbers(void **state)
{
    struct tree *t = *state;
    enum status why = ST_OK;
    char c = 1;
    need_nodes(t);
    assert_true(tree_node(t, "zero", S_IFCHR, MEMORY, ZERO_MINOR));
    scoped_fd fd = node_open(t->fd, true, "zero", MEMORY, ZERO_MINOR, &why);
    assert_true(fd >= 0 && read(fd, &c, 1) == 1 && c == 0);
}

static void a_device_of_other_numbers_is_not_opened(void **state)
{
    struct tree *t = *state;
    enum status why = ST_OK;
    need_nodes(t);
    assert_int_equal(node_open(t->fd, true, "probe", MEMORY, ZERO_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
    assert_true(tree_node(t, "zero", S_IFCHR, MEMORY, ZERO_MINOR));
    assert_int_equal(node_open(t->fd, true, "zero", MEMORY, NULL_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
    assert_true(tree_node(t, "block", S_IFBLK, MEMORY, ZERO_MINOR)); /* a disk in RAM */
    assert_int_equal(node_open(t->fd, true, "block", MEMORY, ZERO_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
}

static void a_tree_has_no_device_that_is_opened(void **state)
{
    struct tree *t = *state;
    enum status why = ST_OK;
    need_nodes(t);
    assert_true(tree_node(t, "zero", S_IFCHR, MEMORY, ZERO_MINOR));
    assert_int_equal(node_open(t->fd, false, "zero", MEMORY, ZERO_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
}

static void a_file_is_no_device(void **state)
{
    struct tree *t = *state;
    enum status why = ST_OK;
    tree_file(t, "mem", "12345678");
    assert_int_equal(node_open(t->fd, true, "mem", MEMORY, NODE_MEM_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
    assert_int_equal(node_open(t->fd, true, "none", MEMORY, NODE_MEM_MINOR, &why), -1);
    assert_int_equal(why, ST_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(a_node_in_place_of_a_file_is_not_opened),
        with_tree(nor_one_that_a_link_leads_to),
        with_tree(a_pipe_is_not_opened_so_its_writer_waits_on),
        with_tree(a_known_device_is_opened_by_its_numbers),
        with_tree(a_device_of_other_numbers_is_not_opened),
        with_tree(a_tree_has_no_device_that_is_opened),
        with_tree(a_file_is_no_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
