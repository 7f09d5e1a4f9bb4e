/* SPDX-License-Identifier: MIT */
#include "cli/evidence.h"

#include <string.h>
#include <unistd.h>

#include "cli/fleet/wire.h"
#include "cli/trouble.h"
#include "io/libs.h"

/* Runs confined: the exit status is the kind of the folder's files. */
static void look_confined(void *context, struct arena *a, struct judged *result)
{
    const struct raw_input *in = context;
    result->exit_status = (int)load_look(in, a);
    result->document = span_of("looked");
}

/* Files that could not be looked at count as evidence: judging them reports what is wrong. */
static enum load_found look(void *context, const struct raw_input *in, struct arena *a)
{
    (void)context;
    struct judged result = {0};
    struct raw_input copy = *in;
    const struct confinement looking = {
        .profile = &profile_memory, .work = look_confined, .context = &copy};
    if (confine_run(&looking, a, &result) != ST_OK || !span_is(result.document, "looked"))
        return FOUND_EVIDENCE;
    return (enum load_found)result.exit_status;
}

enum status evidence_expand(const char *path, struct arena *a, struct input_list *out,
                            const char **skipped, const char **problem)
{
    const struct input_looker looker = {.look = look};
    return input_expand(path, &looker, a, out, skipped, problem);
}

/*
 * Loads the libraries that this input needs before the judge is confined. Only the judge will see
 * the contents of an archive.
 */
struct libs evidence_libs(const struct raw_input *raw, bool digest)
{
    struct libs libs = {.cpuid = libs_cpuid(NULL), .mu = libs_tss2_mu(NULL)};
    bool archive = !raw->folder && raw->n == 1 && load_is_archive(raw->files[0].data);
    bool capture = archive;
    bool compressed = archive;
    for (size_t i = 0; i < raw->n && raw->folder; i++) {
        capture |= strcmp(raw->files[i].name, CAPTURE_MANIFEST) == 0;
        compressed |= load_is_archive(raw->files[i].data);
    }
    if (compressed)
        libs.archive = libs_archive(NULL);
    if (capture || digest)
        libs.digest = libs_digest(NULL);
    return libs;
}

/* The child's side: asks for the next piece of the file. */
static struct span ask_piece(uint64_t at, struct arena *a)
{
    return confine_ask((struct span){(const uint8_t *)&at, sizeof at}, a);
}

/* The parent's side, which looks at none of the bytes. */
static bool serve_piece(void *server, struct span question, struct arena *a, struct span *answer)
{
    const struct raw_stream *s = server;
    uint64_t at;
    if (question.len != sizeof at)
        return false;
    memcpy(&at, question.ptr, sizeof at);
    uint8_t *piece = arena_alloc(a, RAW_PIECE, 1);
    ssize_t n = at < s->size ? pread(s->fd, piece, RAW_PIECE, (off_t)at) : 0;
    *answer = (struct span){piece, n > 0 ? (size_t)n : 0};
    return true;
}

enum status evidence_run(struct raw_input *raw, confine_work *work, void *context, struct arena *a,
                         struct judged *out)
{
    struct confinement c = {.profile = &profile_memory, .work = work, .context = context};
    if (raw->stream != NULL) {
        raw->stream->read = ask_piece;
        c.profile = &profile_stream;
        c.serve = serve_piece;
        c.server = raw->stream;
    }
    return confine_run(&c, a, out);
}

bool evidence_take(struct arena *a, struct raw_input *out, struct span *more)
{
    if (!wire_take(a, out, more))
        return false;
    if (out->stream != NULL)
        out->stream->read = ask_piece;
    return true;
}

enum status evidence_finish(const struct raw_input *raw, struct prepared *p, struct arena *a,
                            struct judged *out)
{
    struct confinement c = {.profile = &profile_stream};
    if (raw->stream != NULL) {
        c.serve = serve_piece;
        c.server = raw->stream;
    }
    return prepared_finish(p, &c, a, out);
}
