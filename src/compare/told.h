/* SPDX-License-Identifier: MIT */
/*
 * Parses JSON reports of this program (docs/schema/report-1.json). A report is hostile input like
 * any other. Its words stay text: a newer program may know more of them.
 */
#ifndef COMPARE_TOLD_H
#define COMPARE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Texts are NULL if the report has null, or lacks them. */
struct told_rule {
    const char *id, *row, *level, *status, *reason, *cause, *message;
    bool waived; /* it does not count */
};

struct told_row {
    const char *id, *title, *status;
};

/* `value` is the fact as text; NULL: unknown, and `why` has the reason. */
struct told_fact {
    const char *name, *value, *why;
    bool quoted; /* a string, not a number or a boolean */
};

struct told_finding {
    const char *rule, *subject, *message;
};

/* One step of "fixes"; `needed`: required for the verdict "ready". */
struct told_fix {
    const char *action, *text;
    const char **rules;
    size_t n_rules;
    bool certain, needed;
};

/* A driver; `denied`: by a block policy. */
struct told_driver {
    const char *path, *result, *company, *version;
    bool denied;
};

/* Members of `host` that show whether two reports belong to one machine. */
enum told_host {
    TOLD_ARCH,
    TOLD_VENDOR,
    TOLD_PRODUCT,
    TOLD_BOARD,
    TOLD_FIRMWARE_VERSION,
    TOLD_FIRMWARE_DATE,
    TOLD_KERNEL,
    TOLD_HYPERVISOR,
    TOLD_VIEWPOINT,
    TOLD_HOST_COUNT
};

/* The key of a member of `host`, and its name for people. */
const char *told_host_key(enum told_host h);
const char *told_host_words(enum told_host h);

struct told {
    const char *tool_version, *path, *kind, *collected_at, *profile, *verdict;
    const char *label; /* the label "host" */
    const char *host[TOLD_HOST_COUNT];
    struct told_rule *rules;
    size_t n_rules;
    struct told_row *rows;
    size_t n_rows;
    struct told_fact *facts;
    size_t n_facts;
    struct told_finding *findings;
    size_t n_findings;
    struct told_fix *fixes;
    size_t n_fixes;
    struct told_driver *drivers;
    size_t n_drivers;
    struct told_fact *forecast; /* a NULL value is undecided */
    size_t n_forecast;
};

/* True if the first non-blank character opens a JSON object: evidence never starts so. */
bool told_looks_like(struct span bytes);

/*
 * Parses one report. Returns ST_OK; ST_MALFORMED (not JSON, cut, several reports, from another
 * program), ST_UNSUPPORTED (another schema version), ST_TRUNCATED (larger than any report).
 * *problem then completes "FILE ..." in one line; *out is written on success only.
 */
enum status told_read(struct span bytes, struct arena *a, struct told *out, const char **problem);

/* The rule with that id, or NULL. */
const struct told_rule *told_rule(const struct told *t, const char *id);

/*
 * How bad a status is: 0 for pass, not-applicable and an unknown that is excused for this rule, 1
 * for unknown and for words that this version does not know, 2 for fail.
 */
unsigned told_badness(const char *rule, const char *status, const char *reason);

/* The same for a verdict: ready, undetermined, not-ready. */
unsigned told_verdict_badness(const char *verdict);

/* True if the rule counts for the verdict of its report. */
bool told_counts(const struct told *t, const struct told_rule *r);

/*
 * Why two reports cannot be from one machine, in a few words made in `a`; NULL: nothing shows two
 * machines.
 */
const char *told_two_machines(const struct told *x, const struct told *y, struct arena *a);

#endif
