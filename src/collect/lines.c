/* SPDX-License-Identifier: MIT */
#include "collect/lines.h"

#include "collect/root.h"

enum { LINE_FILE_MAX = 64 << 10 };

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
    enum status st = root_read(c->root, path, LINE_FILE_MAX, c->arena, &text);
    if (st != ST_OK)
        return st;
    struct span line = {0};
    (void)span_next_line(&text, &line);
    *out = span_trim(line);
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
    return root_exists(c->root, path) == ST_OK;
}

void lines_add(struct collector *c, const char *name, const char *from, const struct out *o)
{
    collect_add(c, name, from, ST_OK, out_span(o));
}

void lines_none(struct collector *c, const char *name, const char *from, enum status st)
{
    collect_add(c, name, from, st, (struct span){0});
}
