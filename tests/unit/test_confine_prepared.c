/* SPDX-License-Identifier: MIT */
/* A template and its judges: what one of these does, no other one and no template feels. */
#define _GNU_SOURCE 1
#include "confine/prepared.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "test_collect_tree.h"
#include "vbscheck/count.h"

/* Each judge is sent one of these bytes. */
enum order { ANSWER, CRASH, EAT, LOOP, ESCAPE, LEAVE_EARLY, LIE, STAY, ORDERS };

enum { UNREAD = 1000 };

static uint8_t *volatile shared_by_fork; /* what a judge changes is its own */

static _Noreturn void spin(void)
{
    for (;;)
        (void)getpid();
}

static void eat(struct arena *a)
{
    for (;;)
        memset(arena_alloc(a, 1 << 20, 1), 1, 1 << 20);
}

/* A result, and the judge stays. */
static _Noreturn void answer_and_stay(void)
{
    const struct judged nothing = {0};
    (void)channel_send_result(0, &nothing);
    spin();
}

static void obey(void *context, struct arena *a, struct judged *out)
{
    uint8_t order;
    (void)context;
    if (!confine_take(&order, sizeof order))
        _exit(1);
    if (order == CRASH)
        abort();
    if (order == EAT)
        eat(a);
    if (order == LOOP)
        spin();
    if (order == ESCAPE)
        (void)fork();
    if (order == LEAVE_EARLY)
        _exit(0);
    if (order == LIE)
        (void)!write(0, "no head at all, and long enough", 31);
    if (order == STAY)
        answer_and_stay();
    *out = (struct judged){
        .document = span_of(arena_printf(a, "order %d, heap %d", order, shared_by_fork[0]++))};
}

static void say(struct prepared *p, enum order order)
{
    const uint8_t byte = (uint8_t)order;
    prepared_send(p, &byte, sizeof byte);
}

static const char *const expected[ORDERS] = {
    [CRASH] = "crashed (signal 6)",     [EAT] = "out of memory",
    [LOOP] = "too large or hostile",    [ESCAPE] = "was stopped",
    [LEAVE_EARLY] = "without a result", [LIE] = "invalid result",
};

static struct confine_profile brief_profile(void)
{
    struct confine_profile p = profile_stream;
    p.wall_ms = 200;
    return p;
}

/* Restarted where it had to be ended with its judge, as the fleet does. */
static void begin(const struct preparation *how, struct prepared *p)
{
    if (p->template == 0)
        assert_int_equal(prepared_start(how, p), ST_OK);
    assert_int_equal(prepared_begin(p), ST_OK);
}

static void one_hostile_input_among_300_costs_its_own_line(void **state)
{
    enum { INPUTS = 300, EVERY = 37 };
    struct tree *t = *state;
    const struct confine_profile brief = brief_profile();
    const struct preparation how = {.profile = &profile_stream, .work = obey};
    struct prepared p = {0};
    if (VBSCHECK_SANITIZED) {
        print_message("SKIPPED: no filter with sanitizers\n");
        skip();
    }
    for (unsigned i = 0; i < INPUTS; i++) {
        struct judged j = {0};
        enum order order = i % EVERY == 5 ? CRASH + (enum order)(i / EVERY) % LIE : ANSWER;
        const struct confinement c = {.profile = order == LOOP ? &brief : &profile_stream};
        begin(&how, &p);
        say(&p, order);
        assert_int_equal(prepared_finish(&p, &c, &t->arena, &j), ST_OK);
        if (order == ANSWER) {
            assert_true(span_is(j.document, "order 0, heap 0"));
            assert_int_equal(j.exit_status, 0);
        } else {
            assert_true(span_find(j.message, expected[order], NULL));
            assert_int_equal(j.exit_status, 2);
        }
    }
    prepared_end(&p);
}

/* How the process `pid` is, from its status; 0: there is none. */
static char state_of(pid_t pid)
{
    char path[64], text[512] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    const char *end = strrchr(text, ')');
    return end != NULL ? end[2] : 0;
}

/* The one child of the template. */
static pid_t judge_of(const struct prepared *p)
{
    char path[96];
    long pid = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)p->template,
                   (int)p->template);
    for (int i = 0; pid == 0 && i < 1000; i++) {
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        if (fscanf(f, "%ld", &pid) != 1)
            pid = 0;
        (void)fclose(f);
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return (pid_t)pid;
}

static bool is_gone(pid_t pid)
{
    for (int i = 0; i < 2000; i++) {
        char s = state_of(pid);
        if (s == 0 || s == 'Z' || s == 'X')
            return true;
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

static void a_judge_does_not_outlive_its_template(void **state)
{
    const struct preparation how = {.profile = &profile_stream, .work = obey};
    struct prepared p = {0};
    (void)state;
    begin(&how, &p);
    say(&p, LOOP);
    pid_t judge = judge_of(&p);
    assert_true(judge > 0);
    assert_int_equal(kill(p.template, SIGKILL), 0);
    assert_true(is_gone(judge));
    prepared_end(&p);
}

static void a_judge_that_stays_after_its_result_is_ended_and_the_next_is_another(void **state)
{
    struct tree *t = *state;
    const struct preparation how = {.profile = &profile_stream, .work = obey};
    const struct confinement c = {.profile = &profile_stream};
    struct prepared p = {0};
    struct judged j = {0};
    begin(&how, &p);
    say(&p, STAY);
    pid_t judge = judge_of(&p);
    assert_int_equal(prepared_finish(&p, &c, &t->arena, &j), ST_OK);
    assert_int_equal(p.template, 0);
    assert_true(is_gone(judge));
    begin(&how, &p);
    say(&p, ANSWER);
    assert_int_equal(prepared_finish(&p, &c, &t->arena, &j), ST_OK);
    assert_true(span_is(j.document, "order 0, heap 0"));
    prepared_end(&p);
}

static void a_judge_without_an_input_ends(void **state)
{
    const struct preparation how = {.profile = &profile_stream, .work = obey};
    struct prepared p = {0};
    (void)state;
    begin(&how, &p);
    pid_t judge = judge_of(&p);
    prepared_drop(&p);
    assert_true(p.template > 0);
    assert_true(is_gone(judge));
    prepared_end(&p);
}

static void a_template_that_was_ended_is_told_and_not_waited_for(void **state)
{
    struct tree *t = *state;
    const struct preparation how = {.profile = &profile_stream, .work = obey};
    const struct confinement c = {.profile = &profile_stream};
    struct prepared p = {0};
    struct judged j = {0};
    begin(&how, &p);
    (void)kill(p.template, SIGKILL);
    say(&p, ANSWER);
    enum status st = prepared_finish(&p, &c, &t->arena, &j);
    assert_int_equal(st, ST_OK);
    assert_int_equal(p.template, 0);
    assert_true(j.exit_status == 2 || span_is(j.document, "order 0, heap 0"));
}

static void leave_without_reading(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    (void)out;
    _exit(7);
}

/* The socket says "connection reset" then, and not "end". */
static void a_judge_that_ends_before_it_has_read_is_told_by_its_status(void **state)
{
    struct tree *t = *state;
    static const uint8_t bytes[UNREAD];
    const struct preparation how = {.profile = &profile_stream, .work = leave_without_reading};
    const struct confinement c = {.profile = &profile_stream};
    struct prepared p = {0};
    struct judged j = {0};
    begin(&how, &p);
    prepared_send(&p, bytes, sizeof bytes);
    assert_int_equal(prepared_finish(&p, &c, &t->arena, &j), ST_OK);
    assert_true(span_find(j.message, "without a result (status 7)", NULL));
    assert_true(p.template > 0);
    prepared_end(&p);
}

/* In the template, before it is confined: it may have no process but itself. */
static void allow_no_process(void *context)
{
    (void)context;
    (void)setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0});
}

static void a_template_that_cannot_fork_says_so(void **state)
{
    struct tree *t = *state;
    const struct preparation how = {
        .profile = &profile_stream, .work = obey, .prepare = allow_no_process};
    const struct confinement c = {.profile = &profile_stream};
    struct prepared p = {0};
    struct judged j = {0};
    begin(&how, &p);
    say(&p, ANSWER);
    assert_int_equal(prepared_finish(&p, &c, &t->arena, &j), ST_IO_ERROR);
    prepared_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(one_hostile_input_among_300_costs_its_own_line),
        with_tree(a_judge_does_not_outlive_its_template),
        with_tree(a_judge_that_stays_after_its_result_is_ended_and_the_next_is_another),
        with_tree(a_judge_without_an_input_ends),
        with_tree(a_template_that_was_ended_is_told_and_not_waited_for),
        with_tree(a_judge_that_ends_before_it_has_read_is_told_by_its_status),
        with_tree(a_template_that_cannot_fork_says_so),
    };
    shared_by_fork = calloc(1, 1);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(shared_by_fork);
    return failed;
}
