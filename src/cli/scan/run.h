/* SPDX-License-Identifier: MIT */
/* A scan at work: its inputs one by one, and what is written of them. */
#ifndef CLI_SCAN_RUN_H
#define CLI_SCAN_RUN_H

#include "cli/inputs/label_file.h"
#include "cli/inputs/resume.h"
#include "cli/progress.h"
#include "cli/refusals.h"
#include "cli/scan/scan_judge.h"
#include "io/input.h"
#include "io/output.h"
#include "report/table.h"

/* The raw bytes of one input, their names, and the document that comes back. */
enum { INPUT_ARENA_MAX = LIMIT_DATA };

struct run {
    const struct config *config;
    struct judge_options options;
    bool begun; /* a part of the document is written */
    struct output output;
    struct arena *arena;
    struct arena *lists; /* of the inputs, labels and earlier reports alone */
    struct input_list inputs;
    struct windows_blobs seen; /* from --drivers or --windows */
    size_t count[4];           /* inputs by exit status */
    size_t known;              /* inputs that --resume leaves out */
    struct span policy;        /* of --blocklist */
    struct label_file labels;
    struct resume resume;
    struct table_sum sum; /* for the text format's table */
    struct progress progress;
    struct refusals refusals;
    bool unwritable; /* the document can no longer be written */
};

/* Writes what a judge returned, or says that it returned what it must not. */
void run_write(struct run *r, struct arena *a, const struct input_item *item, struct judged result);

/* Reports an input that could not be read; `problem` begins with its name. */
void run_say_unread(struct run *r, struct arena *a, const char *problem);

/* Judges what `job` names in a process of its own, and writes that. */
void run_judge(struct run *r, struct scan_job *job, struct arena *a, const struct input_item *item);

/* The same for an input of --from: `raw` has its bytes; NULL: they are read first. */
void run_evidence(struct run *r, const struct input_item *item, struct raw_input *raw);

/* What the judge of an input gets beside its bytes (scan_judge.h); made in `a`. */
struct span run_about(struct run *r, const struct input_item *item, struct arena *a);

/* Writes a part of the document that belongs to no input. */
enum status run_write_part(struct run *r, struct span part, struct arena *a, const char **problem);

/* Judges all inputs, several at once. */
void run_many(struct run *r);

/* Standard input as the only input: evidence, or an archive of captures. */
void run_standard_input(struct run *r);

#endif
