/* SPDX-License-Identifier: MIT */
#include "cli/scan/scan_libs.h"

#include "cli/evidence.h"
#include "io/libs.h"

struct libs scan_libs(const struct raw_input *raw, const struct config *c, bool policy)
{
    struct libs libs = evidence_libs(raw, c->format->digest || c->resume != NULL);
    if (policy)
        libs.xml = libs_xml(NULL);
    return libs;
}
