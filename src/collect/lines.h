/* SPDX-License-Identifier: MIT */
/* Helpers of the sources whose blobs are lines of text. */
#ifndef COLLECT_LINES_H
#define COLLECT_LINES_H

#include <stdbool.h>

#include "collect/source.h"
#include "vbscheck/out.h"

/* Appends `s` with control characters replaced by '?': a value can never begin a new line. */
void lines_value(struct out *o, struct span s);

/*
 * Reads the first line of a small file below the collector's root, trimmed.
 * Returns ST_OK, or why not, with *out untouched.
 */
enum status lines_read(const struct collector *c, const char *path, struct span *out);

/*
 * Appends `label`, the first line of the file `path` and a newline; nothing if the file cannot be
 * read or is empty. Returns as lines_read().
 */
enum status lines_file(const struct collector *c, struct out *o, const char *label,
                       const char *path);

/* True if `path` exists below the collector's root. */
bool lines_exists(const struct collector *c, const char *path);

/*
 * Finds the PCI address ("0000:00:0e.0") in the target of the link `name` in `folder`: the part
 * above the first one that begins with `prefix`.
 * Returns false, with *out untouched, if there is no such link or part, or no address there.
 */
bool lines_address_above(const struct collector *c, const char *folder, const char *name,
                         const char *prefix, struct span *out);

/* Adds the content of `o` as the blob `name`, read from `from`. */
void lines_add(struct collector *c, const char *name, const char *from, const struct out *o);

/* Adds the blob `name` without data: `st` is the reason, `from` the place that was tried. */
void lines_none(struct collector *c, const char *name, const char *from, enum status st);

#endif
