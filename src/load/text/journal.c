/* SPDX-License-Identifier: MIT */
/*
 * Records of the journal and of dmesg --json, made into the lines that dmesg prints:
 *
 *   {"_TRANSPORT": "kernel", "MESSAGE": "efi: EFI v2.70 …", …}   journalctl -o json, a line each;
 *                                                                -pretty, -seq, -sse
 *   _TRANSPORT=kernel                                            journalctl -o export, a blank line
 *   MESSAGE=efi: EFI v2.70 …                                     between; -o verbose: indented
 *   {"dmesg": [{"pri": 6, "time": 0.0, "msg": "…"}, …]}          dmesg --json
 */
#include "load/text/journal.h"
#include "load/text/clean.h"

struct reader {
    struct arena *arena;
    struct journal journal;
    struct journal_record now; /* as far as it was read */
    bool is_kernel, is_other;
};

static void end_record(struct reader *r)
{
    struct journal *j = &r->journal;
    if (r->is_kernel && !r->is_other && r->now.message.len > 0) {
        j->items = arena_grow(r->arena, j->items, j->n, sizeof *j->items);
        j->items[j->n++] = r->now;
    }
    r->now = (struct journal_record){.has_escapes = r->now.has_escapes};
    r->is_kernel = false;
    r->is_other = false;
}

static bool read_usec(struct span value, uint64_t *out)
{
    return span_take_dec(&value, out) && value.len == 0;
}

/* "s=…;i=…;b=BOOT;m=HEX;t=HEX;x=…": the boot, and both clocks (sd-journal, sd_journal_get_cursor).
 */
static void read_cursor(struct journal_record *r, struct span cursor)
{
    struct span s;
    if (span_find(cursor, ";b=", &s)) {
        size_t n = 0;
        while (n < s.len && s.ptr[n] != ';')
            n++;
        r->boot = (struct span){s.ptr, n};
    }
    if (span_find(cursor, ";m=", &s))
        r->has_monotonic = span_take_hex(&s, &r->monotonic);
    if (span_find(cursor, ";t=", &s))
        r->has_real = span_take_hex(&s, &r->real);
}

static void read_pair(struct reader *r, struct span key, struct span value)
{
    struct journal_record *now = &r->now;
    if (span_is(key, "msg")) {
        now->message = value;
        r->is_kernel = true;
    } else if (span_is(key, "MESSAGE")) {
        now->message = value;
    } else if (span_is(key, "_TRANSPORT")) {
        r->is_kernel = span_is(value, "kernel");
    } else if (span_is(key, "SYSLOG_IDENTIFIER")) {
        r->is_other = !span_is(value, "kernel");
    } else if (span_is(key, "__CURSOR")) {
        read_cursor(now, value);
    } else if (span_is(key, "_BOOT_ID")) {
        now->boot = value;
    } else if (span_is(key, "_HOSTNAME")) {
        now->host = value;
    } else if (span_is(key, "_MACHINE_ID")) {
        now->machine = value;
    } else if (span_is(key, "__REALTIME_TIMESTAMP")) {
        now->has_real = read_usec(value, &now->real);
    } else if (span_is(key, "__MONOTONIC_TIMESTAMP")) {
        now->has_monotonic = read_usec(value, &now->monotonic);
    } else if (span_is(key, "_SOURCE_MONOTONIC_TIMESTAMP")) {
        now->has_stamp = read_usec(value, &now->stamp);
    }
}

/* JSON ------------------------------------------------------------------------------------- */

static struct span skip_space(struct span s)
{
    size_t n = 0;
    while (n < s.len &&
           (s.ptr[n] == ' ' || s.ptr[n] == '\t' || s.ptr[n] == '\r' || s.ptr[n] == '\n'))
        n++;
    return span_skip(s, n);
}

/* A string at the start of *s, without its quotes. False, with both untouched, if it is not whole.
 */
static bool take_string(struct span *s, struct span *out)
{
    if (!span_starts(*s, "\""))
        return false;
    for (size_t i = 1; i < s->len; i++) {
        if (s->ptr[i] == '\\')
            i++;
        else if (s->ptr[i] == '"') {
            *out = (struct span){s->ptr + 1, i - 1};
            *s = span_skip(*s, i + 1);
            return true;
        }
    }
    return false;
}

/* "    0.083139": dmesg --json has numbers, the journal has strings. */
static void read_number(struct reader *r, struct span key, struct span s)
{
    uint64_t seconds, fraction;
    if (!span_is(key, "time") || !span_take_dec(&s, &seconds) || seconds > UINT32_MAX ||
        !span_starts(s, "."))
        return;
    struct span digits = span_skip(s, 1), rest = digits;
    r->now.has_stamp = span_take_dec(&rest, &fraction) && digits.len - rest.len == 6;
    if (r->now.has_stamp)
        r->now.stamp = seconds * 1000000 + fraction;
}

/* Reads strings and the values after them; skips everything else byte by byte. */
static void read_json(struct reader *r, struct span s)
{
    r->now.has_escapes = true;
    while (s.len > 0) {
        struct span key, value;
        if (s.ptr[0] == '{' || s.ptr[0] == '}') {
            end_record(r);
            s = span_skip(s, 1);
        } else if (s.ptr[0] != '"') {
            s = span_skip(s, 1);
        } else if (!take_string(&s, &key)) {
            return; /* cut inside a string */
        } else {
            s = skip_space(s);
            if (!span_starts(s, ":"))
                continue;
            s = skip_space(span_skip(s, 1));
            if (!span_starts(s, "\""))
                read_number(r, key, s);
            else if (take_string(&s, &value))
                read_pair(r, key, value);
            else
                return;
        }
    }
    end_record(r);
}

/* RFC 7464's mark before a record (-o json-seq), and that of a stream of events (-o json-sse). */
static struct span skip_marks(struct span text)
{
    struct span s = skip_space(text);
    if (span_starts(s, "\x1e"))
        s = skip_space(span_skip(s, 1));
    return span_starts(s, "data: ") ? skip_space(span_skip(s, 6)) : s;
}

static bool is_json(struct span text)
{
    enum { LOOK_AT = 16 << 10 };
    struct span s = skip_marks(text);
    if (span_starts(s, "[")) /* jq -s and others wrap records like this */
        s = skip_space(span_skip(s, 1));
    if (!span_starts(s, "{"))
        return false;
    s.len = s.len > LOOK_AT ? LOOK_AT : s.len;
    return span_starts(skip_space(span_skip(s, 1)), "\"dmesg\"") ||
           (span_find(s, "\"_TRANSPORT\"", NULL) && span_find(s, "\"MESSAGE\"", NULL));
}

/* Export and verbose ----------------------------------------------------------------------- */

/* A value with a newline inside: eight bytes of length, the value, a newline. */
static bool skip_binary(struct span *text)
{
    struct rd r = rd_open(*text);
    uint64_t n = rd_le64(&r);
    if (!rd_ok(&r) || n >= rd_left(&r))
        return false;
    *text = span_skip(*text, (size_t)n + 9);
    return true;
}

static void read_export(struct reader *r, struct span text)
{
    struct span line, key, value;
    bool indented = !span_starts(text, "__CURSOR=");
    while (span_next_line(&text, &line)) {
        bool ends = indented ? !span_starts(line, " ") : line.len == 0;
        if (ends)
            end_record(r);
        if (ends && indented)
            read_cursor(&r->now, line);
        /* A continued value is indented further. */
        if (indented && (!span_starts(line, "    ") || span_starts(line, "     ")))
            continue;
        if (span_split(line, '=', &key, &value))
            read_pair(r, key, value);
        else if (!indented && line.len > 0 && !skip_binary(&text))
            break;
    }
    end_record(r);
}

/* "__CURSOR=s=…" opens a record of export; "… [s=…;i=…]" and indented fields one of verbose. */
static bool is_export(struct span text)
{
    struct span line, rest = text;
    if (span_starts(text, "__CURSOR="))
        return true;
    if (!span_next_line(&rest, &line))
        return false;
    if (span_starts(line, "-- ") && !span_next_line(&rest, &line))
        return false;
    return span_find(line, " [s=", NULL) && span_find(line, ";i=", NULL) &&
           span_starts(rest, "    ");
}

bool clean_journal(struct span text, struct arena *a, struct span *out)
{
    struct reader r = {.arena = a};
    bool json = is_json(text);
    if (!json && !is_export(text))
        return false;
    if (json)
        read_json(&r, text);
    else
        read_export(&r, text);
    *out = journal_write(&r.journal, a);
    return true;
}
