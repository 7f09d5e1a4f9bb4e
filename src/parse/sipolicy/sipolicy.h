/* SPDX-License-Identifier: MIT */
/*
 * Code integrity policies: the XML form by Microsoft's schema cipolicy.xsd (namespace
 * urn:schemas-microsoft-com:sipolicy), the binary form as made from that schema. Only a policy's
 * denials in the kernel (signing scenario 131) are kept.
 */
#ifndef PARSE_SIPOLICY_SIPOLICY_H
#define PARSE_SIPOLICY_SIPOLICY_H

#include "vbscheck/arena.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"

enum { SIPOLICY_KERNEL = 131 };

/* Caps: Microsoft's own list has 1,846 rules, 205 signers and 64 KiB of references. */
enum {
    SIPOLICY_MAX = 16 << 20, /* bytes */
    SIPOLICY_RULES_MAX = 1 << 16,
    SIPOLICY_SIGNERS_MAX = 1 << 14,
    SIPOLICY_REFS_MAX = 1 << 17,
};

/* SIP_UNTOLD: a FileRule of XML, of which no document says what it does where a scenario names it.
 */
enum sip_kind { SIP_DENY, SIP_ALLOW, SIP_ATTRIBUTE, SIP_UNTOLD };

/* A version as one number: major, minor, build, revision, 16 bits each. */
#define SIP_ANY_VERSION UINT64_MAX

struct sip_rule {
    const char *id; /* "ID_DENY_…"; of a binary policy its number */
    enum sip_kind kind;
    struct span hash; /* bytes; empty: not by hash */
    /* From the version resource; NULL: not required. */
    const char *file_name, *internal_name, *description, *product;
    uint64_t min, max;
    bool asks_more; /* it also needs a place, a package or an app, which no file shows */
    bool referred;  /* by the kernel's scenario */
};

struct sip_signer {
    const char *id;
    struct span tbs;                /* empty: a root that Windows knows by its number */
    const char *publisher, *oem_id; /* NULL: not asked for */
    uint32_t *attributes;           /* indices of rules */
    size_t n_attributes;
    uint32_t *exceptions; /* indices of rules: a file that one of them fits is not denied */
    size_t n_exceptions;
    bool asks_more; /* it also needs a key usage, an issuer or a time */
    bool denied;    /* by the kernel's scenario */
};

struct sipolicy {
    const char *version; /* "10.0.27770.0" */
    struct sip_rule *rules;
    size_t n_rules;
    struct sip_signer *signers;
    size_t n_signers;
    bool allows_signers; /* in the kernel */
    bool audit;          /* a binary policy that only logs what it would deny */
};

/*
 * Reads a policy: XML, binary, or binary inside PKCS#7. `xml` may be NULL where it is not XML.
 * Bytes and text are copied to `a`.
 * Returns ST_OK; ST_UNSUPPORTED (XML, and `xml` is NULL; a newer binary format); or ST_MALFORMED;
 * *problem says why in one line; *out is written on success only.
 */
enum status sipolicy_parse(struct span data, const struct xml_lib *xml, struct arena *a,
                           struct sipolicy *out, const char **problem);

/* True if it starts as XML does. */
bool sipolicy_is_xml(struct span data);

/* "None given" is 65535.65535.65535.65535 as a deny rule's minimum, 0.0.0.0 as any maximum. */
void sipolicy_no_limits(struct sip_rule *rule);

/* Message about a policy that would be read only in part. */
#define SIPOLICY_INHERITS "the kernel's scenario inherits from other scenarios, which are not read"

/* The two forms, for sipolicy_parse(). */
enum status sipolicy_parse_xml(struct span data, const struct xml_lib *xml, struct arena *a,
                               struct sipolicy *out, const char **problem);
enum status sipolicy_parse_binary(struct span data, struct arena *a, struct sipolicy *out,
                                  struct fault *fault);

#endif
