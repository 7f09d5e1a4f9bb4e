/* SPDX-License-Identifier: MIT */
/* The confined half of a scan: from the first look at foreign bytes to the finished document. */
#ifndef CLI_SCAN_SCAN_JUDGE_H
#define CLI_SCAN_SCAN_JUDGE_H

#include "cli/config.h"
#include "cli/machine.h"
#include "cli/windows/windows_look.h"
#include "confine/confine.h"
#include "load/raw.h"
#include "vbscheck/libs.h"

/* The judge's input: a machine to ask, or raw bytes. */
struct scan_job {
    const struct config *config;
    const struct judge_options *options;
    struct machine *machine;
    struct raw_input *raw;
    struct span about;         /* labels and digests for this input (about.h) */
    struct windows_blobs seen; /* of drivers; empty if none were looked at */
    struct span policy;        /* of --blocklist, for drivers that a capture holds */
    struct blob imds;          /* the metadata service's answer; no name if it was not asked */
    struct libs libs;
};

/* The work of a judge (confine.h); `context` is a const struct scan_job. */
void scan_judge(void *context, struct arena *a, struct judged *result);

#endif
