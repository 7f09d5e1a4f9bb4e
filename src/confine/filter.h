/* SPDX-License-Identifier: MIT */
/* The system calls of a confined process: a seccomp filter, made of one table. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include <stdbool.h>

#include "confine/profile.h"

/* Builds the filter of a profile, of libseccomp; NULL where that fails. filter_free() takes it. */
void *filter_build(const struct confine_profile *p);
void filter_free(void *filter);

/*
 * Puts the calling process under `filter` for good, with what depends on which process it is, and
 * shows by a call that never fails elsewhere that it is in force. Returns false if it is not.
 */
bool filter_load(void *filter);

#endif
