/* SPDX-License-Identifier: MIT */
/*
 * Everything that was read from one machine: named blobs, each with its status. Probes see
 * nothing else, so a replay and a live scan are judged by the same code. docs/vbscheck-snapshot.5
 * lists the names and the form of each blob.
 */
#ifndef VBSCHECK_SNAPSHOT_H
#define VBSCHECK_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/label.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

enum source_kind { SOURCE_LIVE, SOURCE_ROOT, SOURCE_CAPTURE, SOURCE_EVIDENCE };

/* The word for `kind` in contract and schema ("live"). */
const char *source_kind_name(enum source_kind kind);

struct blob {
    const char *name; /* "acpi/DMAR" */
    const char *from; /* where it was read, for people: a path, an instruction; may be NULL */
    enum status st;
    struct span data;   /* with ST_OK and ST_TRUNCATED */
    const char *sha256; /* of `data`, in hexadecimal; NULL: not computed */
};

/* A remark for people that no rule covers. */
struct note {
    const char *source;  /* blob name */
    const char *message; /* a sentence without its full stop */
    bool about_boot;     /* belongs to this boot, not to the machine */
};

struct notes {
    struct arena *arena;
    struct note *items;
    size_t n;
    size_t most;       /* number of notes kept; 0: NOTES_MAX */
    uint16_t *buckets; /* by the hash of source and message: index + 1, or 0; NULL: few notes */
};

/*
 * Adds a note once; the same words about the same source are not repeated. Both are copied, and cut
 * if they are too long. Takes the same time for any number of notes. In place of the first note
 * over the limit, a last note says that there are more.
 */
void notes_add(struct notes *n, const char *source, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void notes_add_boot(struct notes *n, const char *source, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct snapshot {
    struct arena *arena;
    enum source_kind kind;
    const char *path;         /* argument of --from or --root, verbatim; NULL when live */
    const char *collected_at; /* RFC 3339 in UTC; NULL when unknown */
    const char *digest;       /* of all blobs, see load/digest.h; NULL: not computed */
    struct labels labels;     /* of the machine's owner */
    struct blob *blobs;
    size_t n;
    struct notes notes; /* remarks from loading; a collector's notes would not survive a capture */
};

/* An empty snapshot whose blobs, names and notes live in `a`. */
void snap_init(struct snapshot *s, struct arena *a, enum source_kind kind, const char *path);

/* Adds a blob; its strings and bytes are borrowed. A second one of the same name is kept too. */
void snap_add(struct snapshot *s, struct blob b);

/* Puts the blobs in the order of their names; blobs of one name keep their order. */
void snap_sort(struct snapshot *s);

/* Always returns a blob: the first with that name, or one that was not collected. */
struct blob snap_get(const struct snapshot *s, const char *name);

/*
 * The first blob at or after index *at whose name starts with `prefix`; *at moves past it.
 * Returns NULL when there is none. Start with *at = 0.
 */
const struct blob *snap_next(const struct snapshot *s, const char *prefix, size_t *at);

#endif
