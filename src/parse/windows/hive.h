/* SPDX-License-Identifier: MIT */
/*
 * The hive SYSTEM of a Windows, by libhivex: the drivers that start, and the settings of memory
 * integrity. Runs confined (profile `hive`).
 */
#ifndef PARSE_WINDOWS_HIVE_H
#define PARSE_WINDOWS_HIVE_H

#include "vbscheck/arena.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"
#include "vbscheck/windows.h"

/*
 * True if Windows had not finished writing when `hive` was left: its two sequence numbers, the
 * words at bytes 4 and 8, differ. libhivex does not report this.
 */
bool hive_is_dirty(struct span hive);

/*
 * Reads the hive that libhivex can open as `path`; `hive` has the same bytes. Sets the hive, the
 * switches and the services of *out, as far as they can be read.
 * Returns ST_OK, or ST_MALFORMED with out->hive.says.
 */
enum status hive_read(const struct hivex_lib *lib, const char *path, struct span hive,
                      struct arena *a, struct windows *out);

#endif
