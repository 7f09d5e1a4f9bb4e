/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own lines of this boot that matter: from /dev/kmsg, record by record (Linux
 * Documentation/ABI/testing/dev-kmsg), or from the text of dmesg in a tree.
 */
#include <string.h>

#include "collect/lines.h"
#include "parse/klog/klog.h"
#include "parse/klog/klog_boots.h"
#include "vbscheck/count.h"

enum {
    BOOT_SECONDS = 600, /* later lines of a device cannot be about the boot */
    USEC = 1000000,
    FACILITY = 8, /* lower priorities are the kernel's (facility 0), others user space's */
};

struct record {
    uint64_t priority;
    uint64_t sequence;
    uint64_t usec;
    struct span message;
};

static bool take_field(struct span *s, uint64_t *out)
{
    if (!span_take_dec(s, out) || !span_starts(*s, ","))
        return false;
    *s = span_skip(*s, 1);
    return true;
}

/* "6,339,5140900,-,caller=T1;message\n KEY=value\n". The kernel escapes newlines in a message. */
static bool split_record(struct span s, struct record *out)
{
    struct record r = {0};
    if (!take_field(&s, &r.priority) || !take_field(&s, &r.sequence) || !take_field(&s, &r.usec))
        return false;
    if (!span_find(s, ";", &s) || !span_next_line(&s, &r.message))
        return false;
    *out = r;
    return true;
}

static void put_record(struct out *o, const struct record *r)
{
    if (r->priority >= FACILITY || !klog_matters(r->message))
        return;
    out_printf(o, "[%5lu.%06lu] ", (unsigned long)(r->usec / USEC),
               (unsigned long)(r->usec % USEC));
    lines_value(o, r->message);
    out_char(o, '\n');
}

/* The state of reading the log. */
struct reading {
    enum status st; /* ST_OK; ST_TRUNCATED if it no longer begins at the boot */
    bool begun;
};

/* Returns false if the records after this one cannot be about the boot. */
static bool take_record(struct reading *log, enum status st, struct span bytes, struct out *o)
{
    struct record r;
    if (st == ST_TRUNCATED)
        log->st = st;
    if (st != ST_OK || !split_record(bytes, &r))
        return true;
    if (!log->begun && r.sequence != 0)
        log->st = ST_TRUNCATED;
    log->begun = true;
    if (r.usec > (uint64_t)BOOT_SECONDS * USEC)
        return false;
    put_record(o, &r);
    return true;
}

/* Reads until the log ends, or is no longer about the boot. */
static enum status read_device(struct collector *c, struct out *o)
{
    const struct question q = {.kind = ASK_NEXT, .path = "dev/kmsg", .size = ASK_RECORDS};
    struct reading log = {.st = ST_OK};
    for (bool more = true; more;) {
        struct answer w = {.st = ST_IO_ERROR};
        struct ask_item item;
        struct span bytes;
        c->asker->ask(c->asker->context, &q, c->arena, &w);
        if (w.st != ST_OK)
            return log.begun ? ST_TRUNCATED : w.st;
        more = w.data.len > 0;
        while (more && ask_next_item(&w.data, &item, &bytes))
            more = take_record(&log, (enum status)item.st, bytes, o);
    }
    return log.st;
}

static void fetch_live(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    enum status st = read_device(c, &o);
    if (st == ST_ABSENT) /* containers */
        st = ST_NOT_COLLECTED;
    collect_add(c, "efi/kernel-log", "/dev/kmsg", st, out_span(&o));
}

/*
 * Keeps the last boot of a log, which may hold several. A boot whose lines do not name its kernel
 * has lost its beginning.
 */
static enum status filter_text(struct span text, struct arena *a, struct out *o)
{
    enum status st = ST_TRUNCATED;
    struct klog_boots boots;
    klog_boots_find(text, a, &boots);
    if (boots.n_open > 0 || boots.crowded)
        return ST_CONFLICT;
    text = boots.last;
    for (struct span line; span_next_line(&text, &line);) {
        struct span message = klog_message(line);
        if (span_starts(message, "Linux version "))
            st = ST_OK;
        if (!klog_matters(message))
            continue;
        lines_value(o, message);
        out_char(o, '\n');
    }
    return st;
}

static void fetch_tree(struct collector *c)
{
    static const char *const paths[] = {"var/log/dmesg", "dmesg"};
    struct out o;
    out_init(&o, c->arena);
    enum status st = ST_NOT_COLLECTED;
    const char *from = paths[0];
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct span text;
        enum status found = ask_file(c->asker, paths[i], &text);
        if (found == ST_ABSENT)
            continue;
        from = paths[i];
        st = found == ST_OK ? filter_text(text, c->arena, &o) : found;
        break;
    }
    collect_add(c, "efi/kernel-log", arena_printf(c->arena, "/%s", from), st, out_span(&o));
}

static void fetch(struct collector *c)
{
    if (c->live)
        fetch_live(c);
    else
        fetch_tree(c);
}

const struct source source_klog = {
    .prefix = "efi/kernel-log",
    .summary = "Lines of this boot's kernel log that rules use",
    .needs = "root or CAP_SYSLOG, where kernel.dmesg_restrict is on",
    .fetch = fetch,
};
