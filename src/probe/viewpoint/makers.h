/* SPDX-License-Identifier: MIT */
/*
 * Whether the parts of the evidence can be from one machine. Intel's processors come with VT-d and
 * AMD's with AMD-Vi, each with its maker's host bridge; a DMAR next to an AMD processor is from
 * another machine, unless a hypervisor made both up.
 */
#ifndef PROBE_VIEWPOINT_MAKERS_H
#define PROBE_VIEWPOINT_MAKERS_H

#include "probe/viewpoint/viewpoint.h"

/*
 * Returns p->snap itself if nothing contradicts. Else a note names both sources, and so does
 * p->facts->problem for loose files. The result is then a copy in which all blobs that name a maker
 * are ST_CONFLICT, except the processor's: in a scan, it is the one that ran the scan.
 */
struct snapshot makers_checked(const struct probe_run *p, const struct view *view);

#endif
