/* SPDX-License-Identifier: MIT */
/* A scan of many inputs: what their judges have in common. */
#ifndef CLI_SCAN_SCAN_FLEET_H
#define CLI_SCAN_SCAN_FLEET_H

#include "cli/fleet/fleet.h"
#include "cli/scan/scan_judge.h"

/* What the template has; nothing of it is of one input. */
struct scan_common {
    struct scan_job job; /* without input and libraries */
    struct arena *lists; /* of the inputs, which is freed in the template */
};

/* Loads and warms what any of the inputs may need. */
void scan_fleet_prepare(const struct scan_common *common);

/* A preparation (confine/prepared.h) of judges for evidence. */
struct preparation scan_preparation(struct scan_common *common);

#endif
