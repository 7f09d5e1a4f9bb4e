/* SPDX-License-Identifier: MIT */
/* Finds ACPI tables among the blobs: several of one signature, absent ones, unreadable ones. */
#ifndef PROBE_ACPI_H
#define PROBE_ACPI_H

#include "parse/acpi/acpi.h"
#include "probe/probe.h"

struct acpi_set {
    const struct blob **tables; /* readable tables of different content, in the order of names */
    size_t n;
    enum status st;     /* ST_OK: n > 0; ST_ABSENT: proven; else why it is unknown */
    enum status others; /* ST_OK, or why a further table of this signature could not be read */
    size_t denied;      /* tables that are listed and may not be read */
    const char *blob;   /* name for origins: the first table's, or "acpi/SIG" */
    /* The kernel's list has the table, but the evidence does not: it exists and was not read. */
    bool listed;
};

/*
 * All tables whose name is `signature`, with or without digits: Linux numbers every table of a
 * signature that occurs twice. Tables of the same content count once.
 *
 * A table is absent only if its blob is marked absent and the same source holds the tables that
 * every machine with ACPI has, FACP and APIC (a folder with two loose tables proves nothing about a
 * third), or if the kernel's own list of tables is known to be complete and lacks it. A table that
 * a blob marks absent and the kernel lists is a conflict.
 */
struct acpi_set acpi_tables(const struct probe_run *p, const char *signature);

/*
 * The same for a table that only x86 machines have. On a machine known not to be x86 it is absent
 * even if no table was seen: most Arm machines run Linux with a device tree.
 */
struct acpi_set acpi_tables_of_x86(const struct probe_run *p, const char *signature);

/* True if the evidence has both FACP and APIC, each either sound or listed as not readable. */
bool acpi_is_complete(const struct snapshot *s);

/* Notes that a table cannot be judged, with what is wrong and at which byte. */
void acpi_note_fault(const struct probe_run *p, const char *blob, const struct fault *fault);

#endif
