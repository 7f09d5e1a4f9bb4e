/* SPDX-License-Identifier: MIT */
/*
 * The judge's process: a child without any rights that parses hostile bytes and hands a finished
 * document back through a pipe.
 */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

#include "vbscheck/arena.h"
#include "vbscheck/limits.h"
#include "vbscheck/span.h"

/* What a judge hands back. */
struct judged {
    int exit_status;      /* of the contract: 0, 1, 2 or 3 */
    struct span document; /* for standard output or --output; may be empty */
    struct span message;  /* for standard error; may be empty */
};

/* The work: runs in the child, confined; memory comes from `a`, results are copied. */
typedef void confine_work(void *context, struct arena *a, struct judged *out);

/*
 * Forks, gives up every right in the child, proves that they are gone, and runs `work` there.
 * The child has no descriptor but its pipe, no capability, no user of its own, cannot open a
 * file, and is ended by the kernel if it tries to start a program or to reach the network. A
 * child that crashes, runs out of its time or memory, or cannot be confined gives exit status 2
 * and a message.
 *
 * Returns ST_OK with *out (memory from `a`), or ST_IO_ERROR where no child could be made.
 */
enum status confine_run(confine_work *work, void *context, struct arena *a, struct judged *out);

/* `oom` of the judge's arena: ends the process as "out of memory", which confine_run() reports. */
void confine_oom(struct arena *a);

#endif
