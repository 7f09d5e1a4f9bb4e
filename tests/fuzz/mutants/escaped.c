/* SPDX-License-Identifier: MIT */
/*
 * What no output may hold, read without the code that escapes: RFC 3629 for UTF-8, and XML 1.0 for
 * markup.
 */
#include <string.h>

#include "fuzz/mutants/mutants.h"

/* The character at `at`, and how many bytes it has; 0: it is no UTF-8. */
static size_t character(struct span s, size_t at, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = s.ptr[at];
    size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (n == 0 || first > 0xf4 || at + n > s.len)
        return 0;
    *c = n == 1 ? first : first & (0xffU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s.ptr[at + i] & 0xc0) != 0x80)
            return 0;
        *c = *c << 6 | (s.ptr[at + i] & 0x3f);
    }
    bool good = *c >= least[n] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
    return good ? n : 0;
}

/* Characters that move others or have no shape: a reader does not see what stands there. */
static bool is_hidden(uint32_t c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}

/* Most text is printable ASCII, and is passed over fast. */
static size_t plain_to(struct span text, size_t at)
{
    while (at < text.len && text.ptr[at] >= 0x20 && text.ptr[at] < 0x7f)
        at++;
    return at;
}

const char *escaped_problem(struct span text)
{
    for (size_t i = plain_to(text, 0); i < text.len; i = plain_to(text, i)) {
        uint32_t c = 0;
        size_t n = character(text, i, &c);
        if (n == 0)
            return "bytes that are not UTF-8";
        if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0))
            return "a control character";
        if (is_hidden(c))
            return "an invisible character";
        i += n;
    }
    return NULL;
}

/* Reads markup from `at` on; `open` are the names of elements that are not ended. */
struct markup {
    struct span in;
    size_t at;
    bool html;
    struct span open[64];
    size_t depth;
};

static bool is_name(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ':' || c == '_';
}

static struct span name(struct markup *m)
{
    size_t from = m->at;
    while (m->at < m->in.len && is_name(m->in.ptr[m->at]))
        m->at++;
    return (struct span){m->in.ptr + from, m->at - from};
}

static bool next_is(const struct markup *m, const char *text)
{
    size_t n = strlen(text);
    return m->in.len - m->at >= n && memcmp(m->in.ptr + m->at, text, n) == 0;
}

static bool skip_to(struct markup *m, const char *text)
{
    while (m->at < m->in.len && !next_is(m, text))
        m->at++;
    return m->at < m->in.len;
}

/* "&amp;", "&#38;" */
static bool entity(struct markup *m)
{
    m->at++;
    if (next_is(m, "#"))
        m->at++;
    bool some = name(m).len > 0;
    return some && next_is(m, ";");
}

/* One attribute and its quoted value; in HTML it may have none. */
static bool attribute(struct markup *m)
{
    if (name(m).len == 0)
        return false;
    if (!next_is(m, "=\""))
        return m->html;
    for (m->at += 2; m->at < m->in.len && m->in.ptr[m->at] != '"'; m->at++) {
        if (m->in.ptr[m->at] == '<' || (m->in.ptr[m->at] == '&' && !entity(m)))
            return false;
    }
    return m->at++ < m->in.len;
}

/* Elements of HTML that have no end. */
static bool is_void(struct span element)
{
    return span_is(element, "meta") || span_is(element, "br") || span_is(element, "hr") ||
           span_is(element, "link") || span_is(element, "img") || span_is(element, "col");
}

static const char *begin_element(struct markup *m)
{
    struct span element = name(m);
    if (element.len == 0)
        return "a < that begins no element";
    while (next_is(m, " ") || next_is(m, "\n")) {
        m->at++;
        if (!next_is(m, "/>") && !attribute(m))
            return "an attribute that is none";
    }
    bool ends = next_is(m, "/>") || (m->html && is_void(element));
    m->at += next_is(m, "/>") ? 2 : 1;
    if (m->in.ptr[m->at - 1] != '>')
        return "an element that has no >";
    if (!ends && m->depth < sizeof m->open / sizeof *m->open)
        m->open[m->depth++] = element;
    if (span_is(element, "style") && !skip_to(m, "</style>"))
        return "a style sheet without an end";
    return span_is(element, "script") ? "a script" : NULL;
}

static const char *end_element(struct markup *m)
{
    m->at += 2;
    struct span element = name(m), begun = m->depth > 0 ? m->open[m->depth - 1] : (struct span){0};
    if (element.len != begun.len || memcmp(element.ptr, begun.ptr, element.len) != 0)
        return "an end of an element that is not open";
    m->depth--;
    return next_is(m, ">") ? NULL : "an end that has no >";
}

const char *markup_problem(struct span text, bool html)
{
    struct markup m = {.in = text, .html = html};
    for (; m.at < text.len; m.at++) {
        const char *problem = NULL;
        if (next_is(&m, "<!") || next_is(&m, "<?"))
            problem = skip_to(&m, ">") ? NULL : "a declaration without an end";
        else if (next_is(&m, "</"))
            problem = end_element(&m);
        else if (next_is(&m, "&"))
            problem = entity(&m) ? NULL : "an & that begins no entity";
        else if (next_is(&m, "<")) {
            m.at++;
            problem = begin_element(&m);
            m.at--;
        }
        if (problem != NULL)
            return problem;
    }
    return m.depth == 0 ? NULL : "an element that is not ended";
}
