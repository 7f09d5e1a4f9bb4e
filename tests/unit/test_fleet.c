/* SPDX-License-Identifier: MIT */
/* Lines in pieces, what is kept of a fleet, and the limits of that. */
#include "support/cmocka.h"

#include <string.h>

#include "fleet/print.h"
#include "fleet/reader.h"
#include "support/build.h"
#include "vbscheck/count.h"

#define REPORT(host, status)                                                                       \
    "{\"schema_version\":1,\"tool\":{\"name\":\"vbscheck\",\"version\":\"1\"},"                    \
    "\"host\":{\"product\":\"P\",\"labels\":{\"host\":\"" host "\"}},\"profile\":\"vbs\","         \
    "\"verdict\":\"not-ready\",\"rules\":[{\"id\":\"smm.wsmt\",\"row\":\"smm\",\"level\":"         \
    "\"required\",\"status\":\"" status "\",\"message\":\"m\"}],\"fixes\":[]}"

/* A text that comes in pieces of so many bytes; "\1" parts files. */
struct given {
    const char *rest;
    size_t piece;
};

static struct span next(void *context, size_t file, struct arena *a)
{
    (void)file;
    struct given *g = context;
    size_t n = 0;
    while (n < g->piece && g->rest[n] != '\0' && g->rest[n] != '\1')
        n++;
    struct span piece = {(const uint8_t *)arena_text(a, (struct span){(const uint8_t *)g->rest, n}),
                         n};
    g->rest += n;
    if (n == 0 && *g->rest == '\1')
        g->rest++;
    return piece;
}

static void read_all(struct fleet *f, struct arena *a, const char *text, size_t piece)
{
    static const char *const files[] = {"a", "b"};
    struct given given = {text, piece};
    const struct fleet_source from = {files, COUNT(files), next, &given};
    fleet_init(f, a);
    fleet_read(f, &from);
}

static void the_size_of_pieces_changes_nothing(void **state)
{
    (void)state;
    static const char text[] = REPORT("a", "fail") "\nnot a report\n\n" REPORT(
        "b", "pass") "\r\n\1" REPORT("c", "unknown") "\n" REPORT("c", "fail") "\n{\"cut";
    for (size_t piece = 1; piece < sizeof text + 1; piece += piece < 40 ? 1 : 97) {
        struct arena a;
        struct fleet f;
        test_arena(&a);
        read_all(&f, &a, text, piece);
        assert_int_equal(f.machines, 3);
        assert_int_equal(f.lines, 6);
        assert_int_equal(f.n_skipped, 3);
        assert_int_equal(f.n_duplicates, 1);
        assert_string_equal(f.skipped[0].file, "a");
        assert_int_equal(f.skipped[0].line, 2);
        assert_string_equal(f.skipped[1].file, "b");
        assert_int_equal(f.skipped[1].line, 2);
        assert_int_equal(f.skipped[2].line, 3);
        assert_non_null(strstr(f.skipped[2].problem, "cut off"));
        arena_reset(&a);
    }
}

static void names_beyond_the_limit_are_none_and_known_ones_still_count(void **state)
{
    (void)state;
    struct arena a;
    struct name_set s;
    test_arena(&a);
    name_set_init(&s, 3, &a);
    assert_int_equal(name_set_count(&s, "b"), 0);
    assert_int_equal(name_set_count(&s, "c"), 1);
    assert_int_equal(name_set_count(&s, "a"), 2);
    assert_int_equal(name_set_count(&s, "d"), NAME_NONE);
    assert_int_equal(name_set_count(&s, "c"), 1);
    size_t *order = name_set_order(&s, &a);
    assert_string_equal(s.names[order[0]], "c");
    assert_string_equal(s.names[order[1]], "a");
    assert_string_equal(s.names[order[2]], "b");
    arena_reset(&a);
}

static void names_that_differ_behind_the_limit_of_a_text_are_one(void **state)
{
    (void)state;
    struct arena a;
    struct name_set s;
    char x[TEXT_MAX + 8], y[TEXT_MAX + 8];
    memset(x, 'x', sizeof x);
    memset(y, 'x', sizeof y);
    x[sizeof x - 1] = y[sizeof y - 1] = '\0';
    y[sizeof y - 2] = 'y';
    test_arena(&a);
    name_set_init(&s, 3, &a);
    assert_int_equal(name_set_find(&s, x), 0);
    assert_int_equal(name_set_find(&s, y), 0);
    assert_true(strlen(s.names[0]) <= TEXT_MAX);
    arena_reset(&a);
}

static void many_hosts_are_told_apart_and_found_again(void **state)
{
    (void)state;
    struct arena a, scratch;
    struct fleet f;
    size_t wrong = 0;
    enum { HOSTS = 300000 };
    test_arena(&a);
    fleet_init(&f, &a);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < HOSTS; i++) {
            bool known;
            test_arena(&scratch);
            const struct told told = {.label = arena_printf(&scratch, "pc-%u", i)};
            assert_true(host_set_add(&f, &told, &scratch, &known));
            wrong += known != (round == 1);
            arena_reset(&scratch);
        }
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(f.hosts.n, HOSTS);
    assert_false(f.hosts_full);
    arena_reset(&a);
}

static void a_plan_takes_the_set_that_helps_most_for_each_fix(void **state)
{
    (void)state;
    struct arena a;
    struct fleet f;
    struct fleet_step *steps;
    test_arena(&a);
    fleet_init(&f, &a);
    const struct fleet_set sets[] = {
        {.fixes = {0, 1, 2}, .n = 3, .machines = 9}, /* 3 for each */
        {.fixes = {3}, .n = 1, .machines = 4},
        {.fixes = {1, 4}, .n = 2, .machines = 1},
        {.fixes = {5}, .n = 1, .open = 100}, /* lacks evidence: never before one that is ready */
    };
    memcpy(f.set, sets, sizeof sets);
    f.sets.n = COUNT(sets);
    f.fix[1].machines = 10;
    f.fix[2].machines = 9;
    f.fix[0].machines = 9;
    assert_int_equal(fleet_plan(&f, 10, &a, &steps), 6);
    static const struct fleet_step want[] = {{3, 4, 0},  {1, 4, 0},  {0, 4, 0},
                                             {2, 13, 0}, {4, 14, 0}, {5, 14, 100}};
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_int_equal(steps[i].fix, want[i].fix);
        assert_int_equal(steps[i].ready, want[i].ready);
        assert_int_equal(steps[i].open, want[i].open);
    }
    /* A set that does not fit into what is left is passed over. */
    assert_int_equal(fleet_plan(&f, 2, &a, &steps), 2);
    assert_int_equal(steps[0].fix, 3);
    assert_int_equal(steps[1].fix, 5);
    arena_reset(&a);
}

static void of_sets_that_help_alike_the_one_of_fewer_fixes_comes_first(void **state)
{
    (void)state;
    struct arena a;
    struct fleet f;
    struct fleet_step *steps;
    test_arena(&a);
    fleet_init(&f, &a);
    f.set[0] = (struct fleet_set){.fixes = {0, 1}, .n = 2, .machines = 2};
    f.set[1] = (struct fleet_set){.fixes = {2}, .n = 1, .machines = 1};
    f.sets.n = 2;
    assert_int_equal(fleet_plan(&f, 10, &a, &steps), 3);
    assert_int_equal(steps[0].fix, 2);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_size_of_pieces_changes_nothing),
        cmocka_unit_test(names_beyond_the_limit_are_none_and_known_ones_still_count),
        cmocka_unit_test(names_that_differ_behind_the_limit_of_a_text_are_one),
        cmocka_unit_test(many_hosts_are_told_apart_and_found_again),
        cmocka_unit_test(of_sets_that_help_alike_the_one_of_fewer_fixes_comes_first),
        cmocka_unit_test(a_plan_takes_the_set_that_helps_most_for_each_fix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
