/* SPDX-License-Identifier: MIT */
#include "parse/signature/authenticode.h"

#include "parse/pe/utf16.h"
#include "parse/refuse.h"
#include "parse/signature/der.h"
#include "vbscheck/count.h"

/* Content bytes of OBJECT IDENTIFIERs. */
#define OID_SIGNED_DATA       "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"     /* 1.2.840.113549.1.7.2 */
#define OID_SPC_INDIRECT_DATA "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04" /* 1.3.6.1.4.1.311… */
#define OID_SPC_SP_OPUS_INFO  "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x0c"
#define OID_NESTED_SIGNATURE  "\x2b\x06\x01\x04\x01\x82\x37\x02\x04\x01"
#define OID_COMMON_NAME       "\x55\x04\x03" /* 2.5.4.3 */

enum { NESTING_MAX = 4 };

static const struct {
    const char *oid;
    size_t n;
    enum hash_kind hash;
} algorithms[] = {
#define ROW(oid, hash)                                                                             \
    {                                                                                              \
        oid, sizeof oid - 1, hash                                                                  \
    }
    ROW("\x2b\x0e\x03\x02\x1a", HASH_SHA1), /* digests */
    ROW("\x60\x86\x48\x01\x65\x03\x04\x02\x01", HASH_SHA256),
    ROW("\x60\x86\x48\x01\x65\x03\x04\x02\x02", HASH_SHA384),
    ROW("\x60\x86\x48\x01\x65\x03\x04\x02\x03", HASH_SHA512),
    ROW("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", HASH_SHA1), /* with RSA, PKCS #1 */
    ROW("\x2b\x0e\x03\x02\x1d", HASH_SHA1),
    ROW("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", HASH_SHA256),
    ROW("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", HASH_SHA384),
    ROW("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", HASH_SHA512),
    ROW("\x2a\x86\x48\xce\x3d\x04\x01", HASH_SHA1), /* with ECDSA */
    ROW("\x2a\x86\x48\xce\x3d\x04\x03\x02", HASH_SHA256),
    ROW("\x2a\x86\x48\xce\x3d\x04\x03\x03", HASH_SHA384),
    ROW("\x2a\x86\x48\xce\x3d\x04\x03\x04", HASH_SHA512),
};

enum hash_kind authenticode_algorithm(struct rd *r)
{
    struct der sequence = der_expect(r, DER_SEQUENCE);
    struct der oid = der_next(&sequence.body);
    for (size_t i = 0; i < COUNT(algorithms); i++) {
        if (der_is_oid(&oid, algorithms[i].oid, algorithms[i].n))
            return algorithms[i].hash;
    }
    return HASH_NONE;
}

static const char *string_text(const struct der *d, struct arena *a)
{
    enum { BMP_STRING = 0x1e };
    return d->tag == BMP_STRING ? utf16_be_text(d->body.in, a) : arena_text(a, d->body.in);
}

/* The last common name of a Name, which is the one nearest to the subject. */
static const char *common_name(struct rd name, struct arena *a)
{
    const char *found = NULL;
    while (rd_left(&name) > 0) {
        struct der set = der_next(&name);
        struct der pair = der_next(&set.body);
        struct der oid = der_next(&pair.body), value = der_next(&pair.body);
        if (DER_IS(&oid, OID_COMMON_NAME) && value.tag != 0)
            found = string_text(&value, a);
    }
    return found;
}

static struct certificate take_certificate(struct rd *r, struct arena *a)
{
    struct certificate c = {0};
    struct der whole = der_expect(r, DER_SEQUENCE);
    struct der tbs = der_expect(&whole.body, DER_SEQUENCE);
    c.tbs = tbs.whole;
    c.hash = authenticode_algorithm(&whole.body);
    if (der_peek(&tbs.body) == DER_CONTEXT_0) /* version */
        (void)der_next(&tbs.body);
    c.serial = der_expect(&tbs.body, DER_INTEGER).whole;
    (void)der_expect(&tbs.body, DER_SEQUENCE);
    c.issuer = der_expect(&tbs.body, DER_SEQUENCE).whole;
    (void)der_expect(&tbs.body, DER_SEQUENCE); /* validity */
    struct der subject = der_expect(&tbs.body, DER_SEQUENCE);
    c.subject = subject.whole;
    if (rd_ok(r))
        rd_inherit(r, &whole.body);
    if (rd_ok(r))
        rd_inherit(r, &tbs.body);
    if (rd_ok(r))
        c.name = common_name(subject.body, a);
    return c;
}

/* One SignedData. */
struct signed_data {
    struct arena *arena;
    struct signature signature;
    struct certificate *bag;
    size_t n_bag;
    struct span nested[SIGNATURES_MAX];
    size_t n_nested;
    bool cut;
};

static void take_certificates(struct rd *r, struct signed_data *s)
{
    struct der set = der_next(r);
    s->bag = arena_new(s->arena, struct certificate, CERTIFICATES_MAX);
    while (rd_left(&set.body) > 0 && s->n_bag < CERTIFICATES_MAX) {
        if (der_peek(&set.body) == DER_SEQUENCE)
            s->bag[s->n_bag++] = take_certificate(&set.body, s->arena);
        else
            (void)der_next(&set.body);
    }
    s->cut |= rd_left(&set.body) > 0;
    rd_inherit(r, &set.body);
}

/* Moves a certificate from the bag to the chain. */
static void chain_up(struct signed_data *s, struct certificate *chain, bool *taken, size_t at)
{
    bool full = s->signature.n_chain == CHAIN_MAX;
    if (taken[at])
        return;
    s->cut |= full;
    taken[at] = true;
    if (!full)
        chain[s->signature.n_chain++] = s->bag[at];
}

/*
 * The signer's certificate, and above each one all certificates with its issuer's name: nothing is
 * verified here, and Windows excludes a certificate that only has the name.
 */
static void build_chain(struct signed_data *s, struct span issuer, struct span serial)
{
    struct certificate *chain = arena_new(s->arena, struct certificate, CHAIN_MAX);
    bool taken[CERTIFICATES_MAX] = {false};
    for (size_t i = 0; i < s->n_bag; i++) {
        if (span_equal(s->bag[i].issuer, issuer) && span_equal(s->bag[i].serial, serial))
            chain_up(s, chain, taken, i);
    }
    for (size_t n = 0; n < s->signature.n_chain; n++) {
        for (size_t i = 0; i < s->n_bag; i++) {
            if (span_equal(s->bag[i].subject, chain[n].issuer))
                chain_up(s, chain, taken, i);
        }
    }
    s->signature.chain = chain;
}

/* SpcSpOpusInfo: programName is [0] EXPLICIT of an SpcString, UTF-16 [0] or ASCII [1]. */
static const char *program_name(struct rd set, struct arena *a)
{
    struct der info = der_next(&set);
    if (der_peek(&info.body) != DER_CONTEXT_0)
        return NULL;
    struct der explicit_tag = der_next(&info.body);
    struct der text = der_next(&explicit_tag.body);
    if (text.tag == DER_CONTEXT_0_PLAIN)
        return utf16_be_text(text.body.in, a);
    return text.tag == DER_CONTEXT_1_PLAIN ? arena_text(a, text.body.in) : NULL;
}

static void take_attributes(struct rd *r, struct signed_data *s)
{
    struct der list = der_next(r);
    while (rd_left(&list.body) > 0) {
        struct der attribute = der_expect(&list.body, DER_SEQUENCE);
        struct der oid = der_next(&attribute.body), set = der_next(&attribute.body);
        if (DER_IS(&oid, OID_SPC_SP_OPUS_INFO))
            s->signature.program = program_name(set.body, s->arena);
        while (DER_IS(&oid, OID_NESTED_SIGNATURE) && rd_left(&set.body) > 0 &&
               s->n_nested < SIGNATURES_MAX)
            s->nested[s->n_nested++] = der_next(&set.body).whole;
        s->cut |= DER_IS(&oid, OID_NESTED_SIGNATURE) && rd_left(&set.body) > 0;
    }
    rd_inherit(r, &list.body);
}

/* SignerInfo */
static void take_signer(struct rd *r, struct signed_data *s)
{
    struct der info = der_expect(r, DER_SEQUENCE);
    (void)der_expect(&info.body, DER_INTEGER);
    struct der id = der_expect(&info.body, DER_SEQUENCE);
    struct span issuer = der_expect(&id.body, DER_SEQUENCE).whole;
    struct span serial = der_expect(&id.body, DER_INTEGER).whole;
    (void)authenticode_algorithm(&info.body);
    if (der_peek(&info.body) == DER_CONTEXT_0)
        take_attributes(&info.body, s);
    (void)authenticode_algorithm(&info.body);
    (void)der_expect(&info.body, DER_OCTETS);
    if (der_peek(&info.body) == DER_CONTEXT_1)
        take_attributes(&info.body, s);
    rd_inherit(r, &id.body);
    if (rd_ok(r))
        rd_inherit(r, &info.body);
    if (rd_ok(r))
        build_chain(s, issuer, serial);
}

/* The signed content, and DigestInfo. */
struct span authenticode_digest(struct rd *r, enum hash_kind *hash)
{
    struct der data = der_expect(r, DER_SEQUENCE);
    (void)der_expect(&data.body, DER_SEQUENCE);
    struct der info = der_expect(&data.body, DER_SEQUENCE);
    *hash = authenticode_algorithm(&info.body);
    struct span digest = der_expect(&info.body, DER_OCTETS).body.in;
    rd_inherit(r, &info.body);
    return digest;
}

/* The body of SignedData, after the OBJECT IDENTIFIER that declares it. */
static struct rd open_signed_data(struct rd *r)
{
    struct der info = der_expect(r, DER_SEQUENCE);
    struct der oid = der_next(&info.body);
    if (!DER_IS(&oid, OID_SIGNED_DATA))
        rd_fail(&info.body, ST_MALFORMED, "no PKCS#7 signed data");
    struct der explicit_tag = der_expect(&info.body, DER_CONTEXT_0);
    struct der data = der_expect(&explicit_tag.body, DER_SEQUENCE);
    rd_inherit(&data.body, &explicit_tag.body);
    rd_inherit(&data.body, &info.body);
    rd_inherit(&data.body, r);
    (void)der_expect(&data.body, DER_INTEGER); /* version */
    (void)der_expect(&data.body, DER_SET);     /* digestAlgorithms */
    return data.body;
}

static void read_signed_data(struct rd *r, struct signed_data *s)
{
    struct rd data = open_signed_data(r);
    struct der content = der_expect(&data, DER_SEQUENCE);
    struct der type = der_next(&content.body);
    if (DER_IS(&type, OID_SPC_INDIRECT_DATA)) {
        struct der explicit_tag = der_expect(&content.body, DER_CONTEXT_0);
        s->signature.digest = authenticode_digest(&explicit_tag.body, &s->signature.hash);
        rd_inherit(&data, &explicit_tag.body);
    }
    if (der_peek(&data) == DER_CONTEXT_0)
        take_certificates(&data, s);
    if (der_peek(&data) == DER_CONTEXT_1)
        (void)der_next(&data); /* crls */
    struct der signers = der_expect(&data, DER_SET);
    if (rd_ok(&data))
        take_signer(&signers.body, s);
    rd_inherit(&data, &signers.body);
    rd_inherit(r, &data);
}

/* Adds one signature and those nested in it; how deep they go is bounded by NESTING_MAX. */
static enum status add_signatures(struct span pkcs7, unsigned depth, struct arena *a,
                                  struct signatures *out, struct fault *fault)
{
    struct rd r = rd_open(pkcs7);
    struct signed_data s = {.arena = a};
    if (depth == NESTING_MAX || out->n == SIGNATURES_MAX) {
        out->cut = true;
        return ST_OK;
    }
    read_signed_data(&r, &s);
    if (!rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    out->all[out->n++] = s.signature;
    out->cut |= s.cut;
    enum status st = ST_OK;
    for (size_t i = 0; i < s.n_nested && st == ST_OK; i++)
        st = add_signatures(s.nested[i], depth + 1, a, out, fault);
    return st;
}

enum status authenticode_parse(struct span pkcs7, struct arena *a, struct signatures *out,
                               struct fault *fault)
{
    struct signatures all = *out;
    enum status st = add_signatures(pkcs7, 0, a, &all, fault);
    if (st == ST_OK)
        *out = all;
    return st;
}

bool pkcs7_content(struct span pkcs7, struct span type, uint8_t tag, struct span *out)
{
    struct rd r = rd_open(pkcs7);
    struct rd data = open_signed_data(&r);
    struct der content = der_expect(&data, DER_SEQUENCE);
    struct der oid = der_next(&content.body);
    struct der explicit_tag = der_expect(&content.body, DER_CONTEXT_0);
    struct der inner = der_expect(&explicit_tag.body, tag);
    if (inner.tag != tag || !span_equal(oid.body.in, type))
        return false;
    *out = inner.body.in;
    return true;
}
