/* SPDX-License-Identifier: MIT */
/* Changes between two scan reports, and between the tables behind them. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "compare/told.h"
#include "vbscheck/snapshot.h"

enum turn { TURN_OTHER, TURN_BETTER, TURN_WORSE, TURN_COUNT };

/* The word: "other", "better", "worse". */
const char *turn_name(enum turn t);

/* One side of a comparison. */
struct side {
    const char *path; /* as given */
    struct told told;
    const struct blob *blobs; /* tables; none if the input is a report */
    size_t n_blobs;
};

/* A rule; `a` or `b` is NULL if only the other report has it. */
struct rule_change {
    const char *id, *row;
    const struct told_rule *a, *b;
    enum turn turn;
    bool counts; /* counts for the verdict of either report */
};

/* A name with a value on each side; NULL: unknown on that side. */
struct value_change {
    const char *name, *words; /* for scripts, for people */
    const char *a, *b;
    const char *why_a, *why_b; /* for facts: why the value is unknown */
    bool quoted;
};

/* A run of differing bytes from `offset` on, of the same length on both sides. */
struct byte_change {
    size_t offset;
    struct span a, b;
    const char *field; /* of the table's header, or NULL */
};

/* An entry of the Memory Attributes Table or a structure of DMAR; NULL: missing on that side. */
struct entry_change {
    const char *kind; /* "entry", "DRHD" */
    uint64_t address;
    const char *a, *b;
};

struct table_change {
    const char *name;
    size_t size_a, size_b;
    bool in_a, in_b; /* collected on that side */
    struct byte_change *bytes;
    size_t n_bytes, n_differ; /* runs listed; total of differing bytes */
    struct entry_change *entries;
    size_t n_entries, n_more;
};

struct finding_change {
    const struct told_finding *finding;
    bool in_b; /* new; else gone */
};

struct comparison {
    const struct side *a, *b;
    const char *two_machines; /* why the sides are two machines; NULL: nothing shows it */
    const char *other_terms;  /* why the sides were judged differently; NULL: they were not */
    const char *after;        /* "after the firmware update", or NULL */
    enum turn verdict;
    bool verdict_changed;
    struct rule_change *rules;
    size_t n_rules;
    struct value_change *rows, *facts, *host;
    size_t n_rows, n_facts, n_host;
    struct finding_change *findings;
    size_t n_findings, more_findings;
    struct table_change *tables;
    size_t n_tables;
    bool no_bytes; /* a side is a report, which has no table bytes */
    bool worse;    /* a rule that counts or the verdict got worse */
};

/* Compares; everything is made in `arena` or borrowed from the sides. */
void compare(const struct side *a, const struct side *b, struct arena *arena,
             struct comparison *out);

/* How a rule changed between two reports; *counts: for the verdict of either. */
enum turn compare_rule(const struct told *x, const struct told *y, const char *id, bool *counts);

/* True if nothing differs. */
bool comparison_is_empty(const struct comparison *c);

/* Adds the differences between the tables of both sides to `out`. */
void compare_tables(const struct side *a, const struct side *b, struct arena *arena,
                    struct comparison *out);

/*
 * The status before and after a change, made in `a`: "fail", "unknown (no-permission)", "not
 * judged". Includes the cause of a failure if only the cause changed.
 */
struct change_words {
    const char *a, *b;
};
struct change_words rule_words(const struct rule_change *r, struct arena *a);

/* "true", "not known (no-permission)"; made in `a`. */
const char *value_words(const char *value, const char *why, struct arena *a);

/* "12 bytes differ", "only in B, 40 bytes"; made in `a`. */
const char *table_words(const struct table_change *t, struct arena *a);

/* At most 16 bytes as "01 ff ..."; made in `a`. */
const char *hex_words(struct span bytes, struct arena *a);

#endif
