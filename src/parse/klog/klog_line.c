/* SPDX-License-Identifier: MIT */
/*
 * One line of a kernel log: where its message starts, and whether it is worth keeping.
 *
 *   [    0.000000] message                             dmesg; with "[    T0] " from 6.x on
 *   [Wed Nov 22 15:00:00 2023] message                 dmesg -T
 *   <6>[    0.000000] message                          dmesg -r, serial consoles
 *   kern  :info  : [    0.000000] message              dmesg -x
 *   6,123,456,-;message                                /dev/kmsg
 *   Nov 22 15:00:00 host kernel: [    0.000000] message    syslog, journalctl
 *   2023-11-22T15:00:00+01:00 host kernel: message         journalctl -o short-iso
 *   [    0.083139] host kernel: message                journalctl -o short-monotonic
 *   2025 Jul  8 15:05:16.109392 sonic ERR kernel: message  SONiC; others in their own language
 *   <6>1 2023-11-22T15:00:00Z host kernel - - - message    RFC 5424
 */
#include "parse/klog/klog.h"
#include "vbscheck/count.h"

/* Facility 0 is the kernel; anybody may write records of the others (syslog(3)). */
enum { PRIORITY_BITS = 3 };

static const char *const names[] = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar",
    "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_stamp_byte(uint8_t c)
{
    return is_digit(c) || c == '.' || c == ',' || c == ':' || c == '+' || c == '-' || c == '<' ||
           c == '>';
}

/* A word of a time stamp: "Wed", "Nov22", "15:00:00", "0.000000". */
static bool is_stamp_word(struct span word)
{
    bool letter = word.len > 0 && word.ptr[0] >= 'A';
    for (size_t i = 0; letter && i < COUNT(names); i++) {
        if (span_starts(word, names[i])) {
            word = span_skip(word, 3);
            break;
        }
    }
    for (size_t i = 0; i < word.len; i++) {
        if (!is_stamp_byte(word.ptr[i]))
            return false;
    }
    return true;
}

/* A context the kernel prints with PRINTK_CALLER: "T1" or "C0". */
static bool is_caller(struct span inside)
{
    inside = span_trim(inside);
    if (!span_starts(inside, "T") && !span_starts(inside, "C"))
        return false;
    uint64_t number = 0;
    inside = span_skip(inside, 1);
    return span_take_dec(&inside, &number) && inside.len == 0;
}

/* "15:00:00" */
static bool is_clock(struct span word)
{
    return word.len == 8 && is_digit(word.ptr[0]) && is_digit(word.ptr[1]) && word.ptr[2] == ':' &&
           is_digit(word.ptr[3]) && is_digit(word.ptr[4]) && word.ptr[5] == ':';
}

static bool is_year(struct span word)
{
    uint64_t year = 0;
    return word.len == 4 && span_take_dec(&word, &year) && word.len == 0 && year >= 1970;
}

/* "marras29 19:33", as dmesg -e and -H begin each minute: the month in any language. */
static bool is_minute(struct span inside)
{
    struct span day, clock;
    return span_next_word(&inside, &day) && span_next_word(&inside, &clock) && inside.len == 0 &&
           clock.len == 5 && clock.ptr[2] == ':' && is_digit(clock.ptr[0]) &&
           is_digit(clock.ptr[4]) && is_digit(day.ptr[day.len - 1]);
}

/* "Mi Okt 22 15:00:00 2025": names of days and months depend on the language. */
static bool is_date(struct span inside)
{
    struct span word;
    bool clock = false, year = false;
    while (span_next_word(&inside, &word)) {
        clock |= is_clock(word);
        year |= is_year(word);
    }
    return clock && year;
}

/* "    0.083139", which most lines have. */
static bool is_kernel_stamp(struct span inside)
{
    size_t i = 0, dots = 0;
    while (i < inside.len && inside.ptr[i] == ' ')
        i++;
    size_t digits = i;
    for (; i < inside.len && (is_digit(inside.ptr[i]) || inside.ptr[i] == '.'); i++)
        dots += inside.ptr[i] == '.';
    return i == inside.len && i > digits && dots == 1;
}

static bool is_stamp(struct span inside)
{
    struct span rest = inside;
    struct span word;
    if (is_kernel_stamp(inside) || is_date(inside) || is_minute(inside))
        return true;
    while (span_next_word(&rest, &word)) {
        if (!is_stamp_word(word))
            return false;
    }
    /* "  +0,000000" in languages with a decimal comma */
    return span_find(inside, ".", NULL) || span_find(inside, ":", NULL) ||
           span_find(inside, ",", NULL);
}

/*
 * Skips "[inside] " if `accept` accepts the inside. Stamps are short: a long text is not a stamp.
 */
static bool skip_bracket(struct span *s, bool (*accept)(struct span inside))
{
    enum { LONGEST = 64 };
    for (size_t i = 1; i < s->len && i < LONGEST && s->ptr[0] == '['; i++) {
        if (s->ptr[i] != ']')
            continue;
        struct span after = span_skip(*s, i + 1);
        bool ends = after.len == 0 || after.ptr[0] == ' ' || after.ptr[0] == '[';
        if (!ends || !accept((struct span){&s->ptr[1], i - 1}))
            return false;
        *s = span_starts(after, " ") ? span_skip(after, 1) : after;
        return true;
    }
    return false;
}

/* Skips "<6>". False if the record is not the kernel's. */
static bool skip_priority(struct span *s)
{
    uint64_t priority = 0;
    struct span rest = span_skip(*s, 1);
    if (!span_starts(*s, "<") || !span_take_dec(&rest, &priority) || !span_starts(rest, ">"))
        return true;
    *s = span_skip(rest, 1);
    return priority >> PRIORITY_BITS == 0;
}

/* Skips "priority,sequence,microseconds,flags;". False if the record is not the kernel's. */
static bool skip_record(struct span *s)
{
    uint64_t fields[3] = {0};
    struct span rest = *s;
    for (size_t i = 0; i < 3; i++) {
        if (!span_take_dec(&rest, &fields[i]) || !span_starts(rest, ","))
            return true;
        rest = span_skip(rest, 1);
    }
    struct span message;
    if (!span_find(rest, ";", &message))
        return true;
    *s = message;
    return fields[0] >> PRIORITY_BITS == 0;
}

/* Skips the facility and level of dmesg -x. False if the record is not the kernel's. */
static bool skip_facility(struct span *s)
{
    static const char *const others[] = {"user  :", "daemon:", "auth  :", "syslog:"};
    struct span rest;
    if (span_starts(*s, "["))
        return true;
    for (size_t i = 0; i < COUNT(others); i++) {
        if (span_starts(*s, others[i]))
            return false;
    }
    if (span_starts(*s, "kern  :") && span_find(span_skip(*s, 7), ": ", &rest))
        *s = rest;
    return true;
}

/* "2023-11-22T15:00:00.123456+0100" */
static bool is_iso_time(struct span word)
{
    struct span date;
    struct span time;
    return word.len >= 19 && is_digit(word.ptr[0]) && span_split(word, 'T', &date, &time) &&
           is_stamp_word(date) && span_find(time, ":", NULL);
}

/* "Nov 22 15:00:00", or the ISO form, at the start of *s. */
static bool skip_time(struct span *s)
{
    struct span rest = *s;
    struct span word;
    if (!span_next_word(&rest, &word))
        return false;
    if (!is_iso_time(word)) {
        if (word.len != 3 || is_digit(word.ptr[0]) || !is_stamp_word(word))
            return false;
        if (!span_next_word(&rest, &word) || !is_digit(word.ptr[0]) || !is_stamp_word(word))
            return false;
        if (!span_next_word(&rest, &word) || !is_stamp_word(word) || !span_find(word, ":", NULL))
            return false;
    }
    *s = span_skip(rest, 1);
    return true;
}

/* Skips the time, host and tag of a syslog or journal line. False if the tag is not the kernel. */
static bool skip_syslog(struct span *s)
{
    bool iso = s->len > 0 && is_digit(s->ptr[0]);
    struct span rest = *s;
    struct span host, tag;
    if (!skip_time(&rest))
        return true;
    struct span after = rest;
    if (span_next_word(&after, &host) && span_next_word(&after, &tag) && span_is(tag, "kernel:")) {
        *s = span_skip(after, 1);
        return true;
    }
    /* dmesg --time-format=iso has neither host nor tag; syslog lines have both. */
    *s = rest;
    return iso;
}

/*
 * Skips the text before the kernel's tag: time, host, severity, in any language. After a stamp of
 * the kernel only the host can follow. A name with a colon before it is the tag of another program.
 */
static bool skip_tag(struct span *s, bool stamped)
{
    enum { LONGEST = 128 };
    static const char *const tags[] = {"kernel: ", "kernel - - - "};
    struct span head = *s, word;
    head.len = head.len > LONGEST ? LONGEST : head.len;
    unsigned words = 0;
    while (span_next_word(&head, &word)) {
        struct span here = span_skip(*s, (size_t)(word.ptr - s->ptr));
        for (size_t i = 0; i < COUNT(tags); i++) {
            if (!span_starts(here, tags[i]) || (words == 0 && !stamped))
                continue;
            *s = span_skip(here, span_of(tags[i]).len);
            return true;
        }
        words++;
        if (word.ptr[word.len - 1] == ':' || (stamped && words > 1))
            break;
    }
    return false;
}

/*
 * Skips stamps. After one of a terminal program, "[2023-11-22 15:00:00] ", the kernel's own may
 * follow; the text after a stamp of the kernel is its message.
 */
static bool skip_stamps(struct span *s)
{
    struct span before = *s;
    if (!skip_bracket(s, is_stamp))
        return false;
    before.len -= s->len;
    if (span_find(before, "-", NULL) && span_find(before, ":", NULL))
        (void)skip_bracket(s, is_stamp);
    return true;
}

struct span klog_message(struct span line)
{
    struct span s = line;
    if (s.len == 0)
        return s;
    if (!skip_priority(&s) || !skip_record(&s) || !skip_facility(&s))
        return (struct span){0};
    bool stamped = skip_stamps(&s);
    bool tagged = skip_tag(&s, stamped);
    if (!tagged && !stamped && !skip_syslog(&s))
        return (struct span){0};
    if (tagged || !stamped)
        (void)skip_stamps(&s);
    (void)skip_bracket(&s, is_caller);
    return s;
}

/* Starts of messages that probes look for. */
static const char *const prefixes[] = {
    "Linux version ",
    "BIOS-e820: ",
    "  node ", /* memory outside x86, in addition to the memory map */
    "x86/",
    "efi:",
    "EFI v",
    "secureboot:",
    "Secure boot ",
    "ima: secureboot ",
    "Kernel is locked down",
    "kvm",
    "smpboot: CPU0: ",
    "CPU0: ",
    "CPU: All CPU",
    "CPU: CPUs started",
    "CPU: ARMv7",
    "Booting Linux on physical CPU",
    "Hypervisor detected",
    "Hyper-V:",
    "xen: Initial domain",
    "Booting paravirtualized kernel",
    "ACPI: PM-Timer IO Port", /* follows the list of tables */
    "DMAR:",
    "DMAR-IR:",
    "dmar: ",
    "IOMMU ",
    "[Firmware Bug]: Your BIOS is broken; DMAR",
    "AMD-Vi:",
    "iommu:",
    "arm-smmu",
    "Hyper-V:",
    "xen: Initial domain",
    "tpm",
    "TPM",
    "DMI:",
    "SMBIOS",
    "memattr",
};

/* "pci 0000:00:1f.0: Adding to iommu group 6"; the driver's name may stand for "pci". */
static bool is_grouping(struct span message)
{
    return span_find(message, ": Adding to iommu group ", NULL);
}

/* "pci 0000:00:00.2: AMD-Vi: …" */
static bool is_amd_vi(struct span message)
{
    struct span word, rest = message;
    return span_starts(message, "pci ") && span_next_word(&rest, &word) &&
           span_next_word(&rest, &word) && span_starts(rest, " AMD-Vi: ");
}

bool klog_is_version(struct span line, struct span message)
{
    struct span words = span_trim(message);
    if (span_starts(message, "Linux version ") || span_is(words, "Linux version"))
        return true;
    return span_is(words, "Linux") && message.len < line.len;
}

bool klog_matters(struct span message)
{
    struct span signature;
    uint64_t length;
    if (message.len == 0)
        return false;
    /* A command line may hold anything, passwords included. */
    if (span_starts(message, "Command line") || span_starts(message, "Kernel command line"))
        return false;
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        if (message.ptr[0] == (uint8_t)prefixes[i][0] && span_starts(message, prefixes[i]))
            return true;
    }
    return is_grouping(message) || is_amd_vi(message) ||
           klog_acpi_line(message, &signature, &length);
}
