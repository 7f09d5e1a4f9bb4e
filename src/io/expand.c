/* SPDX-License-Identifier: MIT */
/* Finds the machines that a --from stands for. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "io/input.h"
#include "io/root.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"
#include "vbscheck/status.h"

enum {
    HEAD = 512, /* the magic of tar is at 257 */
    ENTRIES_MAX = 1 << 16,
    SPARE = 1 << 20,  /* of the run's memory, for later steps */
    LOOKS_MAX = 1000, /* into the entries of one folder: each look is a process of its own */
    ALL_LOOKS_MAX = 2 * INPUTS_MAX,
    /* An input, and the document about it. */
    LOOK_MEMORY = RAW_TOTAL_MAX + RAW_FILES_MAX * (RAW_NAME_MAX + 128) + DOCUMENT_MAX,
};

/* PACKED: compressed, and by its name not an archive of several files. */
enum kind { LOOSE, PACKED, ARCHIVE, FOLDER, CAPTURE, KINDS };

struct expansion {
    const struct input_looker *looker;
    struct arena *arena;
    struct arena scratch; /* for folders that are being looked at */
    struct input_list *out;
    size_t named;            /* bytes of the argument */
    struct folder_id folder; /* of the argument */
    struct names skipped;
    size_t looks; /* into the entries of all folders */
    const char **problem;
};

static enum status too_many(struct expansion *x, const char *path)
{
    *x->problem =
        arena_printf(x->arena, "%s contains too many machines for one run: give it in parts", path);
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

/* True for "host.tar.gz", "host.tgz": names of tar archives. */
static bool is_archive_name(const char *name)
{
    static const char *const endings[] = {".tgz", ".txz", ".tbz", ".tbz2", ".tzst"};
    size_t n = strlen(name);
    if (strstr(name, ".tar") != NULL)
        return true;
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcmp(name + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Links do not count as folders: a link back up would never end. */
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
    if (n <= 0 || !load_is_archive((struct span){head, (size_t)n}))
        return LOOSE;
    return is_archive_name(name) ? ARCHIVE : PACKED;
}

static enum status expand_folder(struct expansion *x, const char *path, int dir, unsigned depth);

static enum status expand_entry(struct expansion *x, const char *path, int dir, const char *name,
                                enum kind kind, unsigned depth)
{
    if (kind == LOOSE && x->skipped.n >= NAMES_SHOWN) {
        names_add(&x->skipped, "");
        return ST_OK;
    }
    if (arena_left(x->arena) < SPARE)
        return too_many(x, path);
    const char *full = path_in(x->arena, path, name);
    if (kind == LOOSE) {
        names_add(&x->skipped, full);
        return ST_OK;
    }
    scoped_fd fd =
        kind == FOLDER || kind == CAPTURE ? root_open(dir, name, O_DIRECTORY | O_NOFOLLOW) : -1;
    if (fd >= 0 && depth < RAW_DEPTH_MAX)
        return expand_folder(x, full, fd, depth + 1);
    return add_input(x, full); /* a folder that cannot be entered fails when it is read */
}

/* The entries of a folder, and the kind of each. */
struct listing {
    const char *path;
    int dir;
    const char *const *names;
    enum kind *kinds;
    size_t n;
    size_t count[KINDS];
    size_t looks;
};

static bool lists(const struct listing *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->names[i], name) == 0)
            return true;
    }
    return false;
}

/* A capture, or a bundle from another tool: sosreport, hw-probe, supportconfig, a tree. */
static bool is_bundle(const struct listing *l)
{
    static const char *const marks[] = {CAPTURE_MANIFEST, "sos_commands", "basic-environment.txt",
                                        "sys", "proc"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (lists(l, marks[i]))
            return true;
    }
    return lists(l, "logs") && lists(l, "devices");
}

static bool has_looked_enough(const struct expansion *x, const struct listing *l)
{
    return l->looks >= LOOKS_MAX || x->looks >= ALL_LOOKS_MAX;
}

/* The content of an entry; an entry that cannot be read fails when it is judged. */
static enum load_found look(struct expansion *x, struct listing *l, size_t i)
{
    struct arena own;
    struct raw_input in;
    const char *problem = "";
    enum load_found found = FOUND_EVIDENCE;
    if (LIMIT_DATA - x->scratch.used < LOOK_MEMORY || has_looked_enough(x, l))
        return found;
    l->looks++;
    x->looks++;
    arena_init(&own, LIMIT_DATA - x->scratch.used, x->arena->oom);
    const struct input_item item = {path_in(&own, l->path, l->names[i]), x->named, x->folder};
    if (input_read(&item, &own, &in, &problem) == ST_OK) {
        if (!in.folder && in.n == 1)
            in.files[0].name = l->names[i];
        found = x->looker->look(x->looker->context, &in, &own);
        input_close(&in);
    }
    arena_reset(&own);
    return found;
}

/* The first entry of these kinds that is evidence, or at least `least`; l->n if there is none. */
static size_t find(struct expansion *x, struct listing *l, enum kind from, enum kind to,
                   enum load_found least)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->kinds[i] >= from && l->kinds[i] <= to && look(x, l, i) >= least)
            return i;
    }
    return l->n;
}

/* Folders of parts are one machine if at most one has tables, which every machine has. */
static bool holds_parts(struct expansion *x, struct listing *l)
{
    size_t tables = 0, parts = 0;
    for (size_t i = 0; i < l->n && tables < 2; i++) {
        if (l->kinds[i] != FOLDER)
            continue;
        enum load_found found = look(x, l, i);
        if (found == FOUND_EVIDENCE)
            return false;
        tables += found == FOUND_TABLES;
        parts += found != FOUND_NOTHING;
    }
    return tables < 2 && parts > 0;
}

enum meaning { ONE_MACHINE, MACHINES, BOTH };

/* The meaning of a folder. *loose and *machine are two entries that contradict each other. */
static enum meaning meaning_of(struct expansion *x, struct listing *l, size_t *loose,
                               size_t *machine)
{
    size_t files = l->count[LOOSE] + l->count[PACKED];
    size_t captures = l->count[ARCHIVE] + l->count[CAPTURE];
    if (l->n == 0 || is_bundle(l) || (files > 0 && captures + l->count[FOLDER] == 0))
        return ONE_MACHINE;
    if (captures == 0 && l->count[FOLDER] > 0 && x->looker != NULL && holds_parts(x, l))
        return ONE_MACHINE;
    if (files == 0 || l->count[LOOSE] == 0)
        return MACHINES;
    if (x->looker == NULL)
        return captures > 0 ? MACHINES : ONE_MACHINE;
    *loose = find(x, l, LOOSE, LOOSE, FOUND_VARIABLES);
    if (*loose == l->n)
        return MACHINES;
    for (*machine = 0; *machine < l->n; ++*machine) {
        if (l->kinds[*machine] == ARCHIVE || l->kinds[*machine] == CAPTURE)
            return BOTH;
    }
    *machine = find(x, l, FOLDER, FOLDER, FOUND_EVIDENCE);
    return *machine < l->n ? BOTH : ONE_MACHINE;
}

static enum status expand_machines(struct expansion *x, const struct listing *l, unsigned depth)
{
    enum status all = ST_OK;
    for (size_t i = 0; i < l->n && all == ST_OK; i++)
        all = expand_entry(x, l->path, l->dir, l->names[i], l->kinds[i], depth);
    return all;
}

/* A folder that cannot be listed is empty here, and fails when it is read. */
static enum status list_folder(struct expansion *x, struct listing *l)
{
    /* Each entry costs its name, and the name of a manifest in it. */
    enum { ENTRY_COST = 2 * (NAME_MAX + 1) + 256 };
    size_t cap = arena_left(&x->scratch) / ENTRY_COST;
    if (cap > ENTRIES_MAX)
        cap = ENTRIES_MAX;
    enum status st = root_list(l->dir, ".", cap, &x->scratch, &l->names, &l->n);
    if (st == ST_TRUNCATED) {
        *x->problem = arena_printf(x->arena, "%s is too large: over %zu entries", l->path, cap);
        return st;
    }
    l->n = st == ST_OK ? l->n : 0;
    l->kinds = arena_new(&x->scratch, enum kind, l->n);
    bool manifest = lists(l, CAPTURE_MANIFEST);
    for (size_t i = 0; i < l->n && !manifest; i++) {
        l->kinds[i] = kind_of(&x->scratch, l->dir, l->names[i]);
        l->count[l->kinds[i]]++;
    }
    return ST_OK;
}

static enum status expand_folder(struct expansion *x, const char *path, int dir, unsigned depth)
{
    struct listing l = {.path = path, .dir = dir};
    size_t loose = 0, machine = 0;
    enum status st = list_folder(x, &l);
    if (st != ST_OK)
        return st;
    enum meaning meaning = meaning_of(x, &l, &loose, &machine);
    if (has_looked_enough(x, &l)) {
        *x->problem =
            arena_printf(x->arena,
                         "%s contains over %d files and folders that are not evidence: name each "
                         "machine",
                         path, LOOKS_MAX);
        return ST_TRUNCATED;
    }
    switch (meaning) {
    case BOTH:
        *x->problem = arena_printf(
            x->arena,
            "%s is evidence beside %s, of the same machine or of another: give each machine a "
            "folder of its own",
            path_in(x->arena, path, l.names[loose]), path_in(x->arena, path, l.names[machine]));
        return ST_CONFLICT;
    case MACHINES:
        return expand_machines(x, &l, depth);
    case ONE_MACHINE:
    default:
        return add_input(x, path);
    }
}

/*
 * Recognises a running system, whose files never end: it is not evidence. The tables that sysfs
 * shows (/sys/firmware/acpi/tables) are evidence.
 */
static const char *whole_system(int dir, const struct stat *s)
{
    static const char *const roots[] = {"/", "/sys", "/dev"};
    struct statfs fs;
    struct stat root;
    if (fstatfs(dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
        return "belongs to this machine: run vbscheck without a path to scan it";
    for (size_t i = 0; i < COUNT(roots); i++) {
        if (stat(roots[i], &root) == 0 && root.st_dev == s->st_dev && root.st_ino == s->st_ino)
            return i == 0 ? "is this machine: run vbscheck without a path to scan it; --root "
                            "reads the tree of another system"
                          : "belongs to this machine: run vbscheck without a path to scan it";
    }
    return NULL;
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
        const char *system = whole_system(dir, &s);
        if (system != NULL) {
            *x->problem = arena_printf(x->arena, "%s %s", path, system);
            return ST_UNSUPPORTED;
        }
        x->folder = (struct folder_id){s.st_dev, s.st_ino};
        return expand_folder(x, path, dir, 0);
    }
    enum status st = status_from_errno(errno);
    *x->problem = arena_printf(x->arena, "%s %s", path, status_meaning(st));
    return st;
}

enum status input_expand(const char *path, const struct input_looker *looker, struct arena *a,
                         struct input_list *out, const char **skipped, const char **problem)
{
    struct input_list list = {0};
    struct expansion x = {
        .looker = looker, .arena = a, .out = &list, .named = strlen(path), .problem = problem};
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
