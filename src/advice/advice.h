/* SPDX-License-Identifier: MIT */
/*
 * What follows from the outcomes for whoever reads them, made once and before any report: rows of
 * Microsoft's table, and what to do, in order.
 */
#ifndef ADVICE_ADVICE_H
#define ADVICE_ADVICE_H

#include "rules/remedy.h"
#include "rules/rule.h"
#include "vbscheck/out.h"

/* A row of Microsoft's table, over the rules of the highest level present in it. */
struct advice_row {
    const struct rule_row *row;
    enum level level;
    enum verdict status; /* the worst: fail, unknown, pass, not applicable */
    const char *detail;  /* a few words that tell most; never NULL or empty */
    const char **rules;  /* ids, of all levels */
    size_t n_rules;
};

/* One step, and all that waits for it. */
struct fix {
    enum step step;
    const char *text;   /* one line, in the imperative, with this machine's names */
    const char **rules; /* ids, in the order of the rules */
    size_t n_rules;
    const char **rows; /* names, in the order of the table */
    size_t n_rows;
    bool certain; /* the evidence shows that all it settles is there and switched off */
    bool needed;  /* for the verdict "ready"; the others are worth doing */
};

struct advice {
    struct advice_row *rows;
    size_t n_rows;
    struct fix *fixes; /* in the order to do them, those that are needed first */
    size_t n_fixes;
    bool hopeless; /* the evidence proves that nothing but other hardware helps */
    size_t beside; /* then: other rules that fail or are unknown, of which no more is said */
};

/* `counts` of each outcome is set. Texts live in `a` or for ever. */
void advise(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
            struct advice *out);

/* Parts of the above. */
void advise_rows(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
                 struct advice *out);
void advise_fixes(const struct outcome *outcomes, size_t n, struct arena *a, struct advice *out);

/* True of an unknown that keeps no verdict open. */
bool outcome_is_excused(const struct outcome *o);

/* Writes what a row that holds shows of the machine: "2 DRHDs, 13 of 13 devices". */
void detail_write(struct out *o, const struct facts *f, const char *row);

/* Adds `text` to a list, with `between` in front of it unless it is the first; "" adds nothing. */
void detail_add(struct out *o, const char *between, const char *text);

/* Why something is not known, in two or three words ("needs root"). */
const char *detail_of_reason(enum status reason);

/* The words of a broken clause, with the value of the fact that decided in the place of "{}". */
const char *detail_of_failure(const struct facts *f, const struct outcome *o, struct arena *a);

#endif
