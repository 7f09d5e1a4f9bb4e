/* SPDX-License-Identifier: MIT */
#include "io/driver_beside.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "io/root.h"
#include "load/beside_name.h"

static size_t folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static void add(struct driver_beside *b, struct arena *a, const char *path, bool named)
{
    if (!beside_is(path))
        return;
    b->items = arena_grow(a, b->items, b->n, sizeof *b->items);
    b->items[b->n++] = (struct beside_path){.file = {path, named}, .folder = folder_of(path)};
    b->catalogs |= beside_is_catalog(path);
}

/* Adds the files of the folder of `path`. */
static void add_neighbours(struct driver_beside *b, struct arena *a, const char *path)
{
    const char *const *names;
    size_t n = 0, folder = folder_of(path);
    const char *where = arena_printf(a, "%.*s", (int)folder, path);
    scoped_fd dir = open(folder > 0 ? where : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0 || root_list(dir, ".", DRIVER_FILES_MAX, a, &names, &n) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        if (beside_is(names[i]))
            add(b, a, arena_printf(a, "%s%s", where, names[i]), false);
    }
}

/* Orders by folder, then by name. */
static int compare(const void *a, const void *b)
{
    const struct beside_path *l = a, *r = b;
    size_t n = l->folder < r->folder ? l->folder : r->folder;
    int c = memcmp(l->file.path, r->file.path, n);
    if (c != 0)
        return c;
    if (l->folder != r->folder)
        return l->folder < r->folder ? -1 : 1;
    c = strcmp(l->file.path, r->file.path);
    return c != 0 ? c : r->file.named - l->file.named;
}

void driver_beside_find(const struct driver_paths *files, struct arena *a,
                        struct driver_beside *out)
{
    struct driver_beside b = {0};
    size_t kept = 0;
    for (size_t i = 0; i < files->n; i++) {
        add(&b, a, files->items[i].path, files->items[i].named);
        if (files->items[i].named && !beside_is(files->items[i].path))
            add_neighbours(&b, a, files->items[i].path);
    }
    if (b.n > 1)
        qsort(b.items, b.n, sizeof *b.items, compare);
    for (size_t i = 0; i < b.n; i++) { /* a file that was met twice is kept once */
        if (kept == 0 || strcmp(b.items[kept - 1].file.path, b.items[i].file.path) != 0)
            b.items[kept++] = b.items[i];
    }
    b.n = kept;
    *out = b;
}

/* Selecting -------------------------------------------------------------------------------- */

struct selecting {
    struct driver_beside *beside;
    const struct driver_path **out;
    size_t n;
};

static void take(struct selecting *s, struct beside_path *p)
{
    if (p->mark == s->beside->selections)
        return;
    p->mark = s->beside->selections;
    if (s->n < DRIVER_BESIDE_MAX)
        s->out[s->n++] = &p->file;
    else
        s->beside->left_out++;
}

/* Takes the files of the folder that is the first `folder` bytes of `path`. */
static void take_folder(struct selecting *s, const char *path, size_t folder)
{
    struct beside_path key = {.file = {path, true}, .folder = folder};
    struct driver_beside *b = s->beside;
    size_t low = 0, high = b->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct beside_path *p = &b->items[middle];
        bool before =
            p->folder == folder ? memcmp(p->file.path, path, folder) < 0 : compare(p, &key) < 0;
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < b->n && b->items[low].folder == folder &&
           memcmp(b->items[low].file.path, path, folder) == 0;
         low++)
        take(s, &b->items[low]);
}

static bool is_same_folder(const char *a, const char *b)
{
    size_t n = folder_of(a);
    return n == folder_of(b) && memcmp(a, b, n) == 0;
}

size_t driver_beside_select(struct driver_beside *b, const struct driver_path *files, size_t n,
                            const struct driver_path **out)
{
    struct selecting s = {b, out, 0};
    b->selections++;
    b->left_out = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->items[i].file.named)
            take(&s, &b->items[i]);
    }
    for (size_t i = 0; i < n && b->n > 0; i++) {
        if (i > 0 && is_same_folder(files[i - 1].path, files[i].path))
            continue;
        for (size_t folder = folder_of(files[i].path);; folder--) {
            while (folder > 0 && files[i].path[folder - 1] != '/')
                folder--;
            take_folder(&s, files[i].path, folder);
            if (folder == 0)
                break;
        }
    }
    return s.n;
}
