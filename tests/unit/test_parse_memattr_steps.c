/* SPDX-License-Identifier: MIT */
#include "parse/memattr_steps.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"

#define TEXT                                                                                       \
    "address kernel-log absent\naddress kallsyms 0x3cb86018\nbytes devmem lockdown\n"              \
    "bytes kcore ok 1072\n"

static void reads_what_led_to_the_table(void **state)
{
    (void)state;
    struct memattr_steps s;
    memattr_steps_parse(span_of(TEXT), &s);
    assert_true(s.has_address && s.has_bytes);
    assert_true(span_is(s.route, "kcore"));
    assert_int_equal(s.n_lines, 4);
    assert_true(span_is(s.lines[0], "address kernel-log absent"));
}

static void steps_in_vain_lead_to_nothing(void **state)
{
    (void)state;
    struct memattr_steps s;
    memattr_steps_parse(span_of("address kallsyms no-permission\naddress 0x1\nbytes kcore\n"
                                "bytes ok\naddress\n"),
                        &s);
    assert_false(s.has_address || s.has_bytes);
    memattr_steps_parse((struct span){0}, &s);
    assert_int_equal(s.n_lines, 0);
}

static void the_first_way_to_the_bytes_counts(void **state)
{
    (void)state;
    struct memattr_steps s;
    memattr_steps_parse(span_of("bytes devmem ok 1\nbytes kcore ok 2\n"), &s);
    assert_true(span_is(s.route, "devmem"));
}

static void keeps_no_more_lines_than_are_shown(void **state)
{
    (void)state;
    struct memattr_steps s;
    memattr_steps_parse(span_of("1\n2\n3\n4\n5\n6\n7\n8\n9\nbytes kcore ok 1\n"), &s);
    assert_int_equal(s.n_lines, MEMATTR_STEPS_KEPT);
    assert_true(span_is(s.lines[MEMATTR_STEPS_KEPT - 1], "8"));
    assert_true(s.has_bytes);
}

static enum status parse(struct span input)
{
    struct memattr_steps s;
    memattr_steps_parse(input, &s);
    assert_true(s.n_lines <= MEMATTR_STEPS_KEPT);
    assert_true(s.has_bytes || s.route.len == 0);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of(TEXT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_led_to_the_table),
        cmocka_unit_test(steps_in_vain_lead_to_nothing),
        cmocka_unit_test(the_first_way_to_the_bytes_counts),
        cmocka_unit_test(keeps_no_more_lines_than_are_shown),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
