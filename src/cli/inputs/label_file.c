/* SPDX-License-Identifier: MIT */
#include "cli/inputs/label_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/trouble.h"
#include "confine/confine.h"
#include "io/input.h"
#include "judge.h"
#include "parse/csv/csv.h"
#include "report/report.h"
#include "vbscheck/out.h"

enum { READING_MAX = 64 << 20 }; /* a file of 32 MiB, and its rows */
enum { SEPARATOR = '\x1f' };     /* between the parts of a row that the confined process returns */

/* Confined ----------------------------------------------------------------------------------- */

struct parsing_file {
    struct span rest;
    struct csv_record head, row;
    size_t line; /* of the row */
    const char *problem;
};

/* The head names the labels. */
static bool read_head(struct parsing_file *p, struct arena *a, size_t *lines)
{
    const char *problem = "is empty: a line with the columns' names is needed";
    p->rest = csv_begin(p->rest);
    if (csv_next(&p->rest, a, &p->head, lines, &problem) != ST_OK || p->head.n < 2) {
        p->problem = p->head.n == 1 ? "has only one column: the first is the capture's name, each "
                                      "other one a label"
                                    : arena_printf(a, "line 1 %s", problem);
        return false;
    }
    for (size_t i = 1; i < p->head.n && p->problem == NULL; i++) {
        problem = label_problem(span_of(p->head.fields[i]), span_of("x"));
        if (problem != NULL)
            p->problem =
                arena_printf(a, "line 1, column %zu cannot be a label's key: %s", i + 1, problem);
    }
    for (size_t i = 2; i < p->head.n && p->problem == NULL; i++) {
        for (size_t j = 1; j < i; j++) {
            if (strcmp(p->head.fields[i], p->head.fields[j]) == 0)
                p->problem =
                    arena_printf(a, "line 1 names the label '%s' twice", p->head.fields[i]);
        }
    }
    return p->problem == NULL;
}

static bool is_clean(const char *name)
{
    return strchr(name, '\n') == NULL && strchr(name, SEPARATOR) == NULL;
}

/* Why a row cannot be used, or NULL. */
static const char *row_problem(const struct parsing_file *p, struct arena *a)
{
    const struct csv_record *r = &p->row;
    if (r->n != p->head.n)
        return arena_printf(a, "line %zu has %zu fields, and the first line has %zu", p->line, r->n,
                            p->head.n);
    if (r->fields[0][0] == '\0')
        return arena_printf(a, "line %zu has no capture's name", p->line);
    if (!is_clean(r->fields[0]))
        return arena_printf(a, "line %zu has a capture's name with a line break", p->line);
    return NULL;
}

static void put_row(struct parsing_file *p, struct arena *a, struct out *o)
{
    const struct csv_record *r = &p->row;
    p->problem = row_problem(p, a);
    if (p->problem != NULL)
        return;
    out_str(o, r->fields[0]);
    for (size_t i = 1; i < r->n; i++) {
        struct span value = span_of(r->fields[i]);
        const char *problem =
            value.len == 0 ? NULL : label_problem(span_of(p->head.fields[i]), value);
        if (problem != NULL) {
            p->problem = arena_printf(a, "line %zu, column %zu: %s", p->line, i + 1, problem);
            return;
        }
        if (value.len > 0)
            out_printf(o, "%c%s=%s", SEPARATOR, p->head.fields[i], r->fields[i]);
    }
    out_char(o, '\n');
}

static void parse_confined(void *context, struct arena *a, struct judged *result)
{
    struct parsing_file p = {.rest = *(const struct span *)context};
    struct arena once; /* for a row */
    struct out o;
    size_t lines = 1;
    enum status st = ST_OK;
    out_init(&o, a);
    arena_init(&once, 1 << 20, confine_oom);
    if (read_head(&p, a, &lines)) {
        const char *problem = "";
        while (p.problem == NULL &&
               (p.line = lines, st = csv_next(&p.rest, &once, &p.row, &lines, &problem)) == ST_OK) {
            if (p.row.n == 1 && p.row.fields[0][0] == '\0')
                continue; /* an empty line */
            put_row(&p, a, &o);
            arena_reset(&once);
        }
        if (p.problem == NULL && st != ST_ABSENT)
            p.problem = arena_printf(a, "line %zu %s", p.line, problem);
    }
    result->document = out_span(&o);
    if (p.problem != NULL)
        result->message = span_of(p.problem);
}

/* With rights --------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct label_row *)a)->name, ((const struct label_row *)b)->name);
}

/* Takes the returned rows apart: NAME, and KEY=VALUE for each label. */
static void index_rows(struct span rows, struct arena *a, struct label_file *out)
{
    char *text = arena_text(a, rows), *next;
    size_t all = 0;
    for (size_t i = 0; i < rows.len; i++)
        all += rows.ptr[i] == '\n';
    out->rows = arena_new(a, struct label_row, all);
    /* A confined process that was taken over can return a NUL, which ends the text early. */
    for (; out->n < all && (next = strchr(text, '\n')) != NULL; text = next) {
        *next++ = '\0';
        char *labels = strchr(text, SEPARATOR);
        size_t n = labels != NULL ? strlen(labels + 1) : 0;
        if (labels != NULL)
            *labels++ = '\0';
        for (size_t i = 0; i < n; i++) {
            if (labels[i] == SEPARATOR)
                labels[i] = '\n';
        }
        out->rows[out->n++] = (struct label_row){text, {(const uint8_t *)labels, n}, false};
    }
    if (out->n > 0)
        qsort(out->rows, out->n, sizeof *out->rows, by_name);
}

static const char *twice(const struct label_file *f)
{
    for (size_t i = 1; i < f->n; i++) {
        if (strcmp(f->rows[i - 1].name, f->rows[i].name) == 0)
            return f->rows[i].name;
    }
    return NULL;
}

static bool has_nul(struct span s)
{
    return s.len > 0 && memchr(s.ptr, '\0', s.len) != NULL;
}

/* Reads and parses the file, in `once`. False, after a line on standard error. */
static bool read_rows(const char *path, struct arena *once, struct span *rows)
{
    const struct input_item item = {.path = path, .named = strlen(path)};
    struct raw_input raw;
    struct judged result = {0};
    const char *problem = "";
    if (input_read(&item, once, &raw, &problem) != ST_OK) {
        (void)trouble(once, "--labels %s", problem);
        return false;
    }
    bool file = !raw.folder && raw.stream == NULL && raw.n == 1;
    struct span bytes = file ? raw.files[0].data : (struct span){0};
    const struct confinement c = {
        .profile = &profile_memory, .work = parse_confined, .context = &bytes};
    input_close(&raw);
    if (!file || confine_run(&c, once, &result) != ST_OK || result.message.len > 0 ||
        has_nul(result.document)) {
        (void)trouble(once, "--labels %s: %s", path,
                      file && result.message.len > 0 ? arena_text(once, result.message)
                                                     : "this is not a CSV file");
        return false;
    }
    *rows = result.document;
    return true;
}

bool label_file_read(const char *path, struct arena *a, struct label_file *out)
{
    struct label_file f = {.path = path};
    struct span rows;
    struct arena once;
    arena_init(&once, READING_MAX, a->oom);
    bool read = read_rows(path, &once, &rows);
    if (read)
        index_rows(rows, a, &f);
    arena_reset(&once);
    const char *double_name = twice(&f);
    if (double_name != NULL) {
        (void)trouble(a, "--labels %s: there are two lines for '%s'", path, double_name);
        return false;
    }
    if (read)
        *out = f;
    return read;
}

static struct label_row *find(const struct label_file *f, const char *name)
{
    const struct label_row key = {.name = name};
    return f->n == 0 ? NULL : bsearch(&key, f->rows, f->n, sizeof *f->rows, by_name);
}

struct span label_file_find(struct label_file *f, const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    struct label_row *row = find(f, slash != NULL ? slash + 1 : path);
    if (row == NULL)
        row = find(f, report_host_name(NULL, path, a));
    if (row == NULL) {
        f->without++;
        return (struct span){0};
    }
    row->used = true;
    return row->labels;
}

void label_file_sum_up(const struct label_file *f, struct arena *a)
{
    size_t unused = 0;
    const char *one = "";
    for (size_t i = 0; i < f->n; i++) {
        unused += !f->rows[i].used;
        one = f->rows[i].used ? one : f->rows[i].name;
    }
    if (unused > 0)
        (void)trouble(a, "--labels %s: %zu of its %zu lines belong to no input, such as '%s'",
                      f->path, unused, f->n, one);
    if (f->without > 0)
        (void)trouble(a, "--labels %s: %zu inputs have no line in it", f->path, f->without);
}
