/* SPDX-License-Identifier: MIT */
#include "load/digest.h"

#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { HEX_LEN = 2 * DIGEST_LEN };

static void put_sha256(struct out *o, struct span data, const struct digest_lib *lib)
{
    unsigned char md[DIGEST_LEN] = {0};
    char hex[HEX_LEN];
    (void)lib->SHA256(data.len > 0 ? data.ptr : md, data.len, md);
    for (size_t i = 0; i < sizeof md; i++)
        (void)hex_put(&hex[2 * i], md[i], 2);
    out_bytes(o, hex, sizeof hex);
}

static void put_blob(struct out *o, const struct blob *b, const struct digest_lib *lib)
{
    out_printf(o, "%s ", status_name(b->st));
    if (b->st != ST_OK && b->st != ST_TRUNCATED)
        out_char(o, '-');
    else if (b->sha256 != NULL)
        out_str(o, b->sha256);
    else
        put_sha256(o, b->data, lib);
    out_printf(o, " %s\n", b->name);
}

const char *load_digest(const struct snapshot *s, const struct digest_lib *lib, struct arena *a)
{
    struct out list, digest;
    out_init(&list, a);
    out_init(&digest, a);
    for (size_t i = 0; i < s->n; i++)
        put_blob(&list, &s->blobs[i], lib);
    out_str(&digest, "sha256:");
    put_sha256(&digest, out_span(&list), lib);
    return arena_text(a, out_span(&digest));
}
