/* SPDX-License-Identifier: MIT */
/*
 * Functions of libntfs-3g, which is GPL and is only loaded at run time. Its headers rely on its own
 * configuration, and on headers included before them.
 */
#ifndef IO_NTFS_LIB_H
#define IO_NTFS_LIB_H

#if VBSCHECK_HAVE_LIBNTFS_3G
#define HAVE_STDARG_H   1
#define HAVE_SYS_STAT_H 1
#define HAVE_TIME_H     1
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* Another library has a type of that name, too. */
#define BOOL ntfs_bool
#include <ntfs-3g/types.h>

#include <ntfs-3g/attrib.h>
#include <ntfs-3g/device.h>
#include <ntfs-3g/dir.h>
#include <ntfs-3g/inode.h>
#include <ntfs-3g/layout.h>
#include <ntfs-3g/logfile.h>
#include <ntfs-3g/logging.h>
#include <ntfs-3g/unistr.h>
#include <ntfs-3g/volume.h>
#undef BOOL

#define NTFS_FUNCTIONS(X)                                                                          \
    X(ntfs_device_alloc)                                                                           \
    X(ntfs_device_free)                                                                            \
    X(ntfs_device_mount)                                                                           \
    X(ntfs_umount)                                                                                 \
    X(ntfs_set_ignore_case)                                                                        \
    X(ntfs_set_char_encoding)                                                                      \
    X(ntfs_log_set_handler)                                                                        \
    X(ntfs_log_handler_null)                                                                       \
    X(ntfs_pathname_to_inode)                                                                      \
    X(ntfs_inode_open)                                                                             \
    X(ntfs_inode_close)                                                                            \
    X(ntfs_readdir)                                                                                \
    X(ntfs_ucstombs)                                                                               \
    X(ntfs_attr_open)                                                                              \
    X(ntfs_attr_close)                                                                             \
    X(ntfs_attr_pread)                                                                             \
    X(ntfs_attr_readall)                                                                           \
    X(ntfs_check_logfile)                                                                          \
    X(ntfs_is_logfile_clean)
#else
#include "vbscheck/libs.h"

#define NTFS_FUNCTIONS(X) X(libs_left_out)
#endif

struct ntfs_lib {
#define X(name) __typeof__(&name) name;
    NTFS_FUNCTIONS(X)
#undef X
};

#endif
