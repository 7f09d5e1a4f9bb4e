/* SPDX-License-Identifier: MIT */
/*
 * The one table of remedies: what to do about a failure or an unknown, chosen by rule, cause or
 * reason, by where the deciding fact came from, and by what can work on this machine. Several rules
 * can wait for one step; a report names each step once.
 */
#ifndef RULES_REMEDY_H
#define RULES_REMEDY_H

#include "rules/remedies.h"

/* The contract's word ("firmware-update"); never NULL. */
const char *action_name(enum action a);

/* The i-th row, in the order in which rows are tried; NULL past the last. */
const struct remedy *remedy_at(size_t i);

/* The step in words that fit this machine; NULL where there is no step. */
const char *remedy_line(const struct remedy *m);

/*
 * What makes an unknown with this deciding fact decidable on this machine. NULL of a fact that no
 * probe sets: nothing of this version looks at it.
 */
const struct remedy *remedy_for_unknown(const struct facts *f, const struct rule *r,
                                        enum fact_id decided);

/* The same of what a hypervisor hides. */
const struct remedy *remedy_for_hidden(void);

/* The same of what no running system shows. */
const struct remedy *remedy_for_unseen(void);

/* The remedy for a failure that this fact decided; NULL if no row fits. */
const struct remedy *remedy_for_failure(const struct facts *f, const struct rule *r,
                                        enum fact_id decided, enum cause cause);

#endif
