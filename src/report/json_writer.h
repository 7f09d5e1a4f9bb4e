/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON, indented or on one line. A custom writer instead of jansson: it prints a report
 * about ten times as fast (bench/), which fleets of captures need.
 */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "vbscheck/out.h"

/* The writer's position: commas and indentation follow from it. */
struct json {
    struct out *o;
    bool pretty;
    unsigned depth;
    bool first; /* nothing written yet in this object or array */
};

/* Begins the next item of an array. */
void json_item(struct json *j);

/* Begins the next member of an object: its key. */
void json_key(struct json *j, const char *name);

/* A bracket that opens or closes an object or an array. */
void json_open(struct json *j, char bracket);
void json_close(struct json *j, char bracket);

/*
 * The first members of every document of this program: "schema_version" 1, and "tool" with name and
 * version, which is left open for further members: json_close() ends it.
 */
void json_head(struct json *j);

/* Whole members; a text that is NULL is null. */
void json_text(struct json *j, const char *name, const char *text);
void json_uint(struct json *j, const char *name, unsigned long long v);
void json_names(struct json *j, const char *name, const char *const *names, size_t n);

#endif
