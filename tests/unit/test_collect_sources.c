/* SPDX-License-Identifier: MIT */
/* The sources against trees that the tests make, as with --root; and once against this machine. */
#define _GNU_SOURCE 1
#include <sched.h>

#include "probe/probe.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"

#define GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* In place of the program's own probes: every kind of blob is wanted here. */
static const char *const wants[] = {
    "acpi/DMAR",
    "acpi/WSMT",
    "cpuid",
    "cpuid-hypervisor",
    "cpuinfo",
    "dmi",
    "efi/kernel-log",
    "efi/memattr",
    "efi/memattr-steps",
    "efi/db-names",
    "efi/platform",
    "efi/runtime-map",
    "efivar/SecureBoot-" GUID,
    "efivar/Empty-" GUID,
    "efivar/None-" GUID,
    "kernel",
    "msr",
    "pci",
    "sys/",
    NULL,
};
static const struct probe probe = {.name = "all", .wants = wants};
const struct probe *const probes[] = {&probe, &probe};
const size_t n_probes = 2;

static struct snapshot collect_tree(struct tree *t)
{
    struct snapshot s;
    assert_int_equal(here_collect_whole(t->dir, &t->arena, &s), ST_OK);
    return s;
}

static struct blob get(struct tree *t, const char *name)
{
    struct snapshot s = collect_tree(t);
    return snap_get(&s, name);
}

static void assert_text(struct blob b, const char *text)
{
    assert_int_equal(b.st, ST_OK);
    assert_int_equal(b.data.len, strlen(text));
    assert_memory_equal(b.data.ptr, text, b.data.len);
}

static void knows_nothing_of_an_empty_tree(void **state)
{
    struct snapshot s = collect_tree(*state);
    assert_int_equal(s.kind, SOURCE_ROOT);
    assert_int_equal(strlen(s.collected_at), strlen("2026-11-22T04:00:00Z"));
    assert_true(s.n >= 16);
    for (size_t i = 0; i < s.n; i++) {
        assert_int_equal(s.blobs[i].data.len, 0);
        assert_int_equal(s.blobs[i].st, ST_NOT_COLLECTED);
        if (i > 0) /* sorted, and wanted twice but there once */
            assert_true(strcmp(s.blobs[i - 1].name, s.blobs[i].name) < 0);
    }
}

static void says_why_the_root_cannot_be_opened(void **state)
{
    struct tree *t = *state;
    struct snapshot s;
    assert_int_equal(here_collect(tree_path(t, "none"), &t->arena, &s), ST_ABSENT);
    tree_file(t, "file", "");
    enum status st = here_collect(tree_path(t, "file"), &t->arena, &s);
    assert_string_equal(reader_problem(st), "is not a folder");
}

/* ACPI ------------------------------------------------------------------------------------- */

#define TABLES "sys/firmware/acpi/tables/"

static void takes_numbered_tables_of_a_signature(void **state)
{
    struct tree *t = *state;
    tree_file(t, TABLES "FACP", "f");
    tree_file(t, TABLES "WSMT1", "one");
    tree_file(t, TABLES "WSMT2", "two");
    tree_file(t, TABLES "WSMTX", "other");
    struct snapshot s = collect_tree(t);
    assert_text(snap_get(&s, "acpi/WSMT1"), "one");
    assert_text(snap_get(&s, "acpi/WSMT2"), "two");
    assert_int_equal(snap_get(&s, "acpi/WSMT").st, ST_NOT_COLLECTED); /* no blob of that name */
    assert_int_equal(snap_get(&s, "acpi/WSMTX").st, ST_NOT_COLLECTED);
    assert_int_equal(snap_get(&s, "acpi/FACP").st, ST_NOT_COLLECTED); /* not wanted */
    assert_int_equal(snap_get(&s, "acpi/DMAR").st, ST_ABSENT);
}

static void takes_no_table_as_absent_where_there_are_none_at_all(void **state)
{
    struct tree *t = *state;
    tree_folder(t, TABLES "data");
    tree_folder(t, TABLES "dynamic");
    assert_int_equal(get(t, "acpi/DMAR").st, ST_NOT_COLLECTED);
}

static bool tables_are_denied(struct tree *t)
{
    struct snapshot s;
    if (here_collect_whole(t->dir, &t->arena, &s) != ST_OK)
        return false;
    return snap_get(&s, "acpi/WSMT").st == ST_NO_PERMISSION &&
           snap_get(&s, "acpi/DMAR").st == ST_ABSENT;
}

static bool folder_is_denied(struct tree *t)
{
    struct snapshot s;
    return here_collect_whole(t->dir, &t->arena, &s) == ST_OK &&
           snap_get(&s, "acpi/DMAR").st == ST_NO_PERMISSION;
}

static void tells_a_denied_table_from_one_that_is_not_there(void **state)
{
    struct tree *t = *state;
    tree_file(t, TABLES "WSMT", "x");
    assert_int_equal(fchmodat(t->fd, TABLES "WSMT", 0, 0), 0);
    assert_true(tree_as_nobody(tables_are_denied, t));
    assert_int_equal(fchmodat(t->fd, TABLES, 0, 0), 0);
    assert_true(tree_as_nobody(folder_is_denied, t));
    assert_int_equal(fchmodat(t->fd, TABLES, 0755, 0), 0);
}

/* EFI -------------------------------------------------------------------------------------- */

static void tells_how_the_machine_was_booted(void **state)
{
    struct tree *t = *state;
    struct snapshot s;
    tree_folder(t, "sys/firmware");
    assert_int_equal(get(t, "efi/platform").st, ST_NOT_COLLECTED);
    tree_folder(t, "sys/firmware/acpi");
    assert_int_equal(get(t, "efi/platform").st, ST_ABSENT);
    assert_int_equal(here_collect(t->dir, &t->arena, &s), ST_OK);
    /* Whoever copied the tree need not have copied all of it: what it lacks proves nothing. */
    assert_int_equal(snap_get(&s, "efi/platform").st, ST_NOT_COLLECTED);
    assert_int_equal(snap_get(&s, "efivar/SecureBoot-" GUID).st, ST_NOT_COLLECTED);
    tree_folder(t, "sys/firmware/efi");
    s = collect_tree(t);
    assert_text(snap_get(&s, "efi/platform"), "");
    assert_int_equal(snap_get(&s, "efivar/SecureBoot-" GUID).st, ST_NO_DRIVER);
    tree_file(t, "sys/firmware/efi/fw_platform_size", "64\n");
    assert_text(get(t, "efi/platform"), "64\n");
}

static void takes_variables_as_efivarfs_shows_them(void **state)
{
    struct tree *t = *state;
    tree_bytes(t, "sys/firmware/efi/efivars/SecureBoot-" GUID, "\6\0\0\0\1", 5);
    tree_file(t, "sys/firmware/efi/efivars/Empty-" GUID, "");
    struct snapshot s = collect_tree(t);
    struct blob b = snap_get(&s, "efivar/SecureBoot-" GUID);
    assert_int_equal(b.st, ST_OK);
    assert_int_equal(b.data.len, 5);
    assert_memory_equal(b.data.ptr, "\6\0\0\0\1", 5);
    assert_text(snap_get(&s, "efivar/Empty-" GUID), "");
    assert_int_equal(snap_get(&s, "efivar/None-" GUID).st, ST_ABSENT);
}

static void keeps_names_of_db_and_no_certificate(void **state)
{
    struct tree *t = *state;
    static const char db[] = "\47\0\0\0secret\23%Microsoft Windows Production PCA 2011"
                             "\23\25Windows UEFI CA 2023 and "
                             "\23 Microsoft UEFI CA 2023";
    tree_bytes(t, "sys/firmware/efi/efivars/SecureBoot-" GUID, "\6\0\0\0\1", 5);
    assert_int_equal(get(t, "efi/db-names").st, ST_ABSENT);
    tree_bytes(t, "sys/firmware/efi/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f", db,
               sizeof db - 1);
    assert_text(get(t, "efi/db-names"), "Microsoft Windows Production PCA 2011\n");
}

static void writes_the_runtime_map_one_line_a_region(void **state)
{
    struct tree *t = *state;
    static const char *const fields[][2] = {{"type", "0x6\n"},
                                            {"phys_addr", "0x1000\n"},
                                            {"virt_addr", "0xfffffffe\n"},
                                            {"num_pages", "0x2\n"},
                                            {"attribute", "0x800000000000000f\n"}};
    for (size_t i = 0; i < 5; i++)
        tree_file(t, arena_printf(&t->arena, "sys/firmware/efi/runtime-map/0/%s", fields[i][0]),
                  fields[i][1]);
    assert_text(get(t, "efi/runtime-map"), "0x6 0x1000 0xfffffffe 0x2 0x800000000000000f\n");
}

static void keeps_only_the_lines_of_the_log_that_matter(void **state)
{
    struct tree *t = *state;
    tree_file(t, "var/log/dmesg",
              "[    0.000000] Linux version 6.1.0 (x) (gcc) #1\n"
              "[    0.000000] efi: EFI v2.70 by EDK II\n"
              "[    1.000000] usb 1-1: SerialNumber: 0123456789\n");
    struct blob b = get(t, "efi/kernel-log");
    assert_text(b, "Linux version 6.1.0 (x) (gcc) #1\nefi: EFI v2.70 by EDK II\n");
    assert_string_equal(b.from, "/var/log/dmesg");
}

static void calls_a_log_without_its_beginning_truncated(void **state)
{
    struct tree *t = *state;
    tree_file(t, "dmesg", "[    0.000000] efi: EFI v2.70 by EDK II\n");
    struct blob b = get(t, "efi/kernel-log");
    assert_int_equal(b.st, ST_TRUNCATED);
    assert_true(span_is(b.data, "efi: EFI v2.70 by EDK II\n"));
}

static void takes_the_last_boot_of_a_log(void **state)
{
    struct tree *t = *state;
    tree_file(t, "dmesg",
              "[    0.000000] Linux version 6.1.0 (x)\n[    0.000000] efi: EFI v2.70 by X\n"
              "[    0.000000] Linux version 6.2.0 (x)\n");
    assert_text(get(t, "efi/kernel-log"), "Linux version 6.2.0 (x)\n");
}

static void takes_no_log_of_boots_in_no_order(void **state)
{
    struct tree *t = *state;
    tree_file(t, "dmesg",
              "[    0.000000] efi: EFI v2.70 by X\n[    0.000000] efi: EFI v2.80 by X\n");
    assert_int_equal(get(t, "efi/kernel-log").st, ST_CONFLICT);
}

/* The rest --------------------------------------------------------------------------------- */

static void takes_no_secret_of_the_command_line(void **state)
{
    struct tree *t = *state;
    tree_file(t, "proc/sys/kernel/osrelease", "6.1.0-1\n");
    tree_file(t, "proc/cmdline",
              "BOOT_IMAGE=/vmlinuz root=UUID=1-2-3 intel_iommu=on quiet efi=debug\n");
    tree_file(t, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    tree_file(t, "boot/config-6.1.0-1", "A=y\nCONFIG_KVM_INTEL=m\nCONFIG_KVM_AMD=m\n");
    assert_text(get(t, "kernel"), "release: 6.1.0-1\n"
                                  "cmdline: intel_iommu=on efi=debug\n"
                                  "lockdown: none [integrity] confidentiality\n"
                                  "config-kvm-intel: m\n");
}

static const char *kvm_line(struct tree *t)
{
    struct span after;
    struct blob b = get(t, "kernel");
    if (!span_find(b.data, "config-kvm-intel: ", &after))
        return "-";
    return arena_text(&t->arena, (struct span){after.ptr, 1});
}

static void finds_kvm_for_intel_wherever_it_is_told(void **state)
{
    struct tree *t = *state;
    tree_file(t, "proc/sys/kernel/osrelease", "6.1\n");
    assert_string_equal(kvm_line(t), "-");
    tree_file(t, "lib/modules/6.1/modules.builtin", "kernel/arch/x86/kvm/kvm-intel.ko\n");
    assert_string_equal(kvm_line(t), "y");
    tree_file(t, "lib/modules/6.1/kernel/arch/x86/kvm/kvm-intel.ko.zst", "");
    assert_string_equal(kvm_line(t), "m");
    tree_file(t, "boot/config-6.1", "#\n# CONFIG_KVM_INTEL is not set\n");
    assert_string_equal(kvm_line(t), "n");
    tree_folder(t, "sys/module/kvm_intel");
    assert_string_equal(kvm_line(t), "m");
}

static void takes_model_and_firmware_but_no_serial_number(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/net");
    assert_int_equal(get(t, "dmi").st, ST_ABSENT);
    tree_file(t, "sys/class/dmi/id/sys_vendor", "ACME\n");
    tree_file(t, "sys/class/dmi/id/product_name", "Road\x1b[31m Runner\n");
    tree_file(t, "sys/class/dmi/id/product_serial", "S3CR3T\n");
    tree_file(t, "sys/class/dmi/id/product_uuid", "S3CR3T\n");
    tree_file(t, "sys/class/dmi/id/bios_version", "1.0\n");
    tree_file(t, "sys/class/dmi/id/bios_date", "01/02/2020\n");
    assert_text(get(t, "dmi"), "vendor: ACME\nproduct: Road?[31m Runner\n"
                               "firmware-version: 1.0\nfirmware-date: 01/02/2020\n");
}

static void takes_two_bits_of_smbios_and_nothing_behind_them(void **state)
{
    struct tree *t = *state;
    static const char head[] = {0, 0x18, 0, 0}; /* type 0, its length, its handle */
    static const struct {
        char second;
        const char *text;
    } rows[] = {
        {0x08, "firmware-uefi: yes\nvirtual-machine: no\n"},
        {0x10, "firmware-uefi: no\nvirtual-machine: yes\n"},
        {0x00, "firmware-uefi: no\nvirtual-machine: no\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char table[0x18 + 8] = {0};
        memcpy(table, head, sizeof head);
        table[0x13] = rows[i].second;
        memcpy(table + 0x18, "S3CR3T", 7);
        tree_bytes(t, "sys/firmware/dmi/tables/DMI", table, sizeof table);
        assert_text(get(t, "dmi"), rows[i].text);
    }
    tree_bytes(t, "sys/firmware/dmi/tables/DMI", "\1\x18", 2); /* another structure, and cut */
    tree_folder(t, "sys/class/net");
    assert_int_equal(get(t, "dmi").st, ST_ABSENT);
}

static void tells_what_xen_says_of_a_domain(void **state)
{
    struct tree *t = *state;
    assert_int_equal(get(t, "sys/xen").st, ST_NOT_COLLECTED);
    tree_folder(t, "sys/class/net");
    assert_int_equal(get(t, "sys/xen").st, ST_ABSENT);
    tree_file(t, "sys/hypervisor/type", "xen\n");
    tree_file(t, "sys/hypervisor/uuid", "S3CR3T\n");
    tree_file(t, "sys/hypervisor/properties/features", "00000fd5\n");
    tree_file(t, "sys/hypervisor/properties/capabilities", "xen-3.0-x86_64 hvm-3.0-x86_64 \n");
    tree_file(t, "proc/xen/capabilities", "control_d\n");
    assert_text(get(t, "sys/xen"), "type: xen\nprivileges: control_d\nfeatures: 00000fd5\n"
                                   "capabilities: xen-3.0-x86_64 hvm-3.0-x86_64\n");
}

static void drops_serial_numbers_from_cpuinfo(void **state)
{
    struct tree *t = *state;
    tree_file(t, "proc/cpuinfo", "processor : 0\nSerial : 10000000abcdef\nModel : Pi\n");
    assert_text(get(t, "cpuinfo"), "processor : 0\nModel : Pi\n");
}

static void describes_each_tpm(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class");
    assert_int_equal(get(t, "sys/tpm").st, ST_NO_DRIVER);
    tree_folder(t, "sys/class/tpm");
    assert_text(get(t, "sys/tpm"), "");
    tree_file(t, "sys/class/tpm/tpm0/tpm_version_major", "2\n");
    tree_folder(t, "sys/class/tpm/tpm0/pcr-sha256");
    tree_folder(t, "sys/class/tpm/tpm0/pcr-sha1");
    tree_file(t, "sys/class/tpm/tpm0/device/description", "TPM 2.0 Device\n");
    tree_folder(t, "sys/class/tpmrm/tpmrm0");
    tree_file(t, "sys/class/tpm/tpm1/device/caps",
              "Manufacturer: 0x49465800\nTCG version: 1.2\nFirmware version: 3.17\n");
    tree_file(t, "sys/bus/acpi/devices/MSFT0101:00/status", "15\n");
    assert_text(get(t, "sys/tpm"), "tpm0 version-major 2\n"
                                   "tpm0 banks sha1 sha256\n"
                                   "tpm0 description TPM 2.0 Device\n"
                                   "tpm0 resource-manager\n"
                                   "tpm1 caps TCG version: 1.2\n"
                                   "MSFT0101:00 status 15\n");
}

static void takes_no_file_for_a_register_device(void **state)
{
    struct tree *t = *state;
    tree_folder(t, "sys/class/msr");
    tree_file(t, "dev/cpu/0/msr", "12345678");
    assert_int_equal(get(t, "msr").st, ST_NOT_COLLECTED);
}

/* Fault: a node as acpi/tables/DMAR put a disk of the judging machine into the capture. */
static void reads_no_device_of_a_tree(void **state)
{
    struct tree *t = *state;
    static const char *const paths[] = {
        TABLES "DMAR",   "proc/cpuinfo",  "var/log/dmesg",
        "dev/cpu/0/msr", "dev/kmsg",      "dev/mem",
        "proc/kcore",    "proc/kallsyms", "run/vbscheck/mor-test.json"};
    enum { MEMORY = 1, ZERO = 5, MSR = 202 };
    tree_folder(t, "sys/class/msr");
    tree_file(t, "sys/firmware/efi/fw_platform_size", "64\n");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        tree_file(t, paths[i], "");
        assert_int_equal(unlinkat(t->fd, paths[i], 0), 0);
        bool msr = strstr(paths[i], "msr") != NULL;
        if (!tree_node(t, paths[i], S_IFCHR, msr ? MSR : MEMORY, msr ? 0 : ZERO))
            skip();
    }
    struct snapshot s = collect_tree(t);
    assert_int_equal(snap_get(&s, "acpi/DMAR").st, ST_UNSUPPORTED);
    assert_int_equal(snap_get(&s, "cpuinfo").st, ST_UNSUPPORTED);
    assert_int_equal(snap_get(&s, "efi/kernel-log").st, ST_UNSUPPORTED);
    assert_int_equal(snap_get(&s, "msr").st, ST_NOT_COLLECTED);
    assert_int_equal(snap_get(&s, "efi/memattr").st, ST_UNSUPPORTED);
    for (size_t i = 0; i < s.n; i++) {
        bool ours = strcmp(s.blobs[i].name, "efi/platform") == 0 ||
                    strcmp(s.blobs[i].name, "efi/memattr-steps") == 0;
        assert_true(ours || s.blobs[i].data.len == 0);
    }
}

static void collects_this_machine_and_leaves_no_trace(void **state)
{
    struct tree *t = *state;
    struct snapshot s;
    cpu_set_t before, after;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(here_collect(NULL, &t->arena, &s), ST_OK);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
    assert_int_equal(s.kind, SOURCE_LIVE);
    assert_int_equal(snap_get(&s, "kernel").st, ST_OK);
    assert_int_equal(snap_get(&s, "cpuinfo").st, ST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(knows_nothing_of_an_empty_tree),
        with_tree(says_why_the_root_cannot_be_opened),
        with_tree(takes_numbered_tables_of_a_signature),
        with_tree(takes_no_table_as_absent_where_there_are_none_at_all),
        with_tree(tells_a_denied_table_from_one_that_is_not_there),
        with_tree(tells_how_the_machine_was_booted),
        with_tree(takes_variables_as_efivarfs_shows_them),
        with_tree(keeps_names_of_db_and_no_certificate),
        with_tree(writes_the_runtime_map_one_line_a_region),
        with_tree(keeps_only_the_lines_of_the_log_that_matter),
        with_tree(calls_a_log_without_its_beginning_truncated),
        with_tree(takes_the_last_boot_of_a_log),
        with_tree(takes_no_log_of_boots_in_no_order),
        with_tree(takes_no_secret_of_the_command_line),
        with_tree(finds_kvm_for_intel_wherever_it_is_told),
        with_tree(takes_model_and_firmware_but_no_serial_number),
        with_tree(takes_two_bits_of_smbios_and_nothing_behind_them),
        with_tree(tells_what_xen_says_of_a_domain),
        with_tree(drops_serial_numbers_from_cpuinfo),
        with_tree(describes_each_tpm),
        with_tree(takes_no_file_for_a_register_device),
        with_tree(reads_no_device_of_a_tree),
        with_tree(collects_this_machine_and_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
