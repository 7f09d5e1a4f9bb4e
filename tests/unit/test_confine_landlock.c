/* SPDX-License-Identifier: MIT */
/* What Landlock refuses, seen from inside and without the filter, which would refuse it first. */
#define _GNU_SOURCE 1
#include "confine/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "test_collect_tree.h"
#include "vbscheck/count.h"

enum { READ_FILE = 1 << 2 /* LANDLOCK_ACCESS_FS_READ_FILE */ };

/* What the attacks are about: a folder, two servers, the parent. */
struct targets {
    const char *folder;
    struct sockaddr_in tcp;
    struct sockaddr_un local;
    socklen_t local_length;
    pid_t parent;
};

/* Each returns 0, or errno. */
static int open_file(const struct targets *t)
{
    (void)t;
    int fd = open("/proc/version", O_RDONLY | O_CLOEXEC);
    return fd >= 0 ? close(fd) : errno;
}

static int list_folder(const struct targets *t)
{
    int fd = open(t->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 ? close(fd) : errno;
}

static int make_folder(const struct targets *t)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/made-%d", t->folder, (int)getpid());
    return mkdir(path, 0700) == 0 ? 0 : errno;
}

static int connect_tcp(const struct targets *t)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = connect(fd, (const struct sockaddr *)&t->tcp, sizeof t->tcp) == 0 ? 0 : errno;
    (void)close(fd);
    return error;
}

static int bind_tcp(const struct targets *t)
{
    struct sockaddr_in any = t->tcp;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    any.sin_port = 0;
    int error = bind(fd, (const struct sockaddr *)&any, sizeof any) == 0 ? 0 : errno;
    (void)close(fd);
    return error;
}

static int connect_abstract(const struct targets *t)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = connect(fd, (const struct sockaddr *)&t->local, t->local_length) == 0 ? 0 : errno;
    (void)close(fd);
    return error;
}

static int signal_parent(const struct targets *t)
{
    return kill(t->parent, 0) == 0 ? 0 : errno;
}

static int signal_itself(const struct targets *t)
{
    (void)t;
    return kill(getpid(), 0) == 0 ? 0 : errno;
}

static const struct attack {
    const char *what;
    int (*attack)(const struct targets *t);
    int since; /* version of Landlock that knows it */
    int error;
} attacks[] = {
    {"open a file", open_file, 1, EACCES},
    {"list a folder", list_folder, 1, EACCES},
    {"make a folder", make_folder, 1, EACCES},
    {"connect over TCP", connect_tcp, 4, EACCES},
    {"bind a TCP port", bind_tcp, 4, EACCES},
    {"connect to an abstract socket", connect_abstract, 6, EPERM},
    {"signal the parent", signal_parent, 6, EPERM},
    {"signal itself", signal_itself, 1, 0},
};

static void set_targets(struct tree *t, struct targets *out, int fds[2])
{
    socklen_t n = sizeof out->tcp;
    *out = (struct targets){.folder = t->dir, .parent = getpid()};
    out->tcp = (struct sockaddr_in){.sin_family = AF_INET};
    out->tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fds[0], (struct sockaddr *)&out->tcp, n), 0);
    assert_int_equal(listen(fds[0], 8), 0);
    assert_int_equal(getsockname(fds[0], (struct sockaddr *)&out->tcp, &n), 0);

    out->local = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(out->local.sun_path + 1, sizeof out->local.sun_path - 1, "vbscheck-%d",
                          (int)getpid());
    out->local_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    fds[1] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fds[1], (struct sockaddr *)&out->local, out->local_length), 0);
    assert_int_equal(listen(fds[1], 8), 0);
}

/* What came of attack `i` in a child under Landlock that keeps `kept`; without it if `free`. */
static int result_of(const struct attack *attack, const struct targets *t, bool free, uint64_t kept)
{
    int how = -1;
    pid_t child = fork();
    if (child == 0) {
        if (!free && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !sandbox_landlock(kept)))
            _exit(255);
        _exit(attack->attack(t));
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static long need_landlock(void)
{
    long version = sandbox_landlock_version();
    if (version >= 1)
        return version;
    print_message("SKIPPED: this kernel has no Landlock\n");
    skip();
    return 0;
}

static void refuses_files_tcp_and_signals(void **state)
{
    struct targets targets;
    int fds[2];
    long version = need_landlock();
    set_targets(*state, &targets, fds);
    for (size_t i = 0; i < COUNT(attacks); i++) {
        if (attacks[i].since > version) {
            print_message("SKIPPED: %s: Landlock here is of version %ld\n", attacks[i].what,
                          version);
            continue;
        }
        int alone = result_of(&attacks[i], &targets, true, 0);
        int under = result_of(&attacks[i], &targets, false, 0);
        print_message("%-30s %s\n", attacks[i].what, under == 0 ? "allowed" : strerror(under));
        assert_int_equal(alone, 0);
        assert_int_equal(under, attacks[i].error);
    }
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void leaves_a_profile_what_its_row_says(void **state)
{
    struct tree *t = *state;
    struct targets targets = {.folder = t->dir};
    (void)need_landlock();
    assert_int_equal(result_of(&attacks[0], &targets, false, READ_FILE), 0);
    assert_int_equal(result_of(&attacks[1], &targets, false, READ_FILE), EACCES);
    assert_int_equal(profile_memory.landlock, 0);
    assert_int_equal(profile_machine.landlock, 0);
    assert_int_equal(profile_stream.landlock, 0);
    assert_int_equal(profile_network.landlock, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(refuses_files_tcp_and_signals),
        with_tree(leaves_a_profile_what_its_row_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
