/* SPDX-License-Identifier: MIT */
/*
 * The policy of a run: a profile (built in or from a file), additions from the command line, and
 * waivers. Pure: bytes in, rules out.
 */
#ifndef PROFILE_POLICY_H
#define PROFILE_POLICY_H

#include "profile/profile.h"

/* A rule that does not count, and the owner of that decision. */
struct waiver {
    const char *rule;
    const char *reason;
    const char *until; /* the last day, "2027-01-31"; NULL from the command line */
    const char *owner; /* NULL from the command line */
    bool expired;      /* the waiver has no effect any more */
};

/* The policy as given on the command line. */
struct wish {
    const struct profile *profile; /* used unless a file is given */
    const char *given;             /* the value of --profile; NULL: the default */
    const char *file;              /* its name; NULL: none */
    struct span bytes;             /* the file's content */
    const char **require;          /* rules */
    size_t n_require;
    struct waiver *skip; /* from the command line */
    size_t n_skip;
    const char *today; /* "2026-11-30": waivers expire by it; NULL: none expires */
};

/* The policy in force. */
struct policy {
    const char *name, *goal, *page, *date; /* of the profile; page and date may be NULL */
    const char *file;
    bool plain;                /* the default, without additions */
    const struct rule **rules; /* with the levels that apply, in report order */
    size_t n_rules;
    const struct waiver *waivers; /* in the order given */
    size_t n_waivers;
    const char *const *required; /* from the command line */
    size_t n_required;
    const char **notes;
    size_t n_notes;
};

enum { PROFILE_FILE_MAX = 256 << 10, POLICY_TEXT_MAX = 200, WAIVERS_MAX = 200 };

/* Everything is made in `a`. Returns false, with one line in *problem, if it fails. */
bool policy_make(const struct wish *w, struct arena *a, struct policy *out, const char **problem);

/* The active waiver for the rule `id`, or NULL. */
const struct waiver *policy_waiver(const struct policy *p, const char *id);

/* NULL if `text` is valid as a reason, an owner or a name, else the error: a sentence's end. */
const char *policy_text_problem(const char *text);

/* The content of a profile file, checked by itself. */
struct profile_file {
    struct profile profile; /* name, goal, page, date */
    const struct profile *base;
    const struct profile_row *rows; /* one per rule */
    size_t n_rows;
    const struct waiver *waivers;
    size_t n_waivers;
};

/*
 * Parses a profile file (docs/schema/profile-1.json). Returns false, with the error in *problem,
 * without the file's name.
 */
bool profile_file_parse(struct span bytes, struct arena *a, struct profile_file *out,
                        const char **problem);

#endif
