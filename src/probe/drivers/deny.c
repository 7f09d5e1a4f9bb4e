/* SPDX-License-Identifier: MIT */
#include "probe/drivers/deny.h"

#include "vbscheck/count.h"
#include "vbscheck/out.h"

enum match { NO, UNDECIDED, YES };

static bool is_like(const char *a, const char *b)
{
    return a != NULL && b != NULL && span_like(span_of(a), span_of(b));
}

static bool fits_hash(struct span hash, const struct deny_file *f)
{
    return hash.len > 0 &&
           (span_equal(hash, f->authentihash_sha1) || span_equal(hash, f->authentihash_sha256) ||
            span_equal(hash, f->first_page_sha1) || span_equal(hash, f->first_page_sha256));
}

static bool is_wildcard(const char *name)
{
    return name[0] == '*' && name[1] == '\0';
}

/* Names and versions of a rule, all of which have to match. */
static enum match fits_attributes(const struct sip_rule *rule, const struct deny_file *f)
{
    const struct {
        const char *wanted, *real;
    } names[] = {
        {rule->file_name, f->original_name},
        {rule->internal_name, f->internal_name},
        {rule->description, f->description},
        {rule->product, f->product},
    };
    bool any = false;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i].wanted == NULL || is_wildcard(names[i].wanted))
            continue;
        any = true;
        if (f->has_version && !is_like(names[i].wanted, names[i].real))
            return NO;
    }
    any |= rule->min != 0 || rule->max != SIP_ANY_VERSION;
    if (f->has_version && (f->version < rule->min || f->version > rule->max))
        return NO;
    return rule->asks_more || (any && !f->has_version) ? UNDECIDED : YES;
}

static enum match fits_rule(const struct sip_rule *rule, const struct deny_file *f)
{
    if (rule->hash.len > 0)
        return fits_hash(rule->hash, f) ? YES : NO;
    bool by_name = rule->file_name != NULL || rule->internal_name != NULL ||
                   rule->description != NULL || rule->product != NULL;
    return by_name || rule->asks_more ? fits_attributes(rule, f) : NO;
}

/* A root that Windows knows by number; no policy shows which certificate it is. */
static bool is_well_known(const struct sip_signer *s)
{
    return s->tbs.len == 0;
}

static bool is_signed_by(const struct sip_signer *s, const struct deny_signature *signature)
{
    bool found = is_well_known(s);
    for (size_t i = 0; i < signature->n && !found; i++)
        found |= span_equal(signature->tbs[i], s->tbs);
    return found && (s->publisher == NULL || is_like(s->publisher, signature->publisher)) &&
           (s->oem_id == NULL || is_like(s->oem_id, signature->program));
}

/* The best match of several rules. */
static enum match fits_any(const struct sipolicy *p, const uint32_t *list, size_t n,
                           const struct deny_file *f)
{
    enum match best = NO;
    for (size_t i = 0; i < n; i++) {
        const struct sip_rule *rule = &p->rules[list[i]];
        enum match m = rule->hash.len > 0 ? fits_rule(rule, f) : fits_attributes(rule, f);
        if (m > best)
            best = m;
    }
    return best;
}

static enum match fits_signer(const struct sipolicy *p, const struct sip_signer *s,
                              const struct deny_file *f)
{
    bool any = false;
    for (size_t i = 0; i < f->n_signatures; i++)
        any |= is_signed_by(s, &f->signatures[i]);
    if (!any && !f->unsigned_here)
        return NO;
    enum match m = s->n_attributes > 0 ? fits_any(p, s->attributes, s->n_attributes, f) : YES;
    enum match except = fits_any(p, s->exceptions, s->n_exceptions, f);
    if (m == NO || except == YES)
        return NO;
    return except == UNDECIDED || !any || s->asks_more || is_well_known(s) ? UNDECIDED : m;
}

/* Results collected over all rules. */
struct denying {
    struct out by;
    const char *undecided;
};

static void note(struct denying *d, enum match m, const char *id, const char *why)
{
    if (m == YES)
        out_printf(&d->by, "%s%s", d->by.len > 0 ? ", " : "", id);
    else if (m == UNDECIDED)
        d->undecided = why;
}

static const char *why_rule(const struct sip_rule *rule, const struct deny_file *f)
{
    if (rule->asks_more && f->has_version)
        return "rules depend on the place, the package or the app that it is started from";
    return "it has no version resource, but rules need one";
}

static const char *why_signer(const struct sip_signer *s, const struct deny_file *f)
{
    if (f->unsigned_here)
        return "it has no signature and no catalog given signs it, but rules depend on its signer";
    if (is_well_known(s))
        return "rules name a root certificate by a number that only Windows knows";
    if (s->asks_more)
        return "rules depend on a key usage, an issuer or a time of its signature";
    return "it has no version resource, but rules need one";
}

/*
 * True if the policy denies everything that it does not allow, and none of its file rules allows
 * this file. Does not evaluate the allowed signers.
 */
static bool is_open_to_none(const struct sipolicy *p, const struct deny_file *f)
{
    bool lists = p->allows_signers;
    for (size_t i = 0; i < p->n_rules; i++) {
        const struct sip_rule *rule = &p->rules[i];
        if (!rule->referred || rule->kind != SIP_ALLOW)
            continue;
        lists = true;
        if (fits_rule(rule, f) == YES)
            return false;
    }
    return lists;
}

struct denial deny(const struct sipolicy *policy, const struct deny_file *file, struct arena *a)
{
    struct denying d = {.undecided = NULL};
    out_init(&d.by, a);
    for (size_t i = 0; i < policy->n_rules; i++) {
        const struct sip_rule *rule = &policy->rules[i];
        if (rule->referred && rule->kind == SIP_DENY)
            note(&d, fits_rule(rule, file), rule->id, why_rule(rule, file));
        else if (rule->referred && rule->kind == SIP_UNTOLD)
            d.undecided = "the policy has a FileRule, and it is not documented what that denies";
    }
    for (size_t i = 0; i < policy->n_signers; i++) {
        const struct sip_signer *s = &policy->signers[i];
        if (s->denied)
            note(&d, fits_signer(policy, s, file), s->id, why_signer(s, file));
    }
    if (file->signatures_cut)
        d.undecided = "it has too many signatures or certificates to check";
    else if (d.undecided == NULL && is_open_to_none(policy, file))
        d.undecided =
            "the policy lists what it allows, and nothing shows that this file is on the list";
    return (struct denial){arena_text(a, out_span(&d.by)), d.undecided};
}
