/* SPDX-License-Identifier: MIT */
#include "parse/windows/image_path.h"

#include <string.h>

#include "vbscheck/count.h"

/* In one piece it is a trigraph. */
#define NT                                                                                         \
    "/?"                                                                                           \
    "?/"

/*
 * Prefixes of paths, and their meaning; longer ones first. Any other device, or a letter other than
 * C, may be this volume or another.
 */
static const struct {
    const char *before, *means;
    bool letter; /* a drive's letter and a colon follow */
    enum service_place place;
} roots[] = {
    {"/SystemRoot/", "Windows/", false, PLACE_HERE},
    {"%SystemRoot%/", "Windows/", false, PLACE_HERE},
    {"%windir%/", "Windows/", false, PLACE_HERE},
    {"%SystemDrive%/", "", false, PLACE_HERE},
    {"/Device/BootDevice/", "", false, PLACE_HERE},
    {NT, "", true, PLACE_HERE},
    {"//?/", "", true, PLACE_HERE},
    {"//./", "", true, PLACE_HERE},
    {"/DosDevices/", "", true, PLACE_HERE},
    {"", "", true, PLACE_HERE},
    {"/", "", false, PLACE_PERHAPS},
    {"", "Windows/", false, PLACE_HERE}, /* without a root, it is below Windows' folder */
};

/* Prefixes of devices, which are skipped; then devices whose name continues. */
static const char *const globals[] = {NT "GLOBALROOT", "//?/GLOBALROOT", "//./GLOBALROOT"};
static const char *const devices[] = {"/Device/HarddiskVolume", NT "Volume{", "//?/Volume{",
                                      "//./Volume{"};

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

static void skip_global(struct span *s)
{
    for (size_t i = 0; i < COUNT(globals); i++) {
        struct span rest = span_skip(*s, strlen(globals[i]));
        if (starts_like(*s, globals[i]) && span_starts(rest, "/"))
            *s = rest;
    }
}

/* "/Device/HarddiskVolume3/Windows/..." without its first two parts; false for any other. */
static bool skip_device(struct span *s)
{
    struct span after;
    for (size_t i = 0; i < COUNT(devices); i++) {
        if (!starts_like(*s, devices[i]) ||
            !span_find(span_skip(*s, strlen(devices[i])), "/", &after))
            continue;
        *s = after;
        return true;
    }
    return false;
}

/*
 * "PROGRA~1" is a second name of a file, which a copy of a disk does not have; "%x%" is the value
 * of x; letters beyond ASCII have small and large forms that only the volume knows.
 */
static bool is_sure(const char *path)
{
    for (; *path != '\0'; path++) {
        if (*path == '~' || *path == '%' || *path == ':' || (unsigned char)*path > 0x7e)
            return false;
    }
    return true;
}

/* "a/./b", "a/../b" and "a//b" are not names that a lookup may follow. */
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

/* With slashes, and without the quotes of a command line. */
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

static const char *resolve(struct span s, struct arena *a, enum service_place *place)
{
    skip_global(&s);
    *place = PLACE_PERHAPS;
    if (skip_device(&s))
        return arena_text(a, s);
    for (size_t i = 0; i < COUNT(roots); i++) {
        struct span rest = span_skip(s, strlen(roots[i].before));
        if (!starts_like(s, roots[i].before) || (roots[i].letter && !is_letter(rest)))
            continue;
        bool other = roots[i].letter && (rest.ptr[0] | 0x20) != 'c';
        *place = other ? PLACE_PERHAPS : roots[i].place;
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

const char *image_path(const char *raw, const char *service, struct arena *a,
                       enum service_place *place)
{
    *place = PLACE_HERE;
    const char *path = raw == NULL || raw[0] == '\0'
                           ? arena_printf(a, "Windows/System32/drivers/%s.sys", service)
                           : resolve(unquoted(raw, a), a, place);
    if (path == NULL || !is_plain(path)) {
        *place = PLACE_ASTRAY;
        return NULL;
    }
    *place = is_sure(path) ? *place : PLACE_PERHAPS;
    return path;
}

const char *event_path(const char *raw, struct arena *a)
{
    enum service_place place;
    const char *path = resolve(unquoted(raw, a), a, &place);
    return path_without_user(path != NULL && is_plain(path) ? path : raw, a);
}
