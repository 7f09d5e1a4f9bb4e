/* SPDX-License-Identifier: MIT */
/* The log of Windows' code integrity, by libevtx. Runs confined. */
#ifndef PARSE_WINDOWS_EVTX_H
#define PARSE_WINDOWS_EVTX_H

#include "vbscheck/arena.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"
#include "vbscheck/windows.h"

/*
 * Reads the events that name an image that was refused, of each image and number the newest, and
 * which policy is in force. Sets the log and the events of *out.
 * Returns ST_OK; ST_TRUNCATED where a part of the log is damaged, with what the rest holds;
 * ST_MALFORMED where nothing can be read. out->log has the status and what is wrong.
 */
enum status evtx_read(const struct evtx_lib *lib, struct span file, struct arena *a,
                      struct windows *out);

/* The same of one event's XML. */
void evtx_take(struct span xml, struct arena *a, struct windows *out);

#endif
