/* SPDX-License-Identifier: MIT */
/* The system calls of a confined process: a seccomp filter, made of one table. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include <stdbool.h>

#include "confine/profile.h"

struct filter;

/* Compiles the filter of a profile; NULL where that fails. filter_free() takes it. */
struct filter *filter_build(const struct confine_profile *p);
void filter_free(struct filter *f);

/*
 * Puts the calling process under `f` for good, with what depends on which process it is, and
 * shows by a call that never fails elsewhere that it is in force. Returns false if it is not.
 */
bool filter_load(struct filter *f);

#endif
