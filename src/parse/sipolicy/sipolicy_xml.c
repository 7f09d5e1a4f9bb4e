/* SPDX-License-Identifier: MIT */
/*
 * The XML form, read with libxml2's reader, as all XML here. It runs from memory: no network, no
 * file, no document type (a document that has one is refused, so that no entity is ever made).
 */
#include <string.h>

#include "parse/sipolicy/sipolicy.h"
#include "parse/sipolicy/sipolicy_refs.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

enum { ATTRIBUTES_MAX = 16, DEPTH_MAX = 32 };

/* <libxml/xmlreader.h>, <libxml/parser.h> */
enum { NODE_ELEMENT = 1, NODE_TEXT = 3, NODE_DOCTYPE = 10 };
enum { PARSE_NOERROR = 1 << 5, PARSE_NOWARNING = 1 << 6, PARSE_NONET = 1 << 11 };

struct element {
    const char *name;
    struct {
        const char *name, *value;
    } attributes[ATTRIBUTES_MAX];
    size_t n;
};

struct reading {
    const struct xml_lib *lib;
    struct _xmlTextReader *reader;
    struct arena *arena;
    struct sipolicy policy;
    struct sip_ref *refs;
    size_t n_refs;
    bool kernel;        /* inside the kernel's scenario */
    bool in_version;    /* the next text is the policy's version */
    const char *denied; /* ID of the DeniedSigner at hand */
    const char *problem;
};

static const char *get(const struct element *e, const char *name)
{
    for (size_t i = 0; i < e->n; i++) {
        if (strcmp(e->attributes[i].name, name) == 0)
            return e->attributes[i].value;
    }
    return NULL;
}

static void fail(struct reading *x, const char *what)
{
    if (x->problem == NULL)
        x->problem = what;
}

/* "1.2.3.4"; a missing version becomes `missing`. */
static uint64_t version_of(struct reading *x, const char *text, uint64_t missing)
{
    struct span s = span_of(text != NULL ? text : "");
    uint64_t v = 0, part;
    if (text == NULL)
        return missing;
    for (unsigned i = 0; i < 4; i++) {
        if (!span_take_dec(&s, &part) || part > UINT16_MAX || (i < 3 && !span_starts(s, "."))) {
            fail(x, "a version that does not have four numbers");
            return missing;
        }
        v = v << 16 | part;
        s = span_skip(s, 1);
    }
    return v;
}

static struct span bytes_of(struct reading *x, const char *hex)
{
    size_t n = hex != NULL ? strlen(hex) / 2 : 0;
    if (hex != NULL && hex[2 * n] != '\0')
        fail(x, "a digest of an odd number of digits");
    uint8_t *bytes = arena_alloc(x->arena, n, 1);
    for (size_t i = 0; i < n; i++) {
        unsigned high = hex_digit((uint8_t)hex[2 * i]), low = hex_digit((uint8_t)hex[2 * i + 1]);
        if (high > 15 || low > 15) {
            fail(x, "a digest that is not hexadecimal");
            return (struct span){0};
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return (struct span){bytes, n};
}

static void add_ref(struct reading *x, struct sip_ref ref)
{
    if (ref.id == NULL)
        fail(x, "a reference to nothing");
    else if (x->n_refs == SIPOLICY_REFS_MAX)
        fail(x, "too many references for a block policy");
    if (x->problem != NULL)
        return;
    x->refs = arena_grow(x->arena, x->refs, x->n_refs, sizeof *x->refs);
    x->refs[x->n_refs++] = ref;
}

/* Elements -------------------------------------------------------------------------------- */

static void add_rule(struct reading *x, const struct element *e, enum sip_kind kind)
{
    struct sipolicy *p = &x->policy;
    if (get(e, "ID") == NULL || p->n_rules == SIPOLICY_RULES_MAX) {
        fail(x, "a file rule without an ID, or too many of them");
        return;
    }
    p->rules = arena_grow(x->arena, p->rules, p->n_rules, sizeof *p->rules);
    p->rules[p->n_rules++] = (struct sip_rule){
        .id = get(e, "ID"),
        .kind = kind,
        .hash = bytes_of(x, get(e, "Hash")),
        .file_name = get(e, "FileName"),
        .internal_name = get(e, "InternalName"),
        .description = get(e, "FileDescription"),
        .product = get(e, "ProductName"),
        .min = version_of(x, get(e, "MinimumFileVersion"), 0),
        .max = version_of(x, get(e, "MaximumFileVersion"), SIP_ANY_VERSION),
        .asks_more = get(e, "FilePath") != NULL || get(e, "PackageFamilyName") != NULL ||
                     get(e, "AppIDs") != NULL,
    };
    sipolicy_no_limits(&p->rules[p->n_rules - 1]);
}

static void on_deny(struct reading *x, const struct element *e)
{
    add_rule(x, e, SIP_DENY);
}

static void on_allow(struct reading *x, const struct element *e)
{
    add_rule(x, e, SIP_ALLOW);
}

static void on_attribute(struct reading *x, const struct element *e)
{
    add_rule(x, e, SIP_ATTRIBUTE);
}

static void on_file_rule(struct reading *x, const struct element *e)
{
    add_rule(x, e, SIP_UNTOLD);
}

static void on_signer(struct reading *x, const struct element *e)
{
    struct sipolicy *p = &x->policy;
    const char *id = get(e, "ID");
    if (id == NULL || p->n_signers == SIPOLICY_SIGNERS_MAX) {
        fail(x, "a signer without an ID, or too many of them");
        return;
    }
    p->signers = arena_grow(x->arena, p->signers, p->n_signers, sizeof *p->signers);
    bool timed = get(e, "SignTimeAfter") != NULL;
    p->signers[p->n_signers++] = (struct sip_signer){.id = id, .asks_more = timed};
}

static struct sip_signer *last_signer(struct reading *x)
{
    if (x->policy.n_signers == 0)
        fail(x, "a certificate outside of a signer");
    return x->policy.n_signers > 0 ? &x->policy.signers[x->policy.n_signers - 1] : NULL;
}

static void on_root(struct reading *x, const struct element *e)
{
    struct sip_signer *s = last_signer(x);
    const char *type = get(e, "Type");
    if (s != NULL && type != NULL && strcmp(type, "TBS") == 0)
        s->tbs = bytes_of(x, get(e, "Value"));
}

/* CertEKU, CertIssuer */
static void on_more(struct reading *x, const struct element *e)
{
    struct sip_signer *s = last_signer(x);
    (void)e;
    if (s != NULL)
        s->asks_more = true;
}

static void on_publisher(struct reading *x, const struct element *e)
{
    struct sip_signer *s = last_signer(x);
    if (s != NULL)
        s->publisher = get(e, "Value");
}

static void on_oem_id(struct reading *x, const struct element *e)
{
    struct sip_signer *s = last_signer(x);
    if (s != NULL)
        s->oem_id = get(e, "Value");
}

static void on_attribute_ref(struct reading *x, const struct element *e)
{
    const struct sip_signer *s = last_signer(x);
    if (s != NULL)
        add_ref(x, (struct sip_ref){REF_ATTRIBUTE, get(e, "RuleID"), s->id});
}

static void on_scenario(struct reading *x, const struct element *e)
{
    const char *value = get(e, "Value");
    struct span digits = span_trim(span_of(value != NULL ? value : ""));
    uint64_t n;
    if (!span_take_dec(&digits, &n) || digits.len > 0)
        fail(x, "a signing scenario without a number");
    x->kernel = x->problem == NULL && n == SIPOLICY_KERNEL;
    if (x->kernel && get(e, "InheritedScenarios") != NULL)
        fail(x, SIPOLICY_INHERITS);
}

static void on_rule_ref(struct reading *x, const struct element *e)
{
    if (x->kernel)
        add_ref(x, (struct sip_ref){REF_RULE, get(e, "RuleID"), NULL});
}

static void on_denied_signer(struct reading *x, const struct element *e)
{
    x->denied = get(e, "SignerId");
    if (x->kernel)
        add_ref(x, (struct sip_ref){REF_SIGNER, x->denied, NULL});
}

static void on_allowed_signer(struct reading *x, const struct element *e)
{
    (void)e;
    x->denied = NULL;
    x->policy.allows_signers |= x->kernel;
}

static void on_exception(struct reading *x, const struct element *e)
{
    if (x->kernel && x->denied != NULL)
        add_ref(x, (struct sip_ref){REF_EXCEPTION, get(e, "AllowRuleID"), x->denied});
}

static void on_version(struct reading *x, const struct element *e)
{
    (void)e;
    x->in_version = true;
}

static const struct {
    const char *name;
    void (*take)(struct reading *x, const struct element *e);
} elements[] = {
    {"Deny", on_deny},
    {"Allow", on_allow},
    {"FileAttrib", on_attribute},
    {"FileRule", on_file_rule},
    {"Signer", on_signer},
    {"CertRoot", on_root},
    {"CertEKU", on_more},
    {"CertIssuer", on_more},
    {"CertPublisher", on_publisher},
    {"CertOemID", on_oem_id},
    {"FileAttribRef", on_attribute_ref},
    {"SigningScenario", on_scenario},
    {"FileRuleRef", on_rule_ref},
    {"DeniedSigner", on_denied_signer},
    {"AllowedSigner", on_allowed_signer},
    {"ExceptAllowRule", on_exception},
    {"VersionEx", on_version},
};

/* Reading --------------------------------------------------------------------------------- */

static const char *copy(struct reading *x, const unsigned char *text)
{
    return arena_printf(x->arena, "%s", text != NULL ? (const char *)text : "");
}

static void take_element(struct reading *x)
{
    struct element e = {.name = (const char *)x->lib->xmlTextReaderConstLocalName(x->reader)};
    size_t row = 0;
    while (row < COUNT(elements) && (e.name == NULL || strcmp(elements[row].name, e.name) != 0))
        row++;
    x->in_version = false;
    if (row == COUNT(elements))
        return;
    while (x->lib->xmlTextReaderMoveToNextAttribute(x->reader) == 1) {
        if (e.n == ATTRIBUTES_MAX) {
            fail(x, "an element with too many attributes for a policy");
            return;
        }
        e.attributes[e.n].name = copy(x, x->lib->xmlTextReaderConstLocalName(x->reader));
        e.attributes[e.n].value = copy(x, x->lib->xmlTextReaderConstValue(x->reader));
        e.n++;
    }
    elements[row].take(x, &e);
}

static void take_node(struct reading *x)
{
    int type = x->lib->xmlTextReaderNodeType(x->reader);
    if (type == NODE_DOCTYPE)
        fail(x, "a document type, which policies cannot have");
    else if (x->lib->xmlTextReaderDepth(x->reader) > DEPTH_MAX)
        fail(x, "elements nested too deeply for a policy");
    else if (type == NODE_ELEMENT)
        take_element(x);
    else if (type == NODE_TEXT && x->in_version && x->policy.version == NULL)
        x->policy.version = copy(x, x->lib->xmlTextReaderConstValue(x->reader));
}

enum status sipolicy_parse_xml(struct span data, const struct xml_lib *xml, struct arena *a,
                               struct sipolicy *out, const char **problem)
{
    struct reading x = {.lib = xml, .arena = a};
    if (xml == NULL) {
        *problem = "it is XML, but libxml2, which reads XML, is not installed";
        return ST_UNSUPPORTED;
    }
    x.reader = xml->xmlReaderForMemory((const char *)data.ptr, (int)data.len, NULL, NULL,
                                       PARSE_NOERROR | PARSE_NOWARNING | PARSE_NONET);
    int more = x.reader != NULL ? 1 : -1;
    while (x.problem == NULL && more == 1 && (more = xml->xmlTextReaderRead(x.reader)) == 1)
        take_node(&x);
    if (x.reader != NULL)
        xml->xmlFreeTextReader(x.reader);
    if (more < 0)
        fail(&x, "it is not well-formed XML");
    if (x.problem == NULL && x.policy.n_rules + x.policy.n_signers == 0)
        fail(&x, "it holds no rule: it is not a block policy");
    if (x.problem == NULL)
        x.problem = sipolicy_resolve(&x.policy, x.refs, x.n_refs, a);
    if (x.problem != NULL) {
        *problem = x.problem;
        return ST_MALFORMED;
    }
    *out = x.policy;
    return ST_OK;
}
