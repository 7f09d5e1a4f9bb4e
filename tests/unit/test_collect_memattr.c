/* SPDX-License-Identifier: MIT */
/* The Memory Attributes Table out of trees that the tests make: which way is taken, and why not. */
#define _GNU_SOURCE 1
#include "io/node.h"
#include "io/root.h"
#include "probe/probe.h"
#include "reader/iomem.h"
#include "test_collect_core.h"
#include "test_collect_here.h"
#include "test_collect_tree.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

static const char *const wants[] = {"efi/kernel-log", "efi/platform", "efi/memattr",
                                    "efi/memattr-steps", NULL};
static const struct probe probe = {.name = "memattr", .wants = wants};
const struct probe *const probes[] = {&probe};
const size_t n_probes = 1;

/*
 * In place of the program's own: here /dev/mem is a file, and below a tree, where the program never
 * looks for it.
 */
int node_open(int root, bool live, const char *path, unsigned major, unsigned minor,
              enum status *why)
{
    (void)live;
    assert_string_equal(path, "dev/mem");
    assert_true(major == NODE_MEMORY_MAJOR && minor == NODE_MEM_MINOR);
    int fd = root_open_file(root, path, why);
    if (fd < 0 && *why == ST_UNSUPPORTED)
        *why = ST_ABSENT;
    return fd;
}

#define EFI      "sys/firmware/efi/"
#define LOG_HEAD "[    0.000000] Linux version 6.1.0-13-amd64 (x) (gcc) #1\n"
#define LOG_LINE "[    0.000000] efi: SMBIOS=0x1e5d4000 ACPI=0x1e77d000 "
#define ADDRESS  UINT64_C(0x3cb86018)
#define VIRTUAL  UINT64_C(0xffffffff8a2b3c40)
#define SYMBOL   "ffffffff8a2b3c40 D efi_mem_attr_table\n"

/* RAM at 3cb80000h, and the page of the kernel that holds its variable. */
#define RAM_OFFSET UINT64_C(0x140000000) /* over 4 GiB */
static const struct core_segment core[] = {
    {CORE_LOAD, 0x2000, VIRTUAL - 0xc40, 0xa2b3000, 0x1000},
    {CORE_LOAD, 0x5000, UINT64_C(0xffffd04a00000000), CORE_NOWHERE, UINT64_C(0x1fffffffffff)},
    {CORE_LOAD, RAM_OFFSET, UINT64_C(0xffff88803cb80000), 0x3cb80000, 0x8000},
};

static void put_log(struct tree *t, const char *more)
{
    tree_file(t, "proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
    /* A line follows that is longer: where nobody wrapped it, nobody wrapped that of tables. */
    tree_file(
        t, "dmesg",
        arena_printf(&t->arena, LOG_HEAD LOG_LINE "%s\n[    0.000000] DMI: %0140d\n", more, 0));
}

static void put_efi(struct tree *t)
{
    tree_file(t, EFI "fw_platform_size", "64\n");
}

static int open_new(struct tree *t, const char *name)
{
    tree_file(t, name, "");
    int fd = openat(t->fd, name, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* A core whose RAM holds `table` at `address`. */
static void put_core(struct tree *t, struct span table, uint64_t address)
{
    scoped_fd fd = open_new(t, "proc/kcore");
    core_headers(fd, core, COUNT(core));
    core_write(fd, RAM_OFFSET + 0x7fff, "", 1);
    core_write(fd, RAM_OFFSET + (address - 0x3cb80000), table.ptr, table.len);
}

/* The kernel's own variable in that core. */
static void put_variable(struct tree *t, uint64_t value)
{
    struct build b = {.len = 0};
    scoped_fd fd = openat(t->fd, "proc/kcore", O_RDWR | O_CLOEXEC);
    put_le64(&b, value);
    core_write(fd, 0x2c40, b.bytes, b.len);
}

static struct span sound_table(void)
{
    static struct build b;
    table_build(&b, 1, 22);
    return build_span(&b);
}

static void check(struct tree *t, enum status st, struct span bytes, const char *steps)
{
    struct snapshot s;
    assert_int_equal(here_collect(t->dir, &t->arena, &s), ST_OK);
    struct blob b = snap_get(&s, "efi/memattr"), told = snap_get(&s, "efi/memattr-steps");
    assert_string_equal(arena_text(&t->arena, told.data), steps);
    assert_string_equal(status_name(b.st), status_name(st));
    assert_int_equal(told.st, steps[0] != '\0' ? ST_OK : st);
    assert_int_equal(b.data.len, bytes.len);
    if (bytes.len > 0)
        assert_memory_equal(b.data.ptr, bytes.ptr, bytes.len);
}

static void check_none(struct tree *t, enum status st, const char *steps)
{
    check(t, st, (struct span){0}, steps);
}

/* Machines --------------------------------------------------------------------------------- */

static void looks_for_nothing_without_efi(void **state)
{
    struct tree *t = *state;
    put_log(t, "MEMATTR=0x3cb86018 ");
    put_core(t, sound_table(), ADDRESS);
    check_none(t, ST_NOT_COLLECTED, "");
    tree_folder(t, "sys/firmware/acpi"); /* of a copy, which proves no legacy boot */
    check_none(t, ST_NOT_COLLECTED, "");
}

static void looks_for_nothing_where_xen_hides_real_addresses(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86018 ");
    put_core(t, sound_table(), ADDRESS);
    tree_file(t, "sys/hypervisor/guest_type", "PV\n");
    check_none(t, ST_UNSUPPORTED, "");
    tree_file(t, "sys/hypervisor/guest_type", "HVM\n");
    check(t, ST_OK, sound_table(), "address kernel-log 0x3cb86018\nbytes kcore ok 1072\n");
}

static void knows_nothing_of_a_tree_without_memory(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    check_none(t, ST_NOT_COLLECTED,
               "address kernel-log not-collected\naddress kallsyms not-collected\n"
               "address config-table not-collected\n");
    put_log(t, "MEMATTR=0x3cb86018 ");
    check_none(t, ST_NOT_COLLECTED,
               "address kernel-log 0x3cb86018\nbytes kcore not-collected\n"
               "bytes devmem not-collected\nbytes debugfs not-collected\n");
}

/* Address ---------------------------------------------------------------------------------- */

static void believes_a_whole_log_that_there_is_no_table(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "ACPI 2.0=0x1e77d014 ESRT=0x3cb86018 ");
    check_none(t, ST_ABSENT, "address kernel-log absent\n");
    tree_file(t, "proc/sys/kernel/osrelease", "4.4.0\n"); /* which does not look for it */
    check_none(t, ST_TRUNCATED,
               "address kernel-log truncated\naddress kallsyms not-collected\n"
               "address config-table not-collected\n");
}

static void does_not_believe_a_log_that_is_cut(void **state)
{
    struct tree *t = *state;
    static const char *const logs[] = {
        LOG_LINE "\n", /* without its beginning */
        LOG_HEAD,      /* without the line */
        LOG_HEAD "[    0.000000] efi: ACPI=0x1e77d000 ACPI 2.0=0x1e77d014\n", /* half of it */
    };
    put_efi(t);
    tree_file(t, "proc/sys/kernel/osrelease", "6.1.0\n");
    for (size_t i = 0; i < COUNT(logs); i++) {
        tree_file(t, "dmesg", logs[i]);
        check_none(t, ST_TRUNCATED,
                   "address kernel-log truncated\naddress kallsyms not-collected\n"
                   "address config-table not-collected\n");
    }
}

static void reads_nothing_at_an_address_that_is_none(void **state)
{
    struct tree *t = *state;
    static const char *const lines[] = {"(MEMATTR=0x3cb86018 unusable) ", "MEMATTR=0x0 ",
                                        "MEMATTR=0xffffffffffffffff "};
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    for (size_t i = 0; i < COUNT(lines); i++) {
        put_log(t, lines[i]);
        check_none(t, ST_MALFORMED, "address kernel-log malformed\n");
    }
}

static void reads_no_table_that_linux_refused(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    put_log(t, "MEMATTR=0x3cb86018 \n[    0.000000] efi: memattr: Unexpected EFI Memory Attributes "
               "table version -1347440721");
    check_none(t, ST_UNSUPPORTED, "address kernel-log 0x3cb86018\nbytes kernel-log unsupported\n");
    put_log(t, "MEMATTR=0x3cb86018 \n[    0.000000] efi: memattr: [Firmware Bug]: Corrupted EFI "
               "Memory Attributes Table detected! (version == 2, desc_size == 48, ...)");
    check_none(t, ST_UNSUPPORTED, "address kernel-log 0x3cb86018\nbytes kernel-log unsupported\n");
    put_log(t, "MEMATTR=0x3cb86018 \n[    0.000000] efi: memattr: Entry attributes invalid: RO and "
               "XP bits both cleared");
    check(t, ST_OK, sound_table(), "address kernel-log 0x3cb86018\nbytes kcore ok 1072\n");
}

static void asks_the_kernel_itself_where_the_log_is_gone(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    put_variable(t, ADDRESS);
    tree_file(t, "proc/kallsyms",
              "0000000000000000 A fixed_percpu_data\nffffffff8a2b3c38 D efi_mem_attr_table_x\n"
              "ffffffff8a2b3c30 d efi_mem_attr_table\t[module]\n" SYMBOL);
    check(t, ST_OK, sound_table(),
          "address kernel-log not-collected\naddress kallsyms 0x3cb86018\nbytes kcore ok 1072\n");
    put_variable(t, UINT64_MAX);
    check_none(t, ST_ABSENT, "address kernel-log not-collected\naddress kallsyms absent\n");
    put_variable(t, 0);
    check_none(t, ST_MALFORMED, "address kernel-log not-collected\naddress kallsyms malformed\n");
}

static void says_why_the_kernel_did_not_tell(void **state)
{
    struct tree *t = *state;
    static const struct {
        const char *symbols, *step;
        enum status st;
    } cases[] = {
        {"0000000000000000 D efi_mem_attr_table\n", "no-permission", ST_NO_PERMISSION},
        {"ffffffff8a2b3c40 D efi\n", "no-driver", ST_NO_DRIVER},
        {"", "no-driver", ST_NO_DRIVER},
        {"ffffffff8a2b3c40 D efi_mem_attr_table", "no-driver", ST_NO_DRIVER}, /* no line yet */
        {"fffffffffffffff0 D efi_mem_attr_table\n", "unsupported", ST_UNSUPPORTED},
        {"x D efi_mem_attr_table\n", "no-driver", ST_NO_DRIVER},
    };
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    for (size_t i = 0; i < COUNT(cases); i++) {
        tree_file(t, "proc/kallsyms", cases[i].symbols);
        check_none(t, cases[i].st,
                   arena_printf(&t->arena,
                                "address kernel-log not-collected\naddress kallsyms %s\n"
                                "address config-table not-collected\n",
                                cases[i].step));
    }
}

/* kernel.kptr_restrict is nothing to wait for where a new boot brings a whole log. */
static void asks_for_a_whole_log_before_hidden_symbols(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    tree_file(t, "dmesg", "[    0.000000] efi: EFI v2.70 by EDK II\n");
    tree_file(t, "proc/kallsyms", "0000000000000000 D efi_mem_attr_table\n");
    check_none(t, ST_TRUNCATED,
               "address kernel-log truncated\naddress kallsyms no-permission\n"
               "address config-table not-collected\n");
}

/* Wherever the line lies beside the ends of what is read at once. */
static void finds_a_symbol_anywhere_in_a_long_list(void **state)
{
    struct tree *t = *state;
    enum { BEFORE = 65536 - 60, ROOM = 200000 };
    static char list[ROOM];
    put_efi(t);
    put_core(t, sound_table(), ADDRESS);
    put_variable(t, ADDRESS);
    for (size_t shift = 0; shift < 60; shift += 7) {
        memset(list, 'a', sizeof list);
        for (size_t i = 99; i < sizeof list; i += 100)
            list[i] = '\n';
        memset(list + BEFORE - 200, 'b', 200 + shift);
        list[BEFORE + shift - 1] = '\n';
        memcpy(list + BEFORE + shift, SYMBOL, strlen(SYMBOL));
        tree_bytes(t, "proc/kallsyms", list, sizeof list);
        check(t, ST_OK, sound_table(),
              "address kernel-log not-collected\naddress kallsyms 0x3cb86018\n"
              "bytes kcore ok 1072\n");
    }
    memset(list, 'a', sizeof list); /* one long line */
    tree_bytes(t, "proc/kallsyms", list, sizeof list);
    check_none(t, ST_NO_DRIVER,
               "address kernel-log not-collected\naddress kallsyms no-driver\n"
               "address config-table not-collected\n");
}

/* /dev/mem --------------------------------------------------------------------------------- */

static const char guid[] = "\x1d\x91\xfa\xdc\xeb\x26\x9f\x46\xa2\x20\x38\xb7\xdc\x46\x12\x20";

/* All of the memory below is RAM, but for a device in the middle. */
static void put_iomem(struct tree *t)
{
    tree_file(t, "proc/iomem",
              "00000000-00000fff : Reserved\n00100000-3fffffff : System RAM\n"
              "  01000000-01ffffff : Kernel code\n80000000-8fffffff : PCI Bus 0000:00\n"
              "  80000000-80000fff : 0000:00:02.0\nf0000000-ffffffff : Reserved\n"
              "  fed90000-fed90fff : dmar0\n");
}

/* An array of configuration tables with the one looked for in the middle, at 1f9ee018h. */
static void put_array(struct tree *t, int fd, size_t address_bytes, size_t before)
{
    struct build b = {.len = 0};
    for (size_t i = 0; i < before; i++) {
        put_bytes(&b, "0123456789abcdef", 16);
        put_le64(&b, UINT64_MAX);
        b.len -= 8 - address_bytes;
    }
    put_bytes(&b, guid, 16);
    put_le64(&b, ADDRESS);
    b.len -= 8 - address_bytes;
    for (size_t i = 0; i < 2048; i++) /* nothing ends the array */
        put_u8(&b, 0xaf);
    core_write(fd, 0x1f9ee018, b.bytes, b.len);
    tree_file(t, EFI "config_table", "0x1f9ee018\n");
}

static void walks_the_configuration_tables(void **state)
{
    struct tree *t = *state;
    static const char *const steps = "address kernel-log not-collected\n"
                                     "address kallsyms not-collected\n"
                                     "address config-table 0x3cb86018\n"
                                     "bytes kcore not-collected\nbytes devmem ok 1072\n";
    scoped_fd fd = open_new(t, "dev/mem");
    core_write(fd, ADDRESS, sound_table().ptr, sound_table().len);
    put_efi(t);
    put_iomem(t);
    put_array(t, fd, 8, 11);
    check(t, ST_OK, sound_table(), steps);
    put_array(t, fd, 8, 63);
    check(t, ST_OK, sound_table(), steps);
    tree_file(t, EFI "fw_platform_size", "32\n");
    put_array(t, fd, 4, 11);
    check(t, ST_OK, sound_table(), steps);
}

static void walks_sixty_four_configuration_tables_and_no_more(void **state)
{
    struct tree *t = *state;
    scoped_fd fd = open_new(t, "dev/mem");
    put_efi(t);
    put_iomem(t);
    put_array(t, fd, 8, 64);
    check_none(t, ST_TRUNCATED,
               "address kernel-log not-collected\naddress kallsyms not-collected\n"
               "address config-table truncated\n");
    tree_file(t, EFI "config_table", "0xfffffffffffffff0\n");
    check_none(t, ST_UNSUPPORTED,
               "address kernel-log not-collected\naddress kallsyms not-collected\n"
               "address config-table unsupported\n");
    tree_file(t, EFI "config_table", "none\n");
    check_none(t, ST_UNSUPPORTED,
               "address kernel-log not-collected\naddress kallsyms not-collected\n"
               "address config-table unsupported\n");
}

static void takes_memory_itself_where_the_core_does_not_hold_the_address(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "MEMATTR=0x1f9ee018 ");
    put_core(t, sound_table(), ADDRESS);
    check_none(t, ST_NO_DRIVER,
               "address kernel-log 0x1f9ee018\nbytes kcore absent\n"
               "bytes devmem not-collected\nbytes debugfs not-collected\n");
    scoped_fd fd = open_new(t, "dev/mem");
    core_write(fd, 0x1f9ee018, sound_table().ptr, sound_table().len);
    put_iomem(t);
    check(t, ST_OK, sound_table(),
          "address kernel-log 0x1f9ee018\nbytes kcore absent\nbytes devmem ok 1072\n");
}

static void reads_no_device_and_nothing_that_it_does_not_know(void **state)
{
    struct tree *t = *state;
    static const struct {
        const char *address;
        uint64_t at;
    } cases[] = {
        {"0x80000018", 0x80000018}, /* a device */
        {"0xfed90018", 0xfed90018}, /* one inside of what is reserved */
        {"0x50000018", 0x50000018}, /* listed nowhere */
    };
    put_efi(t);
    put_iomem(t);
    scoped_fd fd = open_new(t, "dev/mem");
    for (size_t i = 0; i < COUNT(cases); i++) {
        core_write(fd, cases[i].at, sound_table().ptr, sound_table().len);
        put_log(t, arena_printf(&t->arena, "MEMATTR=%s ", cases[i].address));
        check_none(t, ST_NOT_COLLECTED,
                   arena_printf(&t->arena,
                                "address kernel-log %s\nbytes kcore not-collected\n"
                                "bytes devmem absent\nbytes debugfs not-collected\n",
                                cases[i].address));
    }
    /* To ordinary users the kernel shows zeros. */
    tree_file(t, "proc/iomem", "00000000-00000000 : System RAM\n");
    put_log(t, "MEMATTR=0x1f9ee018 ");
    check_none(t, ST_NOT_COLLECTED,
               "address kernel-log 0x1f9ee018\nbytes kcore not-collected\n"
               "bytes devmem no-permission\nbytes debugfs not-collected\n");
}

/* debugfs ---------------------------------------------------------------------------------- */

static void put_region(struct tree *t, unsigned i, const char *type, const char *start)
{
    const char *folder = arena_printf(&t->arena, EFI "runtime-map/%u", i);
    tree_file(t, arena_printf(&t->arena, "%s/type", folder), type);
    tree_file(t, arena_printf(&t->arena, "%s/phys_addr", folder), start);
    tree_file(t, arena_printf(&t->arena, "%s/num_pages", folder), "0x10\n");
}

/* The folders are counted as numbers: 10 comes after 9. */
static void finds_the_file_of_a_region_by_its_number(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86018 ");
    for (unsigned i = 0; i < 10; i++)
        put_region(t, i, i % 2 == 0 ? "0x4\n" : "0x3\n", "0x3cb80000\n");
    for (unsigned i = 0; i < 10; i += 2)
        put_region(t, i, "0x4\n", "0x1000000\n");
    put_region(t, 10, "0x4\n", "0x3cb80000\n");
    scoped_fd fd = open_new(t, "sys/kernel/debug/efi/boot_services_data5");
    core_write(fd, 0x6018, sound_table().ptr, sound_table().len);
    check(t, ST_OK, sound_table(),
          "address kernel-log 0x3cb86018\nbytes kcore not-collected\n"
          "bytes devmem not-collected\nbytes debugfs ok 1072\n");
    assert_int_equal(unlinkat(t->fd, "sys/kernel/debug/efi/boot_services_data5", 0), 0);
    check_none(t, ST_NOT_COLLECTED,
               "address kernel-log 0x3cb86018\nbytes kcore not-collected\n"
               "bytes devmem not-collected\nbytes debugfs absent\n");
}

/* Bytes ------------------------------------------------------------------------------------ */

static void takes_no_table_for_one_that_contradicts_itself(void **state)
{
    struct tree *t = *state;
    static const uint32_t headers[][4] = {
        {0, 0, 0, 0},           /* zeros, as of a page that is offline */
        {1, 22, 39, 0},         /* entries that are too small */
        {1, 22, 1 << 20, 0},    /* too large */
        {1, UINT32_MAX, 48, 0}, /* more than 4 MiB */
        {1, UINT32_MAX, UINT32_MAX, 0},
        {0xafafafaf, 0xafafafaf, 0xafafafaf, 0xafafafaf},
    };
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86018 ");
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct build b = {.len = 0};
        for (size_t j = 0; j < 4; j++)
            put_le32(&b, headers[i][j]);
        put_core(t, build_span(&b), ADDRESS);
        check(t, ST_OK, build_span(&b),
              "address kernel-log 0x3cb86018\nbytes kcore malformed 16\n"
              "address kallsyms not-collected\naddress config-table not-collected\n");
    }
}

static void asks_on_where_a_log_may_be_of_another_boot(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb81018 ");
    put_core(t, sound_table(), ADDRESS);
    put_variable(t, ADDRESS);
    tree_file(t, "proc/kallsyms", SYMBOL);
    check(t, ST_OK, sound_table(),
          "address kernel-log 0x3cb81018\nbytes kcore malformed 16\n"
          "address kallsyms 0x3cb86018\nbytes kcore ok 1072\n");
}

static void keeps_what_there_is_of_a_table_that_memory_cuts(void **state)
{
    struct tree *t = *state;
    struct span table = sound_table();
    put_efi(t);
    put_core(t, (struct span){table.ptr, 0x100}, 0x3cb87f00);
    put_log(t, "MEMATTR=0x3cb87f00 ");
    check(t, ST_TRUNCATED, (struct span){table.ptr, 0x100},
          "address kernel-log 0x3cb87f00\nbytes kcore truncated 256\n");
    put_core(t, (struct span){table.ptr, 16}, 0x3cb87ff0); /* the header ends the page */
    put_log(t, "MEMATTR=0x3cb87ff0 ");
    check(t, ST_TRUNCATED, (struct span){table.ptr, 16},
          "address kernel-log 0x3cb87ff0\nbytes kcore truncated 16\n");
    put_core(t, (struct span){table.ptr, 8}, 0x3cb87ff8); /* or does not even fit */
    put_log(t, "MEMATTR=0x3cb87ff8 ");
    check(t, ST_TRUNCATED, (struct span){table.ptr, 8},
          "address kernel-log 0x3cb87ff8\nbytes kcore truncated 8\n");
}

static void joins_a_table_that_lies_in_two_segments(void **state)
{
    struct tree *t = *state;
    static const struct core_segment split[] = {
        {CORE_LOAD, 0x2000, 0x1000, 0x1000, 0x1000},
        {CORE_LOAD, 0x9000, 0x7000, 0x3cb87000, 0x1000},
        {CORE_LOAD, 0x5000, 0x6000, 0x3cb86000, 0x1000},
    };
    struct span table = sound_table();
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86ff8 ");
    scoped_fd fd = open_new(t, "proc/kcore");
    core_headers(fd, split, COUNT(split));
    core_write(fd, 0x5ff8, table.ptr, 8);
    core_write(fd, 0x9000, table.ptr + 8, table.len - 8);
    check(t, ST_OK, table, "address kernel-log 0x3cb86ff8\nbytes kcore ok 1072\n");
}

/* Refusals --------------------------------------------------------------------------------- */

static void does_not_hang_on_what_is_no_file(void **state)
{
    struct tree *t = *state;
    static const char *const steps = "address kernel-log 0x3cb86018\nbytes kcore not-collected\n"
                                     "bytes devmem not-collected\nbytes debugfs not-collected\n";
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86018 ");
    tree_folder(t, "dev");
    assert_int_equal(mkfifoat(t->fd, "proc/kcore", 0644), 0);
    assert_int_equal(mkfifoat(t->fd, "dev/mem", 0644), 0);
    check_none(t, ST_NOT_COLLECTED, steps);
    assert_int_equal(unlinkat(t->fd, "proc/kcore", 0), 0);
    tree_folder(t, "proc/kcore");
    check_none(t, ST_NOT_COLLECTED, steps);
    assert_int_equal(unlinkat(t->fd, "proc/kcore", AT_REMOVEDIR), 0);
    tree_file(t, "proc/kcore", ""); /* as containers mask it */
    check_none(t, ST_NOT_COLLECTED, steps);
}

static void says_what_a_core_is_not(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "MEMATTR=0x3cb86018 ");
    tree_file(t, "proc/kcore", "\177ELF");
    check_none(t, ST_UNSUPPORTED,
               "address kernel-log 0x3cb86018\nbytes kcore unsupported\n"
               "bytes devmem not-collected\nbytes debugfs not-collected\n");
    static const struct core_segment old[] = {{CORE_LOAD, 0x2000, 0x1000, 0, 0x1000}};
    scoped_fd fd = open_new(t, "proc/kcore");
    core_headers(fd, old, COUNT(old));
    check_none(t, ST_NO_DRIVER,
               "address kernel-log 0x3cb86018\nbytes kcore no-driver\n"
               "bytes devmem not-collected\nbytes debugfs not-collected\n");
}

/* What an ordinary user is told in this tree, in one line. */
static bool is_told(struct tree *t, enum status st, const char *steps)
{
    struct snapshot s;
    return here_collect(t->dir, &t->arena, &s) == ST_OK && snap_get(&s, "efi/memattr").st == st &&
           span_is(snap_get(&s, "efi/memattr-steps").data, steps);
}

static bool is_denied(struct tree *t)
{
    return is_told(t, ST_NO_PERMISSION,
                   "address kernel-log 0x3cb86018\nbytes kcore no-permission\n"
                   "bytes devmem no-permission\nbytes debugfs not-collected\n");
}

static bool is_denied_the_address(struct tree *t)
{
    return is_told(t, ST_NO_PERMISSION,
                   "address kernel-log truncated\naddress kallsyms no-permission\n"
                   "address config-table no-permission\n");
}

static bool is_denied_integrity(struct tree *t)
{
    return is_told(t, ST_NO_PERMISSION,
                   "address kernel-log 0x3cb86018\nbytes kcore no-permission\n"
                   "bytes devmem lockdown\nbytes debugfs not-collected\n");
}

static bool is_locked_out(struct tree *t)
{
    return is_told(t, ST_LOCKDOWN,
                   "address kernel-log 0x3cb86018\nbytes kcore lockdown\n"
                   "bytes devmem lockdown\nbytes debugfs not-collected\n");
}

static bool is_locked_out_of_memory_alone(struct tree *t)
{
    return is_told(t, ST_LOCKDOWN,
                   "address kernel-log 0x3cb86018\nbytes kcore not-collected\n"
                   "bytes devmem lockdown\nbytes debugfs not-collected\n");
}

static void tells_lockdown_from_a_lack_of_permission(void **state)
{
    struct tree *t = *state;
    put_efi(t);
    put_log(t, "");
    tree_file(t, "dmesg", LOG_HEAD);
    put_core(t, sound_table(), ADDRESS);
    tree_file(t, "dev/mem", "");
    tree_file(t, "proc/kallsyms", SYMBOL);
    tree_file(t, EFI "config_table", "0x1f9ee018\n");
    assert_int_equal(fchmodat(t->fd, "proc/kcore", 0, 0), 0);
    assert_int_equal(fchmodat(t->fd, "dev/mem", 0, 0), 0);
    assert_true(tree_as_nobody(is_denied_the_address, t));
    put_log(t, "MEMATTR=0x3cb86018 ");
    assert_true(tree_as_nobody(is_denied, t));
    tree_file(t, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
    assert_true(tree_as_nobody(is_denied, t));
    tree_file(t, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    assert_true(tree_as_nobody(is_denied_integrity, t));
    tree_file(t, "sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
    assert_true(tree_as_nobody(is_locked_out, t));
    assert_int_equal(unlinkat(t->fd, "proc/kcore", 0), 0);
    tree_file(t, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    assert_true(tree_as_nobody(is_locked_out_of_memory_alone, t));
}

/* Issue 13, fault 3: /proc/iomem was read anew for each page, into memory that nobody frees. */
static void iomem_is_read_once_however_many_pages_are(void **state)
{
    enum { LINES = 10000, PAGES = 64 };
    struct tree *t = *state;
    struct out o;
    uint64_t end = 0;
    out_init(&o, &t->arena);
    for (uint64_t i = 0; i < LINES; i++)
        out_printf(&o, "%08llx-%08llx : %s\n", (unsigned long long)i << 12,
                   (unsigned long long)(i << 12 | 0xfff), i % 2 == 0 ? "System RAM" : "dmar0");
    size_t before = t->arena.used;
    struct iomem m = iomem_parse(out_span(&o), &t->arena);
    for (uint64_t i = 0; i < PAGES; i++) {
        assert_int_equal(iomem_is_memory(&m, i << 12, &end), i % 2 == 0 ? ST_OK : ST_ABSENT);
        assert_int_equal(end, (i + 1) << 12); /* and so far nobody need ask again */
    }
    assert_true(t->arena.used - before < 3 * o.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_tree(looks_for_nothing_without_efi),
        with_tree(looks_for_nothing_where_xen_hides_real_addresses),
        with_tree(knows_nothing_of_a_tree_without_memory),
        with_tree(believes_a_whole_log_that_there_is_no_table),
        with_tree(does_not_believe_a_log_that_is_cut),
        with_tree(reads_nothing_at_an_address_that_is_none),
        with_tree(reads_no_table_that_linux_refused),
        with_tree(asks_the_kernel_itself_where_the_log_is_gone),
        with_tree(says_why_the_kernel_did_not_tell),
        with_tree(asks_for_a_whole_log_before_hidden_symbols),
        with_tree(finds_a_symbol_anywhere_in_a_long_list),
        with_tree(walks_the_configuration_tables),
        with_tree(walks_sixty_four_configuration_tables_and_no_more),
        with_tree(reads_no_device_and_nothing_that_it_does_not_know),
        with_tree(takes_memory_itself_where_the_core_does_not_hold_the_address),
        with_tree(finds_the_file_of_a_region_by_its_number),
        with_tree(takes_no_table_for_one_that_contradicts_itself),
        with_tree(asks_on_where_a_log_may_be_of_another_boot),
        with_tree(keeps_what_there_is_of_a_table_that_memory_cuts),
        with_tree(joins_a_table_that_lies_in_two_segments),
        with_tree(does_not_hang_on_what_is_no_file),
        with_tree(says_what_a_core_is_not),
        with_tree(tells_lockdown_from_a_lack_of_permission),
        with_tree(iomem_is_read_once_however_many_pages_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
