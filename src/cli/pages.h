/* SPDX-License-Identifier: MIT */
/* The pages of docs/rules/, which the build puts into the program. */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include <stddef.h>

#include "vbscheck/out.h"
#include "vbscheck/span.h"

struct rule_page {
    const char *rule;
    struct span text; /* Markdown */
};

extern const struct rule_page rule_pages[];
extern const size_t n_rule_pages;

/* The text below "## `heading`" of a rule's page; empty if there is none. */
struct span page_section(const char *rule, const char *heading);

/*
 * Prints Markdown, as the pages use it, for a terminal, from column `left` on: paragraphs, lists,
 * and tables as lists of their rows.
 */
void page_markdown(struct out *o, size_t left, struct span text);

/* Prints a plain text, made safe, wrapped from column `left` on; the cursor is at column `at`. */
void page_text(struct out *o, size_t at, size_t left, const char *text);

#endif
