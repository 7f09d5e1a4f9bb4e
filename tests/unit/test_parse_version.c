/* SPDX-License-Identifier: MIT */
#include "parse/version.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

static void compares_major_then_minor(void **state)
{
    (void)state;
    static const struct {
        const char *release;
        unsigned major, minor;
        bool at_least;
    } cases[] = {
        {"6.1.0-56-amd64", 6, 1, true},
        {"6.1.0-56-amd64", 6, 2, false},
        {"6.12.9+bpo-arm64", 6, 2, true},
        {"5.15.36-yocto-standard", 6, 0, false},
        {"6.0", 5, 15, true},
        {"6.7-rc1", 6, 7, true},
        {"4.4.5", 4, 6, false},
        {"10.0", 9, 99, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool is = version_at_least(span_of(cases[i].release), cases[i].major, cases[i].minor);
        assert_int_equal(is, cases[i].at_least);
    }
}

static void what_is_no_version_is_never_enough(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "6", "6.", ".6", "v6.1", " 6.1", "6-1", "6.x", "99999999999999999999.1", "6..1"};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(version_at_least(span_of(bad[i]), 0, 0));
    assert_false(version_at_least((struct span){0}, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_major_then_minor),
        cmocka_unit_test(what_is_no_version_is_never_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
