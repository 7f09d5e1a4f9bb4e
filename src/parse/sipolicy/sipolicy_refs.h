/* SPDX-License-Identifier: MIT */
/* The XML form names rules and signers by IDs, which may come later in the document. */
#ifndef PARSE_SIPOLICY_SIPOLICY_REFS_H
#define PARSE_SIPOLICY_SIPOLICY_REFS_H

#include "parse/sipolicy/sipolicy.h"

struct sip_ref {
    enum { REF_RULE, REF_ATTRIBUTE, REF_SIGNER, REF_EXCEPTION } kind;
    const char *id;
    const char *owner; /* ID of the signer whose attribute or exception it is; else NULL */
};

/*
 * Follows the references of a policy after all rules and signers were read.
 * Returns NULL, or what is wrong: an ID that is not there, or is there twice.
 */
const char *sipolicy_resolve(struct sipolicy *p, const struct sip_ref *refs, size_t n,
                             struct arena *a);

#endif
