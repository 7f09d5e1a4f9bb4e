/* SPDX-License-Identifier: MIT */
/* Rules: constant tables of conditions over facts, judged in three-valued logic. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/fact.h"

enum verdict { V_PASS, V_FAIL, V_UNKNOWN, V_NOT_APPLICABLE, V_COUNT };
/* Not a level: the profile does not judge the rule. */
enum level {
    LEVEL_REQUIRED,
    LEVEL_RECOMMENDED,
    LEVEL_INFO,
    LEVEL_COUNT,
    LEVEL_LEFT_OUT = LEVEL_COUNT
};

/* The cause of a failure: unknown, feature absent, switched off, or wrong firmware. */
enum cause { CAUSE_UNKNOWN, CAUSE_ABSENT, CAUSE_DISABLED, CAUSE_FIRMWARE_BUG, CAUSE_COUNT };

/* The words of contract and schema; never NULL. */
const char *verdict_name(enum verdict v);
const char *level_name(enum level l);
const char *cause_name(enum cause c);
bool level_from_name(const char *name, enum level *out);

enum op { OP_NONE, OP_TRUE, OP_FALSE, OP_EQUALS, OP_AT_LEAST, OP_HAS_BITS, OP_LACKS_BITS };

struct cond {
    enum op op;
    enum fact_id fact;
    uint64_t value;
};

/* Compile-time check that a condition suits its fact's declared type; adds 0 to a value. */
#define FACT_MUST_BE(id, want) (0 * sizeof(char[(int)FACT_TYPE_##id == (int)(want) ? 1 : -1]))
#define IS_TRUE(id)                                                                                \
    {                                                                                              \
        OP_TRUE, FACT_##id, FACT_MUST_BE(id, FACT_BOOL)                                            \
    }
#define IS_FALSE(id)                                                                               \
    {                                                                                              \
        OP_FALSE, FACT_##id, FACT_MUST_BE(id, FACT_BOOL)                                           \
    }
#define EQUALS(id, n)                                                                              \
    {                                                                                              \
        OP_EQUALS, FACT_##id, (n) + FACT_MUST_BE(id, FACT_UINT)                                    \
    }
#define AT_LEAST(id, n)                                                                            \
    {                                                                                              \
        OP_AT_LEAST, FACT_##id, (n) + FACT_MUST_BE(id, FACT_UINT)                                  \
    }
#define HAS_BITS(id, n)                                                                            \
    {                                                                                              \
        OP_HAS_BITS, FACT_##id, (n) + FACT_MUST_BE(id, FACT_UINT)                                  \
    }
#define LACKS_BITS(id, n)                                                                          \
    {                                                                                              \
        OP_LACKS_BITS, FACT_##id, (n) + FACT_MUST_BE(id, FACT_UINT)                                \
    }

enum { CLAUSE_CONDS = 4, RULE_CLAUSES = 6, RULE_SHOWS = 8 };

/*
 * "Any of these", with the text for when none holds. An unknown condition is neither true nor
 * false: any-of takes the best of its members and all-of the worst, in the order false < unknown <
 * true.
 */
struct clause {
    struct cond any[CLAUSE_CONDS];
    const char *otherwise; /* when clause: why the rule does not apply; need: what is wrong */
    const char *brief;     /* the same in a few words, for a line of a table; "{}": the value */
    enum cause cause;
    bool everywhere; /* a violation counts in guests as on metal */
};

/* An unknown that does not keep a verdict open, and the caveat it adds to the verdict. */
struct excuse {
    enum status reason;
    const char *caveat; /* NULL: there is no excuse */
};

struct rule {
    const char *id;
    const char *row; /* row of Microsoft's table */
    const char *title;
    enum level level;   /* in the profile `vbs`; LEVEL_LEFT_OUT: other profiles judge it */
    enum level guest;   /* the level in a virtual machine */
    bool seen_from_wsl; /* if false, always hidden under WSL */
    struct excuse excuse;
    struct {
        enum fact_id when; /* a fact that is known to be true; FACT_NONE: never */
        enum level to;
    } raised;                         /* the level if that fact is true */
    struct clause when[RULE_CLAUSES]; /* all must hold, else not applicable */
    struct clause need[RULE_CLAUSES]; /* all must hold to pass */
    const char *pass;                 /* the message of a pass */
    const char *unseen;    /* why Linux shows nothing that decides it; NULL: `need` decides */
    const char *reference; /* document and section */
    enum fact_id shows[RULE_SHOWS]; /* evidence beyond the facts in the clauses; FACT_NONE ends */
};

struct rule_row {
    const char *name;
    const char *title;
    bool about_boot; /* about this boot, not about the machine */
};

/* Rows of Microsoft's table, in report order. */
extern const struct rule_row rule_rows[];
extern const size_t n_rule_rows;

/* The i-th rule over all groups in order; NULL past the last. */
const struct rule *rule_at(size_t i);
size_t rules_count(void);
const struct rule *rule_find(const char *id);

enum { OUTCOME_EVIDENCE = 24 };

struct remedy;
struct waiver; /* profile/policy.h */

struct outcome {
    const struct rule *rule;
    enum level level; /* the level applied: the rule's, or its guest level */
    bool lowered;     /* the guest level is the lower one */
    enum verdict verdict;
    enum status reason;          /* why unknown; ST_OK otherwise */
    bool beyond;                 /* unknown because this version never examines it */
    enum cause cause;            /* of a failure */
    const char *message;         /* one sentence, never NULL */
    const char *brief;           /* a few words about a broken clause; NULL if none is broken */
    const char *fix;             /* NULL on pass and not applicable */
    const struct remedy *remedy; /* the source of `fix`; NULL if nothing can be done */
    bool counts;                 /* counts for the verdict (judge.c) */
    bool blamed;                 /* fails and counts for the exit status */
    const char *before; /* its status in the baseline, if it did not get worse; NULL: it did */
    const struct waiver *waiver; /* the active waiver, so the rule does not count; NULL: none */
    enum fact_id decided_by;     /* FACT_NONE if no single fact decided */
    unsigned n_evidence;
    enum fact_id evidence[OUTCOME_EVIDENCE];
};

/* Judges one rule; texts that need facts' names are made in `a`. */
struct outcome rule_eval(const struct rule *r, const struct facts *f, struct arena *a);

/* The documents behind rules and parsers: a report with newer editions knows more. */
struct edition {
    const char *name;    /* "uefi" */
    const char *edition; /* its date or version */
    const char *summary;
};
extern const struct edition editions[];
extern const size_t n_editions;

/* Link to the page of a rule; made in `a`. */
const char *rule_url(const struct rule *r, struct arena *a);

#endif
