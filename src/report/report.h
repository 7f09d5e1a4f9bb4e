/* SPDX-License-Identifier: MIT */
/* The judged report, and the writers that print it. Writers make no decisions. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "advice/advice.h"
#include "forecast/forecast.h"
#include "profile/policy.h"
#include "rules/rule.h"
#include "vbscheck/fact.h"
#include "vbscheck/out.h"
#include "vbscheck/snapshot.h"

enum readiness { READY, NOT_READY, UNDETERMINED };
const char *readiness_name(enum readiness r);

/*
 * Abilities of the output that people read. All zero: a file, with 80 columns, plain words and
 * UTF-8.
 */
struct looks {
    bool color;
    bool marks; /* in addition to the words */
    bool ascii; /* only ASCII can be shown */
    unsigned width;
    int (*columns)(wchar_t c); /* width of a character; negative: not printable. NULL: one each */
};

/* How to judge and print; the same for all inputs of a run. */
struct judge_options {
    struct wish wish;        /* which rules, at which level */
    const char *build;       /* of the program; NULL: unknown */
    const char *const *only; /* domains and rules, then NULL; NULL itself: all */
    enum level fail_on;      /* this level and above count for the exit status */
    bool exit_zero;
    bool quiet;
    bool verbose;
    bool heading;         /* several inputs: name each */
    struct span baseline; /* the JSON report to compare with; empty: none */
    const char *baseline_path;
    struct looks looks;
};

/*
 * Changes for the worse since the baseline: rules that count for the exit status, or the verdict.
 */
struct against {
    const char *path;
    const char *verdict; /* the baseline's verdict */
    bool worse;
    const struct worse_rule {
        const char *id, *before, *now;
    } * rules;
    size_t n_rules;
};

struct report {
    const struct snapshot *snap;
    const struct judge_options *options;
    struct policy policy; /* the rules to judge */
    struct facts facts;
    struct notes notes;
    struct outcome *outcomes; /* in the order of the rules */
    size_t n_outcomes;
    size_t counts[V_COUNT];
    enum readiness readiness;
    struct advice advice; /* rows and fixes */
    struct forecast forecast;
    const char **caveats; /* facts that a reader of the verdict alone must know */
    size_t n_caveats;
    const struct against *against; /* NULL: no baseline was given */
    int exit_status;               /* 0, 1 or 3, --fail-on, --baseline and --exit-zero applied */
};

/*
 * Name of a row of a fleet: the label "host", else the last part of the input's path without an
 * archive's extension, else "this-machine". Made in `a`.
 */
const char *report_host_key(const struct report *r, struct arena *a);

/* The same for a parsed report: its label "host" and its path, NULL if missing. */
const char *report_host_name(const char *label, const char *path, struct arena *a);

/* True if a required rule was judged. */
bool report_selects_required(const struct report *r);

/*
 * A document of several inputs is `head`, the output of each input with `between` in between, and
 * `tail`; a NULL writes nothing. So the document stays valid even if inputs cannot be judged.
 */
struct reporter {
    const char *name;
    const char *summary;
    const char *head, *between, *tail;
    bool many;           /* can print several inputs in one document */
    const char *instead; /* the alternative, if it cannot */
    bool digest;         /* prints the digest of the evidence */
    void (*write)(struct out *o, const struct report *r);
};

/* Each is defined at the end of its own file. */
extern const struct reporter reporter_text, reporter_json, reporter_ndjson, reporter_markdown,
    reporter_html, reporter_csv, reporter_junit, reporter_sarif, reporter_prometheus;

extern const struct reporter *const reporters[];
extern const size_t n_reporters;
const struct reporter *reporter_find(const char *name);

/* A whole document with one report. */
void reporter_write_whole(const struct reporter *format, struct out *o, const struct report *r);

/* True if the outcome counts for the exit status under --fail-on. */
bool report_counts_for_exit(const struct report *r, const struct outcome *o);

#endif
