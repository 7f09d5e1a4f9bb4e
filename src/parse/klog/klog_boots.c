/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_boots.h"

#include "parse/klog/klog.h"
#include "vbscheck/count.h"

/* Month and day, of which syslog tells no year; 0: none. */
struct day {
    unsigned month, day;
    uint64_t year; /* 0: not told */
};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static unsigned month_of(struct span word)
{
    for (unsigned i = 0; i < COUNT(months); i++) {
        if (span_is(word, months[i]))
            return i + 1;
    }
    return 0;
}

/* "2023-11-22T15:00:00" */
static bool read_iso(struct span word, struct day *out)
{
    uint64_t year, month, day;
    struct span s = word;
    if (!span_take_dec(&s, &year) || year < 1990 || year > 9999 || !span_starts(s, "-"))
        return false;
    s = span_skip(s, 1);
    if (!span_take_dec(&s, &month) || month > 12 || !span_starts(s, "-"))
        return false;
    s = span_skip(s, 1);
    if (!span_take_dec(&s, &day) || day > 31 || !span_starts(s, "T"))
        return false;
    *out = (struct day){(unsigned)month, (unsigned)day, year};
    return true;
}

/* The day that the start of a line tells: "Nov 22 15:00:00", "[Wed Nov 22 15:00:00 2023]", ISO. */
static struct day day_of(struct span line)
{
    enum { WORDS = 5 };
    struct day d = {0};
    struct span word;
    if (span_starts(line, "["))
        line = span_skip(line, 1);
    for (unsigned i = 0; i < WORDS && span_next_word(&line, &word); i++) {
        uint64_t number;
        if (read_iso(word, &d))
            return d;
        if (d.month == 0 && month_of(word) == 0)
            continue;
        if (d.month == 0)
            d.month = month_of(word);
        else if (d.day == 0 && span_take_dec(&word, &number) && word.len == 0 && number <= 31)
            d.day = (unsigned)number;
        else if (span_take_dec(&word, &number) && number >= 1990 && number <= 9999 &&
                 (word.len == 0 || span_starts(word, "]")))
            d.year = number;
    }
    return d.day != 0 ? d : (struct day){0};
}

/* Does `to` certainly come before `from`? */
static bool runs_backwards(struct day from, struct day to)
{
    if (from.month == 0 || to.month == 0)
        return false;
    if (from.year != 0 && to.year != 0 && from.year != to.year)
        return to.year < from.year;
    bool new_year = (from.year == 0 || to.year == 0) && from.month >= 11 && to.month <= 2;
    if (from.month != to.month)
        return to.month < from.month && !new_year;
    return to.day < from.day;
}

/* journalctl's line between two boots: "-- Boot 5f1c… --", before systemd 246 "-- Reboot --". */
static bool is_marker(struct span line)
{
    struct span s = span_trim(line);
    return span_starts(s, "-- Boot ") || span_starts(s, "-- Reboot --");
}

void klog_boots_find(struct span text, struct klog_boots *out)
{
    struct klog_boots b = {.n = 0, .last = text};
    struct span rest = text, line;
    struct day before = {0};
    struct span prior = text;
    bool on_arm = false; /* the line of the version is still to come */
    bool marked = false; /* as are the first lines of the boot that a marker announced */
    for (struct span here = rest; span_next_line(&rest, &line); here = rest) {
        struct span m = klog_message(line);
        bool booting = span_starts(m, "Booting Linux on physical CPU");
        bool version = span_starts(m, "Linux version ");
        bool marker = is_marker(line);
        if (!booting && !version && !marker)
            continue;
        if (version && on_arm) {
            on_arm = false;
            continue;
        }
        on_arm = booting;
        bool starts = marker || !marked;
        marked = marker;
        struct day today = day_of(line);
        if (starts)
            prior = (struct span){b.last.ptr, (size_t)(here.ptr - b.last.ptr)};
        if (b.n > 0 && runs_backwards(before, today)) {
            b.backwards = true;
            b.latest = prior;
        }
        if (starts && (b.n++ > 0 || marker))
            b.last = here;
        before = today.month != 0 ? today : before;
    }
    b.n = b.n > 0 ? b.n : 1;
    *out = b;
}

/* "rtc_cmos 00:02: setting system clock to 2024-04-11T10:00:00 UTC (1712829600)" */
static bool read_clock(struct span m, uint64_t *out)
{
    struct span s;
    return span_find(m, ": setting system clock to ", &s) && span_find(s, "UTC (", &s) &&
           span_take_dec(&s, out) && span_starts(s, ")");
}

/* "audit: type=2000 audit(1712829600.400:1): state=initialized" */
static bool read_audit(struct span m, uint64_t *out)
{
    struct span s;
    return span_starts(m, "audit: type=2000 audit(") && span_find(m, " audit(", &s) &&
           span_take_dec(&s, out) && span_starts(s, ".");
}

uint64_t klog_boot_date(struct span boot)
{
    struct span line;
    uint64_t date;
    while (span_next_line(&boot, &line)) {
        struct span m = klog_message(line);
        if (m.len > 0 && (read_audit(m, &date) || read_clock(m, &date)))
            return date;
    }
    return 0;
}
