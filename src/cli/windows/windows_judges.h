/* SPDX-License-Identifier: MIT */
/* The confined judges of a Windows' files. */
#ifndef CLI_WINDOWS_WINDOWS_JUDGES_H
#define CLI_WINDOWS_WINDOWS_JUDGES_H

#include "load/windows/windows_pack.h"
#include "vbscheck/out.h"
#include "vbscheck/windows.h"

/*
 * Judges the hive: adds lines to the blob `windows`, and returns those of services. A failure
 * becomes such a line, too.
 */
void windows_judge_hive(struct span hive, struct arena *a, struct out *windows,
                        struct span *services);

/*
 * Does hiberfil.sys say that Windows will start from it? Returns false, with *sleeps untouched, if
 * it could not be looked at.
 */
bool windows_judge_sleep(struct span head, struct arena *a, bool *sleeps);

/* The same for the log; `refused`: lines of windows_write_refused(). */
void windows_judge_log(struct span log, struct arena *a, struct out *windows, struct span *refused);

struct windows_batch {
    const struct windows_image *images;
    size_t n;
    struct span services;
    const struct pack_options *options;
};

/*
 * Adds lines to the blob `drivers`. If one file ends the judge, each gets its own; the file at
 * fault is malformed. Returns the number of files without any line: no process could be started for
 * them.
 */
size_t windows_judge_images(const struct windows_batch *b, struct arena *a, struct out *drivers);

struct windows_catalog_batch {
    const struct windows_catalog *catalogs;
    size_t n;
    struct span drivers;
    const struct digest_lib *digest;
};

void windows_judge_catalogs(const struct windows_catalog_batch *b, struct arena *a,
                            struct out *lines);

/* Adds what policies say to the blob `drivers`. Returns false, with *problem, if that failed. */
bool windows_judge_policies(const struct windows_policy_work *w, struct arena *a, struct span *out,
                            const char **problem);

#endif
