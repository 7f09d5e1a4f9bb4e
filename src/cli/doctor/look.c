/* SPDX-License-Identifier: MIT */
/*
 * Checks that need a process with rights. It opens and lists; it writes nothing, and loads nothing
 * but libraries.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "confine/sandbox.h"
#include "io/libs.h"
#include "io/root.h"
#include "vbscheck/count.h"

void doctor_add(struct doctor *d, struct doctor_check check)
{
    d->checks = arena_grow(d->arena, d->checks, d->n, sizeof *d->checks);
    d->checks[d->n++] = check;
}

/* Privileges ------------------------------------------------------------------------------- */

/* Capabilities that reading needs, also with user id 0 (a container's root has few). */
static const struct {
    unsigned bit;
    const char *id, *name, *use;
    const char *blobs[4];
} wanted[] = {
    {CAP_DAC_READ_SEARCH,
     "cap-dac-read-search",
     "CAP_DAC_READ_SEARCH or CAP_DAC_OVERRIDE",
     "files of other users",
     {"acpi/", "efi/runtime-map", NULL}},
    {CAP_SYS_RAWIO,
     "cap-sys-rawio",
     "CAP_SYS_RAWIO",
     "registers (msr) and memory (/proc/kcore)",
     {"msr", "efi/memattr", NULL}},
    {CAP_SYSLOG,
     "cap-syslog",
     "CAP_SYSLOG",
     "the kernel's log, and addresses in it",
     {"efi/kernel-log", "efi/memattr", NULL}},
    {CAP_SYS_ADMIN,
     "cap-sys-admin",
     "CAP_SYS_ADMIN",
     "the TPM's device, and older kernels' log",
     {"tpm/", NULL}},
};

/* Bits 0 to 39 of the effective set; no bits if the kernel does not report it. */
static uint64_t effective_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capget, &header, sets) != 0)
        return 0;
    return (uint64_t)sets[1].effective << 32 | sets[0].effective;
}

static void look_at_capabilities(struct doctor *d)
{
    const uint64_t override = 1u << CAP_DAC_OVERRIDE;
    uint64_t have = effective_capabilities();
    if ((have & override) != 0)
        have |= 1u << CAP_DAC_READ_SEARCH;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        bool there = (have >> wanted[i].bit & 1) != 0;
        doctor_add(d, (struct doctor_check){
                          .group = GROUP_PRIVILEGES,
                          .id = wanted[i].id,
                          .title = wanted[i].name,
                          .word = there ? DOCTOR_OK : DOCTOR_LACKING,
                          .reason = ST_NO_PERMISSION,
                          .detail = wanted[i].use,
                          .blobs = wanted[i].blobs,
                          .reason_too = true,
                      });
    }
}

/* The first user namespace maps every id to itself: "0 0 4294967295". */
static bool is_first_namespace(struct arena *a)
{
    struct span map, word;
    scoped_fd fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fd_read(fd, 4096, a, &map) != ST_OK)
        return true;
    return span_next_word(&map, &word) && span_is(word, "0") && span_next_word(&map, &word) &&
           span_is(word, "0") && span_next_word(&map, &word) &&
           span_is(span_trim(word), "4294967295");
}

static void look_at_privileges(struct doctor *d)
{
    bool root = d->uid == 0;
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_PRIVILEGES,
                      .id = "root",
                      .title = "root",
                      .word = root ? DOCTOR_OK : DOCTOR_LACKING,
                      .reason = ST_NO_PERMISSION,
                      .detail = arena_printf(d->arena, "this is user %u", d->uid),
                      .command = root ? NULL : "sudo vbscheck",
                      .by_reason = true,
                  });
    if (!is_first_namespace(d->arena))
        doctor_add(d, (struct doctor_check){
                          .group = GROUP_PRIVILEGES,
                          .id = "user-namespace",
                          .title = "the machine's own user ids",
                          .word = DOCTOR_LACKING,
                          .reason = ST_NO_PERMISSION,
                          .detail = "root of a user namespace (a container) has only the rights "
                                    "of an ordinary user",
                          .by_reason = true,
                      });
    if (root)
        look_at_capabilities(d);
}

/* The kernel ------------------------------------------------------------------------------- */

static void look_at_kcore(struct doctor *d)
{
    static const char *const blobs[] = {"efi/memattr", NULL};
    scoped_fd fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    enum status st = fd >= 0 ? ST_OK : status_from_errno(errno);
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_KERNEL,
                      .id = "kcore",
                      .title = "memory",
                      .word = st == ST_OK ? DOCTOR_OK : DOCTOR_LACKING,
                      .reason = st == ST_ABSENT ? ST_NO_DRIVER : st,
                      .detail = "/proc/kcore",
                      .command = st == ST_NO_PERMISSION && d->uid != 0 ? "sudo vbscheck" : NULL,
                      .blobs = blobs,
                      .reason_too = true,
                  });
}

/* The tables are judged without groups, too; groups are a second source. */
static void look_at_iommu_groups(struct doctor *d)
{
    static const char folder[] = "/sys/kernel/iommu_groups";
    size_t n = 0;
    scoped_dir dir = opendir(folder);
    enum status st = dir != NULL ? ST_OK : status_from_errno(errno);
    for (const struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    if (st == ST_ABSENT)
        st = access("/sys/kernel", F_OK) == 0 ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_KERNEL,
                      .id = "iommu-groups",
                      .title = "IOMMU groups",
                      .word = st != ST_OK ? DOCTOR_LACKING
                              : n > 0     ? DOCTOR_OK
                                          : DOCTOR_NONE,
                      .reason = st,
                      .detail = n > 0 ? arena_printf(d->arena, "%s: %zu", folder, n) : folder,
                  });
}

/* Libraries and confinement ---------------------------------------------------------------- */

static void look_at_libraries(struct doctor *d)
{
    static const char *const tpm[] = {"tpm/", NULL}, *const no_blobs[] = {NULL};
    struct libs_row row;
    for (size_t i = 0; libs_row(i, &row); i++) {
        bool built_in = row.linked || row.soname[0] != '\0';
        const char *without =
            built_in ? arena_printf(d->arena, "without %s %s", row.soname, row.without)
                     : arena_printf(d->arena, "this build leaves it out: %s", row.without);
        doctor_add(d, (struct doctor_check){
                          .group = GROUP_LIBRARIES,
                          .id = row.name,
                          .title = row.name,
                          .word = row.found ? DOCTOR_OK : DOCTOR_LACKING,
                          .reason = ST_NO_DRIVER,
                          .detail = row.linked  ? "it is linked in"
                                    : row.found ? row.soname
                                                : without,
                          .blobs = strncmp(row.name, "tss2", 4) == 0 ? tpm : no_blobs,
                      });
    }
}

/* Without these a judge is confined less strictly; no rule depends on them. */
static void look_at_confinement(struct doctor *d)
{
    long landlock = sandbox_landlock_version();
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_CONFINEMENT,
                      .id = "seccomp",
                      .title = "seccomp",
                      .word = VBSCHECK_SANITIZED ? DOCTOR_LACKING : DOCTOR_OK,
                      .reason = ST_UNSUPPORTED,
                      .detail = VBSCHECK_SANITIZED ? "this build has sanitizers instead"
                                                   : "in force in the process that judged this",
                  });
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_CONFINEMENT,
                      .id = "landlock",
                      .title = "Landlock",
                      .word = landlock > 0 ? DOCTOR_OK : DOCTOR_LACKING,
                      .reason = ST_NO_DRIVER,
                      .detail = landlock > 0 ? arena_printf(d->arena, "version %ld", landlock)
                                             : "the other walls still hold",
                  });
}

void doctor_look(struct doctor *d)
{
    d->uid = (unsigned)geteuid();
    look_at_privileges(d);
    look_at_kcore(d);
    look_at_iommu_groups(d);
    look_at_libraries(d);
    look_at_confinement(d);
}
