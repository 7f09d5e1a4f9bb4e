/* SPDX-License-Identifier: MIT */
#include "probe/drivers/policy.h"

#include <string.h>

#include "probe/drivers/deny.h"
#include "vbscheck/hex.h"

/* Bytes of hexadecimal digits; an empty span if `text` is not hexadecimal. */
static struct span bytes_of(struct span text, struct arena *a)
{
    uint8_t *to = arena_new(a, uint8_t, text.len / 2 + 1);
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        unsigned high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);
        if (high > 15 || low > 15)
            return (struct span){0};
        to[i / 2] = (uint8_t)(high << 4 | low);
    }
    return (struct span){to, text.len / 2};
}

static struct span digest_of(const char *text, struct arena *a)
{
    return text != NULL ? bytes_of(span_of(text), a) : (struct span){0};
}

/* "1.2.3.4" as one number, 16 bits each. */
static bool version_of(const char *text, uint64_t *out)
{
    struct span s = text != NULL ? span_of(text) : (struct span){0};
    uint64_t all = 0, part;
    for (int i = 0; i < 4; i++) {
        if (!span_take_dec(&s, &part) || part > UINT16_MAX)
            return false;
        all = all << 16 | part;
        s = span_skip(s, 1);
    }
    *out = all;
    return true;
}

static struct deny_signature signature_of(const struct driver_signature *s, struct arena *a)
{
    struct deny_signature d = {.publisher = s->publisher, .program = s->program};
    struct span rest = span_of(s->tbs);
    while (rest.len > 0 && d.n < CHAIN_MAX) {
        struct span one, more;
        if (!span_split(rest, ',', &one, &more)) {
            one = rest;
            more = (struct span){0};
        }
        d.tbs[d.n++] = bytes_of(one, a);
        rest = more;
    }
    return d;
}

static struct deny_signature *signatures_of(const struct driver *d, struct arena *a)
{
    struct deny_signature *all = arena_new(a, struct deny_signature, d->n_chains);
    for (size_t i = 0; i < d->n_chains; i++)
        all[i] = signature_of(&d->chains[i], a);
    return all;
}

void driver_apply_policy(const struct sipolicy *policy, struct driver *d, struct arena *a)
{
    struct deny_file file = {
        .authentihash_sha1 = digest_of(d->authentihash_sha1, a),
        .authentihash_sha256 = digest_of(d->authentihash_sha256, a),
        .first_page_sha1 = digest_of(d->first_page_sha1, a),
        .first_page_sha256 = digest_of(d->first_page_sha256, a),
        .original_name = d->original_name,
        .internal_name = d->internal_name,
        .description = d->description,
        .product = d->product,
        .signatures = signatures_of(d, a),
        .n_signatures = d->n_chains,
        .signatures_cut = d->chains_cut,
        .unsigned_here = d->n_chains == 0,
    };
    file.has_version = version_of(d->version, &file.version);
    struct denial denial = {0};
    if (d->authentihash_sha256 != NULL)
        denial = deny(policy, &file, a);
    d->denied_by = denial.by;
    d->undenied = denial.undecided;
    if (d->undenied == NULL && d->fault != NULL)
        d->undenied = d->result == DRIVER_UNDECIDED ? d->fault : "it is malformed";
    else if (d->undenied == NULL && d->authentihash_sha256 == NULL)
        d->undenied = "its digests are not known";
}
