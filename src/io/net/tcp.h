/* SPDX-License-Identifier: MIT */
/*
 * Sends one question over TCP and returns the bytes that come back. Nothing here looks at them,
 * resolves a name or uses a proxy.
 */
#ifndef IO_NET_TCP_H
#define IO_NET_TCP_H

#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct tcp_peer {
    uint32_t address; /* IPv4 */
    uint16_t port;
};

/*
 * Begins to connect, and does not wait. Returns a descriptor, which the caller owns, or -1 if there
 * is no route.
 */
int tcp_start(struct tcp_peer peer);

/*
 * Sends `question` on `fd` and receives until the other end closes, `most` bytes are there, or
 * `deadline` of pipe_deadline_ms() is over: the answer is what was received by then. It needs only
 * the rights to read, write and wait.
 * Returns ST_OK; ST_IO_ERROR if nothing came, or there is no connection.
 */
enum status tcp_ask(int fd, struct span question, size_t most, int64_t deadline, struct arena *a,
                    struct span *answer);

#endif
