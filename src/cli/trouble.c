/* SPDX-License-Identifier: MIT */
#include "cli/trouble.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "report/escape.h"

int trouble(struct arena *a, const char *format, ...)
{
    enum { LINE_MAX = 1024, LINE_ARENA_MAX = 64 << 10 };
    char text[LINE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* An arena of its own: the line may report a full arena, and there may be many lines. */
    struct arena line;
    struct out o;
    arena_init(&line, LINE_ARENA_MAX, a->oom);
    out_init(&o, &line);
    out_str(&o, "vbscheck: ");
    escape_terminal(&o, text);
    out_char(&o, '\n');
    (void)fwrite(o.buf, 1, o.len, stderr);
    arena_reset(&line);
    return EXIT_TROUBLE;
}

int put_document(const struct out *o, struct arena *a)
{
    errno = 0;
    if ((fwrite(o->buf, 1, o->len, stdout) == o->len && fflush(stdout) == 0) || errno == EPIPE)
        return EXIT_READY;
    return trouble(a, "cannot write to standard output: %s", strerror(errno));
}

void out_of_memory(struct arena *a)
{
    static const char text[] = "vbscheck: out of memory\n";
    (void)a;
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(EXIT_TROUBLE);
}
