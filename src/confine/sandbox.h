/* SPDX-License-Identifier: MIT */
/* Giving up every right for good, step by step; used by confine.c in the judge's process. */
#ifndef CONFINE_SANDBOX_H
#define CONFINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is prepared before the fork. */
struct sandbox {
    void *filter;       /* of libseccomp; NULL in builds with sanitizers */
    uint64_t data_used; /* bytes of writable memory in use; 0 when unknown */
};

/* Builds the filter and has libraries open now what they would open when first used. */
bool sandbox_prepare(struct sandbox *out);
void sandbox_release(struct sandbox *s);

/*
 * In the child: gives up everything but the descriptor *fd, which is moved to 0, and proves it.
 * Returns NULL, or which step failed.
 */
const char *sandbox_enter(const struct sandbox *s, int *fd);

#endif
