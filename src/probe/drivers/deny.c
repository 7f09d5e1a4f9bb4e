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

/* Names and versions of a rule, all of which have to fit. */
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
    if (!f->has_version)
        return any ? UNDECIDED : YES;
    return f->version >= rule->min && f->version <= rule->max ? YES : NO;
}

static enum match fits_rule(const struct sip_rule *rule, const struct deny_file *f)
{
    if (rule->hash.len > 0)
        return fits_hash(rule->hash, f) ? YES : NO;
    /* A rule by path alone says nothing that a file shows. */
    if (rule->file_name == NULL && rule->internal_name == NULL && rule->description == NULL &&
        rule->product == NULL)
        return NO;
    return fits_attributes(rule, f);
}

static bool is_signed_by(const struct sip_signer *s, const struct deny_signature *signature)
{
    bool found = false;
    for (size_t i = 0; i < signature->n && s->tbs.len > 0; i++)
        found |= span_equal(signature->tbs[i], s->tbs);
    return found && (s->publisher == NULL || is_like(s->publisher, signature->publisher)) &&
           (s->oem_id == NULL || is_like(s->oem_id, signature->program));
}

/* The best of several rules. */
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
    return except == UNDECIDED || !any ? UNDECIDED : m;
}

static void note(enum match m, const char *id, const char *why, struct out *by, struct denial *d)
{
    if (m == YES)
        out_printf(by, "%s%s", by->len > 0 ? ", " : "", id);
    else if (m == UNDECIDED)
        d->undecided = why;
}

struct denial deny(const struct sipolicy *policy, const struct deny_file *file, struct arena *a)
{
    static const char version[] = "it has no version resource, and rules ask for one";
    static const char signer[] =
        "it carries no signature, no catalog given signs it, and rules ask who signed it";
    struct denial d = {0};
    struct out by;
    out_init(&by, a);
    for (size_t i = 0; i < policy->n_rules; i++) {
        const struct sip_rule *rule = &policy->rules[i];
        if (rule->referred && rule->kind == SIP_DENY)
            note(fits_rule(rule, file), rule->id, version, &by, &d);
    }
    for (size_t i = 0; i < policy->n_signers; i++) {
        const struct sip_signer *s = &policy->signers[i];
        if (s->denied)
            note(fits_signer(policy, s, file), s->id, file->unsigned_here ? signer : version, &by,
                 &d);
    }
    d.by = arena_text(a, out_span(&by));
    return d;
}
