/* SPDX-License-Identifier: MIT */
/* Names of Azure's VM sizes ("Standard_D4s_v5"), and Microsoft's table of their series. */
#ifndef PARSE_AZURE_AZURE_SIZE_H
#define PARSE_AZURE_AZURE_SIZE_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Longer than any of Microsoft's names; a longer text is not a name. */
enum { AZURE_SIZE_MAX = 64 };

/*
 * The parts of a name (Microsoft, "Azure virtual machine sizes naming conventions"): family,
 * [sub-family], vCPUs, [constrained vCPUs], additive features, [accelerator], [version]. Letters
 * may be of any case, and blanks may stand for underscores.
 */
struct azure_size {
    struct span family;      /* "D", "FX"; borrowed from the name */
    struct span features;    /* "ds", "" */
    struct span accelerator; /* "A100"; empty for most */
    unsigned version;        /* 0: none, which means the first */
    bool basic;              /* "Basic_A1" */
};

/* Returns ST_OK, or ST_MALFORMED with *out untouched: this is not a size name. */
enum status azure_size_parse(struct span name, struct azure_size *out);

/* A row of the table on Microsoft's VBS page, section Virtual machines. */
struct azure_series {
    const char *name; /* "Dsv5" */
    bool nested;      /* nested virtualization */
    const char *generations;
};

/* The row for this size; NULL if the table has none. */
const struct azure_series *azure_series_of(const struct azure_size *size);

/* The name of the series, in Microsoft's spelling where the table has it; made in `a`. */
const char *azure_series_name(const struct azure_size *size, struct arena *a);

#endif
