/* SPDX-License-Identifier: MIT */
#include "confine/profile.h"

#include "vbscheck/limits.h"

/* A further kind of confined process is a row here, its bit, and its column of calls. */
const struct confine_profile profile_memory = {
    .name = "memory",
    .bit = PROFILE_MEMORY,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_CPU_SECONDS,
    .wall_ms = LIMIT_WALL_SECONDS * 1000,
};

const struct confine_profile profile_machine = {
    .name = "machine",
    .bit = PROFILE_MACHINE,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_CPU_SECONDS,
    .wall_ms = LIMIT_WALL_SECONDS * 1000,
};

const struct confine_profile profile_stream = {
    .name = "stream",
    .bit = PROFILE_STREAM,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_CPU_SECONDS,
    .wall_ms = LIMIT_WALL_SECONDS * 1000,
};

const struct confine_profile profile_network = {
    .name = "network",
    .bit = PROFILE_NETWORK,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = 1,
    .wall_ms = 1000,
};
