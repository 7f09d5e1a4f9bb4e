/* SPDX-License-Identifier: MIT */
/* A fleet as one page for people: sections of tables, the same in every format. */
#ifndef FLEET_SHEET_H
#define FLEET_SHEET_H

#include "fleet/fleet.h"
#include "report/report.h"

enum { SHEET_NUMBERS = 4 };

/* Parts of a bar: results of the machines. */
enum sheet_part { PART_FAIL, PART_UNKNOWN, PART_PASS, PART_OTHER, PART_COUNT };

struct sheet_row {
    uint64_t numbers[SHEET_NUMBERS]; /* one for each heading but the last */
    const char *label;
    const char **details; /* lines below it */
    size_t n_details;
    uint64_t bar[PART_COUNT];
};

struct sheet_section {
    const char *title;
    const char *const *heads; /* of the numbers, then of the label */
    size_t n_heads;
    bool bars;
    bool first_page; /* on the first printed page */
    struct sheet_row *rows;
    size_t n_rows;
    const char **notes; /* below the table */
    size_t n_notes;
};

struct sheet {
    struct arena *arena;
    const char **lead; /* text above everything else */
    size_t n_lead;
    uint64_t machines;
    uint64_t bar[PART_COUNT]; /* of the verdicts */
    struct sheet_section *sections;
    size_t n_sections;
};

/* Everything is made in `a`. */
void sheet_make(const struct fleet *f, struct arena *a, struct sheet *out);

/* Parts of it. */
struct sheet_section *sheet_section(struct sheet *s, const char *title, const char *const *heads,
                                    size_t n_heads);
struct sheet_row *sheet_row(struct sheet *s, const char *label);
void sheet_detail(struct sheet *s, const char *text);
void sheet_note(struct sheet *s, const char *text);
void sheet_lead(struct sheet *s, const char *text);
void sheet_models(struct sheet *s, const struct fleet *f);
void sheet_outliers(struct sheet *s, const struct fleet *f);
void sheet_drivers(struct sheet *s, const struct fleet *f);

/* "Maker Model, firmware 1.0"; made in `a`. */
const char *sheet_model_name(const struct fleet_model *m, struct arena *a);

/* "1 machine", "2 machines"; made in `a`. */
const char *sheet_machines(uint64_t n, struct arena *a);

#endif
