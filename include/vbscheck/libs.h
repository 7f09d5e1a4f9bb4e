/* SPDX-License-Identifier: MIT */
/*
 * Libraries that cost start-up time and are not always needed: their functions as tables, filled
 * when first needed (src/collect/libs.c) and before the judge is confined. Code that is handed a
 * table has no symbol of the library, which is what the layering test looks at.
 */
#ifndef VBSCHECK_LIBS_H
#define VBSCHECK_LIBS_H

#include <archive.h>
#include <archive_entry.h>

/* name(argument types) -> result: only what is used */
#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(archive_read_new)                                                                            \
    X(archive_read_free)                                                                           \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_open_memory)                                                                    \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_size)                                                                          \
    X(archive_write_new)                                                                           \
    X(archive_write_free)                                                                          \
    X(archive_write_close)                                                                         \
    X(archive_write_set_format_pax_restricted)                                                     \
    X(archive_write_add_filter_gzip)                                                               \
    X(archive_write_add_filter_zstd)                                                               \
    X(archive_write_set_filter_option)                                                             \
    X(archive_write_open_fd)                                                                       \
    X(archive_write_header)                                                                        \
    X(archive_write_data)                                                                          \
    X(archive_entry_new)                                                                           \
    X(archive_entry_free)                                                                          \
    X(archive_entry_set_pathname)                                                                  \
    X(archive_entry_set_size)                                                                      \
    X(archive_entry_set_filetype)                                                                  \
    X(archive_entry_set_perm)                                                                      \
    X(archive_entry_set_mtime)

struct archive_lib {
#define X(name) __typeof__(&name) name;
    ARCHIVE_FUNCTIONS(X)
#undef X
};

/* libcrypto */
struct digest_lib {
    unsigned char *(*SHA256)(const unsigned char *data, size_t len, unsigned char *md);
};

enum { DIGEST_LEN = 32 };

/* NULL: not loaded. */
struct libs {
    const struct archive_lib *archive;
    const struct digest_lib *digest;
};

#endif
