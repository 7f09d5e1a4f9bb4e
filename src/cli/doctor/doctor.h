/* SPDX-License-Identifier: MIT */
/* The sources that the program can and cannot see here, and the rules that stay unknown. */
#ifndef CLI_DOCTOR_DOCTOR_H
#define CLI_DOCTOR_DOCTOR_H

#include "report/report.h"

/* OK: available. LACKING: missing, with a reason. NONE: this machine has nothing of the kind. */
enum doctor_word { DOCTOR_OK, DOCTOR_LACKING, DOCTOR_NONE };

/* The word as it is printed. */
const char *doctor_word_name(enum doctor_word w);

enum doctor_group { GROUP_PRIVILEGES, GROUP_KERNEL, GROUP_LIBRARIES, GROUP_CONFINEMENT, GROUPS };

struct doctor_check {
    enum doctor_group group;
    const char *id;
    const char *title;
    enum doctor_word word;
    enum status reason;  /* of LACKING */
    const char *detail;  /* NULL: nothing to add */
    const char *command; /* a command that helps; NULL: none does */
    /* Prefixes of its blobs, ended by NULL: rules that depend on these belong to it. */
    const char *const *blobs;
    bool reason_too;    /* only rules that are unknown for this reason */
    bool by_reason;     /* all rules that are unknown for this reason, whichever blob decides */
    const char **rules; /* unknown because this is missing */
    size_t n_rules;
    const char *remedy; /* for the first of these rules */
};

struct doctor {
    struct arena *arena;
    unsigned uid;
    struct doctor_check *checks;
    size_t n;
};

/* Adds a check; its strings are borrowed. */
void doctor_add(struct doctor *d, struct doctor_check check);

/* Checks that need a process with all its rights: privileges, libraries, kernel. */
void doctor_look(struct doctor *d);

/* Runs confined: adds what a scan found, and which rules each missing source leaves unknown. */
void doctor_judge(struct doctor *d, const struct report *r);

void doctor_print_text(struct out *o, const struct doctor *d, const struct report *r);
void doctor_print_json(struct out *o, const struct doctor *d, const struct report *r);

#endif
