/* SPDX-License-Identifier: MIT */
/*
 * Whether the parts of the evidence can be of one machine. Intel's processors come with VT-d and
 * AMD's with AMD-Vi, each with its maker's host bridge; a DMAR beside a processor of AMD is of
 * another machine, unless a hypervisor made both up.
 */
#ifndef PROBE_VIEWPOINT_MAKERS_H
#define PROBE_VIEWPOINT_MAKERS_H

#include "probe/viewpoint/viewpoint.h"

/*
 * p->snap itself where nothing contradicts. Else a line that names both becomes a note, and of
 * loose files p->facts->problem. What is returned is a copy in which all that names a maker is
 * ST_CONFLICT, but for the processor: of a scan, that is the one which the scan ran on.
 */
struct snapshot makers_checked(const struct probe_run *p, const struct view *view);

#endif
