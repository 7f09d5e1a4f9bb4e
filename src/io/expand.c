/* SPDX-License-Identifier: MIT */
/* Which machines a --from stands for. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "io/input.h"
#include "io/root.h"
#include "vbscheck/out.h"
#include "vbscheck/status.h"

enum {
    HEAD = 512, /* the magic of tar is at 257 */
    ENTRIES_MAX = 1 << 16,
    SPARE = 1 << 20, /* of the run's memory, for what comes after */
};

enum kind { LOOSE, ARCHIVE, FOLDER, CAPTURE };

struct expansion {
    struct arena *arena;
    struct arena scratch; /* names of folders that are being looked at */
    struct input_list *out;
    size_t named;            /* bytes of the argument */
    struct folder_id folder; /* that it is */
    struct names skipped;
    const char **problem;
};

static enum status too_many(struct expansion *x, const char *path)
{
    *x->problem =
        arena_printf(x->arena, "%s holds too many machines for one run: give it in parts", path);
    return ST_TRUNCATED;
}

static enum status add_input(struct expansion *x, const char *path)
{
    struct input_list *l = x->out;
    if (l->n == INPUTS_MAX || arena_left(x->arena) < l->n * 2 * sizeof *l->items + SPARE)
        return too_many(x, path);
    l->items = arena_grow(x->arena, l->items, l->n, sizeof *l->items);
    l->items[l->n++] = (struct input_item){path, x->named, x->folder};
    return ST_OK;
}

/* Links are no folders: a link back up would never end. */
static enum kind kind_of(struct arena *a, int dir, const char *name)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return LOOSE;
    if (S_ISDIR(st.st_mode)) {
        const char *manifest = arena_printf(a, "%s/" CAPTURE_MANIFEST, name);
        return fstatat(dir, manifest, &st, AT_SYMLINK_NOFOLLOW) == 0 ? CAPTURE : FOLDER;
    }
    scoped_fd fd = S_ISREG(st.st_mode) ? root_open(dir, name, O_NOFOLLOW) : -1;
    uint8_t head[HEAD];
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    return n > 0 && load_is_archive((struct span){head, (size_t)n}) ? ARCHIVE : LOOSE;
}

static enum status expand_folder(struct expansion *x, const char *path, int dir, unsigned depth);

static enum status expand_entry(struct expansion *x, const char *path, int dir, const char *name,
                                enum kind kind, unsigned depth)
{
    size_t len = strlen(path);
    const char *slash = len > 0 && path[len - 1] == '/' ? "" : "/";
    if (kind == LOOSE && x->skipped.n >= NAMES_SHOWN) {
        names_add(&x->skipped, "");
        return ST_OK;
    }
    if (arena_left(x->arena) < SPARE)
        return too_many(x, path);
    const char *full = arena_printf(x->arena, "%s%s%s", path, slash, name);
    if (kind == LOOSE) {
        names_add(&x->skipped, full);
        return ST_OK;
    }
    scoped_fd fd =
        kind == FOLDER || kind == CAPTURE ? root_open(dir, name, O_DIRECTORY | O_NOFOLLOW) : -1;
    if (fd >= 0 && depth < RAW_DEPTH_MAX)
        return expand_folder(x, full, fd, depth + 1);
    return add_input(x, full); /* what cannot be entered fails by itself when it is read */
}

static bool has_manifest(const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], CAPTURE_MANIFEST) == 0)
            return true;
    }
    return false;
}

static enum status expand_folder(struct expansion *x, const char *path, int dir, unsigned depth)
{
    const char *const *names;
    size_t n = 0;
    /* Each costs its name, and that of a manifest in it. */
    enum { ENTRY_COST = 2 * (NAME_MAX + 1) + 256 };
    size_t cap = arena_left(&x->scratch) / ENTRY_COST;
    if (cap > ENTRIES_MAX)
        cap = ENTRIES_MAX;
    enum status st = root_list(dir, ".", cap, &x->scratch, &names, &n);
    if (st == ST_TRUNCATED) {
        *x->problem = arena_printf(x->arena, "%s is too large: over %zu entries", path, cap);
        return st;
    }
    enum kind *kinds = arena_new(&x->scratch, enum kind, n);
    bool one = st != ST_OK || has_manifest(names, n);
    unsigned count[CAPTURE + 1] = {0};
    for (size_t i = 0; i < n && !one; i++) {
        kinds[i] = kind_of(&x->scratch, dir, names[i]);
        count[kinds[i]]++;
    }
    /* Loose files make a machine of a folder and those below it, unless captures lie there. */
    bool loose = count[LOOSE] > 0 && count[ARCHIVE] + count[CAPTURE] == 0;
    if (one || loose || n == 0)
        return add_input(x, path);
    enum status all = ST_OK;
    for (size_t i = 0; i < n && all == ST_OK; i++)
        all = expand_entry(x, path, dir, names[i], kinds[i], depth);
    return all;
}

static enum status expand(struct expansion *x, const char *path)
{
    struct stat s;
    scoped_fd dir = -1;
    int failed = strcmp(path, "-") == 0 ? 0 : stat(path, &s);
    if (failed == 0 && (strcmp(path, "-") == 0 || !S_ISDIR(s.st_mode)))
        return add_input(x, path);
    if (failed == 0)
        dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0 && fstat(dir, &s) == 0) {
        x->folder = (struct folder_id){s.st_dev, s.st_ino};
        return expand_folder(x, path, dir, 0);
    }
    enum status st = status_from_errno(errno);
    *x->problem = arena_printf(x->arena, "%s %s", path, status_meaning(st));
    return st;
}

enum status input_expand(const char *path, struct arena *a, struct input_list *out,
                         const char **skipped, const char **problem)
{
    struct input_list list = {0};
    struct expansion x = {.arena = a, .out = &list, .named = strlen(path), .problem = problem};
    arena_init(&x.scratch, LIMIT_DATA / 2, a->oom);
    names_init(&x.skipped, a);
    enum status st = expand(&x, path);
    arena_reset(&x.scratch);
    if (st != ST_OK)
        return st;
    *out = list;
    *skipped = x.skipped.n > 0 ? names_text(&x.skipped) : NULL;
    return ST_OK;
}
