/* SPDX-License-Identifier: MIT */
#include "parse/signature/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "parse/refuse.h"
#include "parse/signature/der.h"
#include "vbscheck/hex.h"

#define OID_TRUST_LIST        "\x2b\x06\x01\x04\x01\x82\x37\x0a\x01" /* 1.3.6.1.4.1.311.10.1 */
#define OID_SPC_INDIRECT_DATA "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04"

enum { SHA1_SIZE = 20, SHA256_SIZE = 32, UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };

static bool open_list(struct span file, struct span *out)
{
    static const char type[] = OID_TRUST_LIST;
    return pkcs7_content(file, (struct span){(const uint8_t *)type, sizeof type - 1}, DER_SEQUENCE,
                         out);
}

bool catalog_is(struct span file)
{
    struct span list;
    return open_list(file, &list);
}

struct members {
    struct arena *arena;
    struct span *items;
    size_t n;
};

static void add(struct members *m, struct rd *r, struct span digest)
{
    if (digest.len != SHA1_SIZE && digest.len != SHA256_SIZE)
        return;
    if (m->n == CATALOG_MEMBERS_MAX) {
        rd_fail(r, ST_MALFORMED, "too many members for a catalog of drivers");
        return;
    }
    m->items = arena_grow(m->arena, m->items, m->n, sizeof *m->items);
    m->items[m->n++] = digest;
}

/* Older catalogs name a member by its digest in UTF-16 hexadecimal, followed by a NUL. */
static void add_text(struct members *m, struct rd *r, struct span name)
{
    size_t n = name.len / 4;
    if (n != SHA1_SIZE && n != SHA256_SIZE)
        return;
    uint8_t *bytes = arena_alloc(m->arena, n, 1);
    for (size_t i = 0; i < n; i++) {
        unsigned high = hex_digit(name.ptr[4 * i]), low = hex_digit(name.ptr[4 * i + 2]);
        if (high > 15 || low > 15 || name.ptr[4 * i + 1] != 0 || name.ptr[4 * i + 3] != 0)
            return;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    add(m, r, (struct span){bytes, n});
}

/* TrustedSubject: its name, and attributes, one of which may hold the digest. */
static void take_subject(struct rd *r, struct members *m)
{
    struct der subject = der_expect(r, DER_SEQUENCE);
    struct span name = der_expect(&subject.body, DER_OCTETS).body.in;
    add(m, r, name);
    add_text(m, r, name);
    if (!rd_ok(r) || der_peek(&subject.body) != DER_SET)
        return;
    struct der attributes = der_next(&subject.body);
    while (rd_left(&attributes.body) > 0) {
        struct der attribute = der_expect(&attributes.body, DER_SEQUENCE);
        struct der oid = der_next(&attribute.body), set = der_next(&attribute.body);
        enum hash_kind hash;
        if (DER_IS(&oid, OID_SPC_INDIRECT_DATA))
            add(m, r, authenticode_digest(&set.body, &hash));
    }
    rd_inherit(r, &attributes.body);
}

/* CertificateTrustList: optional fields, recognised by their tags, before the list. */
static void take_list(struct rd *r, struct members *m)
{
    (void)der_expect(r, DER_SEQUENCE); /* subjectUsage */
    for (uint8_t tag = der_peek(r);
         tag == DER_OCTETS || tag == DER_INTEGER || tag == UTC_TIME || tag == GENERALIZED_TIME;
         tag = der_peek(r))
        (void)der_next(r);             /* listIdentifier, sequenceNumber, thisUpdate, nextUpdate */
    (void)der_expect(r, DER_SEQUENCE); /* subjectAlgorithm */
    if (der_peek(r) != DER_SEQUENCE)
        return;
    struct der subjects = der_next(r);
    while (rd_left(&subjects.body) > 0)
        take_subject(&subjects.body, m);
    rd_inherit(r, &subjects.body);
}

static int compare(const void *a, const void *b)
{
    const struct span *l = a, *r = b;
    if (l->len != r->len)
        return l->len < r->len ? -1 : 1;
    return memcmp(l->ptr, r->ptr, l->len);
}

enum status catalog_parse(struct span file, struct arena *a, struct catalog *out,
                          struct fault *fault)
{
    struct catalog c = {0};
    struct members m = {.arena = a};
    struct span list;
    if (!open_list(file, &list))
        return refuse(fault, 0, "no catalog");
    struct rd r = rd_open(list);
    r.base = (size_t)(list.ptr - file.ptr);
    take_list(&r, &m);
    if (!rd_ok(&r))
        return refuse(fault, r.fault.offset, r.fault.what);
    enum status st = authenticode_parse(file, a, &c.signatures, fault);
    if (st != ST_OK)
        return st;
    if (m.n > 1)
        qsort(m.items, m.n, sizeof *m.items, compare);
    c.members = m.items;
    c.n_members = m.n;
    *out = c;
    return ST_OK;
}

bool catalog_has(const struct catalog *c, struct span digest)
{
    return digest.len > 0 && c->n_members > 0 &&
           bsearch(&digest, c->members, c->n_members, sizeof *c->members, compare) != NULL;
}
