/* SPDX-License-Identifier: MIT */
#include "io/store_archive.h"

#include <string.h>

#include "vbscheck/count.h"

enum filter { FILTER_NONE, FILTER_GZIP, FILTER_ZSTD };

static const struct ending {
    const char *text;
    enum filter filter;
} endings[] = {{".tar", FILTER_NONE}, {".tar.gz", FILTER_GZIP}, {".tar.zst", FILTER_ZSTD}};

static const struct ending *ending_of(const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t n = strlen(endings[i].text);
        if (len > n && strcmp(path + len - n, endings[i].text) == 0)
            return &endings[i];
    }
    return NULL;
}

bool store_archive_is_asked_for(const char *path)
{
    return ending_of(path) != NULL;
}

#if VBSCHECK_HAVE_LIBARCHIVE

static bool add_filter(const struct store_archive *s, enum filter filter)
{
    switch (filter) {
    case FILTER_GZIP: /* without a time stamp the same capture has the same bytes */
        return s->lib->archive_write_add_filter_gzip(s->archive) == ARCHIVE_OK &&
               s->lib->archive_write_set_filter_option(s->archive, "gzip", "timestamp", NULL) ==
                   ARCHIVE_OK;
    case FILTER_ZSTD:
        return s->lib->archive_write_add_filter_zstd(s->archive) == ARCHIVE_OK;
    case FILTER_NONE:
        break;
    }
    return true;
}

bool store_archive_open(const struct archive_lib *lib, const char *path, int fd,
                        struct store_archive *out)
{
    const struct ending *ending = ending_of(path);
    struct store_archive s = {lib, lib->archive_write_new()};
    if (ending == NULL || s.archive == NULL ||
        lib->archive_write_set_format_pax_restricted(s.archive) != ARCHIVE_OK ||
        !add_filter(&s, ending->filter) ||
        lib->archive_write_open_fd(s.archive, fd) != ARCHIVE_OK) {
        store_archive_free(&s);
        return false;
    }
    *out = s;
    return true;
}

bool store_archive_add(struct store_archive *s, const char *name, struct span data, mode_t mode,
                       time_t at)
{
    struct archive_entry *e = s->lib->archive_entry_new();
    if (e == NULL)
        return false;
    s->lib->archive_entry_set_pathname(e, name);
    s->lib->archive_entry_set_size(e, (la_int64_t)data.len);
    s->lib->archive_entry_set_filetype(e, AE_IFREG);
    s->lib->archive_entry_set_perm(e, mode);
    s->lib->archive_entry_set_mtime(e, at, 0);
    bool ok = s->lib->archive_write_header(s->archive, e) == ARCHIVE_OK &&
              s->lib->archive_write_data(s->archive, data.ptr, data.len) == (la_ssize_t)data.len;
    s->lib->archive_entry_free(e);
    return ok;
}

bool store_archive_finish(struct store_archive *s)
{
    return s->lib->archive_write_close(s->archive) == ARCHIVE_OK;
}

const char *store_archive_error(const struct store_archive *s)
{
    const char *why = s->lib->archive_error_string(s->archive);
    return why != NULL ? why : "out of memory";
}

void store_archive_free(struct store_archive *s)
{
    if (s->archive != NULL)
        (void)s->lib->archive_write_free(s->archive);
    s->archive = NULL;
}

#else

bool store_archive_open(const struct archive_lib *lib, const char *path, int fd,
                        struct store_archive *out)
{
    (void)lib;
    (void)path;
    (void)fd;
    (void)out;
    return false;
}

bool store_archive_add(struct store_archive *s, const char *name, struct span data, mode_t mode,
                       time_t at)
{
    (void)s;
    (void)name;
    (void)data;
    (void)mode;
    (void)at;
    return false;
}

bool store_archive_finish(struct store_archive *s)
{
    (void)s;
    return false;
}

const char *store_archive_error(const struct store_archive *s)
{
    (void)s;
    return "this build leaves libarchive out";
}

void store_archive_free(struct store_archive *s)
{
    (void)s;
}

#endif
