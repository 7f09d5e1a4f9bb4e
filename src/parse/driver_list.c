/* SPDX-License-Identifier: MIT */
#include "parse/driver_list.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"

static const struct {
    const char *key;
    size_t at;
} texts[] = {
    {"path", offsetof(struct driver, path)}, /* as "driver" */
    {"arch", offsetof(struct driver, arch)},
    {"fault", offsetof(struct driver, fault)},
    {"sha256", offsetof(struct driver, sha256)},
    {"authentihash-sha1", offsetof(struct driver, authentihash_sha1)},
    {"authentihash-sha256", offsetof(struct driver, authentihash_sha256)},
    {"first-page-sha1", offsetof(struct driver, first_page_sha1)},
    {"first-page-sha256", offsetof(struct driver, first_page_sha256)},
    {"company", offsetof(struct driver, company)},
    {"product", offsetof(struct driver, product)},
    {"version", offsetof(struct driver, version)},
    {"description", offsetof(struct driver, description)},
    {"original-name", offsetof(struct driver, original_name)},
    {"internal-name", offsetof(struct driver, internal_name)},
    {"signers", offsetof(struct driver, signers)},
    {"tbs", offsetof(struct driver, tbs)},
    {"signatures", offsetof(struct driver, signatures)},
    {"catalog", offsetof(struct driver, catalog)},
    {"denied-by", offsetof(struct driver, denied_by)},
    {"undenied", offsetof(struct driver, undenied)},
    {"inf", offsetof(struct driver, inf)},
};

static const struct {
    const char *key;
    size_t at;
} counts[] = {
    {"legacy-pool", offsetof(struct driver, legacy_pool)},
    {"no-nx-compat", offsetof(struct driver, no_nx_compat)},
    {"straddling", offsetof(struct driver, straddling)},
};

/* Members of a structure by their place in the tables above. */
static const char **text_of(struct driver *d, size_t i)
{
    return (const char **)(void *)((char *)d + texts[i].at);
}

static uint32_t *count_of(struct driver *d, size_t i)
{
    return (uint32_t *)(void *)((char *)d + counts[i].at);
}

/* Writing ---------------------------------------------------------------------------------- */

static void put_line(struct out *o, const char *key, const char *value)
{
    out_str(o, key);
    out_char(o, ' ');
    for (; *value != '\0'; value++)
        out_char(o, (unsigned char)*value < ' ' ? '?' : *value);
    out_char(o, '\n');
}

void driver_list_head(struct out *o, const char *key, const char *value)
{
    put_line(o, key, value);
}

/* Publisher and program belong to the chain before them. */
void driver_list_chain(struct out *o, const struct driver_signature *s)
{
    put_line(o, "chain", s->tbs);
    if (s->publisher != NULL)
        put_line(o, "publisher", s->publisher);
    if (s->program != NULL)
        put_line(o, "program", s->program);
}

void driver_list_write(struct out *o, const struct driver *d)
{
    struct driver copy = *d;
    put_line(o, "driver", d->path);
    put_line(o, "group", driver_group_name(d->group));
    put_line(o, "result", driver_result_name(d->result));
    for (size_t i = 1; i < COUNT(texts); i++) {
        if (*text_of(&copy, i) != NULL)
            put_line(o, texts[i].key, *text_of(&copy, i));
    }
    for (size_t i = 0; i < COUNT(counts); i++) {
        if (*count_of(&copy, i) != 0)
            out_printf(o, "%s %lu\n", counts[i].key, (unsigned long)*count_of(&copy, i));
    }
    for (size_t i = 0; i < d->n_chains; i++)
        driver_list_chain(o, &d->chains[i]);
    if (d->chains_cut)
        put_line(o, "chains-cut", "yes");
    for (size_t i = 0; i < d->n_checks; i++) {
        const struct driver_check *c = &d->checks[i];
        out_printf(o, "check 0x%lx 0x%lx %lu %s", (unsigned long)c->bit, (unsigned long)c->code,
                   (unsigned long)c->own, driver_check_kind_name(c->kind));
        put_line(o, "", c->section != NULL ? c->section : "");
    }
}

/* Reading ---------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    struct driver_list list;
    struct driver *items;
    struct driver_check *checks; /* of the driver at hand */
    struct driver_signature *chains;
    const char *wrong;
};

static unsigned word_index(struct span word, const char *(*name)(unsigned), unsigned n)
{
    unsigned i = 0;
    while (i < n && !span_is(word, name(i)))
        i++;
    return i;
}

static const char *result_at(unsigned i)
{
    return driver_result_name((enum driver_result)i);
}

static const char *group_at(unsigned i)
{
    return driver_group_name((enum driver_group)i);
}

static const char *kind_at(unsigned i)
{
    return driver_check_kind_name((enum driver_check_kind)i);
}

static void start_driver(struct reading *r, struct span path)
{
    if (r->list.n == DRIVER_LIST_MAX) {
        r->wrong = "more drivers than are read";
        return;
    }
    r->items = arena_grow(r->arena, r->items, r->list.n, sizeof *r->items);
    r->items[r->list.n++] = (struct driver){
        .path = arena_text(r->arena, path),
        .group = DRIVER_GIVEN,
    };
    r->checks = NULL;
    r->chains = NULL;
}

static void take_check(struct reading *r, struct driver *d, struct span value)
{
    struct driver_check c = {0};
    struct span kind;
    bool ok = span_next_u32(&value, &c.bit) && span_next_u32(&value, &c.code) &&
              span_next_u32(&value, &c.own) && span_next_word(&value, &kind);
    unsigned k = ok ? word_index(kind, kind_at, CHECK_KINDS) : CHECK_KINDS;
    if (k == CHECK_KINDS) {
        r->wrong = "a check that cannot be read";
        return;
    }
    if (d->n_checks == DRIVER_CHECKS_MAX) {
        r->wrong = "more checks of one driver than are read";
        return;
    }
    value = span_trim(value);
    c.kind = (enum driver_check_kind)k;
    c.section = value.len > 0 ? arena_text(r->arena, value) : NULL;
    r->checks = arena_grow(r->arena, r->checks, d->n_checks, sizeof *r->checks);
    r->checks[d->n_checks++] = c;
    d->checks = r->checks;
}

static void take_chain(struct reading *r, struct driver *d, struct span key, struct span value)
{
    if (span_is(key, "chain") && d->n_chains == DRIVER_CHAINS_MAX) {
        r->wrong = "more signatures of one driver than are read";
    } else if (span_is(key, "chain")) {
        r->chains = arena_grow(r->arena, r->chains, d->n_chains, sizeof *r->chains);
        r->chains[d->n_chains++] = (struct driver_signature){.tbs = arena_text(r->arena, value)};
        d->chains = r->chains;
    } else if (d->n_chains > 0 && span_is(key, "publisher")) {
        r->chains[d->n_chains - 1].publisher = arena_text(r->arena, value);
    } else if (d->n_chains > 0 && span_is(key, "program")) {
        r->chains[d->n_chains - 1].program = arena_text(r->arena, value);
    } else if (span_is(key, "chains-cut")) {
        d->chains_cut = true;
    }
}

static void take_member(struct reading *r, struct driver *d, struct span key, struct span value)
{
    uint64_t n;
    for (size_t i = 1; i < COUNT(texts); i++) {
        if (span_is(key, texts[i].key))
            *text_of(d, i) = arena_text(r->arena, value);
    }
    for (size_t i = 0; i < COUNT(counts); i++) {
        if (span_is(key, counts[i].key) && span_number(value, &n) && n <= UINT32_MAX)
            *count_of(d, i) = (uint32_t)n;
    }
    if (span_is(key, "result")) {
        d->result = (enum driver_result)word_index(value, result_at, DRIVER_RESULTS);
        if (d->result == DRIVER_RESULTS)
            r->wrong = "an unknown result";
    } else if (span_is(key, "group")) {
        d->group = (enum driver_group)word_index(value, group_at, DRIVER_GROUPS);
        if (d->group == DRIVER_GROUPS)
            r->wrong = "an unknown group";
    } else if (span_is(key, "check")) {
        take_check(r, d, value);
    } else {
        take_chain(r, d, key, value);
    }
}

static bool is_notice(struct span key)
{
    return span_is(key, "notice") || span_is(key, "remark");
}

static void add_notice(struct reading *r, struct span key, struct span text)
{
    enum { NOTICES_MAX = 64 };
    r->list.incomplete |= span_is(key, "notice");
    if (r->list.n_notices == NOTICES_MAX)
        return;
    r->list.notices =
        arena_grow(r->arena, r->list.notices, r->list.n_notices, sizeof *r->list.notices);
    r->list.notices[r->list.n_notices++] = arena_text(r->arena, text);
}

static void take_head(struct reading *r, struct span key, struct span value)
{
    uint64_t n;
    if (span_is(key, "target"))
        r->list.target = arena_text(r->arena, value);
    else if (span_is(key, "policy"))
        r->list.policy = arena_text(r->arena, value);
    else if (span_is(key, "policy-edition"))
        r->list.policy_edition = arena_text(r->arena, value);
    else if (span_is(key, "policy-of-disk"))
        r->list.policy_of_disk = span_is(value, "yes");
    else if (span_is(key, "skipped") && span_number(value, &n))
        r->list.skipped += (size_t)n;
    else if (is_notice(key))
        add_notice(r, key, value);
}

static bool is_of_driver(struct span key)
{
    return !span_is(key, "skipped") && !is_notice(key);
}

enum status driver_list_parse(struct span text, struct arena *a, struct driver_list *out,
                              struct fault *fault)
{
    struct reading r = {.arena = a};
    struct span rest = text, line;
    while (r.wrong == NULL && span_next_line(&rest, &line)) {
        struct span value = line, key;
        if (!span_next_word(&value, &key))
            continue;
        value = span_skip(value, 1); /* the one blank; a path may start with more */
        if (span_is(key, "driver"))
            start_driver(&r, value);
        else if (r.list.n > 0 && is_of_driver(key))
            take_member(&r, &r.items[r.list.n - 1], key, value);
        else
            take_head(&r, key, value);
    }
    if (r.wrong != NULL)
        return refuse(fault, text.len - rest.len, r.wrong);
    r.list.items = r.items;
    *out = r.list;
    return ST_OK;
}
