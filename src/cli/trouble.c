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
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct out o;
    out_init(&o, a);
    out_str(&o, "vbscheck: ");
    escape_terminal(&o, text);
    out_char(&o, '\n');
    (void)fwrite(o.buf, 1, o.len, stderr);
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
