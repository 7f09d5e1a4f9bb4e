/* SPDX-License-Identifier: MIT */
#include "probe/iommu/topology.h"

#include "support/cmocka.h"
#include "support/iommu.h"
#include "vbscheck/count.h"

/* A tree as the blob tells it, and where everything stands in it. */
struct fixture {
    struct arena arena;
    struct pci_tree tree;
    struct topology top;
};

static void must_not_run_out(struct arena *a)
{
    (void)a;
    fail_msg("out of memory");
}

static void plant(struct fixture *f, const char *text)
{
    arena_init(&f->arena, 16 << 20, must_not_run_out);
    assert_int_equal(pci_parse(span_of(text), &f->arena, &f->tree, NULL), ST_OK);
    topology_build(&f->top, &f->tree, &f->arena);
}

static void clear(struct fixture *f)
{
    arena_reset(&f->arena);
}

#define DEVICE(at) FN(at, "010802", "")

static void each_function_is_below_the_innermost_bridge(void **state)
{
    (void)state;
    struct fixture f;
    plant(&f, BRIDGE("0000:00:01.0", "01", "09", "")    /* 0 */
          BRIDGE("0000:01:00.0", "02", "08", "")        /* 1 */
          BRIDGE("0000:02:01.0", "03", "03", "")        /* 2 */
          BRIDGE("0000:02:02.0", "04", "08", "")        /* 3 */
          DEVICE("0000:03:00.0") DEVICE("0000:06:00.0") /* 4, 5 */
          DEVICE("0000:09:00.0") DEVICE("0000:0a:00.0") /* 6, 7 */);
    static const size_t parents[] = {NO_INDEX, 0, 1, 1, 2, 3, 0, NO_INDEX};
    for (size_t i = 0; i < COUNT(parents); i++)
        assert_int_equal(f.top.parents[i], parents[i]);
    assert_false(f.top.lacks_buses);
    assert_false(f.top.tells_express);
    clear(&f);
}

static void domains_have_nothing_to_do_with_one_another(void **state)
{
    (void)state;
    struct fixture f;
    plant(&f, BRIDGE("0000:00:01.0", "01", "ff", "") DEVICE("0001:01:00.0")
                  BRIDGE("0002:00:01.0", "01", "01", "") DEVICE("0002:01:00.0"));
    assert_int_equal(f.top.parents[1], NO_INDEX);
    assert_int_equal(f.top.parents[3], 2);
    clear(&f);
}

/* Buses below, and whether the bridge at bus 02 then passes on bus 03. */
static void a_bridge_that_is_not_configured_passes_on_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t parent;
    } rows[] = {
        {BRIDGE("0000:02:00.0", "03", "03", "") DEVICE("0000:03:00.0"), 0},
        {BRIDGE("0000:02:00.0", "03", "ff", "") DEVICE("0000:03:00.0"), 0},
        {BRIDGE("0000:02:00.0", "00", "00", "") DEVICE("0000:03:00.0"), NO_INDEX},
        {BRIDGE("0000:02:00.0", "02", "ff", "") DEVICE("0000:03:00.0"), NO_INDEX},
        {BRIDGE("0000:02:00.0", "01", "ff", "") DEVICE("0000:03:00.0"), NO_INDEX},
        {BRIDGE("0000:02:00.0", "03", "02", "") DEVICE("0000:03:00.0"), NO_INDEX},
        {BRIDGE("0000:02:00.0", "04", "ff", "") DEVICE("0000:03:00.0"), NO_INDEX},
        {DEVICE("0000:02:00.0") DEVICE("0000:03:00.0"), NO_INDEX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture f;
        plant(&f, rows[i].text);
        if (f.top.parents[1] != rows[i].parent)
            fail_msg("row %zu", i);
        /* Nor does a path lead through it. */
        struct span path = {(const uint8_t[]){0, 0, 0, 0}, 4};
        size_t found = topology_resolve(&f.top, 0, 2, path);
        assert_int_equal(found, rows[i].parent == 0 ? 1 : NO_INDEX);
        assert_false(f.top.lacks_buses);
        clear(&f);
    }
}

static void parents_come_before_their_children_whatever_the_buses(void **state)
{
    (void)state;
    struct fixture f;
    plant(&f, BRIDGE("0000:05:00.0", "01", "ff", "") BRIDGE("0000:01:00.0", "05", "ff", "")
                  BRIDGE("0000:06:00.0", "06", "07", "") BRIDGE("0000:05:01.0", "06", "06", "")
                      DEVICE("0000:06:01.0") DEVICE("0000:ff:1f.7"));
    for (size_t i = 0; i < f.tree.n; i++)
        assert_true(f.top.parents[i] == NO_INDEX || f.top.parents[i] < i);
    clear(&f);
}

static void a_bridge_without_buses_is_told(void **state)
{
    (void)state;
    struct fixture f;
    plant(&f, FN("0000:00:01.0", "060400", "") DEVICE("0000:01:00.0"));
    assert_true(f.top.lacks_buses);
    assert_int_equal(f.top.parents[1], NO_INDEX);
    clear(&f);
}

static void a_path_leads_from_bridge_to_bridge(void **state)
{
    (void)state;
    static const struct {
        uint32_t segment;
        uint8_t bus;
        uint8_t path[6];
        size_t len, found;
    } rows[] = {
        {0, 0, {0x01, 0}, 2, 0},
        {0, 0, {0x01, 0, 0x00, 0}, 4, 2},
        {0, 0, {0x01, 0, 0x00, 0, 0x05, 3}, 6, 3},
        {0, 0x20, {0x00, 0, 0x05, 3}, 4, 3},
        {0, 0x30, {0x05, 3}, 2, 3},
        {1, 0, {0x01, 0}, 2, NO_INDEX},
        {0, 0, {0x02, 0}, 2, NO_INDEX},
        {0, 0, {0x01, 1}, 2, NO_INDEX},
        {0, 0x30, {0x05, 3, 0x00, 0}, 4, NO_INDEX}, /* through what is no bridge */
        {0, 0, {0}, 0, NO_INDEX},
        /* No such device, no such function: 00:21.0 is not 01:01.0, and 00:01.8 not 00:01.0. */
        {0, 0, {0x21, 0}, 2, NO_INDEX},
        {0, 0, {0x01, 8}, 2, NO_INDEX},
        {0, 0, {0x00, 8}, 2, NO_INDEX},
    };
    struct fixture f;
    plant(&f, BRIDGE("0000:00:01.0", "20", "30", "") DEVICE("0000:01:01.0")
                  BRIDGE("0000:20:00.0", "30", "30", "") DEVICE("0000:30:05.3"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span path = {rows[i].path, rows[i].len};
        if (topology_resolve(&f.top, rows[i].segment, rows[i].bus, path) != rows[i].found)
            fail_msg("row %zu", i);
    }
    clear(&f);
}

static void requests_of_conventional_devices_carry_other_ids(void **state)
{
    (void)state;
    static const struct {
        const char *above, *below;
        size_t n;
        uint16_t ids[2];
    } rows[] = {
        {" express=1", " express=0", 1, {0x0300}},
        {" express=1", " express=1", 0, {0}},
        {" express=1", "", 0, {0}},
        {" express=0", " express=0", 1, {0x0200}},
        {" express=0", " express=1", 1, {0x0200}},
        {"", " express=0", 0, {0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture f;
        struct arena a;
        uint16_t ids[ALIASES_MAX] = {0};
        arena_init(&a, 1 << 16, must_not_run_out);
        plant(&f, arena_printf(&a,
                               FN("0000:00:02.0", "030000", " express=1")
                                   BRIDGE("0000:02:00.0", "03", "03", "%s")
                                       FN("0000:03:05.0", "020000", "%s"),
                               rows[i].above, rows[i].below));
        if (topology_aliases(&f.top, 2, ids) != rows[i].n || ids[0] != rows[i].ids[0])
            fail_msg("row %zu", i);
        clear(&f);
        arena_reset(&a);
    }
}

static void more_bridges_than_any_machine_has_lend_no_more_ids_than_fit(void **state)
{
    (void)state;
    enum { BRIDGES = 12 };
    struct fixture f;
    struct arena a;
    uint16_t ids[ALIASES_MAX + 1] = {[ALIASES_MAX] = 0xabcd};
    arena_init(&a, 1 << 16, must_not_run_out);
    const char *text = FN("0000:00:02.0", "030000", " express=1");
    for (unsigned i = 0; i < BRIDGES; i++)
        text = arena_printf(&a, "%s" BRIDGE("0000:%02x:03.0", "%02x", "ff", " express=0"), text, i,
                            i + 1);
    plant(&f, text);
    assert_int_equal(topology_aliases(&f.top, BRIDGES, ids), ALIASES_MAX);
    assert_int_equal(ids[0], (BRIDGES - 2) << 8 | 0x18);
    assert_int_equal(ids[ALIASES_MAX], 0xabcd);
    clear(&f);
    arena_reset(&a);
}

#define VMD(at) FN(at, "010400", " vmd=1")

static void a_function_may_have_a_stand_in(void **state)
{
    (void)state;
    struct fixture f;
    plant(&f, VMD("0000:00:0e.0")                                  /* 0 */
          FN("0000:01:00.0", "020000", "")                         /* 1 */
          FN("0000:01:10.0", "020000", " physfn=0000:01:00.0")     /* 2 */
          FN("0000:01:10.1", "020000", " physfn=0000:09:00.0")     /* 3: not in the list */
          FN("10000:00:00.0", "010802", "")                        /* 4 */
          FN("10000:01:00.0", "010802", " owner=0000:00:0e.0")     /* 5 */
          FN("10000:02:00.0", "010802", " owner=0000:00:0f.0")     /* 6: not in the list */
          FN("10000:03:00.0", "010802", " physfn=10000:00:00.0")); /* 7 */
    static const size_t others[] = {0, 1, 1, 3, 0, 0, NO_INDEX, 0};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(topology_stand_in(&f.top, i), others[i]);
    clear(&f);
}

static void of_two_controllers_none_is_guessed(void **state)
{
    (void)state;
    static const char *const trees[] = {
        VMD("0000:00:0e.0") VMD("0000:80:0e.0") DEVICE("10000:01:00.0"),
        VMD("0000:00:0e.0") VMD("0000:80:0e.0") VMD("0000:c0:0e.0") DEVICE("10000:01:00.0"),
        DEVICE("0000:01:00.0") DEVICE("10000:01:00.0"),
    };
    for (size_t i = 0; i < COUNT(trees); i++) {
        struct fixture f;
        plant(&f, trees[i]);
        assert_int_equal(f.top.vmd, NO_INDEX);
        assert_int_equal(topology_stand_in(&f.top, f.tree.n - 1), NO_INDEX);
        clear(&f);
    }
}

static void an_empty_tree_has_nothing_in_it(void **state)
{
    (void)state;
    struct fixture f;
    static const uint8_t path[] = {1, 0};
    plant(&f, "");
    assert_int_equal(f.top.vmd, NO_INDEX);
    assert_int_equal(topology_resolve(&f.top, 0, 0, (struct span){path, 2}), NO_INDEX);
    clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_function_is_below_the_innermost_bridge),
        cmocka_unit_test(domains_have_nothing_to_do_with_one_another),
        cmocka_unit_test(a_bridge_that_is_not_configured_passes_on_nothing),
        cmocka_unit_test(parents_come_before_their_children_whatever_the_buses),
        cmocka_unit_test(a_bridge_without_buses_is_told),
        cmocka_unit_test(a_path_leads_from_bridge_to_bridge),
        cmocka_unit_test(requests_of_conventional_devices_carry_other_ids),
        cmocka_unit_test(more_bridges_than_any_machine_has_lend_no_more_ids_than_fit),
        cmocka_unit_test(a_function_may_have_a_stand_in),
        cmocka_unit_test(of_two_controllers_none_is_guessed),
        cmocka_unit_test(an_empty_tree_has_nothing_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
