/* SPDX-License-Identifier: MIT */
/*
 * Catalogs (.cat): PKCS#7 signed data over a list of digests of files, which signs files without a
 * signature of their own. The list is a certificate trust list (RFC 2315 for the outside;
 * Microsoft, [MS-CAESO] 4.4.5.1 and <wincrypt.h>, CTL_INFO, for the list); members are Authenticode
 * digests for images.
 */
#ifndef PARSE_SIGNATURE_CATALOG_H
#define PARSE_SIGNATURE_CATALOG_H

#include "parse/signature/authenticode.h"

enum { CATALOG_MEMBERS_MAX = 1 << 16 };

struct catalog {
    const struct span *members; /* digests, SHA-1 or SHA-256 by their length; sorted */
    size_t n_members;
    struct signatures signatures; /* of the catalog itself */
};

/* True if it is signed data whose content is a certificate trust list. */
bool catalog_is(struct span file);

/*
 * Reads a catalog. Bytes are borrowed, except digests written as text; lists are made in `a`.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status catalog_parse(struct span file, struct arena *a, struct catalog *out,
                          struct fault *fault);

/* True if `digest`, which is not empty, is a member. */
bool catalog_has(const struct catalog *c, struct span digest);

#endif
