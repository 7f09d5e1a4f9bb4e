/* SPDX-License-Identifier: MIT */
/* A source, and the data it needs to fetch its blobs. */
#ifndef COLLECT_SOURCE_H
#define COLLECT_SOURCE_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <time.h>

#include "ask/ask.h"
#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"

/* Facts known without opening a file; they must be read before confinement. */
struct collect_from {
    const char *root; /* from --root, for the snapshot; NULL: this machine */
    const char *tcti; /* from --tcti; NULL: this machine's own TPM */
    bool sysfs;       /* sys below the root is the kernel's own, not a copy */
    time_t now;
    uid_t user;            /* the user who reads */
    struct utsname system; /* of this machine; all "" if it is not known */
};

struct collector {
    struct arena *arena;
    struct snapshot *snap;
    const struct asker *asker; /* for everything that has to be opened */
    const struct collect_from *from;
    bool live;           /* this machine: instructions may be used, libraries asked */
    const char *release; /* of the running kernel or of the tree's; "" if unknown */
};

struct source {
    const char *prefix;  /* of its blobs: "acpi/", "cpuid" */
    const char *summary; /* what the source is */
    const char *needs;   /* what ordinary users lack, in one line */
    void (*fetch)(struct collector *c);
};

/* Each is defined at the end of its own file. */
extern const struct source source_kernel, source_klog, source_cpuid, source_cpuinfo, source_msr,
    source_acpi, source_efi, source_memattr, source_efivar, source_mortest, source_dmi, source_tpm,
    source_tpm_ask, source_sys, source_pci, source_memory, source_storage, source_psp;

/*
 * Names that probes want below `prefix`, one at a time: start with *at = 0.
 * Returns NULL past the last. Patterns ("sys/") are returned unchanged. "acpi/WSMT" stands for
 * WSMT, WSMT1, WSMT2 and so on.
 */
const char *collect_wanted(const char *prefix, size_t *at);

/* True if some probe wants `name`, by its name or by a pattern. */
bool collect_wants(const char *name);

/*
 * Adds a blob of this collector; names are copied, `data` is borrowed, and dropped unless `st` is
 * ST_OK or ST_TRUNCATED.
 */
void collect_add(struct collector *c, const char *name, const char *from, enum status st,
                 struct span data);

/*
 * The status of something that a folder does not show. A copied tree (--root) may be incomplete:
 * only the kernel's own /sys proves an absence.
 */
enum status collect_lacks(const struct collector *c);

#endif
