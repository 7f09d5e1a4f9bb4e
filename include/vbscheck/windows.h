/* SPDX-License-Identifier: MIT */
/* The state of a Windows on a disk: its services, its settings, its log. */
#ifndef VBSCHECK_WINDOWS_H
#define VBSCHECK_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/status.h"

/* Where the file of a service is. */
enum service_place {
    PLACE_HERE,    /* if it is not on this volume, it is nowhere */
    PLACE_PERHAPS, /* it may be on another volume, or have another name here */
    PLACE_ASTRAY,  /* its path does not show it */
};

/* A driver's service. [MS-SCMR] 3.1.4.11 has the types and starts. */
struct windows_service {
    const char *name;
    enum service_place place;
    const char *image; /* path from the root of the volume, "/" between; astray: the name */
    uint32_t start;    /* the effective one: 0 boot, 1 system, 2 automatic, 3 on demand, 4 never */
};

/* A switch of the registry. */
enum windows_switch { SWITCH_UNSET, SWITCH_OFF, SWITCH_ON, SWITCH_COUNT };

/* An event of Windows' code integrity about an image: the newest of its number. */
struct windows_event {
    uint32_t id;
    uint32_t bits;     /* HvciAuditFailures; 0 where the event has none */
    const char *when;  /* RFC 3339, in UTC */
    const char *image; /* from the root of the volume, or as Windows wrote it; no user's name */
    const char *file;  /* the same for the look-up, kept in the process; NULL: unknown */
};

/* One part of a Windows: `says` is for people and may be NULL. */
struct windows_part {
    enum status st;
    const char *says;
};

struct windows {
    struct windows_part hive, log;
    /* Status of the whole; unless it is ST_OK, no driver is proven clean. */
    struct windows_part volume;
    bool dirty; /* Windows' last writes are in the hive's logs, which are not replayed */
    enum windows_switch memory_integrity, vbs, blocklist;
    struct windows_service *services;
    size_t n_services;
    struct windows_event *events;
    size_t n_events;
    const char *log_from, *log_to; /* dates of its oldest and its newest event */
    const char *policy_in_force;   /* version of the block list, as the log names it */
    const char **remarks;          /* further remarks */
    size_t n_remarks;
};

#endif
