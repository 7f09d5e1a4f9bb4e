/* SPDX-License-Identifier: MIT */
#include "reader/efivars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "io/libs.h"
#include "io/pipe.h"
#include "io/root.h"

enum { SECONDS = 2, VARIABLE_MAX = 64 << 10, GUID_LEN = 36, ATTRIBUTES_LEN = 4 };

/* The child -------------------------------------------------------------------------------- */

#if VBSCHECK_HAVE_LIBEFIVAR

struct variable {
    struct ask_item item;
    uint8_t bytes[ATTRIBUTES_LEN + VARIABLE_MAX];
};

static struct ask_item failed(enum status st)
{
    return (struct ask_item){.st = (int32_t)st};
}

/* Joins attributes, little endian, and data in one block, as efivarfs shows them. */
static struct ask_item join(struct variable *v, uint32_t attributes, const uint8_t *data, size_t n)
{
    size_t kept = n < VARIABLE_MAX ? n : VARIABLE_MAX;
    if (n == 0 && attributes == 0) /* an empty file is left behind by a refused create */
        return failed(ST_OK);
    for (unsigned i = 0; i < ATTRIBUTES_LEN; i++)
        v->bytes[i] = (uint8_t)(attributes >> (8 * i));
    if (kept > 0)
        memcpy(v->bytes + ATTRIBUTES_LEN, data, kept);
    return (struct ask_item){.st = kept < n ? ST_TRUNCATED : ST_OK,
                             .size = (uint32_t)(ATTRIBUTES_LEN + kept)};
}

/* `name` is "NAME-GUID" and longer than a GUID. */
static struct ask_item get_variable(const struct efivar_lib *lib, const char *name,
                                    struct variable *v)
{
    char plain[ASK_PATH_MAX + 1] = {0};
    size_t len = strlen(name) - GUID_LEN - 1, n = 0;
    efi_guid_t guid;
    uint8_t *data = NULL;
    uint32_t attributes = 0;
    memcpy(plain, name, len);
    if (lib->efi_str_to_guid(name + len + 1, &guid) != 0)
        return failed(ST_IO_ERROR);
    if (lib->efi_get_variable(guid, plain, &data, &n, &attributes) != 0)
        return failed(status_from_errno(errno));
    return join(v, attributes, data, n);
}

/* Does not free the data of libefivar, since the process ends. */
static _Noreturn void run_child(int fd, const char *const *names, size_t n)
{
    struct variable v;
    const struct efivar_lib *lib = sandbox_helper(&fd) ? libs_efivar(NULL) : NULL;
    for (size_t i = 0; i < n; i++) {
        v.item = lib != NULL ? get_variable(lib, names[i], &v) : failed(ST_NOT_COLLECTED);
        if (!pipe_send(fd, &v, sizeof v.item + v.item.size))
            _exit(1);
    }
    _exit(0);
}

#else

static _Noreturn void run_child(int fd, const char *const *names, size_t n)
{
    const struct ask_item none = {.st = ST_NOT_COLLECTED};
    (void)names;
    for (size_t i = 0; i < n; i++)
        (void)pipe_send(fd, &none, sizeof none);
    _exit(0);
}

#endif

/* The parent ------------------------------------------------------------------------------- */

/* Receives the next item as it is; an item that did not come is ST_IO_ERROR. */
static size_t receive(int fd, int64_t deadline, uint8_t *to)
{
    struct ask_item item;
    enum status st = pipe_receive(fd, deadline, &item, sizeof item);
    if (st != ST_OK || item.st < 0 || item.st >= ST_COUNT ||
        item.size > ATTRIBUTES_LEN + VARIABLE_MAX ||
        pipe_receive(fd, deadline, to + sizeof item, item.size) != ST_OK)
        item = (struct ask_item){.st = ST_IO_ERROR};
    memcpy(to, &item, sizeof item);
    return sizeof item + item.size;
}

struct span efivars_read(const char *const *names, size_t n, struct arena *a)
{
    size_t at = 0;
    uint8_t *all = arena_alloc(a, n, sizeof(struct ask_item) + ATTRIBUTES_LEN + VARIABLE_MAX);
    int ends[2] = {-1, -1};
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child == 0)
        run_child(ends[1], names, n);
    close_fd(&ends[1]);
    int64_t deadline = pipe_deadline(child > 0 ? SECONDS : 0);
    for (size_t i = 0; i < n; i++)
        at += receive(ends[0], deadline, all + at);
    if (child > 0)
        (void)pipe_end(child);
    close_fd(&ends[0]);
    return (struct span){all, at};
}
