/* SPDX-License-Identifier: MIT */
/* The profile of a hive's judge, from inside: one file in memory, to be read, and no other. */
#define _GNU_SOURCE 1
#include "confine/confine.h"
#include "confine/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/root.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"

static const char own[] = "/proc/self/fd/1";
static const char words[] = "words in memory";

/* Each returns 0, or errno. */
static int read_own(void)
{
    int fd = open(own, O_RDONLY | O_CLOEXEC);
    const char *at = mmap(NULL, sizeof words, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || at == MAP_FAILED)
        return errno;
    return memcmp(at, words, sizeof words) == 0 ? close(fd) : EINVAL;
}

static int open_a_file(void)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    return fd >= 0 ? 0 : errno;
}

static int open_a_folder(void)
{
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 ? 0 : errno;
}

static int make_a_file(void)
{
    int fd = open("/tmp/made", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return fd >= 0 ? 0 : errno;
}

static int map_to_write(void)
{
    return mmap(NULL, sizeof words, PROT_READ | PROT_WRITE, MAP_SHARED, CONFINE_FILE, 0) ==
                   MAP_FAILED
               ? errno
               : 0;
}

static int map_to_run(void)
{
    return mmap(NULL, sizeof words, PROT_READ | PROT_EXEC, MAP_SHARED, CONFINE_FILE, 0) ==
                   MAP_FAILED
               ? errno
               : 0;
}

static int open_too_many(void)
{
    int last = 0;
    for (unsigned i = 0; i < profile_hive.descriptors && last >= 0; i++)
        last = open(own, O_RDONLY);
    return last >= 0 ? 0 : errno;
}

static const struct
try {
    int (*make)(void);
    int error; /* 0: it is allowed */
}
tries[] = {
    {read_own, 0},         {open_a_file, EACCES}, {open_a_folder, EACCES}, {make_a_file, EACCES},
    {map_to_write, EPERM}, {map_to_run, EPERM},   {open_too_many, EMFILE},
};

static void work(void *context, struct arena *a, struct judged *out)
{
    const struct try *t = context;
    out->exit_status = 0;
    out->document = span_of(arena_printf(a, "%d", t->make()));
}

static int sealed(void)
{
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0 && write(fd, words, sizeof words) == (ssize_t)sizeof words);
    assert_int_equal(
        fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
    return fd;
}

static void the_judge_of_a_hive_opens_its_file_and_no_other(void **state)
{
    struct arena *a = *state;
    if (sandbox_landlock_version() < 1 || VBSCHECK_SANITIZED)
        skip();
    for (size_t i = 0; i < COUNT(tries); i++) {
        struct try one = tries[i];
        struct judged j = {.exit_status = 9};
        scoped_fd fd = sealed();
        const struct confinement c = {
            .profile = &profile_hive, .work = work, .context = &one, .file = fd};
        assert_int_equal(confine_run(&c, a, &j), ST_OK);
        if (j.exit_status != 0)
            fail_msg("%zu: %s", i, arena_text(a, j.message));
        assert_string_equal(arena_text(a, j.document), arena_printf(a, "%d", one.error));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_of_a_hive_opens_its_file_and_no_other),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
