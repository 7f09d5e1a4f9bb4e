/* SPDX-License-Identifier: MIT */
/*
 * One question over TCP, and the bytes that come back. Nothing here looks at them, resolves a name
 * or knows of a proxy.
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
 * Begins to connect, and does not wait. Returns a descriptor that is the caller's, or -1 where no
 * way leads there.
 */
int tcp_start(struct tcp_peer peer);

/*
 * Sends `question` on `fd` and receives until the other end closes, `most` bytes are there, or
 * `deadline` of pipe_deadline_ms() is over: what was received by then is the answer. It needs no
 * right but to read, write and wait.
 * Returns ST_OK; ST_IO_ERROR where nothing came, or there is no connection.
 */
enum status tcp_ask(int fd, struct span question, size_t most, int64_t deadline, struct arena *a,
                    struct span *answer);

#endif
