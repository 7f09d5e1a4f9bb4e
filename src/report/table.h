/* SPDX-License-Identifier: MIT */
/* A fleet in the text format: one line per machine, and counts per row of Microsoft's table. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/page.h"

enum { TABLE_ROWS_MAX = 32 };

/* What a machine has in each row, in the order of the rows, and its verdict. */
struct table_marks {
    uint8_t of[TABLE_ROWS_MAX - 1]; /* enum verdict + 1; 0: it has no such row */
    uint8_t readiness;              /* enum readiness + 1 */
};

/* The sum over all machines. */
struct table_sum {
    size_t machines;
    size_t readiness[UNDETERMINED + 1];
    size_t of[TABLE_ROWS_MAX][V_COUNT];
};

/* True if the text format prints a table: several inputs, and neither -q nor -v. */
bool text_is_table(const struct judge_options *options);

/*
 * The machine's line: the verdict, its name, the rows that fail or are undecided. Whoever named the
 * file chose the name: it never starts a line, where verdicts are.
 */
void table_line(const struct page *p);

void table_mark(const struct report *r, struct table_marks *out);

/* Adds a machine. Marks may come from a process that hostile bytes control. */
void table_add(struct table_sum *sum, const struct table_marks *marks);

/* The counts per row, below the lines; nothing for no machine. */
void table_write_sum(struct out *o, const struct table_sum *sum, const struct looks *looks);

#endif
