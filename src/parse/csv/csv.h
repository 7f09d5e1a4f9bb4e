/* SPDX-License-Identifier: MIT */
/* Comma-separated values: RFC 4180, with LF or CR LF, and an UTF-8 byte order mark skipped. */
#ifndef PARSE_CSV_H
#define PARSE_CSV_H

#include <stddef.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

enum { CSV_FIELDS_MAX = 64, CSV_FIELD_MAX = 4096 };

struct csv_record {
    const char *fields[CSV_FIELDS_MAX]; /* quotes removed, each with its NUL */
    size_t n;
};

/* Skips a byte order mark. */
struct span csv_begin(struct span text);

/*
 * Takes one record off the front of *rest, with its line's end. Texts are made in `a`. A record may
 * go over several lines; *lines grows by those that it takes.
 *
 * Returns ST_OK; ST_ABSENT at the end; ST_MALFORMED, with *problem as the end of a sentence: a
 * quote inside an unquoted field, a quote that never ends, a NUL; ST_TRUNCATED: too many or too
 * long fields.
 */
enum status csv_next(struct span *rest, struct arena *a, struct csv_record *out, size_t *lines,
                     const char **problem);

#endif
