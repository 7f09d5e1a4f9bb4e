/* SPDX-License-Identifier: MIT */
#include "io/hold.h"

#include <errno.h>
#include <stddef.h>

void hold_signals(sigset_t *before)
{
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGHUP);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &held, before);
}

void release_signals(const sigset_t *before)
{
    int error = errno;
    (void)sigprocmask(SIG_SETMASK, before, NULL);
    errno = error;
}
