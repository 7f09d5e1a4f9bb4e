/* SPDX-License-Identifier: MIT */
/*
 * The judge's process: a child without any rights that parses hostile bytes and returns a finished
 * document through a pipe.
 */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

#include <stdbool.h>

#include "confine/profile.h"
#include "vbscheck/arena.h"
#include "vbscheck/limits.h"
#include "vbscheck/span.h"

/* The result of a judge. */
struct judged {
    int exit_status;      /* in the contract: 0, 1, 2 or 3 */
    struct span document; /* for standard output or --output; may be empty */
    struct span message;  /* for standard error; may be empty */
};

/* The work: runs in the child, confined; memory comes from `a`, results are copied. */
typedef void confine_work(void *context, struct arena *a, struct judged *out);

/*
 * Answers, in the parent, a question of the child, which may be hostile; *answer is made in `a`.
 * Returns false for a question that gets no answer: that ends the child.
 */
typedef bool confine_serve(void *server, struct span question, struct arena *a,
                           struct span *answer);

enum { CONFINE_FILE = 1 }; /* the number of `file` in the child */

struct confinement {
    const struct confine_profile *profile;
    confine_work *work;
    void *context;
    int file;             /* a descriptor that the child keeps as CONFINE_FILE; 0: none */
    confine_serve *serve; /* NULL: every question ends the child */
    void *server;
};

/*
 * Forks, drops every right in the child except those of the profile, proves that they are gone,
 * runs the work there and answers its questions. The child has no descriptor except its pipe and
 * `file`, no capability and no user of its own; it cannot open a file, and the kernel ends it if it
 * tries to start a program, or to reach the network or another process. A child that crashes, is
 * silent, runs out of time or memory, or cannot be confined gives exit status 2 and a message.
 *
 * Returns ST_OK with *out (memory from `a`), or ST_IO_ERROR if no child could be made.
 */
enum status confine_run(const struct confinement *c, struct arena *a, struct judged *out);

/*
 * In the child: sends a question and waits for its answer, which is made in `a`. If the parent does
 * not answer, the child ends.
 */
struct span confine_ask(struct span question, struct arena *a);

/*
 * `oom` of the judge's arena: ends the process with the status that confine_run() reports as "out
 * of memory".
 */
void confine_oom(struct arena *a);

#endif
