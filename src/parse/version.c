/* SPDX-License-Identifier: MIT */
#include "parse/version.h"

bool version_at_least(struct span release, unsigned major, unsigned minor)
{
    uint64_t have_major = 0;
    uint64_t have_minor = 0;
    if (!span_take_dec(&release, &have_major) || !span_starts(release, "."))
        return false;
    release = span_skip(release, 1);
    if (!span_take_dec(&release, &have_minor))
        return false;
    return have_major > major || (have_major == major && have_minor >= minor);
}
