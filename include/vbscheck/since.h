/* SPDX-License-Identifier: MIT */
/* The version that introduced a rule, fact, option or format. */
#ifndef VBSCHECK_SINCE_H
#define VBSCHECK_SINCE_H

enum since_kind { SINCE_RULE, SINCE_FACT, SINCE_OPTION, SINCE_FORMAT };

/* "0.1.0", from releases.def; for a name in no release yet, the version being made. */
const char *since(enum since_kind kind, const char *name);

#endif
