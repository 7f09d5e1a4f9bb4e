/* SPDX-License-Identifier: MIT */
/*
 * docs/SECURITY.md lists the allowed calls and the reasons; tests/unit/test_confine.c tries others.
 * libseccomp leaves out names that an architecture does not have.
 */
#include "confine/filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/root.h"
#include "io/syscalls.h"
#include "vbscheck/count.h"

enum {
    ALL = PROFILE_MEMORY | PROFILE_MACHINE | PROFILE_STREAM | PROFILE_HIVE | PROFILE_VOLUME |
          PROFILE_NETWORK | PROFILE_TEMPLATE
};

/* In the place of the number of the process, which is not known when the filter is compiled. */
enum { ITS_NUMBER = 0x7ab5c0de };

/* What fork() of glibc asks clone() for. */
enum { FORK_FLAGS = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD };

struct filter {
    long forbidden; /* a call that never fails where there is no filter */
    unsigned short n;
    struct sock_filter program[1024];
};

/* The condition on a call's arguments. */
enum guard {
    FREELY,
    PRIVATE_DATA, /* memory of its own, not executable; no limit counts MAP_SHARED */
    OF_ITSELF,    /* the first argument, a process, is 0: the caller itself */
    TO_ITSELF,    /* the first argument is the number of the process itself */
    AS_FORK_DOES, /* no thread, no namespace of its own */
    READ_ONLY,    /* memory of a file: neither writable nor executable */
};

static const struct call {
    int number;
    unsigned profiles;
    enum guard guard;
} allowed[] = {
    {SCMP_SYS(read),
     PROFILE_MACHINE | PROFILE_STREAM | PROFILE_VOLUME | PROFILE_NETWORK | PROFILE_TEMPLATE,
     FREELY}, /* answers, and the bytes of a judge that was forked of a template */
    {SCMP_SYS(write), ALL, FREELY},              /* the result */
    {SCMP_SYS(pread64), PROFILE_VOLUME, FREELY}, /* the disk, which was opened for reading */
    {SCMP_SYS(exit_group), ALL, FREELY},
    /* to wait for the other end, but not for ever; arm64 and i386 have the other variants */
    {SCMP_SYS(poll), PROFILE_NETWORK, FREELY},
    {SCMP_SYS(ppoll), PROFILE_NETWORK, FREELY},
    {SCMP_SYS(ppoll_time64), PROFILE_NETWORK, FREELY},
    {SCMP_SYS(clock_gettime), PROFILE_NETWORK, FREELY},
    {SCMP_SYS(clock_gettime64), PROFILE_NETWORK, FREELY},
    /* malloc() */
    {SCMP_SYS(brk), ALL, FREELY},
    {SCMP_SYS(munmap), ALL, FREELY},
    {SCMP_SYS(mremap), ALL, FREELY},
#if defined(__i386__)
    /* Its mmap takes a pointer to the arguments, which no filter can follow. */
    {SCMP_SYS(mmap2), ALL, PRIVATE_DATA},
#else
    {SCMP_SYS(mmap), ALL, PRIVATE_DATA},
#endif
    /* pthread_once() wakes waiting threads, though there are none */
    {SCMP_SYS(futex), ALL, FREELY},
    {SCMP_SYS(futex_time64), ALL, FREELY},
    {SCMP_SYS(sysinfo), ALL, FREELY}, /* glibc's qsort() asks how much memory there is */
    /* abort(), after a failed assertion */
    {SCMP_SYS(rt_sigprocmask), ALL, FREELY},
    {SCMP_SYS(rt_sigaction), ALL, FREELY},
    {SCMP_SYS(getpid), ALL, FREELY},
    {SCMP_SYS(gettid), ALL, FREELY},
    {SCMP_SYS(tgkill), ALL & ~PROFILE_TEMPLATE, TO_ITSELF},
    /* for its judges, whose own filters know their numbers; this one cannot */
    {SCMP_SYS(tgkill), PROFILE_TEMPLATE, FREELY},
    /* hivex_open() of a file in memory: Landlock refuses all other files */
    {SCMP_SYS(open), PROFILE_HIVE, FREELY},
    {SCMP_SYS(openat), PROFILE_HIVE, FREELY},
    {SCMP_SYS(close), PROFILE_HIVE, FREELY},
    {SCMP_SYS(fcntl), PROFILE_HIVE, FREELY},
    {SCMP_SYS(fcntl64), PROFILE_HIVE, FREELY},
    {SCMP_SYS(fstat), PROFILE_HIVE, FREELY},
    {SCMP_SYS(fstat64), PROFILE_HIVE, FREELY},
    {SCMP_SYS(newfstatat), PROFILE_HIVE, FREELY},
    {SCMP_SYS(statx), PROFILE_HIVE, FREELY},
#if defined(__i386__)
    {SCMP_SYS(mmap2), PROFILE_HIVE, READ_ONLY},
#else
    {SCMP_SYS(mmap), PROFILE_HIVE, READ_ONLY},
#endif
    /* A template: a judge's descriptor comes, the judge is forked, and it ends */
    {SCMP_SYS(recvmsg), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(clone), PROFILE_TEMPLATE, AS_FORK_DOES},
    {SCMP_SYS(wait4), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(close), PROFILE_TEMPLATE, FREELY},
    /* by which its judges give up the rest, before they have their own filter */
    {SCMP_SYS(set_robust_list), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(rseq), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(dup2), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(dup3), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(close_range), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(prctl), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(getppid), PROFILE_TEMPLATE, FREELY},
    {SCMP_SYS(prlimit64), PROFILE_TEMPLATE, OF_ITSELF},
    {SCMP_SYS(seccomp), PROFILE_TEMPLATE, FREELY},
    /* CPUID of each CPU in turn */
    {SCMP_SYS(sched_getaffinity), PROFILE_MACHINE, OF_ITSELF},
    {SCMP_SYS(sched_setaffinity), PROFILE_MACHINE, OF_ITSELF},
};

/*
 * Calls that only an attack would try. Opening files is refused but does not end the process:
 * libcpuid, asked for a processor's code name, makes glibc count this machine's CPUs, and accepts
 * the refusal.
 */
static const int deadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(ptrace),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(process_vm_writev),
};

static bool allow(scmp_filter_ctx f, const struct call *c)
{
    const struct scmp_arg_cmp data[] = {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                                        SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_SHARED, 0)};
    const struct scmp_arg_cmp file[] = {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, 0)};
    const struct scmp_arg_cmp me[] = {SCMP_A0(SCMP_CMP_EQ, ITS_NUMBER, 0)};
    const struct scmp_arg_cmp fork[] = {SCMP_A0(SCMP_CMP_EQ, FORK_FLAGS, 0)};
    const struct scmp_arg_cmp caller[] = {SCMP_A0(SCMP_CMP_EQ, 0, 0)};
    switch (c->guard) {
    case FREELY:
        return seccomp_rule_add(f, SCMP_ACT_ALLOW, c->number, 0) == 0;
    case PRIVATE_DATA:
        return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, c->number, COUNT(data), data) == 0;
    case READ_ONLY:
        return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, c->number, COUNT(file), file) == 0;
    case OF_ITSELF:
        return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, c->number, COUNT(caller), caller) == 0;
    case TO_ITSELF:
        return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, c->number, COUNT(me), me) == 0;
    case AS_FORK_DOES:
        return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, c->number, COUNT(fork), fork) == 0;
    }
    return false;
}

static bool add_rules(scmp_filter_ctx f, const struct confine_profile *p)
{
    bool ok = true;
    for (size_t i = 0; i < COUNT(allowed); i++)
        ok = ok && ((allowed[i].profiles & p->bit) == 0 || allow(f, &allowed[i]));
    for (size_t i = 0; i < COUNT(deadly); i++)
        ok = ok && ((p->makes_judges && deadly[i] == SCMP_SYS(clone)) ||
                    seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, deadly[i], 0) == 0);
    return ok;
}

/* Reads the program that libseccomp wrote; before 2.6 it can do so into a file only. */
static bool read_program(int fd, struct filter *f)
{
    off_t size = lseek(fd, 0, SEEK_END);
    if (size <= 0 || (size_t)size > sizeof f->program)
        return false;
    f->n = (unsigned short)((size_t)size / sizeof *f->program);
    return pread(fd, f->program, sizeof f->program, 0) == size;
}

static bool compile(const struct confine_profile *p, scmp_filter_ctx rules, struct filter *f)
{
    scoped_fd fd = (int)syscall(SYS_memfd_create, "filter", MFD_CLOEXEC);
    f->forbidden = p->makes_judges ? SYS_getsid : SYS_getppid;
    return fd >= 0 && add_rules(rules, p) && seccomp_export_bpf(rules, fd) == 0 &&
           read_program(fd, f);
}

struct filter *filter_build(const struct confine_profile *p)
{
    struct filter *f = calloc(1, sizeof *f);
    scmp_filter_ctx rules = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = f != NULL && rules != NULL && compile(p, rules, f);
    if (rules != NULL)
        seccomp_release(rules);
    if (ok)
        return f;
    filter_free(f);
    return NULL;
}

void filter_free(struct filter *f)
{
    free(f);
}

bool filter_load(struct filter *f)
{
    const struct sock_fprog program = {f->n, f->program};
    for (size_t i = 0; i < f->n; i++) {
        if (f->program[i].k == ITS_NUMBER)
            f->program[i].k = (uint32_t)getpid();
    }
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 &&
           syscall(f->forbidden) == -1;
}
