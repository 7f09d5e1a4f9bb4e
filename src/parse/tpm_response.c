/* SPDX-License-Identifier: MIT */
#include "parse/tpm_response.h"

#include "vbscheck/count.h"

enum { SIZE_AT = 2 };

/* The capabilities that this program asks for, among those that tss2-mu knows. */
static bool is_asked_for(TPM2_CAP capability)
{
    return capability == TPM2_CAP_ALGS || capability == TPM2_CAP_HANDLES ||
           capability == TPM2_CAP_PCRS || capability == TPM2_CAP_TPM_PROPERTIES;
}

/* tss2-mu refuses counts and sizes above the specification's, or beyond the bytes. */
static void read_values(struct rd *r, const struct tss2_mu_lib *mu, TPMS_CAPABILITY_DATA *out)
{
    struct span in = r->in;
    size_t at = r->at;
    TPMI_YES_NO more = TPM2_NO;
    if (mu->Tss2_MU_BYTE_Unmarshal(in.ptr, in.len, &at, &more) != TSS2_RC_SUCCESS)
        rd_fail(r, ST_MALFORMED, "it ends before its values");
    else if (more != TPM2_NO && more != TPM2_YES)
        rd_fail(r, ST_MALFORMED, "moreData is neither yes nor no");
    if (!rd_ok(r))
        return;
    rd_seek(r, at);
    if (mu->Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal(in.ptr, in.len, &at, out) != TSS2_RC_SUCCESS)
        rd_fail(r, ST_MALFORMED, "its values do not match their own counts");
    else if (!is_asked_for(out->capability))
        rd_fail(r, ST_MALFORMED, "a capability that was not asked for");
    if (!rd_ok(r))
        return;
    rd_seek(r, at);
    if (rd_left(r) > 0)
        rd_fail(r, ST_MALFORMED, "something follows the values");
}

static void read_response(struct rd *r, const struct tss2_mu_lib *mu, struct tpm_response *t)
{
    uint16_t tag = rd_be16(r);
    uint32_t size = rd_be32(r);
    t->rc = rd_be32(r);
    t->family_1 = tag == TPM2_ST_RSP_COMMAND;
    if (rd_ok(r) && tag != TPM2_ST_NO_SESSIONS && !t->family_1)
        rd_fail(r, ST_MALFORMED, "its tag is not the tag of a response");
    if (rd_ok(r) && size != r->in.len) {
        rd_seek(r, SIZE_AT);
        rd_fail(r, ST_MALFORMED, "its length is not the length that it declares");
    }
    if (rd_ok(r) && t->family_1 && t->rc == TPM2_RC_SUCCESS)
        rd_fail(r, ST_MALFORMED, "a TPM 1.2 claims to know the command");
    if (rd_ok(r) && t->rc == TPM2_RC_SUCCESS)
        read_values(r, mu, &t->values);
    else if (rd_left(r) > 0)
        rd_fail(r, ST_MALFORMED, "something follows an error code");
}

enum status tpm_response_parse(struct span response, const struct tss2_mu_lib *mu,
                               struct tpm_response *out, struct fault *fault)
{
    struct rd r = rd_open(response);
    struct tpm_response t = {0};
    read_response(&r, mu, &t);
    if (fault != NULL)
        *fault = r.fault;
    if (rd_ok(&r))
        *out = t;
    return rd_status(&r);
}

bool tpm_response_property(const struct tpm_response *r, TPM2_PT property, uint32_t *out)
{
    if (r->values.capability != TPM2_CAP_TPM_PROPERTIES)
        return false;
    const TPML_TAGGED_TPM_PROPERTY *list = &r->values.data.tpmProperties;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->tpmProperty[i].property == property) {
            *out = list->tpmProperty[i].value;
            return true;
        }
    }
    return false;
}

bool tpm_bank_is_allocated(const TPMS_PCR_SELECTION *bank)
{
    for (unsigned i = 0; i < bank->sizeofSelect; i++) {
        if (bank->pcrSelect[i] != 0)
            return true;
    }
    return false;
}

const char *tpm_hash_name(TPM2_ALG_ID id)
{
    /* spelled as Linux names its folders of banks */
    static const struct {
        TPM2_ALG_ID id;
        const char *name;
    } hashes[] = {
        {TPM2_ALG_SHA1, "sha1"},         {TPM2_ALG_SHA256, "sha256"},
        {TPM2_ALG_SHA384, "sha384"},     {TPM2_ALG_SHA512, "sha512"},
        {TPM2_ALG_SM3_256, "sm3-256"},   {TPM2_ALG_SHA3_256, "sha3-256"},
        {TPM2_ALG_SHA3_384, "sha3-384"}, {TPM2_ALG_SHA3_512, "sha3-512"},
    };
    for (size_t i = 0; i < COUNT(hashes); i++) {
        if (hashes[i].id == id)
            return hashes[i].name;
    }
    return NULL;
}
