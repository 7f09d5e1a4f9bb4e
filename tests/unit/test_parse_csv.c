/* SPDX-License-Identifier: MIT */
/* Tables as spreadsheets and scripts write them (RFC 4180, section 2). */
#include <string.h>

#include "parse/csv/csv.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/out.h"

#define SEEDS VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/parse_csv/"

/* Every record as "field|field;", and how it ended. */
static const char *all_of(struct span text, struct arena *a, enum status *end, size_t *lines,
                          const char **problem)
{
    struct csv_record r = {.n = 0};
    struct out o;
    struct span rest = csv_begin(text);
    out_init(&o, a);
    *lines = 0;
    *problem = NULL;
    while ((*end = csv_next(&rest, a, &r, lines, problem)) == ST_OK) {
        for (size_t i = 0; i < r.n; i++)
            out_printf(&o, "%s%s", i > 0 ? "|" : "", r.fields[i]);
        out_char(&o, ';');
    }
    return arena_text(a, out_span(&o));
}

static void records(void **state)
{
    static const struct {
        const char *text, *all;
        size_t lines;
    } rows[] = {
        {"", "", 0},
        {"a", "a;", 0},
        {"a,b\nc,d\n", "a|b;c|d;", 2},
        {"a,b\r\nc,d\r\n", "a|b;c|d;", 2},
        {"\xef\xbb\xbf\"a\",b", "a|b;", 0},
        {"a,,\n", "a||;", 1},
        {"\n\nx", ";;x;", 2},
        {"\"a,b\",\"c\"\"d\"\r\ne", "a,b|c\"d;e;", 1},
        {"\"a\nb\",c\nd", "a\nb|c;d;", 2},
        {"\"\",\"\"\n", "|;", 1},
        {"a\rb,c\n", "a\rb|c;", 1},
        {" a , b", " a | b;", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum status end;
        size_t lines;
        const char *problem;
        assert_string_equal(all_of(span_of(rows[i].text), *state, &end, &lines, &problem),
                            rows[i].all);
        assert_int_equal(end, ST_ABSENT);
        assert_int_equal(lines, rows[i].lines);
    }
}

static void mistakes(void **state)
{
    static const struct {
        const char *text, *problem;
        enum status st;
    } rows[] = {
        {"\"a", "quote that does not end", ST_MALFORMED},
        {"\"a\"\"", "quote that does not end", ST_MALFORMED},
        {"\"a\"b", "text behind a quoted field", ST_MALFORMED},
        {"\"a\"\r", "text behind a quoted field", ST_MALFORMED},
        {"a\"b\"", "quote inside a field", ST_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum status end;
        size_t lines;
        const char *problem;
        (void)all_of(span_of(rows[i].text), *state, &end, &lines, &problem);
        assert_int_equal(end, rows[i].st);
        assert_non_null(strstr(problem, rows[i].problem));
    }
}

/* A text of `n` times `c` is one field; with commas it is n + 1 fields. */
static enum status many(struct arena *a, char c, size_t n, const char **problem)
{
    enum status end;
    size_t lines;
    char *text = arena_alloc(a, n, 1);
    memset(text, c, n);
    (void)all_of((struct span){(const uint8_t *)text, n}, a, &end, &lines, problem);
    return end;
}

static void limits(void **state)
{
    const char *problem;
    assert_int_equal(many(*state, 'x', CSV_FIELD_MAX, &problem), ST_ABSENT);
    assert_int_equal(many(*state, 'x', CSV_FIELD_MAX + 1, &problem), ST_TRUNCATED);
    assert_non_null(strstr(problem, "4096"));
    assert_int_equal(many(*state, ',', CSV_FIELDS_MAX - 1, &problem), ST_ABSENT);
    assert_int_equal(many(*state, ',', CSV_FIELDS_MAX, &problem), ST_TRUNCATED);
    assert_non_null(strstr(problem, "64"));
    assert_int_equal(many(*state, '\0', 1, &problem), ST_MALFORMED);
    assert_non_null(strstr(problem, "NUL"));
}

static enum status survive(struct span text)
{
    struct arena a;
    enum status end;
    size_t lines;
    const char *problem;
    test_arena(&a);
    (void)all_of(text, &a, &end, &lines, &problem);
    assert_true(end == ST_ABSENT || ((end == ST_MALFORMED || end == ST_TRUNCATED) && problem));
    assert_true(lines <= text.len);
    arena_reset(&a);
    return end == ST_ABSENT ? ST_OK : end;
}

static void stands_torture(void **state)
{
    static const char *const seeds[] = {SEEDS "quoted", SEEDS "lines"};
    (void)state;
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        struct heap h = load_file(seeds[i]);
        torture_text(survive, h.span);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(limits),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
