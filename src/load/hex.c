/* SPDX-License-Identifier: MIT */
#include "load/hex.h"

#include "load/tables.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { PER_LINE = 16 };

/* The hexadecimal digits at the start of `s`: how many, up to five. */
static size_t digits_at(struct span s)
{
    size_t n = 0;
    while (n < s.len && n < 5 && hex_digit(s.ptr[n]) < 16)
        n++;
    return n;
}

static uint8_t byte_at(struct span s, size_t at)
{
    return (uint8_t)(hex_digit(s.ptr[at]) << 4 | hex_digit(s.ptr[at + 1]));
}

/* Groups of two or of four digits behind blanks; what they are is told by the first. */
static void read_groups(struct span s, bool low_first, struct hex_line *h)
{
    size_t width = 0;
    while (h->n < PER_LINE) {
        size_t blanks = 0;
        while (blanks < s.len && s.ptr[blanks] == ' ')
            blanks++;
        /* More than two blanks, or one too many in the middle, part bytes from characters. */
        if (blanks == 0 || (h->n > 0 && blanks > (h->n == PER_LINE / 2 ? 2 : 1)))
            return;
        s = span_skip(s, blanks);
        size_t digits = digits_at(s);
        width = width == 0 ? digits : width;
        if (digits != width || (width != 2 && width != 4))
            return;
        bool words = width == 4 && h->n + 2 <= PER_LINE;
        uint8_t first = byte_at(s, 0), second = words ? byte_at(s, 2) : 0;
        h->bytes[h->n++] = words && low_first ? second : first;
        if (words)
            h->bytes[h->n++] = low_first ? first : second;
        s = span_skip(s, width);
    }
}

bool hex_read_line(struct span line, struct hex_line *out)
{
    struct hex_line h = {0};
    struct span s = span_trim(line);
    size_t before = s.len;
    if (!span_take_hex(&s, &h.offset) || before - s.len < 4)
        return false;
    bool colon = span_starts(s, ":");
    read_groups(span_skip(s, colon), !colon, &h);
    if (h.n == 0)
        return false;
    *out = h;
    return true;
}

static void add_table(struct out *bytes, bool sound, const char *from, struct snapshot *out)
{
    struct blob b = {.from = from, .st = ST_OK};
    struct rd r = rd_open(out_span(bytes));
    struct span signature = rd_take(&r, 4);
    uint32_t declared = rd_le32(&r);
    if (bytes->len == 0 || !tables_want(signature))
        return;
    b.data = (struct span){(const uint8_t *)arena_text(out->arena, out_span(bytes)), bytes->len};
    if (!sound || !rd_ok(&r) || b.data.len < declared) {
        b.st = ST_TRUNCATED;
        notes_add(&out->notes, "acpi",
                  "%s: table %.4s is not whole in this copy: %zu bytes of %u can be read", from,
                  (const char *)signature.ptr, b.data.len, (unsigned)declared);
    }
    tables_add(out, signature, b);
}

void hex_load(struct span text, const char *from, struct snapshot *out)
{
    struct span line;
    struct hex_line h;
    struct out bytes;
    bool sound = true;
    out_init(&bytes, out->arena);
    while (span_next_line(&text, &line)) {
        if (!hex_read_line(line, &h))
            continue;
        if (h.offset == 0) {
            add_table(&bytes, sound, from, out);
            bytes.len = 0; /* what was added is a copy */
            sound = true;
        }
        /* A line "*" stands for more of the same: of that no table is made. */
        sound = sound && h.offset == bytes.len;
        if (sound)
            out_bytes(&bytes, (const char *)h.bytes, h.n);
    }
    add_table(&bytes, sound, from, out);
}
