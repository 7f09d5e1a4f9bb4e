/* SPDX-License-Identifier: MIT */
#include "cli/machine.h"

#include "ask/wire.h"
#include "io/libs.h"
#include "vbscheck/limits.h"

enum status machine_open(const char *root, const char *tcti, struct arena *a, struct machine *out)
{
    enum status st = reader_open(root, tcti, &out->reader);
    if (st != ST_OK)
        return st;
    collect_start(root, tcti, out->reader.sysfs, &out->from);
    known_init(&out->known, a);
    reader_early(&out->reader, &out->known);
    return ST_OK;
}

void machine_close(struct machine *m)
{
    reader_close(&m->reader);
}

bool machine_has_tpm(const struct machine *m)
{
    const struct question tpm = {.kind = ASK_EXISTS, .path = "dev/tpmrm0"};
    const struct answer *known = known_find(&m->known, &tpm);
    return known == NULL || known->st != ST_ABSENT;
}

/* The parent ------------------------------------------------------------------------------- */

static bool serve(void *server, struct span question, struct arena *a, struct span *answer)
{
    struct machine *m = server;
    struct question q;
    struct answer w;
    if (!wire_read_question(question, a, &q) || !reader_answer(&m->reader, &q, a, &w))
        return false;
    *answer = wire_answer(&w, a);
    return true;
}

enum status machine_run(struct machine *m, confine_work *work, void *context, struct arena *a,
                        struct judged *out)
{
    const struct confinement c = {
        .profile = &profile_machine,
        .work = work,
        .context = context,
        .serve = serve,
        .server = m,
    };
    return confine_run(&c, a, out);
}

/* The child -------------------------------------------------------------------------------- */

/*
 * Keeps only the answer: there can be many thousands of questions. Its data becomes an object of
 * its own, so that the caller can cut it to what it needs (arena_resize()); data that is too large
 * for that stays where it was read, behind its header.
 */
static void ask_reader(const struct question *q, struct arena *a, struct answer *out)
{
    enum { CAN_BE_CUT = 128 << 10 };
    struct arena once;
    arena_init(&once, LIMIT_DATA, a->oom);
    struct span bytes = confine_ask(wire_question(q, &once), a);
    arena_reset(&once);
    if (!wire_read_answer(bytes, out))
        *out = (struct answer){.st = ST_IO_ERROR};
    else if (out->data.len <= CAN_BE_CUT)
        out->data.ptr = (const uint8_t *)arena_text(a, out->data);
}

static void ask(void *context, const struct question *q, struct arena *a, struct answer *out)
{
    const struct machine *m = context;
    const struct answer *known = known_find(&m->known, q);
    if (known != NULL)
        *out = *known;
    else
        ask_reader(q, a, out);
}

void machine_collect(const struct machine *m, struct arena *a, struct snapshot *out)
{
    struct machine copy = *m;
    const struct asker by = {.context = &copy, .ask = ask, .arena = a};
    collect(&m->from, &by, out);
}

struct libs machine_libs(const struct machine *m, const struct config *c)
{
    bool live = c->root == NULL, tpm = c->tcti != NULL || (live && machine_has_tpm(m));
    return (struct libs){
        .cpuid = live ? libs_cpuid(NULL) : NULL,
        .digest = c->format->digest ? libs_digest(NULL) : NULL,
        .mu = tpm ? libs_tss2_mu(NULL) : NULL,
    };
}
