/* SPDX-License-Identifier: MIT */
/* Converts paths as Windows writes them to paths from the root of Windows' volume. */
#ifndef PARSE_WINDOWS_IMAGE_PATH_H
#define PARSE_WINDOWS_IMAGE_PATH_H

#include "vbscheck/arena.h"
#include "vbscheck/windows.h"

/*
 * For a service: `raw` is its ImagePath, NULL or "" where it has none. Returns NULL for a path that
 * leaves the volume or goes up in it (*place is PLACE_ASTRAY then).
 */
const char *image_path(const char *raw, const char *service, struct arena *a,
                       enum service_place *place);

/* For an event: a path that cannot be converted stays unchanged. So do users' names. */
const char *event_path(const char *raw, struct arena *a);

/* `path` with the name of a user, the folder below Users, as "~". */
const char *path_without_user(const char *path, struct arena *a);

#endif
