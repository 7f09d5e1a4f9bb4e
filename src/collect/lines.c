/* SPDX-License-Identifier: MIT */
#include "collect/lines.h"

#include <stdlib.h>
#include <string.h>

#include "vbscheck/count.h"

enum { ADDRESS_MAX = sizeof "ffffffff:ff:1f.7" - 1 };

void lines_value(struct out *o, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool control = s.ptr[i] < ' ' || s.ptr[i] == 0x7f;
        out_char(o, control ? '?' : (char)s.ptr[i]);
    }
}

enum status lines_read(const struct collector *c, const char *path, struct span *out)
{
    struct span text;
    enum status st = ask_file(c->asker, path, &text);
    if (st != ST_OK)
        return st;
    struct span line = {0}, rest = text;
    (void)span_next_line(&rest, &line);
    line = span_trim(line);
    /* Keeps only this line of the file in memory: a foreign tree may have long files. */
    size_t before = line.len > 0 ? (size_t)(line.ptr - text.ptr) : 0;
    const uint8_t *kept = arena_resize(c->arena, text.ptr, before + line.len);
    *out = (struct span){kept + before, line.len};
    return ST_OK;
}

enum status lines_file(const struct collector *c, struct out *o, const char *label,
                       const char *path)
{
    struct span line;
    enum status st = lines_read(c, path, &line);
    if (st != ST_OK || line.len == 0)
        return st;
    out_str(o, label);
    lines_value(o, line);
    out_char(o, '\n');
    return ST_OK;
}

bool lines_exists(const struct collector *c, const char *path)
{
    return ask_exists(c->asker, path) == ST_OK;
}

static bool is_address(struct span s)
{
    static const char ends[] = {':', ':', '.'};
    uint64_t number;
    if (s.len > ADDRESS_MAX)
        return false;
    for (size_t i = 0; i < COUNT(ends); i++) {
        if (!span_take_hex(&s, &number) || s.len == 0 || s.ptr[0] != (uint8_t)ends[i])
            return false;
        s = span_skip(s, 1);
    }
    return span_take_hex(&s, &number) && s.len == 0;
}

/* Splits the part up to the next slash off *path; false when none is left. */
static bool next_part(struct span *path, struct span *part)
{
    if (path->len == 0)
        return false;
    const uint8_t *slash = memchr(path->ptr, '/', path->len);
    size_t len = slash != NULL ? (size_t)(slash - path->ptr) : path->len;
    *part = (struct span){path->ptr, len};
    *path = span_skip(*path, len + 1);
    return true;
}

bool lines_address_above(const struct collector *c, const char *folder, const char *name,
                         const char *prefix, struct span *out)
{
    struct span path, above = {0}, part = {0};
    if (ask_link(c->asker, arena_printf(c->arena, "%s/%s", folder, name), &path) != ST_OK)
        return false;
    while (next_part(&path, &part) && !span_starts(part, prefix))
        above = part;
    if (!span_starts(part, prefix) || !is_address(above))
        return false;
    *out = above;
    return true;
}

void lines_add(struct collector *c, const char *name, const char *from, const struct out *o)
{
    collect_add(c, name, from, ST_OK, out_span(o));
}

void lines_none(struct collector *c, const char *name, const char *from, enum status st)
{
    collect_add(c, name, from, st, (struct span){0});
}
