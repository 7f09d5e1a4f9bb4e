/* SPDX-License-Identifier: MIT */
#include "parse/windows/event_xml.h"

#include <string.h>

#include "vbscheck/count.h"

/* One start tag: the text in it after the name, and the text after the tag. */
struct tag {
    struct span attributes, rest;
};

/* The next start tag of that name in *at. */
static bool next_tag(struct span *at, const char *name, struct tag *out)
{
    struct span after, rest;
    while (span_find(*at, "<", &after)) {
        *at = after;
        if (!span_starts(after, name))
            continue;
        after = span_skip(after, strlen(name));
        if (after.len == 0 || strchr(" \t\r\n/>", after.ptr[0]) == NULL)
            continue;
        if (!span_find(after, ">", &rest))
            return false;
        *out = (struct tag){{after.ptr, (size_t)(rest.ptr - after.ptr) - 1}, rest};
        *at = rest;
        return true;
    }
    return false;
}

/* Up to the next tag: the elements in question hold only text. */
static struct span text_of(const struct tag *t)
{
    struct span after, none = {0};
    if (t->attributes.len > 0 && t->attributes.ptr[t->attributes.len - 1] == '/')
        return none;
    if (!span_find(t->rest, "<", &after))
        return none;
    return span_trim((struct span){t->rest.ptr, (size_t)(after.ptr - t->rest.ptr) - 1});
}

static struct span attribute_of(const struct tag *t, const char *name)
{
    struct span at = t->attributes, after, end, none = {0};
    while (span_find(at, name, &after)) {
        at = after;
        if (!span_starts(after, "=\""))
            continue;
        after = span_skip(after, 2);
        if (!span_find(after, "\"", &end))
            return none;
        return (struct span){after.ptr, (size_t)(end.ptr - after.ptr) - 1};
    }
    return none;
}

struct span event_element(struct span xml, const char *name)
{
    struct tag t;
    return next_tag(&xml, name, &t) ? text_of(&t) : (struct span){0};
}

struct span event_attribute(struct span xml, const char *name, const char *attribute)
{
    struct tag t;
    return next_tag(&xml, name, &t) ? attribute_of(&t, attribute) : (struct span){0};
}

/* Equal except for blanks and the case of letters. */
static bool is_named(struct span s, const char *name)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == ' ')
            continue;
        if (name[0] == '\0' || (s.ptr[i] | 0x20) != (name[0] | 0x20))
            return false;
        name++;
    }
    return name[0] == '\0';
}

struct span event_data(struct span xml, const char *name)
{
    struct tag t;
    while (next_tag(&xml, "Data", &t)) {
        if (is_named(attribute_of(&t, "Name"), name))
            return text_of(&t);
    }
    return (struct span){0};
}

const char *event_text(struct span text, struct arena *a)
{
    static const struct {
        const char *name;
        char is;
    } references[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    char *out = arena_new(a, char, text.len + 1);
    size_t n = 0;
    while (text.len > 0) {
        size_t step = 1;
        out[n] = (char)text.ptr[0];
        for (size_t i = 0; i < COUNT(references); i++) {
            if (!span_starts(text, references[i].name))
                continue;
            out[n] = references[i].is;
            step = strlen(references[i].name);
        }
        n++;
        text = span_skip(text, step);
    }
    return arena_short_text(a, span_of(out));
}
