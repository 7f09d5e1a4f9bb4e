/* SPDX-License-Identifier: MIT */
/* Questions and answers: as bytes, as items, and those that are known beforehand. */
#define _GNU_SOURCE 1
#include "ask/ask.h"

#include "ask/known.h"
#include "ask/wire.h"
#include "probe/probe.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

/* Wire -------------------------------------------------------------------------------------- */

static void a_question_goes_there_and_back(void **state)
{
    struct tree *t = *state;
    const struct question q = {ASK_WORDS, "dev/cpu/0/msr", UINT64_MAX, 8, span_of("list")};
    struct question back;
    assert_true(wire_read_question(wire_question(&q, &t->arena), &t->arena, &back));
    assert_int_equal(back.kind, q.kind);
    assert_string_equal(back.path, q.path);
    assert_true(back.offset == q.offset && back.size == q.size);
    assert_true(span_is(back.list, "list"));
}

static void a_question_that_is_cut_or_too_long_is_none(void **state)
{
    struct tree *t = *state;
    const struct question q = {ASK_FILE, "proc/cpuinfo", 0, 0, span_of("list")};
    struct span bytes = wire_question(&q, &t->arena);
    struct question back;
    for (size_t n = 0; n < bytes.len; n++)
        assert_false(wire_read_question((struct span){bytes.ptr, n}, &t->arena, &back));
    uint8_t *longer = arena_alloc(&t->arena, bytes.len + 1, 1);
    memcpy(longer, bytes.ptr, bytes.len);
    assert_false(wire_read_question((struct span){longer, bytes.len + 1}, &t->arena, &back));
    const struct question nul = {ASK_FILE, "proc/cpuinfo", 0, 0, {0}};
    bytes = wire_question(&nul, &t->arena);
    memcpy(longer, bytes.ptr, bytes.len);
    longer[bytes.len - 3] = '\0';
    assert_false(wire_read_question((struct span){longer, bytes.len}, &t->arena, &back));
}

/* Whatever a hostile process makes of one, it is read within its bytes, or not at all. */
static void a_spoiled_question_is_read_within_its_bytes(void **state)
{
    struct tree *t = *state;
    const struct question q = {ASK_FILE, "proc/cpuinfo", 0, 0, span_of("list")};
    struct span bytes = wire_question(&q, &t->arena);
    for (size_t i = 0; i < bytes.len * 8; i++) {
        struct question back;
        uint8_t *spoiled = arena_alloc(&t->arena, bytes.len, 1);
        memcpy(spoiled, bytes.ptr, bytes.len);
        spoiled[i / 8] ^= (uint8_t)(1u << i % 8);
        if (!wire_read_question((struct span){spoiled, bytes.len}, &t->arena, &back))
            continue;
        assert_true(back.kind < ASK_KINDS);
        assert_true(strlen(back.path) + back.list.len == strlen(q.path) + q.list.len);
    }
}

/* The first number behind the last kind, and behind the last status. */
static void kinds_and_statuses_that_there_are_not_are_none(void **state)
{
    struct tree *t = *state;
    const struct question q = {ASK_KINDS, "proc/cpuinfo", 0, 0, {0}};
    const struct answer w = {ST_COUNT, 0, {0}};
    struct question back;
    struct answer answer;
    assert_false(wire_read_question(wire_question(&q, &t->arena), &t->arena, &back));
    assert_false(wire_read_answer(wire_answer(&w, &t->arena), &answer));
}

static void an_answer_goes_there_and_back(void **state)
{
    struct tree *t = *state;
    const struct answer w = {ST_TRUNCATED, 5, span_of("data")};
    struct span bytes = wire_answer(&w, &t->arena);
    struct answer back;
    assert_true(wire_read_answer(bytes, &back));
    assert_true(back.st == w.st && back.error == 5 && span_is(back.data, "data"));
    for (size_t n = 0; n < bytes.len - strlen("data"); n++)
        assert_false(wire_read_answer((struct span){bytes.ptr, n}, &back));
}

static void items_that_are_cut_are_none(void **state)
{
    const struct ask_item item = {ST_OK, 0, 4}, wrong = {ST_COUNT, 0, 0}, long_one = {0, 0, 99};
    uint8_t bytes[sizeof item + 4];
    struct ask_item got;
    struct span data, each;
    (void)state;
    memcpy(bytes, &item, sizeof item);
    memcpy(bytes + sizeof item, "data", 4);
    for (size_t n = 0; n < sizeof bytes; n++) {
        data = (struct span){bytes, n};
        assert_false(ask_next_item(&data, &got, &each));
    }
    data = (struct span){bytes, sizeof bytes};
    assert_true(ask_next_item(&data, &got, &each));
    assert_true(span_is(each, "data") && data.len == 0);
    assert_false(ask_next_item(&data, &got, &each));
    memcpy(bytes, &wrong, sizeof wrong);
    data = (struct span){bytes, sizeof bytes};
    assert_false(ask_next_item(&data, &got, &each));
    memcpy(bytes, &long_one, sizeof long_one);
    data = (struct span){bytes, sizeof bytes};
    assert_false(ask_next_item(&data, &got, &each));
}

/* Known beforehand -------------------------------------------------------------------------- */

static void records_are_known_once(void **state)
{
    struct tree *t = *state;
    struct known k;
    const char *path;
    const struct answer w = {.st = ST_OK, .data = span_of("x")};
    const struct question next = {.kind = ASK_NEXT, .path = "dev/kmsg"};
    const struct question file = {.kind = ASK_FILE, .path = "dev/kmsg"};
    known_init(&k, &t->arena);
    assert_null(known_find(&k, &next));
    *known_add(&k, ASK_NEXT, "dev", "kmsg", &path) = w;
    assert_null(known_find(&k, &file));
    assert_non_null(known_find(&k, &next));
    assert_null(known_find(&k, &next));
    *known_add(&k, ASK_FILE, "", "dev/kmsg", &path) = w;
    assert_non_null(known_find(&k, &file));
    assert_non_null(known_find(&k, &file));
}

/* A machine with something in every folder that is read beforehand. */
static void put_machine(struct tree *t)
{
    static const char *const files[] = {
        "proc/cmdline",
        "proc/cpuinfo",
        "sys/class/dmi/id/sys_vendor",
        "sys/firmware/acpi/tables/DMAR",
        "sys/firmware/acpi/tables/WSMT1",
        "sys/firmware/efi/runtime-map/0/type",
        "sys/firmware/efi/runtime-map/0/num_pages",
        "sys/class/iommu/dmar0/intel-iommu/cap",
        "sys/kernel/iommu_groups/3/type",
        "sys/bus/pci/devices/0000:00:01.0/class",
        "sys/bus/pci/devices/0000:00:01.0/vendor",
        "sys/bus/pci/devices/0000:00:1f.0/removable",
        "sys/class/tpm/tpm0/tpm_version_major",
        "sys/class/tpm/tpm0/device/description",
        "sys/bus/thunderbolt/devices/domain0/x",
        "run/vbscheck/mor-test.json",
    };
    for (size_t i = 0; i < COUNT(files); i++)
        tree_file(t, files[i], "0x060400\n");
    assert_int_equal(symlinkat("../../../../kernel/iommu_groups/3", t->fd,
                               "sys/bus/pci/devices/0000:00:01.0/iommu_group"),
                     0);
    tree_folder(t, "sys/devices/virtual/misc/kvm");
    tree_folder(t, "sys/class/misc");
    assert_int_equal(symlinkat("../../devices/virtual/misc/kvm", t->fd, "sys/class/misc/kvm"), 0);
}

/* From what is known, else of the reader; how often that was counts. */
struct both {
    struct known known;
    struct reader reader;
    size_t asked;
};

static void ask_both(void *context, const struct question *q, struct arena *a, struct answer *out)
{
    struct both *b = context;
    const struct answer *known = known_find(&b->known, q);
    if (known != NULL) {
        *out = *known;
        return;
    }
    b->asked++;
    here_ask(&b->reader, q, a, out);
}

static void collect_early(struct tree *t, struct both *b, struct snapshot *out)
{
    struct collect_from *from = arena_new(&t->arena, struct collect_from, 1);
    const struct asker by = {.context = b, .ask = ask_both, .arena = &t->arena};
    assert_int_equal(reader_open(t->dir, NULL, &b->reader), ST_OK);
    known_init(&b->known, &t->arena);
    reader_early(&b->reader, &b->known);
    collect_start(t->dir, NULL, b->reader.sysfs, from);
    collect(from, &by, out);
    reader_close(&b->reader);
}

static void what_is_read_beforehand_is_what_is_asked_for(void **state)
{
    struct tree *t = *state;
    struct snapshot asked, early;
    struct both b = {.asked = 0};
    put_machine(t);
    assert_int_equal(here_collect(t->dir, &t->arena, &asked), ST_OK);
    collect_early(t, &b, &early);
    assert_int_equal(early.n, asked.n);
    for (size_t i = 0; i < asked.n; i++) {
        assert_string_equal(early.blobs[i].name, asked.blobs[i].name);
        assert_int_equal(early.blobs[i].st, asked.blobs[i].st);
        assert_true(span_equal(early.blobs[i].data, asked.blobs[i].data));
    }
    print_message("%zu known, %zu asked\n", b.known.n, b.asked);
    assert_true(b.known.n > 60);
    assert_true(b.asked < 40);
}

/* Each question costs a way to the reader and back; of loop devices there can be hundreds. */
static void disks_are_read_beforehand_and_loop_devices_are_not(void **state)
{
    struct tree *t = *state;
    struct known k;
    static const char *const paths[] = {"sys/block/sda/queue/rotational", "sys/block/nvme0n1/size",
                                        "sys/block/loop0/size"};
    for (size_t i = 0; i < COUNT(paths); i++)
        tree_file(t, paths[i], "1\n");
    scoped_reader r;
    assert_int_equal(reader_open(t->dir, NULL, &r), ST_OK);
    known_init(&k, &t->arena);
    reader_early(&r, &k);
    for (size_t i = 0; i < COUNT(paths); i++) {
        const struct question q = {.kind = ASK_FILE, .path = paths[i]};
        assert_int_equal(known_find(&k, &q) != NULL, strstr(paths[i], "loop") == NULL);
    }
}

/* A tree can hold any number of folders: what is read beforehand is bounded. */
static void a_tree_of_many_files_is_not_read_beforehand(void **state)
{
    enum { FOLDERS = 3000, SIZE = 60000 };
    struct tree *t = *state;
    struct known k;
    static char text[SIZE];
    memset(text, 'x', sizeof text);
    for (unsigned i = 0; i < FOLDERS; i++)
        tree_folder(t, arena_printf(&t->arena, "sys/class/tpm/t%u", i));
    for (unsigned i = 0; i < 300; i++)
        tree_bytes(t, arena_printf(&t->arena, "sys/firmware/efi/runtime-map/%u/type", i), text,
                   sizeof text);
    scoped_reader r;
    assert_int_equal(reader_open(t->dir, NULL, &r), ST_OK);
    known_init(&k, &t->arena);
    reader_early(&r, &k);
    print_message("%zu bytes of %zu answers\n", k.bytes, k.n);
    assert_true(k.bytes < 16 << 20);
    assert_true(k.n < 40000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(a_question_goes_there_and_back),
        with_tree(a_question_that_is_cut_or_too_long_is_none),
        with_tree(a_spoiled_question_is_read_within_its_bytes),
        with_tree(kinds_and_statuses_that_there_are_not_are_none),
        with_tree(an_answer_goes_there_and_back),
        with_tree(items_that_are_cut_are_none),
        with_tree(records_are_known_once),
        with_tree(what_is_read_beforehand_is_what_is_asked_for),
        with_tree(disks_are_read_beforehand_and_loop_devices_are_not),
        with_tree(a_tree_of_many_files_is_not_read_beforehand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
