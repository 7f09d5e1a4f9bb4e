/* SPDX-License-Identifier: MIT */
/* Damaged copies, the same ones every time. */
#ifndef SUPPORT_MUTANT_H
#define SUPPORT_MUTANT_H

#include "support/build.h"

/*
 * A copy in which up to six bytes are others, and one time of four cut short. The same for the
 * same `*seed`, which moves on. Nothing is repaired. `good` must not be empty.
 */
struct heap mutant_of(struct span good, uint64_t *seed);

/* The same of an ACPI table, its length and checksum repaired two times of three, as `n` counts. */
struct heap mutant_of_table(struct span good, uint64_t *seed, unsigned n);

#endif
