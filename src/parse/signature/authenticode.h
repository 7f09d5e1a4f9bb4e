/* SPDX-License-Identifier: MIT */
/*
 * Authenticode signatures: Microsoft, "Windows Authenticode Portable Executable Signature Format",
 * version 1.0; PKCS#7 as of RFC 2315; certificates as of RFC 5280. Their content is read but not
 * verified: Windows decides about trust.
 *
 * This code does not use libcrypto's d2i_PKCS7(): that makes an object of each element, outside of
 * the arena and its cap (32 MiB for a hostile megabyte), and has no types for what Authenticode
 * adds (SpcIndirectDataContent, SpcSpOpusInfo, nested signatures), so that half of the walk would
 * be needed all the same. Digests are over bytes as they stand in the file.
 */
#ifndef PARSE_SIGNATURE_AUTHENTICODE_H
#define PARSE_SIGNATURE_AUTHENTICODE_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum hash_kind { HASH_NONE, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

enum {
    CERTIFICATES_MAX = 32, /* of one signature */
    CHAIN_MAX = 16,        /* among them those above the signer's */
    SIGNATURES_MAX = 8,    /* of one file, nested ones included */
};

struct certificate {
    struct span tbs; /* TBSCertificate, with its tag */
    struct span issuer, serial, subject;
    enum hash_kind hash; /* of the certificate's own signature; HASH_NONE: another one */
    const char *name;    /* common name of the subject; NULL where it has none */
};

struct signature {
    enum hash_kind hash; /* of the digest over the file */
    struct span digest;
    /* The signer's certificate, and all possible issuers: several may have one name. */
    const struct certificate *chain;
    size_t n_chain;
    const char *program; /* programName of SpcSpOpusInfo; NULL where there is none */
};

struct signatures {
    struct signature all[SIGNATURES_MAX];
    size_t n;
    bool cut; /* there are more of them, or more certificates, than were read */
};

/*
 * Adds the signatures of a PKCS#7 structure, nested ones too, to *out. Text is made in `a`, bytes
 * are borrowed.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status authenticode_parse(struct span pkcs7, struct arena *a, struct signatures *out,
                               struct fault *fault);

/* The hash that an AlgorithmIdentifier names; HASH_NONE for any other. */
enum hash_kind authenticode_algorithm(struct rd *r);

/*
 * The content of PKCS#7 signed data of this type, given by the content bytes of its OBJECT
 * IDENTIFIER: the body of its element, which must have this tag. Returns false for anything else.
 */
bool pkcs7_content(struct span pkcs7, struct span type, uint8_t tag, struct span *out);

/*
 * The digest of a SpcIndirectDataContent, the next element of `r`; empty, and a failed reader, for
 * any other element. *hash becomes its algorithm.
 */
struct span authenticode_digest(struct rd *r, enum hash_kind *hash);

#endif
