/* SPDX-License-Identifier: MIT */
/* Costs that input could drive up without a limit, each named after what it did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/driver_list.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/iommu.h"
#include "support/loading.h"
#include "support/scene.h"
#include "vbscheck/count.h"
#include "vbscheck/driver.h"

/* Head, `n` lines, in which five hexadecimal digits of a number stand for '~'; the caller frees. */
static char *many(const char *head, const char *line, size_t n)
{
    size_t before = strcspn(line, "~"), room = strlen(head) + n * (strlen(line) + 8) + 1;
    const char *after = line + before + (line[before] != '\0');
    char *text = calloc(room, 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, room, "%s", head);
    for (unsigned i = 0; i < n; i++) {
        used += (size_t)snprintf(text + used, room - used, "%.*s", (int)before, line);
        if (line[before] != '\0')
            used += (size_t)snprintf(text + used, room - used, "%05x", i);
        used += (size_t)snprintf(text + used, room - used, "%s", after);
    }
    return text;
}

static size_t count_findings(const struct scene *s, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < s->report.facts.n_findings; i++)
        n += strcmp(s->report.facts.findings[i].rule, rule) == 0;
    return n;
}

static void assert_told(const struct scene *s, const char *words)
{
    for (size_t i = 0; i < s->report.facts.n_findings; i++) {
        if (strcmp(s->report.facts.findings[i].message, words) == 0)
            return;
    }
    fail_msg("no finding says: %s", words);
}

/* 1 MiB of checks, each compared with all before it, took 0.8 s, and 4 MiB the judge's 20 s. */
static void the_checks_and_signatures_of_a_driver_are_counted(void **state)
{
    static const struct {
        const char *line;
        size_t most;
    } rows[] = {{"check 0x~ 0 0 violation .text\n", DRIVER_CHECKS_MAX},
                {"chain ~\n", DRIVER_CHAINS_MAX}};
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        bool over = i % 2 == 1;
        size_t most = rows[i / 2].most;
        char *text = many("driver a\n", rows[i / 2].line, most + over);
        struct driver_list l = {0};
        struct fault fault = {0};
        enum status st = driver_list_parse(span_of(text), *state, &l, &fault);
        assert_int_equal(st, over ? ST_MALFORMED : ST_OK);
        assert_true(!over || strstr(fault.what, "of one driver than are read") != NULL);
        assert_true(over || l.items[0].n_checks + l.items[0].n_chains == most);
        free(text);
    }
}

static void thousands_of_drivers_are_summed_up(void **state)
{
    enum { N = FINDINGS_MAX + 7 };
    char *text =
        many("policy p\n", "driver d~\narch amd64\nresult violation\ndenied-by r\nfault x\n", N);
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "drivers", text);
    scene_judge(&s);
    assert_int_equal(s.report.facts.drivers->n, N);
    assert_int_equal(scene_fact(&s, "drivers.incompatible")->v.u, N);
    assert_int_equal(count_findings(&s, "drivers.hvci"), FINDINGS_MAX + 1);
    assert_int_equal(count_findings(&s, "drivers.blocklist"), FINDINGS_MAX + 1);
    assert_told(&s, "7 more files");
    scene_end(&s);
    free(text);
}

/* Findings had no limit, and each event went through all drivers of the disk: 1 MiB took 1.8 s. */
static void thousands_of_events_are_summed_up(void **state)
{
    enum { N = FINDINGS_MAX + 9, GONE = 5 };
    char *events = many("path /mnt/c\nhive ok \nlog ok \nlog-from 2026-11-01T00:00:00Z\n"
                        "log-to 2026-11-02T00:00:00Z\n",
                        "event 3111 0x8 2026-11-02T00:00:00Z W/D~.sys\n", N);
    char *files = many("", "driver w/d~.sys\narch amd64\nresult clean\n", N - GONE);
    struct scene s;
    (void)state;
    scene_begin(&s);
    scene_text(&s, "drivers", files);
    scene_text(&s, "windows", events);
    scene_judge(&s);
    assert_int_equal(count_findings(&s, "drivers.windows-log"), FINDINGS_MAX + 1);
    assert_told(&s, "9 more events");
    /* Paths are alike whatever their case. */
    assert_int_equal(scene_fact(&s, "windows-disk.log-refused")->v.u, N - GONE);
    scene_end(&s);
    free(events);
    free(files);
}

/* Each was a note, so that those of all other probes were left out. */
static void notes_of_dead_units_leave_room_for_others(void **state)
{
    enum { UNITS = 1200 };
    static struct build b;
    char *log = many("[    0.000000] Linux version 6.1.0\n",
                     "[    0.01] DMAR: Your BIOS is broken; DMAR reported at address fed~000 "
                     "returns all ones!\n",
                     UNITS);
    struct scene s;
    size_t n = 0;
    (void)state;
    scene_begin(&s);
    scene_complete_acpi(&s);
    dmar_begin(&b, 1);
    for (unsigned i = 0; i < UNITS; i++)
        dmar_unit(&b, 0, 0, UINT64_C(0xfed00000000) + i * UINT64_C(0x1000), "");
    scene_bytes(&s, "acpi/DMAR", acpi_end(&b));
    scene_text(&s, "efi/kernel-log", log);
    scene_text(&s, "pci", "0000:00:02.0 class=030000 vendor=8086 device=3e92\n");
    scene_judge(&s);
    for (size_t i = 0; i < s.report.notes.n; i++)
        n += strstr(s.report.notes.items[i].message, "does not answer, but") != NULL;
    assert_int_equal(n, NOTES_ALIKE_MAX);
    assert_true(scene_notes(&s, "1184 more units that do not answer"));
    assert_true(s.report.facts.iommu->units[UNITS - 1].dead);
    scene_end(&s);
    free(log);
}

/* Each cost 8 KiB: 1 MiB of them took all the memory that a judge has. */
static void small_dumps_take_little_memory(void **state)
{
    enum { N = 1000, EACH = 2048 };
    static const char *const dumps[] = {
        "00000000  57 53 4d 54 28 00 00 00  01 00 56 42 53 54 53 54  |WSMT(...VBSTST|\n",
        "# SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c\n00000000: 0600 0000 01\n",
        ("GUID: 8be4df61-93ca-11d2-aa0d-00e098032b8c\nName: \"SecureBoot\"\nAttributes:\n"
         "\tBoot Service Access\nValue:\n00000000  01  |.|\n"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(dumps); i++) {
        char *text = many("", dumps[i], N);
        struct loading l;
        loading_text(&l, text);
        assert_int_equal(l.st, ST_OK);
        assert_in_range(l.arena.used, 1, (size_t)N * EACH);
        loading_end(&l);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checks_and_signatures_of_a_driver_are_counted),
        cmocka_unit_test(thousands_of_drivers_are_summed_up),
        cmocka_unit_test(thousands_of_events_are_summed_up),
        cmocka_unit_test(notes_of_dead_units_leave_room_for_others),
        cmocka_unit_test(small_dumps_take_little_memory),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
