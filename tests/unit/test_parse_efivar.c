/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/efivar.h"
#include "support/build.h"
#include "support/cmocka.h"

static void splits_attributes_and_data(void **state)
{
    (void)state;
    static const uint8_t file[] = {7, 0, 0, 0, 1, 2};
    struct efivar v;
    assert_int_equal(efivar_parse((struct span){file, sizeof file}, &v), ST_OK);
    assert_int_equal(v.attributes, EFIVAR_NV_BS_RT);
    assert_int_equal(v.data.len, 2);
    assert_int_equal(v.data.ptr[1], 2);
}

static void attributes_alone_are_a_variable_of_size_0(void **state)
{
    (void)state;
    static const uint8_t file[] = {6, 0, 0, 0x80};
    struct efivar v;
    assert_int_equal(efivar_parse((struct span){file, sizeof file}, &v), ST_OK);
    assert_int_equal(v.attributes, 0x80000006);
    assert_int_equal(v.data.len, 0);
}

static void fewer_than_four_bytes_are_no_variable(void **state)
{
    (void)state;
    static const uint8_t file[] = {7, 0, 0};
    for (size_t n = 0; n < 4; n++) {
        struct heap h = heap_copy((struct span){file, n});
        struct efivar v = {.attributes = 77};
        assert_int_equal(efivar_parse(h.span, &v), ST_ABSENT);
        assert_int_equal(v.attributes, 77);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_attributes_and_data),
        cmocka_unit_test(attributes_alone_are_a_variable_of_size_0),
        cmocka_unit_test(fewer_than_four_bytes_are_no_variable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
