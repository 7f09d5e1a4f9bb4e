/* SPDX-License-Identifier: MIT */
/* Gives up every right for good, step by step; confine.c uses it in the judge's process. */
#ifndef CONFINE_SANDBOX_H
#define CONFINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "confine/profile.h"

struct filter;

/* Prepared before the fork. */
struct sandbox {
    const struct confine_profile *profile;
    struct filter *filter; /* NULL in builds with sanitizers */
    int file;              /* a descriptor that becomes 1; 0: none */
    uint64_t data_used;    /* bytes of writable memory in use; 0 if unknown */
};

/* Builds the filter, and makes libraries open now the files that they open at first use. */
bool sandbox_prepare(const struct confine_profile *p, struct sandbox *out);
void sandbox_release(struct sandbox *s);

/*
 * In the child of `parent`, with which it ends: gives up everything except the descriptor *fd,
 * which is moved to 0, and s->file, and proves it.
 * Returns NULL, or the name of the step that failed.
 */
const char *sandbox_enter(const struct sandbox *s, pid_t parent, int *fd);

/*
 * In a child of `template`, which has entered profile_template: gives up everything beyond a
 * judge's rights, as sandbox_enter() does, and ends when the template does.
 */
const char *sandbox_enter_prepared(const struct sandbox *s, pid_t template, int *fd);

/*
 * In a child that runs a library which opens files by their names, so that a filter of calls would
 * stop its work: gives up capabilities, descriptors except *fd (moved to 0), new privileges and, if
 * the kernel has Landlock, everything except reading files and folders. It keeps its user, whose
 * files it must read. Returns false if that failed.
 */
bool sandbox_helper(int *fd);

/* The version of Landlock that the kernel has, below 1 if none or switched off. */
long sandbox_landlock_version(void);

/*
 * A step of sandbox_enter(), for the tests: makes Landlock handle every right that the kernel
 * knows, except those `kept`, and allow nothing: no file, no TCP, no signal to and no socket of an
 * outside process. The caller cannot get new privileges. True without effect if there is no
 * Landlock: then the filter works alone.
 */
bool sandbox_landlock(uint64_t kept);

#endif
