/* SPDX-License-Identifier: MIT */
#include "cli/verbs.h"

#include "vbscheck/count.h"

const struct verb *const verbs[] = {
    &verb_scan, &verb_capture, &verb_drivers,  &verb_diff,    &verb_summary,
    &verb_list, &verb_doctor,  &verb_mor_test, &verb_explain,
};
const size_t n_verbs = COUNT(verbs);
