/* SPDX-License-Identifier: MIT */
/* Sizes of memory and disks, and AMD's security processor: what is read of which text. */
#include <string.h>

#include "parse/hardware/memory.h"
#include "parse/hardware/psp.h"
#include "parse/hardware/storage.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

static void assert_span(struct span s, const char *text)
{
    if (!span_is(s, text))
        fail_msg("\"%.*s\" is not \"%s\"", (int)s.len, (const char *)s.ptr, text);
}

/* SMBIOS ----------------------------------------------------------------------------------- */

static void put_array(struct build *b, unsigned use, unsigned devices)
{
    put_bytes(b, "\20\27\0\1\3", 5); /* type 16, 23 bytes */
    put_u8(b, use);
    put_zeros(b, 7);
    put_le16(b, devices);
    put_zeros(b, 8 + 2); /* the rest, and no texts */
}

static void put_module(struct build *b, unsigned size, unsigned type, uint32_t extended)
{
    put_bytes(b, "\21\50\0\2", 4); /* type 17, 40 bytes */
    put_zeros(b, 8);
    put_le16(b, size);
    put_zeros(b, 4);
    put_u8(b, type);
    put_zeros(b, 9);
    put_le32(b, extended);
    put_zeros(b, 8);
    put_bytes(b, "SN-4711\0\0", 9); /* a serial number, of which nothing is taken */
}

static void sizes_of_modules_are_read_of_smbios(void **state)
{
    (void)state;
    struct arena a;
    struct build b = {0};
    test_arena(&a);
    put_array(&b, 3, 6);
    put_array(&b, 4, 1); /* of video memory */
    put_module(&b, 8192, 0x1a, 0);
    put_module(&b, 0, 2, 0);
    put_module(&b, 0xffff, 0x1a, 0);
    put_module(&b, 0x7fff, 0x22, 32768);
    put_module(&b, 0x8000 | 2048, 0x1a, 0); /* KiB */
    put_module(&b, 16, 0x09, 0);            /* the flash of the firmware */
    struct span text = memory_of_smbios(build_span(&b), &a);
    assert_span(text, "slot: 8192 MiB\nslot: empty\nslot: unknown\nslot: 32768 MiB\nslot: 2 MiB\n"
                      "slot: empty\nslots: 6\n");
    struct memory_modules m = memory_modules_parse(text);
    assert_int_equal(m.mib, 8192 + 32768 + 2);
    assert_int_equal(m.slots, 6);
    assert_int_equal(m.told, 6);
    assert_int_equal(m.not_sized, 1);
    arena_reset(&a);
}

static void a_cut_table_gives_the_slots_before_the_cut(void **state)
{
    (void)state;
    struct build b = {0};
    put_array(&b, 3, 2);
    put_module(&b, 4096, 0x1a, 0);
    put_module(&b, 4096, 0x1a, 0);
    for (size_t n = 0; n < b.len; n++) {
        struct arena a;
        test_arena(&a);
        struct heap h = heap_copy((struct span){b.bytes, n});
        struct memory_modules m = memory_modules_parse(memory_of_smbios(h.span, &a));
        assert_true(m.slots <= 2 && m.mib <= 8192 && (m.mib < 8192 || m.slots == 2));
        heap_free(&h);
        arena_reset(&a);
    }
}

/* Texts ------------------------------------------------------------------------------------ */

static void sizes_of_modules_are_read_of_dmidecode(void **state)
{
    (void)state;
    static const struct {
        const char *text, *blob;
    } rows[] = {
        {"# dmidecode 3.4\nHandle 0x0000, DMI type 0, 26 bytes\nBIOS Information\n\tVendor: X\n",
         ""},
        {"Physical Memory Array\n\tUse: System Memory\n\tNumber Of Devices: 2\n\n"
         "Memory Device\n\tSize: 8 GB\n\tSerial Number: 4711\n\nMemory Device\n\tSize: No Module "
         "Installed\n",
         "slot: 8192 MiB\nslot: empty\nslots: 2\n"},
        {"Memory Device\n\tTotal Width: 64 bits\n\tSize: 4096 MB\n\nMemory Device\n\tSize: 16 "
         "GiB\n\tType: DDR4\n\nMemory Device\n\tSize: 16 kB\n\tType: Flash\n",
         "slot: 4096 MiB\nslot: 16384 MiB\nslot: empty\n"},
        {"Memory Device\n\tSize: Unknown\n\nMemory Device\n\tLocator: A\n",
         "slot: unknown\nslot: unknown\n"},
        {"Physical Memory Array\n\tUse: Video Memory\n\tNumber Of Devices: 1\n", ""},
        {"    Memory Device\n        Size: 2048 MB\n", "slot: 2048 MiB\n"},
        {"Memory Device Mapped Address\n\tRange Size: 8 GB\n", ""},
        {"Memory Device\n\tSize: 99999999999999999999 GB\n", "slot: unknown\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        test_arena(&a);
        assert_span(memory_of_dmidecode(span_of(rows[i].text), &a), rows[i].blob);
        arena_reset(&a);
    }
}

static void memtotal_is_read_in_its_own_unit_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t mib;
    } rows[] = {
        {"MemTotal:        7926016 kB\nMemFree: 1 kB\n", 7740},
        {"MemTotal: 7926016\n", 0},
        {"MemTotal: 7926016 MB\n", 0},
        {"MemTotal: x kB\n", 0},
        {"MemFree: 1024 kB\n", 0},
        {"", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t mib = 0;
        assert_int_equal(memory_total_parse(span_of(rows[i].text), &mib), rows[i].mib > 0);
        assert_int_equal(mib, rows[i].mib);
    }
}

static void lsblk_is_read_by_its_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text, *blob;
    } rows[] = {
        {"NAME        TYPE ROTA RM   SIZE TRAN   MODEL\n"
         "sda         disk    1  0 931.5G sata   ST1000LM035 SERIAL-4711\n"
         "├─sda1      part    1  0   100M        \n"
         "sdb         disk    1  1  28.7G usb    Ultra Fit\n"
         "nvme0n1     disk    0  0 476.9G nvme   X\n",
         "sda bus ata rotational 1 removable 0 sectors 1953601945\n"
         "sdb bus usb rotational 1 removable 1 sectors 60293119\n"
         "nvme0n1 bus nvme rotational 0 removable 0 sectors 1000236646\n"},
        /* What lsblk prints by itself tells neither bus nor rotation of sda. */
        {"NAME   MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\n"
         "loop0    7:0    0  63.2M  1 loop /snap/core20/1623\n"
         "sda      8:0    0 465.8G  0 disk \n"
         "`-sda1   8:1    0   512M  0 part /boot/efi\n"
         "sr0     11:0    1  1024M  0 rom  \n",
         "sda bus unknown removable 0 sectors 976958259\n"},
        {"NAME        ROTA\nmmcblk0        0\nvda            1\nzram0          0\n",
         "mmcblk0 bus mmc rotational 0 removable 0\nvda bus virtual rotational 1 removable 0\n"},
        {"NAME         SIZE TYPE\nsda  512110190592 disk\n",
         "sda bus unknown removable 0 sectors 1000215216\n"},
        {"NAME   SIZE TYPE\nsda  465,8G disk\n", "sda bus unknown removable 0 sectors 976958259\n"},
        {"NAME         ROTA\nsda             0\nsda1            0\nnvme0n1         0\nnvme0n1p1    "
         "   0\n"
         "mmcblk0boot0    0\nmmcblk0p1       0\n",
         "sda bus unknown rotational 0 removable 0\nnvme0n1 bus nvme rotational 0 removable 0\n"},
        {"NAME TYPE TRAN\nsda disk sas\n", "sda bus other removable 0\n"},
        {"NAME SIZE TYPE\n", ""},
        {"NAME TYPE\n\x1b[2J disk\n", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        test_arena(&a);
        assert_span(disks_of_lsblk(span_of(rows[i].text), &a), rows[i].blob);
        arena_reset(&a);
    }
    assert_false(lsblk_is_head(span_of("NAME SIZE")));
    assert_false(lsblk_is_head(span_of("KNAME TYPE")));
}

/* By their places '0' of RM would be ROTA's: a disk that turns, taken for an SSD. */
static void an_lsblk_whose_blanks_a_page_ate_is_not_read_by_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text, *blob;
    } rows[] = {
        {"NAME ROTA RM SIZE TYPE TRAN\nsda 1 0 4G disk sata\n",
         "sda bus ata rotational 1 removable 0 sectors 8493465\n"},
        /* Which of the last two is missing nobody can tell: the disk is there, and no more. */
        {"NAME ROTA RM SIZE TYPE TRAN MOUNTPOINT\nsda 1 0 4G disk sata\nnvme0n1 0 0 4G disk nvme\n",
         "sda bus unknown removable 0\nnvme0n1 bus nvme removable 0\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a;
        test_arena(&a);
        assert_span(disks_of_lsblk(span_of(rows[i].text), &a), rows[i].blob);
        arena_reset(&a);
    }
}

/* "59.6G" is what lsblk prints of 64,023,257,088 bytes. */
static void an_ssd_sold_as_of_64_gb_has_64(void **state)
{
    (void)state;
    struct arena a;
    struct disks disks;
    test_arena(&a);
    disks_parse(disks_of_lsblk(span_of("NAME SIZE TYPE\nsda 59.6G disk\nsdb 55.9G disk\n"), &a),
                &disks);
    assert_int_equal(disks.items[0].bytes / 1000000000, 64);
    assert_int_equal(disks.items[1].bytes / 1000000000, 60);
    arena_reset(&a);
}

static void the_bus_is_in_the_path_of_the_link(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum disk_bus bus;
    } rows[] = {
        {"../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda", BUS_ATA},
        {"../devices/pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/nvme0n1", BUS_NVME},
        {"../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host4/block/sdb", BUS_USB},
        {"../devices/virtual/block/loop0", BUS_VIRTUAL},
        {"../devices/pci0000:00/0000:00:04.0/virtio1/block/vda", BUS_VIRTUAL},
        {"../devices/platform/soc/1d84000/mmc_host/mmc0/mmc0:0001/block/mmcblk0", BUS_MMC},
        {"../devices/pci0000:00/0000:00:02.0/0000:02:00.0/host0/target0:2:0/block/sda", BUS_OTHER},
        {"../devices/LNXSYSTM:00/ACPI0004:00/VMBUS:00/vmbus_0_1/host0/block/sda", BUS_VIRTUAL},
        {"", BUS_OTHER},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(disk_bus_of_path(span_of(rows[i].path)), rows[i].bus);
}

static void the_security_processor_is_read_of_its_lines(void **state)
{
    (void)state;
    struct psp p;
    psp_parse(span_of("0000:04:00.2\n0000:04:00.2 fused_part 1\n0000:04:00.2 tsme_status 0\n"
                      "0000:04:00.2 tee_version 1.2\n0000:05:00.2 fused_part 0\n"
                      "0000:04:00.2 debug_lock_on yes\n"),
              &p);
    assert_true(p.seen && p.told[PSP_FUSED_PART] && p.told[PSP_TSME_STATUS]);
    assert_false(p.on[PSP_FUSED_PART]); /* the worst of two */
    assert_false(p.on[PSP_TSME_STATUS] || p.told[PSP_DEBUG_LOCK_ON]);
    assert_span(p.tee_version, "1.2");
    psp_parse(span_of("a fused_part 0\nb fused_part 1\n"), &p);
    assert_true(p.told[PSP_FUSED_PART] && !p.on[PSP_FUSED_PART]);
    psp_parse(span_of(""), &p);
    assert_false(p.seen);
}

static enum status parse_all(struct span input)
{
    struct arena a;
    struct psp p;
    uint64_t mib;
    test_arena(&a);
    struct disks *d = arena_new(&a, struct disks, 1);
    psp_parse(input, &p);
    disks_parse(input, d);
    (void)memory_total_parse(input, &mib);
    (void)memory_modules_parse(input);
    (void)memory_of_smbios(input, &a);
    (void)memory_of_dmidecode(input, &a);
    (void)disks_of_lsblk(input, &a);
    arena_reset(&a);
    return ST_OK;
}

static void any_text_is_survived(void **state)
{
    (void)state;
    torture_text(parse_all,
                 span_of("NAME TYPE ROTA SIZE\nsda disk 1 9.5G\nMemory Device\n\tSize: 8 GB\n"
                         "MemTotal: 8 kB\nslot: 8 MiB\nslots: 2\n0 fused_part 1\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_of_modules_are_read_of_smbios),
        cmocka_unit_test(a_cut_table_gives_the_slots_before_the_cut),
        cmocka_unit_test(sizes_of_modules_are_read_of_dmidecode),
        cmocka_unit_test(memtotal_is_read_in_its_own_unit_only),
        cmocka_unit_test(lsblk_is_read_by_its_columns),
        cmocka_unit_test(an_lsblk_whose_blanks_a_page_ate_is_not_read_by_columns),
        cmocka_unit_test(an_ssd_sold_as_of_64_gb_has_64),
        cmocka_unit_test(the_bus_is_in_the_path_of_the_link),
        cmocka_unit_test(the_security_processor_is_read_of_its_lines),
        cmocka_unit_test(any_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
