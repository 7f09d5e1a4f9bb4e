/* SPDX-License-Identifier: MIT */
#include "compare/told.h"

#include <string.h>

#include "rules/rule.h"
#include "vbscheck/count.h"

static const struct {
    const char *key, *words;
    bool names; /* identifies the machine, which keeps it */
} host_members[TOLD_HOST_COUNT] = {
    [TOLD_ARCH] = {"arch", "architecture", true},
    [TOLD_VENDOR] = {"vendor", "vendor", true},
    [TOLD_PRODUCT] = {"product", "product", true},
    [TOLD_BOARD] = {"board", "base board", true},
    [TOLD_FIRMWARE_VERSION] = {"firmware_version", "firmware", false},
    [TOLD_FIRMWARE_DATE] = {"firmware_date", "firmware date", false},
    [TOLD_KERNEL] = {"kernel", "kernel", false},
    [TOLD_HYPERVISOR] = {"hypervisor", "hypervisor", false},
    [TOLD_VIEWPOINT] = {"viewpoint", "seen from", false},
};

const char *told_host_key(enum told_host h)
{
    return host_members[h].key;
}

const char *told_host_words(enum told_host h)
{
    return host_members[h].words;
}

bool told_looks_like(struct span bytes)
{
    if (span_starts(bytes, "\xef\xbb\xbf"))
        bytes = span_skip(bytes, 3);
    bytes = span_trim(bytes);
    return bytes.len > 0 && bytes.ptr[0] == '{';
}

const struct told_rule *told_rule(const struct told *t, const char *id)
{
    for (size_t i = 0; i < t->n_rules; i++) {
        if (strcmp(t->rules[i].id, id) == 0)
            return &t->rules[i];
    }
    return NULL;
}

static bool is_word(const char *text, const char *word)
{
    return text != NULL && strcmp(text, word) == 0;
}

unsigned told_badness(const char *rule, const char *status, const char *reason)
{
    const struct rule *known = rule_find(rule);
    bool excused = known != NULL && known->excuse.caveat != NULL &&
                   is_word(reason, status_name(known->excuse.reason));
    if (is_word(status, verdict_name(V_FAIL)))
        return 2;
    if (is_word(status, verdict_name(V_PASS)) || is_word(status, verdict_name(V_NOT_APPLICABLE)))
        return 0;
    return is_word(status, verdict_name(V_UNKNOWN)) && excused ? 0 : 1;
}

unsigned told_verdict_badness(const char *verdict)
{
    return is_word(verdict, "not-ready") ? 2 : is_word(verdict, "ready") ? 0 : 1;
}

/* Required rules count for a verdict; if there are none, all do. */
bool told_counts(const struct told *t, const struct told_rule *r)
{
    const char *required = level_name(LEVEL_REQUIRED);
    for (size_t i = 0; i < t->n_rules; i++) {
        if (is_word(t->rules[i].level, required))
            return is_word(r->level, required);
    }
    return true;
}

const char *told_two_machines(const struct told *x, const struct told *y, struct arena *a)
{
    if (x->label != NULL && y->label != NULL && strcmp(x->label, y->label) != 0)
        return arena_printf(a, "the label \"host\" is %s and %s", x->label, y->label);
    for (size_t i = 0; i < TOLD_HOST_COUNT; i++) {
        const char *l = x->host[i], *r = y->host[i];
        if (host_members[i].names && l != NULL && r != NULL && strcmp(l, r) != 0)
            return arena_printf(a, "the %s is %s and %s", host_members[i].words, l, r);
    }
    return NULL;
}
