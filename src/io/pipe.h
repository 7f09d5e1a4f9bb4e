/* SPDX-License-Identifier: MIT */
/* What a child process and its parent say through a pipe; neither waits for ever. */
#ifndef IO_PIPE_H
#define IO_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vbscheck/status.h"

/* All of `data`, however many writes it takes; false if the other end is gone. */
bool pipe_send(int fd, const void *data, size_t n);

/* Exactly `n` bytes, however long that takes; false if the other end is gone before. */
bool pipe_read(int fd, void *to, size_t n);

/* The moment so far from now, for pipe_receive(). */
int64_t pipe_deadline(int seconds);
int64_t pipe_deadline_ms(unsigned milliseconds);

/*
 * Exactly `n` bytes. Returns ST_OK; ST_ABSENT when the child closed its end before; ST_TRUNCATED
 * when its time is over; or why reading failed.
 */
enum status pipe_receive(int fd, int64_t deadline, void *to, size_t n);

/*
 * All of `data` into a socket whose reader may be hostile, and not read. Returns ST_OK, ST_ABSENT
 * if the other end is gone, ST_TRUNCATED when the time is over.
 */
enum status pipe_send_until(int fd, int64_t deadline, const void *data, size_t n);

/*
 * Ends `child` and returns how it ended, as waitpid() puts it. One that is ending already keeps
 * its own status; no other may make us wait.
 */
int pipe_end(pid_t child);

/*
 * The same for a child that may wait inside a driver, where no signal reaches it: one that is not
 * gone after a second is left behind.
 */
void pipe_abandon(pid_t child);

#endif
