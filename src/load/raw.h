/* SPDX-License-Identifier: MIT */
/*
 * The bytes of one --from, read with privileges and not interpreted: the collector fills this, the
 * confined judge makes a snapshot from it (src/load/).
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

/* A compressed archive that is too large for memory: the bytes after its head, in pieces. */
struct raw_stream {
    int fd; /* of the collector */
    uint64_t size;
    /* For the judge: the bytes at `at`, made in `a`; empty at the end. */
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
    size_t left_out; /* files of a bundle whose paths show that they are not evidence */
};

struct libs;

/*
 * Makes a snapshot of the input: a capture (folder or archive with a manifest), or loose evidence,
 * recognised by content.
 *
 * Returns ST_OK, with files that are not evidence named in the snapshot's notes. Anything else
 * means that the input as a whole is unusable; *problem then says in one line what is wrong and
 * what to do. ST_MALFORMED, ST_UNSUPPORTED (a newer capture format), ST_CONFLICT (several
 * machines), ST_TRUNCATED (over a cap), ST_NOT_COLLECTED (nothing recognised).
 */
enum status load_input(const struct raw_input *in, const struct libs *libs, struct arena *a,
                       struct snapshot *out, const char **problem);

/* Name of the file that makes a folder, or the only folder of an archive, a capture. */
#define CAPTURE_MANIFEST "manifest.json"

/* The format in which captures are written; readers accept this one and no newer one. */
enum { CAPTURE_FORMAT = 1 };

/* The files of one folder, before they are interpreted. */
enum load_found {
    FOUND_NOTHING,
    FOUND_VARIABLES, /* EFI variables, and nothing else that is recognised */
    FOUND_TABLES,    /* raw ACPI tables, perhaps with variables */
    FOUND_EVIDENCE,  /* something that shows a machine by itself */
};

/* Reads the files until one is evidence. Archives are not opened. */
enum load_found load_look(const struct raw_input *in, struct arena *a);

/* How reports name a file of a bundle: without the bundle's folder, which is named after the host.
 */
const char *bundle_shown_name(const char *path);

/*
 * True for a file of another tool's bundle (sosreport, supportconfig) whose path, with or without
 * the bundle's folder, shows that it is not evidence. `bundle`: the file is known to be in a
 * bundle; else the path has to show it.
 */
bool bundle_leaves_out(const char *path, bool bundle);

/* True for a folder that holds nothing that bundle_leaves_out() would keep. */
bool bundle_leaves_folder_out(const char *path);

/* True for a path that only a bundle has. */
bool bundle_is_told(const char *path);

/* Why a path in an archive cannot be used; NULL if it can. */
const char *bundle_name_problem(const char *name);

/* True if these first bytes of a file are a compressed or plain tar archive, or a zip. */
bool load_is_archive(struct span head);

#endif
