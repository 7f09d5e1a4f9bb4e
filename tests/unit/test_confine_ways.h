/* SPDX-License-Identifier: MIT */
/* The two ways to a judge, forked by the parent or by a template: what holds of one must of both.
 */
#ifndef TEST_CONFINE_WAYS_H
#define TEST_CONFINE_WAYS_H

#include "confine/prepared.h"
#include "test_collect_tree.h"

struct way {
    const char *name;
    bool prepared;
};

static const struct way ways[] = {{"forked", false}, {"prepared", true}};

/* `in_template` runs there with the context; NULL: nothing does. */
static enum status run_prepared(const struct confinement *c, void (*in_template)(void *context),
                                struct arena *a, struct judged *out)
{
    const struct preparation how = {c->profile, c->work, c->context, in_template};
    struct prepared p;
    assert_int_equal(prepared_start(&how, &p), ST_OK);
    assert_int_equal(prepared_begin(&p), ST_OK);
    enum status st = prepared_finish(&p, c, a, out);
    prepared_end(&p);
    return st;
}

#endif
