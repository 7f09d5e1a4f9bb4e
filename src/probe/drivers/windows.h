/* SPDX-License-Identifier: MIT */
/* How a Windows on a disk starts and judged its drivers: for drivers.c, which has the files. */
#ifndef PROBE_DRIVERS_WINDOWS_H
#define PROBE_DRIVERS_WINDOWS_H

#include "probe/probe.h"
#include "vbscheck/driver.h"

/* ST_OK where it is known which drivers start by themselves, or no Windows was looked at. */
enum status windows_hive_status(const struct probe_run *p);

/* ST_OK unless what was read of the disk may not be what Windows has (it sleeps, say). */
enum status windows_volume_status(const struct probe_run *p);

/*
 * How many drivers are in which group, unless `hive` says that nobody knows, and whose they are;
 * nothing where no Windows was looked at.
 */
void windows_count_groups(struct facts *f, const struct driver_list *l, enum status hive);

/* Names what breaks no rule of this program, since it does not start by itself. */
void windows_note_others(const struct probe_run *p, const struct driver_list *l);

#endif
