/* SPDX-License-Identifier: MIT */
/*
 * Does a block policy deny a file? Microsoft, "Understand App Control for Business policy rules and
 * file rules"; where that is silent, the behaviour known for the real drivers on Microsoft's list.
 */
#ifndef PROBE_DRIVERS_DENY_H
#define PROBE_DRIVERS_DENY_H

#include "parse/signature/authenticode.h"
#include "parse/sipolicy/sipolicy.h"

/* One signature: digests of TBSCertificate, by each certificate's own algorithm. */
struct deny_signature {
    struct span tbs[CHAIN_MAX]; /* the signer's first */
    size_t n;
    const char *publisher; /* common name of the signer's certificate; may be NULL */
    const char *program;   /* may be NULL */
};

/* The properties of a file that rules use; an empty span or NULL: the file lacks it. */
struct deny_file {
    struct span authentihash_sha1, authentihash_sha256;
    struct span first_page_sha1, first_page_sha256;
    bool has_version; /* it has a version resource */
    uint64_t version;
    const char *original_name, *internal_name, *description, *product;
    const struct deny_signature *signatures;
    size_t n_signatures;
    bool signatures_cut; /* it has more of them than are listed here */
    bool unsigned_here;  /* no signature was found: a catalog elsewhere may have one */
};

struct denial {
    const char *by;        /* IDs of the rules that deny it, separated by ", "; "": none */
    const char *undecided; /* why a rule could not be applied; NULL: all could */
};

struct denial deny(const struct sipolicy *policy, const struct deny_file *file, struct arena *a);

#endif
