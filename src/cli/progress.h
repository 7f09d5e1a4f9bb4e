/* SPDX-License-Identifier: MIT */
/* Shows how far a long run is, on a terminal where nothing else is printed. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
    bool wanted;
    size_t all;
    size_t shown; /* columns of the line that is shown now; 0: none */
    struct timespec begun;
    struct timespec last; /* when it was shown */
};

/*
 * Starts a run over `all` inputs. Progress is shown only if standard error is a terminal and the
 * document goes elsewhere: to a file, or to a device that is not a terminal. A pipe may end at the
 * same terminal.
 */
void progress_start(struct progress *p, size_t all, bool to_file);

/* Replaces the line by "12 of 300, 45 a second, 6 s left"; several times a second. */
void progress_show(struct progress *p, size_t done);

/* Removes the line: before anything else is printed, and at the end. */
void progress_hide(struct progress *p);

#endif
