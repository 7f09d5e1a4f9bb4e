/* SPDX-License-Identifier: MIT */
/*
 * A judge that bytes have taken over: it tries everything, under every profile, and each refusal is
 * seen from inside. What it did is printed, for people.
 */
#define _GNU_SOURCE 1
#include "confine/confine.h"

#include <errno.h>
#include <linux/memfd.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>

#include "confine/printable.h"
#include "test_confine_ways.h"
#include "vbscheck/count.h"

/* Judges by profile and by who forks them. */
static const struct kind {
    const struct confine_profile *profile;
    bool prepared;
} kinds[] = {
    {&profile_memory, false}, {&profile_machine, false}, {&profile_stream, false},
    {&profile_volume, false}, {&profile_network, false}, {&profile_stream, true},
};

/* Attacks ---------------------------------------------------------------------------------- */

enum { PAGE = 4096 };

/* What one attack knows. */
struct attack;
struct
try {
    const struct attack *attack;
    pid_t parent;
};

/* The parent of a judge that comes of a template is that. */
static void know_the_template(void *context)
{
    struct try *t = context;
    if (t != NULL)
        t->parent = getpid();
}

static struct judged run(const struct kind *k, confine_work *work, void *context, struct arena *a)
{
    struct judged j = {.exit_status = 9};
    const struct confinement c = {.profile = k->profile, .work = work, .context = context};
    assert_int_equal(
        k->prepared ? run_prepared(&c, know_the_template, a, &j) : confine_run(&c, a, &j), ST_OK);
    return j;
}

static long open_a_file(pid_t parent)
{
    (void)parent;
    return open("/etc/passwd", O_RDONLY);
}

static long look_at_a_path(pid_t parent)
{
    struct stat st;
    (void)parent;
    return stat("/etc/passwd", &st);
}

static long open_a_socket(pid_t parent)
{
    (void)parent;
    return socket(AF_INET, SOCK_STREAM, 0);
}

static long open_a_local_socket(pid_t parent)
{
    (void)parent;
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long connect_by_the_pipe(pid_t parent)
{
    struct sockaddr at = {.sa_family = AF_INET};
    (void)parent;
    return connect(0, &at, sizeof at);
}

static long trace_the_parent(pid_t parent)
{
    return ptrace(PTRACE_ATTACH, parent, NULL, NULL);
}

static long write_into_the_parent(pid_t parent)
{
    return syscall(SYS_process_vm_writev, parent, NULL, 0UL, NULL, 0UL, 0UL);
}

static long start_a_child(pid_t parent)
{
    (void)parent;
    return fork();
}

static long start_a_program(pid_t parent)
{
    char *none[] = {NULL};
    (void)parent;
    return execve("/bin/true", none, none);
}

static long kill_the_parent(pid_t parent)
{
    return kill(parent, SIGKILL);
}

static long kill_a_thread_of_the_parent(pid_t parent)
{
    return syscall(SYS_tgkill, parent, parent, SIGKILL);
}

static long kill_every_process(pid_t parent)
{
    (void)parent;
    return kill(-1, SIGKILL);
}

static long share_memory(pid_t parent)
{
    (void)parent;
    return (long)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static long map_code(pid_t parent)
{
    (void)parent;
    return (long)mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long make_code_of_data(pid_t parent)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)parent;
    return page == MAP_FAILED ? 0 : mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static long make_a_file_of_memory(pid_t parent)
{
    (void)parent;
    return syscall(SYS_memfd_create, "x", 0U);
}

static long raise_a_limit(pid_t parent)
{
    struct rlimit more = {64, 64};
    (void)parent;
    return setrlimit(RLIMIT_NOFILE, &more);
}

static long become_root(pid_t parent)
{
    (void)parent;
    return setuid(0);
}

static long enter_a_namespace(pid_t parent)
{
    (void)parent;
    return unshare(CLONE_NEWUSER);
}

static long move_the_parent(pid_t parent)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    return sched_setaffinity(parent, sizeof all, &all);
}

static long copy_its_descriptor(pid_t parent)
{
    (void)parent;
    return dup(0);
}

static long take_more_memory_than_it_may(pid_t parent)
{
    enum { STACK = 1 << 20 }; /* which what it began with was counted with */
    (void)parent;
    return (long)mmap(NULL, LIMIT_MEMORY + STACK, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* What a judge that fails an assertion does; that nothing else may be signalled is above. */
static long signal_itself(pid_t parent)
{
    (void)parent;
    return syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0);
}

enum { ENDED = -1, ALLOWED = 0 };

static const struct attack {
    const char *what;
    long (*attack)(pid_t parent);
    int result; /* errno, or one of the above */
} attacks[] = {
    {"open a file", open_a_file, EPERM},
    {"look at a path", look_at_a_path, EPERM},
    {"open a socket", open_a_socket, ENDED},
    {"open a local socket", open_a_local_socket, ENDED},
    {"connect by its pipe", connect_by_the_pipe, ENDED},
    {"trace the parent", trace_the_parent, ENDED},
    {"write into the parent", write_into_the_parent, ENDED},
    {"start a child", start_a_child, ENDED},
    {"start a program", start_a_program, ENDED},
    {"kill the parent", kill_the_parent, ENDED},
    {"kill a thread of the parent", kill_a_thread_of_the_parent, EPERM},
    {"kill every process", kill_every_process, ENDED},
    {"share memory", share_memory, EPERM},
    {"map code", map_code, EPERM},
    {"make code of data", make_code_of_data, EPERM},
    {"make a file of memory", make_a_file_of_memory, EPERM},
    {"raise a limit", raise_a_limit, EPERM},
    {"become root", become_root, EPERM},
    {"enter a namespace", enter_a_namespace, EPERM},
    {"move the parent to other CPUs", move_the_parent, EPERM},
    {"copy its descriptor", copy_its_descriptor, EPERM},
    {"take more memory than it may", take_more_memory_than_it_may, ENOMEM},
    {"signal itself", signal_itself, ALLOWED},
};

/* Confined: the document is the errno as text. */
static void try_it(void *context, struct arena *a, struct judged *out)
{
    const struct try *t = context;
    errno = 0;
    long got = t->attack->attack(t->parent);
    out->document = span_of(arena_printf(a, "%d", got == -1 ? errno : ALLOWED));
}

static const char *told(const struct judged *j, struct arena *a)
{
    uint64_t error = ALLOWED;
    if (!span_number(j->document, &error))
        return arena_text(a, j->message);
    return error == ALLOWED ? "allowed" : strerror((int)error);
}

static void each_attack_fails_as_it_should(void **state)
{
    struct tree *t = *state;
    if (VBSCHECK_SANITIZED) {
        print_message("SKIPPED: no filter with sanitizers\n");
        skip();
    }
    for (size_t k = 0; k < COUNT(kinds); k++) {
        for (size_t i = 0; i < COUNT(attacks); i++) {
            struct try try = {&attacks[i], getpid()};
            struct judged j = run(&kinds[k], try_it, &try, &t->arena);
            print_message("%-8s %-8s %-30s %s\n", kinds[k].profile->name,
                          kinds[k].prepared ? "prepared" : "forked", attacks[i].what,
                          told(&j, &t->arena));
            const char *error = arena_printf(&t->arena, "%d", attacks[i].result);
            if (attacks[i].result == ENDED)
                assert_true(span_find(j.message, "was stopped", NULL));
            else
                assert_true(span_is(j.document, error));
        }
    }
}

/* Lies to the parent ----------------------------------------------------------------------- */

struct head {
    uint32_t kind; /* 0: a result; 1: a question */
    int32_t exit_status;
    uint32_t document, message;
};

static _Noreturn void say(const void *bytes, size_t n)
{
    (void)!write(0, bytes, n);
    _exit(0);
}

static void lie_about_the_status(void *context, struct arena *a, struct judged *out)
{
    static const struct head h = {0, 77, 0, 0};
    (void)context;
    (void)a;
    (void)out;
    say(&h, sizeof h);
}

static void lie_about_a_length(void *context, struct arena *a, struct judged *out)
{
    static const struct head h = {0, 0, UINT32_MAX, UINT32_MAX};
    (void)context;
    (void)a;
    (void)out;
    say(&h, sizeof h);
}

static void end_within_a_head(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    (void)out;
    say("head", 4);
}

static void end_within_a_document(void *context, struct arena *a, struct judged *out)
{
    static const struct head h = {0, 0, 100, 0};
    (void)context;
    (void)a;
    (void)out;
    say(&h, sizeof h);
}

static _Noreturn void flood(void *context, struct arena *a, struct judged *out)
{
    static const char bytes[PAGE];
    (void)context;
    (void)a;
    (void)out;
    for (;;)
        (void)!write(0, bytes, sizeof bytes);
}

static void a_lie_costs_the_result_and_nothing_more(void **state)
{
    struct tree *t = *state;
    static const struct {
        const char *what;
        confine_work *work;
    } lies[] = {
        {"lie about the status", lie_about_the_status},
        {"lie about a length", lie_about_a_length},
        {"end within a head", end_within_a_head},
        {"end within a document", end_within_a_document},
    };
    for (size_t i = 0; i < 2 * COUNT(lies); i++) {
        const struct kind *k = i < COUNT(lies) ? &kinds[0] : &kinds[COUNT(kinds) - 1];
        struct judged j = run(k, lies[i % COUNT(lies)].work, NULL, &t->arena);
        print_message("%-30s %s\n", lies[i % COUNT(lies)].what, arena_text(&t->arena, j.message));
        assert_int_equal(j.exit_status, 2);
        assert_int_equal(j.document.len, 0);
        assert_true(j.message.len > 0);
    }
}

/* Zeros are a head of a good result: what follows them is not read. */
static void a_flood_is_cut_off(void **state)
{
    struct tree *t = *state;
    for (size_t i = 0; i < COUNT(kinds); i += COUNT(kinds) - 1) {
        struct judged j = run(&kinds[i], flood, NULL, &t->arena);
        assert_int_equal(j.document.len, 0);
    }
}

/* Fault: a silent judge cost 60 s. */
static void say_nothing(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    (void)out;
    for (;;)
        (void)getpid();
}

static void a_silent_judge_costs_its_wall_limit_and_no_more(void **state)
{
    struct tree *t = *state;
    for (size_t i = 0; i < COUNT(kinds); i += COUNT(kinds) - 1) {
        struct confine_profile brief = *kinds[i].profile;
        const struct kind k = {&brief, kinds[i].prepared};
        struct timespec before, after;
        brief.wall_ms = 300;
        (void)clock_gettime(CLOCK_MONOTONIC, &before);
        struct judged j = run(&k, say_nothing, NULL, &t->arena);
        (void)clock_gettime(CLOCK_MONOTONIC, &after);
        assert_int_equal(j.exit_status, 2);
        assert_true(span_find(j.message, "too large or hostile", NULL));
        assert_true(after.tv_sec - before.tv_sec <= 2);
    }
    assert_int_equal(profile_memory.wall_ms, 30000);
}

/* Fault: escape sequences of a judge's document reached the terminal. */
static void nothing_that_a_terminal_obeys_is_printable(void **state)
{
    static const struct {
        const char *text;
        bool plain, color;
    } cases[] = {
        {"", true, true},
        {"READY\n\tcaf\xc3\xa9 \xc2\xa0 \xc3\x9b\n", true, true},
        {"a\x1b[31mred\x1b[0m\x1b[1;32m", false, true},
        {"\x1b[m", false, true},
        {"\x1b[2J", false, false},        /* clears the screen */
        {"\x1b]0;title\a", false, false}, /* names the window */
        {"\x1b[31", false, false},
        {"\x1b", false, false},
        {"\x1b[?25m", false, false},
        {"line\rover it", false, false},
        {"\b", false, false},
        {"\x7f", false, false},
        {"\xc2\x9b"
         "31m",
         false, false}, /* the same of one character */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(is_printable(span_of(cases[i].text), false), cases[i].plain);
        assert_int_equal(is_printable(span_of(cases[i].text), true), cases[i].color);
    }
    assert_false(is_printable((struct span){(const uint8_t *)"", 1}, true)); /* NUL */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(each_attack_fails_as_it_should),
        with_tree(a_lie_costs_the_result_and_nothing_more),
        with_tree(a_flood_is_cut_off),
        with_tree(a_silent_judge_costs_its_wall_limit_and_no_more),
        with_tree(nothing_that_a_terminal_obeys_is_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
