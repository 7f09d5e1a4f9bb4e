/* SPDX-License-Identifier: MIT */
/*
 * The text of `acpidump` (ACPICA's tools and pmtools alike):
 *
 *     DMAR @ 0x0000000000000000
 *         0000: 44 4D 41 52 …  DMAR…
 *
 * Tables that nobody wants, DSDT and SSDT above all, are passed over line by line.
 */
#include <string.h>

#include "load/load.h"
#include "vbscheck/hex.h"

enum { PER_LINE = 16 };

/* Reads one "  0010: xx xx …  text" line; returns how many bytes it holds, 0 if it is none. */
static size_t read_line(struct span line, uint64_t expected, uint8_t out[PER_LINE])
{
    uint64_t offset;
    struct span s = span_trim(line);
    size_t n = 0;
    if (!span_take_hex(&s, &offset) || offset != expected || !span_starts(s, ":"))
        return 0;
    s = span_skip(s, 1);
    /* Single blanks part the bytes, two part them from the characters. */
    while (n < PER_LINE && s.len >= 3 && s.ptr[0] == ' ') {
        unsigned high = hex_digit(s.ptr[1]), low = hex_digit(s.ptr[2]);
        if (high > 15 || low > 15)
            break;
        out[n++] = (uint8_t)(high << 4 | low);
        s = span_skip(s, 3);
    }
    return n;
}

/* Steps over the lines of the table that starts *rest; returns how many there are. */
static size_t skip_lines(struct span *rest)
{
    struct span ahead = *rest, line;
    size_t n = 0;
    while (span_next_line(&ahead, &line) && line.len > 0 && line.ptr[0] == ' ') {
        *rest = ahead;
        n++;
    }
    return n;
}

/* The bytes of the table whose lines start *rest; stops before the next head or blank line. */
static struct span read_table(struct span *rest, struct arena *a, bool *sound)
{
    struct span at = *rest, line;
    size_t lines = skip_lines(rest);
    uint8_t *bytes = arena_alloc(a, lines * PER_LINE + 1, 1);
    size_t n = 0;
    *sound = true;
    for (size_t i = 0; *sound && i < lines && span_next_line(&at, &line); i++) {
        uint8_t some[PER_LINE];
        size_t got = read_line(line, n, some);
        *sound = got > 0 && n % PER_LINE == 0;
        if (*sound) {
            memcpy(bytes + n, some, got);
            n += got;
        }
    }
    return (struct span){bytes, n};
}

/* Does a table hold as many bytes as it declares? RSDP alone has its length elsewhere. */
static bool is_whole(struct span signature, struct span table)
{
    struct rd r = rd_open(table);
    rd_skip(&r, 4);
    uint32_t declared = rd_le32(&r);
    return span_is(signature, "RSDP") || (rd_ok(&r) && table.len >= declared);
}

static void add_table(struct snapshot *out, struct span signature, struct span *rest,
                      const char *from)
{
    bool sound;
    struct blob b = {.from = from, .st = ST_OK};
    if (!tables_have_room(out, signature)) {
        (void)skip_lines(rest);
        return;
    }
    b.data = read_table(rest, out->arena, &sound);
    if (!sound || b.data.len == 0) {
        b.st = ST_MALFORMED;
        notes_add(&out->notes, "acpi", "%s: the lines of table %.4s cannot be read after byte %zu",
                  from, (const char *)signature.ptr, b.data.len);
    }
    tables_add(out, signature, b);
}

bool acpidump_load(struct span text, const char *from, struct snapshot *out)
{
    struct span rest = text, line, signature, last = {0}, last_signature = {0};
    bool sound;
    while (span_next_line(&rest, &line)) {
        if (line.len == 0 || line.ptr[0] == ' ' || !acpidump_head(line, &signature))
            continue;
        last = rest;
        last_signature = signature;
        if (tables_want(signature))
            add_table(out, signature, &rest, from);
    }
    /* Only the last table can be short of bytes because the text was cut; more may have followed.
     */
    struct span table = read_table(&last, out->arena, &sound);
    if (sound && is_whole(last_signature, table))
        return true;
    notes_add(&out->notes, "acpi",
              "%s: the text ends inside table %.4s: what is not in it may be "
              "in the machine",
              from, (const char *)last_signature.ptr);
    return false;
}
