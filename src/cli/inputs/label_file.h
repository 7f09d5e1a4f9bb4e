/* SPDX-License-Identifier: MIT */
/*
 * --labels FILE: a table (CSV) with labels for many captures. The first column is the name of a
 * capture, with or without its archive's ending; each other column is a label, named by its head.
 */
#ifndef CLI_INPUTS_LABEL_FILE_H
#define CLI_INPUTS_LABEL_FILE_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Rows of the table, by name. */
struct label_file {
    const char *path;
    struct label_row {
        const char *name;
        struct span labels; /* lines KEY=VALUE */
        bool used;
    } * rows;
    size_t n;
    size_t without; /* inputs without a row */
};

/*
 * Reads the file; a confined process parses it. Returns false, after a line on standard error, if
 * it cannot be used: it cannot be read, is no such table, has a name twice or a label that is not
 * allowed. Memory comes from `a`.
 */
bool label_file_read(const char *path, struct arena *a, struct label_file *out);

/* Lines KEY=VALUE for the input at `path`; empty without a row. Memory for the search is from `a`.
 */
struct span label_file_find(struct label_file *f, const char *path, struct arena *a);

/* Reports rows that no input has used, and inputs without a row, one line each. */
void label_file_sum_up(const struct label_file *f, struct arena *a);

#endif
