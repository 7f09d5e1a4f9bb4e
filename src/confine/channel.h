/* SPDX-License-Identifier: MIT */
/* What a judge and its parent say to each other, and what is said of a judge that said nothing. */
#ifndef CONFINE_CHANNEL_H
#define CONFINE_CHANNEL_H

#include <stdbool.h>

#include "confine/profile.h"
#include "vbscheck/arena.h"
#include "vbscheck/limits.h"
#include "vbscheck/span.h"

/* Small numbers that a judge may hand back for its parent to count. */
enum { JUDGED_MARKS = 32, JUDGED_MARK_MAX = 7 };

/* What a judge hands back. */
struct judged {
    int exit_status;      /* of the contract: 0, 1, 2 or 3 */
    struct span document; /* for standard output or --output; may be empty */
    struct span message;  /* for standard error; may be empty */
    uint8_t marks[JUDGED_MARKS];
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

/* How a judge ends by itself; what else it may do, obituary() knows from the signal. */
enum judge_end { END_DONE = 0, END_MEMORY = 70, END_UNCONFINED = 71, END_UNSENT = 72 };

/* In the judge: its result. False if it is too long or nobody reads. */
bool channel_send_result(int fd, const struct judged *j);

/*
 * In the parent: answers the questions of the judge at `fd` until there is a result, for so long as
 * the profile gives it. Returns ST_OK with *out (memory from `a`); ST_TRUNCATED after that time;
 * ST_UNSUPPORTED for a question that is not answered; ST_MALFORMED; ST_ABSENT if the judge ended.
 */
enum status channel_follow(const struct confinement *c, int fd, struct arena *a,
                           struct judged *out);

/* The result of a judge that has none, from how it ended, as waitpid() puts it. */
struct judged channel_obituary(const struct confine_profile *p, int how, enum status st,
                               struct arena *a);

#endif
