/* SPDX-License-Identifier: MIT */
/* Driver files: each check of one image, and what is made of all of them. */
#include <string.h>

#include "load/driver_pack.h"
#include "parse/driver_list.h"
#include "probe/drivers/image.h"
#include "probe/drivers/image_checks.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/pe.h"
#include "support/scene.h"

static struct driver look(struct arena *a, struct span file)
{
    struct driver d = {.path = "x.sys", .group = DRIVER_GIVEN};
    struct image_options options = {0};
    assert_true(image_look(file, true, &options, a, &d));
    return d;
}

static struct driver look_at(struct arena *a, const struct pe_spec *spec)
{
    struct build b;
    struct heap h = heap_copy(pe_build(&b, spec));
    struct driver d = look(a, h.span);
    heap_free(&h); /* nothing of the file is kept */
    return d;
}

/* True if the image has exactly this one check. */
static bool has_only(const struct driver *d, uint32_t bit, uint32_t code, const char *section)
{
    if (d->n_checks != 1 || d->checks[0].bit != bit || d->checks[0].code != code)
        return false;
    if (section == NULL)
        return d->checks[0].section == NULL;
    return d->checks[0].section != NULL && strcmp(d->checks[0].section, section) == 0;
}

static void a_clean_driver_has_no_check(void **state)
{
    struct pe_spec spec = pe_clean();
    struct driver d = look_at(*state, &spec);
    assert_int_equal(d.result, DRIVER_CLEAN);
    assert_int_equal(d.n_checks, 0);
    assert_string_equal(d.arch, "amd64");
    assert_string_equal(d.version, "1.2.3.4");
    assert_string_equal(d.product, "Made things");
    assert_int_equal(d.legacy_pool, 1);
    assert_int_equal(d.no_nx_compat, 0);
}

/* What one change to a clean driver makes of it. */
struct flags_case {
    const char *name;
    uint32_t flags;
    uint32_t bit, code;
    enum driver_result result;
};

static void only_discardable_and_not_shared_excuses_writable_and_executable(void **state)
{
    static const struct flags_case cases[] = {
        {"INIT", 0xe0000020, 0x8, 0x2003, DRIVER_VIOLATION}, /* not discardable */
        {"INIT", PE_INIT_RWX, 0, 0x2003, DRIVER_CLEAN},
        {"setup", PE_INIT_RWX, 0, 0x2003, DRIVER_CLEAN},      /* another name */
        {"INIT", 0xf2000020, 0x10, 0x2003, DRIVER_VIOLATION}, /* shared */
        {".hook", 0xf0000020, 0x10, 0x2003, DRIVER_VIOLATION},
        {".share", 0xd0000040, 0, 0, DRIVER_UNDECIDED}, /* shared, writable, not executable */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pe_spec spec = pe_clean();
        spec.sections[2].name = cases[i].name;
        spec.sections[2].flags = cases[i].flags;
        struct driver d = look_at(*state, &spec);
        assert_true(has_only(&d, cases[i].bit, cases[i].code, cases[i].name));
        assert_int_equal(d.result, cases[i].result);
    }
}

static void sections_start_at_pages(void **state)
{
    struct pe_spec spec = pe_clean();
    spec.section_alignment = 0x80;
    struct driver d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x2, 0x2004, NULL));
    assert_int_equal(d.result, DRIVER_VIOLATION);
    spec = pe_clean();
    spec.section_alignment = 0x2000; /* as ia64 has it */
    d = look_at(*state, &spec);
    assert_int_equal(d.result, DRIVER_CLEAN);
    spec = pe_clean();
    spec.sections[2].rva = 0x3080;
    d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x4, 0x2004, ".data"));
    assert_int_equal(d.result, DRIVER_VIOLATION);
}

static void the_import_address_table_is_not_executable(void **state)
{
    struct pe_spec spec = pe_clean();
    spec.sections[1].flags = PE_TEXT;
    struct driver d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x20, 0x2005, ".rdata"));
    assert_int_equal(d.result, DRIVER_VIOLATION);
    spec.dirs[12].at = spec.dirs[12].size = 0; /* where FirstThunk points counts then */
    d = look_at(*state, &spec);
    assert_int_equal(d.n_checks, 2);
    assert_int_equal(d.checks[0].bit, 0x20);
    assert_int_equal(d.checks[1].bit, 0x80);
    assert_int_equal(d.result, DRIVER_VIOLATION);
}

/* Bug: a table elsewhere, or imports said to be of size 0, hid that .rdata is executable here. */
static void no_directory_hides_imports_in_an_executable_section(void **state)
{
    struct pe_spec spec = pe_clean();
    spec.sections[1].flags = PE_TEXT;
    spec.dirs[12].at = 0x3000; /* .data */
    struct driver d = look_at(*state, &spec);
    assert_true(has_only(&d, 0, 0, ".rdata"));
    assert_int_equal(d.checks[0].own, OWN_THUNKS);
    assert_int_equal(d.result, DRIVER_UNDECIDED);
    spec.dirs[12].at = spec.dirs[12].size = spec.dirs[1].size = 0;
    d = look_at(*state, &spec);
    assert_int_equal(d.checks[0].bit, 0x20);
    assert_int_equal(d.result, DRIVER_VIOLATION);
}

static void an_unusual_layout_is_undecided(void **state)
{
    struct pe_spec spec = pe_clean();
    spec.dirs[12].at = 0x9000;
    struct driver d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x40, 0, NULL));
    assert_int_equal(d.result, DRIVER_UNDECIDED);
    spec = pe_clean();
    spec.dirs[12].size = 0x300;
    d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x40, 0, ".rdata"));
    spec = pe_clean();
    spec.dirs[12].at = spec.dirs[12].size = 0;
    d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x80, 0, NULL));
    spec = pe_clean();
    spec.sections[2].size = 0;
    d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x400, 0, ".data"));
    spec = pe_clean();
    spec.sections[3].rva = 0x3000; /* over .data */
    spec.dirs[2].at = 0;
    d = look_at(*state, &spec);
    assert_true(has_only(&d, 0x200, 0, NULL));
    assert_int_equal(d.result, DRIVER_UNDECIDED);
}

static void a_gap_between_sections_and_an_odd_certificate_are_undecided(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)pe_build(&b, &spec);
    put_zeros(&b, 0x200);
    pe_poke32(&b, PE_SECTIONS_AT + 4 * 40 + 20, PE_HEADERS + 0x200 * 4 + 0x400);
    spec.dirs[5].at = 0;
    pe_poke32(&b, 0x40 + 24 + 112 + 5 * 8, 0);
    struct driver d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0x100, 0, NULL));
    spec = pe_clean();
    (void)pe_build(&b, &spec);
    struct heap signature =
        load_file(VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/parse_authenticode/one");
    (void)pe_sign(&b, signature.span);
    heap_free(&signature);
    put_zeros(&b, 8); /* behind the certificates */
    d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0x800, 0, NULL));
    assert_int_equal(d.result, DRIVER_UNDECIDED);
}

/* Bug: both were called clean. */
static void an_image_that_cannot_start_is_not_clean(void **state)
{
    enum { ENTRY_AT = 0x40 + 24 + 16, SECTIONS_AT = 0x40 + 6 };
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)pe_build(&b, &spec);
    pe_poke32(&b, ENTRY_AT, 0x2000); /* .rdata */
    struct driver d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0, 0, ".rdata"));
    assert_int_equal(d.checks[0].own, OWN_ENTRY_POINT);
    assert_int_equal(d.result, DRIVER_UNDECIDED);
    pe_poke32(&b, ENTRY_AT, 0x10); /* the headers */
    d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0, 0, NULL));
    assert_int_equal(d.result, DRIVER_UNDECIDED);
    pe_poke32(&b, ENTRY_AT, 0); /* a library of the kernel may have none */
    d = look(*state, build_span(&b));
    assert_int_equal(d.result, DRIVER_CLEAN);
    for (unsigned i = 0; i < 16; i++)
        spec.dirs[i].at = spec.dirs[i].size = 0;
    (void)pe_build(&b, &spec);
    pe_poke16(&b, SECTIONS_AT, 0);
    d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0, 0, NULL));
    assert_int_equal(d.checks[0].own, OWN_NO_SECTIONS);
    assert_int_equal(d.result, DRIVER_UNDECIDED);
}

/* Bug: both were called clean. */
static void what_windows_does_not_load_is_not_clean(void **state)
{
    enum { CHARACTERISTICS_AT = 0x40 + 22, SIZE_OF_IMAGE_AT = 0x40 + 24 + 56 };
    struct build b;
    struct pe_spec spec = pe_clean();
    (void)pe_build(&b, &spec);
    pe_poke16(&b, CHARACTERISTICS_AT, 0x20); /* without IMAGE_FILE_EXECUTABLE_IMAGE */
    struct driver d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0, 0, NULL));
    assert_int_equal(d.checks[0].own, OWN_NOT_RUNNABLE);
    assert_int_equal(d.result, DRIVER_UNDECIDED);
    (void)pe_build(&b, &spec);
    pe_poke32(&b, SIZE_OF_IMAGE_AT, PE_RELOC_RVA);
    d = look(*state, build_span(&b));
    assert_true(has_only(&d, 0, 0, ".reloc"));
    assert_int_equal(d.checks[0].own, OWN_IMAGE_SIZE);
    assert_int_equal(d.result, DRIVER_UNDECIDED);
}

static void other_files_are_no_drivers(void **state)
{
    struct build b;
    struct pe_spec spec = pe_clean();
    struct driver d = {.path = "x.sys"};
    struct image_options options = {0};
    spec.subsystem = 3;
    assert_false(image_look(pe_build(&b, &spec), true, &options, *state, &d));
    assert_false(image_look(span_of("text"), false, &options, *state, &d));
    assert_true(image_look(span_of("text"), true, &options, *state, &d));
    assert_int_equal(d.result, DRIVER_MALFORMED);
    assert_false(image_look(span_of("MZ"), false, &options, *state, &d));
    assert_true(image_look(span_of("MZ"), true, &options, *state, &d));
    assert_int_equal(d.result, DRIVER_MALFORMED);
}

static void a_violation_counts_although_the_rest_cannot_be_read(void **state)
{
    struct pe_spec spec = pe_clean();
    spec.dirs[5].size = 0x7fffffff;
    struct driver d = look_at(*state, &spec);
    assert_int_equal(d.result, DRIVER_MALFORMED);
    spec.sections[2].flags = 0xe0000040;
    d = look_at(*state, &spec);
    assert_int_equal(d.result, DRIVER_VIOLATION);
}

/* The pipeline ---------------------------------------------------------------------------- */

static void judge_list(struct scene *s, const char *list)
{
    scene_begin(s);
    scene_text(s, "drivers", list);
    scene_judge(s);
}

static void what_was_found_decides_the_rules(void **state)
{
    static const struct {
        const char *list;
        enum verdict hvci;
        enum status reason;
        enum verdict blocklist;
    } cases[] = {
        {"driver a\narch amd64\nresult clean\n", V_PASS, ST_OK, V_UNKNOWN},
        {"driver a\narch amd64\nresult violation\n", V_FAIL, ST_OK, V_UNKNOWN},
        {"driver a\ngroup staged\narch amd64\nresult violation\n", V_PASS, ST_OK, V_UNKNOWN},
        {"driver a\narch amd64\nresult undecided\n", V_UNKNOWN, ST_UNSUPPORTED, V_UNKNOWN},
        {"driver a\nresult malformed\n", V_UNKNOWN, ST_MALFORMED, V_UNKNOWN},
        {"driver a\narch i386\nresult violation\n", V_UNKNOWN, ST_NOT_COLLECTED, V_UNKNOWN},
        {"target i386\ndriver a\narch i386\nresult violation\n", V_FAIL, ST_OK, V_UNKNOWN},
        {"", V_UNKNOWN, ST_NOT_COLLECTED, V_UNKNOWN},
        {"policy p\ndriver a\narch amd64\nresult clean\ndenied-by \n", V_PASS, ST_OK, V_PASS},
        {"policy p\ndriver a\narch amd64\nresult clean\ndenied-by ID_X\n", V_PASS, ST_OK, V_FAIL},
        {"policy p\ndriver a\narch amd64\nresult clean\nundenied no version\n", V_PASS, ST_OK,
         V_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene s;
        judge_list(&s, cases[i].list);
        assert_verdict(&s, "drivers.hvci", cases[i].hvci);
        if (cases[i].hvci == V_UNKNOWN)
            assert_reason(&s, "drivers.hvci", cases[i].reason);
        assert_verdict(&s, "drivers.blocklist", cases[i].blocklist);
        scene_end(&s);
    }
}

static void the_majority_is_judged_and_others_are_counted(void **state)
{
    struct scene s;
    (void)state;
    judge_list(&s, "driver a\narch arm64\nresult violation\ndriver b\narch amd64\nresult clean\n"
                   "driver c\narch amd64\nresult clean\nskipped 7\n");
    assert_verdict(&s, "drivers.hvci", V_PASS);
    assert_int_equal(scene_fact(&s, "drivers.checked")->v.u, 2);
    assert_int_equal(scene_fact(&s, "drivers.not-judged")->v.u, 1);
    assert_int_equal(s.report.facts.drivers->skipped, 7);
    scene_end(&s);
}

static void what_does_not_start_by_itself_is_a_caveat(void **state)
{
    struct scene s;
    (void)state;
    judge_list(&s, "driver a\ngroup staged\narch amd64\nresult violation\n"
                   "driver b\ngroup required\narch amd64\nresult clean\n");
    assert_verdict(&s, "drivers.hvci", V_PASS);
    assert_int_equal(s.report.n_caveats, 1);
    assert_non_null(
        strstr(s.report.caveats[0], "1 driver on the disk would keep memory integrity off"));
    scene_end(&s);
    judge_list(&s, "notice not opened: x\ndriver b\narch amd64\nresult clean\n");
    assert_int_equal(s.report.n_caveats, 1);
    assert_non_null(strstr(s.report.caveats[0], "some of the given driver files were not opened"));
    scene_end(&s);
    judge_list(&s, "remark not unpacked: x\ndriver b\narch amd64\nresult clean\n");
    assert_int_equal(s.report.n_caveats, 0);
    scene_end(&s);
}

static void a_list_that_cannot_be_read_is_malformed(void **state)
{
    static const char *const lists[] = {
        "driver a\nresult splendid\n",
        "driver a\ngroup ours\n",
        "driver a\ncheck 0x8\n",
        "driver a\ncheck 8 8203 0 nonsense x\n",
        "driver a\ncheck 8 8203 violation x\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct scene s;
        judge_list(&s, lists[i]);
        assert_reason(&s, "drivers.hvci", ST_MALFORMED);
        scene_end(&s);
    }
}

static void a_list_is_read_as_it_was_written(void **state)
{
    struct arena *a = *state;
    struct driver_check checks[] = {{0x8, 0x2003, 0, CHECK_VIOLATION, ".hook x"},
                                    {0x2, 0x2004, 0, CHECK_VIOLATION, NULL}};
    struct driver d = {.path = " a\nb", .group = DRIVER_STAGED, .result = DRIVER_VIOLATION};
    struct driver_list l;
    struct out o;
    d.checks = checks;
    d.n_checks = 2;
    d.company = "Maker";
    d.straddling = 3;
    out_init(&o, a);
    driver_list_write(&o, &d);
    assert_int_equal(driver_list_parse(out_span(&o), a, &l, NULL), ST_OK);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.items[0].path, " a?b");
    assert_int_equal(l.items[0].group, DRIVER_STAGED);
    assert_int_equal(l.items[0].n_checks, 2);
    assert_string_equal(l.items[0].checks[0].section, ".hook x");
    assert_null(l.items[0].checks[1].section);
    assert_string_equal(l.items[0].company, "Maker");
    assert_int_equal(l.items[0].straddling, 3);
    assert_null(l.items[0].product);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_driver_has_no_check),
        cmocka_unit_test(only_discardable_and_not_shared_excuses_writable_and_executable),
        cmocka_unit_test(sections_start_at_pages),
        cmocka_unit_test(the_import_address_table_is_not_executable),
        cmocka_unit_test(no_directory_hides_imports_in_an_executable_section),
        cmocka_unit_test(an_unusual_layout_is_undecided),
        cmocka_unit_test(what_windows_does_not_load_is_not_clean),
        cmocka_unit_test(a_gap_between_sections_and_an_odd_certificate_are_undecided),
        cmocka_unit_test(an_image_that_cannot_start_is_not_clean),
        cmocka_unit_test(other_files_are_no_drivers),
        cmocka_unit_test(a_violation_counts_although_the_rest_cannot_be_read),
        cmocka_unit_test(what_was_found_decides_the_rules),
        cmocka_unit_test(the_majority_is_judged_and_others_are_counted),
        cmocka_unit_test(what_does_not_start_by_itself_is_a_caveat),
        cmocka_unit_test(a_list_that_cannot_be_read_is_malformed),
        cmocka_unit_test(a_list_is_read_as_it_was_written),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
