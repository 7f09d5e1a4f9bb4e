/* SPDX-License-Identifier: MIT */
/* How the program says that something went wrong. */
#ifndef CLI_TROUBLE_H
#define CLI_TROUBLE_H

#include "vbscheck/arena.h"

/* One line on standard error: "vbscheck: " and the message, safe to print. Returns EXIT_TROUBLE. */
int trouble(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For arenas outside the judge: one line on standard error and EXIT_TROUBLE. Does not return. */
void out_of_memory(struct arena *a);

#endif
