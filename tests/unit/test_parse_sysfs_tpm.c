/* SPDX-License-Identifier: MIT */
#include "parse/sysfs_tpm.h"

#include <string.h>

#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void the_family_is_what_the_driver_shows_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned chips, family;
        bool declared;
    } rows[] = {
        {"", 0, 0, false},
        {"tpm0\n", 0, 0, false},
        {"tpm0 version-major 2\n", 1, 2, false},
        {"tpm0 version-major 1\n", 1, 1, false},
        {"tpm0 version-major 3\n", 1, 0, false},
        {"tpm0 resource-manager\n", 1, 2, false},
        {"tpm0 caps Manufacturer: 0x49465800\n", 1, 1, false},
        {"tpm0 caps X\ntpm1 version-major 2\n", 2, 2, false},
        {"tpm0 version-major 2\ntpm1 caps X\n", 1, 2, false},
        {"MSFT0101:00 status 15\n", 0, 0, true},
        {"MSFT0101:00 status 1\n", 0, 0, false},
        {"MSFT0101:00 status\n", 0, 0, false},
        {"MSFT0101:00 status 0\nMSFT0101:01 status 3\n", 0, 0, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sysfs_tpm t;
        sysfs_tpm_parse(span_of(rows[i].text), &t);
        if (t.chips != rows[i].chips || t.family != rows[i].family ||
            t.declared != rows[i].declared)
            fail_msg("row %zu: %u chips, family %u", i, t.chips, t.family);
    }
}

static void banks_are_those_of_the_chip_that_counts(void **state)
{
    (void)state;
    struct sysfs_tpm t;
    sysfs_tpm_parse(span_of("tpm0 caps X\ntpm0 banks sha1\ntpm1 version-major 2\n"
                            "tpm1 banks sha1 sha256\ntpm2 banks sha512\n"),
                    &t);
    assert_true(t.has_banks);
    assert_true(span_is(t.banks, "sha1 sha256"));
    sysfs_tpm_parse(span_of("tpm0 caps X\ntpm0 banks sha1\ntpm1 version-major 2\n"), &t);
    assert_false(t.has_banks);
    sysfs_tpm_parse(span_of("tpm0 banks\n"), &t);
    assert_true(t.has_banks);
    assert_int_equal(t.banks.len, 0);
}

static enum status parse(struct span input)
{
    struct sysfs_tpm t;
    sysfs_tpm_parse(input, &t);
    assert_true(t.family <= 2 && t.banks.len <= input.len);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse, span_of("tpm0 version-major 2\ntpm0 resource-manager\n"
                                "tpm0 banks sha1 sha256\nMSFT0101:00 status 15\ntpm1 caps X\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_family_is_what_the_driver_shows_of_it),
        cmocka_unit_test(banks_are_those_of_the_chip_that_counts),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
