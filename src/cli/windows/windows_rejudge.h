/* SPDX-License-Identifier: MIT */
/* Drivers that a capture brought, held against a policy that was given now. */
#ifndef CLI_WINDOWS_WINDOWS_REJUDGE_H
#define CLI_WINDOWS_WINDOWS_REJUDGE_H

#include "load/windows/windows_pack.h"
#include "vbscheck/snapshot.h"

/*
 * Runs confined. Puts what `policy` says into the blob `drivers` of `snap`; an empty one says
 * nothing. Returns false, with *problem, where it or the blob cannot be read.
 */
bool windows_rejudge(const struct windows_policy *policy, const struct xml_lib *xml,
                     struct arena *a, struct snapshot *snap, const char **problem);

#endif
