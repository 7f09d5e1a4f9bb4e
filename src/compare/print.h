/* SPDX-License-Identifier: MIT */
/* Writers for a comparison. */
#ifndef COMPARE_PRINT_H
#define COMPARE_PRINT_H

#include "compare/compare.h"
#include "report/report.h"

/* For people; `looks` describes their terminal. */
void compare_print_text(struct out *o, const struct comparison *c, const struct looks *looks);

/* For tickets and step summaries; the same words as tables. */
void compare_print_markdown(struct out *o, const struct comparison *c, const struct looks *looks);

/* docs/schema/diff-1.json. */
void compare_print_json(struct out *o, const struct comparison *c, const struct looks *looks);

#endif
