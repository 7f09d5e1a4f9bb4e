/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/keyval.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void the_first_line_with_the_key_counts(void **state)
{
    (void)state;
    struct span text = span_of("release: 6.1.0\ncmdline: a=b: c\r\nrelease: 5.0\nempty:\n");
    struct span value = {0};
    assert_true(keyval_get(text, "release", &value));
    assert_true(span_is(value, "6.1.0"));
    assert_true(keyval_get(text, "cmdline", &value));
    assert_true(span_is(value, "a=b: c"));
    assert_true(keyval_get(text, "empty", &value));
    assert_int_equal(value.len, 0);
    value = span_of("x");
    assert_false(keyval_get(text, "rel", &value));
    assert_false(keyval_get(text, "a=b", &value));
    assert_false(keyval_get((struct span){0}, "release", &value));
    assert_true(span_is(value, "x"));
}

static void reads_the_dmi_blob(void **state)
{
    (void)state;
    struct dmi d = dmi_parse(span_of("vendor: LENOVO\nproduct: 21CQ\n"
                                     "firmware-version: R22ET\nfirmware-date: 01/02/2023\n"));
    assert_true(span_is(d.vendor, "LENOVO"));
    assert_true(span_is(d.product, "21CQ"));
    assert_true(span_is(d.firmware_version, "R22ET"));
    assert_true(span_is(d.firmware_date, "01/02/2023"));
}

static void reads_the_first_structures_of_dmidecode(void **state)
{
    (void)state;
    struct dmi d = dmidecode_parse(
        span_of("Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"
                "\tManufacturer: Acer           \n\tProduct Name: Not Specified\n"
                "\tVersion: 0100\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n"
                "\tVendor: Phoenix\n\tVersion: V1.36\n\tRelease Date: 10/30/2009\n\n"
                "System Information\n\tManufacturer: Other\n"));
    assert_true(span_is(d.vendor, "Acer"));
    assert_true(span_is(d.product, "Not Specified"));
    assert_true(span_is(d.firmware_version, "V1.36"));
    assert_true(span_is(d.firmware_date, "10/30/2009"));
}

static void what_a_structure_lacks_is_not_taken_from_the_next(void **state)
{
    (void)state;
    struct dmi d = dmidecode_parse(span_of("BIOS Information\n\tVendor: X\n\nSystem Information\n"
                                           "\tVersion: 0100\n\nBase Board Information\n"
                                           "\tManufacturer: Y\n"));
    assert_int_equal(d.firmware_version.len, 0);
    assert_int_equal(d.vendor.len, 0);
    d = dmidecode_parse((struct span){0});
    assert_int_equal(d.vendor.len, 0);
}

static enum status parse(struct span text)
{
    struct span value;
    (void)dmi_parse(text);
    (void)dmidecode_parse(text);
    (void)keyval_get(text, "vendor", &value);
    return ST_OK;
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("vendor: LENOVO\nproduct: 21CQ\nBIOS Information\n\tVersion: 1\n"
                                "\nSystem Information\n\tManufacturer: X\n\tProduct Name: Y"));
}

static void reads_the_corpus_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *path, *vendor, *product;
    } hosts[] = {
        {"hosts/acer-extensa-5630/dmi.txt", "Acer", "Extensa 5630"},
        {"hosts/dell-latitude-e6430/dmi.txt", "Dell Inc.", "Latitude E6430"},
    };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct heap h = load_corpus(hosts[i].path);
        struct dmi d = dmidecode_parse(h.span);
        assert_true(span_is(d.vendor, hosts[i].vendor));
        assert_true(span_is(d.product, hosts[i].product));
        assert_true(d.firmware_version.len > 0 && d.firmware_date.len > 0);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_with_the_key_counts),
        cmocka_unit_test(reads_the_dmi_blob),
        cmocka_unit_test(reads_the_first_structures_of_dmidecode),
        cmocka_unit_test(what_a_structure_lacks_is_not_taken_from_the_next),
        cmocka_unit_test(stands_torture),
        cmocka_unit_test(reads_the_corpus_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
