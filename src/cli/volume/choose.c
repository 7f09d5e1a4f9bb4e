/* SPDX-License-Identifier: MIT */
#include "cli/volume/choose.h"

#include "io/libs.h"
#include "vbscheck/out.h"

static const char disk_errors[] = "cannot be read: the disk returns errors; copy what can be read "
                                  "of it (ddrescue) and give the copy";

const char *why_closed(const struct seen *s, struct arena *a)
{
    const char *problem = "";
    if (s->wim && s->opened == ST_OK)
        return s->windows ? NULL : "does not contain Windows";
    if (s->wim)
        return "is damaged or incomplete";
    if (s->kind == VOLUME_BITLOCKER)
        return "is encrypted with BitLocker: turn BitLocker off in Windows (manage-bde -off C:), "
               "or unlock it here (cryptsetup open --type bitlk --readonly) and give the volume in "
               "/dev/mapper, or give the driver packs with --drivers";
    if (s->kind == VOLUME_REFS)
        return "is a ReFS volume, which vbscheck cannot read: give the driver packs with --drivers";
    if (s->kind != VOLUME_NTFS && s->opened == ST_IO_ERROR)
        return disk_errors;
    if (s->kind != VOLUME_NTFS)
        return "does not contain a Windows file system";
    if (libs_ntfs(&problem) == NULL)
        return arena_printf(a, "cannot be read: %s", problem);
    if (s->opened == ST_IO_ERROR)
        return disk_errors;
    if (s->opened != ST_OK)
        return "is a damaged NTFS volume or an incomplete copy: run chkdsk in Windows";
    return s->windows ? NULL : "does not contain Windows";
}

static const char *too_many(const struct given *g, const struct seen *all, size_t n,
                            struct arena *a)
{
    struct names list;
    names_init(&list, a);
    const char *first = "";
    for (size_t i = 0; i < n; i++) {
        if (!all[i].windows)
            continue;
        names_add(&list, seen_text(&all[i], a));
        if (first[0] == '\0')
            first = arena_printf(a, "%s#%u", g->path, (unsigned)all[i].number);
    }
    return arena_printf(a, "contains more than one Windows: %s. Choose one by its number, as in %s",
                        names_text(&list), first);
}

/* Names what looks most like the Windows that was meant, and why it cannot be looked at. */
static const char *none(const struct seen *all, size_t n, struct arena *a)
{
    const struct seen *worst = NULL;
    for (size_t i = 0; i < n; i++) {
        bool closed = all[i].kind == VOLUME_BITLOCKER || all[i].kind == VOLUME_REFS ||
                      (all[i].kind == VOLUME_NTFS && all[i].opened != ST_OK) ||
                      all[i].opened == ST_IO_ERROR;
        if (closed && (worst == NULL || worst->size < all[i].size))
            worst = &all[i];
    }
    if (worst == NULL)
        return arena_printf(a, "does not contain Windows (%zu partition%s checked)", n,
                            n == 1 ? " was" : "s were");
    if (worst->number == 0)
        return why_closed(worst, a);
    return arena_printf(a, "does not contain a readable Windows: %s %s", seen_text(worst, a),
                        why_closed(worst, a));
}

enum status choose(const struct given *g, const struct seen *all, size_t n, struct arena *a,
                   const struct seen **out, const char **problem)
{
    const struct seen *one = NULL;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        bool fits = g->chosen ? all[i].number == g->number : all[i].windows != 0;
        one = fits ? &all[i] : one;
        found += fits;
    }
    const char *closed = one != NULL ? why_closed(one, a) : NULL;
    if (one == NULL)
        *problem = g->chosen ? arena_printf(a, "has no partition or image %u", g->number)
                             : none(all, n, a);
    else if (found > 1)
        *problem = too_many(g, all, n, a);
    else if (closed != NULL)
        *problem = g->chosen ? arena_printf(a, "%s %s", seen_text(one, a), closed) : closed;
    else {
        *out = one;
        return ST_OK;
    }
    return ST_UNSUPPORTED;
}
