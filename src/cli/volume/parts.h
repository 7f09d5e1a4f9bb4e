/* SPDX-License-Identifier: MIT */
/* Shared by the files of this folder. */
#ifndef CLI_VOLUME_PARTS_H
#define CLI_VOLUME_PARTS_H

#include "confine/confine.h"
#include "io/ntfs_lib.h"
#include "volume/volume.h"
#include "volume/wim.h"

/* The given path. */
struct given {
    const char *path; /* without "#N" */
    bool chosen;      /* "#N" was there */
    unsigned number;  /* N */
    int fd;
    uint64_t size;
};

/* Opens the file that `path` names. Returns ST_OK, or why not, with *problem. */
enum status given_open(const char *path, struct arena *a, struct given *out, const char **problem);

/* One partition, as a confined look reports it; both ends are this program. */
struct seen {
    uint64_t start, size;
    uint32_t number;
    uint8_t kind;    /* enum volume_kind */
    uint8_t opened;  /* enum status: whether its files can be looked at */
    uint8_t windows; /* it holds a Windows */
    uint8_t wim;     /* `number` is that of an image in a WIM file */
    uint8_t dirty;   /* Windows must check it, or has not written everything to it */
    char label[56];
};

/*
 * Looks at what is on `g`. Returns ST_OK with *out, made in `a`; else why it cannot be used, with
 * *problem.
 */
enum status survey(const struct given *g, struct arena *a, const struct seen **out, size_t *n,
                   const char **problem);

/* "partition 3 (\"Windows\", 119.2 GiB)" */
const char *seen_text(const struct seen *s, struct arena *a);
const char *size_text(uint64_t bytes, struct arena *a);

/* What the child asks, and is answered ------------------------------------------------------ */

enum ask_kind { ASK_WISH = 1, ASK_TAKE };

/* ASK_TAKE: followed by the path, if it is the first piece of a file, and by its next bytes. */
struct take {
    uint32_t kind;
    uint32_t found; /* enum volume_found, in the last piece */
    uint64_t size;  /* of the file, in the first piece */
    uint32_t path;  /* its length */
    uint8_t first, last;
    uint8_t spare[2];
};

/* The answer to ASK_WISH: followed by path and ends, each with a NUL. Empty: no more wishes. */
struct wished {
    uint64_t cap;
    uint32_t depth;
    uint8_t head, folder;
    uint8_t spare[2];
};

/* How to read the given file; loads the libraries for it. */
struct reading reading_of(const struct given *g);

/* Runs confined, with the same `context`: returns records of struct seen. */
void look_at_disk(void *context, struct arena *a, struct judged *result);

/* Runs confined: opens the volume and hands over what is asked for. `context`: struct reading. */
struct reading {
    const struct ntfs_lib *lib;
    const struct wim_lib *wim; /* if the file is a WIM file */
    unsigned image;            /* number in a WIM file; 0: not a WIM file */
    struct volume_device device;
};
void volume_read(void *context, struct arena *a, struct judged *result);

#endif
