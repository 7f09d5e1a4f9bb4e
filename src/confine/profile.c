/* SPDX-License-Identifier: MIT */
#include "confine/profile.h"

#include "vbscheck/limits.h"

/* A new kind of confined process needs a row here, its bit, and its column of calls. */
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

/* For a million reports: the size of each is limited, their number is not. */
const struct confine_profile profile_fleet = {
    .name = "fleet",
    .bit = PROFILE_STREAM,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_FLEET_SECONDS,
    .wall_ms = LIMIT_FLEET_SECONDS * 1000,
};

/*
 * libhivex accepts a path, not bytes. It gets the path of a sealed file in memory,
 * "/proc/self/fd/1", which is on no file system that Landlock knows; Landlock refuses every other
 * path.
 */
const struct confine_profile profile_hive = {
    .name = "hive",
    .bit = PROFILE_HIVE,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_CPU_SECONDS,
    .wall_ms = LIMIT_WALL_SECONDS * 1000,
    .needs_landlock = true,
    .descriptors = 4,
};

/*
 * Disks may be slow, and data is judged while it is read: this is the only deadline for everything
 * that is read of a Windows.
 */
const struct confine_profile profile_volume = {
    .name = "volume",
    .bit = PROFILE_VOLUME,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = LIMIT_CPU_SECONDS,
    .wall_ms = LIMIT_DISK_SECONDS * 1000,
};

const struct confine_profile profile_network = {
    .name = "network",
    .bit = PROFILE_NETWORK,
    .memory = LIMIT_MEMORY,
    .cpu_seconds = 1,
    .wall_ms = 1000,
    .descriptors = 2, /* both are in use; poll() needs a limit of as many as it waits for */
};

/*
 * What it allows is for its judges as well, since both filters are asked of each call: all that one
 * may do is here too. A judge's descriptor comes under one of the numbers, the others are in use in
 * builds with sanitizers.
 */
const struct confine_profile profile_template = {
    .name = "template",
    .bit = PROFILE_TEMPLATE,
    .memory = LIMIT_MEMORY,
    .makes_judges = true,
    .descriptors = 4,
};
