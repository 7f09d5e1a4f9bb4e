/* SPDX-License-Identifier: MIT */
/* Reads a fleet from files with one report per line. */
#ifndef FLEET_READER_H
#define FLEET_READER_H

#include "fleet/fleet.h"
#include "fleet/lines.h"

/*
 * Counts all reports of all files. Skips a line that is not a report, not whole, or longer than any
 * report; ignores empty lines.
 */
void fleet_read(struct fleet *f, const struct fleet_source *from);

#endif
