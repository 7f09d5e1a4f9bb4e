/* SPDX-License-Identifier: MIT */
/* The first screen: the machine, rows of Microsoft's table, what to do. */
#ifndef REPORT_FIRST_H
#define REPORT_FIRST_H

#include "report/page.h"

/* The machine's names in one line; made in the page's arena. */
const char *first_machine_text(const struct page *p);

/* The machine, in at most two lines. */
void first_machine(const struct page *p);

/* The owner's labels, one line (all of it with -v); nothing if there are no labels. */
void first_labels(const struct page *p);

/* The profile, if it is not the default or was modified. */
void first_profile(const struct page *p);

/* One line per row. */
void first_rows(const struct page *p);

/* The steps, one line each, as many as fit on a screen with the output since byte `from`. */
void first_fixes(const struct page *p, size_t from);

/* True for a row to leave out: guest rows on metal, and rows without evidence. */
bool first_leaves_out(const struct report *r, const struct advice_row *row);

/* The number of needed steps, which come first in the list. */
size_t first_needed(const struct report *r);

/* The text if no step is needed. */
const char *first_nothing_needed(const struct report *r);

/* The number of the step that settles this rule, as first_fixes() counts them; 0: none. */
size_t first_step_of(const struct report *r, const struct outcome *o);

#endif
