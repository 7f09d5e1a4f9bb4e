/* SPDX-License-Identifier: MIT */
/* Evidence that --from names: what it stands for, and the process that looks at it. */
#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include "confine/confine.h"
#include "confine/prepared.h"
#include "io/input.h"
#include "vbscheck/libs.h"

/* input_expand() with confined looks into folders. */
enum status evidence_expand(const char *path, struct arena *a, struct input_list *out,
                            const char **skipped, const char **problem);

/*
 * Loads what this input will need, before the judge is confined. What is in an archive only the
 * judge will see. `digest`: a digest of all is asked for.
 */
struct libs evidence_libs(const struct raw_input *raw, bool digest);

/*
 * Runs `work` confined, with `raw` in its memory; of a stream it asks for one piece after another.
 * Returns as confine_run() does.
 */
enum status evidence_run(struct raw_input *raw, confine_work *work, void *context, struct arena *a,
                         struct judged *out);

/* The same of a judge that a template forked: in it, what wire_send() sent; false if that ended. */
bool evidence_take(struct arena *a, struct raw_input *out);

/* And in the parent, when it was sent. Returns as prepared_finish() does. */
enum status evidence_finish(const struct raw_input *raw, struct prepared *p, struct arena *a,
                            struct judged *out);

#endif
