/* SPDX-License-Identifier: MIT */
/*
 * Elements of DER (ITU-T X.690, sections 8.1 and 10.1): definite lengths and tags below 31 only,
 * which is enough for certificates and signatures. One level at a time: the reader's code decides
 * how deep it goes, not the bytes.
 */
#ifndef PARSE_SIGNATURE_DER_H
#define PARSE_SIGNATURE_DER_H

#include "vbscheck/span.h"

enum {
    DER_INTEGER = 0x02,
    DER_OCTETS = 0x04,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0xa0, /* constructed */
    DER_CONTEXT_1 = 0xa1,
    DER_CONTEXT_0_PLAIN = 0x80,
    DER_CONTEXT_1_PLAIN = 0x81,
};

struct der {
    uint8_t tag;
    struct span whole; /* tag and length, too */
    struct rd body;
};

/* The next element of `r`, which moves past it; tag 0 and an empty, failed body if it is broken. */
struct der der_next(struct rd *r);

/* The next element, which must have this tag: else `r` fails. */
struct der der_expect(struct rd *r, uint8_t tag);

/* The tag of the next element; 0 where there is none. */
uint8_t der_peek(const struct rd *r);

/* True if the element is an OBJECT IDENTIFIER with these content bytes. */
bool der_is_oid(const struct der *d, const char *bytes, size_t n);
#define DER_IS(d, oid) der_is_oid((d), oid, sizeof oid - 1)

#endif
