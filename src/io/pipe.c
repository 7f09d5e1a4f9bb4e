/* SPDX-License-Identifier: MIT */
#include "io/pipe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/root.h"

bool pipe_send(int fd, const void *data, size_t n)
{
    const char *at = data;
    while (n > 0) {
        ssize_t sent = write(fd, at, n);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

bool pipe_read(int fd, void *to, size_t n)
{
    char *at = to;
    while (n > 0) {
        ssize_t got = read(fd, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t pipe_deadline(int seconds)
{
    return now_ms() + (int64_t)seconds * 1000;
}

int64_t pipe_deadline_ms(unsigned milliseconds)
{
    return now_ms() + (int64_t)milliseconds;
}

enum status pipe_receive(int fd, int64_t deadline, void *to, size_t n)
{
    char *at = to;
    while (n > 0) {
        int64_t left = deadline - now_ms();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready == 0)
            return ST_TRUNCATED;
        ssize_t got = ready < 0 ? -1 : read(fd, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        /* The latter of a socket whose other end had not read all. */
        if (got == 0 || (got < 0 && errno == ECONNRESET))
            return ST_ABSENT;
        if (got < 0)
            return status_from_errno(errno);
        at += got;
        n -= (size_t)got;
    }
    return ST_OK;
}

enum status pipe_send_until(int fd, int64_t deadline, const void *data, size_t n)
{
    const char *at = data;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            n -= (size_t)sent;
        } else if (errno == EAGAIN) {
            int64_t left = deadline - now_ms();
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            if (left <= 0 || poll(&p, 1, (int)left) == 0)
                return ST_TRUNCATED;
        } else if (errno != EINTR) {
            return ST_ABSENT;
        }
    }
    return ST_OK;
}

int pipe_end(pid_t child)
{
    (void)kill(child, SIGKILL);
    int how = 0;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        ;
    return how;
}

void pipe_abandon(pid_t child)
{
    enum { PAUSE_NS = 1000000, PATIENCE_MS = 1000 };
    int64_t deadline = pipe_deadline_ms(PATIENCE_MS);
    (void)kill(child, SIGKILL);
    for (;;) {
        pid_t got = waitpid(child, NULL, WNOHANG);
        if (got == child || (got < 0 && errno != EINTR) || now_ms() >= deadline)
            return;
        (void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
}

bool pipe_has_bytes(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}
