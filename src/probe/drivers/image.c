/* SPDX-License-Identifier: MIT */
#include "probe/drivers/image.h"

#include "parse/pe/pe.h"
#include "parse/signature/authenticode.h"
#include "probe/drivers/beside.h"
#include "probe/drivers/deny.h"
#include "probe/drivers/digest.h"
#include "probe/drivers/image_checks.h"

/* What directories point to. */
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

/* All of them, whichever is malformed: the first fault is told. */
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

/* A violation was seen, whatever else cannot be read. */
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

/* "differ" where one signature's digest is not the file's. */
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

enum { CATALOGS_MAX = 4 }; /* that sign one file */

/* Room for the signatures of a file, and for those of the catalogs that sign it. */
struct signed_by {
    struct deny_signature list[(1 + CATALOGS_MAX) * SIGNATURES_MAX];
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
        const struct signature *s = &all->all[i];
        struct deny_signature *to = &out->list[out->n++];
        to->program = s->program;
        to->publisher = s->n_chain > 0 ? s->chain[0].name : NULL;
        for (size_t j = 0; j < s->n_chain; j++) {
            struct digest *tbs = arena_new(a, struct digest, 1);
            *tbs = digest_parts(lib, s->chain[j].hash, &s->chain[j].tbs, 1, 0);
            to->tbs[to->n++] = bytes_of(tbs);
            if (j == 0)
                text = joined(a, text, digest_text(tbs, a));
        }
    }
    return text;
}

/* All of them: which one Windows would take, nobody says. */
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

static uint64_t version_of(const struct pe_version *v)
{
    return (uint64_t)v->file_version[0] << 48 | (uint64_t)v->file_version[1] << 32 |
           (uint64_t)v->file_version[2] << 16 | v->file_version[3];
}

static void apply_policy(const struct sipolicy *policy, const struct digests *g,
                         const struct parts *parts, struct deny_file file, struct driver *d,
                         struct arena *a)
{
    const struct pe_version *v = &parts->version;
    file.authentihash_sha1 = bytes_of(&g->authenti[HASH_SHA1]);
    file.authentihash_sha256 = bytes_of(&g->authenti[HASH_SHA256]);
    file.first_page_sha1 = bytes_of(&g->first_sha1);
    file.first_page_sha256 = bytes_of(&g->first_sha256);
    file.has_version = v->present;
    file.version = version_of(v);
    file.original_name = v->original_name;
    file.internal_name = v->internal_name;
    file.description = v->description;
    file.product = v->product;
    struct denial denial = deny(policy, &file, a);
    d->denied_by = denial.by;
    d->undenied = denial.undecided;
    if (d->fault != NULL && d->undenied == NULL)
        d->undenied = "it is malformed";
}

/* Digests are made where they were asked for, for a policy, and for a catalog that may sign it. */
static bool needs_digests(const struct image_options *o, const struct signatures *own)
{
    return o->digest != NULL &&
           (o->digests || o->policy != NULL || (own->n == 0 && beside_has_catalogs(o->beside)));
}

static void look_deeper(const struct pe_image *pe, const struct parts *parts,
                        const struct signatures *signatures, const struct image_options *options,
                        struct arena *a, struct driver *d)
{
    struct digests *g = arena_new(a, struct digests, 1);
    struct signed_by *by = arena_new(a, struct signed_by, 1);
    make_digests(pe, signatures, options->digest, g);
    if (options->digests || options->policy != NULL) /* no catalog asks for it */
        g->whole = digest_parts(options->digest, HASH_SHA256, &pe->file, 1, 0);
    take_digests(g, a, d);
    d->signatures = compare_digests(signatures, g);
    d->tbs = add_signatures(signatures, options->digest, a, by);
    add_catalogs(options, g, a, by, d);
    struct deny_file file = {
        .signatures = by->list,
        .n_signatures = by->n,
        .signatures_cut = by->cut,
        .unsigned_here = by->n == 0,
    };
    if (options->policy != NULL)
        apply_policy(options->policy, g, parts, file, d, a);
}

/* What is wrong with its headers is all that there is to say. */
static void give_malformed(const char *fault, const struct image_options *options, struct driver *d)
{
    d->fault = fault;
    d->result = DRIVER_MALFORMED;
    if (options->policy != NULL)
        d->undenied = "it is malformed";
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
        look_deeper(pe, &parts, signatures, options, a, d);
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
        give_malformed(fault_text(a, &f), options, &d);
    *out = d;
    return true;
}
