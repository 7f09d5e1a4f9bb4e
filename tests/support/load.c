/* SPDX-License-Identifier: MIT */
#include "support/load.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"

enum { PATH_LEN = 1024 };

static void join(char out[PATH_LEN], const char *dir, const char *name)
{
    int n = snprintf(out, PATH_LEN, "%s/%s", dir, name);
    assert_true(n > 0 && n < PATH_LEN);
}

/* The value of an environment variable; NULL if it is not set or empty. */
static const char *set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Skips, or under CI fails, the running test if dir/name cannot be opened. */
static void need(const char *what, const char *dir, const char *name)
{
    char path[PATH_LEN];
    join(path, dir, name);
    FILE *f = fopen(path, "rb");
    if (f != NULL) {
        (void)fclose(f);
        return;
    }
    const char *ci = set("CI");
    if (ci != NULL && strcmp(ci, "true") == 0)
        fail_msg("no %s at %s", what, dir);
    print_message("SKIPPED: %s not found at %s\n", what, dir);
    skip();
}

static const char *corpus_path(void)
{
    const char *dir = set("VBSCHECK_CORPUS");
    return dir != NULL ? dir : VBSCHECK_SOURCE_DIR "/../shared/corpus";
}

const char *corpus_dir(void)
{
    need("corpus", corpus_path(), "TRUTH.tsv");
    return corpus_path();
}

/* As tests/e2e/harness.py has it: beside the corpus by name, wherever a link leads. */
static void lab_path(char out[PATH_LEN])
{
    char beside[PATH_LEN];
    if (set("VBSCHECK_LAB") != NULL) {
        join(out, set("VBSCHECK_LAB"), "guests");
        return;
    }
    join(beside, corpus_path(), "");
    size_t n = strlen(beside);
    while (n > 1 && beside[n - 1] == '/')
        n--;
    while (n > 0 && beside[n - 1] != '/')
        n--;
    beside[n] = '\0';
    join(out, n > 0 ? beside : ".", "lab/guests");
}

struct heap load_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("cannot open %s", path);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long n = ftell(f);
    assert_true(n >= 0);
    rewind(f);
    struct heap h = {.bytes = malloc((size_t)n)};
    h.span = (struct span){h.bytes, (size_t)n};
    if (n > 0) {
        assert_non_null(h.bytes);
        assert_int_equal(fread(h.bytes, 1, (size_t)n, f), n);
    }
    (void)fclose(f);
    return h;
}

struct heap load_corpus(const char *path)
{
    char full[PATH_LEN];
    join(full, corpus_dir(), path);
    return load_file(full);
}

struct heap load_lab(const char *path)
{
    char dir[PATH_LEN];
    char full[PATH_LEN];
    lab_path(dir);
    need("data of guests", dir, "");
    join(full, dir, path);
    return load_file(full);
}

/* Splits the next tab-separated column off *rest and ends it with a NUL. */
static char *next_column(char **rest)
{
    char *column = *rest;
    char *tab = strchr(column, '\t');
    *rest = tab != NULL ? tab + 1 : column + strlen(column);
    if (tab != NULL)
        *tab = '\0';
    return column;
}

static bool check_row(char *row, const char *kind,
                      void (*check)(const struct truth *t, void *context), void *context)
{
    struct truth t = {.path = next_column(&row)};
    (void)next_column(&row); /* sha256 */
    if (strcmp(next_column(&row), kind) != 0)
        return false;
    t.malformed = strcmp(next_column(&row), "malformed") == 0;
    (void)next_column(&row); /* issues */
    (void)next_column(&row); /* decoder */
    t.facts = next_column(&row);
    print_message("%s\n", t.path); /* which one failed, if one does */
    struct heap table = load_corpus(t.path);
    t.table = table.span;
    check(&t, context);
    heap_free(&table);
    return true;
}

unsigned each_truth_with(const char *kind, void (*check)(const struct truth *t, void *context),
                         void *context)
{
    struct heap file = load_corpus("TRUTH.tsv");
    struct span rest = file.span;
    struct span line;
    unsigned n = 0;
    while (span_next_line(&rest, &line)) {
        char row[8192];
        assert_true(line.len < sizeof row);
        memcpy(row, line.ptr, line.len);
        row[line.len] = '\0';
        n += check_row(row, kind, check, context);
    }
    heap_free(&file);
    assert_true(n > 0);
    return n;
}

struct without_context {
    void (*check)(const struct truth *t);
};

static void check_without_context(const struct truth *t, void *context)
{
    ((struct without_context *)context)->check(t);
}

unsigned each_truth(const char *kind, void (*check)(const struct truth *t))
{
    struct without_context c = {check};
    return each_truth_with(kind, check_without_context, &c);
}

static bool find_fact(const struct truth *t, const char *key, struct span *out)
{
    struct span rest = span_of(t->facts);
    while (rest.len > 0) {
        struct span name;
        struct span item = rest;
        struct span after = {0};
        if (span_find(rest, ";", &after))
            item.len = rest.len - after.len - 1;
        rest = after;
        if (span_split(item, '=', &name, out) && span_is(name, key))
            return true;
    }
    return false;
}

struct span truth_text(const struct truth *t, const char *key)
{
    struct span value = {0};
    if (!find_fact(t, key, &value))
        fail_msg("%s: no %s", t->path, key);
    return value;
}

uint64_t truth_number(const struct truth *t, const char *key, uint64_t missing)
{
    struct span value;
    uint64_t v = missing;
    return find_fact(t, key, &value) && span_number(value, &v) ? v : missing;
}

void assert_truth(const struct truth *t, const char *key, uint64_t v)
{
    struct span text = truth_text(t, key);
    uint64_t truth = 0;
    if (!span_number(text, &truth) || truth != v)
        fail_msg("%s: %s is %.*s, not %" PRIu64, t->path, key, (int)text.len,
                 (const char *)text.ptr, v);
}

void assert_truth_text(const struct truth *t, const char *key, const char *text)
{
    struct span truth = truth_text(t, key);
    if (!span_is(truth, text))
        fail_msg("%s: %s is %.*s, not %s", t->path, key, (int)truth.len, (const char *)truth.ptr,
                 text);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

unsigned each_corpus_file(const char *dir, void (*check)(const char *path, struct span data))
{
    enum { MOST = 512 };
    char names[MOST][256];
    char folder[PATH_LEN];
    unsigned n = 0;
    join(folder, corpus_dir(), dir);
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (e->d_name[0] == '.')
            continue;
        assert_true(n < MOST);
        memcpy(names[n++], e->d_name, strlen(e->d_name) + 1);
    }
    (void)closedir(d);
    qsort(names, n, sizeof names[0], by_name);
    for (unsigned i = 0; i < n; i++) {
        char path[PATH_LEN];
        join(path, folder, names[i]);
        print_message("%s\n", path);
        struct heap h = load_file(path);
        check(path, h.span);
        heap_free(&h);
    }
    assert_true(n > 0);
    return n;
}
