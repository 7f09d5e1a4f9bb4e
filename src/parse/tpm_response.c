/* SPDX-License-Identifier: MIT */
#include "parse/tpm_response.h"

#include "vbscheck/count.h"

enum {
    ST_NO_SESSIONS = 0x8001,
    ST_RSP_COMMAND = 0x00c4, /* an error of TPM 1.x */
    SIZE_AT = 2,
    PCR_SELECT_MAX = 4,
};

static void skip_item(struct rd *r, uint32_t capability)
{
    enum { PROPERTY_LEN = 8, ALGORITHM_LEN = 6, HANDLE_LEN = 4 };
    uint16_t hash;
    bool allocated;
    switch (capability) {
    case TPM_CAP_TPM_PROPERTIES:
        rd_skip(r, PROPERTY_LEN);
        return;
    case TPM_CAP_ALGS:
        rd_skip(r, ALGORITHM_LEN);
        return;
    case TPM_CAP_HANDLES:
        rd_skip(r, HANDLE_LEN);
        return;
    case TPM_CAP_PCRS:
        (void)tpm_next_bank(r, &hash, &allocated);
        return;
    default:
        rd_fail(r, ST_MALFORMED, "a capability that was not asked for");
    }
}

/* Each item takes bytes, so that a count that is too high ends with them. */
static void check_items(struct rd *r, const struct tpm_response *t)
{
    for (uint32_t i = 0; i < t->count && rd_ok(r); i++) {
        if (rd_left(r) == 0)
            rd_fail(r, ST_MALFORMED, "fewer values than it says");
        else
            skip_item(r, t->capability);
    }
    if (rd_left(r) > 0)
        rd_fail(r, ST_MALFORMED, "something follows the values");
}

static void read_capability(struct rd *r, struct tpm_response *t)
{
    uint8_t more = rd_u8(r);
    if (rd_ok(r) && more > 1)
        rd_fail(r, ST_MALFORMED, "moreData is neither yes nor no");
    t->capability = rd_be32(r);
    t->count = rd_be32(r);
    t->items = *r;
    check_items(r, t);
}

enum status tpm_response_parse(struct span response, struct tpm_response *out, struct fault *fault)
{
    struct rd r = rd_open(response);
    struct tpm_response t = {0};
    uint16_t tag = rd_be16(&r);
    uint32_t size = rd_be32(&r);
    t.rc = rd_be32(&r);
    t.family_1 = tag == ST_RSP_COMMAND;
    if (rd_ok(&r) && tag != ST_NO_SESSIONS && tag != ST_RSP_COMMAND)
        rd_fail(&r, ST_MALFORMED, "its tag is none of a response");
    if (rd_ok(&r) && size != response.len) {
        rd_seek(&r, SIZE_AT);
        rd_fail(&r, ST_MALFORMED, "it is not as long as it says");
    }
    if (rd_ok(&r) && t.family_1 && t.rc == TPM_RC_SUCCESS)
        rd_fail(&r, ST_MALFORMED, "a TPM 1.2 claims to know the command");
    if (rd_ok(&r) && t.rc == TPM_RC_SUCCESS)
        read_capability(&r, &t);
    else if (rd_left(&r) > 0)
        rd_fail(&r, ST_MALFORMED, "something follows an error code");
    if (fault != NULL)
        *fault = r.fault;
    if (rd_ok(&r))
        *out = t;
    return rd_status(&r);
}

bool tpm_response_property(const struct tpm_response *r, uint32_t property, uint32_t *out)
{
    struct rd left = r->items;
    while (r->capability == TPM_CAP_TPM_PROPERTIES && rd_left(&left) > 0) {
        uint32_t id = rd_be32(&left), value = rd_be32(&left);
        if (rd_ok(&left) && id == property) {
            *out = value;
            return true;
        }
    }
    return false;
}

bool tpm_next_bank(struct rd *left, uint16_t *hash, bool *allocated)
{
    if (rd_left(left) == 0)
        return false;
    *hash = rd_be16(left);
    uint8_t size = rd_u8(left);
    if (rd_ok(left) && size > PCR_SELECT_MAX)
        rd_fail(left, ST_MALFORMED, "a bank of more PCRs than there can be");
    *allocated = false;
    for (unsigned i = 0; i < size && rd_ok(left); i++)
        *allocated |= rd_u8(left) != 0;
    return rd_ok(left);
}

bool tpm_next_algorithm(struct rd *left, uint16_t *id, uint32_t *attributes)
{
    if (rd_left(left) == 0)
        return false;
    *id = rd_be16(left);
    *attributes = rd_be32(left);
    return rd_ok(left);
}

bool tpm_next_handle(struct rd *left, uint32_t *handle)
{
    if (rd_left(left) == 0)
        return false;
    *handle = rd_be32(left);
    return rd_ok(left);
}

const char *tpm_hash_name(uint16_t id)
{
    /* TPM_ALG_ID; spelled as Linux names its folders of banks */
    static const struct {
        uint16_t id;
        const char *name;
    } hashes[] = {
        {0x0004, "sha1"},    {0x000b, "sha256"},   {0x000c, "sha384"},   {0x000d, "sha512"},
        {0x0012, "sm3-256"}, {0x0027, "sha3-256"}, {0x0028, "sha3-384"}, {0x0029, "sha3-512"},
    };
    for (size_t i = 0; i < COUNT(hashes); i++) {
        if (hashes[i].id == id)
            return hashes[i].name;
    }
    return NULL;
}
