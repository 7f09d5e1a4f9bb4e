/* SPDX-License-Identifier: MIT */
/* All verbs, in the order of --help. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/verb.h"

/* The first one runs if no verb is given. */
extern const struct verb *const verbs[];
extern const size_t n_verbs;

#endif
