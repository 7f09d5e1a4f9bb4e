/* SPDX-License-Identifier: MIT */
/* What only a live machine has, which tests/e2e finds on few: from answers that the test makes. */
#define _GNU_SOURCE 1
#include "collect/collect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/build.h"
#include "support/cmocka.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

#define SB "efivar/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* A machine; what is not set is not there. */
struct machine {
    const char *const *records; /* of the log, one answer */
    size_t n_records;
    enum status record_st; /* of the last of them */
    bool asked;            /* for them, so the next answer is the end */
    const char *cpus;      /* names in dev/cpu, each with a NUL, and one more at the end */
    bool variables;        /* libefivar is there */
};

static void put_item(struct out *o, enum status st, int error, const void *bytes, size_t n)
{
    const struct ask_item item = {.st = (int32_t)st, .error = error, .size = (uint32_t)n};
    out_bytes(o, (const char *)&item, sizeof item);
    out_bytes(o, bytes, n);
}

static void ask_log(struct machine *m, struct out *o, struct answer *out)
{
    for (size_t i = 0; i < m->n_records && !m->asked; i++) {
        enum status st = i + 1 == m->n_records ? m->record_st : ST_OK;
        put_item(o, st, 0, m->records[i], strlen(m->records[i]));
    }
    m->asked = true;
    *out = (struct answer){.st = m->records != NULL ? ST_OK : ST_ABSENT, .data = out_span(o)};
}

/* Processor 2 has the first register, lacks the second, and refuses the rest; 10 is not there. */
static void ask_registers(const struct question *q, struct out *o, struct answer *out)
{
    static const uint64_t value = 5, none = 0;
    if (strcmp(q->path, "dev/cpu/2/msr") != 0)
        return;
    put_item(o, ST_OK, 0, &value, sizeof value);
    put_item(o, ST_IO_ERROR, EIO, &none, sizeof none);
    put_item(o, ST_NO_PERMISSION, EPERM, &none, sizeof none);
    *out = (struct answer){.st = ST_OK, .data = out_span(o)};
}

static void ask_variables(const struct question *q, struct out *o, struct answer *out)
{
    for (size_t at = 0; at < q->list.len; at += strlen((const char *)q->list.ptr + at) + 1) {
        bool is = strcmp((const char *)q->list.ptr + at, &SB[strlen("efivar/")]) == 0;
        put_item(o, is ? ST_OK : ST_NO_PERMISSION, 0, "\6\0\0\0\1", is ? 5 : 0);
    }
    *out = (struct answer){.st = ST_OK, .data = out_span(o)};
}

static void ask_machine(void *context, const struct question *q, struct arena *a,
                        struct answer *out)
{
    struct machine *m = context;
    struct out o;
    out_init(&o, a);
    *out = (struct answer){.st = ST_ABSENT};
    if (q->kind == ASK_NEXT && strcmp(q->path, "dev/kmsg") == 0) {
        ask_log(m, &o, out);
    } else if (q->kind == ASK_EXISTS && strcmp(q->path, "sys/class/msr") == 0 && m->cpus != NULL) {
        out->st = ST_OK;
    } else if (q->kind == ASK_LIST && strcmp(q->path, "dev/cpu") == 0 && m->cpus != NULL) {
        size_t n = 0;
        while (m->cpus[n] != '\0')
            n += strlen(m->cpus + n) + 1;
        *out = (struct answer){.st = ST_OK, .data = {(const uint8_t *)m->cpus, n}};
    } else if (q->kind == ASK_LIST && m->variables &&
               strcmp(q->path, "sys/firmware/efi/efivars") == 0) {
        *out = (struct answer){.st = ST_OK, .data = {(const uint8_t *)"Boot0000-x", 11}};
    } else if (q->kind == ASK_WORDS) {
        ask_registers(q, &o, out);
    } else if (q->kind == ASK_VARIABLES && m->variables) {
        ask_variables(q, &o, out);
    }
}

static void collect_from_machine(struct machine *m, struct arena *a, struct snapshot *out)
{
    struct collect_from *from = arena_new(a, struct collect_from, 1);
    struct asker *by = arena_new(a, struct asker, 1);
    *by = (struct asker){.context = m, .ask = ask_machine, .arena = a};
    collect_start(NULL, NULL, true, from);
    collect(from, by, out);
}

static void the_log_of_the_kernel_is_kept_as_far_as_it_is_about_the_boot(void **state)
{
#define FIRST  "5,0,0,-;Linux version 6.1.0 (x)\n"
#define LINE_1 "[    0.000000] Linux version 6.1.0 (x)\n"
    static const char *const whole[] = {FIRST, "6,1,5140900,-,caller=T1;efi: EFI v2.7\n X=y\n"};
    static const char *const late[] = {FIRST, "6,1,999999999999,-;efi: late\n",
                                       "6,2,999999999999,-;efi: later\n"};
    static const char *const cut[] = {"6,3,5140900,-;efi: EFI v2.7\n"};
    static const char *const odd[] = {FIRST,
                                      "no record\n",
                                      "6,1,5\n",
                                      "6,1,5,-,no message\n",
                                      "30,2,5,-;efi: of a program\n",
                                      "6,3,5,-;of no interest\n"};
    static const struct {
        const char *const *records;
        size_t n;
        enum status last, st;
        const char *text;
    } rows[] = {
        {whole, COUNT(whole), ST_OK, ST_OK, LINE_1 "[    5.140900] efi: EFI v2.7\n"},
        {whole, COUNT(whole), ST_TRUNCATED, ST_TRUNCATED, LINE_1},
        {late, COUNT(late), ST_OK, ST_OK, LINE_1},
        {cut, COUNT(cut), ST_OK, ST_TRUNCATED, "[    5.140900] efi: EFI v2.7\n"},
        {odd, COUNT(odd), ST_OK, ST_OK, LINE_1},
        {NULL, 0, ST_OK, ST_NOT_COLLECTED, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct machine m = {
            .records = rows[i].records, .n_records = rows[i].n, .record_st = rows[i].last};
        struct snapshot s;
        collect_from_machine(&m, *state, &s);
        struct blob b = snap_get(&s, "efi/kernel-log");
        if (b.st != rows[i].st || !span_is(b.data, rows[i].text))
            fail_msg("row %zu: %s, %.*s", i, status_name(b.st), (int)b.data.len,
                     (const char *)b.data.ptr);
    }
}

/* Only EIO says that a processor lacks a register. */
static void a_register_is_read_absent_or_refused_on_each_processor(void **state)
{
#if defined(__x86_64__) || defined(__i386__)
    struct machine m = {.cpus = "10\0"
                                "2\0"
                                "microcode\0"};
    struct snapshot s;
    collect_from_machine(&m, *state, &s);
    struct blob b = snap_get(&s, "msr");
    struct span rest = b.data, line;
    static const char *const starts[] = {"2 0x3a 0x0000000000000005", "2 ", "2 "};
    static const char *const ends[] = {"0x0000000000000005", " absent", " no-permission"};
    assert_int_equal(b.st, ST_OK);
    for (size_t i = 0; i < COUNT(starts); i++) {
        assert_true(span_next_line(&rest, &line));
        if (!span_starts(line, starts[i]) || !span_find(line, ends[i], NULL))
            fail_msg("line %zu: %.*s", i, (int)line.len, (const char *)line.ptr);
    }
    /* What the answer does not hold was not read; of the other processor nothing was. */
    while (span_next_line(&rest, &line) && span_starts(line, "2 "))
        assert_true(span_find(line, " io-error", NULL));
    assert_true(span_starts(line, "10 0x3a no-driver"));
#else
    (void)state;
    skip();
#endif
}

static void the_library_for_variables_is_asked_for_all_at_once(void **state)
{
    struct machine m = {.variables = true};
    struct snapshot s;
    collect_from_machine(&m, *state, &s);
    struct blob b = snap_get(&s, SB);
    assert_int_equal(b.st, ST_OK);
    assert_true(span_equal(b.data, (struct span){(const uint8_t *)"\6\0\0\0\1", 5}));
    size_t refused = 0;
    for (size_t i = 0; i < s.n; i++)
        refused += strncmp(s.blobs[i].name, "efivar/", 7) == 0 &&
                   s.blobs[i].st == ST_NO_PERMISSION && s.blobs[i].data.len == 0;
    assert_true(refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_log_of_the_kernel_is_kept_as_far_as_it_is_about_the_boot),
        cmocka_unit_test(a_register_is_read_absent_or_refused_on_each_processor),
        cmocka_unit_test(the_library_for_variables_is_asked_for_all_at_once),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
