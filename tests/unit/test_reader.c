/* SPDX-License-Identifier: MIT */
/*
 * The side with rights, asked by a hostile process: what is not on its list is not answered, and a
 * process that asks for it is ended.
 */
#define _GNU_SOURCE 1
#include "reader/reader.h"

#include <errno.h>

#include "ask/wire.h"
#include "confine/confine.h"
#include "reader/access.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

#define FUNCTIONS "sys/bus/pci/devices/"

/* A reader of the test's tree; `live` as if that were this machine. */
static struct reader reader_of(struct tree *t, bool live)
{
    struct reader r;
    assert_int_equal(reader_open(t->dir, NULL, &r), ST_OK);
    r.live = live;
    return r;
}

static bool asks(struct reader *r, struct tree *t, struct question q, struct answer *out)
{
    if (q.path == NULL)
        q.path = "";
    return reader_answer(r, &q, &t->arena, out);
}

static bool is_answered(struct tree *t, enum ask_kind kind, const char *path)
{
    scoped_reader r = reader_of(t, false);
    struct answer w;
    return asks(&r, t, (struct question){.kind = kind, .path = path}, &w);
}

/* Paths ------------------------------------------------------------------------------------- */

static void answers_nothing_that_is_not_on_its_list(void **state)
{
    static const struct {
        enum ask_kind kind;
        const char *path;
    } forged[] = {
        {ASK_FILE, "etc/shadow"},
        {ASK_FILE, "/etc/shadow"},
        {ASK_FILE, "/proc/cpuinfo"},
        {ASK_FILE, "proc//cpuinfo"},
        {ASK_FILE, "proc/cpuinfo/"},
        {ASK_FILE, "proc/./cpuinfo"},
        {ASK_FILE, "proc/../etc/shadow"},
        {ASK_FILE, "../etc/shadow"},
        {ASK_FILE, ""},
        {ASK_FILE, "."},
        {ASK_FILE, "proc"},
        {ASK_FILE, "proc/kcore"},
        {ASK_FILE, "dev/mem"},
        {ASK_FILE, "dev/kmsg"},
        {ASK_FILE, "proc/1/environ"},
        {ASK_FILE, "boot/config-"},
        {ASK_FILE, "boot/config-/../../etc/shadow"},
        {ASK_FILE, "boot/config-x/../shadow"},
        {ASK_FILE, "sys/firmware/acpi/tables/.."},
        {ASK_FILE, "sys/firmware/acpi/tables/."},
        {ASK_FILE, "sys/firmware/acpi/tables/.hidden"},
        {ASK_FILE, "sys/firmware/acpi/tables/data/x"},
        {ASK_FILE, FUNCTIONS "../class"},
        {ASK_FILE, FUNCTIONS "0000:00:00.0/../class"},
        {ASK_FILE, FUNCTIONS "0000:00:00.0/resource"},
        {ASK_FILE, "sys/class/dmi/id/product_uuid"},
        {ASK_FILE, "sys/class/dmi/id/product_serial"},
        {ASK_FILE, "run/vbscheck/mor-test.key"},
        {ASK_FILE, "lib/modules/x/y/modules.builtin"},
        {ASK_LIST, "proc"},
        {ASK_LIST, "root"},
        {ASK_LIST, "proc/cpuinfo"},
        {ASK_LINK, "proc/self/exe"},
        {ASK_EXISTS, "root/.ssh"},
    };
    struct tree *t = *state;
    for (size_t i = 0; i < COUNT(forged); i++) {
        if (is_answered(t, forged[i].kind, forged[i].path)) {
            print_message("answered: '%s'\n", forged[i].path);
            fail();
        }
    }
    char path[ASK_PATH_MAX + 2];
    memset(path, 'x', sizeof path);
    memcpy(path, "boot/config-", strlen("boot/config-"));
    path[ASK_PATH_MAX + 1] = '\0';
    assert_false(is_answered(t, ASK_FILE, path));
    path[ASK_PATH_MAX] = '\0';
    assert_true(is_answered(t, ASK_FILE, path));
    assert_true(is_answered(t, ASK_FILE, "proc/cpuinfo"));
    assert_true(is_answered(t, ASK_FILE, FUNCTIONS "0000:00:00.0/class"));
    assert_true(is_answered(t, ASK_EXISTS, "lib/modules/6.1/kernel/arch/x86/kvm/kvm-intel.ko.xz"));
}

/* A row that no path fits, or a kind that has no answer, would be a mistake of ours. */
static void every_row_of_the_list_can_be_asked(void **state)
{
    struct tree *t = *state;
    for (size_t i = 0; i < n_accesses; i++) {
        const struct access *row = &accesses[i];
        char path[ASK_PATH_MAX + 1];
        (void)snprintf(path, sizeof path, "%s%s%s", row->folder, row->folder[0] != '\0' ? "/" : "",
                       row->name);
        for (char *star = path; (star = strchr(star, '*')) != NULL;)
            *star = '7';
        scoped_reader r = reader_of(t, false);
        uint32_t offset = 0x3a;
        struct question q = {.kind = row->kind, .path = path};
        if (row->kind == ASK_AT || row->kind == ASK_NEXT)
            q.size = 4096;
        if (row->kind == ASK_WORDS) {
            q.size = 8;
            q.list = (struct span){(const uint8_t *)&offset, sizeof offset};
        }
        struct answer w;
        assert_true(asks(&r, t, q, &w));
        assert_true(row->early ? row->kind <= ASK_LINK : true);
        assert_int_equal(w.st, ST_ABSENT);
    }
}

/* Two sources ask for the table: what is read before both find it. */
static void smbios_is_read_once(void **state)
{
    (void)state;
    const struct question q = {.kind = ASK_FILE, .path = "sys/firmware/dmi/tables/DMI"};
    assert_true(access_find(&q)->early);
}

static void follows_no_link_out_of_the_root(void **state)
{
    struct tree *t = *state;
    struct answer w;
    tree_folder(t, "proc");
    assert_int_equal(symlinkat("../../../../../../../etc/passwd", t->fd, "proc/cpuinfo"), 0);
    assert_int_equal(symlinkat("/etc/hostname", t->fd, "proc/cmdline"), 0);
    scoped_reader r = reader_of(t, false);
    assert_true(asks(&r, t, (struct question){.kind = ASK_FILE, .path = "proc/cpuinfo"}, &w));
    assert_int_equal(w.st, ST_ABSENT);
    assert_true(asks(&r, t, (struct question){.kind = ASK_FILE, .path = "proc/cmdline"}, &w));
    assert_int_equal(w.st, ST_ABSENT);
}

static void opens_no_node(void **state)
{
    enum { NOBODYS_MAJOR = 4000, MEMORY = 1, ZERO = 5 };
    struct tree *t = *state;
    struct answer w;
    tree_folder(t, "proc");
    tree_folder(t, "dev");
    if (!tree_node(t, "proc/cpuinfo", S_IFBLK, NOBODYS_MAJOR, 0) ||
        !tree_node(t, "proc/kcore", S_IFCHR, MEMORY, ZERO) ||
        !tree_node(t, "dev/mem", S_IFCHR, MEMORY, ZERO))
        skip();
    scoped_reader r = reader_of(t, true);
    assert_true(asks(&r, t, (struct question){.kind = ASK_FILE, .path = "proc/cpuinfo"}, &w));
    assert_int_equal(w.st, ST_UNSUPPORTED);
    assert_true(
        asks(&r, t, (struct question){.kind = ASK_AT, .path = "proc/kcore", .size = 8}, &w));
    assert_int_equal(w.st, ST_UNSUPPORTED);
    assert_true(asks(&r, t, (struct question){.kind = ASK_MEMORY, .size = 8}, &w));
    assert_int_equal(w.st, ST_NO_DRIVER);
}

static void a_tree_has_no_memory_of_this_machine(void **state)
{
    struct tree *t = *state;
    struct answer w;
    tree_file(t, "dev/mem", "12345678");
    tree_file(t, "proc/iomem", "00000000-ffffffff : System RAM\n");
    scoped_reader r = reader_of(t, false);
    assert_true(asks(&r, t, (struct question){.kind = ASK_MEMORY, .size = 8}, &w));
    assert_int_equal(w.st, ST_NO_DRIVER);
}

/* Sizes ------------------------------------------------------------------------------------- */

static void refuses_sizes_and_lists_that_a_kind_does_not_have(void **state)
{
    static const uint8_t list[ASK_LIST_MAX + 4];
    static const struct question forged[] = {
        {.kind = ASK_AT, .path = "proc/kcore", .size = 0},
        {.kind = ASK_AT, .path = "proc/kcore", .size = ASK_SIZE_MAX + 1},
        {.kind = ASK_AT, .path = "proc/kcore", .size = 8, .list = {list, 4}},
        {.kind = ASK_NEXT, .path = "proc/kallsyms", .size = UINT32_MAX},
        {.kind = ASK_MEMORY, .size = ASK_SIZE_MAX + 1},
        {.kind = ASK_FILE, .path = "proc/cpuinfo", .size = 1},
        {.kind = ASK_FILE, .path = "proc/cpuinfo", .list = {list, 4}},
        {.kind = ASK_WORDS, .path = "dev/cpu/0/msr", .size = 8},
        {.kind = ASK_WORDS, .path = "dev/cpu/0/msr", .size = 8, .list = {list, 3}},
        {.kind = ASK_WORDS, .path = "dev/cpu/0/msr", .size = 8, .list = {list, 4 * 33}},
        {.kind = ASK_WORDS, .path = "dev/cpu/0/msr", .size = 4096, .list = {list, 4}},
        {.kind = ASK_WORDS, .path = "dev/cpu/0/cpuid", .size = 8, .list = {list, 4}},
        {.kind = ASK_PCI_NAMES},
        {.kind = ASK_PCI_NAMES, .list = {list, 3}},
        {.kind = ASK_PCI_NAMES, .list = {list, sizeof list}},
        {.kind = ASK_PCI_NAMES, .path = "x", .list = {list, 4}},
        {.kind = ASK_PCI_NAMES, .list = {list, 4 * (PCI_FUNCTIONS_MAX + 1)}},
        {.kind = ASK_TPM, .list = {list, 12}}, /* of a tree, without --tcti */
        {.kind = ASK_TPM, .list = {list, 11}},
        {.kind = ASK_KINDS, .path = "proc/cpuinfo"},
    };
    struct tree *t = *state;
    for (size_t i = 0; i < COUNT(forged); i++) {
        scoped_reader r = reader_of(t, false);
        struct answer w;
        if (asks(&r, t, forged[i], &w)) {
            print_message("answered: question %zu\n", i);
            fail();
        }
    }
}

static void names_of_variables_are_no_paths(void **state)
{
    static const char *const names[] = {
        "../../../../etc/passwd-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        "a/b-8be4df61-93ca-11d2-aa0d-00e098032b8c",
        "8be4df61-93ca-11d2-aa0d-00e098032b8c",
        "",
        "SecureBoot",
    };
    struct tree *t = *state;
    scoped_reader r = reader_of(t, true);
    struct answer w;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct span list = {(const uint8_t *)names[i], strlen(names[i]) + 1};
        assert_false(asks(&r, t, (struct question){.kind = ASK_VARIABLES, .list = list}, &w));
    }
    struct span cut = span_of("SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"); /* no NUL */
    assert_false(asks(&r, t, (struct question){.kind = ASK_VARIABLES, .list = cut}, &w));
}

static void answers_so_many_questions_and_no_more(void **state)
{
    struct tree *t = *state;
    scoped_reader r = reader_of(t, false);
    struct answer w;
    const struct question q = {.kind = ASK_EXISTS, .path = "run"};
    for (size_t i = 0; i < READER_QUESTIONS_MAX; i++)
        assert_true(reader_answer(&r, &q, &t->arena, &w));
    assert_false(reader_answer(&r, &q, &t->arena, &w));
}

static void gives_away_so_much_memory_and_no_more(void **state)
{
    enum { AT_ONCE = ASK_SIZE_MAX };
    struct tree *t = *state;
    scoped_reader r = reader_of(t, false);
    struct answer w;
    size_t got = 0;
    tree_file(t, "proc/kcore", "");
    assert_int_equal(truncate(tree_path(t, "proc/kcore"), READER_MEMORY_MAX * 2L), 0);
    struct question q = {.kind = ASK_AT, .path = "proc/kcore", .size = AT_ONCE};
    while (reader_answer(&r, &q, &t->arena, &w)) {
        assert_int_equal(w.data.len, AT_ONCE);
        q.offset += AT_ONCE;
        got += w.data.len;
    }
    assert_int_equal(got, READER_MEMORY_MAX);
}

static void gives_away_so_many_bytes_and_no_more(void **state)
{
    enum { FILE_SIZE = 4 << 20 };
    struct tree *t = *state;
    scoped_reader r = reader_of(t, false);
    struct arena once;
    struct answer w;
    size_t got = 0;
    tree_file(t, "proc/cpuinfo", "");
    assert_int_equal(truncate(tree_path(t, "proc/cpuinfo"), FILE_SIZE), 0);
    arena_init(&once, 64 << 20, tree_oom);
    const struct question q = {.kind = ASK_FILE, .path = "proc/cpuinfo"};
    while (reader_answer(&r, &q, &once, &w)) {
        got += w.data.len;
        arena_reset(&once);
    }
    arena_reset(&once);
    assert_int_equal(got, READER_BYTES_MAX);
}

/* Through the socket ------------------------------------------------------------------------ */

struct server {
    struct reader reader;
    size_t asked;
};

static bool serve(void *context, struct span question, struct arena *a, struct span *answer)
{
    struct server *s = context;
    struct question q;
    struct answer w;
    s->asked++;
    if (!wire_read_question(question, a, &q) || !reader_answer(&s->reader, &q, a, &w))
        return false;
    *answer = wire_answer(&w, a);
    return true;
}

static struct answer ask_through(const struct question *q, struct arena *a)
{
    struct answer w = {.st = ST_IO_ERROR};
    (void)wire_read_answer(confine_ask(wire_question(q, a), a), &w);
    return w;
}

static void ask_well(void *context, struct arena *a, struct judged *out)
{
    const struct question q = {.kind = ASK_FILE, .path = "proc/cpuinfo"};
    (void)context;
    out->document = ask_through(&q, a).data;
    out->exit_status = 3;
}

static void ask_for_shadow(void *context, struct arena *a, struct judged *out)
{
    const struct question q = {.kind = ASK_FILE, .path = "proc/../etc/shadow"};
    (void)context;
    out->document = ask_through(&q, a).data;
    out->exit_status = 0;
}

static void ask_nonsense(void *context, struct arena *a, struct judged *out)
{
    (void)context;
    out->document = confine_ask(span_of("not a question at all, but long enough for one"), a);
    out->exit_status = 0;
}

static void ask_for_ever(void *context, struct arena *a, struct judged *out)
{
    const struct question q = {.kind = ASK_EXISTS, .path = "run"};
    (void)context;
    (void)out;
    struct arena once;
    arena_init(&once, 1 << 20, a->oom);
    for (;;) {
        (void)ask_through(&q, &once);
        arena_reset(&once);
    }
}

/* More than a socket holds, and nobody takes the answers out. */
static void ask_and_not_listen(void *context, struct arena *a, struct judged *out)
{
    const struct question q = {.kind = ASK_FILE, .path = "proc/cpuinfo"};
    struct span bytes = wire_question(&q, a);
    const uint32_t head[] = {1, 0, (uint32_t)bytes.len, 0};
    (void)context;
    (void)out;
    for (;;) {
        if (write(0, head, sizeof head) < 0 || write(0, bytes.ptr, bytes.len) < 0)
            _exit(0);
    }
}

static struct judged run_against(struct tree *t, struct server *s, confine_work *work,
                                 unsigned wall_ms)
{
    struct confine_profile p = profile_machine;
    struct judged j = {.exit_status = 9};
    p.wall_ms = wall_ms;
    const struct confinement c = {
        .profile = &p, .work = work, .serve = s != NULL ? serve : NULL, .server = s};
    assert_int_equal(confine_run(&c, &t->arena, &j), ST_OK);
    if (j.message.len > 0)
        print_message("%s\n", arena_text(&t->arena, j.message));
    return j;
}

static void a_forged_question_ends_who_asks_it(void **state)
{
    static confine_work *const forgers[] = {ask_for_shadow, ask_nonsense};
    struct tree *t = *state;
    tree_file(t, "proc/cpuinfo", "processor : 0\n");
    for (size_t i = 0; i < COUNT(forgers); i++) {
        struct server s = {.reader = reader_of(t, false)};
        struct judged j = run_against(t, &s, forgers[i], LIMIT_WALL_SECONDS * 1000);
        assert_int_equal(j.exit_status, 2);
        assert_int_equal(j.document.len, 0);
        assert_int_equal(s.asked, 1);
        assert_true(span_find(j.message, "asked for something forbidden", NULL));
        reader_close(&s.reader);
    }
    struct server s = {.reader = reader_of(t, false)};
    struct judged j = run_against(t, &s, ask_well, LIMIT_WALL_SECONDS * 1000);
    assert_int_equal(j.exit_status, 3);
    assert_true(span_is(j.document, "processor : 0\n"));
    reader_close(&s.reader);
}

static void where_nobody_answers_a_question_ends_who_asks_it(void **state)
{
    struct judged j = run_against(*state, NULL, ask_well, LIMIT_WALL_SECONDS * 1000);
    assert_int_equal(j.exit_status, 2);
    assert_true(span_find(j.message, "asked for something forbidden", NULL));
}

static void one_who_never_stops_asking_is_stopped(void **state)
{
    struct tree *t = *state;
    struct server s = {.reader = reader_of(t, false)};
    struct judged j = run_against(t, &s, ask_for_ever, 300);
    assert_int_equal(j.exit_status, 2);
    assert_true(s.asked > 10);
    reader_close(&s.reader);
}

static void one_who_does_not_listen_holds_nobody_up(void **state)
{
    struct tree *t = *state;
    struct server s = {.reader = reader_of(t, false)};
    tree_file(t, "proc/cpuinfo", "");
    assert_int_equal(truncate(tree_path(t, "proc/cpuinfo"), 4 << 20), 0);
    struct judged j = run_against(t, &s, ask_and_not_listen, 300);
    assert_int_equal(j.exit_status, 2);
    reader_close(&s.reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(answers_nothing_that_is_not_on_its_list),
        cmocka_unit_test(smbios_is_read_once),
        with_tree(every_row_of_the_list_can_be_asked),
        with_tree(follows_no_link_out_of_the_root),
        with_tree(opens_no_node),
        with_tree(a_tree_has_no_memory_of_this_machine),
        with_tree(refuses_sizes_and_lists_that_a_kind_does_not_have),
        with_tree(names_of_variables_are_no_paths),
        with_tree(answers_so_many_questions_and_no_more),
        with_tree(gives_away_so_much_memory_and_no_more),
        with_tree(gives_away_so_many_bytes_and_no_more),
        with_tree(a_forged_question_ends_who_asks_it),
        with_tree(where_nobody_answers_a_question_ends_who_asks_it),
        with_tree(one_who_never_stops_asking_is_stopped),
        with_tree(one_who_does_not_listen_holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
