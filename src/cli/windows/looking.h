/* SPDX-License-Identifier: MIT */
/* A Windows while it is looked at: shared by the files of this folder. */
#ifndef CLI_WINDOWS_LOOKING_H
#define CLI_WINDOWS_LOOKING_H

#include "cli/windows/windows_judges.h"
#include "io/windows/source.h"
#include "judge.h"
#include "parse/windows/windows_list.h"
#include "vbscheck/out.h"

enum {
    BATCH_MAX = 256,
    POLICIES_MAX = 32,
    NAMED_MAX = 4096,
    AUTOMATIC = 2, /* the last start by which a service starts by itself */
    JUDGED_MAX = 2 * DOCUMENT_MAX,
    BLOB_MAX = LIMIT_DATA,  /* each is in an arena of its own, so that it grows where it is */
    BATCH_BYTES = 24 << 20, /* of a disk's files, which are in memory until they are judged */
};

struct looking {
    const struct config *config;
    struct arena *arena;
    struct arena driver_arena, signed_arena;
    struct out windows, drivers, signed_by;
    struct span services, services_left, refused_left; /* the last two: not yet through next() */
    struct pack_options options;
    struct windows_image images[BATCH_MAX];
    size_t n_images, image_bytes;
    struct windows_catalog catalogs[BATCH_MAX];
    size_t n_catalogs, catalog_bytes;
    struct windows_policy policies[POLICIES_MAX];
    size_t n_policies;
    struct names missing;      /* files of services that start by themselves */
    struct windows_next asked; /* the service whose file next() asked for */
    const char *unread_path;   /* the last of what is in: */
    struct names unread;       /* what else could not be read */
    const char **seen;         /* paths of drivers */
    size_t n_seen, n_named;
    bool in_folder; /* a driver was where Windows has its drivers */
    bool hive_seen, log_seen, catalogs_asked, late;
    int64_t deadline;
};

/* What holds for all of it: violations stand, and nothing is clean. `context`: struct looking. */
void looking_warn(void *context, const char *what);

/* Of the next drivers' files, or of one that is not there. */
void looking_take_image(struct looking *l, const struct windows_file *f);

/* Has those judged that wait for it. */
void looking_flush_images(struct looking *l);

/*
 * Files of services, and then of events, that lie where no folder was gone through; then the
 * catalogs. `context`: struct looking.
 */
bool looking_next(void *context, struct windows_wish *out);

#endif
