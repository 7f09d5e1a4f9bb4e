/* SPDX-License-Identifier: MIT */
/* Which build this is; cmake/VbsBuild.cmake writes it. */
#ifndef CLI_BUILD_H
#define CLI_BUILD_H

/* What -DVBSCHECK_BUILD_NAME= says, else the commit that was built; NULL where neither is known. */
extern const char *const vbscheck_build;

#endif
