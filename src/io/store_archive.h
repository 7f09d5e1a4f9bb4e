/* SPDX-License-Identifier: MIT */
/* A capture as a tar archive, through libarchive. */
#ifndef IO_STORE_ARCHIVE_H
#define IO_STORE_ARCHIVE_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "vbscheck/libs.h"
#include "vbscheck/span.h"

struct store_archive {
    const struct archive_lib *lib;
    struct archive *archive;
};

/* True if the name `path` ends in .tar, .tar.gz or .tar.zst. */
bool store_archive_is_asked_for(const char *path);

/*
 * Begins an archive of the kind that `path` names; `lib` writes it to the descriptor `fd`. Returns
 * false if the library refuses; nothing needs to be freed then.
 */
bool store_archive_open(const struct archive_lib *lib, const char *path, int fd,
                        struct store_archive *out);

/* Appends a file. Returns false on failure, which store_archive_error() explains. */
bool store_archive_add(struct store_archive *s, const char *name, struct span data, mode_t mode,
                       time_t at);

/* Writes the rest of it. Returns false on failure. */
bool store_archive_finish(struct store_archive *s);

/* Why the last call failed, in the library's words; valid until the archive is freed. */
const char *store_archive_error(const struct store_archive *s);

/* Frees it, finished or not. */
void store_archive_free(struct store_archive *s);

#endif
