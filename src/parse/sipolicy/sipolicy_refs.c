/* SPDX-License-Identifier: MIT */
#include "parse/sipolicy/sipolicy_refs.h"

#include <stdlib.h>
#include <string.h>

struct named {
    const char *id;
    uint32_t index;
};

struct index {
    struct named *rules, *signers;
};

static int by_id(const void *a, const void *b)
{
    const struct named *l = a, *r = b;
    return strcmp(l->id, r->id);
}

/* Returns false if an ID occurs twice: a reference to it would be ambiguous. */
static bool sort(struct named *list, size_t n)
{
    if (n > 1)
        qsort(list, n, sizeof *list, by_id);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(list[i - 1].id, list[i].id) == 0)
            return false;
    }
    return true;
}

static bool make_index(const struct sipolicy *p, struct arena *a, struct index *out)
{
    out->rules = arena_new(a, struct named, p->n_rules);
    out->signers = arena_new(a, struct named, p->n_signers);
    for (uint32_t i = 0; i < p->n_rules; i++)
        out->rules[i] = (struct named){p->rules[i].id, i};
    for (uint32_t i = 0; i < p->n_signers; i++)
        out->signers[i] = (struct named){p->signers[i].id, i};
    return sort(out->rules, p->n_rules) && sort(out->signers, p->n_signers);
}

static const struct named *find(const struct named *list, size_t n, const char *id)
{
    struct named key = {.id = id};
    return n > 0 ? bsearch(&key, list, n, sizeof *list, by_id) : NULL;
}

static void append(uint32_t **list, size_t *n, uint32_t value, struct arena *a)
{
    *list = arena_grow(a, *list, *n, sizeof **list);
    (*list)[(*n)++] = value;
}

/* Returns false if its target is missing. */
static bool follow(struct sipolicy *p, const struct index *index, const struct sip_ref *ref,
                   struct arena *a)
{
    bool is_signer = ref->kind == REF_SIGNER, owned = ref->owner != NULL;
    const struct named *to = is_signer ? find(index->signers, p->n_signers, ref->id)
                                       : find(index->rules, p->n_rules, ref->id);
    const struct named *owner = owned ? find(index->signers, p->n_signers, ref->owner) : NULL;
    if (to == NULL || owned != (owner != NULL))
        return false;
    struct sip_signer *s = owner != NULL ? &p->signers[owner->index] : NULL;
    if (is_signer)
        p->signers[to->index].denied = true;
    else if (s == NULL)
        p->rules[to->index].referred = true;
    else if (ref->kind == REF_ATTRIBUTE)
        append(&s->attributes, &s->n_attributes, to->index, a);
    else
        append(&s->exceptions, &s->n_exceptions, to->index, a);
    return true;
}

const char *sipolicy_resolve(struct sipolicy *p, const struct sip_ref *refs, size_t n,
                             struct arena *a)
{
    struct index index;
    if (!make_index(p, a, &index))
        return "an ID that occurs twice";
    for (size_t i = 0; i < n; i++) {
        if (!follow(p, &index, &refs[i], a))
            return "a reference to an ID that does not exist";
    }
    return NULL;
}
