/* SPDX-License-Identifier: MIT */
/* Finds the Windows on the disks of this machine, for people. */
#include <fcntl.h>
#include <string.h>

#include "cli/volume/choose.h"
#include "cli/volume/volume.h"
#include "io/root.h"

enum { DISKS_MAX = 256 };

struct windows_places {
    struct arena *arena;
    struct windows_place *items;
    size_t n;
};

static void add(struct windows_places *p, const char *disk, const struct seen *s)
{
    bool closed = s->kind == VOLUME_BITLOCKER || (s->kind == VOLUME_NTFS && s->opened != ST_OK) ||
                  s->opened == ST_IO_ERROR;
    if (!s->windows && !closed)
        return;
    const char *path =
        s->number > 0 ? arena_printf(p->arena, "%s#%u", disk, (unsigned)s->number) : disk;
    const char *why = why_closed(s, p->arena);
    const char *what = why != NULL ? why : s->label[0] != '\0' ? s->label : "Windows";
    p->items = arena_grow(p->arena, p->items, p->n, sizeof *p->items);
    p->items[p->n++] = (struct windows_place){path, size_text(s->size, p->arena), what};
}

/* A disk that cannot be opened, or has nothing on it, is left out. */
static void look_at(struct windows_places *p, const char *disk)
{
    struct given g;
    const struct seen *all = NULL;
    size_t n = 0;
    const char *problem = "";
    if (given_open(disk, p->arena, &g, &problem) != ST_OK)
        return;
    scoped_fd fd = g.fd;
    if (fd >= 0 && survey(&g, p->arena, &all, &n, &problem) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++)
        add(p, disk, &all[i]);
}

/* False for devices in memory, devices that stand for a file, and discs. */
static bool is_disk(const char *name)
{
    static const char *const others[] = {"loop", "ram", "zram", "sr", "fd", "nbd"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return false;
    }
    return true;
}

const struct windows_places *windows_find(struct arena *a)
{
    const char *const *names;
    size_t n = 0;
    struct windows_places *p = arena_new(a, struct windows_places, 1);
    scoped_fd dir = open("/sys/block", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    p->arena = a;
    if (dir >= 0)
        (void)root_list(dir, ".", DISKS_MAX, a, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_disk(names[i]))
            look_at(p, arena_printf(a, "/dev/%s", names[i]));
    }
    return p;
}

bool windows_place_at(const struct windows_places *p, size_t i, struct windows_place *out)
{
    if (i >= p->n)
        return false;
    *out = p->items[i];
    return true;
}
