/* SPDX-License-Identifier: MIT */
/*
 * The kernel's list of ACPI tables (drivers/acpi/acpica/tbprint.c):
 *
 *   ACPI: XSDT 0x000000007AB5C0E0 00004C (v01 COREv4 COREBOOT 00000000 CORE 20180810)
 *   ACPI: FACS 0x000000007AB5C240 000040
 *   ACPI: APIC 00000000bcb79be5 000078 (v01 …)         before 3.14
 */
#ifndef PARSE_KLOG_KLOG_ACPI_H
#define PARSE_KLOG_KLOG_ACPI_H

#include "vbscheck/span.h"

/* Firmware has some 40 tables; a longer list is not trusted. */
enum { KLOG_ACPI_MOST = 64 };

/* The tables that one log lists. Zero-initialised, it is an empty list. */
struct klog_acpi {
    unsigned listed; /* bits, by klog_acpi_lists() */
    bool whole;      /* as many tables follow the XSDT, or RSDT, as its length has room for */
    bool has_root;
    bool in_run; /* while reading: the lines directly after the root table's */
    size_t expected, counted;
    struct span lines[KLOG_ACPI_MOST]; /* those counted, borrowed: a line twice is one table */
};

/* Is this message a line of the list? *signature gets four bytes. */
bool klog_acpi_line(struct span message, struct span *signature, uint64_t *length);

/* Reads the next kept message of the log, in order; an empty message ends the log. */
void klog_acpi_take(struct klog_acpi *l, struct span message);

/* True if the list has a table of this signature, which must be one that probes ask for. */
bool klog_acpi_lists(const struct klog_acpi *l, const char *signature);

/* True if the list is whole and has no such table. */
bool klog_acpi_lacks(const struct klog_acpi *l, const char *signature);

#endif
