/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_when.h"

#include <string.h>

#include "vbscheck/count.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, USEC_DIGITS = 6 };

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static unsigned month_of(struct span word)
{
    for (unsigned i = 0; i < COUNT(months); i++) {
        if (span_is(word, months[i]))
            return i + 1;
    }
    return 0;
}

/* Dates ------------------------------------------------------------------------------------ */

struct date {
    uint64_t year, month, day; /* 0: unknown */
    uint64_t seconds;          /* of the day */
    bool has_clock;
};

/* "15:00:00", followed by anything. */
static bool read_clock(struct span s, struct date *d)
{
    uint64_t part[3];
    for (size_t i = 0; i < COUNT(part); i++) {
        if (i > 0 && !span_starts(s, ":"))
            return false;
        s = i > 0 ? span_skip(s, 1) : s;
        if (!span_take_dec(&s, &part[i]) || part[i] > MINUTE)
            return false;
    }
    d->seconds = part[0] * HOUR + part[1] * MINUTE + part[2];
    d->has_clock = true;
    return true;
}

/* "2023-11-22", and with "T15:00:00" the clock as well. */
static bool read_iso(struct span word, struct date *d)
{
    uint64_t year, month, day;
    struct span s = word;
    if (!span_take_dec(&s, &year) || year < 1970 || year > 9999 || !span_starts(s, "-"))
        return false;
    s = span_skip(s, 1);
    if (!span_take_dec(&s, &month) || month == 0 || month > 12 || !span_starts(s, "-"))
        return false;
    s = span_skip(s, 1);
    if (!span_take_dec(&s, &day) || day == 0 || day > 31)
        return false;
    d->year = year;
    d->month = month;
    d->day = day;
    if (span_starts(s, "T"))
        (void)read_clock(span_skip(s, 1), d);
    return true;
}

static void read_word(struct span word, struct date *d)
{
    uint64_t number;
    struct span s = word;
    if (d->month == 0)
        d->month = month_of(word);
    else if (!d->has_clock && read_clock(word, d))
        return;
    else if (d->day == 0 && span_take_dec(&s, &number) && s.len == 0 && number <= 31)
        d->day = number;
    else if (d->year == 0 && span_take_dec(&s, &number) && number >= 1970 && number <= 9999 &&
             (s.len == 0 || span_starts(s, "]")))
        d->year = number;
}

/* Days from 1970, or from the first of January of an unknown year. */
static int64_t days_of(const struct date *d)
{
    static const unsigned before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    enum { YEAR = 365, EPOCH_LEAPS = 477 };
    int64_t year = d->year != 0 ? (int64_t)d->year : 2000;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t days = before[d->month - 1] + (int64_t)d->day - 1 + (leap && d->month > 2);
    if (d->year == 0)
        return days;
    year--;
    return days + (year - 1969) * YEAR + year / 4 - year / 100 + year / 400 - EPOCH_LEAPS;
}

/* "Nov 22 15:00:00", "[Wed Nov 22 15:00:00 2023]", ISO in one word or two. */
static struct klog_date date_of(struct span head)
{
    enum { WORDS = 6 };
    struct date d = {0};
    struct span word;
    if (span_starts(head, "["))
        head = span_skip(head, 1);
    for (unsigned i = 0; i < WORDS && span_next_word(&head, &word); i++) {
        if (d.month != 0 || !read_iso(word, &d))
            read_word(word, &d);
    }
    if (d.month == 0 || d.day == 0)
        return (struct klog_date){0};
    return (struct klog_date){
        .known = true,
        .has_year = d.year != 0,
        .seconds = days_of(&d) * DAY + (int64_t)d.seconds,
    };
}

int64_t klog_seconds(struct klog_date from, struct klog_date to)
{
    enum { YEAR = 366 * DAY }; /* as days_of() counts without a year */
    if (!from.known || !to.known)
        return 0;
    int64_t seconds = to.seconds - from.seconds;
    if (from.has_year || to.has_year)
        return from.has_year == to.has_year ? seconds : 0;
    return seconds < -YEAR / 2 ? seconds + YEAR : seconds;
}

/* Stamps ----------------------------------------------------------------------------------- */

/* "    0.083139]", after the bracket; "0.083139 <" as dmesg -d has it. */
static bool read_stamp(struct span s, uint64_t *out)
{
    uint64_t seconds, fraction;
    s = span_trim(s);
    if (s.len == 0 || !is_digit(s.ptr[0]) || !span_take_dec(&s, &seconds) || seconds > UINT32_MAX ||
        !span_starts(s, "."))
        return false;
    struct span digits = span_skip(s, 1), rest = digits;
    if (!span_take_dec(&rest, &fraction))
        return false;
    size_t n = digits.len - rest.len;
    if (n > USEC_DIGITS || (!span_starts(rest, "]") && !span_starts(rest, " ")))
        return false;
    for (; n < USEC_DIGITS; n++)
        fraction *= 10;
    *out = seconds * 1000000 + fraction;
    return true;
}

/* "6,339,5140900,-;" as /dev/kmsg has it. */
static bool read_record(struct span s, uint64_t *out)
{
    uint64_t field;
    for (unsigned i = 0; i < 2; i++) {
        if (!span_take_dec(&s, &field) || !span_starts(s, ","))
            return false;
        s = span_skip(s, 1);
    }
    return span_take_dec(&s, out) && span_starts(s, ",");
}

/* The last stamp in the head of the line: the kernel's may follow the journal's own. */
static bool stamp_of(struct span head, uint64_t *out)
{
    for (size_t i = head.len; i > 0; i--) {
        if (head.ptr[i - 1] == '[' && read_stamp(span_skip(head, i), out))
            return true;
    }
    return read_record(head, out);
}

/* Hosts ------------------------------------------------------------------------------------ */

/* SONiC, busybox and OpenWrt have a severity where others have the host. */
static bool is_severity(struct span word)
{
    static const char *const names[] = {"EMERG",   "ALERT", "CRIT",   "CRITICAL", "ERR",
                                        "ERROR",   "WARN",  "NOTICE", "WARNING",  "INFO",
                                        "DEBUG",   "emerg", "alert",  "crit",     "err",
                                        "warning", "warn",  "notice", "info",     "debug"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (span_is(word, names[i]))
            return true;
    }
    return span_starts(word, "kern.");
}

/* False for a number, a clock, a date, a part of a stamp: these are there if no host is. */
static bool is_host(struct span word)
{
    struct date d = {0};
    struct span s = word;
    uint64_t number;
    bool dec = span_take_dec(&s, &number) && s.len == 0;
    return !dec && month_of(word) == 0 && !read_clock(word, &d) && !read_iso(word, &d) &&
           memchr(word.ptr, ']', word.len) == NULL && memchr(word.ptr, '[', word.len) == NULL &&
           memchr(word.ptr, '<', word.len) == NULL;
}

/* journalctl -o short-full --no-hostname: "Wed 2023-11-22 15:00:00 CET kernel:" */
static bool is_zone(const struct span words[], size_t n)
{
    struct date d = {0};
    return n >= 3 && words[n - 3].len == 10 && read_iso(words[n - 3], &d) &&
           read_clock(words[n - 2], &d);
}

/* The word before "kernel:", or RFC 5424's "kernel". */
static struct span host_of(struct span head)
{
    enum { WORDS = 12 };
    struct span words[WORDS];
    size_t n = 0;
    bool tagged = false;
    while (!tagged && n < WORDS && span_next_word(&head, &words[n])) {
        tagged = span_is(words[n], "kernel:") || span_is(words[n], "kernel");
        n += !tagged;
    }
    if (!tagged || n == 0)
        return (struct span){0};
    if (n > 1 && is_severity(words[n - 1]))
        n--;
    bool is = is_host(words[n - 1]) && !is_zone(words, n);
    return is ? words[n - 1] : (struct span){0};
}

struct klog_when klog_when(struct span line, struct span message)
{
    struct klog_when w = {0};
    if (message.len == 0 || line.len == message.len)
        return w;
    struct span head = {line.ptr, (size_t)(message.ptr - line.ptr)};
    w.has_stamp = stamp_of(head, &w.stamp);
    if (memchr(head.ptr, ':', head.len) != NULL || memchr(head.ptr, '-', head.len) != NULL)
        w.date = date_of(head);
    if (memchr(head.ptr, 'k', head.len) != NULL)
        w.host = host_of(head);
    return w;
}
