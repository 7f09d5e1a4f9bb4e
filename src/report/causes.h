/* SPDX-License-Identifier: MIT */
/* The problems: each cause once, with the rules it affects, its bytes, and what to do. */
#ifndef REPORT_CAUSES_H
#define REPORT_CAUSES_H

#include "report/page.h"

/* Problems of the machine, or of this boot alone. Under `title`; returns false where there is none.
 */
bool causes_print(const struct page *p, bool about_boot, const char *title);

/* Is this outcome among what causes_print() prints? */
bool causes_tell(const struct page *p, const struct outcome *o);

/* "from" and the facts behind one outcome, the one that decided first; `most` of them. */
void causes_print_evidence(const struct page *p, const struct outcome *o, size_t most);

/* What happened to a rule, to stand behind the word for it: "unknown" need not be said twice. */
const char *causes_sentence(const struct outcome *o);

/* Findings about one rule. */
void causes_print_findings(const struct page *p, const struct rule *r);

#endif
