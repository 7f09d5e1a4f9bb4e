/* SPDX-License-Identifier: MIT */
/* Which build this is; cmake/VbsBuild.cmake writes it. */
#ifndef CLI_BUILD_H
#define CLI_BUILD_H

/* The name in -DVBSCHECK_BUILD_NAME=, else the commit that was built; NULL if neither is known. */
extern const char *const vbscheck_build;

#endif
