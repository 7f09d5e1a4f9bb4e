/* SPDX-License-Identifier: MIT */
/*
 * Each wall of the sandbox by itself. The filter comes last and would hide that another is missing,
 * so there is none here: sandbox_enter() says so, and all that comes before it is in force.
 */
#define _GNU_SOURCE 1
#include "confine/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "test_collect_tree.h"
#include "vbscheck/count.h"
#include "vbscheck/limits.h"

enum { NOBODY = 65534, EXTRA = 9, UNCONFINED = 254 };

/* What the child knows of the machine outside. */
struct outside {
    const char *folder; /* everyone may write into it */
    bool root;
};

static bool is_nobody(const struct outside *o)
{
    return !o->root || (getuid() == NOBODY && geteuid() == NOBODY && getgid() == NOBODY);
}

static bool has_no_capabilities(const struct outside *o)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
    uint32_t any = 0;
    (void)o;
    if (syscall(SYS_capget, &header, sets) != 0)
        return false;
    for (size_t i = 0; i < COUNT(sets); i++)
        any |= sets[i].effective | sets[i].permitted | sets[i].inheritable;
    return any == 0 && (!o->root || prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 0);
}

static bool dies_with_its_parent(const struct outside *o)
{
    int signal = 0;
    (void)o;
    return prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == SIGKILL;
}

static bool is_closed_to_debuggers(const struct outside *o)
{
    (void)o;
    return prctl(PR_GET_DUMPABLE) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool has_one_descriptor(const struct outside *o)
{
    (void)o;
    return fcntl(0, F_GETFD) >= 0 && fcntl(EXTRA, F_GETFD) < 0 && errno == EBADF;
}

static bool can_open_no_descriptor(const struct outside *o)
{
    struct rlimit r;
    (void)o;
    return getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_max == 0 && dup(0) < 0 && errno == EMFILE;
}

static bool has_limits(const struct outside *o)
{
    struct rlimit data, cpu, file;
    (void)o;
    return getrlimit(RLIMIT_DATA, &data) == 0 &&
           (VBSCHECK_SANITIZED || data.rlim_max <= profile_memory.memory) &&
           getrlimit(RLIMIT_CPU, &cpu) == 0 && cpu.rlim_max <= profile_memory.cpu_seconds + 1 &&
           getrlimit(RLIMIT_FSIZE, &file) == 0 && file.rlim_max == 0;
}

/* By Landlock alone: it takes no descriptor, and everyone may write there. */
static bool can_make_no_folder(const struct outside *o)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/made", o->folder);
    return sandbox_landlock_version() < 1 || (mkdir(path, 0700) != 0 && errno == EACCES);
}

static const struct wall {
    const char *name;
    bool (*stands)(const struct outside *o);
} walls[] = {
    {"it is nobody", is_nobody},
    {"it has no capabilities", has_no_capabilities},
    {"it dies with its parent", dies_with_its_parent},
    {"debuggers and new privileges are shut out", is_closed_to_debuggers},
    {"one descriptor is left", has_one_descriptor},
    {"no descriptor can be opened", can_open_no_descriptor},
    {"memory, time and files are limited", has_limits},
    {"Landlock lets it make no folder", can_make_no_folder},
};

static bool came_to_the_filter(const char *step)
{
    return step == NULL ? VBSCHECK_SANITIZED : strcmp(step, "filter its system calls") == 0;
}

/* The same of a judge that a template forked: one wall less would be one that fork() took away. */
static _Noreturn void enter_prepared_and_try(const struct wall *w, const struct outside *o)
{
    struct sandbox own = {.profile = &profile_template,
                          .data_used = VBSCHECK_SANITIZED ? 0 : 1 << 20};
    struct sandbox s = {.profile = &profile_stream, .data_used = own.data_used};
    int control = open("/dev/null", O_RDONLY | O_CLOEXEC), fd, how = -1;
    if (!came_to_the_filter(sandbox_enter(&own, getppid(), &control)))
        _exit(UNCONFINED);
    fd = dup(0); /* as a judge's descriptor comes */
    pid_t template = getpid(), judge = fork();
    if (judge == 0) {
        if (fd <= 0 || !came_to_the_filter(sandbox_enter_prepared(&s, template, &fd)))
            _exit(UNCONFINED);
        _exit(w->stands(o) ? 0 : 1);
    }
    _exit(waitpid(judge, &how, 0) == judge && WIFEXITED(how) ? WEXITSTATUS(how) : 1);
}

static _Noreturn void enter_and_try(const struct wall *w, const struct outside *o)
{
    struct sandbox s = {.profile = &profile_memory, .data_used = VBSCHECK_SANITIZED ? 0 : 1 << 20};
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(fd, EXTRA) != EXTRA)
        _exit(UNCONFINED);
    const char *step = sandbox_enter(&s, getppid(), &fd);
    if (!came_to_the_filter(step))
        _exit(UNCONFINED);
    _exit(w->stands(o) ? 0 : 1);
}

static void every_wall_stands_without_the_filter(void **state)
{
    struct tree *t = *state;
    const struct outside o = {.folder = t->dir, .root = geteuid() == 0};
    assert_int_equal(chmod(t->dir, 0777), 0);
    for (size_t i = 0; i < 2 * COUNT(walls); i++) {
        const struct wall *w = &walls[i % COUNT(walls)];
        int how = -1;
        pid_t child = fork();
        if (child == 0 && i < COUNT(walls))
            enter_and_try(w, &o);
        if (child == 0)
            enter_prepared_and_try(w, &o);
        assert_int_equal(waitpid(child, &how, 0), child);
        if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
            fail_msg("not so%s: %s (%d)", i < COUNT(walls) ? "" : ", of a template", w->name,
                     WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how));
    }
}

/* Issue 28: the signal of the parent's end does not come if it had ended before. */
static void a_judge_without_its_parent_does_not_begin(void **state)
{
    (void)state;
    int how = -1;
    pid_t child = fork();
    if (child == 0) {
        struct sandbox s = {.profile = &profile_memory, .data_used = VBSCHECK_SANITIZED ? 0 : 1};
        int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        const char *step = sandbox_enter(&s, getpid(), &fd);
        _exit(step != NULL && strncmp(step, "be tied", strlen("be tied")) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(every_wall_stands_without_the_filter),
        cmocka_unit_test(a_judge_without_its_parent_does_not_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
