/* SPDX-License-Identifier: MIT */
#include "reader/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "io/node.h"
#include "io/root.h"
#include "reader/access.h"
#include "reader/files.h"
#include "reader/lists.h"
#include "reader/memory.h"

enum status reader_open(const char *root, const char *tcti, struct reader *out)
{
    int fd = open(root != NULL ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOTDIR ? ST_MALFORMED : status_from_errno(errno);
    /* Below another root nothing is opened without openat2(). */
    scoped_fd inside = root_open(fd, ".", O_PATH);
    if (inside < 0 && errno == ENOSYS) {
        close_fd(&fd);
        return ST_UNSUPPORTED;
    }
    *out = (struct reader){.root = fd, .live = root == NULL, .tcti = tcti, .fd = -1};
    out->sysfs = root_is_kernels(fd, "sys");
    out->kernels_sys = out->live && out->sysfs;
    out->kernels_proc = out->live && root_is_kernels(fd, "proc");
    return ST_OK;
}

const char *reader_problem(enum status st)
{
    if (st == ST_MALFORMED)
        return "is not a folder";
    return st == ST_UNSUPPORTED
               ? "is not this system, and reading another one needs Linux 5.6 or newer (openat2, "
                 "which some containers forbid)"
               : status_meaning(st);
}

void reader_close(struct reader *r)
{
    close_fd(&r->fd);
    close_fd(&r->root);
    r->fd = r->root = -1;
}

/* Files that stay open --------------------------------------------------------------------- */

static int open_row(const struct reader *r, const struct access *row, const char *path,
                    enum status *why)
{
    uint64_t cpu = 0;
    struct span rest;
    switch (row->how) {
    case HOW_KMSG:
        return node_open(r->root, r->live, path, NODE_MEMORY_MAJOR, NODE_KMSG_MINOR, why);
    case HOW_MSR:
        rest = span_skip(span_of(path), strlen("dev/cpu/"));
        (void)span_take_dec(&rest, &cpu);
        return node_open(r->root, r->live, path, NODE_MSR_MAJOR, (unsigned)cpu, why);
    case HOW_FILE:
    case HOW_MEMORY:
        break;
    }
    return root_open_file(r->root, path, why);
}

/* Keeps the last file open: the next question is most often about it. */
static enum status open_file(struct reader *r, const struct access *row, const char *path)
{
    enum status why = ST_OK;
    if (r->open == row && strcmp(r->path, path) == 0)
        return ST_OK;
    close_fd(&r->fd);
    r->open = NULL;
    r->fd = open_row(r, row, path, &why);
    if (r->fd < 0)
        return why;
    r->open = row;
    (void)snprintf(r->path, sizeof r->path, "%s", path);
    return ST_OK;
}

static void answer_at(struct reader *r, const struct question *q, struct arena *a,
                      struct answer *out)
{
    uint8_t *bytes = arena_alloc(a, q->size, 1);
    size_t got = 0;
    enum status st = fd_fill_at(r->fd, q->offset, bytes, q->size, &got);
    *out = (struct answer){.st = st, .data = {bytes, got}};
}

/* Each read() returns one record; a lost record becomes an item without bytes, ST_TRUNCATED. */
static void answer_next(struct reader *r, const struct question *q, struct arena *a,
                        struct answer *out)
{
    enum { RECORD_MAX = 8 << 10 };
    uint8_t *bytes = arena_alloc(a, q->size, 1);
    size_t at = 0;
    enum status st = ST_OK;
    while (at + sizeof(struct ask_item) + RECORD_MAX <= q->size) {
        size_t n = 0;
        st = fd_record(r->fd, bytes + at + sizeof(struct ask_item), RECORD_MAX, &n);
        if (st != ST_OK && st != ST_TRUNCATED)
            break;
        struct ask_item item = {(int32_t)st, 0, (uint32_t)n};
        memcpy(bytes + at, &item, sizeof item);
        at += sizeof item + n;
    }
    bool ended = st == ST_ABSENT;
    *out = (struct answer){.st = at > 0 || ended ? ST_OK : st, .data = {bytes, at}};
}

static void answer_words(struct reader *r, const struct question *q, struct arena *a,
                         struct answer *out)
{
    enum { WORD_MAX = 16 };
    size_t n = q->list.len / sizeof(uint32_t), size = sizeof(struct ask_item) + WORD_MAX, at = 0;
    uint8_t *bytes = arena_alloc(a, n, size);
    for (size_t i = 0; i < n; i++) {
        uint32_t offset;
        uint8_t word[WORD_MAX] = {0};
        memcpy(&offset, q->list.ptr + i * sizeof offset, sizeof offset);
        enum status st = fd_read_at(r->fd, offset, word, q->size);
        struct ask_item item = {(int32_t)st, st != ST_OK ? errno : 0, q->size};
        memcpy(bytes + at, &item, sizeof item);
        memcpy(bytes + at + sizeof item, word, q->size);
        at += sizeof item + q->size;
    }
    *out = (struct answer){.st = ST_OK, .data = {bytes, at}};
}

/* By kind ---------------------------------------------------------------------------------- */

typedef void answer_opened(struct reader *r, const struct question *q, struct arena *a,
                           struct answer *out);

static void answer_row(struct reader *r, const struct access *row, const struct question *q,
                       struct arena *a, struct answer *out)
{
    static answer_opened *const opened[ASK_KINDS] = {
        [ASK_AT] = answer_at,
        [ASK_NEXT] = answer_next,
        [ASK_WORDS] = answer_words,
    };
    if (opened[q->kind] == NULL) {
        files_answer(r, -1, row, q->path, a, out);
        return;
    }
    enum status st = open_file(r, row, q->path);
    if (st == ST_OK)
        opened[q->kind](r, q, a, out);
    else
        *out = (struct answer){.st = st};
}

/* Is the question's size valid for its kind? */
static bool has_size(const struct question *q)
{
    enum { MSR_SIZE = 8 };
    size_t items = q->list.len / sizeof(uint32_t);
    switch (q->kind) {
    case ASK_AT:
    case ASK_NEXT:
    case ASK_MEMORY:
        return q->size > 0 && q->size <= ASK_SIZE_MAX && q->list.len == 0;
    case ASK_WORDS:
        return q->size == MSR_SIZE && items > 0 && items <= ASK_ITEMS_MAX &&
               q->list.len % sizeof(uint32_t) == 0;
    case ASK_FILE:
    case ASK_LIST:
    case ASK_EXISTS:
    case ASK_LINK:
        return q->size == 0 && q->list.len == 0;
    case ASK_VARIABLES:
    case ASK_PCI_NAMES:
    case ASK_TPM:
        return q->size == 0 && q->list.len > 0 && q->list.len <= ASK_LIST_MAX;
    case ASK_KINDS:
        break;
    }
    return false;
}

static bool answer_checked(struct reader *r, const struct question *q, struct arena *a,
                           struct answer *out, bool *memory)
{
    if (q->kind == ASK_MEMORY) {
        *memory = true;
        memory_answer(r->root, r->live, q, a, out);
        return true;
    }
    if (q->kind > ASK_MEMORY)
        return lists_answer(r, q, a, out);
    const struct access *row = access_find(q);
    if (row == NULL)
        return false;
    *memory = row->how == HOW_MEMORY;
    answer_row(r, row, q, a, out);
    return true;
}

bool reader_answer(struct reader *r, const struct question *q, struct arena *a, struct answer *out)
{
    struct answer w = {.st = ST_IO_ERROR};
    bool memory = false;
    if (r->questions++ >= READER_QUESTIONS_MAX || !has_size(q) ||
        !answer_checked(r, q, a, &w, &memory))
        return false;
    r->bytes += w.data.len;
    r->memory += memory ? w.data.len : 0;
    if (r->bytes > READER_BYTES_MAX || r->memory > READER_MEMORY_MAX)
        return false;
    *out = w;
    return true;
}
