/* SPDX-License-Identifier: MIT */
/* Signals that wait while something unfinished has a name in a folder. */
#ifndef IO_HOLD_H
#define IO_HOLD_H

#include <signal.h>

/*
 * The signals that end a program on request (SIGHUP, SIGINT, SIGTERM) wait between these two calls.
 * `before` is the mask before; errno is kept.
 */
void hold_signals(sigset_t *before);
void release_signals(const sigset_t *before);

#endif
