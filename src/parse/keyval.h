/* SPDX-License-Identifier: MIT */
/* Blobs of "key: value" lines (`kernel`, `dmi`, docs/vbscheck-snapshot.5), and dmidecode's text. */
#ifndef PARSE_KEYVAL_H
#define PARSE_KEYVAL_H

#include "vbscheck/span.h"

/*
 * The value of the first line with this key, trimmed, borrowed from `text`.
 * Returns false, with *out untouched, where no line has it.
 */
bool keyval_get(struct span text, const char *key, struct span *out);

/* What is taken of a machine's SMBIOS data: nothing that tells one machine from its twin. */
struct dmi {
    struct span vendor;
    struct span product;
    struct span firmware_version;
    struct span firmware_date;
    struct span uefi;    /* "yes" or "no": type 0, characteristics extension byte 2, bit 3 */
    struct span virtual; /* likewise bit 4: a virtual machine */
};

/* Reads the blob `dmi`. */
struct dmi dmi_parse(struct span text);

/*
 * Reads the text of `dmidecode`: BIOS Information and System Information, first structure of
 * each. Values are borrowed; a missing one is an empty span.
 */
struct dmi dmidecode_parse(struct span text);

#endif
