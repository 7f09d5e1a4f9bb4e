/* SPDX-License-Identifier: MIT */
/*
 * With STRICT_DEVMEM the file gives everything except RAM, devices included, and reading a device
 * can change what it does. So each address is looked up first. One forbidden page makes the whole
 * read fail: Linux drivers/char/mem.c, read_mem().
 */
#include "reader/memory.h"

#include "io/node.h"
#include "io/root.h"
#include "reader/iomem.h"

enum { PAGE = 4096, IOMEM_MAX = 1 << 20 };

static enum status fill(int fd, const struct iomem *iomem, const struct question *q, uint8_t *buf,
                        size_t *got)
{
    size_t at = 0;
    uint64_t end = q->offset;
    enum status st = ST_OK;
    while (at < q->size && at <= UINT64_MAX - q->offset) {
        uint64_t address = q->offset + at;
        if (address >= end)
            st = iomem_is_memory(iomem, address, &end);
        if (st != ST_OK)
            break;
        size_t left = PAGE - (size_t)(address % PAGE), done = 0;
        size_t part = q->size - at < left ? q->size - at : left;
        st = fd_fill_at(fd, address, buf + at, part, &done);
        at += done;
        if (done < part)
            break;
    }
    *got = at;
    return at > 0 ? ST_OK : st == ST_OK ? ST_ABSENT : st;
}

void memory_answer(int root, bool live, const struct question *q, struct arena *a,
                   struct answer *out)
{
    struct span text;
    size_t got = 0;
    scoped_fd fd = node_open(root, live, "dev/mem", NODE_MEMORY_MAJOR, NODE_MEM_MINOR, &out->st);
    if (fd < 0) {
        out->st = out->st == ST_ABSENT ? ST_NO_DRIVER : out->st;
        return;
    }
    out->st = root_read(root, "proc/iomem", IOMEM_MAX, a, &text);
    if (out->st != ST_OK)
        return;
    struct iomem iomem = iomem_parse(text, a);
    uint8_t *bytes = arena_alloc(a, q->size, 1);
    out->st = fill(fd, &iomem, q, bytes, &got);
    out->data = (struct span){bytes, got};
}
