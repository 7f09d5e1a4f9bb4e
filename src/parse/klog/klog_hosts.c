/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_hosts.h"

#include "parse/klog/klog.h"
#include "parse/klog/klog_boots.h"
#include "parse/klog/klog_once.h"
#include "parse/klog/klog_when.h"
#include "vbscheck/count.h"

enum {
    EARLY = 600, /* seconds in which a booting machine learns its name */
    USEC = 1000000,
    NONE = KLOG_HOSTS_MAX,
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

/* "alpha" and "Alpha.example.org": a name, and the same with its domain. */
static bool same_name(struct span l, struct span r)
{
    struct span shorter = l.len < r.len ? l : r, longer = l.len < r.len ? r : l;
    for (size_t i = 0; i < shorter.len; i++) {
        if (lower(shorter.ptr[i]) != lower(longer.ptr[i]))
            return false;
    }
    bool letter = lower(shorter.ptr[0]) >= 'a' && lower(shorter.ptr[0]) <= 'z';
    return shorter.len == longer.len || (letter && longer.ptr[shorter.len] == '.');
}

/* Names of a machine before it knows its own. */
static bool is_generic(struct span name)
{
    return name.len == 0 || span_starts(name, "localhost") || span_is(name, "(none)") ||
           span_is(name, "unknown");
}

static size_t find(const struct klog_hosts *h, struct span name)
{
    for (size_t i = 0; i < h->n; i++) {
        if (same_name(h->items[i].name, name))
            return i;
    }
    return NONE;
}

static size_t add(struct klog_hosts *h, struct span name, const char *file)
{
    size_t at = h->n;
    if (at == KLOG_HOSTS_MAX)
        return NONE;
    h->items[h->n++] = (struct klog_host){name, file, at};
    return at;
}

/* Data from the lines of one boot. */
struct boot {
    size_t host;   /* of the last line that names one */
    uint64_t seen; /* hosts, as bits */
    struct klog_when last;
    uint64_t kinds;  /* of lines that occur once in a boot */
    uint64_t others; /* kinds seen under another name than the last */
};

/* May a line with another name belong to the machine that was `b->host` a moment ago? */
static bool goes_on(const struct boot *b, struct klog_when w)
{
    if (b->last.has_stamp && w.has_stamp)
        return w.stamp + USEC >= b->last.stamp && w.stamp <= b->last.stamp + (uint64_t)EARLY * USEC;
    int64_t seconds = klog_seconds(b->last.date, w.date);
    return seconds >= -EARLY && seconds <= EARLY;
}

static void differ(struct klog_hosts *h, size_t one, size_t other)
{
    if (h->one == NULL) {
        h->one = &h->items[one];
        h->other = &h->items[other];
    }
}

/* Records that both names belong to one machine. */
static void join(struct klog_hosts *h, size_t one, size_t other)
{
    size_t from = h->items[other].machine;
    for (size_t i = 0; i < h->n; i++) {
        if (h->items[i].machine == from)
            h->items[i].machine = h->items[one].machine;
    }
}

static void take_line(struct klog_hosts *h, struct boot *b, struct klog_when w, uint64_t kind,
                      const char *file)
{
    size_t now = find(h, w.host);
    now = now == NONE ? add(h, w.host, file) : now;
    if (now == NONE) {
        differ(h, 0, 1);
        return;
    }
    if (b->host != NONE && now != b->host) {
        b->others = b->kinds;
        if ((b->seen >> now & 1) != 0 || !goes_on(b, w))
            differ(h, b->host, now);
        else
            join(h, b->host, now);
    }
    if ((b->others & kind) != 0)
        differ(h, now == 0 ? 1 : 0, now);
    b->seen |= UINT64_C(1) << now;
    b->host = now;
}

/* The bit of a kind of line that occurs once in a boot, with any content. */
static uint64_t kind_of(struct span message)
{
    struct klog_once once;
    if (span_starts(message, "Linux version "))
        return UINT64_C(1) << 63;
    return klog_once_read(message, &once) && once.key.len == 0 ? UINT64_C(1) << once.kind : 0;
}

const struct klog_host *klog_hosts_other(const struct klog_hosts *h, const struct klog_host **one)
{
    *one = h->one;
    for (size_t i = 1; i < h->n && h->one == NULL; i++) {
        if (h->items[i].machine != h->items[0].machine) {
            *one = &h->items[0];
            return &h->items[i];
        }
    }
    return h->other;
}

void klog_hosts_take(struct klog_hosts *h, struct span text, const char *file)
{
    struct boot b = {.host = NONE};
    struct span line;
    while (span_next_line(&text, &line)) {
        struct span m = klog_message(line);
        if (klog_is_marker(line) || klog_is_version(line, m) || span_starts(m, "Booting Linux on "))
            b = (struct boot){.host = NONE};
        if (!klog_matters(m))
            continue;
        struct klog_when w = klog_when(line, m);
        uint64_t kind = kind_of(m);
        if (!is_generic(w.host))
            take_line(h, &b, w, kind, file);
        b.kinds |= kind;
        b.last = w;
    }
}
