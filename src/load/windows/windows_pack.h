/* SPDX-License-Identifier: MIT */
/* Converts files of a Windows to the blob `drivers`, in three steps; each runs confined. */
#ifndef LOAD_WINDOWS_WINDOWS_PACK_H
#define LOAD_WINDOWS_WINDOWS_PACK_H

#include "load/driver_pack.h"

struct windows_image {
    const char *path; /* from the root of the volume */
    bool staged;      /* it lies in the driver store */
    bool named;       /* looked up for a service with this start, its path may differ: */
    uint32_t start;
    const char *fault; /* why its bytes are missing: words that follow "it"; NULL: they are here */
    struct span data;
};

/*
 * Looks at driver files; `services` are lines of windows_write_services(), which name the group of
 * each. A driver without a service may still be loaded by another driver: it is `present`. A driver
 * that never starts is `staged`, like one in the driver store that no service names.
 */
void windows_look_at_images(const struct windows_image *images, size_t n, struct span services,
                            const struct pack_options *options, struct arena *a, struct out *out);

struct windows_catalog {
    const char *path;
    struct span data;
};

/*
 * Which catalogs sign the drivers of the blob that carry no signature: lines "signed DIGEST PATH",
 * each followed by those of driver_list.h for signatures. Catalogs that cannot be read are counted
 * in one notice.
 */
void windows_look_at_catalogs(const struct windows_catalog *catalogs, size_t n, struct span drivers,
                              const struct digest_lib *digest, struct arena *a, struct out *out);

struct windows_policy {
    const char *path;
    bool
        owners; /* of the machine's owner: only what it denies counts, not what it does not allow */
    bool disk;  /* it is the disk's own */
    struct span data;
};

struct windows_policy_work {
    struct span drivers;   /* the blob */
    struct span signed_by; /* lines of windows_look_at_catalogs() */
    const struct windows_policy *policies;
    size_t n;
    const struct xml_lib *xml;
};

/*
 * Writes the blob again, with the signatures of catalogs, and with the results of these policies in
 * place of older ones. A policy of the disk that cannot be read causes a notice. Returns false,
 * with *problem, if the blob or a policy given by the user cannot be read.
 */
bool windows_apply_policies(const struct windows_policy_work *w, struct arena *a, struct out *out,
                            const char **problem);

#endif
