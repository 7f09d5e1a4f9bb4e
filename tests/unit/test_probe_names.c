/* SPDX-License-Identifier: MIT */
/* What a machine is called: vendors leave fields of SMBIOS to others, or use them for other things.
 */
#include "support/cmocka.h"

#include <string.h>

#include "parse/keyval.h"
#include "parse/smbios_names.h"
#include "support/build.h"
#include "support/scene.h"
#include "vbscheck/count.h"

static void a_placeholder_names_nothing(void **state)
{
    (void)state;
    static const char *const nothing[] = {"To Be Filled By O.E.M.",
                                          "to be filled by  O.E.M",
                                          "System Product Name",
                                          "Default string",
                                          "  ",
                                          "Not Specified",
                                          "",
                                          "OEM"};
    static const char *const names[] = {"X", "OEM1", "System76", "Default string 2", "ThinkPad"};
    for (size_t i = 0; i < COUNT(nothing); i++)
        assert_true(smbios_is_placeholder(span_of(nothing[i])));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_false(smbios_is_placeholder(span_of(names[i])));
}

static void only_two_real_names_contradict_each_other(void **state)
{
    (void)state;
    assert_true(smbios_contradict(span_of("A Box 1"), span_of("A Box 2")));
    assert_false(smbios_contradict(span_of("A Box 1"), span_of("a  box 1/Board 7")));
    assert_false(smbios_contradict(span_of("Long Vendor Inc. N7"), span_of("LV N7/Board")));
    assert_false(smbios_contradict(span_of("System manufacturer System Product Name/P8"),
                                   span_of("A Box 1")));
}

static void the_board_and_the_version_stand_in(void **state)
{
    (void)state;
    static const struct {
        const char *blob, *text, *product, *board;
    } rows[] = {
        {"dmi", "vendor: ACME\nproduct: Box\nboard: B1\n", "Box", "B1"},
        {"dmi", "vendor: X\nproduct: To Be Filled By O.E.M.\nboard: B450M\n", "B450M", "B450M"},
        {"dmi", "vendor: X\nproduct: Default string\nboard: Default string\n", "Default string",
         "Default string"},
        {"dmi", "vendor: LENOVO\nproduct: 20XW00FPUS\nversion: ThinkPad X1\nboard: 20XW\n",
         "ThinkPad X1", "20XW"},
        {"dmi", "vendor: LENOVO\nproduct: 90Q3\nversion: Not Specified\n", "90Q3", NULL},
        {"efi/kernel-log", "DMI: ACME Box/Board 7, BIOS 1.0 01/01/2024\n", "ACME Box/Board 7",
         "Board 7"},
        {"efi/kernel-log",
         "DMI: System manufacturer System Product Name/P8H61, BIOS 1.0 01/01/2024\n", "P8H61",
         "P8H61"},
        {"efi/kernel-log", "DMI: ACME Orion O6/Orion O6, BIOS 1.0 01/01/2024\n", "ACME Orion O6",
         "Orion O6"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, rows[i].blob, rows[i].text);
        scene_judge(&s);
        const struct fact *product = scene_fact(&s, "host.product");
        const struct fact *board = scene_fact(&s, "host.board");
        if (product->st != ST_OK || strcmp(product->v.text, rows[i].product) != 0 ||
            (rows[i].board != NULL) != (board->st == ST_OK) ||
            (rows[i].board != NULL && strcmp(board->v.text, rows[i].board) != 0))
            fail_msg("row %zu: %s", i, product->st == ST_OK ? product->v.text : "unknown");
        scene_end(&s);
    }
}

static void dmidecode_with_blanks_for_tabs_is_read(void **state)
{
    (void)state;
    struct dmi d = dmidecode_parse(span_of("Handle 0x0001, DMI type 1\nSystem Information\n"
                                           "        Manufacturer: Valve\n        Version: 1\n\n"
                                           "Base Board Information\n\tProduct Name: Galileo\n"));
    assert_true(span_is(d.vendor, "Valve") && span_is(d.version, "1"));
    assert_true(span_is(d.board, "Galileo") && d.product.len == 0);
}

static void whoever_made_the_board_stands_in_for_nobody(void **state)
{
    (void)state;
    static const struct {
        const char *text, *vendor;
    } rows[] = {
        {"vendor: ACME\nboard-vendor: Other\n", "ACME"},
        {"vendor: System manufacturer\nboard-vendor: ASUSTeK COMPUTER INC.\n",
         "ASUSTeK COMPUTER INC."},
        {"vendor: System manufacturer\nboard-vendor: Default string\n", "System manufacturer"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "dmi", rows[i].text);
        scene_judge(&s);
        assert_string_equal(scene_fact(&s, "host.vendor")->v.text, rows[i].vendor);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_placeholder_names_nothing),
        cmocka_unit_test(whoever_made_the_board_stands_in_for_nobody),
        cmocka_unit_test(only_two_real_names_contradict_each_other),
        cmocka_unit_test(the_board_and_the_version_stand_in),
        cmocka_unit_test(dmidecode_with_blanks_for_tabs_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
