/* SPDX-License-Identifier: MIT */
/* Paths as Windows writes them, to paths from the root of the volume that Windows is on. */
#ifndef PARSE_WINDOWS_IMAGE_PATH_H
#define PARSE_WINDOWS_IMAGE_PATH_H

#include "vbscheck/arena.h"
#include "vbscheck/windows.h"

/*
 * Of a service: `raw` is its ImagePath, NULL or "" where it has none. Returns NULL for a path that
 * leaves the volume or goes up in it (*place is PLACE_ASTRAY then).
 */
const char *image_path(const char *raw, const char *service, struct arena *a,
                       enum service_place *place);

/* Of an event: what cannot be told stays as it is. Users' names, too. */
const char *event_path(const char *raw, struct arena *a);

/* `path` with the name of a user, the folder below Users, as "~". */
const char *path_without_user(const char *path, struct arena *a);

#endif
