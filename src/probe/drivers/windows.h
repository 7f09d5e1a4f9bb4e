/* SPDX-License-Identifier: MIT */
/* How a Windows on a disk starts and judged its drivers: for drivers.c, which has the files. */
#ifndef PROBE_DRIVERS_WINDOWS_H
#define PROBE_DRIVERS_WINDOWS_H

#include "probe/probe.h"
#include "vbscheck/driver.h"

/* ST_OK if it is known which drivers start by themselves, or if no Windows was examined. */
enum status windows_hive_status(const struct probe_run *p);

/* ST_OK unless the data read from the disk may be out of date (Windows is asleep, say). */
enum status windows_volume_status(const struct probe_run *p);

/*
 * Counts the drivers of each group, unless `hive` is why groups are unknown, and sets whose they
 * are; nothing if no Windows was examined.
 */
void windows_count_groups(struct facts *f, const struct driver_list *l, enum status hive);

/* Names drivers that break no rule of this program because they do not start by themselves. */
void windows_note_others(const struct probe_run *p, const struct driver_list *l);

#endif
