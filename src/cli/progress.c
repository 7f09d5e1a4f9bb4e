/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE = 72 };

static const double SHORTEST = 0.1; /* seconds between two lines */

static bool is_kept_by_nobody(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISCHR(st.st_mode)) && isatty(fd) != 1;
}

static double seconds_since(const struct timespec *then)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

void progress_start(struct progress *p, size_t all, bool to_file)
{
    *p = (struct progress){.all = all};
    p->wanted =
        all > 1 && isatty(STDERR_FILENO) == 1 && (to_file || is_kept_by_nobody(STDOUT_FILENO));
    (void)clock_gettime(CLOCK_MONOTONIC, &p->begun);
}

/* "6 s", "3 min", "2 h". */
static void put_time(char text[LINE], double seconds)
{
    if (seconds < 100)
        (void)snprintf(text, LINE, "%.0f s", seconds);
    else if (seconds < 100 * 60)
        (void)snprintf(text, LINE, "%.0f min", seconds / 60);
    else
        (void)snprintf(text, LINE, "%.0f h", seconds / 3600);
}

/* A terminal that cannot clear a line (TERM=dumb) can still overwrite it with blanks. */
static void put_line(struct progress *p, const char *line)
{
    int n = fprintf(stderr, "\r%-*s", (int)p->shown, line);
    p->shown = n > 1 ? (size_t)n - 1 : 0;
    (void)fflush(stderr);
}

void progress_show(struct progress *p, size_t done)
{
    char line[LINE + LINE], left[LINE];
    if (!p->wanted || (p->shown > 0 && seconds_since(&p->last) < SHORTEST))
        return;
    double spent = seconds_since(&p->begun);
    if (done == 0 || spent <= 0) {
        (void)snprintf(line, sizeof line, "%zu of %zu", done, p->all);
    } else {
        double rate = (double)done / spent;
        put_time(left, (double)(p->all - done) / rate);
        (void)snprintf(line, sizeof line, "%zu of %zu, %.*f a second, %s left", done, p->all,
                       rate < 10 ? 1 : 0, rate, left);
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &p->last);
    put_line(p, line);
}

void progress_hide(struct progress *p)
{
    if (p->shown == 0)
        return;
    put_line(p, "");
    (void)fputc('\r', stderr);
    (void)fflush(stderr);
    p->shown = 0;
}
