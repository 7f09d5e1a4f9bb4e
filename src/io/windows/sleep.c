/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "io/windows/source.h"
#include "vbscheck/count.h"

/*
 * The first four bytes of hiberfil.sys. HIBR: Windows wrote its memory, to be read at its next
 * start, either asleep or shut down with fast startup. RSTR: the same while it is read. WAKE, or
 * zeros: already read. Older versions use small letters.
 */
bool windows_sleeps(struct span head)
{
    static const char *const asleep[] = {"HIBR", "hibr", "RSTR", "rstr"};
    bool found = false;
    for (size_t i = 0; head.len >= 4 && i < COUNT(asleep); i++)
        found = found || memcmp(head.ptr, asleep[i], 4) == 0;
    return found;
}
