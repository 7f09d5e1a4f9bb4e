/* SPDX-License-Identifier: MIT */
#include "load/driver_pack.h"

#include <string.h>

#include "load/raw.h"
#include "parse/driver_list.h"
#include "vbscheck/count.h"

/*
 * Room for one file: its member of an archive, twice where its size is not known, and its results.
 * A member grows in one step, so that all of them together fit.
 */
enum { ONE_FILE_MAX = 2 * PACK_MEMBER_MAX + (4 << 20) };

/* In addition to the archives that evidence comes in. */
static const struct {
    const char *bytes;
    size_t len;
    enum pack_kind kind;
} magics[] = {
    {"MZ", 2, PACK_KIND_IMAGE},
    {"MSCF\0\0\0\0", 8, PACK_KIND_ARCHIVE},       /* Microsoft Cabinet Format, CFHEADER */
    {"7z\xbc\xaf\x27\x1c", 6, PACK_KIND_ARCHIVE}, /* 7zFormat.txt, SignatureHeader */
    {"Rar!\x1a\x07", 6, PACK_KIND_FOREIGN},
    {"MSWIM\0\0\0", 8, PACK_KIND_FOREIGN},
    {"ISc(", 4, PACK_KIND_FOREIGN}, /* InstallShield's cabinets */
};

enum pack_kind pack_kind_of(struct span data)
{
    for (size_t i = 0; i < COUNT(magics); i++) {
        if (data.len >= magics[i].len && memcmp(data.ptr, magics[i].bytes, magics[i].len) == 0)
            return magics[i].kind;
    }
    return load_is_archive(data) ? PACK_KIND_ARCHIVE : PACK_KIND_OTHER;
}

void pack_begin_one(const struct pack *p, struct arena *one)
{
    arena_init(one, ONE_FILE_MAX, p->arena->oom);
}

void pack_image(struct pack *p, const char *path, bool named, struct span data, struct arena *one)
{
    struct driver d = {.path = path, .group = p->group};
    bool program = pack_kind_of(data) == PACK_KIND_IMAGE;
    bool sys = span_ends_like(span_of(path), ".sys");
    bool broken_counts = program ? named || sys : named && sys;
    if (image_look(data, broken_counts, &p->options.image, one, &d)) {
        driver_list_write(p->out, &d);
        return;
    }
    p->skipped++;
    if (span_ends_like(span_of(path), ".exe") || span_ends_like(span_of(path), ".msi"))
        names_add(&p->left[PACK_INSTALLERS], path);
}

/*
 * Room for the bytes themselves, where they come out of an archive a step at a time, and for lists:
 * those of a catalog take twice its bytes at most, those of an INF file INF_FILES_MAX and
 * INF_DEVICES_MAX texts, each of which may be one token's; certificates take less.
 */
bool pack_has_room_beside(const struct beside *b, const struct arena *kept, uint64_t size)
{
    enum { STEP = 1 << 20, LISTS = 2 * (INF_FILES_MAX + 2 * INF_DEVICES_MAX) * (TEXT_MAX + 64) };
    return size <= PACK_BESIDE_MAX && b->bytes + size <= PACK_BESIDE_MAX &&
           arena_left(kept) >= 3 * size + STEP + LISTS;
}

bool pack_add_beside(struct beside *b, struct arena *kept, const char *path, bool anywhere,
                     struct span data)
{
    struct arena scratch;
    if (!pack_has_room_beside(b, kept, data.len))
        return false;
    b->bytes += data.len;
    arena_init(&scratch, PACK_BESIDE_ARENA_MAX, kept->oom);
    beside_add(b, kept, &scratch, path, anywhere, data);
    arena_reset(&scratch);
    return true;
}

#if !VBSCHECK_HAVE_LIBARCHIVE
void pack_archive(struct pack *p, const char *path, struct span data, unsigned depth)
{
    (void)data;
    (void)depth;
    names_add(&p->left[PACK_NO_LIBRARY], path);
}
#endif

void pack_begin(struct pack *p, const struct pack_options *options, struct arena *a,
                struct out *out)
{
    *p = (struct pack){.options = *options, .arena = a, .out = out, .group = DRIVER_GIVEN};
    p->options.image.beside = &p->beside;
    arena_init(&p->beside_arena, PACK_BESIDE_ARENA_MAX, a->oom);
    for (size_t i = 0; i < PACK_LEFT; i++)
        names_init(&p->left[i], a);
}

void pack_beside(struct pack *p, const char *path, bool named, struct span data)
{
    if (!pack_add_beside(&p->beside, &p->beside_arena, path, named, data))
        names_add(&p->left[PACK_BESIDE], path);
}

void pack_look(struct pack *p, const char *path, bool named, struct span data)
{
    struct arena one;
    enum pack_kind kind = pack_kind_of(data);
    if (kind == PACK_KIND_ARCHIVE) {
        p->unpacked = 0;
        pack_archive(p, path, data, 0);
        return;
    }
    if (kind == PACK_KIND_FOREIGN)
        names_add(&p->left[PACK_FOREIGN], path);
    pack_begin_one(p, &one);
    pack_image(p, path, named, data, &one);
    arena_reset(&one);
}

void pack_end(struct pack *p)
{
    static const char *const why[PACK_LEFT] = {
        [PACK_INSTALLERS] =
            "not unpacked, because they are programs: unpack them and give the result",
        [PACK_NO_LIBRARY] = "not opened, because libarchive is not installed",
        [PACK_FOREIGN] = "not opened, because vbscheck does not read this kind of archive: unpack "
                         "them and give the result",
        [PACK_NESTED] = "not opened, because they are too large or too deep inside another "
                        "archive: unpack that archive and give the result",
        [PACK_BESIDE] = "catalogs and INF files that were not read, because there are too many",
    };
    if (p->skipped > 0)
        out_printf(p->out, "skipped %zu\n", p->skipped);
    for (size_t i = 0; i < PACK_LEFT; i++) {
        if (p->left[i].n > 0)
            driver_list_head(p->out, i == PACK_INSTALLERS ? "remark" : "notice",
                             arena_printf(p->arena, "%s: %s", why[i], names_text(&p->left[i])));
    }
    arena_reset(&p->beside_arena);
}
