/* SPDX-License-Identifier: MIT */
#include "parse/csv/csv.h"

#include <string.h>

struct csv_reading {
    struct span *rest;
    size_t *lines;
    char text[CSV_FIELD_MAX + 1];
    size_t n;
    const char *problem;
    enum status st;
};

static void fail(struct csv_reading *r, enum status st, const char *problem)
{
    r->st = st;
    r->problem = problem;
}

static void add(struct csv_reading *r, uint8_t c)
{
    if (c == '\0')
        fail(r, ST_MALFORMED, "contains a NUL: it is not text");
    else if (r->n == CSV_FIELD_MAX)
        fail(r, ST_TRUNCATED, "contains a field of over 4096 bytes");
    else
        r->text[r->n++] = (char)c;
}

static uint8_t first(const struct csv_reading *r)
{
    return r->rest->len > 0 ? r->rest->ptr[0] : '\n';
}

static void skip(struct csv_reading *r)
{
    *r->lines += first(r) == '\n' && r->rest->len > 0;
    *r->rest = span_skip(*r->rest, 1);
}

/* Behind the quote that opens a field: up to the quote that ends it. */
static void read_quoted(struct csv_reading *r)
{
    for (;; skip(r)) {
        if (r->rest->len == 0) {
            fail(r, ST_MALFORMED, "begins a quote that does not end");
            return;
        }
        if (first(r) != '"') {
            add(r, first(r));
        } else {
            skip(r);
            if (r->rest->len == 0 || first(r) != '"')
                return;
            add(r, '"');
        }
        if (r->st != ST_OK)
            return;
    }
}

static void read_plain(struct csv_reading *r)
{
    for (; first(r) != ',' && first(r) != '\n' && r->st == ST_OK; skip(r)) {
        if (first(r) == '"')
            fail(r, ST_MALFORMED, "has a quote inside a field: write \"\" in a quoted field");
        else
            add(r, first(r));
    }
    if (r->n > 0 && r->text[r->n - 1] == '\r' && first(r) == '\n')
        r->n--;
}

static void read_field(struct csv_reading *r)
{
    r->n = 0;
    if (r->rest->len == 0 || first(r) != '"') {
        read_plain(r);
        return;
    }
    skip(r);
    read_quoted(r);
    if (r->st == ST_OK && r->rest->len > 1 && first(r) == '\r' && r->rest->ptr[1] == '\n')
        skip(r);
    if (r->st == ST_OK && first(r) != ',' && first(r) != '\n')
        fail(r, ST_MALFORMED, "has text behind a quoted field");
}

struct span csv_begin(struct span text)
{
    return span_starts(text, "\xef\xbb\xbf") ? span_skip(text, 3) : text;
}

enum status csv_next(struct span *rest, struct arena *a, struct csv_record *out, size_t *lines,
                     const char **problem)
{
    struct csv_reading r = {.rest = rest, .lines = lines, .st = ST_OK};
    struct csv_record record = {.n = 0};
    bool more = true;
    if (rest->len == 0)
        return ST_ABSENT;
    while (more && r.st == ST_OK) {
        read_field(&r);
        if (r.st == ST_OK && record.n == CSV_FIELDS_MAX)
            fail(&r, ST_TRUNCATED, "has over 64 fields");
        if (r.st != ST_OK)
            break;
        record.fields[record.n++] = arena_text(a, (struct span){(const uint8_t *)r.text, r.n});
        more = first(&r) == ',';
        skip(&r);
    }
    *problem = r.problem;
    if (r.st == ST_OK)
        *out = record;
    return r.st;
}
