/* SPDX-License-Identifier: MIT */
/* The XML of one event, as libevtx prints it from a log's own binary form: no declarations, no
 * CDATA. */
#ifndef PARSE_WINDOWS_EVENT_XML_H
#define PARSE_WINDOWS_EVENT_XML_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

/* The text of the first element `name`; an empty span where there is none. Borrowed. */
struct span event_element(struct span xml, const char *name);

/* The value of the attribute of the first element `name`. */
struct span event_attribute(struct span xml, const char *name, const char *attribute);

/*
 * The text of <Data Name="...">. Blanks and the case of letters in names do not matter: Microsoft's
 * manifests have both "FileNameBuffer" and "File Name".
 */
struct span event_data(struct span xml, const char *name);

/* The text without its references ("&amp;"). */
const char *event_text(struct span text, struct arena *a);

#endif
