/* SPDX-License-Identifier: MIT */
/* The problems: each cause once, with the rules it affects, its bytes, and what to do. */
#ifndef REPORT_CAUSES_H
#define REPORT_CAUSES_H

#include "report/page.h"

/*
 * Prints the problems of the machine, or of this boot alone, under `title`; returns false if there
 * are none.
 */
bool causes_print(const struct page *p, bool about_boot, const char *title);

/* Does causes_print() print this outcome? */
bool causes_tell(const struct page *p, const struct outcome *o);

/* "from" and the facts behind one outcome, the deciding fact first; at most `most`. */
void causes_print_evidence(const struct page *p, const struct outcome *o, size_t most);

/* The message of a rule, to follow its status word: it does not repeat "unknown". */
const char *causes_sentence(const struct outcome *o);

/* Findings about one rule. */
void causes_print_findings(const struct page *p, const struct rule *r);

#endif
