/* SPDX-License-Identifier: MIT */
#include "probe/drivers/image.h"

#include <string.h>

#include "parse/pe/pe.h"
#include "parse/signature/authenticode.h"
#include "probe/drivers/beside.h"
#include "probe/drivers/digest.h"
#include "probe/drivers/image_checks.h"
#include "probe/drivers/policy.h"

/* The data that the image's directories point to. */
struct parts {
    struct pe_imports imports;
    struct pe_relocs relocs;
    struct pe_version version;
    struct pe_certificates certificates;
};

static const char *fault_text(struct arena *a, const struct fault *f)
{
    return arena_printf(a, "%s (byte %zu)", f->what, f->offset);
}

/* Reads all parts even if some are malformed; reports the first fault. */
static const char *read_parts(const struct pe_image *pe, struct arena *a, struct parts *out)
{
    struct fault f;
    const char *wrong = NULL;
    if (pe_imports(pe, &out->imports, &f) != ST_OK)
        wrong = fault_text(a, &f);
    if (pe_relocs(pe, &out->relocs, &f) != ST_OK && wrong == NULL)
        wrong = fault_text(a, &f);
    if (pe_version(pe, a, &out->version, &f) != ST_OK && wrong == NULL)
        wrong = fault_text(a, &f);
    if (pe_certificates(pe, &out->certificates, &f) != ST_OK && wrong == NULL)
        wrong = fault_text(a, &f);
    return wrong;
}

/* A violation counts even if other parts cannot be read. */
static enum driver_result result_of(const struct driver *d)
{
    bool undecided = false;
    for (size_t i = 0; i < d->n_checks; i++) {
        if (d->checks[i].kind == CHECK_VIOLATION)
            return DRIVER_VIOLATION;
        undecided |= d->checks[i].kind == CHECK_UNDECIDED;
    }
    if (d->fault != NULL)
        return DRIVER_MALFORMED;
    return undecided ? DRIVER_UNDECIDED : DRIVER_CLEAN;
}

static void take_version(const struct pe_version *v, struct arena *a, struct driver *d)
{
    d->company = v->company;
    d->product = v->product;
    d->description = v->description;
    d->original_name = v->original_name;
    d->internal_name = v->internal_name;
    if (v->present)
        d->version = arena_printf(a, "%u.%u.%u.%u", v->file_version[0], v->file_version[1],
                                  v->file_version[2], v->file_version[3]);
}

/* Signatures ------------------------------------------------------------------------------ */

static const char *joined(struct arena *a, const char *list, const char *more)
{
    return arena_printf(a, "%s%s%s", list != NULL ? list : "", list != NULL ? " | " : "",
                        more != NULL ? more : "");
}

static void read_signatures(const struct parts *parts, struct arena *a, struct signatures *out,
                            struct driver *d)
{
    struct fault f;
    out->cut = parts->certificates.cut;
    for (size_t i = 0; i < parts->certificates.n; i++) {
        if (authenticode_parse(parts->certificates.pkcs7[i], a, out, &f) != ST_OK &&
            d->fault == NULL)
            d->fault = arena_printf(a, "a signature: %s (its byte %zu)", f.what, f.offset);
    }
    for (size_t i = 0; i < out->n; i++) {
        const struct signature *s = &out->all[i];
        d->signers = joined(a, d->signers, s->n_chain > 0 ? s->chain[0].name : "");
    }
}

/* Digests --------------------------------------------------------------------------------- */

struct digests {
    struct digest whole, authenti[HASH_SHA512 + 1], first_sha1, first_sha256;
};

static void make_digests(const struct pe_image *pe, const struct signatures *signatures,
                         const struct digest_lib *lib, struct digests *out)
{
    struct pe_digest_parts p = pe_digest_parts(pe);
    struct pe_first_page f = pe_first_page(pe);
    bool wanted[HASH_SHA512 + 1] = {[HASH_SHA1] = true, [HASH_SHA256] = true};
    for (size_t i = 0; i < signatures->n; i++)
        wanted[signatures->all[i].hash] = true;
    for (unsigned kind = HASH_SHA1; kind <= HASH_SHA512; kind++) {
        if (wanted[kind])
            out->authenti[kind] =
                digest_parts(lib, (enum hash_kind)kind, p.part, PE_DIGEST_PARTS, p.zeros);
    }
    out->first_sha1 = digest_parts(lib, HASH_SHA1, f.part, PE_DIGEST_PARTS, f.zeros);
    out->first_sha256 = digest_parts(lib, HASH_SHA256, f.part, PE_DIGEST_PARTS, f.zeros);
}

static struct span bytes_of(const struct digest *d)
{
    return (struct span){d->bytes, d->n};
}

/* "differ" if a signature's digest is not the file's. */
static const char *compare_digests(const struct signatures *all, const struct digests *d)
{
    const char *result = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct signature *s = &all->all[i];
        if (s->hash == HASH_NONE || s->digest.len == 0 || d->authenti[s->hash].n == 0)
            continue;
        if (!span_equal(s->digest, bytes_of(&d->authenti[s->hash])))
            return "differ";
        result = "match";
    }
    return result;
}

static void take_digests(const struct digests *g, struct arena *a, struct driver *d)
{
    d->sha256 = digest_text(&g->whole, a);
    d->authentihash_sha1 = digest_text(&g->authenti[HASH_SHA1], a);
    d->authentihash_sha256 = digest_text(&g->authenti[HASH_SHA256], a);
    d->first_page_sha1 = digest_text(&g->first_sha1, a);
    d->first_page_sha256 = digest_text(&g->first_sha256, a);
}

/* The block policy ------------------------------------------------------------------------ */

enum { CATALOGS_MAX = 4 }; /* catalogs that sign one file */

/* Room for the signatures of a file and of the catalogs that sign it. */
struct signed_by {
    struct driver_signature list[(1 + CATALOGS_MAX) * SIGNATURES_MAX];
    size_t n;
    bool cut;
};

/* Returns the TBS digests of the signers' own certificates, as text. */
static const char *add_signatures(const struct signatures *all, const struct digest_lib *lib,
                                  struct arena *a, struct signed_by *out)
{
    const char *text = NULL;
    out->cut |= all->cut;
    for (size_t i = 0; i < all->n; i++) {
        struct driver_signature *to = &out->list[out->n++];
        *to = signature_facts(&all->all[i], lib, a);
        size_t own = strcspn(to->tbs, ",");
        if (own > 0)
            text = joined(a, text, arena_printf(a, "%.*s", (int)own, to->tbs));
    }
    return text;
}

/* Adds all of them, since it is not known which one Windows would use. */
static void add_catalogs(const struct image_options *o, const struct digests *g, struct arena *a,
                         struct signed_by *by, struct driver *d)
{
    const struct beside_catalog *c;
    for (size_t n = 0; !by->cut; n++) {
        c = beside_signing(o->beside, d->path, bytes_of(&g->authenti[HASH_SHA1]),
                           bytes_of(&g->authenti[HASH_SHA256]), n);
        if (c == NULL)
            return;
        by->cut = n == CATALOGS_MAX;
        if (n == 0)
            d->catalog = c->path;
        if (n < CATALOGS_MAX)
            (void)add_signatures(&c->catalog.signatures, o->digest, a, by);
    }
}

/* Digests are needed on request, for a policy, and for a catalog that may sign the file. */
static bool needs_digests(const struct image_options *o, const struct signatures *own)
{
    return o->digest != NULL &&
           (o->digests || o->policy != NULL || (own->n == 0 && beside_has_catalogs(o->beside)));
}

static void look_deeper(const struct pe_image *pe, const struct signatures *signatures,
                        const struct image_options *options, struct arena *a, struct driver *d)
{
    struct digests *g = arena_new(a, struct digests, 1);
    struct signed_by *by = arena_new(a, struct signed_by, 1);
    make_digests(pe, signatures, options->digest, g);
    if (options->digests || options->policy != NULL) /* no catalog needs it */
        g->whole = digest_parts(options->digest, HASH_SHA256, &pe->file, 1, 0);
    take_digests(g, a, d);
    d->signatures = compare_digests(signatures, g);
    d->tbs = add_signatures(signatures, options->digest, a, by);
    add_catalogs(options, g, a, by, d);
    d->chains = by->list;
    d->n_chains = by->n;
    d->chains_cut = by->cut;
    if (options->policy != NULL)
        driver_apply_policy(options->policy, d, a);
}

/* For broken headers, reports only the fault. */
static void give_malformed(const char *fault, const struct image_options *options, struct arena *a,
                           struct driver *d)
{
    d->fault = fault;
    d->result = DRIVER_MALFORMED;
    if (options->policy != NULL)
        driver_apply_policy(options->policy, d, a);
}

static void take_counts(const struct pe_image *pe, const struct parts *parts, struct driver *d)
{
    d->legacy_pool = parts->imports.legacy_pool;
    d->straddling = parts->relocs.straddling;
    d->no_nx_compat = (pe->dll_characteristics & PE_DLL_NX_COMPAT) == 0;
}

static void look_at_parts(const struct pe_image *pe, const struct image_options *options,
                          struct arena *a, struct driver *d)
{
    struct parts parts = {0};
    struct image_checks checks = {.arena = a};
    struct signatures *signatures = arena_new(a, struct signatures, 1);
    d->arch = pe_machine_name(pe->machine, a);
    d->fault = read_parts(pe, a, &parts);
    read_signatures(&parts, a, signatures, d);
    image_checks_run(pe, &parts.imports, &parts.certificates, &checks);
    d->checks = checks.items;
    d->n_checks = checks.n;
    d->result = result_of(d);
    take_version(&parts.version, a, d);
    take_counts(pe, &parts, d);
    d->inf = beside_hardware(options->beside, d, a);
    if (needs_digests(options, signatures))
        look_deeper(pe, signatures, options, a, d);
}

bool image_look(struct span file, bool named, const struct image_options *options, struct arena *a,
                struct driver *out)
{
    struct driver d = {.path = out->path, .group = out->group};
    struct pe_image pe;
    struct fault f;
    int subsystem = pe_is_image(file) ? pe_subsystem(file) : -1;
    if (subsystem != PE_SUBSYSTEM_NATIVE && !(subsystem < 0 && named))
        return false;
    if (pe_parse(file, a, &pe, &f) == ST_OK)
        look_at_parts(&pe, options, a, &d);
    else
        give_malformed(fault_text(a, &f), options, a, &d);
    *out = d;
    return true;
}
