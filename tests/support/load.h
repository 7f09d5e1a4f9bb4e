/* SPDX-License-Identifier: MIT */
/*
 * Data of real machines and guests, which lives outside the project: in $VBSCHECK_CORPUS, else in
 * ../shared/corpus beside it. If it is missing the test is skipped, except under CI=true.
 */
#ifndef SUPPORT_LOAD_H
#define SUPPORT_LOAD_H

#include "support/build.h"

/* The corpus folder. Skips (or, under CI, fails) the running test where there is none. */
const char *corpus_dir(void);

/* A whole file; fails the test where it cannot be read. */
struct heap load_file(const char *path);
struct heap load_corpus(const char *path); /* relative to the corpus */

/* A file of the guests, in guests of $VBSCHECK_LAB or of lab beside the corpus; skips the same. */
struct heap load_lab(const char *path);

/* A row of TRUTH.tsv: what iasl said about a table. */
struct truth {
    const char *path; /* relative to the corpus */
    bool malformed;
    const char *facts; /* "sig=DMAR;len=184;…" */
    struct span table;
};

/* Calls `check` for every table of `kind`. Returns how many there were; none fails the test. */
unsigned each_truth(const char *kind, void (*check)(const struct truth *t));

/* The same with `context`, for checks that go on from table to table. */
unsigned each_truth_with(const char *kind, void (*check)(const struct truth *t, void *context),
                         void *context);

/* The text that `facts` gives for `key`; fails the test where it is not named. */
struct span truth_text(const struct truth *t, const char *key);

/* Asserts that `facts` gives just this for `key`. */
void assert_truth(const struct truth *t, const char *key, uint64_t v);
void assert_truth_text(const struct truth *t, const char *key, const char *text);

/* The number that `facts` gives for `key`; `missing` for "-" or where it is not named. */
uint64_t truth_number(const struct truth *t, const char *key, uint64_t missing);

/* Calls `check` for every file of a corpus folder, by name. Returns how many there were. */
unsigned each_corpus_file(const char *dir, void (*check)(const char *path, struct span data));

#endif
