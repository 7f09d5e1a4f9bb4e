/* SPDX-License-Identifier: MIT */
/* Raw bytes, loaded as the judge would, without libraries but a digest that always fits. */
#ifndef SUPPORT_LOADING_H
#define SUPPORT_LOADING_H

#include "load/raw.h"

struct loading {
    struct arena arena;
    struct snapshot snap;
    enum status st;
    const char *problem;
};

/* Loads one text, or a folder of files. loading_end() frees what came of it. */
void loading_text(struct loading *l, const char *text);
void loading_span(struct loading *l, struct span data);
void loading_folder(struct loading *l, struct raw_file *files, size_t n);
void loading_end(struct loading *l);

/* A file of a folder. */
struct raw_file loading_file(const char *name, const char *text);

/* True if a note, or the problem, holds these words. */
bool loading_says(const struct loading *l, const char *words);

/* How many blobs have this name. */
size_t loading_count(const struct loading *l, const char *name);

#endif
