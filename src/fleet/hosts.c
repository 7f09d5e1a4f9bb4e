/* SPDX-License-Identifier: MIT */
/* Hosts already counted: 6 bytes each, in a table of a fixed size. */
#include <string.h>

#include "fleet/fleet.h"

/* Limits the search, even for a hostile list: a host that finds no free slot is not remembered. */
enum { PROBES = 64, SLOTS = 1 << 21 };

/*
 * A host's identity: its label, or the path of its evidence together with the machine's names,
 * since many machines may name their capture alike. A live scan has no path, and the folder of
 * --root is not a name.
 */
static const char *host_identity(const struct told *t, struct arena *a)
{
    const char *const *h = t->host;
    if (t->label != NULL)
        return arena_printf(a, "label %s", t->label);
    bool evidence =
        t->kind != NULL && (strcmp(t->kind, "capture") == 0 || strcmp(t->kind, "evidence") == 0);
    if (!evidence || t->path == NULL || strcmp(t->path, "-") == 0)
        return NULL;
    return arena_printf(a, "path %s\n%s\n%s\n%s", t->path, h[TOLD_VENDOR] ? h[TOLD_VENDOR] : "",
                        h[TOLD_PRODUCT] ? h[TOLD_PRODUCT] : "", h[TOLD_BOARD] ? h[TOLD_BOARD] : "");
}

/* The slot of a hash, or a free one; SLOTS if there is neither among PROBES. */
static size_t place_of(const struct host_set *s, uint64_t hash, bool *known)
{
    uint32_t low = (uint32_t)hash | 1;
    uint16_t high = (uint16_t)(hash >> 32);
    size_t at = (size_t)(hash * 0x9e3779b97f4a7c15 >> 43);
    *known = false;
    for (unsigned i = 0; i < PROBES; i++, at = (at + 1) & (SLOTS - 1)) {
        *known = s->low[at] == low && s->high[at] == high;
        if (*known || s->low[at] == 0)
            return at;
    }
    return SLOTS;
}

void host_set_init(struct host_set *s, struct arena *a)
{
    *s = (struct host_set){.low = arena_new(a, uint32_t, SLOTS),
                           .high = arena_new(a, uint16_t, SLOTS)};
}

bool host_set_add(struct fleet *f, const struct told *t, struct arena *a, bool *known)
{
    struct host_set *s = &f->hosts;
    const char *identity = host_identity(t, a);
    *known = false;
    if (identity == NULL)
        return false;
    uint64_t hash = name_hash(identity);
    size_t at = place_of(s, hash, known);
    if (*known)
        return true;
    if (at == SLOTS || s->n == FLEET_HOSTS_KNOWN) {
        f->hosts_full = true;
        return true;
    }
    s->low[at] = (uint32_t)hash | 1;
    s->high[at] = (uint16_t)(hash >> 32);
    s->n++;
    return true;
}
