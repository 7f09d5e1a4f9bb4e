/* SPDX-License-Identifier: MIT */
/* The whole way of an input, from telling what it is to every printed format. */
#ifndef FUZZ_WHOLE_H
#define FUZZ_WHOLE_H

#include "load/raw.h"
#include "report/report.h"
#include "vbscheck/libs.h"

/*
 * Loads and judges the input, and prints it in every format. Runs under the judge's limit of memory
 * for an arena: an input that needs more ends here, as the judge does. `archive`: functions of
 * libarchive, or NULL where the target opens none.
 */
void whole_judge(struct raw_input *in, const struct archive_lib *archive);

/*
 * Loads and judges the input under the same limit, and calls `use` with the report, whose arena is
 * o->arena of whatever `use` prints. Returns what load_input() does; ST_IO_ERROR over the limit.
 */
enum status whole_report(struct raw_input *in, const struct archive_lib *archive,
                         void (*use)(void *context, const struct report *r, struct arena *a),
                         void *context);

/*
 * The manifest of a capture with these blobs, to be one file more; a blob that was not read has the
 * name "NAME=STATUS", which becomes NAME. `source`: "live" or "evidence". Made in `a`. False for
 * names that are not UTF-8.
 */
bool whole_manifest(struct raw_file *files, size_t n, const char *source, struct arena *a,
                    struct raw_file *out);

/* The digest that whole_judge() finds for whatever bytes, in hexadecimal: mutants keep fitting. */
#define WHOLE_DIGEST "0000000000000000000000000000000000000000000000000000000000000000"

/*
 * Splits bytes into files at lines "%%NAME", sorted by name and at most `most` of them. What stands
 * before the first such line is *lead. Names are copied to `a`; the data are spans of `bytes`.
 */
size_t whole_split(struct span bytes, struct arena *a, struct raw_file *files, size_t most,
                   struct span *lead);

/* Puts files into the order that load_input() expects. */
void whole_sort(struct raw_file *files, size_t n);

/* Calls `use` with an arena of the judge's size; what does not fit into it ends the call. */
void whole_in_arena(void (*use)(struct span bytes, struct arena *a), struct span bytes);

#endif
