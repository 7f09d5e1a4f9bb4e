/* SPDX-License-Identifier: MIT */
/* Signatures made by osslsigncode with certificates of a test CA (the fuzz target's seeds). */
#include <string.h>

#include "parse/signature/authenticode.h"
#include "parse/signature/der.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"

#define SEEDS VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/parse_authenticode/"

static enum status survive(struct span pkcs7)
{
    struct arena a;
    struct signatures all = {0};
    struct fault f = {0};
    test_arena(&a);
    enum status st = authenticode_parse(pkcs7, &a, &all, &f);
    assert_true(st == ST_OK ? all.n > 0 : st == ST_MALFORMED && f.what != NULL && all.n == 0);
    for (size_t i = 0; i < all.n; i++)
        assert_true(all.all[i].n_chain <= CHAIN_MAX);
    arena_reset(&a);
    return st;
}

static void reads_a_signature(void **state)
{
    struct heap h = load_file(SEEDS "one");
    struct signatures all = {0};
    assert_int_equal(authenticode_parse(h.span, *state, &all, NULL), ST_OK);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.all[0].hash, HASH_SHA1);
    assert_int_equal(all.all[0].digest.len, 20);
    assert_int_equal(all.all[0].n_chain, 2);
    assert_string_equal(all.all[0].chain[0].name, "Maker sha1");
    assert_int_equal(all.all[0].chain[0].hash, HASH_SHA1);
    assert_string_equal(all.all[0].chain[1].name, "Test root");
    assert_int_equal(all.all[0].chain[1].hash, HASH_SHA256);
    assert_string_equal(all.all[0].program, "Program one");
    heap_free(&h);
}

static void reads_the_signature_nested_in_it(void **state)
{
    struct heap h = load_file(SEEDS "nested");
    struct signatures all = {0};
    assert_int_equal(authenticode_parse(h.span, *state, &all, NULL), ST_OK);
    assert_int_equal(all.n, 2);
    assert_false(all.cut);
    assert_int_equal(all.all[1].hash, HASH_SHA256);
    assert_string_equal(all.all[1].chain[0].name, "Maker sha256");
    assert_string_equal(all.all[1].program, "Program two");
    heap_free(&h);
}

static void adds_up_to_a_bound(void **state)
{
    struct heap h = load_file(SEEDS "nested");
    struct signatures all = {0};
    for (unsigned i = 0; i < 2 * SIGNATURES_MAX; i++)
        assert_int_equal(authenticode_parse(h.span, *state, &all, NULL), ST_OK);
    assert_int_equal(all.n, SIGNATURES_MAX);
    assert_true(all.cut); /* Bug: what is over the bound was as if it were not there. */
    heap_free(&h);
}

/* SEQUENCE in SEQUENCE in SEQUENCE, as long as there are bytes. */
static void elements_without_end_are_refused(void **state)
{
    struct build b = {0};
    (void)state;
    for (size_t left = 60000; left > 4; left -= 4) {
        put_u8(&b, DER_SEQUENCE);
        put_u8(&b, 0x82);
        put_u8(&b, (unsigned)((left - 4) >> 8));
        put_u8(&b, (unsigned)((left - 4) & 0xff));
    }
    assert_int_equal(survive(build_span(&b)), ST_MALFORMED);
}

static void lengths_that_der_does_not_have_are_refused(void **state)
{
    static const uint8_t cases[][8] = {
        {0x30, 0x80, 0, 0},                         /* indefinite */
        {0x30, 0x85, 0, 0, 0, 0, 1, 0},             /* of five octets */
        {0x30, 0x84, 0xff, 0xff, 0xff, 0xff},       /* past the end */
        {0x3f, 0x81, 0x01, 0},                      /* a long tag */
        {0x30, 0x05, 0x06, 0x09, 0x2a, 0x86, 0x48}, /* an inner one past the outer's end */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(survive((struct span){cases[i], 8}), ST_MALFORMED);
}

static void survives_every_prefix_and_20000_mutations(void **state)
{
    (void)state;
    struct heap good = load_file(SEEDS "nested");
    assert_int_equal(survive(good.span), ST_OK);
    torture_whole(survive, good.span);
    heap_free(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_signature),
        cmocka_unit_test(reads_the_signature_nested_in_it),
        cmocka_unit_test(adds_up_to_a_bound),
        cmocka_unit_test(elements_without_end_are_refused),
        cmocka_unit_test(lengths_that_der_does_not_have_are_refused),
        cmocka_unit_test(survives_every_prefix_and_20000_mutations),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
