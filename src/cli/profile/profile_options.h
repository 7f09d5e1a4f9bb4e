/* SPDX-License-Identifier: MIT */
/* Setters of the options that select what is judged: rows of cli_options.c. */
#ifndef CLI_PROFILE_PROFILE_OPTIONS_H
#define CLI_PROFILE_PROFILE_OPTIONS_H

#include "cli/parsing.h"

/* Each stores the option's value, and sets p->problem if the value cannot be used. */
void set_profile(struct parsing *p, const char *value);  /* NAME or ./FILE */
void add_required(struct parsing *p, const char *value); /* RULE */
void add_skip(struct parsing *p, const char *value);     /* RULE=REASON */

#endif
