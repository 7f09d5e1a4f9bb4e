/* SPDX-License-Identifier: MIT */
/* JSON, value by value: commas and indentation follow from where the writer stands. */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include <stdbool.h>

#include "vbscheck/out.h"

struct json {
    struct out *o;
    bool pretty;
    unsigned depth;
    bool first; /* nothing written yet in this object or array; true to begin with */
};

/* Opens and closes an object or an array. */
void json_open(struct json *j, char bracket);
void json_close(struct json *j, char bracket);

/* Before each value of an array; the value follows by escape_json(), out_uint() or json_open(). */
void json_item(struct json *j);

/* Before each value of an object. */
void json_key(struct json *j, const char *name);

/* A member that is text (NULL: null), or a number. */
void json_member(struct json *j, const char *name, const char *text);
void json_uint(struct json *j, const char *name, unsigned long long v);

#endif
