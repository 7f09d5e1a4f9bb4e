/* SPDX-License-Identifier: MIT */
/*
 * The text of `acpidump` (ACPICA's tools and pmtools alike):
 *
 *     DMAR @ 0x0000000000000000
 *         0000: 44 4D 41 52 …  DMAR…
 *
 * It is often pasted: indented or not, after a prompt, with blank lines between. For tables that no
 * probe wants (mainly DSDT and SSDT) only the offsets of the lines are read.
 */
#include <string.h>

#include "load/load.h"
#include "load/tables.h"
#include "vbscheck/hex.h"
#include "vbscheck/out.h"

enum { PER_LINE = 16, HEAD = 8 /* signature and length */ };

size_t acpidump_bytes(struct span s, uint8_t out[PER_LINE])
{
    size_t n = 0;
    /* Single blanks separate the bytes, two blanks separate them from the characters. */
    while (n < PER_LINE && s.len >= 3 && s.ptr[0] == ' ') {
        unsigned high = hex_digit(s.ptr[1]), low = hex_digit(s.ptr[2]);
        if (high > 15 || low > 15)
            break;
        out[n++] = (uint8_t)(high << 4 | low);
        s = span_skip(s, 3);
    }
    return n;
}

/* The table being read. */
struct reading {
    struct snapshot *out;
    const char *from;
    struct table_list list;
    struct span signature; /* empty: before the first head */
    bool kept;
    bool sound;
    unsigned told;    /* tables kept because they show whether the list is whole */
    size_t next;      /* offset that the next line should have */
    struct out bytes; /* of a table that is kept */
};

/* Does a table hold as many bytes as it declares? Only RSDP has its length elsewhere. */
static bool has_all_bytes(struct span signature, struct span table)
{
    struct rd r = rd_open(table);
    rd_skip(&r, 4);
    uint32_t declared = rd_le32(&r);
    return span_is(signature, "RSDP") || (rd_ok(&r) && table.len >= declared);
}

static void end_table(struct reading *r)
{
    struct blob b = {.from = r->from, .st = ST_OK};
    if (r->signature.len == 0)
        return;
    r->list.broken |= !r->sound || r->next == 0;
    if (!r->kept)
        return;
    b.data.ptr = (const uint8_t *)arena_text(r->out->arena, out_span(&r->bytes));
    b.data.len = r->bytes.len;
    tables_list_bytes(&r->list, r->signature, b.data);
    if (!tables_want(r->signature))
        return;
    if (!r->sound || b.data.len == 0) {
        b.st = ST_MALFORMED;
        notes_add(&r->out->notes, "acpi",
                  "%s: the lines of table %.4s cannot be read after byte %zu", r->from,
                  (const char *)r->signature.ptr, b.data.len);
    } else if (!has_all_bytes(r->signature, b.data) && b.data.len >= HEAD) {
        b.st = ST_TRUNCATED; /* acpidump prints as many bytes as the table declares */
        notes_add(&r->out->notes, "acpi",
                  "%s: table %.4s is incomplete in this copy: it has only %zu of the bytes that "
                  "it declares",
                  r->from, (const char *)r->signature.ptr, b.data.len);
    }
    tables_add(r->out, r->signature, b);
}

/* A text with more tables than any machine has does not count as whole. */
static bool is_kept(struct reading *r, struct span signature)
{
    enum { TOLD_MAX = 64 };
    if (tables_want(signature) && tables_have_room(r->out, signature))
        return true;
    if (!tables_tell_whole(signature))
        return false;
    r->list.broken |= r->told == TOLD_MAX;
    r->told += r->told < TOLD_MAX;
    return !r->list.broken;
}

static void begin_table(struct reading *r, struct span signature, uint64_t address)
{
    end_table(r);
    r->signature = signature;
    r->kept = is_kept(r, signature);
    r->sound = true;
    r->next = 0;
    r->bytes.len = 0; /* the added bytes are a copy */
    tables_list_head(&r->list, r->out->arena, signature, address);
}

/* A line "0010: xx xx …"; `rest` follows the colon. */
static void add_line(struct reading *r, uint64_t offset, struct span rest)
{
    uint8_t some[PER_LINE];
    bool follows = r->signature.len > 0 && offset == r->next && r->next % PER_LINE == 0;
    /* Lines that start again at 0 belong to a head that was lost. */
    r->list.stray |= r->signature.len == 0 || (offset == 0 && r->next > 0);
    r->sound = r->sound && follows;
    if (!r->sound)
        return;
    size_t n = r->kept ? acpidump_bytes(rest, some) : PER_LINE;
    r->sound = n > 0;
    r->next += n;
    if (r->kept)
        out_bytes(&r->bytes, (const char *)some, n);
}

/* Reads a line of bytes; an indented line without bytes spoils the table that contains it. */
static void read_line(struct reading *r, struct span line)
{
    struct span s = span_trim(line);
    uint64_t offset;
    if (s.len == 0)
        return;
    if (span_take_hex(&s, &offset) && span_starts(s, ":"))
        add_line(r, offset, span_skip(s, 1));
    else if (line.ptr[0] == ' ')
        r->sound = false;
}

/* The last table again, if only its offsets were read: the text may end inside it. */
static bool ends_inside(const struct reading *r, struct span last)
{
    struct reading again = {.out = r->out, .signature = r->signature, .kept = true, .sound = true};
    struct span line;
    out_init(&again.bytes, r->out->arena);
    while (again.sound && span_next_line(&last, &line))
        read_line(&again, line);
    return !again.sound || !has_all_bytes(r->signature, out_span(&again.bytes));
}

/* Does the text end inside a head: in "WSM", or in "WSMT @ 0x"? */
static bool ends_in_head(struct span text)
{
    enum { LONGEST = sizeof "WSMT @ 0x0000000000000000" };
    size_t n = 0;
    while (n < text.len && n < LONGEST && text.ptr[text.len - n - 1] != '\n')
        n++;
    struct span s = span_trim(span_skip(text, text.len - n));
    return n > 0 && n < LONGEST && s.len > 0 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z';
}

/*
 * Is the text's first line the rest of one of bytes: "00 00 14 00  ..].....", or of the characters
 * after them? Then the start of a table was cut off.
 */
static bool is_rest_of_line(struct span line)
{
    struct span s = span_trim(line), word;
    bool one = s.len <= PER_LINE && memchr(s.ptr, '.', s.len) != NULL;
    for (size_t pairs = 0, n = 0; span_next_word(&s, &word); n++) {
        bool pair = word.len == 2 && hex_digit(word.ptr[0]) < 16 && hex_digit(word.ptr[1]) < 16;
        pairs = pair ? pairs + 1 : 0;
        if (pairs == 2)
            return true;
        one &= n == 0;
    }
    return one;
}

void acpidump_load(struct span text, const char *from, struct snapshot *out,
                   struct table_list *list)
{
    struct reading r = {.out = out, .from = from, .list = {.from = from}};
    struct span rest = text, line, signature, last = {0};
    uint64_t address;
    out_init(&r.bytes, out->arena);
    r.list.stray = span_next_line(&rest, &line) && line.len > 0 && is_rest_of_line(line);
    rest = text;
    while (span_next_line(&rest, &line)) {
        if (acpidump_head(line, &signature, &address)) {
            begin_table(&r, signature, address);
            last = rest;
        } else {
            read_line(&r, line);
        }
    }
    end_table(&r);
    /* Only the last table can be short of bytes because the text was cut; more may have followed.
     */
    r.list.cut = ends_inside(&r, last) || ends_in_head(text);
    if (r.list.cut)
        notes_add(&out->notes, "acpi",
                  "%s: the text ends inside table %.4s: the machine may have more tables", from,
                  (const char *)r.signature.ptr);
    else if (r.list.stray)
        notes_add(&out->notes, "acpi",
                  "%s: some lines have no table header above them: the text is incomplete, and "
                  "the machine may have more tables",
                  from);
    *list = r.list;
}
