/* SPDX-License-Identifier: MIT */
/* Macros for the tables of profiles: a row is a rule, and its level on a PC and in a VM. */
#ifndef PROFILE_ROWS_H
#define PROFILE_ROWS_H

#include "profile/profile.h"

#define REQUIRED(rule)                                                                             \
    {                                                                                              \
        rule, LEVEL_REQUIRED, LEVEL_REQUIRED                                                       \
    }
/* In a VM the rule belongs to the host, and never makes the VM not ready. */
#define REQUIRED_OF_PC(rule)                                                                       \
    {                                                                                              \
        rule, LEVEL_REQUIRED, LEVEL_RECOMMENDED                                                    \
    }
#define RECOMMENDED(rule)                                                                          \
    {                                                                                              \
        rule, LEVEL_RECOMMENDED, LEVEL_RECOMMENDED                                                 \
    }
#define INFO(rule)                                                                                 \
    {                                                                                              \
        rule, LEVEL_INFO, LEVEL_INFO                                                               \
    }

#endif
