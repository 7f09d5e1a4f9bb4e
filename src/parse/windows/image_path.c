/* SPDX-License-Identifier: MIT */
#include "parse/windows/image_path.h"

#include <string.h>

#include "vbscheck/count.h"

/* What stands before a path, and what it stands for. The longer ones first. */
static const struct {
    const char *before, *means;
    bool letter; /* a drive's letter and a colon follow */
} roots[] = {
    {"/SystemRoot/", "Windows/", false},
    {"%SystemRoot%/", "Windows/", false},
    {"/?"
     "?/",
     "", true}, /* in one piece it is a trigraph */
    {"//?/", "", true},
    {"/DosDevices/", "", true},
    {"", "", true},
    {"/", "", false},
    {"", "Windows/", false}, /* without a root it is below that of Windows */
};

static bool is_letter(struct span s)
{
    return s.len >= 3 && s.ptr[1] == ':' && s.ptr[2] == '/' &&
           ((s.ptr[0] >= 'a' && s.ptr[0] <= 'z') || (s.ptr[0] >= 'A' && s.ptr[0] <= 'Z'));
}

static bool starts_like(struct span s, const char *start)
{
    size_t n = strlen(start);
    return s.len >= n && span_like((struct span){s.ptr, n}, span_of(start));
}

/* "/Device/HarddiskVolume3/Windows/..." without its first two parts; false for any other. */
static bool skip_device(struct span *s)
{
    struct span after;
    if (!starts_like(*s, "/Device/HarddiskVolume"))
        return false;
    *s = span_skip(*s, strlen("/Device/"));
    if (!span_find(*s, "/", &after))
        return false;
    *s = after;
    return true;
}

/* "a/./b", "a/../b" and "a//b" are no names that a lookup may follow. */
static bool is_plain(const char *path)
{
    for (;;) {
        size_t n = strcspn(path, "/");
        if (n == 0 || (n <= 2 && strncmp(path, "..", n) == 0))
            return false;
        if (path[n] == '\0')
            return true;
        path += n + 1;
    }
}

/* With slashes, and without what a command line has around it. */
static struct span unquoted(const char *raw, struct arena *a)
{
    char *s = arena_text(a, span_of(raw));
    for (char *c = s; *c != '\0'; c++) {
        if (*c == '\\')
            *c = '/';
    }
    struct span t = span_trim(span_of(s));
    if (t.len >= 2 && t.ptr[0] == '"')
        t = (struct span){t.ptr + 1, t.len - 1 - (t.ptr[t.len - 1] == '"')};
    return t;
}

static const char *resolve(struct span s, struct arena *a)
{
    if (skip_device(&s))
        return arena_text(a, s);
    for (size_t i = 0; i < COUNT(roots); i++) {
        struct span rest = span_skip(s, strlen(roots[i].before));
        if (!starts_like(s, roots[i].before) || (roots[i].letter && !is_letter(rest)))
            continue;
        rest = span_skip(rest, roots[i].letter ? 3 : 0);
        return arena_printf(a, "%s%.*s", roots[i].means, (int)rest.len, (const char *)rest.ptr);
    }
    return NULL;
}

const char *path_without_user(const char *path, struct arena *a)
{
    struct span s = span_of(path);
    if (!starts_like(s, "Users/"))
        return path;
    const char *rest = path + strlen("Users/");
    return arena_printf(a, "Users/~%s", rest + strcspn(rest, "/"));
}

const char *image_path(const char *raw, const char *service, struct arena *a)
{
    if (raw == NULL || raw[0] == '\0')
        return arena_printf(a, "Windows/System32/drivers/%s.sys", service);
    const char *path = resolve(unquoted(raw, a), a);
    return path != NULL && is_plain(path) ? path : NULL;
}

const char *event_path(const char *raw, struct arena *a)
{
    const char *path = resolve(unquoted(raw, a), a);
    return path_without_user(path != NULL && is_plain(path) ? path : raw, a);
}
