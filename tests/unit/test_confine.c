/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#include "confine/confine.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "io/libs.h"
#include "test_confine_ways.h"
#include "vbscheck/count.h"

/* Each test is run once for each way. */
static const struct way *way;

static struct judged run(struct tree *t, confine_work *work, void *context)
{
    struct judged j = {0};
    const struct confinement c = {.profile = way->prepared ? &profile_stream : &profile_memory,
                                  .work = work,
                                  .context = context};
    assert_int_equal(way->prepared ? run_prepared(&c, NULL, &t->arena, &j)
                                   : confine_run(&c, &t->arena, &j),
                     ST_OK);
    return j;
}

static bool mentions(struct span text, const char *words)
{
    return span_find(text, words, NULL);
}

static void answer(void *context, struct arena *a, struct judged *out)
{
    *out = (struct judged){
        .exit_status = 3,
        .document = span_of(arena_printf(a, "judged %s", (const char *)context)),
        .message = span_of("a note"),
    };
}

static void hands_back_status_document_and_message(void **state)
{
    char name[] = "this";
    struct judged j = run(*state, answer, name);
    assert_int_equal(j.exit_status, 3);
    assert_true(span_is(j.document, "judged this"));
    assert_true(span_is(j.message, "a note"));
}

enum { LONG = 5 << 20 };

static void answer_at_length(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    uint8_t *bytes = arena_alloc(a, LONG, 1);
    for (size_t i = 0; i < LONG; i++)
        bytes[i] = (uint8_t)(i * 7);
    *out = (struct judged){.document = {bytes, LONG}};
}

static void hands_back_long_documents_whole(void **state)
{
    struct judged j = run(*state, answer_at_length, NULL);
    assert_int_equal(j.exit_status, 0);
    assert_int_equal(j.document.len, LONG);
    for (size_t i = 0; i < LONG; i++)
        assert_true(j.document.ptr[i] == (uint8_t)(i * 7));
}

/* What a hostile judge could want; each must fail. */
static void try_to_get_out(void *context, struct arena *a, struct judged *out)
{
    const int *secret = context;
    char c;
    int opened = open("/etc/passwd", O_RDONLY);
    bool root = setuid(0) == 0;
    bool leaked = read(*secret, &c, 1) >= 0 || (errno != EBADF && errno != EPERM);
    *out = (struct judged){
        .exit_status = opened >= 0 || root || leaked,
        .message = span_of(arena_printf(a, "open %d root %d leaked %d", opened, root, leaked)),
    };
}

static void has_no_files_no_descriptors_and_no_way_back(void **state)
{
    int secret = open("/etc/passwd", O_RDONLY); /* without O_CLOEXEC, and kept over the fork */
    assert_true(secret >= 0);
    struct judged j = run(*state, try_to_get_out, &secret);
    (void)close(secret);
    assert_true(span_is(j.message, "open -1 root 0 leaked 0"));
    assert_int_equal(j.exit_status, 0);
}

static void open_socket(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    (void)socket(AF_UNIX, SOCK_STREAM, 0);
    out->exit_status = 0;
}

static void is_ended_when_it_reaches_for_the_network(void **state)
{
    if (VBSCHECK_SANITIZED)
        return; /* no filter then */
    struct judged j = run(*state, open_socket, NULL);
    assert_int_equal(j.exit_status, 2);
    assert_true(mentions(j.message, "was stopped"));
    assert_int_equal(j.document.len, 0);
}

static void eat_memory(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(a, 1 << 20, 1), 1, 1 << 20);
    out->exit_status = 0;
}

static void reports_a_judge_that_ran_out_of_memory(void **state)
{
    struct judged j = run(*state, eat_memory, NULL);
    assert_int_equal(j.exit_status, 2);
    assert_true(mentions(j.message, "out of memory (over 64 MiB)"));
}

static void crash(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    out->exit_status = 0;
    (void)raise(SIGKILL);
}

/* A file that is shorter than its map is what a disk with a bad sector is: the page is not to be
 * had. */
static void look_behind_the_end(void *context, struct arena *a, struct judged *out)
{
    const volatile char *byte = context;
    (void)a;
    (void)signal(SIGBUS, SIG_DFL); /* cmocka has a handler of its own */
    out->exit_status = *byte;
}

static void a_page_that_the_disk_does_not_give_is_told(void **state)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fileno(f), 0);
    assert_true(at != MAP_FAILED);
    struct judged j = run(*state, look_behind_the_end, at);
    assert_int_equal(j.exit_status, 2);
    if (!VBSCHECK_SANITIZED)
        assert_true(mentions(j.message, "could not be read from the disk"));
    (void)munmap(at, 4096);
    (void)fclose(f);
}

static void reports_a_judge_that_crashed(void **state)
{
    struct judged j = run(*state, crash, NULL);
    assert_int_equal(j.exit_status, 2);
    assert_true(mentions(j.message, "crashed (signal 9)"));
}

static void give_a_bad_status(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    (void)a;
    out->exit_status = 1000;
}

static void takes_no_status_that_is_none(void **state)
{
    struct judged j = run(*state, give_a_bad_status, NULL);
    assert_int_equal(j.exit_status, 2);
    assert_true(j.message.len > 0);
}

#if VBSCHECK_HAVE_LIBARCHIVE

/* jansson and libarchive open files when first used; that must have happened before. */
static void use_libraries(void *context, struct arena *a, struct judged *out)
{
    const struct span *tar = context;
    const struct archive_lib *lib = libs_archive(NULL);
    json_t *j = json_pack("{s:i}", "a", 1);
    struct archive *r = lib->archive_read_new();
    (void)lib->archive_read_support_format_tar(r);
    (void)lib->archive_read_open_memory(r, tar->ptr, tar->len);
    struct archive_entry *e;
    int st = lib->archive_read_next_header(r, &e);
    const char *name = st == ARCHIVE_OK ? lib->archive_entry_pathname(e) : "?";
    out->exit_status = j != NULL ? 0 : 1;
    out->document = span_of(arena_text(a, span_of(name)));
    json_decref(j);
    (void)lib->archive_read_free(r);
}

static void can_use_its_libraries(void **state)
{
    struct tree *t = *state;
    const struct archive_lib *lib = libs_archive(NULL);
    assert_non_null(lib);
    char name[201] = {0}; /* too long for plain tar, hence in a pax header */
    memset(name, 'n', sizeof name - 1);
    int fd = openat(t->fd, "pax.tar", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct archive *w = lib->archive_write_new();
    struct archive_entry *e = lib->archive_entry_new();
    assert_int_equal(lib->archive_write_set_format_pax_restricted(w), ARCHIVE_OK);
    assert_int_equal(lib->archive_write_open_fd(w, fd), ARCHIVE_OK);
    lib->archive_entry_set_pathname(e, name);
    lib->archive_entry_set_size(e, 0);
    lib->archive_entry_set_filetype(e, AE_IFREG);
    assert_int_equal(lib->archive_write_header(w, e), ARCHIVE_OK);
    lib->archive_entry_free(e);
    (void)lib->archive_write_close(w);
    (void)lib->archive_write_free(w);

    static uint8_t bytes[16384];
    struct span tar = {bytes, (size_t)pread(fd, bytes, sizeof bytes, 0)};
    (void)close(fd);
    struct judged j = run(t, use_libraries, &tar);
    assert_int_equal(j.exit_status, 0);
    assert_true(span_is(j.document, name));
}

#else

static void can_use_its_libraries(void **state)
{
    (void)state;
    print_message("SKIPPED: this build leaves libarchive out\n");
    skip();
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(hands_back_status_document_and_message),
        with_tree(hands_back_long_documents_whole),
        with_tree(has_no_files_no_descriptors_and_no_way_back),
        with_tree(is_ended_when_it_reaches_for_the_network),
        with_tree(reports_a_judge_that_ran_out_of_memory),
        with_tree(reports_a_judge_that_crashed),
        with_tree(a_page_that_the_disk_does_not_give_is_told),
        with_tree(takes_no_status_that_is_none),
        with_tree(can_use_its_libraries),
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(ways); i++) {
        way = &ways[i];
        print_message("judges are %s\n", way->name);
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
