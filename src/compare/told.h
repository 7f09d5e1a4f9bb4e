/* SPDX-License-Identifier: MIT */
/*
 * A JSON report of this program (docs/schema/report-1.json), read back. A report is
 * hostile input like any other. Its words stay words: a newer program may know more of them.
 */
#ifndef COMPARE_TOLD_H
#define COMPARE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* Texts are NULL where the report has null, or nothing. */
struct told_rule {
    const char *id, *row, *level, *status, *reason, *cause, *message;
    bool waived; /* it counts for nothing */
};

struct told_row {
    const char *id, *title, *status;
};

/* `value` is the fact in words; NULL: not known, and `why` says why not. */
struct told_fact {
    const char *name, *value, *why;
    bool quoted; /* a text, not a number or a boolean */
};

struct told_finding {
    const char *rule, *subject, *message;
};

/* One step of "fixes"; `needed`: for the verdict "ready". */
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

/* Members of `host`, of which two reports are of one machine or of two. */
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

/* The key of a member of `host`, and what people call it. */
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
    struct told_fact *forecast; /* a value that is NULL is undecided */
    size_t n_forecast;
};

/* True if the first character that is not blank opens a JSON object: evidence never does. */
bool told_looks_like(struct span bytes);

/*
 * Reads one report. Returns ST_OK; ST_MALFORMED (not JSON, cut, several reports, not of this
 * program), ST_UNSUPPORTED (another schema version), ST_TRUNCATED (more in it than any report
 * has). *problem then completes "FILE ..." in one line; *out is written on success only.
 */
enum status told_read(struct span bytes, struct arena *a, struct told *out, const char **problem);

/* The rule of that id, or NULL. */
const struct told_rule *told_rule(const struct told *t, const char *id);

/*
 * How bad a status is: 0 for pass, not-applicable and an unknown that this rule is excused for, 1
 * for unknown and for words that this version does not know, 2 for fail.
 */
unsigned told_badness(const char *rule, const char *status, const char *reason);

/* The same of a verdict: ready, undetermined, not-ready. */
unsigned told_verdict_badness(const char *verdict);

/* True if the rule counts for the verdict of its report. */
bool told_counts(const struct told *t, const struct told_rule *r);

/*
 * Why two reports cannot be of one machine, in a few words made in `a`; NULL: nothing shows that
 * they are of two.
 */
const char *told_two_machines(const struct told *x, const struct told *y, struct arena *a);

#endif
