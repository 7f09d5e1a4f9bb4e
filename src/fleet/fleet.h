/* SPDX-License-Identifier: MIT */
/*
 * A fleet of machines, counted report by report. Memory grows with models, messages and fixes, each
 * up to a limit, and not with machines; items over a limit are counted as "others".
 */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

#include "compare/told.h"
#include "fleet/names.h"

/* Limits on distinct items. */
enum {
    FLEET_RULES = 256,
    FLEET_ROWS = 64,
    FLEET_MESSAGES = 2000,
    FLEET_FIXES = 200,
    FLEET_SETS = 600,
    FLEET_SET_FIXES = 12, /* in one set */
    FLEET_MODELS = 1000,
    FLEET_VARIANTS = 6, /* results of one model and firmware */
    FLEET_HOSTS_NAMED = 3,
    FLEET_DRIVERS = 1000,
    FLEET_WORDS = 40, /* profiles, versions, answers of the forecast */
    FLEET_SKIPPED_NAMED = 5,
    FLEET_HOSTS_KNOWN = 3 << 19, /* beyond this number duplicates are not found */
};

enum result { RESULT_NONE, RESULT_PASS, RESULT_FAIL, RESULT_UNKNOWN, RESULT_NOT_APPLICABLE };
enum { RESULT_COUNT = RESULT_NOT_APPLICABLE + 1 };

/* "fail"; "not judged" for RESULT_NONE. */
const char *result_name(enum result r);

/* The meaning of a status; RESULT_UNKNOWN for a word from a newer program. */
enum result result_of(const char *status);

/* Answers of a forecast. */
enum { ANSWERED_YES, ANSWERED_NO, ANSWERED_OPEN, ANSWER_WORDS };

enum standing { STANDING_READY, STANDING_UNDETERMINED, STANDING_NOT_READY, STANDING_COUNT };

/* "ready", "undetermined", "not-ready". */
const char *standing_name(enum standing s);

/* Why a row fails or is unknown; its counts are in `messages` of the fleet. */
struct fleet_message {
    uint16_t row, rule;
    enum result result;
    const char *why; /* cause or reason; NULL if the report has none */
    const char *text;
};

/* The fixes that make a machine ready, the same for all machines of that set. */
struct fleet_set {
    uint16_t fixes[FLEET_SET_FIXES]; /* numbers, ascending */
    size_t n;
    uint64_t machines;
    uint64_t open; /* further machines, which also lack evidence */
};

struct fleet_fix {
    const char *action, *text;
    uint64_t machines; /* machines that need it for the verdict */
    uint64_t certain;  /* of them, machines where the evidence shows that it helps */
    uint64_t alone;    /* machines that need nothing else */
};

/* A step of the plan: its fix, and the machines reached when it and all before are done. */
struct fleet_step {
    size_t fix;
    uint64_t ready; /* machines that have become ready */
    uint64_t open;  /* further machines where nothing fails any more, but evidence is missing */
};

/* A combination of results that machines of a model had: an enum result per rule. */
struct fleet_variant {
    uint8_t *results;
    size_t n;
    uint64_t machines;
    const char *hosts[FLEET_HOSTS_NAMED];
};

struct fleet_model {
    const char *vendor, *product, *firmware; /* NULL: unknown */
    uint64_t standings[STANDING_COUNT];
    struct fleet_variant variants[FLEET_VARIANTS];
    size_t n_variants;
    uint64_t other_variants; /* machines whose variants were over the limit */
};

struct fleet_driver {
    const char *name, *company, *version, *result;
    bool denied;
    uint64_t machines, last; /* the number of the last machine that had it */
};

struct fleet_skipped {
    const char *file, *problem;
    uint64_t line;
};

/* Hosts already counted, as a 48-bit hash each. */
struct host_set {
    uint32_t *low;
    uint16_t *high;
    size_t n;
};

struct fleet {
    struct arena *arena;
    uint64_t lines, machines, unnamed; /* unnamed: their hosts cannot be told apart */
    uint64_t standings[STANDING_COUNT];
    struct name_set rules, rows, messages, fixes, sets, models, drivers;
    struct name_set profiles, versions, forecast;
    uint64_t answers[FLEET_WORDS][ANSWER_WORDS]; /* of the forecast */
    const char *row_titles[FLEET_ROWS];
    uint64_t row_results[FLEET_ROWS][RESULT_COUNT];
    struct fleet_message *message;
    struct fleet_fix *fix;
    struct fleet_set *set;
    struct fleet_model *model;
    struct fleet_driver *driver;
    uint64_t hopeless;   /* only other hardware makes them ready */
    uint64_t open;       /* only evidence is missing */
    uint64_t unfixable;  /* a rule that counts has no fix in the report */
    uint64_t other_sets; /* machines whose sets of fixes were over the limit */
    uint64_t other_models, other_messages, other_drivers; /* of machines; drivers: of cases */
    uint64_t with_drivers, with_bad_drivers;
    struct host_set hosts;
    bool hosts_full;
    struct fleet_skipped skipped[FLEET_SKIPPED_NAMED];
    uint64_t n_skipped, n_duplicates; /* duplicates are among the skipped */
};

void fleet_init(struct fleet *f, struct arena *a);

/* Records a line that is not counted. */
void fleet_skip(struct fleet *f, const char *file, uint64_t line, const char *problem);

/*
 * Counts a report, or skips it if its host was counted before. Temporary data for this report is
 * made in `scratch`.
 */
void fleet_add(struct fleet *f, const char *file, uint64_t line, const struct told *t,
               struct arena *scratch);

/*
 * The steps, at most `most`, that make the most machines ready; *steps is made in `a`. Returns
 * their number. A machine becomes ready when all fixes of its set are done, so the plan takes set
 * after set: the one whose missing fixes make the most machines ready per fix. If equal, machines
 * that also lack evidence count.
 */
size_t fleet_plan(const struct fleet *f, size_t most, struct arena *a, struct fleet_step **steps);

/* Parts of fleet_add(). */
void fleet_add_fixes(struct fleet *f, const struct told *t, struct arena *scratch);
void fleet_add_model(struct fleet *f, const struct told *t, const char *host, enum standing s,
                     struct arena *scratch);
void host_set_init(struct host_set *s, struct arena *a);

/*
 * Remembers the host of a report. Returns false if nothing identifies it; *known: it was counted
 * before. Temporary memory comes from `a`.
 */
bool host_set_add(struct fleet *f, const struct told *t, struct arena *a, bool *known);

/* Machines of a model. */
uint64_t fleet_model_machines(const struct fleet_model *m);

/* The variant that most machines of a model had. */
const struct fleet_variant *fleet_model_usual(const struct fleet_model *m);

/* True if both were judged by that rule, with different results. */
bool fleet_differs(const struct fleet_variant *x, const struct fleet_variant *y, size_t rule);

/* True if a rule's result differs among the machines of a model. */
bool fleet_model_differs(const struct fleet_model *m);

#endif
