/* SPDX-License-Identifier: MIT */
/*
 * Profiles: which rules are judged, and at which level. Each is a constant table in its own file,
 * made from one of Microsoft's pages.
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "rules/rule.h"

struct profile_row {
    const char *rule;
    enum level level;
    enum level guest; /* the level in a virtual machine */
};

enum { PROFILE_ROWS_MAX = 40 };

struct profile {
    const char *name;
    const char *summary;
    const char *goal; /* what a machine that passes is ready for */
    const char *page; /* source of these requirements */
    const char *date; /* of the edition that the table was made from */
    bool rest;        /* rules without a row are judged at their own levels, which are `vbs` */
    bool strict;      /* these are required everywhere, and nothing is excused */
    struct profile_row rows[PROFILE_ROWS_MAX]; /* a row without a rule ends them */
};

/* Each is defined in its own file. */
extern const struct profile profile_vbs, profile_vbs_2017, profile_vbs_current,
    profile_readiness_tool, profile_memory_integrity_default, profile_credential_guard,
    profile_kernel_dma_protection, profile_secured_core_pc, profile_strict;

/* The first is the default. */
extern const struct profile *const profiles[];
extern const size_t n_profiles;

/* NULL if there is no profile with this name. */
const struct profile *profile_find(const char *name);

/* The levels of `r` in the profile; LEVEL_LEFT_OUT if the profile does not judge it. */
struct profile_row profile_levels(const struct profile *p, const struct rule *r);

#endif
