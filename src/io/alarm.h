/* SPDX-License-Identifier: MIT */
/* Interrupts calls that may never return. */
#ifndef IO_ALARM_H
#define IO_ALARM_H

#include <time.h>

/*
 * Interrupts the waiting call after this many seconds: a file system in user space may never
 * answer. It repeats, for a call that starts just after it. 0: no more interrupts.
 */
void alarm_set(time_t seconds);

#endif
