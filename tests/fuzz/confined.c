/* SPDX-License-Identifier: MIT */
/*
 * Confined work and the side with rights in one process: the linker puts these functions in place
 * of the program's (--wrap). What the confined side asks, the other one answers at once; a question
 * that is not answered, or too little memory, ends the work, as it ends a judge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/trouble.h"
#include "confine/confine.h"

static const struct confinement *running;
static jmp_buf ended;

enum status __wrap_confine_run(const struct confinement *c, struct arena *a, struct judged *out);
struct span __wrap_confine_ask(struct span question, struct arena *a);
void __wrap_confine_oom(struct arena *a);
int __wrap_trouble(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum status __wrap_confine_run(const struct confinement *c, struct arena *a, struct judged *out)
{
    const struct confinement *const before = running;
    volatile enum status st = ST_UNSUPPORTED;
    running = c;
    *out = (struct judged){0};
    if (setjmp(ended) == 0) {
        c->work(c->context, a, out);
        st = ST_OK;
    }
    running = before;
    return st;
}

struct span __wrap_confine_ask(struct span question, struct arena *a)
{
    struct span answer = {0};
    if (running->serve == NULL || !running->serve(running->server, question, a, &answer))
        longjmp(ended, 1);
    return answer;
}

void __wrap_confine_oom(struct arena *a)
{
    (void)a;
    longjmp(ended, 1);
}

/* Work that is ended frees nothing, as a judge that ends leaves its memory to the kernel. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* Composed, and not printed. */
int __wrap_trouble(struct arena *a, const char *format, ...)
{
    char text[1024];
    va_list args;
    (void)a;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return 2;
}
