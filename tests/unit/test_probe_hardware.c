/* SPDX-License-Identifier: MIT */
/* Memory, disks, standby and AMD's security processor, from blobs to rules of a profile. */
#include <string.h>

#include "support/build.h"
#include "support/cmocka.h"
#include "support/scene.h"
#include "vbscheck/count.h"

#define METAL "vendor: LENOVO\nproduct: 21CB\n"
#define NO_PC "vendor: QEMU\nproduct: Standard PC\n"

static void begin(struct scene *s, const struct profile *profile, const char *dmi)
{
    bool guest = strcmp(dmi, NO_PC) == 0;
    scene_begin(s);
    s->options.wish.profile = profile;
    scene_text(s, "dmi", dmi);
    scene_cpuid(s, (struct scene_cpu){"AuthenticAMD", guest ? 1u << 31 : 0, 4, 1u << 29, 1}, 1);
    if (guest)
        scene_text(s, "cpuid-hypervisor", "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n");
    scene_complete_acpi(s);
}

/* Verdicts: P pass, F fail, - does not apply, U unknown. */
static char letter(const struct scene *s, const char *rule)
{
    return "PFU-"[scene_verdict(s, rule)];
}

static void memory_fails_only_where_every_slot_is_listed(void **state)
{
    (void)state;
    static const struct {
        const char *dmi, *modules, *kernel;
        char verdict;
        enum status why;
    } rows[] = {
        {METAL, "slot: 8192 MiB\nslots: 1\n", NULL, 'P', ST_OK},
        {METAL, "slot: 4096 MiB\nslot: 4096 MiB\nslots: 2\n", NULL, 'P', ST_OK},
        {METAL, "slot: 8192 MiB\nslot: unknown\n", NULL, 'P', ST_OK},
        {METAL, "slot: 4096 MiB\nslots: 1\n", NULL, 'F', ST_OK},
        {METAL, "slot: 4096 MiB\nslots: 1\n", "MemTotal: 3900000 kB\n", 'F', ST_OK},
        {METAL, "slot: 4096 MiB\nslot: empty\nslots: 2\n", NULL, 'F', ST_OK},
        {METAL, "slot: 4096 MiB\nslots: 2\n", NULL, 'U', ST_TRUNCATED},
        {METAL, "slot: 4096 MiB\n", NULL, 'U', ST_TRUNCATED},
        {METAL, "slot: 4096 MiB\nslot: unknown\nslots: 2\n", NULL, 'U', ST_TRUNCATED},
        {METAL, "slots: 2\n", NULL, 'U', ST_MALFORMED},
        /* MemTotal passes, and never fails. */
        {METAL, NULL, "MemTotal: 7340032 kB\n", 'P', ST_OK},
        {METAL, NULL, "MemTotal: 7339000 kB\n", 'U', ST_NOT_COLLECTED},
        {METAL, NULL, "MemTotal: 1000000 kB\n", 'U', ST_NOT_COLLECTED},
        {METAL, NULL, "MemTotal: 7 GB\n", 'U', ST_NOT_COLLECTED},
        /* A VM can be given 7.5 GB. */
        {NO_PC, NULL, "MemTotal: 7640000 kB\n", 'U', ST_NOT_COLLECTED},
        {NO_PC, NULL, "MemTotal: 7926016 kB\n", 'P', ST_OK},
        {METAL, "slot: 4096 MiB\nslots: 1\n", "MemTotal: 7926016 kB\n", 'U', ST_CONFLICT},
        {METAL, "slot: 4096 MiB\nslots: 2\n", "MemTotal: 7926016 kB\n", 'P', ST_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, &profile_memory_integrity_default, rows[i].dmi);
        if (rows[i].modules != NULL)
            scene_text(&s, "memory/modules", rows[i].modules);
        if (rows[i].kernel != NULL)
            scene_text(&s, "memory/kernel", rows[i].kernel);
        scene_judge(&s);
        if (letter(&s, "memory.size") != rows[i].verdict ||
            scene_reason(&s, "memory.size") != rows[i].why)
            fail_msg("row %zu: %c, %s", i, letter(&s, "memory.size"),
                     status_name(scene_reason(&s, "memory.size")));
        scene_end(&s);
    }
}

#define AHCI     "0000:00:17.0 class=010601\n"
#define RAID     "0000:00:17.0 class=010400\n"
#define NVME_PCI AHCI "0000:01:00.0 class=010802\n"
#define HDD      "sda bus ata rotational 1 removable 0 sectors 1953525168\n"
#define NVME     "nvme0n1 bus nvme rotational 0 removable 0 sectors 1000215216\n"
#define LITTLE   "sda bus ata rotational 0 removable 0 sectors 62533296\n"

static void only_internal_disks_count(void **state)
{
    (void)state;
    static const struct {
        const char *dmi, *storage, *pci;
        const char *verdicts; /* of storage.ssd and storage.size */
        enum status why;
    } rows[] = {
        {METAL, NVME, AHCI, "PP", ST_OK},
        {METAL, HDD NVME, AHCI, "PP", ST_OK},
        {METAL, NVME, NULL, "PP", ST_OK},
        {METAL, HDD, AHCI, "F-", ST_OK},
        {METAL, LITTLE, AHCI, "PF", ST_OK},
        {METAL, LITTLE NVME, AHCI, "PP", ST_OK},
        /* 64 GB to the byte, and one sector less. */
        {METAL, "sda bus ata rotational 0 removable 0 sectors 125000000\n", AHCI, "PP", ST_OK},
        {METAL, "sda bus ata rotational 0 removable 0 sectors 124999999\n", AHCI, "PF", ST_OK},
        /* Firmware's RAID hides disks; without a list of functions nobody knows. */
        {METAL, HDD, RAID, "UU", ST_NO_DRIVER},
        {METAL, HDD, NULL, "UU", ST_NO_DRIVER},
        {METAL, LITTLE, RAID, "PU", ST_OK},
        /* An NVMe controller without a disk: its driver is missing, or it has none. */
        {METAL, HDD, NVME_PCI, "UU", ST_NO_DRIVER},
        {METAL, LITTLE, NVME_PCI, "PU", ST_OK},
        {METAL, HDD "nvme0n1 bus nvme rotational 0 removable 0 sectors 62500000\n", NVME_PCI, "PF",
         ST_OK},
        /* What lsblk prints by itself: of NVMe it is enough. */
        {METAL, "nvme0n1 bus nvme removable 0 sectors 1000215216\n", NVME_PCI, "PP", ST_OK},
        {METAL, "", AHCI, "UU", ST_NO_DRIVER},
        /* The stick that was booted from, a card, a disk outside. */
        {METAL, "sdb bus usb rotational 0 removable 0 sectors 1000215216\n", AHCI, "UU",
         ST_NO_DRIVER},
        {METAL, "sdb bus ata rotational 0 removable 1 sectors 1000215216\n", AHCI, "UU",
         ST_NO_DRIVER},
        {METAL, HDD "sdb bus usb rotational 0 removable 0 sectors 1000215216\n", AHCI, "F-", ST_OK},
        {METAL, "vda bus virtual rotational 0 removable 0 sectors 1000215216\n", AHCI, "UU",
         ST_NO_DRIVER},
        /* What a disk is made of is not guessed. */
        {METAL, "sda bus other rotational 1 removable 0 sectors 1000215216\n", AHCI, "UU",
         ST_UNPROVABLE},
        {METAL, "sda bus unknown rotational 0 removable 0 sectors 1000215216\n", AHCI, "UU",
         ST_UNPROVABLE},
        {METAL, "sda bus ata removable 0 sectors 1000215216\n", AHCI, "UU", ST_UNPROVABLE},
        {METAL, HDD "sdb bus other rotational 1 removable 0 sectors 9\n", AHCI, "UU",
         ST_UNPROVABLE},
        {METAL, "sda bus other rotational 0 removable 0 sectors 1000215216\n", AHCI, "PP", ST_OK},
        {METAL, "mmcblk0 bus mmc rotational 0 removable 0 sectors 122142720\n", AHCI, "UU",
         ST_UNSUPPORTED},
        {METAL, "sda bus ata rotational 0 removable 0 sectors 0\n", AHCI, "UU", ST_NO_DRIVER},
        {NO_PC, NVME, AHCI, "UU", ST_UNPROVABLE},
        {NO_PC, HDD, AHCI, "UU", ST_UNPROVABLE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, &profile_memory_integrity_default, rows[i].dmi);
        scene_text(&s, "storage", rows[i].storage);
        if (rows[i].pci != NULL)
            scene_text(&s, "pci", rows[i].pci);
        scene_judge(&s);
        if (letter(&s, "storage.ssd") != rows[i].verdicts[0] ||
            letter(&s, "storage.size") != rows[i].verdicts[1] ||
            scene_reason(&s, "storage.ssd") != rows[i].why)
            fail_msg("row %zu: %c%c, %s", i, letter(&s, "storage.ssd"), letter(&s, "storage.size"),
                     status_name(scene_reason(&s, "storage.ssd")));
        scene_end(&s);
    }
}

static void amds_security_processor_is_judged_where_it_is_told(void **state)
{
    (void)state;
    static const char *const rules[] = {"amd.fused", "amd.debug-lock", "amd.memory-encryption",
                                        "amd.anti-rollback", "amd.spi-protection"};
    static const struct {
        const char *text, *verdicts;
    } rows[] = {
        {"0000:04:00.2\n", "UUUUU"},
        {"0000:04:00.2\n0000:04:00.2 fused_part 1\n0000:04:00.2 debug_lock_on 1\n"
         "0000:04:00.2 tsme_status 1\n0000:04:00.2 anti_rollback_status 1\n"
         "0000:04:00.2 rom_armor_enforced 1\n",
         "PPPPP"},
        {"0000:04:00.2\n0000:04:00.2 fused_part 0\n0000:04:00.2 debug_lock_on 0\n"
         "0000:04:00.2 tsme_status 0\n0000:04:00.2 anti_rollback_status 0\n"
         "0000:04:00.2 rom_armor_enforced 0\n0000:04:00.2 rpmc_production_enabled 0\n",
         "FFFFF"},
        {"0000:04:00.2\n0000:04:00.2 rom_armor_enforced 0\n0000:04:00.2 tsme_status 2\n", "UUUUU"},
        {"", "-----"}, /* the driver has none */
        {NULL, "UUUUU"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        begin(&s, &profile_secured_core_pc, METAL);
        if (rows[i].text != NULL)
            scene_text(&s, "sys/psp", rows[i].text);
        scene_judge(&s);
        for (size_t r = 0; r < COUNT(rules); r++) {
            if (letter(&s, rules[r]) != rows[i].verdicts[r])
                fail_msg("row %zu, %s: %c", i, rules[r], letter(&s, rules[r]));
        }
        scene_end(&s);
    }
}

static void other_makers_have_no_security_processor_of_amds(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    s.options.wish.profile = &profile_secured_core_pc;
    scene_text(&s, "dmi", METAL);
    scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", 32, 0, 1u << 29, 0}, 1);
    scene_complete_acpi(&s);
    scene_judge(&s);
    assert_int_equal(scene_verdict(&s, "amd.fused"), V_NOT_APPLICABLE);
    scene_end(&s);
}

static void standby_is_a_bit_of_the_fadt(void **state)
{
    (void)state;
    static const struct {
        uint32_t flags;
        size_t len;
        char verdict;
    } rows[] = {
        {1u << 21, 276, 'P'}, {0xffffffff, 276, 'P'}, {~(1u << 21), 276, 'F'},
        {0, 276, 'F'},        {1u << 21, 112, 'U'},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        static struct build b;
        scene_begin(&s);
        s.options.wish.profile = &profile_secured_core_pc;
        scene_text(&s, "dmi", METAL);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", 32, 0, 1u << 29, 0}, 1);
        acpi_begin(&b, "FACP", 6);
        put_zeros(&b, 112 - 36);
        if (rows[i].len > 112) {
            put_le32(&b, rows[i].flags);
            put_zeros(&b, rows[i].len - 116);
        }
        scene_bytes(&s, "acpi/FACP", acpi_end(&b));
        scene_judge(&s);
        if (letter(&s, "secured.standby") != rows[i].verdict)
            fail_msg("row %zu: %c", i, letter(&s, "secured.standby"));
        scene_end(&s);
    }
}

/* Format 1 of captures is read for ever: one of before says nothing of what it could not hold. */
static void an_old_capture_leaves_the_new_rules_open(void **state)
{
    (void)state;
    static const char *const rules[] = {"memory.size", "storage.ssd", "storage.size"};
    struct scene s;
    begin(&s, &profile_memory_integrity_default, METAL);
    s.snap.kind = SOURCE_CAPTURE;
    scene_judge(&s);
    for (size_t i = 0; i < COUNT(rules); i++) {
        assert_int_equal(scene_verdict(&s, rules[i]), V_UNKNOWN);
        assert_int_equal(scene_reason(&s, rules[i]), ST_NOT_COLLECTED);
    }
    scene_end(&s);
    begin(&s, &profile_secured_core_pc, METAL);
    s.snap.kind = SOURCE_CAPTURE;
    scene_judge(&s);
    assert_int_equal(scene_reason(&s, "amd.fused"), ST_NOT_COLLECTED);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_fails_only_where_every_slot_is_listed),
        cmocka_unit_test(only_internal_disks_count),
        cmocka_unit_test(amds_security_processor_is_judged_where_it_is_told),
        cmocka_unit_test(other_makers_have_no_security_processor_of_amds),
        cmocka_unit_test(standby_is_a_bit_of_the_fadt),
        cmocka_unit_test(an_old_capture_leaves_the_new_rules_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
