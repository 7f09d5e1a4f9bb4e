/* SPDX-License-Identifier: MIT */
/* The reader, text spans, the arena, the snapshot, words. */
#include "support/cmocka.h"

#include <setjmp.h>
#include <string.h>

#include "support/build.h"
#include "vbscheck/count.h"
#include "vbscheck/fact.h"
#include "vbscheck/out.h"
#include "vbscheck/snapshot.h"

static jmp_buf escape;

static void jump(struct arena *a)
{
    (void)a;
    longjmp(escape, 1);
}

static struct span bytes(const char *text, size_t n)
{
    return (struct span){(const uint8_t *)text, n};
}

/* Found by fuzzing: offset 0 added to a null pointer, which C does not define. */
static void nothing_is_taken_from_an_empty_span_without_adding_to_null(void **state)
{
    (void)state;
    struct rd r = rd_open((struct span){0});
    assert_null(rd_take(&r, 0).ptr);
    assert_true(rd_ok(&r));
}

static void integers_are_read_in_both_byte_orders(void **state)
{
    (void)state;
    struct rd r = rd_open(bytes("\1\2\3\4\5\6\7\10\11\1\2\1\2\3\4\1\2", 17));
    assert_int_equal(rd_u8(&r), 1);
    assert_int_equal(rd_le64(&r), 0x0908070605040302);
    assert_int_equal(rd_le16(&r), 0x0201);
    assert_int_equal(rd_be32(&r), 0x01020304);
    assert_int_equal(rd_be16(&r), 0x0102);
    assert_int_equal(rd_left(&r), 0);
    assert_true(rd_ok(&r));
}

static void the_first_failure_sticks(void **state)
{
    (void)state;
    struct heap h = heap_copy(bytes("\1\2\3", 3));
    struct rd r = rd_open(h.span);
    assert_int_equal(rd_le16(&r), 0x0201);
    assert_int_equal(rd_le32(&r), 0);
    assert_int_equal(rd_u8(&r), 0);
    assert_int_equal(rd_take(&r, 1).len, 0);
    assert_int_equal(rd_left(&r), 0);
    assert_int_equal(rd_status(&r), ST_MALFORMED);
    assert_int_equal(r.fault.offset, 2);
    rd_fail(&r, ST_UNSUPPORTED, "later");
    assert_int_equal(rd_status(&r), ST_MALFORMED);
    heap_free(&h);
}

static void a_part_cannot_read_its_neighbour(void **state)
{
    (void)state;
    struct rd r = rd_open(bytes("\1\2\3\4", 4));
    rd_skip(&r, 1);
    struct rd part = rd_sub(&r, 2);
    assert_int_equal(rd_offset(&part), 1);
    assert_int_equal(rd_le16(&part), 0x0302);
    assert_int_equal(rd_u8(&part), 0);
    assert_int_equal(part.fault.offset, 3);
    assert_int_equal(rd_u8(&r), 4);
    rd_inherit(&r, &part);
    assert_int_equal(rd_status(&r), ST_MALFORMED);
    struct rd none = rd_sub(&r, 0);
    assert_false(rd_ok(&none));
}

static void seeking_beyond_the_end_fails(void **state)
{
    (void)state;
    struct rd r = rd_open(bytes("\1\2", 2));
    rd_seek(&r, 2);
    assert_true(rd_ok(&r));
    rd_seek(&r, 3);
    assert_false(rd_ok(&r));
}

static void lines_are_split_with_or_without_carriage_return(void **state)
{
    (void)state;
    struct span rest = span_of("a\r\n\nb"), line;
    assert_true(span_next_line(&rest, &line) && span_is(line, "a"));
    assert_true(span_next_line(&rest, &line) && line.len == 0);
    assert_true(span_next_line(&rest, &line) && span_is(line, "b"));
    assert_false(span_next_line(&rest, &line));
}

static void words_and_pairs_are_split(void **state)
{
    (void)state;
    struct span rest = span_of("  one\t two "), word, key, value;
    assert_true(span_next_word(&rest, &word) && span_is(word, "one"));
    assert_true(span_next_word(&rest, &word) && span_is(word, "two"));
    assert_false(span_next_word(&rest, &word));
    assert_true(span_split(span_of(" key : a: b "), ':', &key, &value));
    assert_true(span_is(key, "key") && span_is(value, "a: b"));
    assert_false(span_split(span_of("none"), ':', &key, &value));
}

static void numbers_are_whole_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t v;
    } rows[] = {
        {"0", true, 0},
        {"42", true, 42},
        {"0x1F", true, 31},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"0xffffffffffffffff", true, UINT64_MAX},
        {"0x10000000000000000", false, 0},
        {"", false, 0},
        {"0x", false, 0},
        {"12a", false, 0},
        {"-1", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t v = 77;
        assert_int_equal(span_number(span_of(rows[i].text), &v), rows[i].good);
        assert_int_equal(v, rows[i].good ? rows[i].v : 77);
    }
}

static void finding_gives_what_follows(void **state)
{
    (void)state;
    struct span after;
    assert_true(span_find(span_of("aaab, BIOS x"), ", BIOS ", &after) && span_is(after, "x"));
    assert_true(span_find(span_of("aab"), "ab", &after) && after.len == 0);
    assert_false(span_find(span_of("aa"), "ab", &after));
    assert_false(span_find((struct span){0}, "a", NULL));
}

static void the_arena_calls_oom_over_its_limit_and_on_overflow(void **state)
{
    (void)state;
    struct arena a;
    volatile unsigned calls = 0;
    arena_init(&a, 1000, jump);
    if (setjmp(escape) == 0)
        (void)arena_alloc(&a, 1001, 1);
    else
        calls++;
    if (setjmp(escape) == 0)
        (void)arena_alloc(&a, SIZE_MAX, 16);
    else
        calls++;
    if (setjmp(escape) == 0) {
        assert_non_null(arena_alloc(&a, 0, 8));
        assert_non_null(arena_alloc(&a, 1000, 1));
        (void)arena_alloc(&a, 1, 1);
    } else {
        calls++;
    }
    assert_int_equal(calls, 3);
    arena_reset(&a);
    assert_int_equal(a.used, 0);
}

static void growing_keeps_what_is_there(void **state)
{
    (void)state;
    struct arena a;
    int *items = NULL;
    arena_init(&a, 1 << 20, jump);
    for (int i = 0; i < 1000; i++) {
        items = arena_grow(&a, items, (size_t)i, sizeof *items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_reset(&a);
}

static void blobs_are_found_by_name_in_sorted_order(void **state)
{
    (void)state;
    struct arena a;
    struct snapshot s;
    size_t at = 0;
    arena_init(&a, 1 << 20, jump);
    snap_init(&s, &a, SOURCE_EVIDENCE, "x");
    snap_add(&s, (struct blob){.name = "b/2", .st = ST_OK});
    snap_add(&s, (struct blob){.name = "a", .st = ST_ABSENT});
    snap_add(&s, (struct blob){.name = "b/1", .st = ST_IO_ERROR});
    snap_add(&s, (struct blob){.name = "b/1", .st = ST_OK});
    snap_sort(&s);
    assert_int_equal(snap_get(&s, "b/1").st, ST_IO_ERROR); /* the first added stays first */
    assert_int_equal(snap_get(&s, "c").st, ST_NOT_COLLECTED);
    assert_string_equal(snap_next(&s, "b/", &at)->name, "b/1");
    assert_string_equal(snap_next(&s, "b/", &at)->name, "b/1");
    assert_string_equal(snap_next(&s, "b/", &at)->name, "b/2");
    assert_null(snap_next(&s, "b/", &at));
    arena_reset(&a);
}

static void a_note_is_not_repeated(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, jump);
    struct notes n = {.arena = &a};
    notes_add(&n, "x", "twice %d", 1);
    notes_add(&n, "x", "twice %d", 1);
    notes_add(&n, "y", "twice %d", 1);
    assert_int_equal(n.n, 2);
    arena_reset(&a);
}

static void status_words_are_unique_and_read_back(void **state)
{
    (void)state;
    enum status st = ST_OK;
    for (unsigned i = 0; i < ST_COUNT; i++) {
        assert_true(status_from_name(status_name((enum status)i), &st));
        assert_int_equal(st, i);
        assert_true(strlen(status_meaning((enum status)i)) > 0);
    }
    assert_false(status_from_name("no-such-word", &st));
    assert_string_equal(status_name((enum status)99), "?");
}

static void output_grows_as_needed(void **state)
{
    (void)state;
    struct arena a;
    struct out o;
    arena_init(&a, 1 << 22, jump);
    out_init(&o, &a);
    for (unsigned i = 0; i < 20000; i++)
        out_printf(&o, "%05u", i);
    out_uint(&o, UINT64_MAX);
    struct span s = out_span(&o);
    assert_int_equal(s.len, 100000 + 20);
    assert_memory_equal(s.ptr + 99995, "1999918446744073709551615", 25);
    arena_reset(&a);
}

/* Issue 13, fault 2: a million empty objects were no memory, and took 48 bytes each. */
static void objects_of_nothing_count(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20, LEAST = 16 };
    struct arena a;
    volatile size_t n = 0;
    arena_init(&a, LIMIT, jump);
    if (setjmp(escape) == 0) {
        for (; n < LIMIT; n++)
            (void)arena_alloc(&a, 0, 1);
    }
    assert_true(n > 0 && n < LIMIT / LEAST);
    arena_reset(&a);
}

/* Issue 13, fault 3: what grew was copied, and its old room stayed taken. */
static void the_last_object_grows_and_shrinks_where_it_is(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, jump);
    char *p = arena_alloc(&a, 100, 1);
    size_t used = a.used;
    memcpy(p, "kept", 4);
    p = arena_resize(&a, p, 300000);
    assert_int_equal(a.used, used + 300000 - 100);
    assert_memory_equal(p, "kept", 4);
    p = arena_resize(&a, p, 50);
    assert_int_equal(a.used, used - 50);
    char *other = arena_alloc(&a, 1, 1);
    char *moved = arena_resize(&a, p, 60); /* no longer the last: a copy */
    assert_ptr_not_equal(moved, p);
    assert_ptr_not_equal(moved, other);
    assert_memory_equal(moved, "kept", 4);
    if (setjmp(escape) == 0) {
        (void)arena_resize(&a, moved, 2 << 20);
        fail_msg("over the limit");
    }
    arena_reset(&a);
}

/* Issue 13, fault 2: each note was compared with all earlier ones. */
static void notes_end_at_a_number_and_the_last_says_so(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 8 << 20, jump);
    struct notes n = {.arena = &a};
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 5 * NOTES_MAX; i++)
            notes_add(&n, "x", "note %u", i);
    }
    assert_int_equal(n.n, NOTES_MAX + 1);
    assert_string_equal(n.items[NOTES_MAX - 1].message, "note 999");
    assert_non_null(strstr(n.items[NOTES_MAX].message, "too many notes"));
    assert_true(a.used < NOTES_MAX * 300);
    arena_reset(&a);
}

static void a_note_is_not_repeated_among_many(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 8 << 20, jump);
    struct notes n = {.arena = &a};
    for (unsigned i = 0; i < 3 * 500; i++)
        notes_add(&n, i % 2 == 0 ? "x" : "y", "note %u", i % 500);
    assert_int_equal(n.n, 500);
    arena_reset(&a);
}

/* Issue 13, fault 8: texts had no limit. */
static void long_texts_end_in_an_ellipsis_after_a_whole_character(void **state)
{
    (void)state;
    struct arena a;
    char text[2 * TEXT_MAX + 1];
    arena_init(&a, 1 << 20, jump);
    for (size_t i = 0; i < 2 * TEXT_MAX; i += 2)
        memcpy(text + i, "\xc3\xbc", 2);
    text[2 * TEXT_MAX] = '\0';
    const char *cut = arena_short_text(&a, span_of(text));
    size_t n = strlen(cut);
    assert_true(n <= TEXT_MAX && n > TEXT_MAX - 4);
    assert_string_equal(cut + n - 5, "\xc3\xbc\xe2\x80\xa6");
    assert_string_equal(arena_short_text(&a, span_of("short")), "short");
    struct notes notes = {.arena = &a};
    notes_add(&notes, "x", "%s", text);
    notes_add(&notes, "x", "%s", text);
    assert_int_equal(notes.n, 1);
    assert_string_equal(notes.items[0].message, cut);
    struct facts f;
    facts_init(&f, &a);
    facts_text(&f, FACT_HOST_VENDOR, text, origin_of("dmi"));
    assert_string_equal(f.all[FACT_HOST_VENDOR].v.text, cut);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_taken_from_an_empty_span_without_adding_to_null),
        cmocka_unit_test(integers_are_read_in_both_byte_orders),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(a_part_cannot_read_its_neighbour),
        cmocka_unit_test(seeking_beyond_the_end_fails),
        cmocka_unit_test(lines_are_split_with_or_without_carriage_return),
        cmocka_unit_test(words_and_pairs_are_split),
        cmocka_unit_test(numbers_are_whole_or_nothing),
        cmocka_unit_test(finding_gives_what_follows),
        cmocka_unit_test(the_arena_calls_oom_over_its_limit_and_on_overflow),
        cmocka_unit_test(growing_keeps_what_is_there),
        cmocka_unit_test(blobs_are_found_by_name_in_sorted_order),
        cmocka_unit_test(a_note_is_not_repeated),
        cmocka_unit_test(status_words_are_unique_and_read_back),
        cmocka_unit_test(output_grows_as_needed),
        cmocka_unit_test(objects_of_nothing_count),
        cmocka_unit_test(the_last_object_grows_and_shrinks_where_it_is),
        cmocka_unit_test(notes_end_at_a_number_and_the_last_says_so),
        cmocka_unit_test(a_note_is_not_repeated_among_many),
        cmocka_unit_test(long_texts_end_in_an_ellipsis_after_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
