/* SPDX-License-Identifier: MIT */
/* The message about a word that should have been a rule. */
#ifndef CLI_PROFILE_MISTAKEN_RULE_H
#define CLI_PROFILE_MISTAKEN_RULE_H

#include "vbscheck/suggest.h"

/* For `name`, which is not a rule: "'smm.wstm' is not a rule; did you mean 'smm.wsmt'?" */
const char *mistake_rule(struct arena *a, const char *name);

#endif
