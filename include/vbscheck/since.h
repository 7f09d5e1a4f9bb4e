/* SPDX-License-Identifier: MIT */
/* With which version a rule, fact, option or format came. */
#ifndef VBSCHECK_SINCE_H
#define VBSCHECK_SINCE_H

enum since_kind { SINCE_RULE, SINCE_FACT, SINCE_OPTION, SINCE_FORMAT };

/* "0.1.0", by releases.def; of a name that no release had yet the version being made. */
const char *since(enum since_kind kind, const char *name);

#endif
