/* SPDX-License-Identifier: MIT */
/* Questions and answers as bytes. Both ends are this program: sizes and byte order are its own. */
#ifndef ASK_WIRE_H
#define ASK_WIRE_H

#include "ask/ask.h"

/* The bytes of a question, or of an answer without its data; made in `a`. */
struct span wire_question(const struct question *q, struct arena *a);
struct span wire_answer(const struct answer *w, struct arena *a);

/*
 * Reads them back. A question may come from a process that hostile bytes control: its lengths and
 * kind are checked, and its path must be text of at most ASK_PATH_MAX bytes; the reader checks what
 * it means. Returns false for an invalid question or answer; *out is written on success only. Its
 * path is a copy in `a`, its list and data point into `bytes`.
 */
bool wire_read_question(struct span bytes, struct arena *a, struct question *out);
bool wire_read_answer(struct span bytes, struct answer *out);

#endif
