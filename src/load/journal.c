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
#include "load/clean.h"
#include "vbscheck/out.h"

/* One record as far as it was read. */
struct record {
    struct span message; /* as it stands in the text, with its escapes */
    bool is_kernel;
    bool is_other;
};

static void put_message(struct out *o, struct span message)
{
    out_str(o, "[    0.000000] ");
    for (size_t i = 0; i < message.len; i++) {
        uint8_t c = message.ptr[i];
        out_char(o, c < ' ' ? ' ' : (char)c);
    }
    out_char(o, '\n');
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

/* RFC 8259, section 7. What is not ASCII decides nothing: it becomes a question mark. */
static void put_json_message(struct out *o, struct span s)
{
    out_str(o, "[    0.000000] ");
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
    out_char(o, '\n');
}

static void read_pair(struct record *r, struct span key, struct span value)
{
    if (span_is(key, "msg")) {
        r->message = value;
        r->is_kernel = true;
    } else if (span_is(key, "MESSAGE")) {
        r->message = value;
    } else if (span_is(key, "_TRANSPORT")) {
        r->is_kernel = span_is(value, "kernel");
    } else if (span_is(key, "SYSLOG_IDENTIFIER")) {
        r->is_other = !span_is(value, "kernel");
    }
}

static void end_json_record(struct out *o, struct record *r)
{
    if (r->is_kernel && !r->is_other && r->message.len > 0)
        put_json_message(o, r->message);
    *r = (struct record){0};
}

/* Strings, and what stands behind them: whatever else is there is passed over byte by byte. */
static void read_json(struct out *o, struct span s)
{
    struct record r = {0};
    while (s.len > 0) {
        struct span key, value;
        if (s.ptr[0] == '{' || s.ptr[0] == '}') {
            end_json_record(o, &r);
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
                continue;
            if (!take_string(&s, &value))
                return;
            read_pair(&r, key, value);
        }
    }
    end_json_record(o, &r);
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
    if (!span_starts(s, "{"))
        return false;
    s.len = s.len > LOOK_AT ? LOOK_AT : s.len;
    return span_starts(skip_space(span_skip(s, 1)), "\"dmesg\"") ||
           (span_find(s, "\"_TRANSPORT\"", NULL) && span_find(s, "\"MESSAGE\"", NULL));
}

/* Export and verbose ----------------------------------------------------------------------- */

static void end_record(struct out *o, struct record *r)
{
    if (r->is_kernel && !r->is_other && r->message.len > 0)
        put_message(o, r->message);
    *r = (struct record){0};
}

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

static void read_export(struct out *o, struct span text)
{
    struct record r = {0};
    struct span line, key, value;
    bool indented = !span_starts(text, "__CURSOR=");
    while (span_next_line(&text, &line)) {
        bool ends = indented ? !span_starts(line, " ") : line.len == 0;
        if (ends)
            end_record(o, &r);
        /* What goes on in a further line is indented further. */
        if (indented && (!span_starts(line, "    ") || span_starts(line, "     ")))
            continue;
        if (span_split(line, '=', &key, &value))
            read_pair(&r, key, value);
        else if (!indented && line.len > 0 && !skip_binary(&text))
            break;
    }
    end_record(o, &r);
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
    bool json = is_json(text);
    struct out o;
    if (!json && !is_export(text))
        return false;
    out_init(&o, a);
    if (json)
        read_json(&o, text);
    else
        read_export(&o, text);
    *out = out_span(&o);
    return true;
}
