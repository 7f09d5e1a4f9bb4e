/* SPDX-License-Identifier: MIT */
#include "collect/cpu/devcpu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "collect/lines.h"
#include "io/root.h"

enum { DEVCPU_MAX = 8192, PATH_ROOM = 64 };

static int by_number(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

enum status devcpu_list(const struct collector *c, const char *name, struct devcpu *out)
{
    enum status none = c->live ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    char class[PATH_ROOM];
    (void)snprintf(class, sizeof class, "sys/class/%s", name);
    const char *const *names;
    size_t n = 0;
    if (!lines_exists(c, class) ||
        root_list(c->root, "dev/cpu", DEVCPU_MAX, c->arena, &names, &n) != ST_OK)
        return none;

    unsigned *numbers = arena_new(c->arena, unsigned, n);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t number;
        if (span_number(span_of(names[i]), &number) && number < DEVCPU_MAX)
            numbers[used++] = (unsigned)number;
    }
    qsort(numbers, used, sizeof *numbers, by_number);
    *out = (struct devcpu){numbers, used};
    return used > 0 ? ST_OK : none;
}

int devcpu_open(const struct collector *c, unsigned cpu, const char *name, enum status *why)
{
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "dev/cpu/%u/%s", cpu, name);
    int fd = root_open(c->root, path, 0);
    if (fd < 0) {
        *why = status_from_errno(errno);
        return -1;
    }
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode))
        return fd;
    close_fd(&fd);
    *why = ST_ABSENT;
    return -1;
}
