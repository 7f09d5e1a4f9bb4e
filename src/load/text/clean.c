/* SPDX-License-Identifier: MIT */
#include "load/text/clean.h"

#include <string.h>

#include "vbscheck/count.h"
#include "vbscheck/utf8.h"

/* The text at hand: borrowed until something changes, then in its own buffer. */
struct cleaner {
    struct arena *arena;
    struct span text;
    uint8_t *own; /* NULL while borrowed; the cleaned text is never longer */
    unsigned done;
};

static bool has_room(struct cleaner *c, size_t size)
{
    enum { SPARE = 4 << 20 }; /* for later steps */
    size_t left = arena_left(c->arena);
    bool fits = left > SPARE && left - SPARE > size;
    c->done |= fits ? 0U : CLEAN_NO_ROOM;
    return fits;
}

/* NULL where there is no memory for a copy. */
static uint8_t *own_text(struct cleaner *c)
{
    if (c->own == NULL && !has_room(c, c->text.len))
        return NULL;
    if (c->own == NULL) {
        c->own = arena_alloc(c->arena, c->text.len + 1, 1);
        if (c->text.len > 0)
            memcpy(c->own, c->text.ptr, c->text.len);
        c->text.ptr = c->own;
    }
    return c->own;
}

static bool has_byte(struct span s, int byte)
{
    return s.len > 0 && memchr(s.ptr, byte, s.len) != NULL;
}

/* Characters ------------------------------------------------------------------------------- */

enum byte_order { NO_UTF16, LITTLE_ENDIAN_16, BIG_ENDIAN_16 };

/* A byte order mark, or plain letters with a zero after or before each. */
static enum byte_order byte_order_of(struct span s)
{
    enum { LOOK_AT = 64 };
    size_t high = 0, low = 0, pairs = (s.len < LOOK_AT ? s.len : LOOK_AT) / 2;
    if (s.len >= 2 && s.ptr[0] == 0xff && s.ptr[1] == 0xfe)
        return LITTLE_ENDIAN_16;
    if (s.len >= 2 && s.ptr[0] == 0xfe && s.ptr[1] == 0xff)
        return BIG_ENDIAN_16;
    for (size_t i = 0; i < pairs; i++) {
        low += s.ptr[2 * i] != 0 && s.ptr[2 * i + 1] == 0;
        high += s.ptr[2 * i] == 0 && s.ptr[2 * i + 1] != 0;
    }
    if (pairs < 4)
        return NO_UTF16;
    return low == pairs ? LITTLE_ENDIAN_16 : high == pairs ? BIG_ENDIAN_16 : NO_UTF16;
}

static void decode_utf16(struct cleaner *c)
{
    enum byte_order order = byte_order_of(c->text);
    struct span s = c->text;
    if (order == NO_UTF16 || !has_room(c, s.len / 2 * 3))
        return;
    uint8_t *to = arena_alloc(c->arena, s.len / 2 * 3 + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i + 1 < s.len; i += 2) {
        unsigned first = s.ptr[i], second = s.ptr[i + 1];
        unsigned unit = order == LITTLE_ENDIAN_16 ? second << 8 | first : first << 8 | second;
        if (unit != 0xfeff)
            n += utf8_put(to + n, unit);
    }
    c->own = to;
    c->text = (struct span){to, n};
    c->done |= CLEAN_UTF16;
}

static void drop_bom(struct cleaner *c)
{
    if (!span_starts(c->text, "\xef\xbb\xbf"))
        return;
    if (c->own != NULL)
        c->own += 3;
    c->text = span_skip(c->text, 3);
    c->done |= CLEAN_BOM;
}

/* Terminals -------------------------------------------------------------------------------- */

enum { ESC = 0x1b, BEL = 0x07, BACKSPACE = 0x08 };

/* Length of the escape sequence at the start of `s` (ECMA-48, 5.4; xterm's OSC). */
static size_t escape_length(struct span s)
{
    enum { LONGEST = 256 };
    size_t n = 2, end = s.len < LONGEST ? s.len : LONGEST;
    if (s.len < 2)
        return s.len;
    if (s.ptr[1] == '[') {
        while (n < end && (s.ptr[n] < 0x40 || s.ptr[n] > 0x7e) && s.ptr[n] != '\n')
            n++;
        return n < end && s.ptr[n] != '\n' ? n + 1 : n;
    }
    if (s.ptr[1] == ']') {
        while (n < end && s.ptr[n] != BEL && s.ptr[n] != ESC && s.ptr[n] != '\n')
            n++;
        return n < end && s.ptr[n] == BEL ? n + 1 : n;
    }
    /* "ESC ( B" chooses letters. */
    return (s.ptr[1] == '(' || s.ptr[1] == ')') && s.len > 2 ? 3 : s.ptr[1] == '\n' ? 1 : 2;
}

static void drop_escapes(struct cleaner *c)
{
    bool escapes = has_byte(c->text, ESC) || has_byte(c->text, BEL) || has_byte(c->text, BACKSPACE);
    bool nuls = has_byte(c->text, 0);
    size_t n = 0;
    if (!escapes && !nuls)
        return;
    uint8_t *to = own_text(c);
    if (to == NULL)
        return;
    for (size_t i = 0; i < c->text.len;) {
        uint8_t byte = to[i];
        if (byte == ESC)
            i += escape_length(span_skip(c->text, i));
        else if (byte == BEL || byte == 0 || byte == BACKSPACE)
            i++;
        else
            to[n++] = to[i++];
    }
    c->text.len = n;
    c->done |= (escapes ? CLEAN_ESCAPES : 0U) | (nuls ? CLEAN_NULS : 0U);
}

/* Web pages -------------------------------------------------------------------------------- */

static const struct {
    const char *entity;
    char is;
} entities[] = {
    {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '},
};

static const char *const tags[] = {"font", "span", "pre", "code", "br", "div", "p", "b", "tt"};

/* "<font color=red>", "</pre>", "<br/>": its length, or 0. */
static size_t tag_length(struct span s)
{
    enum { LONGEST = 256 };
    struct span name = span_skip(s, span_starts(s, "</") ? 2 : 1);
    for (size_t i = 0; i < COUNT(tags); i++) {
        struct span after = span_skip(name, strlen(tags[i]));
        if (!span_starts(name, tags[i]) || after.len == 0 || !memchr("> /", after.ptr[0], 3))
            continue;
        for (size_t n = (size_t)(after.ptr - s.ptr); n < s.len && n < LONGEST; n++) {
            if (s.ptr[n] == '\n')
                return 0;
            if (s.ptr[n] == '>')
                return n + 1;
        }
    }
    return 0;
}

static size_t entity_length(struct span s, uint8_t *is)
{
    for (size_t i = 0; i < COUNT(entities); i++) {
        if (span_starts(s, entities[i].entity)) {
            *is = (uint8_t)entities[i].is;
            return strlen(entities[i].entity);
        }
    }
    return 0;
}

/* True only if the text clearly comes from a web page: kernel logs have "<0>" and "&", too. */
static bool is_marked_up(struct span s)
{
    static const char *const signs[] = {"<pre", "<font ", "<code", "<br",   "<span",
                                        "&lt;", "&gt;",   "&amp;", "&nbsp;"};
    if (!has_byte(s, '<') && !has_byte(s, '&'))
        return false;
    for (size_t i = 0; i < COUNT(signs); i++) {
        if (span_find(s, signs[i], NULL))
            return true;
    }
    return false;
}

static void drop_markup(struct cleaner *c)
{
    size_t n = 0;
    if (!is_marked_up(c->text))
        return;
    uint8_t *to = own_text(c);
    if (to == NULL)
        return;
    for (size_t i = 0; i < c->text.len;) {
        uint8_t byte = to[i];
        struct span here = span_skip(c->text, i);
        size_t tag = byte == '<' ? tag_length(here) : 0;
        size_t entity = byte == '&' ? entity_length(here, &byte) : 0;
        if (tag == 0)
            to[n++] = byte;
        i += tag + entity > 0 ? tag + entity : 1;
    }
    c->text.len = n;
    c->done |= CLEAN_MARKUP;
}

/* Starts of lines -------------------------------------------------------------------------- */

/* Length of "> ", "> > " or "| " at the start of a line. */
static size_t quote_length(struct span line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] == '>') {
        n++;
        n += n < line.len && line.ptr[n] == ' ';
    }
    return n;
}

static size_t blanks_of(struct span line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] == ' ')
        n++;
    return n;
}

/* The common start of most lines that are not blank: all are quoted, or all are indented. */
struct starts {
    size_t lines, quoted, indent;
};

static struct starts starts_of(struct span text)
{
    struct starts s = {.indent = SIZE_MAX};
    struct span line;
    while (span_next_line(&text, &line)) {
        size_t blanks = blanks_of(line);
        if (blanks == line.len)
            continue;
        s.lines++;
        s.quoted += line.ptr[0] == '>';
        s.indent = blanks < s.indent ? blanks : s.indent;
        if (s.indent == 0 && s.lines > 64 && s.quoted == 0)
            break; /* a mail's quotes begin early */
    }
    return s;
}

/* Removes `length` bytes from the start of each line. */
static bool cut_lines(struct cleaner *c, size_t (*length)(struct span line), size_t most)
{
    struct span rest, line;
    uint8_t *to = own_text(c);
    size_t n = 0;
    if (to == NULL)
        return false;
    rest = c->text;
    while (rest.len > 0) {
        const uint8_t *start = rest.ptr;
        (void)span_next_line(&rest, &line);
        size_t skip = length(line);
        size_t whole = (size_t)(c->text.ptr + c->text.len - rest.len - start);
        skip = skip > most ? most : skip;
        memmove(to + n, start + skip, whole - skip);
        n += whole - skip;
    }
    c->text.len = n;
    return true;
}

static void drop_quotes(struct cleaner *c)
{
    /* A report of apport: values of several lines, each after a blank (deb-control(5)). */
    if (span_starts(c->text, "ProblemType: ")) {
        c->done |= cut_lines(c, blanks_of, 1) ? CLEAN_INDENT : 0;
        return;
    }
    struct starts s = starts_of(c->text);
    if (s.quoted > 0 && cut_lines(c, quote_length, SIZE_MAX)) {
        c->done |= CLEAN_QUOTES;
        s = starts_of(c->text);
    }
    if (s.lines > 0 && s.indent > 0 && cut_lines(c, blanks_of, s.indent))
        c->done |= CLEAN_INDENT;
}

struct span clean_text(struct span data, struct arena *a, unsigned *done)
{
    struct cleaner c = {.arena = a, .text = data};
    decode_utf16(&c);
    drop_bom(&c);
    struct span log;
    if (clean_journal(c.text, a, &log)) {
        *done = c.done | CLEAN_JOURNAL;
        return log;
    }
    drop_escapes(&c);
    drop_markup(&c);
    drop_quotes(&c);
    *done = c.done;
    return c.text;
}

static const struct {
    enum clean bit;
    const char *what;
} words[] = {
    {CLEAN_UTF16, "UTF-16 characters, decoded"},
    {CLEAN_BOM, "a byte order mark, left out"},
    {CLEAN_ESCAPES, "codes of a terminal, left out"},
    {CLEAN_NULS, "bytes of zero, left out"},
    {CLEAN_MARKUP, "tags or entities of a web page, left out"},
    {CLEAN_QUOTES, "quoted lines, read without the quotes"},
    {CLEAN_INDENT, "indented lines, read without the indent"},
    {CLEAN_JOURNAL, "records, from which the kernel's messages were read"},
    {CLEAN_NO_ROOM, "too many bytes to be cleaned, and is used as it is"},
};

void clean_note(struct notes *n, const char *file, unsigned done)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        if ((done & words[i].bit) != 0)
            notes_add(n, file, "the text has %s", words[i].what);
    }
}
