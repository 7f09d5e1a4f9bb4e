/* SPDX-License-Identifier: MIT */
/*
 * Windows driver files that were examined: what each is, and what is wrong with it. The contract
 * defines the words for results and groups.
 */
#ifndef VBSCHECK_DRIVER_H
#define VBSCHECK_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From good to bad. */
enum driver_result {
    DRIVER_CLEAN,
    DRIVER_NOT_JUDGED, /* for another architecture */
    DRIVER_UNDECIDED,  /* an unusual layout; Microsoft does not publish the exact rule for it */
    DRIVER_MALFORMED,
    DRIVER_VIOLATION,
    DRIVER_RESULTS
};

/* Whether a violation is known to affect the start of Windows. */
enum driver_group {
    DRIVER_REQUIRED, /* starts by itself */
    DRIVER_PRESENT,
    DRIVER_STAGED,
    DRIVER_GIVEN, /* somebody named it */
    DRIVER_GROUPS
};

const char *driver_result_name(enum driver_result r);
const char *driver_group_name(enum driver_group g);

enum driver_check_kind { CHECK_VIOLATION, CHECK_UNDECIDED, CHECK_NOTE, CHECK_KINDS };
const char *driver_check_kind_name(enum driver_check_kind k);

/*
 * One finding. `bit` is the bit in Windows' map HvciAuditFailures (CodeIntegrity events 3087 and
 * 3111), `code` the code of Driver Verifier's bug check 0xC4; 0 where there is none. `own` is the
 * number of a check for which Windows has no bit (enum own_check of image_checks.h); 0 where there
 * is a bit.
 */
struct driver_check {
    uint32_t bit, code, own;
    enum driver_check_kind kind;
    const char *section; /* NULL: the image as a whole */
};

/* The properties of one signature (the file's own or a catalog's) that block policies use. */
struct driver_signature {
    const char *tbs;       /* digests over TBSCertificate in hexadecimal, the signer's first, "," */
    const char *publisher; /* common name of the signer's certificate; NULL: none */
    const char *program;   /* NULL: none */
};

struct driver {
    const char *path;
    enum driver_group group;
    enum driver_result result;
    const char *arch; /* "amd64"; NULL if the headers do not name it */
    const struct driver_check *checks;
    size_t n_checks;
    const struct driver_signature *chains; /* NULL unless digests were made */
    size_t n_chains;
    bool chains_cut; /* it has more than are listed */
    /* One line each; NULL: nothing is wrong. */
    const char *what;        /* for memory integrity */
    const char *policy_says; /* why a block policy denies it, or why that is unknown */
    const char *fault;       /* why it is malformed */
    /* Digests in hexadecimal; NULL unless they were asked for. */
    const char *sha256, *authentihash_sha1, *authentihash_sha256;
    const char *first_page_sha1, *first_page_sha256;
    /* From the version resource; NULL if it has none. */
    const char *company, *product, *version, *description, *original_name, *internal_name;
    const char *signers;    /* common names, one per signature, separated by " | " */
    const char *tbs;        /* TBS digests of the signers' certificates, likewise */
    const char *signatures; /* whether the signatures' digests fit: "match", "differ" */
    const char *catalog;    /* path of the catalog that signs it; NULL: none found */
    const char *denied_by;  /* block policy rules, separated by ", "; "": none; NULL: not asked */
    const char *undenied;   /* why the block policy cannot decide; NULL: it can */
    const char *inf;        /* hardware that an INF file beside it serves */
    uint32_t legacy_pool, no_nx_compat, straddling;
};

/* All examined drivers, the worst first. */
struct driver_list {
    struct driver *items;
    size_t n;
    size_t count[DRIVER_RESULTS];
    size_t skipped;       /* files that are not kernel images */
    const char **notices; /* further remarks, for people */
    size_t n_notices;
    bool incomplete;            /* a notice reports that something was not examined */
    const char *target;         /* architecture that they are judged for; NULL: nothing to judge */
    const char *policy;         /* block policy; NULL: none was given */
    bool policy_of_disk;        /* it comes from the Windows whose drivers these are */
    const char *policy_edition; /* "10.0.27770.0"; NULL: it names none */
};

#endif
