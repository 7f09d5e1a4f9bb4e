/* SPDX-License-Identifier: MIT */
#include "collect/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "io/root.h"
#include "probe/probe.h"
#include "vbscheck/count.h"

/* In the order in which they run. */
const struct source *const sources[] = {
    &source_kernel, &source_klog, &source_cpuid,   &source_cpuinfo, &source_msr,
    &source_acpi,   &source_efi,  &source_memattr, &source_efivar,  &source_mortest,
    &source_dmi,    &source_tpm,  &source_tpm_ask, &source_sys,     &source_pci,
};
const size_t n_sources = COUNT(sources);

/* RFC 3339 in UTC. */
static const char *now(struct arena *a)
{
    char text[sizeof "1970-01-01T00:00:00Z" + 8];
    time_t seconds = time(NULL);
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return "";
    return arena_text(a, span_of(text));
}

enum { RELEASE_MAX = 256 };

static const char *release_of(const struct collector *c)
{
    struct utsname u;
    if (c->live)
        return uname(&u) == 0 ? arena_text(c->arena, span_of(u.release)) : "";
    struct span text;
    if (root_read(c->root, "proc/sys/kernel/osrelease", RELEASE_MAX, c->arena, &text) != ST_OK)
        return "";
    return arena_text(c->arena, span_trim(text));
}

const char *collect_problem(enum status st)
{
    return st == ST_UNSUPPORTED
               ? "is not this system, and reading another one needs Linux 5.6 or newer "
                 "(openat2)"
               : status_meaning(st);
}

/* Below another root nothing is opened without openat2(). */
static enum status open_root(const char *root, int *out)
{
    int fd = open(root != NULL ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return status_from_errno(errno);
    scoped_fd inside = root_open(fd, ".", O_PATH);
    if (inside < 0 && errno == ENOSYS) {
        close_fd(&fd);
        return ST_UNSUPPORTED;
    }
    *out = fd;
    return ST_OK;
}

enum status collect(const char *root, const char *tcti, struct arena *a, struct snapshot *out)
{
    scoped_fd fd = -1;
    enum status st = open_root(root, &fd);
    if (st != ST_OK)
        return st;
    snap_init(out, a, root == NULL ? SOURCE_LIVE : SOURCE_ROOT, root);
    out->collected_at = now(a);
    struct collector c = {.arena = a, .snap = out, .root = fd, .live = root == NULL, .tcti = tcti};
    c.release = release_of(&c);
    for (size_t i = 0; i < n_sources; i++) {
        size_t at = 0;
        if (collect_wanted(sources[i]->prefix, &at) != NULL)
            sources[i]->fetch(&c);
    }
    snap_sort(out);
    return ST_OK;
}
