/* SPDX-License-Identifier: MIT */
#include "probe/drivers/digest.h"

#include "vbscheck/out.h"

static const struct evp_md_st *algorithm(const struct digest_lib *lib, enum hash_kind kind)
{
    switch (kind) {
    case HASH_SHA1:
        return lib->EVP_sha1();
    case HASH_SHA256:
        return lib->EVP_sha256();
    case HASH_SHA384:
        return lib->EVP_sha384();
    case HASH_SHA512:
        return lib->EVP_sha512();
    case HASH_NONE:
    default:
        return NULL;
    }
}

static bool add_zeros(const struct digest_lib *lib, struct evp_md_ctx_st *ctx, size_t n)
{
    static const uint8_t zeros[512];
    bool ok = true;
    for (; ok && n > 0; n -= n < sizeof zeros ? n : sizeof zeros)
        ok = lib->EVP_DigestUpdate(ctx, zeros, n < sizeof zeros ? n : sizeof zeros) == 1;
    return ok;
}

struct digest digest_parts(const struct digest_lib *lib, enum hash_kind kind,
                           const struct span *parts, size_t n, size_t zeros)
{
    struct digest d = {0};
    const struct evp_md_st *md = algorithm(lib, kind);
    struct evp_md_ctx_st *ctx = md != NULL ? lib->EVP_MD_CTX_new() : NULL;
    if (ctx == NULL)
        return d;
    unsigned length = 0;
    bool ok = lib->EVP_DigestInit_ex(ctx, md, NULL) == 1;
    for (size_t i = 0; ok && i < n; i++)
        ok = parts[i].len == 0 || lib->EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len) == 1;
    ok = ok && add_zeros(lib, ctx, zeros) && lib->EVP_DigestFinal_ex(ctx, d.bytes, &length) == 1;
    lib->EVP_MD_CTX_free(ctx);
    d.n = ok ? length : 0;
    return d;
}

const char *digest_text(const struct digest *d, struct arena *a)
{
    static const char digits[] = "0123456789abcdef";
    if (d->n == 0)
        return NULL;
    char *text = arena_new(a, char, 2 * d->n + 1);
    for (size_t i = 0; i < d->n; i++) {
        text[2 * i] = digits[d->bytes[i] >> 4];
        text[2 * i + 1] = digits[d->bytes[i] & 0xf];
    }
    return text;
}

struct driver_signature signature_facts(const struct signature *s, const struct digest_lib *lib,
                                        struct arena *a)
{
    struct out tbs;
    out_init(&tbs, a);
    for (size_t i = 0; i < s->n_chain; i++) {
        struct digest d = digest_parts(lib, s->chain[i].hash, &s->chain[i].tbs, 1, 0);
        const char *text = digest_text(&d, a);
        out_printf(&tbs, "%s%s", i > 0 ? "," : "", text != NULL ? text : "");
    }
    return (struct driver_signature){
        .tbs = arena_text(a, out_span(&tbs)),
        .publisher = s->n_chain > 0 ? s->chain[0].name : NULL,
        .program = s->program,
    };
}
