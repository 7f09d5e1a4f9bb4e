/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parse/tpm_response.h"
#include "support/cmocka.h"
#include "support/libs.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static enum status parse_with_mu(struct span response, struct tpm_response *out,
                                 struct fault *fault)
{
    return tpm_response_parse(response, test_libs.mu, out, fault);
}

TORTURE_PARSE(parse, struct tpm_response, parse_with_mu)

static void put_be32(struct build *b, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        put_u8(b, v >> (24 - 8 * i) & 0xff);
}

static void put_be16(struct build *b, unsigned v)
{
    put_u8(b, v >> 8);
    put_u8(b, v & 0xff);
}

static void begin(struct build *b, uint32_t rc)
{
    b->len = 0;
    put_be16(b, 0x8001);
    put_be32(b, 0);
    put_be32(b, rc);
}

static void begin_values(struct build *b, uint32_t capability, uint32_t count)
{
    begin(b, 0);
    put_u8(b, 1);
    put_be32(b, capability);
    put_be32(b, count);
}

static struct span end(struct build *b)
{
    for (unsigned i = 0; i < 4; i++)
        b->bytes[2 + i] = (uint8_t)(b->len >> (24 - 8 * i));
    return build_span(b);
}

static struct span properties(struct build *b)
{
    begin_values(b, TPM2_CAP_TPM_PROPERTIES, 3);
    put_be32(b, TPM2_PT_FAMILY_INDICATOR);
    put_be32(b, TPM_FAMILY_2_0);
    put_be32(b, TPM2_PT_REVISION);
    put_be32(b, 164);
    put_be32(b, TPM2_PT_MANUFACTURER);
    put_be32(b, 0x494e5443);
    return end(b);
}

static struct span banks(struct build *b)
{
    begin_values(b, TPM2_CAP_PCRS, 3);
    put_be16(b, 0x0004);
    put_u8(b, 3);
    put_zeros(b, 3);
    put_be16(b, 0x000b);
    put_u8(b, 3);
    put_bytes(b, "\377\377\377", 3);
    put_be16(b, 0x000c);
    put_u8(b, 0);
    return end(b);
}

static struct span algorithms(struct build *b)
{
    begin_values(b, TPM2_CAP_ALGS, 2);
    put_be16(b, 0x0001);
    put_be32(b, 9);
    put_be16(b, 0x000b);
    put_be32(b, 4);
    return end(b);
}

static struct span handles(struct build *b)
{
    begin_values(b, TPM2_CAP_HANDLES, 2);
    put_be32(b, 0x01c00002);
    put_be32(b, 0x01c0000a);
    return end(b);
}

static void finds_a_property_by_its_number(void **state)
{
    (void)state;
    struct build b;
    struct tpm_response t;
    uint32_t v = 7;
    assert_int_equal(parse_with_mu(properties(&b), &t, NULL), ST_OK);
    assert_true(tpm_response_property(&t, TPM2_PT_MANUFACTURER, &v));
    assert_int_equal(v, 0x494e5443);
    assert_false(tpm_response_property(&t, TPM2_PT_PERMANENT, &v));
    assert_int_equal(v, 0x494e5443);
}

static void tells_an_allocated_bank_from_a_listed_one(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_allocated;
    } expected[] = {{"sha1", false}, {"sha256", true}, {"sha384", false}};
    struct build b;
    struct tpm_response t;
    assert_int_equal(parse_with_mu(banks(&b), &t, NULL), ST_OK);
    assert_int_equal(t.values.data.assignedPCR.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        const TPMS_PCR_SELECTION *bank = &t.values.data.assignedPCR.pcrSelections[i];
        assert_string_equal(tpm_hash_name(bank->hash), expected[i].name);
        assert_int_equal(tpm_bank_is_allocated(bank), expected[i].is_allocated);
    }
}

static void lists_algorithms_and_handles(void **state)
{
    (void)state;
    struct build b;
    struct tpm_response t;
    uint32_t v;
    assert_int_equal(parse_with_mu(algorithms(&b), &t, NULL), ST_OK);
    assert_int_equal(t.values.data.algorithms.count, 2);
    assert_null(tpm_hash_name(t.values.data.algorithms.algProperties[0].alg));
    assert_string_equal(tpm_hash_name(t.values.data.algorithms.algProperties[1].alg), "sha256");
    assert_false(tpm_response_property(&t, TPM2_PT_REVISION, &v)); /* it holds no properties */
    assert_int_equal(parse_with_mu(handles(&b), &t, NULL), ST_OK);
    assert_int_equal(t.values.data.handles.count, 2);
    assert_int_equal(t.values.data.handles.handle[1], 0x01c0000a);
}

static void an_error_code_is_an_answer(void **state)
{
    (void)state;
    struct build b;
    struct tpm_response t;
    begin(&b, TPM2_RC_FAILURE);
    assert_int_equal(parse_with_mu(end(&b), &t, NULL), ST_OK);
    assert_int_equal(t.rc, TPM2_RC_FAILURE);
    assert_false(t.family_1);
    b.bytes[0] = 0;
    b.bytes[1] = 0xc4;
    assert_int_equal(parse_with_mu(end(&b), &t, NULL), ST_OK);
    assert_true(t.family_1);
    begin(&b, 0);
    b.bytes[0] = 0;
    b.bytes[1] = 0xc4;
    assert_int_equal(parse(end(&b)), ST_MALFORMED); /* a success of TPM 1.2 */
    begin(&b, TPM2_RC_FAILURE);
    put_u8(&b, 0);
    assert_int_equal(parse(end(&b)), ST_MALFORMED); /* something follows */
}

static void refuses_counts_and_lengths_that_do_not_fit(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 2, 4, 0xff};
    struct build b;
    for (size_t i = 0; i < COUNT(counts); i++) {
        (void)properties(&b);
        b.bytes[18] = (uint8_t)counts[i];
        assert_int_equal(parse(end(&b)), ST_MALFORMED);
    }
    (void)properties(&b);
    b.bytes[15] = 0xff; /* the count's highest byte */
    assert_int_equal(parse(end(&b)), ST_MALFORMED);
    (void)properties(&b);
    b.bytes[10] = 2;
    assert_int_equal(parse(end(&b)), ST_MALFORMED);
    (void)properties(&b);
    b.bytes[14] = 9;
    assert_int_equal(parse(end(&b)), ST_MALFORMED);
    begin_values(&b, TPM2_CAP_ECC_CURVES, 0); /* sound, but nobody asked for it */
    assert_int_equal(parse(end(&b)), ST_MALFORMED);
    (void)banks(&b);
    b.bytes[21] = 5; /* sizeofSelect of the first bank */
    assert_int_equal(parse(end(&b)), ST_MALFORMED);
    for (int wrong = -1; wrong <= 1; wrong += 2) {
        struct span s = properties(&b);
        b.bytes[5] = (uint8_t)((int)s.len + wrong);
        assert_int_equal(parse(s), ST_MALFORMED);
    }
}

/* The specification's largest lists fit, and nothing above them. */
static void takes_lists_as_long_as_they_may_be(void **state)
{
    (void)state;
    static const struct {
        uint32_t capability, most, size;
    } rows[] = {
        {TPM2_CAP_TPM_PROPERTIES, TPM2_MAX_TPM_PROPERTIES, 8},
        {TPM2_CAP_ALGS, TPM2_MAX_CAP_ALGS, 6},
        {TPM2_CAP_HANDLES, TPM2_MAX_CAP_HANDLES, 4},
        {TPM2_CAP_PCRS, TPM2_NUM_PCR_BANKS, 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (uint32_t more = 0; more <= 1; more++) {
            static struct build b;
            begin_values(&b, rows[i].capability, rows[i].most + more);
            put_zeros(&b, (rows[i].most + more) * rows[i].size);
            assert_int_equal(parse(end(&b)), more == 0 ? ST_OK : ST_MALFORMED);
        }
    }
}

static void tells_where_the_fault_is(void **state)
{
    (void)state;
    enum { MORE_AT = 10, VALUES_AT = 11, COUNT_LOW = 18 };
    struct build b;
    struct tpm_response t;
    struct fault fault;
    (void)properties(&b);
    b.bytes[MORE_AT] = 2;
    assert_int_equal(parse_with_mu(build_span(&b), &t, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, MORE_AT);
    (void)properties(&b);
    b.bytes[COUNT_LOW] = 4;
    assert_int_equal(parse_with_mu(build_span(&b), &t, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, VALUES_AT);
    size_t sound = properties(&b).len;
    put_u8(&b, 0);
    assert_int_equal(parse_with_mu(end(&b), &t, &fault), ST_MALFORMED);
    assert_int_equal(fault.offset, sound); /* what follows is at fault */
}

static void no_truncation_is_taken(void **state)
{
    (void)state;
    struct span (*const all[])(struct build *) = {properties, banks, algorithms, handles};
    for (size_t i = 0; i < COUNT(all); i++) {
        struct build b;
        struct span good = all[i](&b);
        assert_int_equal(parse(good), ST_OK);
        for (size_t n = 0; n < good.len; n++) {
            struct heap h = heap_copy((struct span){good.ptr, n});
            assert_int_equal(parse(h.span), ST_MALFORMED);
            heap_free(&h);
        }
        /* With the size repaired only those that still add up: none, for the count is there. */
        for (size_t n = 11; n < good.len; n++) {
            struct build part;
            (void)all[i](&part);
            part.len = n;
            assert_int_equal(parse(end(&part)), ST_MALFORMED);
        }
    }
}

static void survives_every_flipped_bit(void **state)
{
    (void)state;
    struct build b;
    struct span good = banks(&b);
    for (size_t bit = 0; bit < good.len * 8; bit++) {
        struct heap h = heap_copy(good);
        h.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        (void)parse(h.span);
        heap_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_property_by_its_number),
        cmocka_unit_test(tells_an_allocated_bank_from_a_listed_one),
        cmocka_unit_test(lists_algorithms_and_handles),
        cmocka_unit_test(an_error_code_is_an_answer),
        cmocka_unit_test(refuses_counts_and_lengths_that_do_not_fit),
        cmocka_unit_test(takes_lists_as_long_as_they_may_be),
        cmocka_unit_test(tells_where_the_fault_is),
        cmocka_unit_test(no_truncation_is_taken),
        cmocka_unit_test(survives_every_flipped_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
