/* SPDX-License-Identifier: MIT */
#include "report/json_writer.h"

#include "report/escape.h"

static void new_line(struct json *j)
{
    static const char blanks[] = "                ";
    if (!j->pretty)
        return;
    out_char(j->o, '\n');
    out_bytes(j->o, blanks, j->depth * 2 < sizeof blanks ? j->depth * 2 : sizeof blanks - 1);
}

void json_item(struct json *j)
{
    if (!j->first)
        out_char(j->o, ',');
    j->first = false;
    new_line(j);
}

void json_key(struct json *j, const char *name)
{
    json_item(j);
    escape_json(j->o, name);
    out_str(j->o, j->pretty ? ": " : ":");
}

void json_open(struct json *j, char bracket)
{
    out_char(j->o, bracket);
    j->depth++;
    j->first = true;
}

void json_close(struct json *j, char bracket)
{
    bool empty = j->first;
    j->depth--;
    if (!empty)
        new_line(j);
    out_char(j->o, bracket);
    j->first = false;
}

void json_text(struct json *j, const char *name, const char *text)
{
    json_key(j, name);
    escape_json(j->o, text);
}

void json_uint(struct json *j, const char *name, unsigned long long v)
{
    json_key(j, name);
    out_uint(j->o, v);
}

void json_names(struct json *j, const char *name, const char *const *names, size_t n)
{
    json_key(j, name);
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_item(j);
        escape_json(j->o, names[i]);
    }
    json_close(j, ']');
}

void json_head(struct json *j)
{
    json_uint(j, "schema_version", 1);
    json_key(j, "tool");
    json_open(j, '{');
    json_text(j, "name", "vbscheck");
    json_text(j, "version", VBSCHECK_VERSION);
}
