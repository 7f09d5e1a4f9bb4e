/* SPDX-License-Identifier: MIT */
/* Changes between two reports of scans, and between the tables that they were made from. */
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
    const struct blob *blobs; /* tables; none where a report was given */
    size_t n_blobs;
};

/* A rule; `a` or `b` is NULL where only the other report has it. */
struct rule_change {
    const char *id, *row;
    const struct told_rule *a, *b;
    enum turn turn;
    bool counts; /* for the verdict of either report */
};

/* Something with a name and a value on each side; NULL: not known there. */
struct value_change {
    const char *name, *words; /* for scripts, for people */
    const char *a, *b;
    const char *why_a, *why_b; /* why it is not known, of facts */
    bool quoted;
};

/* Bytes that differ from `offset` on; of the same number on both sides. */
struct byte_change {
    size_t offset;
    struct span a, b;
    const char *field; /* of the table's header, or NULL */
};

/* An entry of the Memory Attributes Table or a structure of DMAR; NULL: not in that table. */
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
    size_t n_bytes, n_differ; /* runs listed; bytes that differ in all */
    struct entry_change *entries;
    size_t n_entries, n_more;
};

struct finding_change {
    const struct told_finding *finding;
    bool in_b; /* new; else gone */
};

struct comparison {
    const struct side *a, *b;
    const char *two_machines; /* why the sides are of two machines; NULL: nothing shows it */
    const char *other_terms;  /* why the sides were not judged alike; NULL: they were */
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
    bool no_bytes; /* a side is a report, which does not hold the bytes of tables */
    bool worse;    /* a rule that counts or the verdict got worse */
};

/* Compares; everything is made in `arena` or borrowed from the sides. */
void compare(const struct side *a, const struct side *b, struct arena *arena,
             struct comparison *out);

/* How a rule turned between two reports; *counts: for the verdict of either. */
enum turn compare_rule(const struct told *x, const struct told *y, const char *id, bool *counts);

/* True if nothing at all differs. */
bool comparison_is_empty(const struct comparison *c);

/* Adds what differs in the tables of both sides to `out`. */
void compare_tables(const struct side *a, const struct side *b, struct arena *arena,
                    struct comparison *out);

/*
 * The status before a change and after it, made in `a`: "fail", "unknown (no-permission)", "not
 * judged". The cause of a failure is told where it is what changed.
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
