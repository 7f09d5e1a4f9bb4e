/* SPDX-License-Identifier: MIT */
#include "parse/signature/der.h"

static size_t take_length(struct rd *r)
{
    enum { LONG_FORM = 0x80, OCTETS_MAX = 4 };
    uint8_t first = rd_u8(r);
    if (first < LONG_FORM)
        return first;
    unsigned octets = first & 0x7f;
    if (octets == 0 || octets > OCTETS_MAX)
        rd_fail(r, ST_MALFORMED, "a length that DER does not allow");
    size_t length = 0;
    for (unsigned i = 0; i < octets && rd_ok(r); i++)
        length = length << 8 | rd_u8(r);
    return length;
}

struct der der_next(struct rd *r)
{
    enum { LONG_TAG = 0x1f };
    struct rd start = *r;
    struct der d = {.tag = rd_u8(r)};
    if ((d.tag & LONG_TAG) == LONG_TAG)
        rd_fail(r, ST_MALFORMED, "a tag that certificates do not use");
    size_t length = take_length(r);
    d.body = rd_sub(r, length);
    if (!rd_ok(r)) {
        d.tag = 0;
        return d;
    }
    d.whole = rd_take(&start, r->at - start.at);
    return d;
}

struct der der_expect(struct rd *r, uint8_t tag)
{
    if (rd_ok(r) && der_peek(r) != tag)
        rd_fail(r, ST_MALFORMED, "an element that a signature does not have there");
    return der_next(r);
}

uint8_t der_peek(const struct rd *r)
{
    struct rd copy = *r;
    return rd_left(&copy) > 0 ? rd_u8(&copy) : 0;
}

bool der_is_oid(const struct der *d, const char *bytes, size_t n)
{
    return d->tag == DER_OID && span_equal(d->body.in, (struct span){(const uint8_t *)bytes, n});
}
