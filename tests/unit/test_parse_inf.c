/* SPDX-License-Identifier: MIT */
/* INF files: what they install, and for which hardware. */
#include <string.h>

#include "parse/inf.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/torture.h"
#include "vbscheck/out.h"

#define SEEDS VBSCHECK_SOURCE_DIR "/tests/fuzz/corpus/parse_inf/"

static struct inf parse(struct arena *a, const char *text)
{
    struct inf inf;
    struct fault f = {0};
    if (inf_parse(span_of(text), a, a, &inf, &f) != ST_OK)
        fail_msg("%s", f.what);
    return inf;
}

static enum status survive(struct span file)
{
    struct arena a;
    struct inf inf = {.n_files = 77};
    struct fault f = {0};
    test_arena(&a);
    enum status st = inf_parse(file, &a, &a, &inf, &f);
    assert_true(st == ST_OK || (st == ST_MALFORMED && f.what != NULL && inf.n_files == 77));
    if (st == ST_OK)
        (void)inf_hardware(&inf, NULL, &a);
    arena_reset(&a);
    return st;
}

static void reads_files_of_either_encoding(void **state)
{
    static const struct {
        const char *path, *hardware;
    } cases[] = {
        {SEEDS "utf16", "Größe adapter (PCI\\VEN_1234&DEV_5678), Plain, card (USB\\VID_0001)"},
        {SEEDS "ansi", "Gr??e adapter (PCI\\VEN_1234&DEV_5678), Plain, card (USB\\VID_0001)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct heap h = load_file(cases[i].path);
        struct inf inf;
        assert_int_equal(inf_parse(h.span, *state, *state, &inf, NULL), ST_OK);
        assert_true(inf_installs(&inf, "MADE.SYS"));
        assert_true(inf_installs(&inf, "second.sys")); /* of a service */
        assert_false(inf_installs(&inf, "third.sys"));
        assert_string_equal(inf_hardware(&inf, "amd64", *state), cases[i].hardware);
        assert_non_null(strstr(inf_hardware(&inf, "arm64", *state), "(ACPI\\ARMS0001)"));
        assert_null(inf_hardware(&inf, "i386", *state));
        heap_free(&h);
    }
}

static void models_without_a_decoration_are_for_all(void **state)
{
    struct inf inf = parse(
        *state, "[version]\na=b\n[MANUFACTURER]\nMaker\nX = Maker, nt\n[maker]\nA = I, ID1\nB = I\n"
                "[maker.nt]\nC = I, ID2\nD = I, ID3\n[makers]\nE = I, ID4\n");
    assert_string_equal(inf_hardware(&inf, "amd64", *state), "A (ID1), B, C (ID2) and 1 more");
    inf = parse(*state,
                "[Version]\na=b\n[Manufacturer]\nM=M\n[M]\n%No Token% = I, ID1\n%% = I, ID2\n");
    assert_string_equal(inf_hardware(&inf, "amd64", *state), "No Token (ID1), %% (ID2)");
    inf = parse(*state, "[Version]\na=b\n");
    assert_null(inf_hardware(&inf, "amd64", *state));
}

/* Bug: WireGuard's INF was said to be for no hardware. */
static void the_name_of_the_models_section_may_be_a_token(void **state)
{
    struct inf inf =
        parse(*state, "[Version]\na=b\n[Manufacturer]\n%M.Company% = %M.Name%, NTamd64\n"
                      "[Made.NTamd64]\n%M.Desc% = Made.Install, Made\n"
                      "[Made.Install]\nCharacteristics = 1\n"
                      "[Strings]\nM.Company = \"Maker\"\nM.Name = \"Made\"\n"
                      "M.Desc = \"Made tunnel\"\n");
    assert_string_equal(inf_hardware(&inf, "amd64", *state), "Made tunnel (Made)");
}

static void what_has_no_version_is_no_inf(void **state)
{
    (void)state;
    assert_int_equal(survive(span_of("")), ST_MALFORMED);
    assert_int_equal(survive(span_of("[Manufacturer]\na=b\n")), ST_MALFORMED);
    assert_int_equal(survive(span_of("; [Version]\n[Version\"]\na=b\n")), ST_MALFORMED);
}

static void lists_are_bounded(void **state)
{
    struct arena *a = *state;
    struct out o;
    out_init(&o, a);
    out_str(&o, "[Version]\na=b\n[SourceDisksFiles]\n");
    for (unsigned i = 0; i < 2 * INF_FILES_MAX; i++)
        out_printf(&o, "f%u.sys=1\n", i);
    out_str(&o, "[Manufacturer]\nM=M\n[M]\n");
    for (unsigned i = 0; i < 2 * INF_DEVICES_MAX; i++)
        out_printf(&o, "a=b,ID%u\n", i);
    struct inf inf = parse(a, arena_text(a, out_span(&o)));
    assert_int_equal(inf.n_files, INF_FILES_MAX);
    assert_int_equal(inf.n_devices, INF_DEVICES_MAX);
}

static void survives_every_prefix_and_20000_mutations(void **state)
{
    struct heap good = load_file(SEEDS "utf16");
    (void)state;
    torture_text(survive, good.span);
    heap_free(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_files_of_either_encoding),
        cmocka_unit_test(models_without_a_decoration_are_for_all),
        cmocka_unit_test(the_name_of_the_models_section_may_be_a_token),
        cmocka_unit_test(what_has_no_version_is_no_inf),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(survives_every_prefix_and_20000_mutations),
    };
    return cmocka_run_group_tests(tests, test_arena_setup, test_arena_teardown);
}
