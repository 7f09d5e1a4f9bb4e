/* SPDX-License-Identifier: MIT */
/* A command line while it is read: what the setters of options are handed. */
#ifndef CLI_PARSING_H
#define CLI_PARSING_H

#include "cli/config.h"

struct parsing {
    struct arena *arena;
    struct config *config;
    unsigned given;      /* bit of each option that was */
    const char *problem; /* set by an option's setter */
};

#endif
