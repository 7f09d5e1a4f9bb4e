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
    AUTOMATIC = 2, /* highest start type of services that start by themselves */
    JUDGED_MAX = 2 * DOCUMENT_MAX,
    BLOB_MAX = LIMIT_DATA,  /* each has an arena of its own, so that it grows in place */
    BATCH_BYTES = 24 << 20, /* of a disk's files, which stay in memory until they are judged */
};

struct looking {
    const struct config *config;
    struct arena *arena;
    struct arena driver_arena, signed_arena;
    struct out windows, drivers, signed_by;
    struct span services, services_left, refused_left; /* the last two: still to be requested */
    struct pack_options options;
    struct windows_image images[BATCH_MAX];
    size_t n_images, image_bytes;
    struct windows_catalog catalogs[BATCH_MAX];
    size_t n_catalogs, catalog_bytes;
    struct windows_policy policies[POLICIES_MAX];
    size_t n_policies;
    struct names missing;      /* files of services that start by themselves */
    struct windows_next asked; /* the service whose file next() asked for */
    const char *unread_path;   /* the last path in `unread` */
    struct names unread;       /* other files that could not be read */
    const char **seen;         /* paths of drivers */
    size_t n_seen, n_sorted;   /* of which the first ones are in order */
    size_t n_named;
    bool in_folder; /* a driver was in the folder where Windows has its drivers */
    bool hive_seen, log_seen, catalogs_asked, late;
    int64_t deadline;
};

/*
 * Adds a remark about the whole Windows: violations stand, and nothing counts as clean. `context`:
 * struct looking.
 */
void looking_warn(void *context, const char *what);

/* Takes over the next driver's file, or one that is absent. */
void looking_take_image(struct looking *l, const struct windows_file *f);

/* Judges the drivers that wait for it. */
void looking_flush_images(struct looking *l);

/*
 * Asks for the files of services, then of events, that are outside the folders gone through; then
 * for the catalogs. `context`: struct looking.
 */
bool looking_next(void *context, struct windows_wish *out);

#endif
