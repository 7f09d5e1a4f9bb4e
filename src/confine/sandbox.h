/* SPDX-License-Identifier: MIT */
/* Giving up every right for good, step by step; used by confine.c in the judge's process. */
#ifndef CONFINE_SANDBOX_H
#define CONFINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "confine/profile.h"

struct filter;

/* What is prepared before the fork. */
struct sandbox {
    const struct confine_profile *profile;
    struct filter *filter; /* NULL in builds with sanitizers */
    int file;              /* a descriptor that becomes 1; 0: none */
    uint64_t data_used;    /* bytes of writable memory in use; 0 when unknown */
};

/* Builds the filter and has libraries open now what they would open when first used. */
bool sandbox_prepare(const struct confine_profile *p, struct sandbox *out);
void sandbox_release(struct sandbox *s);

/*
 * In the child: gives up everything but the descriptor *fd, which is moved to 0, and s->file, and
 * proves it.
 * Returns NULL, or which step failed.
 */
const char *sandbox_enter(const struct sandbox *s, int *fd);

/*
 * In a child of `template`, which has entered profile_template: gives up what that has beyond a
 * judge, as sandbox_enter() does, and ends when the template does.
 */
const char *sandbox_enter_prepared(const struct sandbox *s, pid_t template, int *fd);

/*
 * In a child that runs a library which opens files by their names, so that no filter of calls would
 * leave it its work: gives up capabilities, descriptors but *fd (moved to 0), new privileges and,
 * where there is Landlock, everything but reading files and folders. It keeps its user, whose files
 * it is to read. Returns false if that failed.
 */
bool sandbox_helper(int *fd);

/* The version of Landlock that the kernel has, below 1 if none or switched off. */
long sandbox_landlock_version(void);

/*
 * A step of sandbox_enter(), for the tests: has Landlock handle every right that the kernel knows,
 * but those `kept`, and allow nothing: no file, no TCP, no signal to and no socket of a process
 * outside. The caller can get no new privileges. True without effect where there is no Landlock:
 * the filter does the work alone then.
 */
bool sandbox_landlock(uint64_t kept);

#endif
