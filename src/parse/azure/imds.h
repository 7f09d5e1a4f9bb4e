/* SPDX-License-Identifier: MIT */
/*
 * The answer of Azure's instance metadata service to GET /metadata/instance/compute: an HTTP/1.1
 * response (RFC 9112) whose body is a JSON object of texts. It may be forged on the way.
 */
#ifndef PARSE_AZURE_IMDS_H
#define PARSE_AZURE_IMDS_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

struct imds {
    struct span size; /* vmSize, made in the arena */
};

/*
 * Returns ST_OK; ST_TRUNCATED: the answer is not whole; ST_IO_ERROR: the service answers, but
 * not with 200 (a redirect is not followed); ST_MALFORMED: it is not such an answer. *problem then
 * says what is wrong in a few words, and *out is untouched.
 */
enum status imds_parse(struct span answer, struct arena *a, struct imds *out, const char **problem);

#endif
