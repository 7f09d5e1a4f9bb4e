/* SPDX-License-Identifier: MIT */
/*
 * The bytes of one --from, read with privileges and not looked at: the collector fills this, the
 * confined judge makes a snapshot of it (src/load/).
 */
#ifndef LOAD_RAW_H
#define LOAD_RAW_H

#include "vbscheck/arena.h"
#include "vbscheck/limits.h"
#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

struct raw_file {
    const char *name; /* relative to the input, "/" between folders; "" for a single file */
    enum status st;   /* ST_OK, or why it could not be read */
    struct span data;
};

/* A compressed archive that is too large for memory: the bytes behind its head, in pieces. */
struct raw_stream {
    int fd; /* of the collector */
    uint64_t size;
    /* The judge's: what lies at `at`, made in `a`; empty at the end. */
    struct span (*read)(uint64_t at, struct arena *a);
};

enum { RAW_HEAD = 4 << 10, RAW_PIECE = 256 << 10 };

struct raw_input {
    const char *path; /* as given */
    bool folder;
    struct raw_stream *stream; /* NULL, or files[0].data is the first RAW_HEAD bytes only */
    struct raw_file *files;    /* sorted by name */
    size_t n;
    size_t links;    /* of an archive: left out */
    size_t left_out; /* files of a bundle that are no evidence by their paths */
};

struct libs;

/*
 * Makes a snapshot of what was given: a capture (folder or archive with a manifest), or loose
 * evidence told apart by content.
 *
 * Returns ST_OK, with files that are no evidence named in the snapshot's notes. Anything else
 * means that the input as a whole is unusable; *problem then says in one line what is wrong and
 * what to do. ST_MALFORMED, ST_UNSUPPORTED (a newer capture format), ST_CONFLICT (several
 * machines), ST_TRUNCATED (over a cap), ST_NOT_COLLECTED (nothing recognised).
 */
enum status load_input(const struct raw_input *in, const struct libs *libs, struct arena *a,
                       struct snapshot *out, const char **problem);

/* Name of the file that makes a folder, or the only folder of an archive, a capture. */
#define CAPTURE_MANIFEST "manifest.json"

/* The format of captures that is written; readers take this one and no newer. */
enum { CAPTURE_FORMAT = 1 };

/* The files of one folder, before they are interpreted. */
enum load_found {
    FOUND_NOTHING,
    FOUND_VARIABLES, /* EFI variables, and nothing else that is recognised */
    FOUND_TABLES,    /* raw ACPI tables, perhaps with variables */
    FOUND_EVIDENCE,  /* something that shows a machine by itself */
};

/* Looks at the files until one is evidence. Archives are not looked into. */
enum load_found load_look(const struct raw_input *in, struct arena *a);

/*
 * True of a file of a bundle of another tool (sosreport, supportconfig) that is no evidence by its
 * path below the bundle's folder, or with that folder before it. `bundle`: it is known to be of
 * one; else the path has to tell.
 */
bool bundle_leaves_out(const char *path, bool bundle);

/* True of a folder in which nothing lies that bundle_leaves_out() would keep. */
bool bundle_leaves_folder_out(const char *path);

/* True of a path that only a bundle has. */
bool bundle_is_told(const char *path);

/* Why a path in an archive cannot be used; NULL if it can. */
const char *bundle_name_problem(const char *name);

/* True if these first bytes of a file are a compressed or plain tar archive, or a zip. */
bool load_is_archive(struct span head);

#endif
