/* SPDX-License-Identifier: MIT */
/* What a judge and its parent say to each other, and what is said of a judge that said nothing. */
#ifndef CONFINE_CHANNEL_H
#define CONFINE_CHANNEL_H

#include "confine/confine.h"

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
