/* SPDX-License-Identifier: MIT */
/*
 * INF files: the driver files that a package installs, and the hardware that it serves (Microsoft,
 * "INF Manufacturer section", "INF Models section", "INF Strings section", "INF SourceDisksFiles
 * section", "INF AddService directive"). UTF-16 with a byte order mark, UTF-8, or a code page (only
 * ASCII is read).
 */
#ifndef PARSE_INF_H
#define PARSE_INF_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Caps: entries over them are not read; a file over INF_MAX is an error. */
enum {
    INF_MAX = 4 << 20, /* bytes of a file; those of graphics adapters have one or two MiB */
    INF_FILES_MAX = 64,
    INF_DEVICES_MAX = 128,
    INF_STRINGS_MAX = 8192,
    INF_MODELS_MAX = 256, /* manufacturers, and what decorates the names of their sections */
};

struct inf_device {
    const char *name; /* "Made adapter" */
    const char *id;   /* "PCI\\VEN_8086&DEV_1533"; "" where the line has none */
    const char *arch; /* "amd64"; NULL: any */
};

struct inf {
    const char **files; /* names of driver files, as written */
    size_t n_files;
    struct inf_device *devices; /* each id of an architecture once */
    size_t n_devices;
};

/*
 * Reads an INF file. Text is made in `a`; temporary data in `scratch`.
 * Returns ST_OK; or ST_MALFORMED (with *fault, if not NULL) where it has no section [Version], or
 * is over INF_MAX; *out is written on success only.
 */
enum status inf_parse(struct span file, struct arena *a, struct arena *scratch, struct inf *out,
                      struct fault *fault);

/* True if it installs a driver file of this name. */
bool inf_installs(const struct inf *inf, const char *name);

/*
 * "Made adapter (PCI\VEN_8086&DEV_1533), Other one (…) and 7 more": the hardware that the package
 * serves on this architecture; NULL where it names none.
 */
const char *inf_hardware(const struct inf *inf, const char *arch, struct arena *a);

#endif
