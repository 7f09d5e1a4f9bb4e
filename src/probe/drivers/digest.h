/* SPDX-License-Identifier: MIT */
/* Digests of parts of a file, by libcrypto. */
#ifndef PROBE_DRIVERS_DIGEST_H
#define PROBE_DRIVERS_DIGEST_H

#include "parse/signature/authenticode.h"
#include "vbscheck/driver.h"
#include "vbscheck/libs.h"

enum { DIGEST_MAX = 64 };

struct digest {
    uint8_t bytes[DIGEST_MAX];
    size_t n; /* 0: the digest could not be made */
};

/* The digest of `n` consecutive parts, followed by `zeros` bytes of 0. */
struct digest digest_parts(const struct digest_lib *lib, enum hash_kind kind,
                           const struct span *parts, size_t n, size_t zeros);

/* The properties of a signature that block policies use, with each certificate's digest. */
struct driver_signature signature_facts(const struct signature *s, const struct digest_lib *lib,
                                        struct arena *a);

/* In lower-case hexadecimal; NULL if there is none. */
const char *digest_text(const struct digest *d, struct arena *a);

#endif
