/* SPDX-License-Identifier: MIT */
/* Blobs of "key: value" lines (`kernel`, `dmi`, docs/vbscheck-snapshot.5), and dmidecode's text. */
#ifndef PARSE_KEYVAL_H
#define PARSE_KEYVAL_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/*
 * The value of the first line with this key, trimmed, borrowed from `text`.
 * Returns false, with *out untouched, where no line has it.
 */
bool keyval_get(struct span text, const char *key, struct span *out);

/* The SMBIOS data that is kept: it does not identify one machine of a model. */
struct dmi {
    struct span vendor;
    struct span product;
    struct span firmware_version;
    struct span firmware_date;
    struct span uefi;    /* "yes" or "no": type 0, characteristics extension byte 2, bit 3 */
    struct span virtual; /* likewise bit 4: a virtual machine */
    struct span version; /* of the product: Lenovo puts the product name here */
    struct span board_vendor;
    struct span board;
    struct span firmware_vendor; /* maker of the firmware: "coreboot" */
    struct span azure;           /* "yes" or "no": the chassis has Azure's asset tag */
    struct span cpu_64bit; /* "yes": type 4, processor characteristics, bit 2, of an x86 one */
    struct span tpm;       /* specification of the TPM that type 43 describes: "2.0", "1.2" */
};

/* The asset tag of every virtual machine in Azure; no other tag is kept. */
#define DMI_AZURE_TAG "7783-7084-3265-9085-8269-3286-77"

/* Reads the blob `dmi`. */
struct dmi dmi_parse(struct span text);

/* Writes the blob `dmi`, in `a`; missing values are left out. */
struct span dmi_write(const struct dmi *d, struct arena *a);

/*
 * Reads the text of `dmidecode`: BIOS, System and Base Board Information, first structure of each;
 * blanks may stand for the tabs. Values are borrowed; a missing one is an empty span.
 */
struct dmi dmidecode_parse(struct span text);

/*
 * Splits the output of one run of dmidecode off *rest: each begins with "# dmidecode 3.4". Returns
 * false at the end.
 */
bool dmidecode_next(struct span *rest, struct span *text);

#endif
