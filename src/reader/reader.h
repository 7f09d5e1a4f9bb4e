/* SPDX-License-Identifier: MIT */
/*
 * The side with rights: opens files on its list below a root, copies what it is asked for, and
 * looks at none of the bytes. The side that asks may be hostile (it has looked at bytes).
 */
#ifndef READER_READER_H
#define READER_READER_H

#include "ask/known.h"
#include "reader/state.h"

/* Limits of one process. */
enum {
    READER_QUESTIONS_MAX = 400000,
    READER_BYTES_MAX = 128 << 20,
    READER_MEMORY_MAX = 16 << 20, /* of these, from the machine's memory */
};

/*
 * Opens `root` (NULL: this machine). Returns ST_OK, or why it cannot be opened: ST_UNSUPPORTED if
 * it is another system, which needs Linux 5.6 or newer, and this kernel is older. reader_problem()
 * has words for that, which follow the name of `root`.
 */
enum status reader_open(const char *root, const char *tcti, struct reader *out);
const char *reader_problem(enum status st);
void reader_close(struct reader *r);
#define scoped_reader __attribute__((cleanup(reader_close))) struct reader

/*
 * Answers one question; memory comes from `a`. Returns false, with *out untouched, for a question
 * that only a hostile process asks: about something that is not on the list (access.c), or for too
 * much.
 */
bool reader_answer(struct reader *r, const struct question *q, struct arena *a, struct answer *out);

/* Answers the questions of every scan beforehand, into `known`. */
void reader_early(struct reader *r, struct known *known);

#endif
