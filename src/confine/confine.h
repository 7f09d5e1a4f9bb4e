/* SPDX-License-Identifier: MIT */
/*
 * The judge's process: a child without any rights that parses hostile bytes and hands a finished
 * document back through a pipe.
 */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

#include <stdbool.h>

#include "confine/profile.h"
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
 * Answers a question of the child, which may be hostile, in the parent; *answer is made in `a`.
 * Returns false for a question that is not answered: it ends the child.
 */
typedef bool confine_serve(void *server, struct span question, struct arena *a,
                           struct span *answer);

enum { CONFINE_FILE = 1 }; /* number that `file` has in the child */

struct confinement {
    const struct confine_profile *profile;
    confine_work *work;
    void *context;
    int file;             /* a descriptor that the child keeps, as CONFINE_FILE; 0: none */
    confine_serve *serve; /* NULL: every question ends the child */
    void *server;
};

/*
 * Forks, gives up every right in the child but those of the profile, proves that they are gone,
 * and runs the work there, answering what
 * it asks. The child has no descriptor but its pipe and `file`, no capability, no user of its
 * own, cannot open a file, and is ended by the kernel if it tries to start a program, to reach
 * the network or another process. A child that crashes, is silent, runs out of its time or
 * memory, or cannot be confined gives exit status 2 and a message.
 *
 * Returns ST_OK with *out (memory from `a`), or ST_IO_ERROR where no child could be made.
 */
enum status confine_run(const struct confinement *c, struct arena *a, struct judged *out);

/*
 * In the child: sends a question and waits for its answer, which is made in `a`. One that the
 * parent does not answer is the last thing that the child does.
 */
struct span confine_ask(struct span question, struct arena *a);

/*
 * In a judge of a template (confine/prepared.h): the next bytes of those that it is sent. False
 * if there are not so many.
 */
bool confine_take(void *to, size_t n);

/* `oom` of the judge's arena: ends the process as "out of memory", which confine_run() reports. */
void confine_oom(struct arena *a);

#endif
