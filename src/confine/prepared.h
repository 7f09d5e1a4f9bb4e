/* SPDX-License-Identifier: MIT */
/*
 * Judges of many inputs: what does not depend on the input is done once, in a template without
 * rights, and the judge of each input is forked of that. One judge at a time comes of a template.
 */
#ifndef CONFINE_PREPARED_H
#define CONFINE_PREPARED_H

#include <sys/types.h>

#include "confine/channel.h"

struct preparation {
    const struct confine_profile *profile; /* of the judges */
    confine_work *work; /* in each of them; reads what prepared_send() sends by confine_take() */
    void *context;
    void (*prepare)(void *context); /* in the template, before it gives up its rights; or NULL */
};

/* A template, and the judge that came of it last. */
struct prepared {
    pid_t template; /* 0: none */
    int control;    /* to the template */
    int judge;      /* to the judge; 0: none is at work */
};

/*
 * Forks the template, which gives up every right but that to fork judges. Returns ST_OK, or
 * ST_IO_ERROR where there can be none; *out is empty then.
 */
enum status prepared_start(const struct preparation *how, struct prepared *out);

/* Has the template fork a judge. Returns ST_OK, or ST_IO_ERROR if the template is gone. */
enum status prepared_begin(struct prepared *p);

/*
 * Sends bytes to the judge, as pipe_send_until() does. That it could not is no matter: how the
 * judge ended prepared_finish() knows.
 */
void prepared_send(struct prepared *p, const void *data, size_t n);

/*
 * Waits for the judge's result, as confine_run() does, serving it as `c` says. A judge that does
 * not end by itself is ended with its template. Returns ST_OK with *out, or ST_IO_ERROR where the
 * template could fork none.
 */
enum status prepared_finish(struct prepared *p, const struct confinement *c, struct arena *a,
                            struct judged *out);

/* Has a judge end that nothing was sent to: there is no input for it. */
void prepared_drop(struct prepared *p);

/* Ends the template, and the judge with it. */
void prepared_end(struct prepared *p);

#endif
