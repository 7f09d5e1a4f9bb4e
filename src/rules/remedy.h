/* SPDX-License-Identifier: MIT */
/*
 * The single table of remedies for failures and unknowns, chosen by rule, cause or reason, by the
 * source of the deciding fact, and by what can work on this machine. Several rules can wait for one
 * step; a report names each step once.
 */
#ifndef RULES_REMEDY_H
#define RULES_REMEDY_H

#include "rules/remedies.h"

/* The contract's word ("firmware-update"); never NULL. */
const char *action_name(enum action a);

/* The i-th row, in the order in which rows are tried; NULL past the last. */
const struct remedy *remedy_at(size_t i);

/* The step as text for this machine; NULL if there is no step. */
const char *remedy_line(const struct remedy *m);

/*
 * The remedy that makes an unknown with this deciding fact decidable on this machine. NULL for a
 * fact that no probe sets: this version never examines it.
 */
const struct remedy *remedy_for_unknown(const struct facts *f, const struct rule *r,
                                        enum fact_id decided);

/* The same for facts that a hypervisor hides. */
const struct remedy *remedy_for_hidden(void);

/* The same for facts that no running system shows. */
const struct remedy *remedy_for_unseen(void);

/* The remedy for a failure that this fact decided; NULL if no row fits. */
const struct remedy *remedy_for_failure(const struct facts *f, const struct rule *r,
                                        enum fact_id decided, enum cause cause);

#endif
