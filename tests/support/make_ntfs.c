/* SPDX-License-Identifier: MIT */
/*
 * make_ntfs IMAGE [COMMAND ARGUMENT...]...: fills an NTFS image, which mkntfs made, without
 * mounting it. Commands: tree FOLDER (copies what is in it), wof PATH (as CompactOS leaves a file),
 * junction PATH (a folder without files becomes one that stands for another), dirty and chkdsk (the
 * volume's flags).
 */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/ntfs_lib.h"
#define BOOL ntfs_bool
#include <ntfs-3g/reparse.h>

/* The library leaks when it makes files; a tool of the tests may. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static ntfs_inode *make(ntfs_inode *dir, const char *name, mode_t type)
{
    ntfschar *wide = NULL;
    int n = ntfs_mbstoucs(name, &wide);
    ntfs_inode *ni = n > 0 ? ntfs_create(dir, const_cpu_to_le32(0), wide, (u8)n, type) : NULL;
    if (ni == NULL)
        fail(name);
    free(wide);
    return ni;
}

static void fill(ntfs_inode *ni, const char *from)
{
    static char buf[1 << 16];
    s64 at = 0;
    FILE *f = fopen(from, "rb");
    ntfs_attr *na = ntfs_attr_open(ni, AT_DATA, AT_UNNAMED, 0);
    if (f == NULL || na == NULL)
        fail(from);
    for (size_t n; (n = fread(buf, 1, sizeof buf, f)) > 0; at += (s64)n) {
        if (ntfs_attr_pwrite(na, at, (s64)n, buf) != (s64)n)
            fail(from);
    }
    (void)fclose(f);
    ntfs_attr_close(na);
}

static void copy(ntfs_inode *dir, const char *from)
{
    DIR *d = opendir(from);
    if (d == NULL)
        fail(from);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char path[4096];
        struct stat st;
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", from, e->d_name);
        if (stat(path, &st) != 0)
            fail(path);
        ntfs_inode *ni = make(dir, e->d_name, S_ISDIR(st.st_mode) ? S_IFDIR : S_IFREG);
        if (S_ISDIR(st.st_mode))
            copy(ni, path);
        else
            fill(ni, path);
        (void)ntfs_inode_close(ni);
    }
    (void)closedir(d);
}

/* WOF: the data is a hole, what was compressed is in a stream that is not made here. */
static void compress(ntfs_volume *vol, const char *path)
{
    /* MS-FSCC 2.1.2.7: tag, length, 0; then version 1, provider 2 (file), 1, algorithm 0 */
    static const unsigned char data[] = {0x17, 0, 0, 0x80, 16, 0, 0, 0, 1, 0, 0, 0,
                                         2,    0, 0, 0,    1,  0, 0, 0, 0, 0, 0, 0};
    ntfs_inode *ni = ntfs_pathname_to_inode(vol, NULL, path);
    if (ni == NULL || ntfs_set_ntfs_reparse_data(ni, (const char *)data, sizeof data, 0) != 0)
        fail(path);
    (void)ntfs_inode_close(ni);
}

/* A folder that stands for "\\??\\D:\\" (MS-FSCC 2.1.2.5). */
static void stand_for_another(ntfs_volume *vol, const char *path)
{
    static const unsigned char data[] = {3,   0, 0,   0xa0, 28,   0, 0,   0, 0,   0, 14,   0,
                                         16,  0, 2,   0,    '\\', 0, '?', 0, '?', 0, '\\', 0,
                                         'D', 0, ':', 0,    '\\', 0, 0,   0, 'D', 0, 0,    0};
    ntfs_inode *ni = ntfs_pathname_to_inode(vol, NULL, path);
    if (ni == NULL || ntfs_set_ntfs_reparse_data(ni, (const char *)data, sizeof data, 0) != 0)
        fail(path);
    (void)ntfs_inode_close(ni);
}

static bool flag(ntfs_volume *vol, const char *name)
{
    static const struct {
        const char *name;
        unsigned flag;
    } flags[] = {{"dirty", 1}, {"chkdsk", 0x4000}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(name, flags[i].name) != 0)
            continue;
        if (ntfs_volume_write_flags(vol, vol->flags | cpu_to_le16(flags[i].flag)) != 0)
            fail(name);
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    ntfs_volume *vol = argc > 1 ? ntfs_mount(argv[1], 0) : NULL;
    if (vol == NULL)
        fail("mount");
    for (int i = 2; i < argc; i++) {
        if (flag(vol, argv[i]))
            continue;
        const char *what = argv[i++];
        ntfs_inode *root = ntfs_inode_open(vol, FILE_root);
        if (i == argc || root == NULL)
            fail(what);
        if (strcmp(what, "tree") == 0)
            copy(root, argv[i]);
        (void)ntfs_inode_close(root);
        if (strcmp(what, "wof") == 0)
            compress(vol, argv[i]);
        if (strcmp(what, "junction") == 0)
            stand_for_another(vol, argv[i]);
    }
    return ntfs_umount(vol, FALSE) == 0 ? 0 : 1;
}
