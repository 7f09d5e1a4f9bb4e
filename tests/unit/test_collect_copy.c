/* SPDX-License-Identifier: MIT */
/*
 * A copied tree may lack parts, so what it lacks proves nothing, unless it also has something that
 * nobody copies alone. Each test is a tree that a red team made (docs/red-team.md).
 */
#define _GNU_SOURCE 1
#include <string.h>

#include "probe/probe.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

#define GUID    "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define TABLES  "sys/firmware/acpi/tables/"
#define DEVICES "sys/bus/pci/devices/"
#define EFIVARS "sys/firmware/efi/efivars/"

static const char *const wants[] = {
    "acpi/WSMT", "acpi/DMAR", "dmi", "efi/db-names", "efivar/Mor-" GUID, "pci", "sys/", NULL,
};
static const struct probe probe = {.name = "all", .wants = wants};
const struct probe *const probes[] = {&probe};
const size_t n_probes = 1;

/* The status of a blob in the tree as a copy, and as the kernel's own. */
static void assert_status(struct tree *t, const char *name, enum status copied, enum status own)
{
    struct snapshot s;
    assert_int_equal(here_collect(t->dir, &t->arena, &s), ST_OK);
    assert_int_equal(snap_get(&s, name).st, copied);
    assert_int_equal(here_collect_whole(t->dir, &t->arena, &s), ST_OK);
    assert_int_equal(snap_get(&s, name).st, own);
}

static void some_tables_are_not_all_tables(void **state)
{
    struct tree *t = *state;
    tree_folder(t, TABLES "dynamic");
    tree_file(t, TABLES "APIC", "a");
    tree_file(t, TABLES "FACP", "f");
    assert_status(t, "acpi/WSMT", ST_NOT_COLLECTED, ST_ABSENT);
    tree_file(t, TABLES "DSDT", "d");
    assert_status(t, "acpi/WSMT", ST_ABSENT, ST_ABSENT);
    assert_int_equal(unlinkat(t->fd, TABLES "FACP", 0), 0);
    assert_status(t, "acpi/WSMT", ST_NOT_COLLECTED, ST_ABSENT);
    tree_file(t, TABLES "FACP", "f");
    assert_int_equal(unlinkat(t->fd, TABLES "APIC", 0), 0);
    assert_status(t, "acpi/WSMT", ST_NOT_COLLECTED, ST_ABSENT);
}

static void some_variables_are_not_all_variables(void **state)
{
    struct tree *t = *state;
    tree_bytes(t, EFIVARS "SecureBoot-" GUID, "\6\0\0\0\1", 5);
    assert_status(t, "efivar/Mor-" GUID, ST_NOT_COLLECTED, ST_ABSENT);
    assert_status(t, "efi/db-names", ST_NOT_COLLECTED, ST_ABSENT);
    tree_bytes(t, EFIVARS "BootOrder-" GUID, "\7\0\0\0\0\0", 6);
    assert_status(t, "efivar/Mor-" GUID, ST_ABSENT, ST_ABSENT);
    assert_status(t, "efi/db-names", ST_ABSENT, ST_ABSENT);
}

static void put_function(struct tree *t, const char *address)
{
    tree_file(t, arena_printf(&t->arena, DEVICES "%s/class", address), "0x020000\n");
}

static void some_functions_are_not_all_functions(void **state)
{
    struct tree *t = *state;
    put_function(t, "0000:00:02.0");
    assert_status(t, "pci", ST_TRUNCATED, ST_OK);
    put_function(t, "0000:00:00.0");
    assert_status(t, "pci", ST_OK, ST_OK);
    /* A link whose target was not copied. */
    assert_int_equal(symlinkat("../../../devices/none", t->fd, DEVICES "0000:00:1f.6"), 0);
    assert_status(t, "pci", ST_TRUNCATED, ST_OK);
}

static void a_folder_without_content_proves_nothing(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/net");
    tree_folder(t, "sys/bus");
    assert_status(t, "pci", ST_NOT_COLLECTED, ST_ABSENT);
    assert_status(t, "dmi", ST_NOT_COLLECTED, ST_ABSENT);
    assert_status(t, "sys/xen", ST_NOT_COLLECTED, ST_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(some_tables_are_not_all_tables),
        with_tree(some_variables_are_not_all_variables),
        with_tree(some_functions_are_not_all_functions),
        with_tree(a_folder_without_content_proves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
