/* SPDX-License-Identifier: MIT */
#ifndef LIMITS_STEPS_H
#define LIMITS_STEPS_H

#include <stddef.h>

/* Steps of this process so far; only in a build with VBSCHECK_STEPS. */
size_t steps_so_far(void);

#endif
