/* SPDX-License-Identifier: MIT */
/* An end to calls that never return. */
#ifndef IO_ALARM_H
#define IO_ALARM_H

#include <time.h>

/*
 * Interrupts the call that waits after so many seconds: a file system in user space may never
 * answer. It comes again, for a call that started just after it. 0: no more.
 */
void alarm_set(time_t seconds);

#endif
