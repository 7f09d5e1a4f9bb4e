/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "load/windows/windows_pack.h"
#include "parse/driver_list.h"
#include "parse/signature/catalog.h"
#include "probe/drivers/digest.h"
#include "vbscheck/hex.h"

enum { CATALOG_ARENA_MAX = 24 << 20 };

/* A driver that carries no signature. */
struct wanted {
    struct span sha1, sha256;
    const char *digest; /* its SHA-256 as text */
};

static struct span bytes_of(const char *text, struct arena *a)
{
    struct span s = text != NULL ? span_of(text) : (struct span){0};
    uint8_t *to = arena_new(a, uint8_t, s.len / 2 + 1);
    for (size_t i = 0; i + 1 < s.len; i += 2)
        to[i / 2] = (uint8_t)(hex_digit(s.ptr[i]) << 4 | (hex_digit(s.ptr[i + 1]) & 15));
    return (struct span){to, s.len / 2};
}

static struct wanted *find_wanted(const struct driver_list *l, struct arena *a, size_t *n)
{
    struct wanted *all = arena_new(a, struct wanted, l->n);
    *n = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        if (d->n_chains == 0 && d->authentihash_sha256 != NULL)
            all[(*n)++] =
                (struct wanted){bytes_of(d->authentihash_sha1, a),
                                bytes_of(d->authentihash_sha256, a), d->authentihash_sha256};
    }
    return all;
}

static void write_signed(const struct wanted *w, const char *path, const struct signatures *by,
                         const struct digest_lib *digest, struct arena *a, struct out *out)
{
    out_printf(out, "signed %s", w->digest);
    driver_list_head(out, "", path);
    for (size_t i = 0; i < by->n; i++) {
        struct driver_signature s = signature_facts(&by->all[i], digest, a);
        driver_list_chain(out, &s);
    }
}

static bool has_any(const struct catalog *c, const struct wanted *w)
{
    return (w->sha1.len > 0 && catalog_has(c, w->sha1)) ||
           (w->sha256.len > 0 && catalog_has(c, w->sha256));
}

void windows_look_at_catalogs(const struct windows_catalog *catalogs, size_t n, struct span drivers,
                              const struct digest_lib *digest, struct arena *a, struct out *out)
{
    struct driver_list list = {0};
    size_t n_wanted = 0, unread = 0;
    if (driver_list_parse(drivers, a, &list, NULL) != ST_OK)
        return;
    struct wanted *wanted = find_wanted(&list, a, &n_wanted);
    for (size_t i = 0; i < n && n_wanted > 0; i++) {
        struct arena once;
        struct catalog c;
        arena_init(&once, CATALOG_ARENA_MAX, a->oom);
        bool read = catalog_parse(catalogs[i].data, &once, &c, NULL) == ST_OK;
        unread += !read;
        for (size_t j = 0; read && j < n_wanted; j++) {
            if (has_any(&c, &wanted[j]))
                write_signed(&wanted[j], catalogs[i].path, &c.signatures, digest, &once, out);
        }
        arena_reset(&once);
    }
    if (unread > 0)
        driver_list_head(
            out, "notice",
            arena_printf(a, "catalogs that are damaged and were not read: %zu", unread));
}
