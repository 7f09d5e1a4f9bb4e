/* SPDX-License-Identifier: MIT */
/* What a judge does once it is a process: the same whoever forked it. */
#ifndef CONFINE_JUDGE_PROCESS_H
#define CONFINE_JUDGE_PROCESS_H

#include "confine/channel.h"
#include "confine/sandbox.h"

/*
 * Runs the work, sends its result to `fd` and ends. `failed`: the step of its confinement that
 * failed, which is then the result, and no work is done; NULL: none did.
 */
_Noreturn void judge_process(const struct sandbox *s, const char *failed, int fd,
                             confine_work *work, void *context);

#endif
