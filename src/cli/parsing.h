/* SPDX-License-Identifier: MIT */
/* A command line while it is read: what the setters of options get. */
#ifndef CLI_PARSING_H
#define CLI_PARSING_H

#include "cli/config.h"

struct parsing {
    struct arena *arena;
    struct config *config;
    uint64_t given;      /* bits of the options given so far */
    const char *problem; /* set by an option's setter */
};

#endif
