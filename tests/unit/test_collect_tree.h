/* SPDX-License-Identifier: MIT */
/* A scratch folder, an arena, and files in it; for the tests of src/collect and src/io. */
#ifndef TEST_COLLECT_TREE_H
#define TEST_COLLECT_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "vbscheck/arena.h"

enum { TREE_ARENA = 256 << 20, TREE_NOBODY = 65534, TREE_SKIPPED = 77 };

struct tree {
    char dir[64];
    int fd; /* of dir */
    struct arena arena;
};

static inline void tree_oom(struct arena *a)
{
    (void)a;
    abort();
}

static inline int tree_setup(void **state)
{
    struct tree *t = calloc(1, sizeof *t);
    assert_non_null(t);
    (void)snprintf(t->dir, sizeof t->dir, "/tmp/vbscheck-test-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    assert_int_equal(chmod(t->dir, 0755), 0);
    t->fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(t->fd >= 0);
    arena_init(&t->arena, TREE_ARENA, tree_oom);
    *state = t;
    return 0;
}

static inline int tree_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int tree_teardown(void **state)
{
    struct tree *t = *state;
    (void)close(t->fd);
    (void)nftw(t->dir, tree_remove, 16, FTW_DEPTH | FTW_PHYS);
    arena_reset(&t->arena);
    free(t);
    return 0;
}

/* A test function with a tree of its own in *state. */
#define with_tree(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

static inline const char *tree_path(struct tree *t, const char *name)
{
    return arena_printf(&t->arena, "%s/%s", t->dir, name);
}

/* Makes a folder and those above it. */
static inline void tree_folder(struct tree *t, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/", name);
    for (char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        (void)mkdirat(t->fd, path, 0755);
        *slash = '/';
    }
}

static inline void tree_bytes(struct tree *t, const char *name, const void *data, size_t n)
{
    const char *slash = strrchr(name, '/');
    if (slash != NULL) {
        struct span above = {(const uint8_t *)name, (size_t)(slash - name)};
        tree_folder(t, arena_text(&t->arena, above));
    }
    int fd = openat(t->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, n), n);
    (void)close(fd);
}

static inline void tree_file(struct tree *t, const char *name, const char *text)
{
    tree_bytes(t, name, text, strlen(text));
}

/* Makes a device node. False, said aloud, where that is forbidden: on CI root must be able to. */
static inline bool tree_node(struct tree *t, const char *name, mode_t kind, unsigned major,
                             unsigned minor)
{
    const char *ci = getenv("CI");
    if (mknodat(t->fd, name, kind | 0644, gnu_dev_makedev(major, minor)) == 0)
        return true;
    assert_false(ci != NULL && strcmp(ci, "true") == 0 && geteuid() == 0);
    print_message("SKIPPED: device nodes cannot be made here\n");
    return false;
}

/* True if `check` holds for a user who is not root. */
static inline bool tree_as_nobody(bool (*check)(struct tree *t), struct tree *t)
{
    pid_t child = fork();
    if (child == 0) {
        bool ready = geteuid() != 0 || (setgid(TREE_NOBODY) == 0 && setuid(TREE_NOBODY) == 0);
        _exit(ready && check(t) ? 0 : 1);
    }
    int how = -1;
    return waitpid(child, &how, 0) == child && how == 0;
}

static inline bool tree_is(struct span s, const char *text)
{
    return span_is(s, text);
}

#endif
