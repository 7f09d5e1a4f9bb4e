/* SPDX-License-Identifier: MIT */
#include "parse/smbios_date.h"

#include "vbscheck/count.h"

enum { PARTS = 3, FIRST_YEAR = 1980, LAST_YEAR = 2079 };

/* Three numbers with one separator, and the numbers of digits of the first and the last. */
struct parts {
    unsigned v[PARTS];
    size_t digits[PARTS];
};

static bool take_parts(struct span s, struct parts *out)
{
    struct parts p = {0};
    uint8_t sign = 0;
    for (size_t i = 0; i < PARTS; i++) {
        uint64_t v;
        size_t before = s.len;
        if (!span_take_dec(&s, &v) || v > 9999)
            return false;
        p.v[i] = (unsigned)v;
        p.digits[i] = before - s.len;
        if (i + 1 == PARTS)
            break;
        sign = i == 0 && s.len > 0 ? s.ptr[0] : sign;
        if (s.len == 0 || s.ptr[0] != sign || (sign != '/' && sign != '-' && sign != '.'))
            return false;
        s = span_skip(s, 1);
    }
    *out = p;
    return s.len == 0 || s.ptr[0] == 'T' || s.ptr[0] == ' ';
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
    static const unsigned days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= COUNT(days) &&
           day >= 1 && day <= days[month - 1];
}

/* SMBIOS dates from 1995: two digits mean a year from then on. */
static unsigned whole_year(unsigned v, size_t digits)
{
    if (digits == 4)
        return v;
    return digits == 2 ? v + (v >= 80 ? 1900 : 2000) : 0;
}

/* Places of year, month and day, the likeliest first. */
static const unsigned orders[][PARTS] = {{2, 0, 1}, {2, 1, 0}, {0, 1, 2}};

static void put(char *out, unsigned v, size_t digits, char behind)
{
    for (size_t i = digits; i > 0; i--, v /= 10)
        out[i - 1] = (char)('0' + v % 10);
    out[digits] = behind;
}

bool smbios_date_iso(struct span text, char out[SMBIOS_DATE_LEN + 1])
{
    struct parts p;
    size_t fits = 0, first = 0;
    if (!take_parts(span_trim(text), &p))
        return false;
    bool long_year = p.digits[0] == 4 || p.digits[2] == 4;
    for (size_t i = 0; i < COUNT(orders); i++) {
        const unsigned *at = orders[i];
        bool may = p.digits[at[0]] == (long_year ? 4U : 2U) &&
                   is_date(whole_year(p.v[at[0]], p.digits[at[0]]), p.v[at[1]], p.v[at[2]]);
        first = may && fits == 0 ? i : first;
        fits += may;
    }
    if (fits == 0 || (!long_year && fits > 1))
        return false;
    const unsigned *at = orders[first];
    put(out, whole_year(p.v[at[0]], p.digits[at[0]]), 4, '-');
    put(out + 5, p.v[at[1]], 2, '-');
    put(out + 8, p.v[at[2]], 2, '\0');
    return true;
}
