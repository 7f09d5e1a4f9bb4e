/* SPDX-License-Identifier: MIT */
/* Applies a block policy to the known data of a driver, without needing its bytes. */
#ifndef PROBE_DRIVERS_POLICY_H
#define PROBE_DRIVERS_POLICY_H

#include "parse/sipolicy/sipolicy.h"
#include "vbscheck/arena.h"
#include "vbscheck/driver.h"

/*
 * Sets d->denied_by and d->undenied. For a driver that is malformed or has no digests, only a rule
 * that denies it can decide.
 */
void driver_apply_policy(const struct sipolicy *policy, struct driver *d, struct arena *a);

#endif
