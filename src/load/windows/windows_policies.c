/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "load/load.h"
#include "load/windows/windows_pack.h"
#include "parse/driver_list.h"
#include "probe/drivers/policy.h"
#include "vbscheck/count.h"

enum { CHAINS_MAX = 32 }; /* of one file, catalogs included */

struct applying {
    struct arena *arena;
    struct out *out;
    struct driver_list list;
    struct sipolicy *policies;
    const struct windows_policy *from;
    size_t n;
};

/* Catalogs --------------------------------------------------------------------------------- */

static void add_chain(struct applying *p, struct driver *d, struct span tbs)
{
    if (d->n_chains == CHAINS_MAX) {
        d->chains_cut = true;
        return;
    }
    struct driver_signature *all = arena_new(p->arena, struct driver_signature, d->n_chains + 1);
    if (d->n_chains > 0)
        memcpy(all, d->chains, d->n_chains * sizeof *all);
    all[d->n_chains] = (struct driver_signature){.tbs = arena_text(p->arena, tbs)};
    d->chains = all;
    d->n_chains++;
}

static void set_name(struct applying *p, struct driver *d, struct span key, struct span value)
{
    struct driver_signature *last = arena_new(p->arena, struct driver_signature, d->n_chains);
    memcpy(last, d->chains, d->n_chains * sizeof *last);
    if (span_is(key, "publisher"))
        last[d->n_chains - 1].publisher = arena_text(p->arena, value);
    else
        last[d->n_chains - 1].program = arena_text(p->arena, value);
    d->chains = last;
}

static bool is_digest(const struct driver *d, struct span digest)
{
    return d->authentihash_sha256 != NULL && span_is(digest, d->authentihash_sha256);
}

/* A line "signed" or one after it, for each driver with that digest. */
static void take_signed(struct applying *p, struct span digest, const char *path, struct span key,
                        struct span value)
{
    for (size_t i = 0; i < p->list.n; i++) {
        struct driver *d = &p->list.items[i];
        if (!is_digest(d, digest))
            continue;
        if (d->catalog == NULL)
            d->catalog = path;
        if (span_is(key, "chain"))
            add_chain(p, d, value);
        else if (d->n_chains > 0 && (span_is(key, "publisher") || span_is(key, "program")))
            set_name(p, d, key, value);
    }
}

static void take_catalogs(struct applying *p, struct span text)
{
    struct span line, key, digest = {0};
    const char *path = NULL;
    while (span_next_line(&text, &line)) {
        if (!span_next_word(&line, &key))
            continue;
        if (span_is(key, "notice")) {
            driver_list_head(p->out, "notice", arena_text(p->arena, span_skip(line, 1)));
        } else if (span_is(key, "signed")) {
            (void)span_next_word(&line, &digest);
            path = arena_text(p->arena, span_skip(line, 1));
            take_signed(p, digest, path, key, line);
        } else if (path != NULL) {
            take_signed(p, digest, path, key, span_skip(line, 1));
        }
    }
}

/* Policies --------------------------------------------------------------------------------- */

/* A policy of the disk that cannot be read causes a notice; one given by the user is an error. */
static bool read_policies(struct applying *p, const struct windows_policy_work *w,
                          const char **problem)
{
    p->policies = arena_new(p->arena, struct sipolicy, w->n);
    struct windows_policy *kept = arena_new(p->arena, struct windows_policy, w->n);
    for (size_t i = 0; i < w->n; i++) {
        const struct windows_policy *from = &w->policies[i];
        const char *wrong = "";
        if (sipolicy_parse(from->data, w->xml, p->arena, &p->policies[p->n], &wrong) == ST_OK) {
            kept[p->n++] = *from;
            continue;
        }
        *problem =
            arena_printf(p->arena, "%s cannot be used as a block policy: %s", from->path, wrong);
        if (!from->disk)
            return false;
        driver_list_head(p->out, "notice", *problem);
    }
    p->from = kept;
    return true;
}

/* Names the first policy: at most one decides about drivers that are not denied. */
static void write_heads(struct applying *p)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->from[i].owners)
            continue;
        driver_list_head(p->out, "policy", load_leaf(p->from[i].path));
        if (p->policies[i].version != NULL)
            driver_list_head(p->out, "policy-edition", p->policies[i].version);
        if (p->from[i].disk)
            driver_list_head(p->out, "policy-of-disk", "yes");
        return;
    }
}

static void apply_to(struct applying *p, struct driver *d)
{
    const char *by = NULL, *open = NULL;
    for (size_t i = 0; i < p->n; i++) {
        struct driver copy = *d;
        if (p->from[i].owners && p->policies[i].audit)
            continue;
        driver_apply_policy(&p->policies[i], &copy, p->arena);
        if (!p->from[i].owners) {
            open = copy.undenied;
            by = by != NULL ? by : "";
        }
        if (copy.denied_by != NULL && copy.denied_by[0] != '\0')
            by = by != NULL && by[0] != '\0' ? arena_printf(p->arena, "%s, %s", by, copy.denied_by)
                                             : copy.denied_by;
    }
    d->denied_by = by;
    d->undenied = open;
}

/* The new blob ----------------------------------------------------------------------------- */

/* True for lines that are replaced. */
static bool is_replaced(struct span key)
{
    static const char *const keys[] = {"policy",   "policy-edition", "policy-of-disk", "denied-by",
                                       "undenied", "catalog",        "chain",          "publisher",
                                       "program",  "chains-cut"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (span_is(key, keys[i]))
            return true;
    }
    return false;
}

static void write_verdict(struct applying *p, const struct driver *d)
{
    if (d->catalog != NULL)
        driver_list_head(p->out, "catalog", d->catalog);
    for (size_t i = 0; i < d->n_chains; i++)
        driver_list_chain(p->out, &d->chains[i]);
    if (d->chains_cut)
        driver_list_head(p->out, "chains-cut", "yes");
    if (d->denied_by != NULL)
        driver_list_head(p->out, "denied-by", d->denied_by);
    if (d->undenied != NULL)
        driver_list_head(p->out, "undenied", d->undenied);
}

/* Line by line: unknown lines stay unchanged. */
static void write_all(struct applying *p, struct span text)
{
    struct span line, rest, key;
    size_t n = 0;
    while (span_next_line(&text, &line)) {
        rest = line;
        if (!span_next_word(&rest, &key) || is_replaced(key))
            continue;
        out_bytes(p->out, (const char *)line.ptr, line.len);
        out_char(p->out, '\n');
        if (span_is(key, "driver"))
            write_verdict(p, &p->list.items[n++]);
    }
}

bool windows_apply_policies(const struct windows_policy_work *w, struct arena *a, struct out *out,
                            const char **problem)
{
    struct applying p = {.arena = a, .out = out};
    struct fault f;
    if (driver_list_parse(w->drivers, a, &p.list, &f) != ST_OK) {
        *problem = arena_printf(a, "the list of drivers: %s (byte %zu)", f.what, f.offset);
        return false;
    }
    if (!read_policies(&p, w, problem))
        return false;
    write_heads(&p);
    take_catalogs(&p, w->signed_by);
    for (size_t i = 0; i < p.list.n && p.n > 0; i++)
        apply_to(&p, &p.list.items[i]);
    write_all(&p, w->drivers);
    return true;
}
