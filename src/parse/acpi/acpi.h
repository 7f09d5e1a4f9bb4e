/* SPDX-License-Identifier: MIT */
/* System description table header: ACPI specification 6.5, section 5.2.6. */
#ifndef PARSE_ACPI_ACPI_H
#define PARSE_ACPI_ACPI_H

#include "vbscheck/span.h"

enum { ACPI_HEADER_LEN = 36 };

struct acpi_table {
    char signature[5];
    char oem_id[7];       /* as found, NUL-terminated, not safe to print */
    char oem_table_id[9]; /* as found */
    uint8_t revision;
    uint32_t length;
    struct rd body; /* the bytes after the header, up to the declared length */
};

/*
 * Opens one table and checks, once and for every parser, that it has a whole header, that its
 * signature is `signature`, that its declared length lies between the header and the bytes there
 * are, and that its bytes add up to zero. Bytes after the declared length are not seen.
 *
 * `fault`, if not NULL, gets what is wrong and where; *out is written on success only.
 * Returns ST_OK or ST_MALFORMED.
 */
enum status acpi_open(struct span bytes, const char *signature, struct acpi_table *out,
                      struct fault *fault);

/* How reading a table ended: the status of `body`, and its fault (if `fault` is not NULL). */
enum status acpi_close(const struct rd *body, struct fault *fault);

/* One record of a table made of "type, length, body" records. */
struct acpi_rec {
    uint16_t type;
    size_t offset;     /* of its header, in the table */
    struct span whole; /* header and body */
    struct rd body;    /* the bytes after type and length; rd_seek() counts from the header */
};

/* How wide type and length are, in this order. */
enum acpi_rec_form { ACPI_REC_U16_U16, ACPI_REC_U8_FLAGS_U16, ACPI_REC_U8_U16, ACPI_REC_U8_U8 };

/*
 * Splits the next record off `r`; false at the end or once failed. A record shorter than its own
 * header, or longer than the rest, fails `r` with ST_MALFORMED: it cannot be skipped.
 *
 * ACPI_REC_U16_U16: DMAR structures. ACPI_REC_U8_FLAGS_U16: IVRS blocks (the flags byte between
 * stays in `whole`, at byte 1). ACPI_REC_U8_U16: IORT nodes. ACPI_REC_U8_U8: DMAR device scopes.
 */
bool acpi_next_rec(struct rd *r, enum acpi_rec_form form, struct acpi_rec *out);

#endif
