/* SPDX-License-Identifier: MIT */
/*
 * The blob `windows`: the results of judging a Windows' hive and log, as lines "key value", in any
 * order. Services are lines of the same form that are not in the blob.
 */
#ifndef PARSE_WINDOWS_WINDOWS_LIST_H
#define PARSE_WINDOWS_WINDOWS_LIST_H

#include "vbscheck/arena.h"
#include "vbscheck/out.h"
#include "vbscheck/span.h"
#include "vbscheck/windows.h"

/* Writes the data that hive_read() or evtx_read() set; `services` writes the services instead. */
void windows_write_hive(struct out *o, const struct windows *w);
void windows_write_log(struct out *o, const struct windows *w);
void windows_write_services(struct out *o, const struct windows *w);

/* "remark". Control characters in `value` become '?'. */
void windows_write_line(struct out *o, const char *key, const char *value);

/* "hive", "log" or "volume": its status and message. */
void windows_write_part(struct out *o, const char *key, enum status st, const char *says);

/*
 * Reads lines of any of these. Unknown keys are ignored. Text is made in `a`.
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL).
 */
enum status windows_list_parse(struct span text, struct arena *a, struct windows *out,
                               struct fault *fault);

/* The files that events of memory integrity name, as services that start on demand. */
void windows_write_refused(struct out *o, const struct windows *w);

/* Reads only the next service's line; false at the end. */
struct windows_next {
    uint32_t start;
    enum service_place place;
    struct span image;
};
bool windows_next_service(struct span *rest, struct windows_next *out);

#endif
