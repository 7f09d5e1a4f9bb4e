/* SPDX-License-Identifier: MIT */
/* How far a long run is, on a terminal where nothing else is printed. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
    bool wanted;
    size_t all;
    size_t shown; /* columns of the line that stands there; 0: none */
    struct timespec begun;
    struct timespec last; /* when it was shown */
};

/*
 * Of `all` inputs. Shown only if standard error is a terminal, and the document goes elsewhere:
 * into a file, or a device that is no terminal. What a pipe leads to may print on the same one.
 */
void progress_start(struct progress *p, size_t all, bool to_file);

/* "12 of 300, 45 a second, 6 s left", in the place of the line before; several times a second. */
void progress_show(struct progress *p, size_t done);

/* Takes the line away: before anything else is printed, and at the end. */
void progress_hide(struct progress *p);

#endif
