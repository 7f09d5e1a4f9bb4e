/* SPDX-License-Identifier: MIT */
/*
 * The binary form: little-endian, everything padded to 4 bytes. A count is never trusted before its
 * elements are read.
 */
#include "parse/pe/utf16.h"
#include "parse/refuse.h"
#include "parse/sipolicy/sipolicy.h"

enum {
    FORMAT_MAX = 8,
    HEADER_LENGTH = 0x40,
    GUID = 16,
    OPTION_AUDIT = 1 << 16,
    ROOT_TBS = 0,
    PARTS = 3, /* product, test and test-signing signers of a scenario */
};

/* Blocks of later formats, each after its number. */
enum { TAG_MAXIMUM = 3, TAG_NAMES = 4, TAG_PACKAGES = 5, TAG_POLICY = 6, TAG_PATHS = 7 };

struct reading {
    struct rd r;
    struct arena *arena;
    struct sipolicy policy;
    uint32_t format;
};

static struct span take_blob(struct reading *x)
{
    uint32_t n = rd_le32(&x->r);
    struct span s = rd_take(&x->r, n);
    rd_skip(&x->r, (4 - n % 4) % 4);
    return s;
}

static const char *take_text(struct reading *x)
{
    struct span s = take_blob(x);
    (void)rd_le32(&x->r);
    return rd_ok(&x->r) && s.len > 0 ? utf16_text(s, x->arena) : NULL;
}

static uint64_t take_version(struct reading *x)
{
    return rd_le64(&x->r); /* revision, build, minor, major: in this order one number */
}

static uint32_t take_count(struct reading *x, uint32_t max)
{
    uint32_t n = rd_le32(&x->r);
    if (n > max || n > rd_left(&x->r) / 4)
        rd_fail(&x->r, ST_MALFORMED, "a count that is larger than the policy");
    return rd_ok(&x->r) ? n : 0;
}

/* A list of indices; those beyond `limit` fail. */
static uint32_t *take_indices(struct reading *x, size_t limit, size_t *n)
{
    *n = take_count(x, SIPOLICY_REFS_MAX);
    uint32_t *list = arena_new(x->arena, uint32_t, *n);
    for (size_t i = 0; i < *n; i++) {
        list[i] = rd_le32(&x->r);
        if (list[i] >= limit)
            rd_fail(&x->r, ST_MALFORMED, "an index that points to nothing");
    }
    if (!rd_ok(&x->r))
        *n = 0;
    return list;
}

static void take_rules(struct reading *x)
{
    for (size_t i = 0; i < x->policy.n_rules; i++) {
        struct sip_rule *rule = &x->policy.rules[i];
        uint32_t kind = rd_le32(&x->r);
        if (kind > SIP_ATTRIBUTE)
            rd_fail(&x->r, ST_MALFORMED, "a rule of an unknown kind");
        rule->kind = (enum sip_kind)kind;
        rule->id = arena_printf(x->arena, "file rule %zu", i);
        rule->file_name = take_text(x);
        rule->min = take_version(x);
        rule->max = SIP_ANY_VERSION;
        sipolicy_no_limits(rule);
        rule->hash = take_blob(x);
    }
}

static void take_signers(struct reading *x)
{
    size_t n;
    for (size_t i = 0; i < x->policy.n_signers; i++) {
        struct sip_signer *s = &x->policy.signers[i];
        s->id = arena_printf(x->arena, "signer %zu", i);
        if (rd_le32(&x->r) == ROOT_TBS)
            s->tbs = take_blob(x);
        else
            (void)rd_le32(&x->r);
        (void)take_indices(x, SIZE_MAX, &n); /* EKUs */
        const char *issuer = take_text(x);
        s->asks_more = n > 0 || issuer != NULL;
        s->publisher = take_text(x);
        s->oem_id = take_text(x);
        s->attributes = take_indices(x, x->policy.n_rules, &s->n_attributes);
    }
}

static void take_scenario_signers(struct reading *x, bool kernel, bool deny)
{
    uint32_t n = take_count(x, SIPOLICY_REFS_MAX);
    x->policy.allows_signers |= kernel && !deny && n > 0;
    for (uint32_t i = 0; i < n && rd_ok(&x->r); i++) {
        uint32_t index = rd_le32(&x->r);
        size_t n_exceptions;
        uint32_t *exceptions = take_indices(x, x->policy.n_rules, &n_exceptions);
        if (index >= x->policy.n_signers)
            rd_fail(&x->r, ST_MALFORMED, "an index that does not point to a signer");
        if (!rd_ok(&x->r) || !kernel || !deny)
            continue;
        struct sip_signer *s = &x->policy.signers[index];
        s->denied = true;
        s->exceptions = exceptions;
        s->n_exceptions = n_exceptions;
    }
}

static void take_scenario(struct reading *x)
{
    size_t n;
    bool kernel = rd_le32(&x->r) == SIPOLICY_KERNEL;
    (void)take_indices(x, SIZE_MAX, &n);
    if (kernel && n > 0)
        rd_fail(&x->r, ST_MALFORMED, SIPOLICY_INHERITS);
    rd_skip(&x->r, 4); /* minimum hash */
    for (unsigned part = 0; part < PARTS; part++) {
        take_scenario_signers(x, kernel, false);
        take_scenario_signers(x, kernel, true);
        const uint32_t *refs = take_indices(x, x->policy.n_rules, &n);
        for (size_t i = 0; i < n && kernel; i++)
            x->policy.rules[refs[i]].referred = true;
    }
}

static void take_settings(struct reading *x)
{
    enum { BOOL, NUMBER, BLOB, TEXT };
    uint32_t n = take_count(x, SIPOLICY_REFS_MAX);
    for (uint32_t i = 0; i < n && rd_ok(&x->r); i++) {
        for (unsigned j = 0; j < 3; j++)
            (void)take_text(x);
        uint32_t type = rd_le32(&x->r);
        if (type == BOOL || type == NUMBER)
            rd_skip(&x->r, 4);
        else if (type == BLOB)
            (void)take_blob(x);
        else if (type == TEXT)
            (void)take_text(x);
        else
            rd_fail(&x->r, ST_MALFORMED, "a setting of an unknown type");
    }
}

static void take_maxima(struct reading *x)
{
    for (size_t i = 0; i < x->policy.n_rules && rd_ok(&x->r); i++) {
        struct sip_rule *rule = &x->policy.rules[i];
        rule->max = take_version(x);
        sipolicy_no_limits(rule);
        uint32_t n = take_count(x, SIPOLICY_REFS_MAX); /* apps */
        rule->asks_more |= n > 0;
        for (uint32_t j = 0; j < n && rd_ok(&x->r); j++)
            (void)take_text(x);
    }
    for (size_t i = 0; i < x->policy.n_signers; i++)
        x->policy.signers[i].asks_more |= rd_le64(&x->r) != 0; /* a time of signing */
}

static void take_names(struct reading *x)
{
    for (size_t i = 0; i < x->policy.n_rules && rd_ok(&x->r); i++) {
        struct sip_rule *rule = &x->policy.rules[i];
        rule->internal_name = take_text(x);
        rule->description = take_text(x);
        rule->product = take_text(x);
    }
}

static void take_packages(struct reading *x)
{
    for (size_t i = 0; i < x->policy.n_rules && rd_ok(&x->r); i++) {
        x->policy.rules[i].asks_more |= take_text(x) != NULL;
        (void)take_version(x);
    }
}

static void take_policy_ids(struct reading *x)
{
    size_t n;
    rd_skip(&x->r, 2 * GUID);
    (void)take_indices(x, x->policy.n_signers, &n); /* supplemental signers */
}

static void take_paths(struct reading *x)
{
    for (size_t i = 0; i < x->policy.n_rules && rd_ok(&x->r); i++)
        x->policy.rules[i].asks_more |= take_text(x) != NULL;
}

/* Blocks up to the end, which is marked by the number after the format's own. */
static void take_blocks(struct reading *x)
{
    static void (*const blocks[])(struct reading * x) = {
        [TAG_MAXIMUM] = take_maxima,    [TAG_NAMES] = take_names, [TAG_PACKAGES] = take_packages,
        [TAG_POLICY] = take_policy_ids, [TAG_PATHS] = take_paths,
    };
    for (uint32_t tag = TAG_MAXIMUM; tag <= x->format && rd_ok(&x->r); tag++) {
        if (rd_le32(&x->r) != tag)
            rd_fail(&x->r, ST_MALFORMED, "a block of the policy is in the wrong place");
        if (tag > TAG_PATHS)
            return; /* no later block is known to deny drivers */
        blocks[tag](x);
    }
    if (x->format >= TAG_MAXIMUM && rd_le32(&x->r) != x->format + 1)
        rd_fail(&x->r, ST_MALFORMED, "the policy has no end");
    if (rd_left(&x->r) > 0)
        rd_fail(&x->r, ST_MALFORMED, "bytes after the end of the policy");
}

/* Rejects a count whose elements cannot fit: each has at least 4 bytes. */
static size_t head_count(struct reading *x, uint32_t n, uint32_t max)
{
    if (n > max || n > rd_left(&x->r) / 4)
        rd_fail(&x->r, ST_MALFORMED, "a count that is larger than the policy");
    return rd_ok(&x->r) ? n : 0;
}

static void take_all(struct reading *x)
{
    size_t n;
    x->format = rd_le32(&x->r);
    if (x->format == 0 || x->format > FORMAT_MAX)
        rd_fail(&x->r, ST_MALFORMED, "neither XML nor a binary policy of a known format");
    rd_skip(&x->r, 2 * GUID); /* type, platform */
    x->policy.audit = (rd_le32(&x->r) & OPTION_AUDIT) != 0;
    uint32_t ekus = rd_le32(&x->r), rules = rd_le32(&x->r), signers = rd_le32(&x->r);
    uint32_t scenarios = rd_le32(&x->r);
    uint64_t v = take_version(x);
    if (rd_le32(&x->r) != HEADER_LENGTH)
        rd_fail(&x->r, ST_MALFORMED, "a header of the wrong length");
    x->policy.version =
        arena_printf(x->arena, "%u.%u.%u.%u", (unsigned)(v >> 48), (unsigned)(v >> 32 & 0xffff),
                     (unsigned)(v >> 16 & 0xffff), (unsigned)(v & 0xffff));
    for (uint32_t i = 0; i < ekus && rd_ok(&x->r); i++)
        (void)take_blob(x);
    x->policy.n_rules = head_count(x, rules, SIPOLICY_RULES_MAX);
    x->policy.rules = arena_new(x->arena, struct sip_rule, x->policy.n_rules);
    take_rules(x);
    x->policy.n_signers = head_count(x, signers, SIPOLICY_SIGNERS_MAX);
    x->policy.signers = arena_new(x->arena, struct sip_signer, x->policy.n_signers);
    take_signers(x);
    (void)take_indices(x, x->policy.n_signers, &n); /* update signers */
    (void)take_indices(x, x->policy.n_signers, &n); /* code integrity signers */
    for (uint32_t i = 0; i < scenarios && rd_ok(&x->r); i++)
        take_scenario(x);
    rd_skip(&x->r, 4); /* HVCI options */
    take_settings(x);
    take_blocks(x);
}

enum status sipolicy_parse_binary(struct span data, struct arena *a, struct sipolicy *out,
                                  struct fault *fault)
{
    struct reading x = {.r = rd_open(data), .arena = a};
    take_all(&x);
    if (!rd_ok(&x.r))
        return refuse(fault, x.r.fault.offset, x.r.fault.what);
    for (size_t i = 0; i < x.policy.n_rules; i++) {
        struct span *hash = &x.policy.rules[i].hash;
        *hash = (struct span){(const uint8_t *)arena_text(a, *hash), hash->len};
    }
    for (size_t i = 0; i < x.policy.n_signers; i++) {
        struct span *tbs = &x.policy.signers[i].tbs;
        *tbs = (struct span){(const uint8_t *)arena_text(a, *tbs), tbs->len};
    }
    *out = x.policy;
    return ST_OK;
}
