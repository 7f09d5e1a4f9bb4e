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
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine/filter.h"
#include "io/root.h"
#include "io/syscalls.h"
#include "vbscheck/count.h"
#include "vbscheck/limits.h"

enum { NOBODY = 65534 };

/* Bytes of private writable memory in use (6th field of statm): what RLIMIT_DATA counts. */
static uint64_t data_in_use(void)
{
    uint8_t text[128];
    scoped_fd fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    struct span rest = {text, n > 0 ? (size_t)n : 0}, word = {0};
    uint64_t pages = 0;
    for (unsigned field = 1; field <= 6; field++) {
        if (!span_next_word(&rest, &word))
            return 0;
    }
    return span_number(word, &pages) ? pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

bool sandbox_prepare(const struct confine_profile *p, struct sandbox *out)
{
    json_object_seed(0); /* opens /dev/urandom */
    *out = (struct sandbox){.profile = p};
    /*
     * The sanitizers need system calls that no parser does (to print a report, to look for
     * leaks) and terabytes of address space: no filter and no data limit then.
     */
    if (VBSCHECK_SANITIZED)
        return true;
    out->filter = filter_build(p);
    out->data_used = data_in_use();
    return out->filter != NULL;
}

void sandbox_release(struct sandbox *s)
{
    filter_free(s->filter);
    s->filter = NULL;
}

/* Steps ------------------------------------------------------------------------------------ */

static bool keep_only(int *fd, int file)
{
    if (dup2(*fd, 0) != 0 || (file > 0 && dup2(file, 1) != 1))
        return false;
    *fd = 0;
    /* A sanitizer's report goes to standard error. */
    int first = VBSCHECK_SANITIZED ? 3 : file > 0 ? 2 : 1;
    if (syscall(SYS_close_range, first, ~0U, 0) == 0)
        return true;
    /* Linux before 5.9 */
    long max = sysconf(_SC_OPEN_MAX);
    for (int i = first; i < max; i++)
        (void)close(i);
    return true;
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

/* Drops those of this thread, which is the only one. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    return syscall(SYS_capset, &header, none) == 0 && !has_capabilities();
}

static void drop_bounding_set(void)
{
    for (unsigned long cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ; /* until the kernel has no such capability; an ordinary user cannot and need not */
}

/* A user namespace may not have this user; it matters only that no capability is left. */
static bool drop_privileges(void)
{
    drop_bounding_set();
    bool changed = setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                   setresuid(NOBODY, NOBODY, NOBODY) == 0;
    if (!drop_capabilities())
        return false;
    return (!changed && getuid() == 0) || setuid(0) != 0;
}

/*
 * Runs after the change of user, which resets both. A parent that ended before this has left the
 * process to another.
 */
static bool tie_to_parent(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
           prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* struct landlock_ruleset_attr of <linux/landlock.h>, with the fields of ABI 4 and 6. */
struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

long sandbox_landlock_version(void)
{
    enum { GET_VERSION = 1 };
    return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, GET_VERSION);
}

bool sandbox_landlock(uint64_t kept)
{
    enum { ABI_NET = 4, ABI_SCOPE = 6 };
    static const uint64_t fs_rights[] = {0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff};
    long abi = sandbox_landlock_version();
    if (abi < 1)
        return true;
    size_t known = COUNT(fs_rights) - 1, size = sizeof(uint64_t);
    struct ruleset r = {.fs = fs_rights[(size_t)abi < known ? (size_t)abi : known] & ~kept};
    if (abi >= ABI_NET) {
        r.net = 3; /* bind and connect */
        size = offsetof(struct ruleset, scoped);
    }
    if (abi >= ABI_SCOPE) {
        r.scoped = 3; /* abstract sockets and signals */
        size = sizeof r;
    }
    scoped_fd fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
    return fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
}

static bool limit(int resource, uint64_t soft, uint64_t hard)
{
    struct rlimit r = {soft, hard};
    struct rlimit now;
    /* An ordinary user cannot raise a limit that is already lower. */
    if (getrlimit((__rlimit_resource_t)resource, &now) == 0 && now.rlim_max < hard)
        r = (struct rlimit){now.rlim_max < soft ? now.rlim_max : soft, now.rlim_max};
    return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

static bool set_limits(const struct sandbox *s)
{
    unsigned seconds = s->profile->cpu_seconds, files = s->profile->descriptors;
    bool ok = (seconds == 0 || limit(RLIMIT_CPU, seconds, seconds + 1)) &&
              limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_CORE, 0, 0) &&
              limit(RLIMIT_NOFILE, files, files);
    if (s->data_used > 0)
        ok = ok && limit(RLIMIT_DATA, s->profile->memory, s->profile->memory);
    return ok;
}

/* Tried before the filter is loaded, which would end the process for it. */
static bool cannot_open(void)
{
    scoped_fd fd = open("/", O_RDONLY | O_CLOEXEC);
    return fd < 0;
}

static bool apply_filter(const struct sandbox *s)
{
    return s->filter != NULL ? filter_load(s->filter) : VBSCHECK_SANITIZED;
}

const char *sandbox_enter(const struct sandbox *s, pid_t parent, int *fd)
{
    if (!keep_only(fd, s->file))
        return "keep its pipe";
    if (!drop_privileges())
        return "give up its privileges";
    if (!tie_to_parent(parent))
        return "be tied to its parent and refuse new privileges";
    if (s->profile->needs_landlock && sandbox_landlock_version() < 1)
        return "find Landlock, which the kernel lacks or has switched off";
    if (!sandbox_landlock(s->profile->landlock))
        return "apply Landlock";
    if (!set_limits(s))
        return "limit its resources";
    /* A template keeps one number for descriptors: only its filter takes away its access. */
    if (!s->profile->makes_judges && !cannot_open())
        return "give up its access to files";
    if (!apply_filter(s))
        return "filter its system calls";
    if (!VBSCHECK_SANITIZED && s->profile->makes_judges && !cannot_open())
        return "give up its access to files";
    return NULL;
}

const char *sandbox_enter_prepared(const struct sandbox *s, pid_t template, int *fd)
{
    if (!keep_only(fd, 0))
        return "keep its pipe";
    /* fork() clears this; a template that ended before has another process for a parent now. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != template)
        return "be tied to its template";
    if (!set_limits(s))
        return "limit its resources";
    if (!cannot_open())
        return "give up its access to files";
    return apply_filter(s) ? NULL : "filter its system calls";
}

bool sandbox_helper(int *fd)
{
    enum { READ_FILE = 1 << 2, READ_DIR = 1 << 3, CPU_SECONDS = 5 };
    if (!keep_only(fd, 0))
        return false;
    drop_bounding_set();
    /* Libraries are mapped as executable: Landlock restricts execve(), not that. */
    return drop_capabilities() && tie_to_parent(getppid()) &&
           sandbox_landlock(READ_FILE | READ_DIR) &&
           limit(RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1) && limit(RLIMIT_FSIZE, 0, 0) &&
           limit(RLIMIT_CORE, 0, 0);
}
