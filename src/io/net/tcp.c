/* SPDX-License-Identifier: MIT */
#include "io/net/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/pipe.h"
#include "io/root.h"

int tcp_start(struct tcp_peer peer)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(peer.port),
        .sin_addr.s_addr = htonl(peer.address),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)
        close_fd(&fd);
    return fd;
}

/* Waits until `fd` can be read or written; false when the time is over. */
static bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd p = {.fd = fd, .events = events};
    int n;
    do {
        int64_t left = deadline - pipe_deadline_ms(0);
        if (left <= 0)
            return false;
        n = poll(&p, 1, (int)left);
    } while (n < 0 && errno == EINTR);
    return n > 0;
}

static bool send_all(int fd, struct span question, int64_t deadline)
{
    while (question.len > 0) {
        if (!wait_for(fd, POLLOUT, deadline))
            return false;
        ssize_t sent = write(fd, question.ptr, question.len);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        question = span_skip(question, sent > 0 ? (size_t)sent : 0);
    }
    return true;
}

enum status tcp_ask(int fd, struct span question, size_t most, int64_t deadline, struct arena *a,
                    struct span *answer)
{
    uint8_t *data = arena_alloc(a, most, 1);
    size_t n = 0;
    if (!send_all(fd, question, deadline))
        return ST_IO_ERROR;
    while (n < most && wait_for(fd, POLLIN, deadline)) {
        ssize_t got = read(fd, data + n, most - n);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    if (n == 0)
        return ST_IO_ERROR;
    *answer = (struct span){data, n};
    return ST_OK;
}
