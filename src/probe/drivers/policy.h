/* SPDX-License-Identifier: MIT */
/* A block policy, applied to what is known of a driver: its bytes need not be there any more. */
#ifndef PROBE_DRIVERS_POLICY_H
#define PROBE_DRIVERS_POLICY_H

#include "parse/sipolicy/sipolicy.h"
#include "vbscheck/arena.h"
#include "vbscheck/driver.h"

/*
 * Sets d->denied_by and d->undenied. A driver without digests, or one that is malformed, cannot be
 * decided where no rule denies it.
 */
void driver_apply_policy(const struct sipolicy *policy, struct driver *d, struct arena *a);

#endif
