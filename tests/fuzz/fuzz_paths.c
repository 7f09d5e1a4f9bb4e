/* SPDX-License-Identifier: MIT */
/* --from-list FILE: whoever writes the list supplies these bytes. There is nothing to repair. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/inputs/paths.h"
#include "fuzz/target.h"

static bool take(void *context, const char *path, bool whole)
{
    size_t *n = context, length = strlen(path);
    *n += length;
    if (length == 0 || length > LISTED_PATH_MAX || (!whole && strchr(path, '\n') != NULL))
        abort();
    return path[0] != '!';
}

static void wait_for_nothing(void *context)
{
    (void)context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int nul = 0; nul < 2; nul++) {
        size_t n = 0;
        int fd = memfd_create("list", MFD_CLOEXEC);
        if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
            abort();
        if (paths_read(fd, nul == 1, take, wait_for_nothing, &n) != ST_OK || n > size)
            abort();
        (void)close(fd);
    }
    return 0;
}
