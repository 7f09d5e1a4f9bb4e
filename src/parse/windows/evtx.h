/* SPDX-License-Identifier: MIT */
/* The log of Windows' code integrity, by libevtx. Runs confined. */
#ifndef PARSE_WINDOWS_EVTX_H
#define PARSE_WINDOWS_EVTX_H

#include "vbscheck/arena.h"
#include "vbscheck/libs.h"
#include "vbscheck/span.h"
#include "vbscheck/windows.h"

/*
 * Reads the events that name a refused image (the newest for each image and number), and the policy
 * in force. Sets the log and the events of *out.
 * Returns ST_OK; ST_TRUNCATED if a part of the log is damaged, with the events of the rest;
 * ST_MALFORMED if nothing can be read. out->log has the status and what is wrong.
 */
enum status evtx_read(const struct evtx_lib *lib, struct span file, struct arena *a,
                      struct windows *out);

/* The same for one event's XML. */
void evtx_take(struct span xml, struct arena *a, struct windows *out);

#endif
