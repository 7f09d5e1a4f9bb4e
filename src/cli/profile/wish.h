/* SPDX-License-Identifier: MIT */
/* The policy that --profile, --require and --skip ask for. */
#ifndef CLI_PROFILE_WISH_H
#define CLI_PROFILE_WISH_H

#include "cli/config.h"

/*
 * Reads the profile file, if there is one, and checks in a confined process whether the wish makes
 * a policy, so that a mistake is reported once and not for each input.
 * Returns true, or false with one line in *problem.
 */
bool wish_prepare(struct wish *w, struct arena *a, const char **problem);

#endif
