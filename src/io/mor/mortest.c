/* SPDX-License-Identifier: MIT */
/*
 * The result of the active test, for scans of the same boot. The boot's id is only compared here:
 * no capture contains it.
 */
#include "io/mor/mortest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/output.h"
#include "io/root.h"
#include "vbscheck/count.h"
#include "vbscheck/hex.h"

#define BOOT_ID "proc/sys/kernel/random/boot_id"

enum { BOOT_ID_MAX = 64, KEY_FILE_MAX = 128, ALL_MAY_READ = 022, ROOT_ONLY = 077 };

static const char *const lock_words[] = {
    [MOR_LOCK_UNREADABLE] = "unreadable", [MOR_LOCK_ABSENT] = "absent",
    [MOR_LOCK_ODD] = "undefined",         [MOR_LOCK_OPEN] = "0",
    [MOR_LOCK_WITHOUT_KEY] = "1",         [MOR_LOCK_WITH_KEY] = "2",
};

/* Root makes the folder, and nobody else does. */
static bool make_folder(const char *path)
{
    struct stat st;
    mode_t mask = umask(ALL_MAY_READ);
    (void)mkdir(path, 0755);
    (void)umask(mask);
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & ALL_MAY_READ) == 0;
}

static enum status save(const char *root, const char *name, mode_t mask, const char *text,
                        struct arena *a, const char **problem)
{
    struct output o;
    if (!make_folder(arena_printf(a, "%s%s", root, MORTEST_FOLDER))) {
        *problem = arena_printf(a, "%s%s cannot be used: it is not a private folder of this user",
                                root, MORTEST_FOLDER);
        return ST_IO_ERROR;
    }
    mode_t before = umask(mask);
    enum status st = output_open(arena_printf(a, "%s%s", root, name), a, &o, problem);
    (void)umask(before);
    if (st != ST_OK)
        return st;
    st = output_write(&o, span_of(text), a, problem);
    if (st == ST_OK)
        st = output_commit(&o, a, problem);
    if (st != ST_OK)
        output_abandon(&o);
    return st;
}

/* Reads the id of the current boot. */
static enum status read_boot(const char *root, struct arena *a, struct span *out)
{
    scoped_fd fd = open(root[0] != '\0' ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct span text;
    enum status st = fd < 0 ? ST_IO_ERROR : root_read(fd, BOOT_ID, BOOT_ID_MAX, a, &text);
    if (st == ST_OK)
        *out = span_trim(text);
    return st;
}

enum status mortest_save_key(const char *root, const char *key, struct arena *a,
                             const char **problem)
{
    struct span boot;
    if (read_boot(root, a, &boot) != ST_OK) {
        *problem = "/" BOOT_ID " cannot be read";
        return ST_IO_ERROR;
    }
    return save(root, MORTEST_KEY, ROOT_ONLY,
                arena_printf(a, "%s\nboot %.*s\n", key, (int)boot.len, (const char *)boot.ptr), a,
                problem);
}

/* Root's own file, which nobody else can read or write. */
static bool is_private(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & ROOT_ONLY) == 0;
}

/* "0102030405060708\nboot ID\n" */
static enum status parse_key(struct span text, struct span boot, uint8_t *key)
{
    struct span hex, of;
    if (!span_next_line(&text, &hex) || hex.len != (size_t)2 * MOR_KEY_LEN ||
        !span_next_line(&text, &of) || !span_starts(of, "boot "))
        return ST_MALFORMED;
    if (!span_equal(span_skip(of, strlen("boot ")), boot))
        return ST_ABSENT;
    for (size_t i = 0; i < MOR_KEY_LEN; i++) {
        unsigned high = hex_digit(hex.ptr[2 * i]), low = hex_digit(hex.ptr[2 * i + 1]);
        if (high > 15 || low > 15)
            return ST_MALFORMED;
        key[i] = (uint8_t)(high << 4 | low);
    }
    return ST_OK;
}

enum status mortest_read_key(const char *root, uint8_t key[MOR_KEY_LEN], struct arena *a)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    scoped_fd fd = open(arena_printf(a, "%s%s", root, MORTEST_KEY), flags);
    uint8_t read[MOR_KEY_LEN];
    struct span text, boot;
    if (fd < 0)
        return status_from_errno(errno);
    if (!is_private(fd))
        return ST_NO_PERMISSION;
    enum status st = fd_read(fd, KEY_FILE_MAX, a, &text);
    if (st == ST_OK)
        st = read_boot(root, a, &boot);
    if (st == ST_OK)
        st = parse_key(text, boot, read);
    if (st == ST_OK)
        memcpy(key, read, sizeof read);
    return st;
}

enum status mortest_save_result(const char *root, const struct mor_result *r, struct arena *a,
                                const char **problem)
{
    struct span boot;
    if (read_boot(root, a, &boot) != ST_OK) {
        *problem = "/" BOOT_ID " cannot be read";
        return ST_IO_ERROR;
    }
    json_t *o =
        json_pack("{s:i, s:s, s:s%, s:s, s:s, s:s}", "format", 1, "tool", "vbscheck", "boot",
                  (const char *)boot.ptr, boot.len, "result", mor_outcome_name(r->outcome),
                  "locked", lock_words[r->locked], "end", lock_words[r->end]);
    char *text = o != NULL ? json_dumps(o, JSON_INDENT(2)) : NULL;
    enum status st = ST_IO_ERROR;
    *problem = "the result could not be formatted";
    if (text != NULL)
        st = save(root, MORTEST_RESULT, ALL_MAY_READ, arena_printf(a, "%s\n", text), a, problem);
    free(text);
    json_decref(o);
    return st;
}

void mortest_drop_key(const char *root, struct arena *a)
{
    (void)unlink(arena_printf(a, "%s%s", root, MORTEST_KEY));
}
