/* SPDX-License-Identifier: MIT */
/* Checks drivers of a capture against a policy that was given now. */
#ifndef CLI_WINDOWS_WINDOWS_REJUDGE_H
#define CLI_WINDOWS_WINDOWS_REJUDGE_H

#include "load/windows/windows_pack.h"
#include "vbscheck/snapshot.h"

/*
 * Runs confined. Adds what `policy` says to the blob `drivers` of `snap`; an empty policy adds
 * nothing. Returns false, with *problem, if the policy or the blob cannot be read.
 */
bool windows_rejudge(const struct windows_policy *policy, const struct xml_lib *xml,
                     struct arena *a, struct snapshot *snap, const char **problem);

#endif
