/* SPDX-License-Identifier: MIT */
/* Linux before 5.6: no openat2(), no close_range(), no Landlock. A filter answers ENOSYS to them.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <seccomp.h>

#include "confine/confine.h"
#include "io/root.h"
#include "io/syscalls.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

static bool make_kernel_old(void)
{
    static const int newer[] = {SYS_openat2, SYS_close_range, SYS_landlock_create_ruleset,
                                SYS_landlock_restrict_self};
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    bool ok = f != NULL;
    for (size_t i = 0; ok && i < COUNT(newer); i++)
        ok = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), newer[i], 0) == 0;
    ok = ok && seccomp_load(f) == 0 && syscall(SYS_openat2, 0, NULL, NULL, 0) == -1 &&
         errno == ENOSYS;
    seccomp_release(f);
    return ok;
}

/* Runs `work` in a child under such a kernel; it tells by true that all was well. */
static void run_on_old_kernel(struct tree *t, bool (*work)(struct tree *t))
{
    int how;
    pid_t child = fork();
    if (child == 0)
        _exit(make_kernel_old() && work(t) ? 0 : 1);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static bool read_system(struct tree *t)
{
    struct span text;
    scoped_fd root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return root_read(root, "proc/version", 4096, &t->arena, &text) == ST_OK && text.len > 0;
}

static void the_system_itself_is_read(void **state)
{
    run_on_old_kernel(*state, read_system);
}

static bool collect_tree(struct tree *t)
{
    struct snapshot s;
    return here_collect(t->dir, &t->arena, &s) == ST_UNSUPPORTED &&
           strstr(reader_problem(ST_UNSUPPORTED), "needs Linux 5.6") != NULL;
}

static void another_system_is_refused(void **state)
{
    run_on_old_kernel(*state, collect_tree);
}

static bool read_folder(struct tree *t)
{
    scoped_fd plain = root_open(t->fd, "plain", O_NOFOLLOW);
    scoped_fd link = root_open(t->fd, "link", O_NOFOLLOW);
    scoped_fd up = root_open(t->fd, "..", O_NOFOLLOW | O_DIRECTORY);
    scoped_fd followed = root_open(t->fd, "link", 0);
    return plain >= 0 && link < 0 && up < 0 && followed < 0;
}

static void files_of_a_folder_are_read_and_links_are_not(void **state)
{
    struct tree *t = *state;
    tree_file(t, "plain", "text");
    assert_int_equal(symlinkat("plain", t->fd, "link"), 0);
    run_on_old_kernel(t, read_folder);
}

static void try_to_open(void *context, struct arena *a, struct judged *out)
{
    (void)a;
    out->exit_status = open(context, O_RDONLY | O_CLOEXEC) < 0 ? 3 : 0;
}

static bool judge_confined(struct tree *t)
{
    char path[] = "/proc/version";
    struct judged j = {0};
    const struct confinement c = {.profile = &profile_memory, .work = try_to_open, .context = path};
    return confine_run(&c, &t->arena, &j) == ST_OK && j.exit_status == 3;
}

static void the_judge_is_confined_without_landlock(void **state)
{
    run_on_old_kernel(*state, judge_confined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(the_system_itself_is_read),
        with_tree(another_system_is_refused),
        with_tree(files_of_a_folder_are_read_and_links_are_not),
        with_tree(the_judge_is_confined_without_landlock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
