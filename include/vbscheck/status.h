/* SPDX-License-Identifier: MIT */
/* One word for "how did it go", from the first read of a file to the last line of the report. */
#ifndef VBSCHECK_STATUS_H
#define VBSCHECK_STATUS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * ST_OK and ST_ABSENT are answers; the others are the twelve reasons why something is unknown
 * (docs/schema/report-1.json, "reason"). Nothing collected is the zero value, so a zero-initialised
 * fact or blob is honest.
 */
enum status {
    ST_NOT_COLLECTED = 0, /* the evidence does not hold it */
    ST_OK,                /* known */
    ST_ABSENT,            /* known not to be there */
    ST_NO_PERMISSION,     /* needs root or a capability */
    ST_LOCKDOWN,          /* the kernel's lockdown mode forbids it */
    ST_NO_DRIVER,         /* kernel module or file system not there */
    ST_NOT_UEFI,          /* booted in legacy mode */
    ST_TRUNCATED,         /* only part of it could be read */
    ST_MALFORMED,         /* contradicts its own specification */
    ST_UNSUPPORTED,       /* a revision or platform this program cannot judge */
    ST_CONFLICT,          /* two sources disagree */
    ST_UNPROVABLE,        /* no passive observation can decide it */
    ST_HIDDEN,            /* a hypervisor hides this part of the machine */
    ST_IO_ERROR,          /* the read itself failed */
    ST_COUNT
};

/* The word used in reports, captures and messages ("no-permission"); never NULL. */
const char *status_name(enum status st);

/* A phrase that completes "it ..." for people ("needs root or a capability"); never NULL. */
const char *status_meaning(enum status st);

/*
 * The status that status_name() spells as the NUL-terminated `name`.
 * Returns false, with *out untouched, for any other word.
 */
bool status_from_name(const char *name, enum status *out);

#endif
