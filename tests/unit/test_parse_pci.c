/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/pci/pci.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static enum status parse_in(struct arena *a, struct span text, struct pci_tree *out,
                            struct fault *fault)
{
    arena_init(a, 24U << 20, out_of_memory);
    return pci_parse(text, a, out, fault);
}

/* What must hold of any tree. */
static void assert_sound(const struct pci_tree *t)
{
    bool groups = false;
    assert_true(t->n <= PCI_FUNCTIONS_MAX);
    for (size_t i = 0; i < t->n; i++) {
        const struct pci_function *f = &t->functions[i];
        if (i > 0)
            assert_true(pci_address_compare(t->functions[i - 1].at, f->at) < 0);
        assert_ptr_equal(pci_find(t, f->at), f);
        assert_true(f->has_buses != TOLD_YES || f->is_bridge == TOLD_YES);
        assert_true(f->class_told == TOLD_YES || f->class_code == 0);
        assert_true(f->class_code <= 0xffffff);
        assert_true(f->group >= PCI_NO_GROUP);
        assert_true(f->name.len <= PCI_NAME_MAX);
        groups = groups || f->group != PCI_NO_GROUP;
    }
    assert_int_equal(t->tells_groups, groups);
}

static enum status parse_and_free(struct span text, struct pci_tree *out, struct fault *fault)
{
    struct arena a;
    enum status st = parse_in(&a, text, out, fault);
    if (st == ST_OK)
        assert_sound(out);
    arena_reset(&a);
    return st;
}

TORTURE_PARSE(parse, struct pci_tree, parse_and_free)

static struct pci_address address_of(const char *text)
{
    struct span s = span_of(text);
    struct pci_address at = {0};
    assert_true(pci_take_address(&s, &at));
    assert_int_equal(s.len, 0);
    return at;
}

static void assert_address(struct pci_address at, const char *text)
{
    assert_int_equal(pci_address_compare(at, address_of(text)), 0);
}

static struct pci_tree tree_of(struct arena *a, const char *text)
{
    struct pci_tree t;
    assert_int_equal(parse_in(a, span_of(text), &t, NULL), ST_OK);
    assert_sound(&t);
    return t;
}

static const struct pci_function *find(const struct pci_tree *t, const char *at)
{
    const struct pci_function *f = pci_find(t, address_of(at));
    assert_non_null(f);
    return f;
}

static void takes_addresses(void **state)
{
    (void)state;
    struct span s = span_of("0000:00:1f.2 SATA controller");
    struct pci_address at;
    assert_true(pci_take_address(&s, &at));
    assert_true(span_is(s, " SATA controller"));
    assert_int_equal(at.domain, 0);
    assert_int_equal(at.bus, 0);
    assert_int_equal(at.device, 0x1f);
    assert_int_equal(at.function, 2);
    assert_int_equal(pci_requester_id(at), 0x00fa);
    assert_int_equal(pci_requester_id(address_of("ff:1f.7")), 0xffff);
    assert_int_equal(address_of("10000:e1:00.0").domain, 0x10000);
    assert_int_equal(address_of("FFFFFFFF:e1:00.0").domain, 0xffffffff);
    assert_int_equal(address_of("0d:06.0").bus, 0x0d);
}

static void refuses_what_is_no_address(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ":",
        "00",
        "00:",
        "00:1f",
        "00:1f.",
        "00:1f.8",
        "00:20.0",
        "100:00.0",
        "00:1f.20",
        "00:1f.0a",
        "00:1f-2",
        "0000:00:1f",
        "0000:00:1f.",
        "0000:100:1f.0",
        "00:00:20.0",
        "00::1f.2",
        ":00:1f.2",
        " 00:1f.2",
        "0x0:1f.2",
        "g0:1f.2",
        "00:001.0",
        "0000:00:1f:2",
        "100000000:00:00.0",
        "00: 86 80",
        "12:00:02.0", /* line 12 of grep -n */
        "123:00:1f.2",
        "00000000000000000000000000:1f.2",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct span s = span_of(bad[i]);
        struct pci_address at = {.domain = 7};
        assert_false(pci_take_address(&s, &at));
        assert_true(span_is(s, bad[i]));
        assert_int_equal(at.domain, 7);
    }
}

static void orders_addresses(void **state)
{
    (void)state;
    static const char *const sorted[] = {
        "00:00.0", "00:00.1", "00:01.0", "01:00.0", "ff:1f.7", "0001:00:00.0", "10000:00:00.0",
    };
    for (size_t i = 0; i < COUNT(sorted); i++) {
        for (size_t k = 0; k < COUNT(sorted); k++) {
            int order = pci_address_compare(address_of(sorted[i]), address_of(sorted[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

static void reads_every_key(void **state)
{
    (void)state;
    struct arena a;
    struct pci_tree t =
        tree_of(&a, "0000:00:01.0 class=060400 vendor=8086 device=1901 header=81 primary=00 "
                    "secondary=01 subordinate=0a group=5 express=1 master=0 external=1 new=x odd "
                    "owner=0000:00:0e.0 physfn=0000:01:00.0 name=Root port [8086:1901]  x \n");
    const struct pci_function *f = find(&t, "00:01.0");
    assert_int_equal(t.n, 1);
    assert_true(t.tells_groups);
    assert_false(t.cut);
    assert_int_equal(f->class_told, TOLD_YES);
    assert_int_equal(f->class_code, 0x060400);
    assert_int_equal(f->vendor, 0x8086);
    assert_int_equal(f->device, 0x1901);
    assert_int_equal(f->is_bridge, TOLD_YES);
    assert_int_equal(f->has_buses, TOLD_YES);
    assert_int_equal(f->primary, 0);
    assert_int_equal(f->secondary, 1);
    assert_int_equal(f->subordinate, 10);
    assert_int_equal(f->group, 5);
    assert_int_equal(f->express, TOLD_YES);
    assert_int_equal(f->bus_master, TOLD_NO);
    assert_int_equal(f->external, TOLD_YES);
    assert_true(f->has_owner);
    assert_address(f->owner, "00:0e.0");
    assert_true(f->has_physfn);
    assert_address(f->physfn, "01:00.0");
    assert_true(span_is(f->name, "Root port [8086:1901]  x"));
    assert_false(f->vmd || f->thunderbolt);
    arena_reset(&a);
}

static void leaves_open_what_is_not_told(void **state)
{
    (void)state;
    struct arena a;
    struct pci_tree t = tree_of(&a, "\n0000:00:1f.2\r\n  \n");
    const struct pci_function *f = find(&t, "00:1f.2");
    assert_int_equal(t.n, 1);
    assert_false(t.tells_groups);
    assert_int_equal(f->class_told, NOT_TOLD);
    assert_int_equal(f->is_bridge, NOT_TOLD);
    assert_int_equal(f->has_buses, NOT_TOLD);
    assert_int_equal(f->express, NOT_TOLD);
    assert_int_equal(f->bus_master, NOT_TOLD);
    assert_int_equal(f->external, NOT_TOLD);
    assert_int_equal(f->group, PCI_NO_GROUP);
    assert_false(f->has_physfn || f->has_owner);
    assert_int_equal(f->name.len, 0);
    arena_reset(&a);
}

static void tells_bridges_by_header_then_class(void **state)
{
    (void)state;
    static const struct {
        const char *keys;
        enum told bridge, buses;
    } cases[] = {
        {"class=060400", TOLD_YES, NOT_TOLD},
        {"class=060401 secondary=01 subordinate=02", TOLD_YES, TOLD_YES},
        {"class=060700 secondary=01", TOLD_YES, NOT_TOLD},
        {"class=060940 subordinate=01", TOLD_YES, NOT_TOLD},
        {"class=060000", TOLD_NO, NOT_TOLD},
        {"class=060400 header=00 secondary=01 subordinate=02", TOLD_NO, NOT_TOLD},
        {"class=060000 header=82 secondary=01 subordinate=02", TOLD_YES, TOLD_YES},
        {"class=060400 header=7f", TOLD_YES, NOT_TOLD},
        {"header=01", TOLD_YES, NOT_TOLD},
        {"secondary=01 subordinate=02", NOT_TOLD, NOT_TOLD},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[128];
        struct arena a;
        (void)snprintf(text, sizeof text, "0000:00:01.0 %s\n", cases[i].keys);
        struct pci_tree t = tree_of(&a, text);
        assert_int_equal(t.functions[0].is_bridge, cases[i].bridge);
        assert_int_equal(t.functions[0].has_buses, cases[i].buses);
        arena_reset(&a);
    }
}

static void knows_vmd_and_usb4(void **state)
{
    (void)state;
    struct arena a;
    struct pci_tree t = tree_of(&a, "0000:00:00.0 class=010400 vendor=8086 device=9a0b\n"
                                    "0000:00:01.0 class=088000 vendor=8086 device=09ab\n"
                                    "0000:00:02.0 class=010400 vendor=8086 device=282a\n"
                                    "0000:00:03.0 class=010400 vendor=1022 device=9a0b\n"
                                    "0000:00:04.0 vendor=8086 device=9a0b\n"
                                    "0000:00:0d.2 class=0c0340 vendor=8086 device=9a1b\n"
                                    "0000:00:14.0 class=0c0330 vendor=8086 device=a0ed\n");
    for (size_t i = 0; i < t.n; i++) {
        assert_int_equal(t.functions[i].vmd, i == 0);
        assert_int_equal(t.functions[i].thunderbolt, i == 5);
    }
    arena_reset(&a);
}

static void sorts_and_takes_the_first_of_an_address(void **state)
{
    (void)state;
    struct arena a;
    struct pci_tree t =
        tree_of(&a, "10000:e0:06.0 owner=0000:00:0e.0 express=0 master=1 external=0\n"
                    "0000:02:00.0 group=2\n"
                    "0000:00:1f.2 group=0\n"
                    "0000:02:00.0 group=3 vendor=8086\n");
    assert_int_equal(t.n, 3);
    assert_address(t.functions[0].at, "00:1f.2");
    assert_int_equal(t.functions[1].group, 2);
    assert_int_equal(t.functions[1].vendor, 0);
    assert_int_equal(t.functions[2].express, TOLD_NO);
    assert_int_equal(t.functions[2].bus_master, TOLD_YES);
    assert_int_equal(t.functions[2].external, TOLD_NO);
    assert_null(pci_find(&t, address_of("0001:02:00.0")));
    arena_reset(&a);
}

static void cuts_long_names_between_characters(void **state)
{
    (void)state;
    char text[256] = "0000:00:00.0 name=";
    struct arena a;
    memset(text + strlen(text), 'x', PCI_NAME_MAX - 1);
    (void)snprintf(text + strlen(text), 16, "\xc3\xa4\n"); /* two bytes */
    struct pci_tree t = tree_of(&a, text);
    assert_int_equal(t.functions[0].name.len, PCI_NAME_MAX - 1);
    arena_reset(&a);
}

/* Lines for `n` functions, the last first. */
static char *write_functions(unsigned n)
{
    enum { LINE = 15 };
    char *text = malloc((size_t)n * LINE + 1);
    assert_non_null(text);
    for (unsigned i = 0; i < n; i++) {
        unsigned v = n - 1 - i;
        (void)snprintf(text + (size_t)i * LINE, LINE + 1, "%06x:%02x:%02x.%x\n", v >> 16,
                       v >> 8 & 0xff, v >> 3 & 0x1f, v & 7);
    }
    return text;
}

static void leaves_out_what_is_above_the_limit(void **state)
{
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        struct arena a;
        char *text = write_functions(PCI_FUNCTIONS_MAX + more);
        struct pci_tree t = tree_of(&a, text);
        assert_int_equal(t.n, PCI_FUNCTIONS_MAX);
        assert_int_equal(t.cut, more != 0);
        arena_reset(&a);
        free(text);
    }
}

static void refuses_lines_it_cannot_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
    } bad[] = {
        {"class=010601", 0},
        {"0000:00:1f.2,", 0},
        {"0000:00:1f.2class=010601", 0},
        {"0000:00:1f.2\n\n00:20.0\n", 14},
        {"0000:00:1f.2 class=", 13},
        {"0000:00:1f.2 class=0x010601", 13},
        {"0000:00:1f.2 class=1000000", 13},
        {"0000:00:1f.2 class=010601 vendor=10000", 26},
        {"0000:00:1f.2 device=none", 13},
        {"0000:00:1f.2 header=100", 13},
        {"0000:00:1f.2 primary=100", 13},
        {"0000:00:1f.2 secondary=100", 13},
        {"0000:00:1f.2 subordinate=1,", 13},
        {"0000:00:1f.2 group=-1", 13},
        {"0000:00:1f.2 group=a", 13},
        {"0000:00:1f.2 group=2147483648", 13},
        {"0000:00:1f.2 express=2", 13},
        {"0000:00:1f.2 master=yes", 13},
        {"0000:00:1f.2 external=", 13},
        {"0000:00:1f.2 physfn=00:1f", 13},
        {"0000:00:1f.2 owner=0000:00:0e.0x", 13},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct arena a;
        struct pci_tree t;
        struct fault fault = {0};
        assert_int_equal(parse(span_of(bad[i].text)), ST_MALFORMED);
        assert_int_equal(parse_in(&a, span_of(bad[i].text), &t, &fault), ST_MALFORMED);
        assert_int_equal(fault.offset, bad[i].offset);
        assert_int_equal(pci_parse(span_of(bad[i].text), &a, &t, NULL), ST_MALFORMED);
        arena_reset(&a);
    }
    assert_int_equal(parse(span_of("")), ST_OK);
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("0000:00:01.0 class=060400 header=01 primary=00 secondary=01 "
                                "subordinate=01 group=1 name=Root port\n"
                                "10000:e0:06.0 owner=0000:00:0e.0 express=1 master=1\n"
                                "0000:01:10.0 physfn=0000:01:00.0 vendor=8086 device=1520\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_addresses),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(orders_addresses),
        cmocka_unit_test(reads_every_key),
        cmocka_unit_test(leaves_open_what_is_not_told),
        cmocka_unit_test(tells_bridges_by_header_then_class),
        cmocka_unit_test(knows_vmd_and_usb4),
        cmocka_unit_test(sorts_and_takes_the_first_of_an_address),
        cmocka_unit_test(cuts_long_names_between_characters),
        cmocka_unit_test(leaves_out_what_is_above_the_limit),
        cmocka_unit_test(refuses_lines_it_cannot_read),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
