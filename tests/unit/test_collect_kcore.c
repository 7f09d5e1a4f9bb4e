/* SPDX-License-Identifier: MIT */
/* The kernel's core, from cores that the tests make in memory, where offsets reach 2^63. */
#define _GNU_SOURCE 1
#include "collect/memattr/kcore.h"

#include <sys/mman.h>

#include "io/root.h"
#include "test_collect_core.h"
#include "vbscheck/count.h"

/* Offsets and addresses as a guest with 4-level paging showed them. */
#define RAM_OFFSET  UINT64_C(0x0dd940004000)
#define TEXT_OFFSET UINT64_C(0x7fffae003000)
#define RAM_BASE    UINT64_C(0xffff8dd940001000)
#define TEXT_BASE   UINT64_C(0xffffffffae000000)

static const struct core_segment guest[] = {
    {CORE_NOTE, 0x388, 0, 0, 0x1000},
    {CORE_LOAD, TEXT_OFFSET, TEXT_BASE, 0xca00000, 0x3430000},
    {CORE_LOAD, UINT64_C(0x504a00003000), UINT64_C(0xffffd04a00000000), CORE_NOWHERE,
     UINT64_C(0x1fffffffffff)},
    {CORE_LOAD, RAM_OFFSET, RAM_BASE, 0x1000, 0x9f000},
    {CORE_LOAD, RAM_OFFSET + 0x100000, RAM_BASE + 0x100000, 0x100000, 0x1e000000},
};

static int new_core(void)
{
    int fd = memfd_create("core", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* Reads the core, as the reader would. */
static void ask_core(void *context, const struct question *q, struct arena *a, struct answer *out)
{
    const int *fd = context;
    size_t got = 0;
    uint8_t *bytes = arena_alloc(a, q->size, 1);
    assert_string_equal(q->path, "proc/kcore");
    assert_int_equal(q->kind, ASK_AT);
    assert_true(q->size > 0 && q->size <= ASK_SIZE_MAX);
    out->st = fd_fill_at(*fd, q->offset, bytes, q->size, &got);
    out->data = (struct span){bytes, got};
}

static enum status try_to_load(int fd, struct arena *a, struct kcore *out)
{
    struct asker *by = arena_new(a, struct asker, 1);
    int *context = arena_new(a, int, 1);
    *context = fd;
    *by = (struct asker){.context = context, .ask = ask_core, .arena = a};
    return kcore_load(by, out);
}

static struct kcore load(int fd, struct arena *a)
{
    struct kcore k = {0};
    assert_int_equal(try_to_load(fd, a, &k), ST_OK);
    return k;
}

/* The text at an address; "-" and the reason where there is none. */
static const char *text_at(const struct kcore *k, enum kcore_space space, uint64_t address,
                           size_t n, struct arena *a)
{
    char *buf = arena_alloc(a, n + 1, 1);
    size_t got = 0;
    enum status st = kcore_read(k, space, address, buf, n, &got);
    if (st != ST_OK)
        return arena_printf(a, "-%s", status_name(st));
    assert_true(got > 0 && got <= n);
    buf[got] = '\0';
    return buf;
}

static void reads_beyond_two_to_the_47th(void **state)
{
    scoped_fd fd = new_core();
    core_headers(fd, guest, COUNT(guest));
    core_write(fd, TEXT_OFFSET + 0x200, "text", 5);
    core_write(fd, RAM_OFFSET + 0x100000 + 0x18, "memory", 7);
    struct kcore k = load(fd, *state);
    assert_int_equal(k.n, 4);
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x100018, 6, *state), "memory");
    assert_string_equal(text_at(&k, KCORE_VIRTUAL, TEXT_BASE + 0x200, 4, *state), "text");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0xca00200, 4, *state), "text"); /* its alias */
}

static void knows_no_physical_address_in_a_virtual_segment(void **state)
{
    scoped_fd fd = new_core();
    core_headers(fd, guest, COUNT(guest));
    struct kcore k = load(fd, *state);
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0xa0000, 4, *state), "-absent");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0, 4, *state), "-absent");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, UINT64_MAX, 4, *state), "-absent");
    assert_string_equal(text_at(&k, KCORE_VIRTUAL, UINT64_MAX, 4, *state), "-absent");
}

static void gives_up_where_no_segment_has_a_physical_address(void **state)
{
    static const struct core_segment old[] = {{CORE_LOAD, 0x1000, RAM_BASE, 0, 0x1000},
                                              {CORE_LOAD, 0x2000, TEXT_BASE, 0, 0x1000}};
    scoped_fd fd = new_core();
    core_headers(fd, old, COUNT(old));
    core_write(fd, 0x1000, "old", 4);
    struct kcore k = load(fd, *state);
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0, 3, *state), "-no-driver");
    assert_string_equal(text_at(&k, KCORE_VIRTUAL, RAM_BASE, 3, *state), "old");
}

static void joins_what_lies_in_two_segments(void **state)
{
    static const struct core_segment split[] = {{CORE_LOAD, 0x9000, RAM_BASE + 8, 0x5008, 8},
                                                {CORE_LOAD, 0x2000, RAM_BASE, 0x5000, 8}};
    scoped_fd fd = new_core();
    core_headers(fd, split, COUNT(split));
    core_write(fd, 0x2000, "12345678", 8);
    core_write(fd, 0x9000, "abcdefgh", 8);
    struct kcore k = load(fd, *state);
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x5004, 8, *state), "5678abcd");
    assert_string_equal(text_at(&k, KCORE_VIRTUAL, RAM_BASE + 4, 100, *state), "5678abcdefgh");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x500f, 8, *state), "h");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x5010, 8, *state), "-absent");
}

static void takes_the_other_of_two_segments_where_one_cannot_be_read(void **state)
{
    static const struct core_segment twice[] = {
        {CORE_LOAD, UINT64_MAX - 4, TEXT_BASE, 0x5000, 0x1000}, /* runs over 2^64 */
        {CORE_LOAD, UINT64_C(1) << 63, TEXT_BASE, 0x5000, 0x1000},
        {CORE_LOAD, 0x100000, TEXT_BASE, 0x5000, 0x1000}, /* beyond the end of the file */
        {CORE_LOAD, 0x2000, RAM_BASE, 0x5000, 0x1000},
        {CORE_LOAD, 0, 0, CORE_NOWHERE, UINT64_MAX},
    };
    scoped_fd fd = new_core();
    core_headers(fd, twice, COUNT(twice));
    core_write(fd, 0x2008, "here", 4);
    struct kcore k = load(fd, *state);
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x5008, 4, *state), "here");
    assert_string_equal(text_at(&k, KCORE_PHYSICAL, 0x5800, 4, *state), "-io-error");
}

static void ends_with_a_bounded_number_of_parts(void **state)
{
    enum { N = 200 };
    static struct core_segment bytes[N];
    scoped_fd fd = new_core();
    for (size_t i = 0; i < N; i++)
        bytes[i] = (struct core_segment){CORE_LOAD, 0, RAM_BASE + i, 0x5000 + i, 1};
    core_headers(fd, bytes, N);
    struct kcore k = load(fd, *state);
    uint8_t buf[N];
    size_t got = 0;
    assert_int_equal(kcore_read(&k, KCORE_PHYSICAL, 0x5000, buf, N, &got), ST_OK);
    assert_int_equal(got, 64);
}

/* Headers ---------------------------------------------------------------------------------- */

static void refuses_what_is_no_core_that_it_can_read(void **state)
{
    static const struct core_head heads[] = {
        {1, 1, 4, 56, 1, 64}, /* 32-bit */
        {2, 2, 4, 56, 1, 64}, /* big-endian */
        {2, 1, 2, 56, 1, 64}, /* a program */
        {2, 1, 4, 32, 1, 64}, /* program headers of another size */
        {2, 1, 4, 0, 1, 64},          {2, 1, 4, 0xffff, 1, 64},
        {2, 1, 4, 56, 0, 64},      /* none of them */
        {2, 1, 4, 56, 0xffff, 64}, /* their number elsewhere */
        {2, 1, 4, 56, 2, 64},      /* more than there are */
        {2, 1, 4, 56, 0xfffe, 64},    {2, 1, 4, 56, 1, 65},
        {2, 1, 4, 56, 1, UINT64_MAX},
    };
    static struct build b;
    struct kcore k;
    for (size_t i = 0; i < COUNT(heads); i++) {
        scoped_fd fd = new_core();
        core_put_head(&b, &heads[i]);
        core_put_segment(&b, &guest[1]);
        core_write(fd, 0, b.bytes, b.len);
        assert_int_equal(try_to_load(fd, *state, &k), ST_UNSUPPORTED);
    }
}

static void refuses_a_core_that_is_cut_anywhere(void **state)
{
    enum { WHOLE = 64 + 2 * 56 };
    scoped_fd fd = new_core();
    core_headers(fd, guest, 2);
    struct kcore k;
    assert_int_equal(try_to_load(fd, *state, &k), ST_OK);
    for (off_t n = WHOLE - 1; n > 0; n--) {
        assert_int_equal(ftruncate(fd, n), 0);
        assert_int_equal(try_to_load(fd, *state, &k), ST_UNSUPPORTED);
    }
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(try_to_load(fd, *state, &k), ST_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_beyond_two_to_the_47th),
        cmocka_unit_test(knows_no_physical_address_in_a_virtual_segment),
        cmocka_unit_test(gives_up_where_no_segment_has_a_physical_address),
        cmocka_unit_test(joins_what_lies_in_two_segments),
        cmocka_unit_test(takes_the_other_of_two_segments_where_one_cannot_be_read),
        cmocka_unit_test(ends_with_a_bounded_number_of_parts),
        cmocka_unit_test(refuses_what_is_no_core_that_it_can_read),
        cmocka_unit_test(refuses_a_core_that_is_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
