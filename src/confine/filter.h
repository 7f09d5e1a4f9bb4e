/* SPDX-License-Identifier: MIT */
/* The system calls of a confined process: a seccomp filter, built from one table. */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

#include <stdbool.h>

#include "confine/profile.h"

struct filter;

/* Compiles the filter of a profile; NULL on failure. filter_free() frees it. */
struct filter *filter_build(const struct confine_profile *p);
void filter_free(struct filter *f);

/*
 * Puts the calling process under `f` for good, with the rules that need its process number,
 * and proves with a call that never fails otherwise that the filter works. Returns false if it does
 * not.
 */
bool filter_load(struct filter *f);

#endif
