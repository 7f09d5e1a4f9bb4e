/* SPDX-License-Identifier: MIT */
/* Evidence that --from names: the inputs it stands for, and the process that looks at it. */
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
 * Loads the libraries that this input needs before the judge is confined. Only the judge will see
 * the contents of an archive. `digest`: the report needs a digest of the whole input.
 */
struct libs evidence_libs(const struct raw_input *raw, bool digest);

/*
 * Runs `work` confined, with `raw` in its memory; it asks for a stream piece by piece. Returns as
 * confine_run() does.
 */
enum status evidence_run(struct raw_input *raw, confine_work *work, void *context, struct arena *a,
                         struct judged *out);

/* The same of a judge that a template forked: in it, what wire_send() sent; false if that ended. */
bool evidence_take(struct arena *a, struct raw_input *out, struct span *more);

/* And in the parent, when it was sent. Returns as prepared_finish() does. */
enum status evidence_finish(const struct raw_input *raw, struct prepared *p, struct arena *a,
                            struct judged *out);

#endif
