/* SPDX-License-Identifier: MIT */
/*
 * The policy of a run: a profile, built in or of a file, what the command line adds to it, and
 * what is waived. Pure: bytes in, rules out.
 */
#ifndef PROFILE_POLICY_H
#define PROFILE_POLICY_H

#include "profile/profile.h"

/* A rule that does not count, and who answers for it. */
struct waiver {
    const char *rule;
    const char *reason;
    const char *until; /* the last day, "2027-01-31"; NULL of the command line */
    const char *owner; /* NULL of the command line */
    bool expired;      /* it waives nothing any more */
};

/* The policy as the command line gives it. */
struct wish {
    const struct profile *profile; /* unless a file is given */
    const char *given;             /* the value of --profile; NULL: the default */
    const char *file;              /* its name; NULL: none */
    struct span bytes;             /* what stands in it */
    const char **require;          /* rules */
    size_t n_require;
    struct waiver *skip; /* of the command line */
    size_t n_skip;
    const char *today; /* "2026-11-30": what ends by it; NULL: nothing does */
};

/* The policy in force. */
struct policy {
    const char *name, *goal, *page, *date; /* of the profile; page and date may be NULL */
    const char *file;
    bool plain;                /* the default, and nothing added */
    const struct rule **rules; /* with the levels that apply, in report order */
    size_t n_rules;
    const struct waiver *waivers; /* in the order in which they were given */
    size_t n_waivers;
    const char *const *required; /* by the command line */
    size_t n_required;
    const char **notes;
    size_t n_notes;
};

enum { PROFILE_FILE_MAX = 256 << 10, POLICY_TEXT_MAX = 200, WAIVERS_MAX = 200 };

/* Everything is made in `a`. Returns false, with one line in *problem, where it cannot be done. */
bool policy_make(const struct wish *w, struct arena *a, struct policy *out, const char **problem);

/* The waiver that is in force for the rule `id`, or NULL. */
const struct waiver *policy_waiver(const struct policy *p, const char *id);

/* NULL if `text` can be a reason, an owner or a name, else what is wrong: the end of a sentence. */
const char *policy_text_problem(const char *text);

/* The content of a profile file, checked by itself. */
struct profile_file {
    struct profile profile; /* name, goal, page, date */
    const struct profile *base;
    const struct profile_row *rows; /* one a rule */
    size_t n_rows;
    const struct waiver *waivers;
    size_t n_waivers;
};

/*
 * Reads it (docs/schema/profile-1.json). Returns false, with what is wrong in *problem, without the
 * file's name.
 */
bool profile_file_parse(struct span bytes, struct arena *a, struct profile_file *out,
                        const char **problem);

#endif
