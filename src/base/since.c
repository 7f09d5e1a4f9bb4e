/* SPDX-License-Identifier: MIT */
#include "vbscheck/since.h"

#include <stddef.h>
#include <string.h>

#include "vbscheck/count.h"

static const struct {
    const char *version, *name;
    enum since_kind kind;
} released[] = {
#define RELEASED(version, kind, name, type) {version, name, SINCE_##kind},
#include "vbscheck/releases.def"
#undef RELEASED
};

const char *since(enum since_kind kind, const char *name)
{
    for (size_t i = 0; i < COUNT(released); i++) {
        if (released[i].kind == kind && strcmp(released[i].name, name) == 0)
            return released[i].version;
    }
    return VBSCHECK_VERSION;
}
