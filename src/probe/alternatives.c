/* SPDX-License-Identifier: MIT */
#include "probe/alternatives.h"

#include <string.h>

/* Most extra runs: loading keeps no more blobs of one name. */
enum { RUNS_MAX = 32 };

/* End of the blobs with the same name as the one at `first`; the snapshot is sorted. */
static size_t end_of_name(const struct snapshot *s, size_t first)
{
    size_t end = first + 1;
    while (end < s->n && strcmp(s->blobs[end].name, s->blobs[first].name) == 0)
        end++;
    return end;
}

static size_t most_of_a_name(const struct snapshot *s)
{
    size_t most = 1;
    for (size_t first = 0, end; first < s->n; first = end) {
        end = end_of_name(s, first);
        most = end - first > most ? end - first : most;
    }
    return most > RUNS_MAX ? RUNS_MAX : most;
}

/* The snapshot with the n-th blob of each name in front, or the last if there are fewer. */
static struct snapshot with_front(const struct snapshot *s, struct arena *a, size_t n)
{
    struct snapshot other = *s;
    other.blobs = arena_new(a, struct blob, s->n);
    for (size_t first = 0, end; first < s->n; first = end) {
        end = end_of_name(s, first);
        size_t front = first + n < end ? first + n : end - 1;
        other.blobs[first] = s->blobs[front];
        for (size_t i = first, at = first + 1; i < end; i++) {
            if (i != front)
                other.blobs[at++] = s->blobs[i];
        }
    }
    return other;
}

static bool same_value(const struct fact *l, const struct fact *r, enum fact_type type)
{
    switch (type) {
    case FACT_BOOL:
        return l->v.b == r->v.b;
    case FACT_UINT:
        return l->v.u == r->v.u;
    case FACT_TEXT:
    default:
        return strcmp(l->v.text, r->v.text) == 0;
    }
}

static bool is_answer(const struct fact *f)
{
    return f->st == ST_OK || f->st == ST_ABSENT;
}

/* Evidence was found, but might give another answer if it were complete. */
static bool is_partial(const struct fact *f)
{
    return f->st == ST_TRUNCATED || f->st == ST_CONFLICT;
}

static void merge(struct fact *known, const struct fact *other, enum fact_type type)
{
    if (known->st == ST_CONFLICT || (!is_answer(other) && !is_partial(other)))
        return;
    if (!is_answer(known) && !is_partial(known)) {
        *known = *other;
        return;
    }
    bool same = known->st == other->st && (known->st != ST_OK || same_value(known, other, type));
    if (!same)
        *known = (struct fact){.st = ST_CONFLICT, .from = known->from};
}

void probes_run_alternatives(const struct probe_run *p)
{
    size_t runs = most_of_a_name(p->snap);
    probes_run(p);
    for (size_t i = 1; i < runs; i++) {
        struct snapshot snap = with_front(p->snap, p->arena, i);
        struct facts *facts = arena_new(p->arena, struct facts, 1);
        struct notes unread = {.arena = p->arena};
        struct probe_run other = *p;
        facts_init(facts, p->arena);
        other.snap = &snap;
        other.facts = facts;
        other.notes = &unread;
        probes_run(&other);
        if (p->facts->problem == NULL)
            p->facts->problem = facts->problem;
        for (size_t id = FACT_NONE + 1; id < FACT_COUNT; id++)
            merge(&p->facts->all[id], &facts->all[id], fact_infos[id].type);
    }
}
