/* SPDX-License-Identifier: MIT */
/*
 * --resume FILE.ndjson: inputs whose reports that file has already are left out. An input is known
 * by its path and by the digest of its evidence: one that changed since is judged again.
 */
#ifndef CLI_INPUTS_RESUME_H
#define CLI_INPUTS_RESUME_H

#include "cli/config.h"
#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum { RESUME_DIGEST = 32 };

struct resume {
    struct resume_row {
        uint64_t path; /* its hash */
        uint8_t digest[RESUME_DIGEST];
    } * rows; /* sorted */
    size_t n;
    struct arena *arena;
    bool unfinished; /* the last line has no end */
};

/*
 * Reads the file; a confined process parses it. A report of another version or profile does not
 * count, nor does a line that is no report; both are counted in one line on standard error. A file
 * that does not exist has no reports. Returns false, after a line, if it cannot be read.
 * `a` should be for this alone: rows take 40 bytes each.
 */
bool resume_read(const struct config *c, struct arena *a, struct resume *out);

/* The digests that the file has for a path; made in `a`, RESUME_DIGEST bytes each. */
struct span resume_find(const struct resume *r, const char *path, struct arena *a);

/* True if `path` is that very file. */
bool resume_is(const struct config *c, const char *path);

/* True if standard output continues that very file. */
bool resume_continues(const struct config *c);

#endif
