/* SPDX-License-Identifier: MIT */
#include "confine/printable.h"

enum { ESC = 0x1b, DEL = 0x7f, C1_LEAD = 0xc2, C1_LAST = 0x9f };

/* Length of "ESC [ digits and semicolons m" (ECMA-48, SGR); 0 if there is none. */
static size_t color_length(struct span s)
{
    size_t n = 2;
    if (s.len < n || s.ptr[0] != ESC || s.ptr[1] != '[')
        return 0;
    while (n < s.len && ((s.ptr[n] >= '0' && s.ptr[n] <= '9') || s.ptr[n] == ';'))
        n++;
    return n < s.len && s.ptr[n] == 'm' ? n + 1 : 0;
}

static bool is_control(const uint8_t *at, const uint8_t *end)
{
    bool c1 = at[0] == C1_LEAD && end - at > 1 && at[1] >= 0x80 && at[1] <= C1_LAST;
    return (at[0] < ' ' && at[0] != '\n' && at[0] != '\t') || at[0] == DEL || c1;
}

bool is_printable(struct span document, bool color)
{
    const uint8_t *at = document.ptr, *end = at + document.len;
    while (at < end) {
        size_t n = 1;
        if (is_control(at, end)) {
            n = color ? color_length((struct span){at, (size_t)(end - at)}) : 0;
            if (n == 0)
                return false;
        }
        at += n;
    }
    return true;
}
