/* SPDX-License-Identifier: MIT */
/*
 * Violations of memory integrity, as far as an image's headers show them. The bits and their texts
 * are those of the map HvciAuditFailures in the event manifest of Windows' ci.dll; the codes those
 * of Microsoft, "Code integrity checks" (Driver Verifier).
 */
#ifndef PROBE_DRIVERS_IMAGE_CHECKS_H
#define PROBE_DRIVERS_IMAGE_CHECKS_H

#include "parse/pe/pe.h"
#include "vbscheck/driver.h"

enum hvci_bit {
    HVCI_SECTION_ALIGNMENT = 0x2,
    HVCI_SECTION_ADDRESS = 0x4,
    HVCI_WRITABLE_EXECUTABLE = 0x8,
    HVCI_SHARED_WRITABLE_EXECUTABLE = 0x10,
    HVCI_IAT_EXECUTABLE = 0x20,
    HVCI_IAT_LOCATION = 0x40,
    HVCI_IAT_MISSING = 0x80,
    HVCI_NOT_CONTIGUOUS = 0x100,
    HVCI_NOT_ASCENDING = 0x200,
    HVCI_SIZING = 0x400,
    HVCI_AUTHENTICODE = 0x800,
};

/* Checks for which Windows has no bit. */
enum own_check {
    OWN_DISCARDABLE = 1,
    OWN_SHARED_WRITABLE,
    OWN_NO_SECTIONS,
    OWN_ENTRY_POINT,
    OWN_THUNKS,
    OWN_NOT_RUNNABLE,
    OWN_IMAGE_SIZE,
};

/* Codes of bug check 0xC4. */
enum { DV_WRITABLE_EXECUTABLE = 0x2003, DV_ALIGNMENT = 0x2004, DV_IAT_EXECUTABLE = 0x2005 };

/* Findings of one image, in an arena. */
struct image_checks {
    struct arena *arena;
    struct driver_check *items;
    size_t n;
};

/* Runs all checks; `imports` and `certificates` belong to the same image. */
void image_checks_run(const struct pe_image *pe, const struct pe_imports *imports,
                      const struct pe_certificates *certificates, struct image_checks *out);

/* Description of a check, for people: "section is writable and executable". */
const char *image_check_text(const struct driver_check *c);

#endif
