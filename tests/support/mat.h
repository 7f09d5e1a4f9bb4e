/* SPDX-License-Identifier: MIT */
/* A sound Memory Attributes Table and its memory map, to break and to have judged. */
#ifndef SUPPORT_MAT_H
#define SUPPORT_MAT_H

#include "support/scene.h"
#include "vbscheck/efi_memory.h"

/* What tests/support/mat.c makes of it: entries by their names, two regions and one. */
enum { CODE_HEAD, CODE_TEXT, CODE_TAIL, DATA_NEAR, DATA_FAR, MAT_SOUND };
enum { MAP_CODE, MAP_NEAR, MAP_FAR, MAP_SOUND };

#define MAT_XP (EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_XP)
#define MAT_RO (EFI_ATTRIBUTE_RUNTIME | EFI_ATTRIBUTE_RO)

#define MAT_LAYOUT     "uefi.mat-layout"
#define MAT_COVERAGE   "uefi.mat-coverage"
#define MAT_PROTECTION "uefi.page-protection"

struct mat {
    struct scene s;
    uint32_t version, flags, stride;
    struct efi_region entries[16];
    size_t n;
    struct efi_region map[16];
    size_t n_map;
};

/*
 * An x86-64 machine with runtime code at 10000h to 1ffffh, data behind it to 2ffffh and data from
 * 40000h to 4ffffh; the code is no-execute, read-only, no-execute. Nothing is wrong with it.
 */
void mat_begin(struct mat *m);
void mat_end(struct mat *m);

/* Adds the blob of the table, or that of the map, as they are now. */
void mat_add_table(struct mat *m);
void mat_add_map(struct mat *m);

/* Adds both and judges. */
void mat_judge(struct mat *m);

/* The four rules in their order, P, F, U and N (does not apply) each: "PPFP". */
void mat_expect(const struct scene *s, const char *verdicts);

/* All of them are unknown for this reason but those that `verdicts` names. */
void mat_expect_reason(const struct scene *s, const char *verdicts, enum status why);

/* The facts entries-unprotected, entries-executable-data, covers-runtime and layout-sound. */
void mat_expect_facts(const struct scene *s, unsigned unprotected, unsigned executable, bool covers,
                      bool sound);

/* Findings about the table; all other ones are left out of account. */
size_t mat_findings(const struct scene *s);

/* There is such a finding. `entry` gives offset and length of it; SIZE_MAX: it has none. */
void mat_expect_finding(const struct scene *s, const char *rule, const char *range,
                        const char *words, size_t entry, size_t stride);

/* There is this one finding and no other, at this entry of a table of 48 bytes an entry, and its
 * mark is the only one. `words` is without what stands before the colon. */
void mat_expect_only(const struct scene *s, const char *rule, const char *range, const char *words,
                     size_t entry);

/* The mark of this entry; NULL for none. */
const char *mat_mark(const struct scene *s, size_t entry);

#endif
