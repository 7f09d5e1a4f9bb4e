/* SPDX-License-Identifier: MIT */
/* Reports that something went wrong. */
#ifndef CLI_TROUBLE_H
#define CLI_TROUBLE_H

#include "vbscheck/out.h"

/* One line on standard error: "vbscheck: " and the message, safe to print. Returns EXIT_TROUBLE. */
int trouble(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Writes a finished document to standard output. Returns EXIT_READY, also if its reader stops early
 * ("| head"), or EXIT_TROUBLE with a line on standard error.
 */
int put_document(const struct out *o, struct arena *a);

/* For arenas outside the judge: one line on standard error and EXIT_TROUBLE. Does not return. */
void out_of_memory(struct arena *a);

#endif
