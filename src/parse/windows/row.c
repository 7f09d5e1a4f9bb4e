/* SPDX-License-Identifier: MIT */
/*
 * A line of Windows' texts as a row, in the forms that people send: with the tab or blanks in its
 * place, with a colon, as a row of a table, after the marks of a comment or a list, in bold.
 */
#include <string.h>

#include "parse/windows/windows.h"

static struct span without(struct span s, const char *marks)
{
    while (s.len > 0 && memchr(marks, s.ptr[0], strlen(marks)) != NULL)
        s = span_skip(s, 1);
    while (s.len > 0 && memchr(marks, s.ptr[s.len - 1], strlen(marks)) != NULL)
        s.len--;
    return s;
}

/* Where the key ends: at a tab, else at a colon, at two blanks or at a table's bar. */
static size_t end_of_key(struct span line, bool table)
{
    const uint8_t *tab = line.len > 0 ? memchr(line.ptr, '\t', line.len) : NULL;
    if (tab != NULL)
        return (size_t)(tab - line.ptr);
    for (size_t i = 0; i < line.len; i++) {
        bool blanks = line.ptr[i] == ' ' && i + 1 < line.len && line.ptr[i + 1] == ' ';
        if (line.ptr[i] == ':' || blanks || (table && line.ptr[i] == '|'))
            return i;
    }
    return line.len;
}

bool windows_row(struct span line, struct span *key, struct span *value)
{
    static const char marks[] = "#*|>-{[` \t";
    bool table = span_starts(span_trim(line), "|");
    struct span row = line; /* a tab at its end separates a key from an empty value */
    while (row.len > 0 && memchr(marks, row.ptr[0], sizeof marks - 1) != NULL)
        row = span_skip(row, 1);
    size_t end = end_of_key(row, table);
    if (end == row.len || end == 0)
        return false;
    struct span rest = span_trim(span_skip(row, end));
    if (span_starts(rest, ":") || span_starts(rest, "|"))
        rest = span_trim(span_skip(rest, 1));
    *key = without((struct span){row.ptr, end}, "*`\" ");
    *value = without(rest, table ? "*`| " : "*` ");
    return key->len > 0;
}

static uint8_t plain(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

bool windows_key_is(struct span key, const char *name)
{
    if (key.len != strlen(name))
        return false;
    for (size_t i = 0; i < key.len; i++) {
        uint8_t c = plain(key.ptr[i]), want = plain((uint8_t)name[i]);
        if (c != want && !(c == 's' && want == 'z'))
            return false;
    }
    return true;
}

/*
 * PowerShell's compressed JSON is one line: gives each member its own line. Larger texts hold other
 * data, and stay unchanged.
 */
struct span windows_unfold(struct span text, struct arena *a)
{
    enum { LARGEST = 64 << 10 };
    struct span head = text.len > 0 ? span_trim(text) : text;
    if (text.len > LARGEST || !(span_starts(head, "{\"") || span_starts(head, "[{\"")))
        return text;
    uint8_t *made = arena_alloc(a, 2 * text.len + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        made[n++] = text.ptr[i];
        if (text.ptr[i] == ',' && i + 1 < text.len && text.ptr[i + 1] == '"')
            made[n++] = '\n';
    }
    return (struct span){made, n};
}
