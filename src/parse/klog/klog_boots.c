/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_boots.h"

#include <stdlib.h>
#include <string.h>

#include "parse/klog/klog.h"
#include "parse/klog/klog_once.h"
#include "parse/klog/klog_when.h"

enum {
    USEC = 1000000,
    OUT_OF_ORDER = 1 * USEC,  /* possible delay of messages from several CPUs */
    TIME_ZONE = 15 * 60 * 60, /* seconds by which a clock in local time may be set back */
    BOOT_TAKES = 10,          /* least seconds between the same line of two boots */
    RELOADED = 60 * USEC,     /* two boots print the same line at stamps closer than this */
    SAME_BOOT = 600,          /* seconds within which a line may occur twice */
    CLOCK_ERROR = 60,
    PAUSE = 60,
    TICKING = 10000, /* microseconds after which no line has a stamp of zero */
    ONCE_MAX = 1 << 16,
};

/* A line that occurs once in a boot. */
struct once {
    struct klog_once told;
    struct klog_when when;
    const uint8_t *at;
    const struct once *before; /* the last one of the same kind and thing */
};

/* A boot that may be later than those after it, and its last date. */
struct open {
    struct span boot;
    struct klog_date end;
};

struct cutter {
    struct arena *arena;
    struct klog_boots out;
    struct span text;
    struct open *open;
    size_t n_open, open_capacity;
    struct klog_date seen;  /* of the last line with a date */
    const uint8_t *start;   /* of the boot at hand */
    const uint8_t *stretch; /* from one shown beginning to the next */
    struct klog_date began; /* of the last boot whose first line has a date */
    struct once *items;     /* of the stretch */
    struct once **sorted;
    size_t n, capacity;
};

static struct span from_to(const uint8_t *from, const uint8_t *to)
{
    return (struct span){from, (size_t)(to - from)};
}

static const uint8_t *end_of(struct span s)
{
    return s.len > 0 ? s.ptr + s.len : s.ptr;
}

/* Keeps the open boots that may be later than a boot of this date, which follows in order. */
static void close_older(struct cutter *c, struct klog_date date)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_open; i++) {
        const struct open *o = &c->open[i];
        bool later = o->end.known && (!date.known || klog_seconds(o->end, date) < 0);
        if (later)
            c->open[n++] = *o;
    }
    c->n_open = n;
}

/* Ends the current boot before `at`, where the next one begins, with that date. */
static void cut(struct cutter *c, const uint8_t *at, bool ordered, struct klog_date date)
{
    if (ordered) {
        close_older(c, date);
    } else {
        if (c->n_open == c->open_capacity) {
            c->open = arena_grow(c->arena, c->open, c->n_open, sizeof *c->open);
            c->open_capacity++;
        }
        c->open[c->n_open++] = (struct open){from_to(c->start, at), c->seen};
    }
    c->start = at;
    c->out.n++;
}

/* Boots that lost their first lines --------------------------------------------------------- */

static int compare(struct span l, struct span r)
{
    if (l.len != r.len)
        return l.len < r.len ? -1 : 1;
    return l.len > 0 ? memcmp(l.ptr, r.ptr, l.len) : 0;
}

static int by_thing(const void *a, const void *b)
{
    const struct once *l = *(struct once *const *)a, *r = *(struct once *const *)b;
    if (l->told.kind != r->told.kind)
        return l->told.kind < r->told.kind ? -1 : 1;
    int order = compare(l->told.key, r->told.key);
    return order != 0 ? order : (l->at > r->at) - (l->at < r->at);
}

static void add_once(struct cutter *c, struct once item)
{
    if (c->n == ONCE_MAX) {
        c->out.crowded = true;
        return;
    }
    if (c->n == c->capacity) {
        c->items = arena_grow(c->arena, c->items, c->n, sizeof *c->items);
        c->sorted = arena_grow(c->arena, c->sorted, c->n, sizeof(void *));
        c->capacity++;
    }
    c->items[c->n++] = item;
}

static void find_before(struct cutter *c)
{
    for (size_t i = 0; i < c->n; i++)
        c->sorted[i] = &c->items[i];
    if (c->n > 1)
        qsort(c->sorted, c->n, sizeof(void *), by_thing);
    for (size_t i = 1; i < c->n; i++) {
        const struct once *l = c->sorted[i - 1];
        struct once *r = c->sorted[i];
        if (l->told.kind == r->told.kind && span_equal(l->told.key, r->told.key))
            r->before = l;
    }
}

/* Mail wraps the line of tables: a difference may be in the lines that follow. */
static void take_wrapped(struct span *tables, struct span rest)
{
    struct span last = *tables, line;
    while (span_next_line(&rest, &line) && klog_tables_go_on(last, line)) {
        last = span_trim(line);
        *tables = from_to(tables->ptr, end_of(last));
    }
}

static void collect_once(struct cutter *c, struct span stretch)
{
    struct span rest = stretch, line;
    c->n = 0;
    while (span_next_line(&rest, &line)) {
        struct span m = klog_message(line);
        struct once item = {.at = line.ptr};
        if (!klog_once_read(m, &item.told))
            continue;
        item.when = klog_when(line, m);
        if (klog_tables(m).len > 0)
            take_wrapped(&item.told.value, rest);
        add_once(c, item);
    }
    find_before(c);
}

/* Times in the lines of the current boot. */
struct clock {
    struct klog_when last;
    uint64_t highest;
    unsigned rank;                /* of the last line that occurs once in a boot */
    const uint8_t *discontinuity; /* the likeliest start of a boot */
    uint64_t weight;              /* how likely: microseconds that time ran back, or a pause */
};

static bool runs_back(const struct clock *k, struct klog_when w)
{
    int64_t seconds = klog_seconds(k->last.date, w.date);
    uint64_t late = seconds > SAME_BOOT ? 0 : w.stamp == 0 ? TICKING : OUT_OF_ORDER;
    return (w.has_stamp && k->highest > w.stamp + late) || seconds < -TIME_ZONE;
}

static void suspect(struct clock *k, const uint8_t *at, uint64_t weight)
{
    if (weight == 0 || weight < k->weight)
        return;
    k->discontinuity = at;
    k->weight = weight;
}

static void tick(struct clock *k, struct klog_when w, const uint8_t *at)
{
    bool lower = w.has_stamp && k->last.has_stamp && w.stamp < k->last.stamp;
    int64_t pause = klog_seconds(k->last.date, w.date);
    uint64_t weight = lower ? k->last.stamp - w.stamp : 0;
    if (pause > PAUSE)
        weight += (uint64_t)pause * USEC;
    suspect(k, at, weight);
    if (w.has_stamp) {
        k->last.has_stamp = true;
        k->last.stamp = w.stamp;
        k->highest = w.stamp > k->highest ? w.stamp : k->highest;
    }
    if (w.date.known)
        k->last.date = w.date;
}

/* Must the two lines belong to different boots? */
static bool is_of_another(const struct once *l, const struct once *r)
{
    bool stamped = l->when.has_stamp && r->when.has_stamp;
    if (!span_equal(l->told.value, r->told.value))
        return true;
    uint64_t from = l->when.stamp, to = r->when.stamp;
    /* A log that was read twice; a driver that was loaded again. */
    if (stamped && from > 0 && (to == from || to > from + RELOADED))
        return false;
    return klog_seconds(l->when.date, r->when.date) > SAME_BOOT || (stamped && to < from);
}

/* If time jumped since the line before, the next boot began there. */
static void cut_at_once(struct cutter *c, struct clock *k, const struct once *item)
{
    const struct once *before = item->before;
    if (before == NULL || before->at < c->start || !is_of_another(before, item))
        return;
    bool ordered = klog_seconds(before->when.date, item->when.date) >= BOOT_TAKES;
    bool known = k->discontinuity != NULL && k->discontinuity > before->at;
    cut(c, known ? k->discontinuity : item->at, ordered, item->when.date);
    k->highest = item->when.stamp;
    k->discontinuity = NULL;
    k->weight = 0;
}

static void cut_stretch(struct cutter *c, struct span stretch)
{
    struct clock k = {0};
    struct span rest = stretch, line;
    size_t next = 0;
    collect_once(c, stretch);
    while (span_next_line(&rest, &line)) {
        struct span m = klog_message(line);
        if (m.len == 0)
            continue;
        struct klog_when w = klog_when(line, m);
        if (runs_back(&k, w)) {
            cut(c, line.ptr, klog_seconds(k.last.date, w.date) > SAME_BOOT, w.date);
            k = (struct clock){0};
        }
        tick(&k, w, line.ptr);
        c->seen = w.date.known ? w.date : c->seen;
        if (next == c->n || c->items[next].at != line.ptr)
            continue;
        const struct once *item = &c->items[next++];
        suspect(&k, line.ptr, item->told.rank < k.rank);
        k.rank = item->told.rank;
        cut_at_once(c, &k, item);
    }
}

/* Boots that show their beginning ----------------------------------------------------------- */

bool klog_is_marker(struct span line)
{
    struct span s = line.len > 0 && line.ptr[0] != '[' ? span_trim(line) : (struct span){0};
    return span_starts(s, "-- Boot ") || span_starts(s, "-- Reboot --") ||
           span_is(s, KLOG_UNORDERED);
}

/* State of the search for first lines. */
struct search {
    bool on_arm;           /* the line of the version is still to come */
    bool marked;           /* so are the first lines of the boot after a marker */
    bool any;              /* a boot began before */
    bool matter;           /* a line before that matters */
    struct klog_when last; /* of the lines before that */
};

/* Does a boot begin with this line? */
static bool begins(struct search *s, struct span line, struct span m)
{
    bool booting = span_starts(m, "Booting Linux on ");
    bool version = klog_is_version(line, m);
    bool marker = klog_is_marker(line);
    if (!booting && !version && !marker)
        return false;
    if (version && s->on_arm) {
        s->on_arm = false;
        return false;
    }
    s->on_arm = booting;
    bool starts = marker || !s->marked;
    s->marked = marker;
    return starts;
}

/* Does the text before the first start belong to another boot? Without times it may be the same. */
static bool is_older(const struct klog_when *last, struct klog_when w)
{
    return (last->has_stamp && w.has_stamp && last->stamp > w.stamp + OUT_OF_ORDER) ||
           klog_seconds(last->date, w.date) > SAME_BOOT;
}

static void begin(struct cutter *c, struct search *s, struct span line, struct klog_when w)
{
    bool marker = klog_is_marker(line);
    bool back = s->any && klog_seconds(c->began, w.date) < -CLOCK_ERROR;
    if (s->any || (marker && s->matter) || (!marker && is_older(&s->last, w))) {
        cut_stretch(c, from_to(c->stretch, line.ptr));
        c->stretch = line.ptr;
        cut(c, line.ptr, !back && !span_is(span_trim(line), KLOG_UNORDERED), w.date);
    }
    c->out.backwards |= back;
    c->began = w.date.known ? w.date : c->began;
    s->any = true;
}

static void give_open(struct cutter *c)
{
    if (c->n_open == 0)
        return;
    c->out.open = arena_new(c->arena, struct span, c->n_open);
    c->out.n_open = c->n_open;
    for (size_t i = 0; i < c->n_open; i++)
        c->out.open[i] = c->open[i].boot;
}

void klog_boots_find(struct span text, struct arena *a, struct klog_boots *out)
{
    struct cutter c = {
        .arena = a, .out = {.n = 1}, .text = text, .start = text.ptr, .stretch = text.ptr};
    struct search s = {0};
    struct span rest = text, line;
    while (span_next_line(&rest, &line)) {
        struct span m = klog_message(line);
        bool starts = begins(&s, line, m);
        if (!starts && s.any)
            continue;
        struct klog_when w = klog_when(line, m);
        if (starts)
            begin(&c, &s, line, w);
        s.matter |= !starts && klog_matters(m);
        if (!starts && (w.has_stamp || w.date.known))
            s.last = w;
    }
    cut_stretch(&c, from_to(c.stretch, end_of(text)));
    c.out.last = from_to(c.start, end_of(text));
    give_open(&c);
    *out = c.out;
}

/* Dates ------------------------------------------------------------------------------------ */

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
