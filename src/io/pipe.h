/* SPDX-License-Identifier: MIT */
/* Pipes between a child process and its parent; neither waits for ever. */
#ifndef IO_PIPE_H
#define IO_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vbscheck/status.h"

/* Writes all of `data`, in as many writes as that needs; false if the other end is gone. */
bool pipe_send(int fd, const void *data, size_t n);

/* Reads exactly `n` bytes, however long that takes; false if the other end closes before. */
bool pipe_read(int fd, void *to, size_t n);

/* The time that far from now, for pipe_receive(). */
int64_t pipe_deadline(int seconds);
int64_t pipe_deadline_ms(unsigned milliseconds);

/*
 * Reads exactly `n` bytes. Returns ST_OK; ST_ABSENT if the child closed its end before;
 * ST_TRUNCATED when its time is over; or why reading failed.
 */
enum status pipe_receive(int fd, int64_t deadline, void *to, size_t n);

/*
 * Writes all of `data` to a socket whose reader may be hostile and may not read. Returns ST_OK,
 * ST_ABSENT if the other end is gone, ST_TRUNCATED when the time is over.
 */
enum status pipe_send_until(int fd, int64_t deadline, const void *data, size_t n);

/*
 * Ends `child` and returns how it ended, as waitpid() reports it. A child that is ending already
 * keeps its own status; any other is killed, so that we never wait.
 */
int pipe_end(pid_t child);

/*
 * The same for a child that may wait inside a driver, where no signal reaches it: a child that is
 * still there after a second is left behind.
 */
void pipe_abandon(pid_t child);

/* True if a read would not wait: bytes are there, or the end. */
bool pipe_has_bytes(int fd);

#endif
