/* SPDX-License-Identifier: MIT */
/* PCI functions as the collector writes them down, against trees that the tests make. */
#define _GNU_SOURCE 1
#include <sys/resource.h>

#include "io/libs.h"
#include "probe/probe.h"
#include "reader/pci_names.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

#define DEVICES "sys/bus/pci/devices/"

static const char *const wants[] = {"pci", NULL};
static const struct probe probe = {.name = "pci", .wants = wants};
const struct probe *const probes[] = {&probe};
const size_t n_probes = 1;

static struct span pci_of(struct tree *t)
{
    struct snapshot s;
    assert_int_equal(here_collect_whole(t->dir, &t->arena, &s), ST_OK);
    struct blob b = snap_get(&s, "pci");
    assert_int_equal(b.st, ST_OK);
    return b.data;
}

static void assert_pci(struct tree *t, const char *text)
{
    assert_string_equal(arena_text(&t->arena, pci_of(t)), text);
}

static const char *path_of(struct tree *t, const char *address, const char *file)
{
    return arena_printf(&t->arena, DEVICES "%s/%s", address, file);
}

static void put_function(struct tree *t, const char *address, const char *class)
{
    tree_file(t, path_of(t, address, "class"), class);
    tree_file(t, path_of(t, address, "vendor"), "0x8086\n");
    tree_file(t, path_of(t, address, "device"), "0x100e\n");
}

static void put_link(struct tree *t, const char *address, const char *file, const char *target)
{
    assert_int_equal(symlinkat(target, t->fd, path_of(t, address, file)), 0);
}

static void put_group(struct tree *t, const char *address)
{
    put_link(t, address, "iommu_group", "../../../../kernel/iommu_groups/5");
}

/* Functions -------------------------------------------------------------------------------- */

static void describes_functions_and_reads_bridges_only(void **state)
{
    struct tree *t = *state;
    uint8_t config[64] = {[0x0e] = 0x81, [0x18] = 0, [0x19] = 1, [0x1a] = 0x1f};
    put_function(t, "0000:00:1f.2", "0x010601\n");
    put_function(t, "0000:00:01.0", "0x060400\n");
    tree_bytes(t, path_of(t, "0000:00:01.0", "config"), config, sizeof config);
    tree_bytes(t, path_of(t, "0000:00:1f.2", "config"), config, sizeof config);
    put_group(t, "0000:00:01.0");
    put_group(t, "0000:00:1f.2");
    put_link(t, "0000:00:1f.2", "physfn", "../0000:00:1f.0");
    assert_pci(t, "0000:00:01.0 class=060400 vendor=8086 device=100e header=81 primary=00 "
                  "secondary=01 subordinate=1f master=0 express=0 group=5\n"
                  "0000:00:1f.2 class=010601 vendor=8086 device=100e express=0 group=5 "
                  "physfn=0000:00:1f.0\n");
}

static void reads_the_header_of_every_kind_of_bridge_with_buses(void **state)
{
    struct tree *t = *state;
    static const char *const classes[] = {"060000", "060100", "060400", "060700", "060940"};
    uint8_t config[64] = {[0x04] = 6, [0x0e] = 1, [0x19] = 2, [0x1a] = 3};
    for (unsigned i = 0; i < COUNT(classes); i++) {
        const char *address = arena_printf(&t->arena, "0000:00:%02x.0", i);
        tree_file(t, path_of(t, address, "class"), classes[i]);
        tree_bytes(t, path_of(t, address, "config"), config, sizeof config);
    }
#define BUSES " header=01 primary=00 secondary=02 subordinate=03 master=1 express=0\n"
    assert_pci(t, "0000:00:00.0 class=060000 express=0\n"
                  "0000:00:01.0 class=060100 express=0\n"
                  "0000:00:02.0 class=060400" BUSES "0000:00:03.0 class=060700" BUSES
                  "0000:00:04.0 class=060940" BUSES);
}

static bool folder_is_denied(struct tree *t)
{
    struct snapshot s;
    return here_collect_whole(t->dir, &t->arena, &s) == ST_OK &&
           span_is(snap_get(&s, "pci").data, "0000:00:01.0\n");
}

static void calls_a_function_conventional_only_if_it_could_look(void **state)
{
    struct tree *t = *state;
    tree_file(t, path_of(t, "0000:00:01.0", "class"), "0x020000\n");
    assert_pci(t, "0000:00:01.0 class=020000 express=0\n");
    tree_file(t, path_of(t, "0000:00:01.0", "max_link_speed"), "");
    assert_pci(t, "0000:00:01.0 class=020000 express=1\n");
    assert_int_equal(fchmodat(t->fd, DEVICES "0000:00:01.0", 0, 0), 0);
    assert_true(tree_as_nobody(folder_is_denied, t));
    assert_int_equal(fchmodat(t->fd, DEVICES "0000:00:01.0", 0755, 0), 0);
    tree_folder(t, DEVICES "0000:00:02.0"); /* not known to be a function */
    assert_pci(t, "0000:00:01.0 class=020000 express=1\n0000:00:02.0\n");
}

/* What stands between the class and the end of the line for a command register of `config`. */
static const char *master_of(struct tree *t, const char *class, const char *config, size_t n)
{
    tree_file(t, path_of(t, "0000:00:01.0", "class"), class);
    tree_bytes(t, path_of(t, "0000:00:01.0", "config"), config, n);
    struct span after;
    assert_true(span_find(pci_of(t), "class=", &after));
    return arena_text(&t->arena, span_trim(span_skip(after, strlen("088000"))));
}

static void says_whether_a_system_peripheral_masters_the_bus(void **state)
{
    struct tree *t = *state;
    assert_string_equal(master_of(t, "088000", "\x86\x80\1\1\4\0\0\0", 8), "master=1 express=0");
    assert_string_equal(master_of(t, "088000", "\x86\x80\1\1\3\4\4\4", 8), "master=0 express=0");
    assert_string_equal(master_of(t, "080000", "\x86\x80\1\1\4\0\0\0", 8), "express=0");
    assert_string_equal(master_of(t, "088000", "\x86\x80\1\1\4\0\0", 7), "express=0");
    assert_string_equal(master_of(t, "088000", "\xff\xff\xff\xff\xff\xff\xff\xff", 8), "express=0");
    assert_string_equal(master_of(t, "060400", "\x86\x80\1\1\4\0\0\0", 8), "express=0");
}

static void marks_functions_below_an_external_port(void **state)
{
    struct tree *t = *state;
    tree_file(t, path_of(t, "0000:00:01.0", "removable"), "removable\n");
    tree_file(t, path_of(t, "0000:00:02.0", "removable"), "fixed\n");
    tree_file(t, path_of(t, "0000:00:03.0", "removable"), "unknown\n");
    tree_folder(t, DEVICES "0000:00:04.0");
    assert_pci(t, "0000:00:01.0 external=1\n0000:00:02.0\n0000:00:03.0\n0000:00:04.0\n");
}

static void takes_no_group_from_a_link_that_may_be_cut(void **state)
{
    struct tree *t = *state;
    char target[601];
    memset(target, '5', sizeof target - 1);
    target[sizeof target - 1] = '\0';
    tree_folder(t, DEVICES "0000:00:01.0");
    put_link(t, "0000:00:01.0", "iommu_group", target);
    assert_pci(t, "0000:00:01.0\n");
}

/* Owners ----------------------------------------------------------------------------------- */

/* An entry `address` that is a link to `target`, a folder of the tree. */
static void put_entry(struct tree *t, const char *address, const char *target)
{
    tree_folder(t, DEVICES);
    tree_folder(t, arena_printf(&t->arena, DEVICES "%s", target));
    assert_int_equal(symlinkat(target, t->fd, arena_printf(&t->arena, DEVICES "%s", address)), 0);
}

static void names_the_owner_of_a_domain_above_ffff(void **state)
{
    struct tree *t = *state;
    put_entry(t, "0000:00:0e.0", "../../../devices/pci0000:00/0000:00:0e.0");
    put_entry(t, "10000:e0:06.0",
              "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0");
    put_entry(t, "10000:e1:00.0",
              "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0");
    tree_folder(t, DEVICES "10001:e1:00.0"); /* copied, without its link */
    assert_pci(t, "0000:00:0e.0\n"
                  "10000:e0:06.0 owner=0000:00:0e.0\n"
                  "10000:e1:00.0 owner=0000:00:0e.0\n"
                  "10001:e1:00.0\n");
}

static void names_no_owner_in_a_domain_that_firmware_has(void **state)
{
    struct tree *t = *state;
    put_entry(t, "ffff:e1:00.0", "../../../devices/0000:00:0e.0/pciffff:e0/ffff:e1:00.0");
    assert_pci(t, "ffff:e1:00.0\n");
}

static void believes_no_owner_but_a_function(void **state)
{
    struct tree *t = *state;
    static const char *const targets[] = {
        "pci10000:e0",
        "elsewhere",
        "../../../devices/pci10000:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e.0/pci10001:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e/pci10000:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e.0 x=1/pci10000:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e.0\nx/pci10000:e0/10000:e1:00.0",
        "../../../devices/000000000:00:0e.0/pci10000:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e.0//pci10000:e0/10000:e1:00.0",
        "../../../devices/0000:00:0e.0/./pci10000:e0/10000:e1:00.0",
    };
    for (unsigned i = 0; i < COUNT(targets); i++)
        put_entry(t, arena_printf(&t->arena, "10000:e%u:00.0", i), targets[i]);
    assert_false(span_find(pci_of(t), "owner", NULL));
    assert_false(span_find(pci_of(t), "x", NULL));
}

static void takes_no_owner_from_a_link_that_may_be_cut(void **state)
{
    struct tree *t = *state;
    const char *target = "../../../devices/0000:00:0e.0/pci10000:e0/10000:e1:00.0";
    tree_folder(t, DEVICES "10000:e1:00.0/..");
    tree_folder(t, arena_printf(&t->arena, DEVICES "%s", target));
    for (unsigned i = 0; i < 300; i++)
        target = arena_printf(&t->arena, "./%s", target);
    put_link(t, ".", "10000:e2:00.0", target);
    assert_pci(t, "10000:e1:00.0\n10000:e2:00.0\n");
}

/* Names ------------------------------------------------------------------------------------ */

static void need_libpci(void)
{
    const char *ci = getenv("CI"), *problem = NULL;
    if (libs_pci(&problem) != NULL)
        return;
    if (ci != NULL && strcmp(ci, "true") == 0)
        fail_msg("%s", problem);
    print_message("SKIPPED: %s\n", problem);
    skip();
}

/* Page faults of children that have ended: they cannot run without any. */
static long faults_of_children(void)
{
    struct rusage u;
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &u), 0);
    return u.ru_minflt;
}

static void starts_no_look_up_where_no_name_is_needed(void **state)
{
    struct tree *t = *state;
    long before = faults_of_children();
    put_function(t, "0000:00:01.0", "0x020000\n");
    put_function(t, "0000:00:02.0", "0x020000\n");
#define INTEL " class=020000 vendor=8086 device=100e express=0"
    assert_pci(t, "0000:00:01.0" INTEL "\n0000:00:02.0" INTEL "\n");
    put_group(t, "0000:00:01.0");
    put_group(t, "0000:00:02.0");
    assert_pci(t, "0000:00:01.0" INTEL " group=5\n0000:00:02.0" INTEL " group=5\n");
    tree_folder(t, DEVICES "0000:00:03.0"); /* nothing to look up by */
    tree_file(t, path_of(t, "0000:00:04.0", "vendor"), "0x8086\n");
    tree_file(t, path_of(t, "0000:00:04.0", "device"), "0x1100e\n");
    assert_false(span_find(pci_of(t), "name", NULL));
    assert_int_equal(faults_of_children(), before);
}

static void names_functions_that_lack_a_group_where_others_have_one(void **state)
{
    struct tree *t = *state;
    need_libpci();
    put_function(t, "0000:00:01.0", "0x020000\n");
    put_function(t, "0000:00:02.0", "0x020000\n");
    put_function(t, "0000:00:03.0", "0x020000\n");
    put_function(t, "0000:00:04.0", "0x020000\n");
    tree_file(t, path_of(t, "0000:00:01.0", "device"), "0xffff\n"); /* of no such device */
    put_group(t, "0000:00:02.0");
    put_group(t, "0000:00:04.0");
    struct span text = pci_of(t), line;
    assert_true(span_next_line(&text, &line));
    assert_true(span_is(line, "0000:00:01.0 class=020000 vendor=8086 device=ffff express=0"));
    assert_true(span_next_line(&text, &line));
    assert_true(span_is(line, "0000:00:02.0" INTEL " group=5"));
    assert_true(span_next_line(&text, &line));
    assert_true(span_starts(line, "0000:00:03.0" INTEL " name=Intel Corporation 82540EM "));
    assert_true(span_next_line(&text, &line));
    assert_true(span_is(line, "0000:00:04.0" INTEL " group=5"));
    assert_false(span_next_line(&text, &line));
}

static const struct ask_pci_id ids[] = {{0x8086, 2}, {0x8086, 3}, {2, 2}, {0x8086, 1}, {0x8086, 2}};

static const struct ask_pci_name *names_from(struct tree *t, const char *text)
{
    tree_file(t, "pci.ids", text);
    return pci_names(tree_path(t, "pci.ids"), ids, COUNT(ids), &t->arena);
}

static void takes_names_that_have_a_vendor_and_a_device(void **state)
{
    struct tree *t = *state;
    need_libpci();
    const struct ask_pci_name *names = names_from(t, "8086  Intel\n\t0001  One\n\t0002  Two\n");
    assert_string_equal(names[0].text, "Intel Two");
    assert_string_equal(names[1].text, "");
    assert_string_equal(names[2].text, "");
    assert_string_equal(names[3].text, "Intel One");
    assert_string_equal(names[4].text, "Intel Two");
}

static void cuts_names_at_96_bytes(void **state)
{
    struct tree *t = *state;
    need_libpci();
    char device[201];
    memset(device, 'x', sizeof device - 1);
    device[sizeof device - 1] = '\0';
    const struct ask_pci_name *names =
        names_from(t, arena_printf(&t->arena, "8086  Intel\n\t0002  %s\n\t0001  One\n", device));
    device[PCI_NAME_MAX - strlen("Intel ...")] = '\0';
    assert_string_equal(names[0].text, arena_printf(&t->arena, "Intel %s...", device));
    assert_string_equal(names[3].text, "Intel One");
}

static void assert_nameless(const struct ask_pci_name *names)
{
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_string_equal(names[i].text, "");
}

static void outlives_lists_that_libpci_exits_over(void **state)
{
    struct tree *t = *state;
    char line[5001];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    assert_nameless(names_from(t, "8086  Intel\n\t0002  Two\nzzzz\n"));
    assert_nameless(names_from(t, "8086  Intel\n\t0002  Two\n\t0002  Again\n"));
    assert_nameless(names_from(t, "8086  Intel\n\t0002  Two\n\t\t\tdeep\n"));
    assert_nameless(names_from(t, arena_printf(&t->arena, "8086  Intel\n\t0002  %s\n", line)));
    assert_nameless(names_from(t, ""));
    assert_nameless(pci_names(tree_path(t, "none"), ids, COUNT(ids), &t->arena));
    assert_nameless(pci_names(t->dir, ids, COUNT(ids), &t->arena));
}

static void waits_two_seconds_for_a_list_and_no_longer(void **state)
{
    struct tree *t = *state;
    need_libpci();
    assert_int_equal(mkfifoat(t->fd, "fifo", 0600), 0);
    assert_nameless(pci_names(tree_path(t, "fifo"), ids, COUNT(ids), &t->arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(describes_functions_and_reads_bridges_only),
        with_tree(reads_the_header_of_every_kind_of_bridge_with_buses),
        with_tree(calls_a_function_conventional_only_if_it_could_look),
        with_tree(says_whether_a_system_peripheral_masters_the_bus),
        with_tree(marks_functions_below_an_external_port),
        with_tree(takes_no_group_from_a_link_that_may_be_cut),
        with_tree(names_the_owner_of_a_domain_above_ffff),
        with_tree(names_no_owner_in_a_domain_that_firmware_has),
        with_tree(believes_no_owner_but_a_function),
        with_tree(takes_no_owner_from_a_link_that_may_be_cut),
        with_tree(starts_no_look_up_where_no_name_is_needed),
        with_tree(names_functions_that_lack_a_group_where_others_have_one),
        with_tree(takes_names_that_have_a_vendor_and_a_device),
        with_tree(cuts_names_at_96_bytes),
        with_tree(outlives_lists_that_libpci_exits_over),
        with_tree(waits_two_seconds_for_a_list_and_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
