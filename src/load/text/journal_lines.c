/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "load/text/journal.h"
#include "parse/klog/klog_boots.h"
#include "vbscheck/out.h"

enum { USEC = 1000000 };

/* Order ------------------------------------------------------------------------------------ */

static int compare(struct span l, struct span r)
{
    if (l.len != r.len)
        return l.len < r.len ? -1 : 1;
    return l.len > 0 ? memcmp(l.ptr, r.ptr, l.len) : 0;
}

static int by_number(uint64_t l, uint64_t r)
{
    return (l > r) - (l < r);
}

static int by_boot(const void *a, const void *b)
{
    const struct journal_record *l = a, *r = b;
    int order = compare(l->boot, r->boot);
    return order != 0 ? order : by_number(l->at, r->at);
}

static int by_time(const void *a, const void *b)
{
    const struct journal_record *l = a, *r = b;
    int order = by_number(l->age, r->age);
    if (order == 0 && l->has_monotonic && r->has_monotonic)
        order = by_number(l->monotonic, r->monotonic);
    return order != 0 ? order : by_number(l->at, r->at);
}

/* One boot: records of one id. Its end gives the best date: the clock is right by then. */
struct boot {
    size_t first, n;
    size_t at; /* of its first record in the text */
    uint64_t latest;
    bool dated;
};

static int by_date(const void *a, const void *b)
{
    const struct boot *l = a, *r = b;
    int order = l->dated && r->dated ? by_number(l->latest, r->latest) : l->dated - r->dated;
    return order != 0 ? order : by_number(l->at, r->at);
}

/* Do records come newest first? */
static bool is_reversed(const struct journal *j)
{
    size_t up = 0, down = 0;
    for (size_t i = 1; i < j->n; i++) {
        const struct journal_record *l = &j->items[i - 1], *r = &j->items[i];
        if (!l->has_monotonic || !r->has_monotonic || compare(l->boot, r->boot) != 0)
            continue;
        up += l->monotonic < r->monotonic;
        down += l->monotonic > r->monotonic;
    }
    return down > up;
}

static size_t group(const struct journal *j, struct arena *a, struct boot **out)
{
    struct boot *boots = NULL;
    size_t n = 0;
    for (size_t i = 0; i < j->n; i++) {
        const struct journal_record *r = &j->items[i];
        if (i == 0 || compare(j->items[i - 1].boot, r->boot) != 0) {
            boots = arena_grow(a, boots, n, sizeof *boots);
            boots[n++] = (struct boot){.first = i, .at = r->at, .dated = true};
        }
        struct boot *b = &boots[n - 1];
        b->n++;
        b->dated &= r->has_real;
        b->latest = r->real > b->latest ? r->real : b->latest;
    }
    *out = boots;
    return n;
}

/* Returns whether the order of all boots is known. */
static bool put_in_order(struct journal *j, struct arena *a)
{
    struct boot *boots;
    bool reversed = is_reversed(j), known = true;
    if (j->n == 0)
        return true;
    for (size_t i = 0; i < j->n; i++)
        j->items[i].at = reversed ? j->n - i : i;
    qsort(j->items, j->n, sizeof *j->items, by_boot);
    size_t n = group(j, a, &boots);
    qsort(boots, n, sizeof *boots, by_date);
    for (size_t i = 0; i < n; i++) {
        known &= n == 1 || boots[i].dated;
        for (size_t k = 0; k < boots[i].n; k++)
            j->items[boots[i].first + k].age = i;
    }
    qsort(j->items, j->n, sizeof *j->items, by_time);
    return known;
}

/* Lines ------------------------------------------------------------------------------------ */

/* RFC 8259, section 7. Characters outside ASCII decide nothing: they become question marks. */
static void put_escaped(struct out *o, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c == '\\' && i + 1 < s.len) {
            c = s.ptr[++i];
            if (c == 'n') { /* goes on in a line of its own, as dmesg prints it */
                out_char(o, '\n');
                continue;
            }
            if (c == 't' || c == 'r' || c == 'b' || c == 'f')
                c = ' ';
            uint64_t code = 0;
            struct span digits = {s.ptr + i + 1, s.len - i - 1 < 4 ? s.len - i - 1 : 4};
            if (c == 'u' && digits.len == 4 && span_take_hex(&digits, &code) && digits.len == 0) {
                c = code >= ' ' && code < 0x7f ? (uint8_t)code : '?';
                i += 4;
            }
        }
        out_char(o, c < ' ' ? ' ' : (char)c);
    }
}

static void put_plain(struct out *o, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        out_char(o, s.ptr[i] < ' ' ? ' ' : (char)s.ptr[i]);
}

/* "2023-11-22T15:00:00+0000 "; the civil calendar as counted from the first of March. */
static void put_date(struct out *o, uint64_t real)
{
    enum { DAY = 86400, MARCH_TO_1970 = 719468, DAYS_400 = 146097, DAYS_100 = 36524 };
    enum { DAYS_4 = 1461, DAYS_1 = 365, DAYS_5_MONTHS = 153 };
    uint64_t seconds = real / USEC, days = seconds / DAY + MARCH_TO_1970;
    uint64_t era = days / DAYS_400, of_era = days % DAYS_400;
    uint64_t year =
        (of_era - of_era / (DAYS_4 - 1) + of_era / DAYS_100 - of_era / (DAYS_400 - 1)) / DAYS_1;
    uint64_t of_year = of_era - (DAYS_1 * year + year / 4 - year / 100);
    uint64_t month = (5 * of_year + 2) / DAYS_5_MONTHS;
    uint64_t day = of_year - (DAYS_5_MONTHS * month + 2) / 5 + 1;
    bool next_year = month >= 10;
    seconds %= DAY;
    out_printf(o, "%04u-%02u-%02uT%02u:%02u:%02u+0000 ", (unsigned)(era * 400 + year + next_year),
               (unsigned)(month < 10 ? month + 3 : month - 9), (unsigned)day,
               (unsigned)(seconds / 3600), (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
}

/* A name that is one word and no stamp, as every host's is. */
static bool is_name(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '.' && c != '_')
            return false;
    }
    return s.len > 0 && s.len <= 64;
}

static void put_record(struct out *o, const struct journal_record *r)
{
    bool stamped = r->has_stamp || r->has_monotonic;
    uint64_t stamp = r->has_stamp ? r->stamp : r->monotonic; /* 0 where there is neither */
    if (r->has_real)
        put_date(o, r->real);
    if (r->has_real && is_name(r->host))
        put_plain(o, r->host);
    if (r->has_real)
        out_str(o, is_name(r->host) ? " kernel: " : "kernel: ");
    if (stamped || !r->has_real)
        out_printf(o, "[%5llu.%06llu] ", (unsigned long long)(stamp / USEC),
                   (unsigned long long)(stamp % USEC));
    if (r->has_escapes)
        put_escaped(o, r->message);
    else
        put_plain(o, r->message);
    out_char(o, '\n');
}

/* A machine keeps its id when its name changes: all its records get the first name. */
static void name_machines(struct journal *j)
{
    const struct journal_record *first = NULL;
    for (size_t i = 0; i < j->n; i++) {
        struct journal_record *r = &j->items[i];
        if (r->machine.len == 0 || r->host.len == 0)
            continue;
        if (first == NULL)
            first = r;
        else if (span_equal(first->machine, r->machine))
            r->host = first->host;
    }
}

struct span journal_write(struct journal *j, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    bool known = put_in_order(j, a);
    name_machines(j);
    for (size_t i = 0; i < j->n; i++) {
        if (i > 0 && j->items[i].age != j->items[i - 1].age)
            out_str(&o, known ? "-- Reboot --\n" : KLOG_UNORDERED "\n");
        put_record(&o, &j->items[i]);
    }
    return out_span(&o);
}
