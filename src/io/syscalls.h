/* SPDX-License-Identifier: MIT */
/*
 * Numbers of system calls that the headers of Linux 5.6 lack, the oldest that this builds with.
 * From 424 on they are the same on every architecture: Linux scripts/syscall.tbl.
 */
#ifndef IO_SYSCALLS_H
#define IO_SYSCALLS_H

#include <sys/syscall.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* 5.9 */
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* 5.13 */
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

#endif
