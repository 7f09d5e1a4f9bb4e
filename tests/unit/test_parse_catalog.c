/* SPDX-License-Identifier: MIT */
/* Catalogs signed by osslsigncode with certificates of a test CA (the fuzz target's seeds). */
#include <string.h>

#include "parse/signature/catalog.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"

#define SEEDS VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/"

static const uint8_t sha1[20] = {0xb2, 0x3c, 0x38, 0x64, 0x80, 0x0e, 0xe7, 0x2e, 0xd4, 0x44,
                                 0x1e, 0x34, 0x0b, 0xb6, 0x04, 0xeb, 0xa8, 0xec, 0xc1, 0x12};

static enum status survive(struct span file)
{
    struct arena a;
    struct catalog c = {.n_members = 77};
    struct fault f = {0};
    test_arena(&a);
    enum status st = catalog_parse(file, &a, &c, &f);
    assert_true(st == ST_OK || (st == ST_MALFORMED && f.what != NULL && c.n_members == 77));
    arena_reset(&a);
    return st;
}

static void reads_members_and_who_signed_them(void **state)
{
    struct heap h = load_file(SEEDS "parse_catalog/two");
    struct catalog c;
    assert_true(catalog_is(h.span));
    assert_int_equal(catalog_parse(h.span, *state, &c, NULL), ST_OK);
    assert_true(catalog_has(&c, (struct span){sha1, sizeof sha1}));
    assert_false(catalog_has(&c, (struct span){sha1 + 1, sizeof sha1 - 1}));
    assert_false(catalog_has(&c, (struct span){0}));
    assert_int_equal(c.signatures.n, 1);
    assert_string_equal(c.signatures.all[0].chain[0].name, "Maker one");
    assert_int_equal(c.signatures.all[0].n_chain, 2);
    heap_free(&h);
}

static void reads_members_named_by_text(void **state)
{
    static const uint8_t other[32] = {0};
    struct heap h = load_file(SEEDS "parse_catalog/text");
    struct catalog c;
    assert_int_equal(catalog_parse(h.span, *state, &c, NULL), ST_OK);
    assert_true(catalog_has(&c, (struct span){sha1, sizeof sha1}));
    assert_true(catalog_has(&c, (struct span){other, 20}));
    assert_true(catalog_has(&c, (struct span){other, 32}));
    heap_free(&h);
}

/* Newer ones need no attribute for it. */
static void reads_members_named_by_their_digest(void **state)
{
    struct heap h = load_file(SEEDS "parse_catalog/raw");
    struct catalog c;
    assert_int_equal(catalog_parse(h.span, *state, &c, NULL), ST_OK);
    assert_true(catalog_has(&c, (struct span){sha1, sizeof sha1}));
    heap_free(&h);
}

static void signatures_of_other_things_are_no_catalogs(void **state)
{
    struct heap h = load_file(SEEDS "parse_authenticode/one");
    (void)state;
    assert_false(catalog_is(h.span));
    assert_int_equal(survive(h.span), ST_MALFORMED);
    assert_false(catalog_is((struct span){0}));
    heap_free(&h);
}

static void survives_every_prefix_and_20000_mutations(void **state)
{
    struct heap good = load_file(SEEDS "parse_catalog/text");
    (void)state;
    torture_whole(survive, good.span);
    heap_free(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_members_and_who_signed_them),
        cmocka_unit_test(reads_members_named_by_text),
        cmocka_unit_test(reads_members_named_by_their_digest),
        cmocka_unit_test(signatures_of_other_things_are_no_catalogs),
        cmocka_unit_test(survives_every_prefix_and_20000_mutations),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
