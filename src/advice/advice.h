/* SPDX-License-Identifier: MIT */
/*
 * What the outcomes mean for the reader, computed once before any report: rows of Microsoft's
 * table, and the steps to take, in order.
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
    const char *detail;  /* the most important words; never NULL or empty */
    const char **rules;  /* ids, of all levels */
    size_t n_rules;
};

/* One step, and everything that waits for it. */
struct fix {
    enum step step;
    const char *text;   /* one line, in the imperative, with this machine's names */
    const char **rules; /* ids, in the order of the rules */
    size_t n_rules;
    const char **rows; /* names, in the order of the table */
    size_t n_rows;
    bool certain; /* the evidence shows that everything it settles is present but switched off */
    bool needed;  /* for the verdict "ready"; the others are worth doing */
};

struct advice {
    struct advice_row *rows;
    size_t n_rows;
    struct fix *fixes; /* in the order to do them, those that are needed first */
    size_t n_fixes;
    bool hopeless; /* the evidence proves that only other hardware helps */
    size_t beside; /* then: other rules that fail or are unknown and are not described further */
};

/* `counts` of each outcome must be set. Texts live in `a` or forever. */
void advise(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
            struct advice *out);

/* Parts of the above. */
void advise_rows(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
                 struct advice *out);
void advise_fixes(const struct outcome *outcomes, size_t n, struct arena *a, struct advice *out);

/* True for an unknown outcome that does not keep the verdict open. */
bool outcome_is_excused(const struct outcome *o);

/* Writes the evidence behind a row that passes: "2 DRHDs, 13 of 13 devices". */
void detail_write(struct out *o, const struct facts *f, const char *row);

/* Appends `text` to a list, after `between` unless it comes first; "" adds nothing. */
void detail_add(struct out *o, const char *between, const char *text);

/* Why a fact is unknown, in two or three words ("needs root"). */
const char *detail_of_reason(enum status reason);

/* The text of a broken clause, with the value of the deciding fact in place of "{}". */
const char *detail_of_failure(const struct facts *f, const struct outcome *o, struct arena *a);

#endif
