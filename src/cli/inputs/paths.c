/* SPDX-License-Identifier: MIT */
#include "cli/inputs/paths.h"

#include <errno.h>
#include <unistd.h>

#include "io/pipe.h"
#include "io/root.h"

struct path_reading {
    path_take *take;
    void *context;
    char path[LISTED_PATH_MAX + 1];
    size_t n;
    bool cut, nul;
};

static bool end_path(struct path_reading *r)
{
    bool more = true;
    if (!r->nul && r->n > 0 && r->path[r->n - 1] == '\r')
        r->n--;
    r->path[r->n] = '\0';
    if (r->n > 0)
        more = r->take(r->context, r->path, !r->cut);
    r->n = 0;
    r->cut = false;
    return more;
}

static bool add(struct path_reading *r, char c)
{
    if (c == (r->nul ? '\0' : '\n'))
        return end_path(r);
    if (r->n == LISTED_PATH_MAX || c == '\0')
        r->cut = true;
    else
        r->path[r->n++] = c;
    return true;
}

enum status paths_read(int fd, bool nul, path_take *take, path_wait *wait, void *context)
{
    struct path_reading r = {.take = take, .context = context, .nul = nul};
    char piece[4096];
    for (;;) {
        if (!pipe_has_bytes(fd))
            wait(context);
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return status_from_errno(errno);
        for (ssize_t i = 0; i < n; i++) {
            if (!add(&r, piece[i]))
                return ST_OK;
        }
        if (n == 0) {
            (void)end_path(&r);
            return ST_OK;
        }
    }
}
