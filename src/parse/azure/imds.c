/* SPDX-License-Identifier: MIT */
#include "parse/azure/imds.h"

#include <jansson.h>
#include <string.h>

enum { BODY_MAX = 64 << 10, STATUS_OK = 200 };

static uint8_t small(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool is_name(struct span s, const char *name)
{
    if (s.len != strlen(name))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (small(s.ptr[i]) != (uint8_t)name[i])
            return false;
    }
    return true;
}

/* The header fields about the body. */
struct head {
    unsigned status;
    bool chunked;
    bool has_length;
    uint64_t length;
};

static bool read_status(struct span *rest, struct head *h)
{
    struct span line, word;
    uint64_t status = 0;
    if (!span_next_line(rest, &line) || !span_starts(line, "HTTP/1.") ||
        !span_next_word(&line, &word) || !span_next_word(&line, &word) ||
        !span_take_dec(&word, &status) || status < 100 || status > 599)
        return false;
    h->status = (unsigned)status;
    return true;
}

/* Up to the empty line. ST_TRUNCATED: it is not there. */
static enum status read_head(struct span *rest, struct head *h)
{
    struct span line, name, value;
    if (!read_status(rest, h))
        return ST_MALFORMED;
    while (span_next_line(rest, &line)) {
        line = span_trim(line);
        if (line.len == 0)
            return ST_OK;
        if (!span_split(line, ':', &name, &value))
            return ST_MALFORMED;
        if (is_name(name, "transfer-encoding"))
            h->chunked = is_name(span_trim(value), "chunked");
        if (is_name(name, "content-length")) {
            value = span_trim(value);
            if (!span_take_dec(&value, &h->length) || value.len > 0 || h->has_length)
                return ST_MALFORMED;
            h->has_length = true;
        }
    }
    return ST_TRUNCATED;
}

/*
 * RFC 9112, 7.1: each piece follows its length in hexadecimal digits; a piece of length 0 ends the
 * body.
 */
static enum status join_chunks(struct span rest, struct arena *a, struct span *out)
{
    uint8_t *body = arena_alloc(a, rest.len + 1, 1);
    size_t n = 0;
    struct span line;
    while (span_next_line(&rest, &line)) {
        uint64_t length = 0;
        line = span_trim(line);
        if (!span_take_hex(&line, &length))
            return ST_MALFORMED;
        if (length == 0) {
            *out = (struct span){body, n};
            return ST_OK;
        }
        if (length > rest.len)
            return ST_TRUNCATED;
        memcpy(body + n, rest.ptr, (size_t)length);
        n += (size_t)length;
        rest = span_skip(rest, (size_t)length);
        if (span_starts(rest, "\r"))
            rest = span_skip(rest, 1);
        if (!span_starts(rest, "\n"))
            return rest.len == 0 ? ST_TRUNCATED : ST_MALFORMED;
        rest = span_skip(rest, 1);
    }
    return ST_TRUNCATED;
}

static enum status read_body(struct span rest, const struct head *h, struct arena *a,
                             struct span *out)
{
    if (h->chunked)
        return join_chunks(rest, a, out);
    if (h->has_length && h->length > rest.len)
        return ST_TRUNCATED;
    *out = h->has_length ? (struct span){rest.ptr, (size_t)h->length} : rest;
    return ST_OK;
}

static enum status read_json(struct span body, struct arena *a, struct imds *out,
                             const char **problem)
{
    json_t *all = json_loadb((const char *)body.ptr, body.len, JSON_REJECT_DUPLICATES, NULL);
    json_t *size = json_object_get(all, "vmSize");
    enum status st = ST_MALFORMED;
    *problem = all == NULL ? "it is no JSON" : "it has no text vmSize";
    const char *text = json_string_value(size); /* NULL unless it is text */
    if (text != NULL && text[0] != '\0') {
        out->size = span_of(arena_text(a, span_of(text)));
        st = ST_OK;
    }
    json_decref(all);
    return st;
}

enum status imds_parse(struct span answer, struct arena *a, struct imds *out, const char **problem)
{
    struct head h = {0};
    struct span body = {0};
    enum status st = read_head(&answer, &h);
    *problem = st == ST_TRUNCATED ? "it is cut off" : "it is no HTTP";
    if (st != ST_OK)
        return st;
    if (h.status != STATUS_OK) {
        *problem = arena_printf(a, "its status is %u", h.status);
        return ST_IO_ERROR;
    }
    st = read_body(answer, &h, a, &body);
    *problem = st == ST_TRUNCATED ? "it is cut off" : "its pieces are damaged";
    if (st == ST_OK && body.len > BODY_MAX) {
        *problem = "it is too long";
        st = ST_MALFORMED;
    }
    return st == ST_OK ? read_json(body, a, out, problem) : st;
}
