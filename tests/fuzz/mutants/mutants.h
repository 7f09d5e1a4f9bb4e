/* SPDX-License-Identifier: MIT */
/*
 * Mutated machines and tables: made from bases by a fixed seed, judged by the whole pipeline,
 * printed in every format, and held against what must be true of any input.
 */
#ifndef FUZZ_MUTANTS_MUTANTS_H
#define FUZZ_MUTANTS_MUTANTS_H

#include "fuzz/whole.h"
#include "support/build.h"

enum { MUTANT_FILES = 512, MUTANT_RULES = 64 };

/* What was judged, kept beyond the arena of the judge. */
struct judgement {
    enum status st; /* of loading */
    enum readiness readiness;
    size_t n;
    enum verdict verdicts[MUTANT_RULES];
    const struct rule *rules[MUTANT_RULES];
    enum viewpoint viewpoint;
};

/* A machine to start from: loose files, or the blobs of a capture (whole_manifest()). */
struct base {
    const char *name;
    bool capture;
    struct raw_file *files;
    size_t n;
    struct judgement truth;
};

struct bases {
    struct arena arena;
    struct base *items;
    size_t n;
    struct raw_file *tables; /* of other machines, to be put into captures */
    size_t n_tables;
};

/*
 * Reads a base: a folder with a manifest is a capture, another one is loose files and a second base
 * as the capture that they make; a file is an ACPI table. False: it cannot be read.
 */
bool bases_add(struct bases *b, const char *path);

enum mutant_kind { MUTANT_LOOSE, MUTANT_BLOB, MUTANT_TABLE, MUTANT_KINDS };

struct mutant {
    const struct base *base;
    enum mutant_kind kind;
    struct raw_file files[MUTANT_FILES];
    size_t n;
    struct arena arena;   /* of names and bytes */
    struct heap heaps[4]; /* bytes in blocks of their own, so that an over-read is seen */
    size_t n_heaps;
    struct span table; /* the changed table, of MUTANT_TABLE */
};

/* The mutant of this number: the same one each time. mutant_free() frees it. */
void mutant_make(struct mutant *m, const struct bases *b, uint64_t seed);
void mutant_free(struct mutant *m);

/* Judges files as such a base. The files are not changed. */
void mutants_judge(const struct raw_file *files, size_t n, bool capture, struct judgement *out);
struct mutants_use {
    void (*use)(void *context, const struct report *r, struct arena *a);
    void *context;
};
enum status mutants_report(const struct raw_file *files, size_t n, bool capture,
                           const struct mutants_use *use);

/* Fills *out from a report. */
void judgement_take(struct judgement *out, const struct report *r);

/* Tables ------------------------------------------------------------------------------------- */

/* True for a blob of an ACPI table. */
bool table_is_blob(const char *name);

/* Computed here, not by the parsers: the length fits and the bytes add up (ACPI 6.5, 5.2.6). */
bool table_adds_up(struct span table);

/* What our parser of its signature says; ST_UNSUPPORTED where there is none. */
enum status table_parse(struct span table);

/* Formats ------------------------------------------------------------------------------------ */

/* A promise that was broken: one line of text. `context` as given. */
struct tell {
    void (*tell)(void *context, const char *promise, const char *text);
    void *context;
};

/* Prints the report in every format, and holds what each says against the report. */
void formats_check(const struct report *r, const struct tell *tell);

/* Where a text stands in JSON: the key at each depth; that of an array is empty. */
struct json_place {
    size_t depth;
    struct span keys[33];
};
typedef void json_member(void *context, const struct json_place *place, struct span text);

/* Calls `member` for every text with its raw escapes. False: this is not JSON as we print it. */
bool json_walk(struct span text, json_member *member, void *context);

/* Is this text of the format escaped, and well-formed as far as it has a form? NULL: yes. */
const char *escaped_problem(struct span text);
const char *markup_problem(struct span text, bool html);

/* Tokens of hostile text that mutants hold, and no output as it is. */
#define MUTANT_TAG "<vbs&\"'>"

/* Breaks a promise of the program on purpose (control.c); false: there is no such name. */
bool control_choose(const char *name);

#endif
