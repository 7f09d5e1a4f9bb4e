/* SPDX-License-Identifier: MIT */
/* What stands on the first screen: the machine, rows of Microsoft's table, what to do. */
#ifndef REPORT_FIRST_H
#define REPORT_FIRST_H

#include "report/page.h"

/* What names the machine, in one line; made in the page's arena. */
const char *first_machine_text(const struct page *p);

/* Two lines at most. */
void first_machine(const struct page *p);

/* What the owner calls it, one line (all of it with -v); nothing where there are no labels. */
void first_labels(const struct page *p);

/* The profile, where it is not the default or something was added to it. */
void first_profile(const struct page *p);

/* One line a row. */
void first_rows(const struct page *p);

/* The steps, one line each; as many as leave what was printed from byte `from` on on a screen. */
void first_fixes(const struct page *p, size_t from);

/* True of a row about which nothing is worth saying: of guests on metal, of what is not given. */
bool first_leaves_out(const struct report *r, const struct advice_row *row);

/* How many steps are needed; they are the first of the list. */
size_t first_needed(const struct report *r);

/* What is said instead, where none is. */
const char *first_nothing_needed(const struct report *r);

/* The number of the step that settles this rule, as first_fixes() counts them; 0: none. */
size_t first_step_of(const struct report *r, const struct outcome *o);

#endif
