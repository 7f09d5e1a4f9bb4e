/* SPDX-License-Identifier: MIT */
/*
 * --resume FILE: the reports that an earlier run wrote, or whoever else writes to that file. There
 * is nothing to repair.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/inputs/resume.h"
#include "fuzz/target.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct arena a;
    struct resume r;
    int fd = memfd_create("resume", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const struct config c = {.resume = path, .judge.wish = {.profile = &profile_vbs}};
    test_arena(&a);
    if (resume_read(&c, &a, &r)) {
        for (size_t i = 1; i < r.n; i++) {
            if (r.rows[i - 1].path > r.rows[i].path)
                abort();
        }
        if (resume_find(&r, "hosts/one", &a).len % RESUME_DIGEST != 0)
            abort();
    }
    arena_reset(&a);
    (void)close(fd);
    return 0;
}
