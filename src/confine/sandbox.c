/* SPDX-License-Identifier: MIT */
/*
 * Order matters: the bounding set needs CAP_SETPCAP, changing the user clears what prctl() set,
 * Landlock needs a free descriptor, and the filter comes last because it forbids all of this.
 */
#include "confine/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "io/root.h"
#include "io/syscalls.h"
#include "vbscheck/count.h"
#include "vbscheck/limits.h"

enum { NOBODY = 65534 };

/* The system-call filter ------------------------------------------------------------------- */

/* All that parsing and printing from memory need; anything else gets EPERM. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),
    SCMP_SYS(fstat),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo), /* glibc's qsort() asks how much memory there is */
    SCMP_SYS(restart_syscall),
};

/*
 * What only an attack would try. Opening files is refused but not deadly: libcpuid, asked for a
 * processor's code name, has glibc count this machine's CPUs, and takes no for an answer.
 */
static const int deadly[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(ptrace),
    SCMP_SYS(fork),   SCMP_SYS(vfork),    SCMP_SYS(clone),  SCMP_SYS(clone3),
};

/* glibc's stdio looks at a descriptor with newfstatat(fd, "", AT_EMPTY_PATH): nothing by name. */
static bool add_rules(scmp_filter_ctx f)
{
    int failed = 0;
    for (size_t i = 0; i < COUNT(allowed); i++)
        failed |= seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < COUNT(deadly); i++)
        failed |= seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    failed |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    failed |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    failed |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                               SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH, 0));
    return failed == 0;
}

static void *build_filter(void)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (f != NULL && add_rules(f))
        return f;
    if (f != NULL)
        seccomp_release(f);
    return NULL;
}

/* Bytes of private writable memory in use (6th field of statm): what RLIMIT_DATA counts. */
static uint64_t data_in_use(void)
{
    char text[128];
    scoped_fd fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    unsigned long pages = 0;
    if (n <= 0)
        return 0;
    text[n] = '\0';
    return sscanf(text, "%*u %*u %*u %*u %*u %lu", &pages) == 1
               ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE)
               : 0;
}

bool sandbox_prepare(struct sandbox *out)
{
    json_object_seed(0); /* opens /dev/urandom */
    *out = (struct sandbox){0};
    /*
     * The sanitizers need system calls that no parser does (to print a report, to look for
     * leaks) and terabytes of address space: no filter and no data limit then.
     */
    if (VBSCHECK_SANITIZED)
        return true;
    out->filter = build_filter();
    out->data_used = data_in_use();
    return out->filter != NULL;
}

void sandbox_release(struct sandbox *s)
{
    if (s->filter != NULL)
        seccomp_release(s->filter);
    s->filter = NULL;
}

/* Steps ------------------------------------------------------------------------------------ */

static bool keep_only(int *fd)
{
    if (dup2(*fd, 0) != 0)
        return false;
    *fd = 0;
    /* A sanitizer's report goes to standard error. */
    int first = VBSCHECK_SANITIZED ? 3 : 1;
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return true;
    /* Linux before 5.9 */
    long max = sysconf(_SC_OPEN_MAX);
    for (int i = first; i < max; i++)
        (void)close(i);
    return true;
}

/* Of this thread, which is the only one. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    return syscall(SYS_capset, &header, none) == 0;
}

static bool has_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capget, &header, sets) != 0)
        return true;
    uint32_t any = 0;
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        any |= sets[i].effective | sets[i].permitted | sets[i].inheritable;
    return any != 0;
}

static void drop_bounding_set(void)
{
    for (unsigned long cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ; /* until there is no such capability; an ordinary user cannot and need not */
}

/* In a user namespace there may be no such user; what counts is that no capability is left. */
static bool drop_privileges(void)
{
    drop_bounding_set();
    bool changed = setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                   setresuid(NOBODY, NOBODY, NOBODY) == 0;
    if (!drop_capabilities() || has_capabilities())
        return false;
    return (!changed && getuid() == 0) || setuid(0) != 0;
}

/* After the change of user, which resets both. */
static bool tie_to_parent(void)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* struct landlock_ruleset_attr of <linux/landlock.h>, with the field of ABI 4. */
struct ruleset {
    uint64_t fs;
    uint64_t net;
};

/*
 * A rule set that handles every right the kernel knows and allows nothing. Kernels without
 * Landlock, or with it switched off, leave the work to the filter.
 */
static bool apply_landlock(void)
{
    enum { GET_VERSION = 1, ABI_NET = 4 };
    static const uint64_t fs_rights[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, GET_VERSION);
    if (abi < 1)
        return true;
    size_t known = COUNT(fs_rights) - 1;
    struct ruleset r = {.fs = fs_rights[(size_t)abi < known ? (size_t)abi : known]};
    if (abi >= ABI_NET)
        r.net = 3; /* bind and connect */
    size_t size = abi >= ABI_NET ? sizeof r : sizeof r.fs;
    scoped_fd fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
    return fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
}

static bool limit(int resource, uint64_t soft, uint64_t hard)
{
    struct rlimit r = {soft, hard};
    struct rlimit now;
    /* A limit that is lower already cannot be raised by an ordinary user. */
    if (getrlimit((__rlimit_resource_t)resource, &now) == 0 && now.rlim_max < hard)
        r = (struct rlimit){now.rlim_max < soft ? now.rlim_max : soft, now.rlim_max};
    return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

static bool set_limits(const struct sandbox *s)
{
    bool ok = limit(RLIMIT_CPU, LIMIT_CPU_SECONDS, LIMIT_CPU_SECONDS + 1) &&
              limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NOFILE, 0, 0);
    if (s->data_used > 0)
        ok = ok && limit(RLIMIT_DATA, LIMIT_MEMORY, LIMIT_MEMORY);
    return ok;
}

/* Tried before the filter, which would end the process for it. */
static bool cannot_open(void)
{
    scoped_fd fd = open("/", O_RDONLY | O_CLOEXEC);
    return fd < 0;
}

/* The filter is in force if a call that never fails does. */
static bool apply_filter(const struct sandbox *s)
{
    if (s->filter == NULL)
        return VBSCHECK_SANITIZED;
    return seccomp_load(s->filter) == 0 && syscall(SYS_getppid) == -1;
}

const char *sandbox_enter(const struct sandbox *s, int *fd)
{
    if (!keep_only(fd))
        return "keep its pipe";
    if (!drop_privileges())
        return "give up its privileges";
    if (!tie_to_parent())
        return "forgo new privileges";
    if (!apply_landlock())
        return "apply Landlock";
    if (!set_limits(s))
        return "limit its resources";
    if (!cannot_open())
        return "lose its way to files";
    if (!apply_filter(s))
        return "filter its system calls";
    return NULL;
}
