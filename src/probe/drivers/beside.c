/* SPDX-License-Identifier: MIT */
#include "probe/drivers/beside.h"

#include <string.h>

/* Length of the folder part of `path`; paths of archive members may contain backslashes. */
static size_t folder_len(const char *path)
{
    size_t n = strlen(path);
    while (n > 0 && path[n - 1] != '/' && path[n - 1] != '\\')
        n--;
    return n;
}

/* In the same folder, or in a parent folder. */
static bool is_near(const char *beside, const char *path)
{
    size_t n = folder_len(beside);
    return n <= folder_len(path) && strncmp(beside, path, n) == 0;
}

static void add_catalog(struct beside *b, struct arena *a, const char *path, bool anywhere,
                        struct span file)
{
    struct catalog c;
    if (catalog_parse(file, a, &c, NULL) != ST_OK)
        return;
    b->catalogs = arena_grow(a, b->catalogs, b->n_catalogs, sizeof *b->catalogs);
    b->catalogs[b->n_catalogs++] = (struct beside_catalog){path, anywhere, c};
}

void beside_add(struct beside *b, struct arena *a, struct arena *scratch, const char *path,
                bool anywhere, struct span file)
{
    struct inf inf;
    if (catalog_is(file)) {
        add_catalog(b, a, path, anywhere, file);
        return;
    }
    if (!span_ends_like(span_of(path), ".inf") || inf_parse(file, a, scratch, &inf, NULL) != ST_OK)
        return;
    b->infs = arena_grow(a, b->infs, b->n_infs, sizeof *b->infs);
    b->infs[b->n_infs++] = (struct beside_inf){path, anywhere, inf};
}

bool beside_has_catalogs(const struct beside *b)
{
    while (b != NULL && b->n_catalogs == 0)
        b = b->outer;
    return b != NULL;
}

const struct beside_catalog *beside_signing(const struct beside *b, const char *path,
                                            struct span sha1, struct span sha256, size_t nth)
{
    for (; b != NULL; b = b->outer) {
        for (size_t i = 0; i < b->n_catalogs; i++) {
            const struct beside_catalog *c = &b->catalogs[i];
            bool signs = (c->anywhere || is_near(c->path, path)) &&
                         (catalog_has(&c->catalog, sha1) || catalog_has(&c->catalog, sha256));
            if (signs && nth-- == 0)
                return c;
        }
    }
    return NULL;
}

static const char *hardware_of(const struct beside_inf *inf, const struct driver *d,
                               struct arena *a)
{
    const char *name = d->path + folder_len(d->path);
    if (!(inf->anywhere || is_near(inf->path, d->path)) || !inf_installs(&inf->inf, name))
        return NULL;
    return inf_hardware(&inf->inf, d->arch, a);
}

const char *beside_hardware(const struct beside *b, const struct driver *d, struct arena *a)
{
    const char *found = NULL;
    for (; b != NULL && found == NULL; b = b->outer) {
        for (size_t i = 0; i < b->n_infs && found == NULL; i++)
            found = hardware_of(&b->infs[i], d, a);
    }
    return found;
}
