/* SPDX-License-Identifier: MIT */
#include "vbscheck/utf8.h"

#include "vbscheck/count.h"

/*
 * Characters that have no shape or move others: controls, marks that change the direction of text,
 * joiners and other blanks without width, fillers, selectors of variants, tags (Unicode 15:
 * categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point), and the two that XML 1.0, 2.2,
 * does not allow. In order.
 */
static const struct {
    unsigned long first, last;
} hidden[] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
    {0x600, 0x605},     {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},
    {0x890, 0x891},     {0x8e2, 0x8e2},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
    {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool utf8_is_hidden(unsigned long cp)
{
    for (size_t i = 0; i < COUNT(hidden) && cp >= hidden[i].first; i++) {
        if (cp <= hidden[i].last)
            return true;
    }
    return false;
}

size_t utf8_length(const unsigned char *p, unsigned long *cp)
{
    static const struct {
        unsigned char mask, lead;
        unsigned long least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 0; n < 4; n++) {
        if ((p[0] & forms[n].mask) != forms[n].lead)
            continue;
        unsigned long v = p[0] & (unsigned char)~forms[n].mask;
        for (size_t i = 1; i <= n; i++) {
            if ((p[i] & 0xc0) != 0x80)
                return 0;
            v = v << 6 | (p[i] & 0x3fu);
        }
        if (v < forms[n].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
            return 0;
        *cp = v;
        return n + 1;
    }
    return 0;
}

size_t utf8_put(uint8_t *to, uint32_t cp)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (cp < 0x80) {
        to[0] = (uint8_t)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        to[i] = (uint8_t)(0x80 | (cp & 0x3f));
    to[0] = (uint8_t)(lead[n] | cp);
    return n;
}
