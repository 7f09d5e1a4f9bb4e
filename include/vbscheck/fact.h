/* SPDX-License-Identifier: MIT */
/*
 * Facts: declared in facts.def, each either known, with its value and origin, or unknown, with the
 * reason.
 * Probes set them, rules read them, reporters print them.
 */
#ifndef VBSCHECK_FACT_H
#define VBSCHECK_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/limits.h"
#include "vbscheck/machine.h"
#include "vbscheck/status.h"
#include "vbscheck/viewpoint.h"

enum fact_type { FACT_BOOL, FACT_UINT, FACT_TEXT };

enum fact_id {
    FACT_NONE, /* ends a list, and stands for no fact */
#define FACT(id, type, name, summary) FACT_##id,
#include "vbscheck/facts.def"
#undef FACT
    FACT_COUNT
};

/* The types as enumerators, so that rules can check them at compile time. */
enum fact_type_of {
#define FACT(id, type, name, summary) FACT_TYPE_##id = FACT_##type,
#include "vbscheck/facts.def"
#undef FACT
};

struct fact_info {
    const char *name; /* "dmar.flags" */
    enum fact_type type;
    const char *summary;
};

extern const struct fact_info fact_infos[FACT_COUNT];

/* No byte offset: the fact is about the blob as a whole. */
#define NO_OFFSET SIZE_MAX

/* Where a value was read: the blob's name (borrowed) and the byte offset in it. */
struct origin {
    const char *blob;
    size_t offset; /* or NO_OFFSET */
};

struct origin origin_of(const char *blob);
struct origin origin_at(const char *blob, size_t offset);

struct fact {
    enum status st; /* ST_OK: known; ST_ABSENT: nothing exists to have a value; else why not */
    union {
        bool b;
        uint64_t u;
        const char *text;
    } v;
    struct origin from;
};

/* One row of a list behind a fact: which part of the machine breaks a rule, and how. */
struct finding {
    const char *rule;    /* rule id */
    const char *subject; /* "0000:01:00.0", "acpi/WSMT" */
    const char *message;
    size_t offset; /* in the blob, or NO_OFFSET */
    size_t length; /* bytes; 0 where there is no offset */
};

/* Conditions under which a remedy can work, as bits of facts.situation. */
enum situation {
    SIT_SCAN = 1 << 0,         /* this program read the machine: a scan, or a capture of one */
    SIT_GUEST = 1 << 1,        /* it is a virtual machine */
    SIT_INTEL = 1 << 2,        /* the processor is Intel's */
    SIT_AMD = 1 << 3,          /* or AMD's */
    SIT_ROOT = 1 << 4,         /* the scan ran as root, in some user namespace */
    SIT_NO_RUNTIME = 1 << 5,   /* the kernel uses no EFI runtime services */
    SIT_MEMORY_CUT = 1 << 6,   /* mem= or memmap= hides memory from it */
    SIT_ACPI_OFF = 1 << 7,     /* acpi=off */
    SIT_ARM = 1 << 8,          /* the machine is an Arm one */
    SIT_HAS_TABLES = 1 << 9,   /* the evidence holds ACPI tables: asking for them is useless ... */
    SIT_HAS_LOG = 1 << 10,     /* ... the kernel's log ... */
    SIT_HAS_CPU = 1 << 11,     /* ... /proc/cpuinfo or CPUID ... */
    SIT_HAS_CPUINFO = 1 << 18, /* ... /proc/cpuinfo ... */
    SIT_HAS_PCI = 1 << 12,     /* ... PCI functions */
    SIT_METAL = 1 << 13,       /* the PC itself is seen: no hypervisor hides a part of it */
    SIT_LOG_CUT = 1 << 19,     /* the log that was given has lost its first lines */
    SIT_CPU_TOLD = 1 << 17,    /* virtualization is reported missing, but not by raw CPUID */
};

struct driver_list;
struct iommu_map;
struct mat_view;
struct windows;

struct facts {
    struct arena *arena;
    struct fact all[FACT_COUNT];
    unsigned situation;       /* bits of enum situation */
    enum maker maker;         /* whose setup it has; MAKER_ANY for a guest */
    enum platform platform;   /* who runs it, if it is a guest */
    enum viewpoint viewpoint; /* source of host.viewpoint; decisions use this, not the text */
    struct finding *findings;
    size_t n_findings;
    const struct iommu_map *iommu; /* for reports that draw them; NULL where there is none */
    const struct mat_view *mat;
    const struct driver_list *drivers;
    const struct windows *windows; /* what Windows reports about this machine; NULL: nothing */
    const char *problem;           /* why loose files do not fit one machine; NULL: they do */
};

void facts_init(struct facts *f, struct arena *a);

/*
 * Setters: the value's type must be the declared one (asserted). Text is borrowed; text too long
 * for a report is cut as by arena_short_text().
 */
void facts_bool(struct facts *f, enum fact_id id, bool v, struct origin from);
void facts_uint(struct facts *f, enum fact_id id, uint64_t v, struct origin from);
void facts_text(struct facts *f, enum fact_id id, const char *v, struct origin from);

/* `why` is any status except ST_OK. */
void facts_unknown(struct facts *f, enum fact_id id, enum status why, struct origin from);

/* The same for a list ended by FACT_NONE. */
void facts_all_unknown(struct facts *f, const enum fact_id *ids, enum status why,
                       struct origin from);

bool fact_known(const struct facts *f, enum fact_id id);
bool fact_is_true(const struct facts *f, enum fact_id id);
bool fact_is_false(const struct facts *f, enum fact_id id);

/* The status of a fact: ST_OK if known. */
enum status fact_status(const struct facts *f, enum fact_id id);

/*
 * Adds a finding; its texts are borrowed, or cut as arena_short_text() does. A caller adds at most
 * FINDINGS_MAX for one rule, and then calls findings_more().
 */
void findings_add(struct facts *f, struct finding finding);

/*
 * If a rule has `n` findings, and `n` is over FINDINGS_MAX, adds the one that says how many more
 * there are: "7 more units".
 */
void findings_more(struct facts *f, const char *rule, const char *subject, size_t n,
                   const char *what);

#endif
