/* SPDX-License-Identifier: MIT */
#include "load/driver_pack.h"

#include <string.h>

#include "parse/driver_list.h"
#include "vbscheck/count.h"

/* Room for one file: its member of an archive, twice where its size is not known, and what is said
 * of it. A member grows in one step, so that all of them together fit. */
enum { ONE_FILE_MAX = 2 * PACK_MEMBER_MAX + (4 << 20), ONE_STEP = 1 << 20 };

static const struct {
    const char *bytes;
    size_t len;
} archive_magics[] = {
    {"PK\x03\x04", 4},         /* ZIP, PKWARE's APPNOTE, 4.3.7 */
    {"MSCF\0\0\0\0", 8},       /* Microsoft Cabinet Format, CFHEADER */
    {"7z\xbc\xaf\x27\x1c", 6}, /* 7zFormat.txt, SignatureHeader */
};

static bool is_archive(struct span data)
{
    for (size_t i = 0; i < COUNT(archive_magics); i++) {
        if (data.len >= archive_magics[i].len &&
            memcmp(data.ptr, archive_magics[i].bytes, archive_magics[i].len) == 0)
            return true;
    }
    return false;
}

/* Whatever the case of its letters. */
static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    if (n < m)
        return false;
    for (size_t i = 0; i < m; i++) {
        char c = path[n - m + i];
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != end[i])
            return false;
    }
    return true;
}

/* An arena over its limit ends the judge, as the one that it is inside of does. */
static void begin_one(const struct pack *p, struct arena *one)
{
    arena_init(one, ONE_FILE_MAX, p->arena->oom);
}

static void look_image(struct pack *p, const char *path, bool named, struct span data,
                       struct arena *one)
{
    struct driver d = {.path = path, .group = DRIVER_GIVEN};
    bool program = data.len >= 2 && memcmp(data.ptr, "MZ", 2) == 0, sys = ends_in(path, ".sys");
    bool broken_counts = program ? named || sys : named && sys;
    if (image_look(data, broken_counts, &p->options->image, one, &d)) {
        driver_list_write(p->out, &d);
        return;
    }
    p->skipped++;
    if (ends_in(path, ".exe") || ends_in(path, ".msi"))
        names_add(&p->installers, path);
}

#if VBSCHECK_HAVE_LIBARCHIVE

struct unpacking {
    struct pack *pack;
    const struct archive_lib *lib;
    struct archive *ar;
    const char *path; /* of the archive */
    uint64_t total;
    const char *problem;
};

/*
 * Bytes of the member at hand, counted as they come; its declared size is a hint. Returns false
 * with u->problem.
 */
static bool read_member(struct unpacking *u, struct arena *one, int64_t declared, struct span *out)
{
    size_t n = 0, cap = declared > 0 && declared <= PACK_MEMBER_MAX ? (size_t)declared + 1 : 4096;
    uint8_t *data = arena_alloc(one, cap, 1);
    for (;;) {
        if (n == cap) {
            cap = cap < ONE_STEP ? ONE_STEP : PACK_MEMBER_MAX + 1;
            uint8_t *bigger = arena_alloc(one, cap, 1);
            memcpy(bigger, data, n);
            data = bigger;
        }
        la_ssize_t got = u->lib->archive_read_data(u->ar, data + n, cap - n);
        if (got < 0)
            u->problem = "a member's content is damaged, encrypted or of an unknown method";
        if (got <= 0)
            break;
        n += (size_t)got;
        u->total += (uint64_t)got;
        if (n > PACK_MEMBER_MAX || u->total > PACK_TOTAL_MAX)
            u->problem = "it unpacks to more than driver packs hold";
        if (u->problem != NULL)
            return false;
        /* What does not start as an image is none: the rest of it stays packed. */
        if (n >= 2 && memcmp(data, "MZ", 2) != 0)
            break;
    }
    *out = (struct span){data, n};
    return u->problem == NULL;
}

static void look_member(struct unpacking *u, struct archive_entry *e)
{
    struct arena one;
    struct span data;
    const char *name = u->lib->archive_entry_pathname_utf8(e);
    if (name == NULL)
        name = u->lib->archive_entry_pathname(e);
    if (u->lib->archive_entry_filetype(e) != AE_IFREG)
        return;
    const char *path =
        arena_printf(u->pack->arena, "%s/%s", u->path, name != NULL ? name : "a member");
    begin_one(u->pack, &one);
    if (read_member(u, &one, u->lib->archive_entry_size(e), &data))
        look_image(u->pack, path, false, data, &one);
    arena_reset(&one);
}

static bool open_archive(struct unpacking *u, struct span data)
{
    u->ar = u->lib->archive_read_new();
    return u->ar != NULL && u->lib->archive_read_support_format_zip(u->ar) == ARCHIVE_OK &&
           u->lib->archive_read_support_format_cab(u->ar) == ARCHIVE_OK &&
           u->lib->archive_read_support_format_7zip(u->ar) == ARCHIVE_OK &&
           u->lib->archive_read_open_memory(u->ar, data.ptr, data.len) == ARCHIVE_OK;
}

static void look_members(struct unpacking *u)
{
    for (size_t n = 0; u->problem == NULL; n++) {
        struct archive_entry *e;
        int r = u->lib->archive_read_next_header(u->ar, &e);
        if (r == ARCHIVE_EOF)
            return;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            u->problem = "its list of members is damaged";
        else if (n == PACK_MEMBERS_MAX)
            u->problem = "it has more members than driver packs have";
        else
            look_member(u, e);
    }
}

static void look_archive(struct pack *p, const char *path, struct span data)
{
    struct unpacking u = {.pack = p, .lib = p->options->archive, .path = path};
    if (u.lib == NULL) {
        names_add(&p->unopened, path);
        return;
    }
    if (open_archive(&u, data))
        look_members(&u);
    else
        u.problem = "it cannot be opened";
    if (u.ar != NULL)
        (void)u.lib->archive_read_free(u.ar);
    if (u.problem == NULL)
        return;
    struct driver bad = {
        .path = path,
        .group = DRIVER_GIVEN,
        .result = DRIVER_MALFORMED,
        .fault = arena_printf(p->arena, "an archive of which %s", u.problem),
    };
    driver_list_write(p->out, &bad);
}

#else

static void look_archive(struct pack *p, const char *path, struct span data)
{
    (void)data;
    names_add(&p->unopened, path);
}

#endif

void pack_begin(struct pack *p, const struct pack_options *options, struct arena *a,
                struct out *out)
{
    *p = (struct pack){.options = options, .arena = a, .out = out};
    names_init(&p->installers, a);
    names_init(&p->unopened, a);
}

void pack_look(struct pack *p, const char *path, bool named, struct span data)
{
    struct arena one;
    if (is_archive(data)) {
        look_archive(p, path, data);
        return;
    }
    begin_one(p, &one);
    look_image(p, path, named, data, &one);
    arena_reset(&one);
}

void pack_end(struct pack *p)
{
    if (p->skipped > 0)
        out_printf(p->out, "skipped %zu\n", p->skipped);
    if (p->installers.n > 0)
        driver_list_head(p->out, "installers", names_text(&p->installers));
    if (p->unopened.n > 0)
        driver_list_head(p->out, "unopened", names_text(&p->unopened));
}
