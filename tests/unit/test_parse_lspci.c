/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/pci/pci.h"
#include "support/cmocka.h"
#include "support/torture.h"
#include "vbscheck/count.h"

#define SATA_NN                                                                                    \
    "00:1f.2 SATA controller [0106]: Intel Corporation 200 Series PCH SATA controller [AHCI "      \
    "mode] [8086:a282] (rev 05) (prog-if 01 [AHCI 1.0])\n"

/* 64 bytes; the list of capabilities starts at 40h. */
#define ENDPOINT_64                                                                                \
    "00: 86 80 82 a2 06 04 10 00 05 01 06 01 00 00 80 00\n"                                        \
    "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                        \
    "20: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"                                        \
    "30: 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00\n"

#define ROOT_PORT_64                                                                               \
    "00: 86 80 51 01 07 04 10 00 09 00 04 06 10 00 81 00\n"                                        \
    "10: 00 00 00 00 00 00 00 00 02 03 04 00 e0 e0 00 00\n"                                        \
    "20: 00 f5 00 f6 01 e0 f1 f1 00 00 00 00 00 00 00 00\n"                                        \
    "30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 12 00\n"

/* 01h at 40h, then at 50h ... */
#define CAPS_40    "40: 01 50 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define EXPRESS_50 "50: 10 00 42 01 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define MSI_50     "50: 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define LOOP_50    "50: 05 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define BROKEN_50  "50: 05 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define ONES_50    "50: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\n"

static void out_of_memory(struct arena *a)
{
    (void)a;
    abort();
}

static enum status parse_in(struct arena *a, struct span text, struct pci_tree *out,
                            struct fault *fault)
{
    arena_init(a, 24U << 20, out_of_memory);
    return lspci_parse(text, a, out, fault);
}

/* What must hold of any tree. */
static void assert_sound(const struct pci_tree *t)
{
    bool groups = false;
    assert_true(t->n >= 1 && t->n <= PCI_FUNCTIONS_MAX);
    for (size_t i = 0; i < t->n; i++) {
        const struct pci_function *f = &t->functions[i];
        if (i > 0)
            assert_true(pci_address_compare(t->functions[i - 1].at, f->at) < 0);
        assert_true(f->has_buses != TOLD_YES || f->is_bridge == TOLD_YES);
        assert_true(f->class_told == TOLD_YES || f->class_code == 0);
        assert_true(f->class_code <= 0xffffff);
        assert_true(f->group >= PCI_NO_GROUP);
        assert_true(f->name.len <= PCI_NAME_MAX);
        assert_true(!f->has_physfn || pci_address_compare(f->physfn, f->at) < 0);
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

static const struct pci_function *find(const struct pci_tree *t, const char *text)
{
    struct span s = span_of(text);
    struct pci_address at;
    assert_true(pci_take_address(&s, &at));
    const struct pci_function *f = pci_find(t, at);
    assert_non_null(f);
    return f;
}

static struct pci_tree tree_of(struct arena *a, const char *text)
{
    struct pci_tree t;
    assert_int_equal(parse_in(a, span_of(text), &t, NULL), ST_OK);
    assert_sound(&t);
    return t;
}

/* The first function of a text; its name is not to be looked at afterwards. */
static struct pci_function first_of(const char *text)
{
    struct arena a;
    struct pci_function f = tree_of(&a, text).functions[0];
    arena_reset(&a);
    f.name = (struct span){0};
    return f;
}

static void reads_the_header_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *line, *name;
        unsigned class, vendor, device;
    } cases[] = {
        {SATA_NN, "Intel Corporation 200 Series PCH SATA controller [AHCI mode]", 0x010601, 0x8086,
         0xa282},
        {"00:1f.2 0106: 8086:2922 (rev 05)\n", "", 0x010600, 0x8086, 0x2922},
        {"00:1f.2 0106: 8086:2922 (rev 05) (prog-if 01 [AHCI 1.0])\n", "", 0x010601, 0x8086,
         0x2922},
        {"00:1f.2 Class 0106: 8086:2922", "", 0x010600, 0x8086, 0x2922},
        {"00:1f.2 SATA controller: Intel Corporation 82801IR (rev 02)\n",
         "Intel Corporation 82801IR", 0x010600, 0, 0},
        {"00:1f.2 VGA compatible controller [0300]: Advanced Micro Devices, Inc. [AMD/ATI] Navi "
         "23 [Radeon RX 6600/6600M] [1002:73ff] (rev c3) (prog-if 00 [VGA controller])\n",
         "Advanced Micro Devices, Inc. [AMD/ATI] Navi 23 [Radeon RX 6600/6600M]", 0x030000, 0x1002,
         0x73ff},
        {"00:1f.2 SMBus [0c05]: Odd [1234:5678] twice [8086:1e22]\n", "Odd [1234:5678] twice",
         0x0c0500, 0x8086, 0x1e22},
        {"00:1f.2 PCI bridge [0604]: Device [17cd:0100]", "Device", 0x060400, 0x17cd, 0x0100},
        {"00:1f.2 \"SATA controller [0106]\" \"Intel Corporation [8086]\" \"82801IR [2922]\" -r02 "
         "-p01 \"Red Hat, Inc. [1af4]\" \"Device [1100]\"\n",
         "82801IR [2922]", 0x010601, 0x8086, 0x2922},
        {"00:1f.2 \"0106\" \"8086\" \"2922\" -r02 -p01 \"1af4\" \"1100\"\n", "", 0x010601, 0x8086,
         0x2922},
        {"00:1f.2 \"SATA controller\" \"Intel Corporation\" \"82801IR\" -r02\n", "82801IR",
         0x010600, 0, 0},
        {"00:1f.2 \"SATA controller\" \"Intel", "", 0, 0, 0},
        {"00:1f.2 dev\n", "", 0, 0, 0},
        {"00:1f.2\n", "", 0, 0, 0},
        {"  0000:00:1f.2 Audio device [0403]: X [10de:0bea] (rev ff) (prog-if ff)\r\n", "X",
         0x040300, 0x10de, 0x0bea},
        {"00:1f.2 Audio device [0403: X [10de:0be", "X [10de:0be", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a;
        struct pci_tree t = tree_of(&a, cases[i].line);
        const struct pci_function *f = find(&t, "00:1f.2");
        assert_int_equal(f->class_code, cases[i].class);
        assert_int_equal(f->class_told, cases[i].class != 0 ? TOLD_YES : NOT_TOLD);
        assert_int_equal(f->vendor, cases[i].vendor);
        assert_int_equal(f->device, cases[i].device);
        assert_true(span_is(f->name, cases[i].name));
        assert_int_equal(f->bus_master, NOT_TOLD);
        assert_int_equal(f->express, NOT_TOLD);
        assert_int_equal(f->group, PCI_NO_GROUP);
        arena_reset(&a);
    }
}

static void reads_decoded_lines(void **state)
{
    (void)state;
    struct pci_function f = first_of(
        "10000:e0:1d.0 PCI bridge [0604]: Intel Corporation Port [8086:9a36] (prog-if 00)\r\n"
        "        Control: I/O+ Mem+ BusMaster- SpecCycle-\r\n"
        "        Status: Cap+ 66MHz-\r\n"
        "        IOMMU group: 12\r\n"
        "        Bus: primary=e0, secondary=e1, subordinate=e2, sec-latency=0\r\n"
        "        Capabilities: [40] Power Management version 3\r\n"
        "                Control: BusMaster+\r\n"
        "                Status: Cap- D0\r\n"
        "        Capabilities: [a0] Express (v2) Root Port (Slot+), MSI 00\r\n"
        "        Capabilities: [100 v1] Vendor Specific Information: ID=1234 Rev=1 Len=0d8 <?>\r\n"
        "        Kernel driver in use: pcieport\r\n");
    assert_int_equal(f.at.domain, 0x10000);
    assert_int_equal(f.is_bridge, TOLD_YES);
    assert_int_equal(f.has_buses, TOLD_YES);
    assert_int_equal(f.primary, 0xe0);
    assert_int_equal(f.secondary, 0xe1);
    assert_int_equal(f.subordinate, 0xe2);
    assert_int_equal(f.group, 12);
    assert_int_equal(f.bus_master, TOLD_NO);
    assert_int_equal(f.express, TOLD_YES);
    assert_true(f.thunderbolt);
    assert_false(f.vmd);
}

static void reads_flags(void **state)
{
    (void)state;
    struct pci_function f = first_of(SATA_NN "\tFlags: bus master, fast devsel, latency 0\n"
                                             "\tKernel driver in use: ahci\n\n");
    assert_int_equal(f.bus_master, TOLD_YES);
    f = first_of(SATA_NN "\tFlags: 66MHz, fast devsel, IRQ 5, IOMMU group 7\n"
                         "\tKernel driver in use: vmd\n\n");
    assert_int_equal(f.bus_master, TOLD_NO);
    assert_int_equal(f.group, 7);
    assert_true(f.vmd);
}

/* Bug that must not be: half a line that says no. */
static void a_line_without_its_end_proves_nothing(void **state)
{
    (void)state;
    assert_int_equal(first_of(SATA_NN "\tFlags: 66MHz, bus mas").bus_master, NOT_TOLD);
    assert_int_equal(first_of(SATA_NN "\tIOMMU group: 1").group, PCI_NO_GROUP);
    struct pci_function f = first_of("00:1c.0 0604: 8086:a294\n\tBus: primary=00, secondary=0");
    assert_int_equal(f.has_buses, NOT_TOLD);
    f = first_of("00:1c.0 0604: 8086:a294\n\tBus: primary=00, secondary=01, subordinate=1\n");
    assert_int_equal(f.has_buses, NOT_TOLD);
}

static void says_not_express_only_with_evidence(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        enum told express;
    } cases[] = {
        {"", NOT_TOLD},
        {"\n", NOT_TOLD},
        {"\tControl: BusMaster+\n\tStatus: Cap+ 66MHz-\n\n", NOT_TOLD},
        {"\tControl: BusMaster+\n\tStatus: Cap- 66MHz-\n\n", TOLD_NO},
        {"\tCapabilities: <access denied>\n\n", NOT_TOLD},
        {"\tCapabilities: [50] MSI: Enable-\n\n", TOLD_NO},
        {"\tCapabilities: [50] MSI: Enable-\n", NOT_TOLD},
        {"\tCapabilities: [50] MSI: Enable-\n00: 86\n", TOLD_NO},
        {"\tCapabilities: [50] MSI: Enable-\n\tCapabilities: [fc] <chain broken>\n\n", NOT_TOLD},
        {"\tCapabilities: [40] Express Endpoint IRQ 0\n", TOLD_YES},
        {"\tCapabilities: [40] #10 [0142]\n", TOLD_YES},
        {"\tCapabilities: [40] PCI-X bridge device\n\n", TOLD_NO},
        {"\tCapabilities: [50] MSI: Enable-\n\t\tCapabilities: [40] Express\n\n", TOLD_NO},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        (void)snprintf(text, sizeof text, SATA_NN "%s", cases[i].lines);
        assert_int_equal(first_of(text).express, cases[i].express);
    }
}

static void reads_registers(void **state)
{
    (void)state;
    struct pci_function f = first_of("0000:00:01.0 dev\n" ROOT_PORT_64 CAPS_40 EXPRESS_50 "\n");
    assert_int_equal(f.class_code, 0x060400);
    assert_int_equal(f.vendor, 0x8086);
    assert_int_equal(f.device, 0x0151);
    assert_int_equal(f.is_bridge, TOLD_YES);
    assert_int_equal(f.has_buses, TOLD_YES);
    assert_int_equal(f.primary, 2);
    assert_int_equal(f.secondary, 3);
    assert_int_equal(f.subordinate, 4);
    assert_int_equal(f.bus_master, TOLD_YES);
    assert_int_equal(f.express, TOLD_YES);
    f = first_of("0000:00:1f.2\n" ENDPOINT_64);
    assert_int_equal(f.class_code, 0x010601);
    assert_int_equal(f.is_bridge, TOLD_NO);
    assert_int_equal(f.has_buses, NOT_TOLD);
    assert_int_equal(f.express, NOT_TOLD);
}

static void walks_the_list_of_capabilities(void **state)
{
    (void)state;
    static const struct {
        const char *dump;
        enum told express;
    } cases[] = {
        {ENDPOINT_64, NOT_TOLD},
        {ENDPOINT_64 CAPS_40, NOT_TOLD},
        {ENDPOINT_64 CAPS_40 EXPRESS_50, TOLD_YES},
        {ENDPOINT_64 CAPS_40 MSI_50, TOLD_NO},
        {ENDPOINT_64 CAPS_40 LOOP_50, NOT_TOLD},
        {ENDPOINT_64 CAPS_40 BROKEN_50, NOT_TOLD},
        {ENDPOINT_64 CAPS_40 ONES_50, NOT_TOLD},
        {ENDPOINT_64 CAPS_40 "50: 10", NOT_TOLD},
        {ENDPOINT_64 CAPS_40 "50: 10 0", NOT_TOLD},
        {ENDPOINT_64 EXPRESS_50 CAPS_40, NOT_TOLD}, /* not contiguous */
        {"00: 86 80 82 a2 06 04 00 00 05 01 06 01 00 00 80 00\n", TOLD_NO},
        {"00: 86 80 82 a2 06 04 10 00 05 01 06 01 00 00 80\n", NOT_TOLD},
        {"00: 86 80 82 a2 06 04 00 00 05 01 06 01 00 00\n", NOT_TOLD}, /* nothing is read */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, SATA_NN "%s", cases[i].dump);
        assert_int_equal(first_of(text).express, cases[i].express);
    }
}

/* Its list starts at 14h. What a PCI device has at 34h is an I/O window. */
static void reads_cardbus_bridges(void **state)
{
    (void)state;
    struct pci_function f =
        first_of("0d:06.0 dev\n"
                 "00: 17 12 35 71 07 01 10 04 01 00 07 06 00 51 82 00\n"
                 "10: 00 00 70 f4 40 00 00 02 0d 0e 11 b0 00 00 00 c4\n"
                 "20: 00 f0 ff c7 00 00 00 c8 00 f0 ff cb 01 50 00 00\n"
                 "30: fd 50 00 00 50 54 00 00 fd 54 00 00 0b 01 c4 01\n"
                 "40: 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n" EXPRESS_50);
    assert_int_equal(f.is_bridge, TOLD_YES);
    assert_int_equal(f.primary, 0x0d);
    assert_int_equal(f.secondary, 0x0e);
    assert_int_equal(f.subordinate, 0x11);
    assert_int_equal(f.express, TOLD_NO);
}

static void registers_win(void **state)
{
    (void)state;
    struct pci_function f = first_of(
        "00:01.0 Host bridge [0600]: Other [1022:1111] (prog-if 02)\n"
        "\tControl: BusMaster-\n\tStatus: Cap- \n"
        "\tBus: primary=08, secondary=09, subordinate=0a\n" ROOT_PORT_64 CAPS_40 EXPRESS_50);
    assert_int_equal(f.class_code, 0x060400);
    assert_int_equal(f.vendor, 0x8086);
    assert_int_equal(f.bus_master, TOLD_YES);
    assert_int_equal(f.express, TOLD_YES);
    assert_int_equal(f.secondary, 3);
}

static void registers_of_nobody_do_not_count(void **state)
{
    (void)state;
#define ONES  " ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\n"
#define ZEROS " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
    static const char *const dead[] = {"00:" ONES "10:" ONES "20:" ONES "30:" ONES,
                                       "00:" ZEROS "10:" ZEROS "20:" ZEROS "30:" ZEROS};
    for (size_t i = 0; i < COUNT(dead); i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "01:00.1 Audio device [0403]: X [10de:0bea] (rev ff) (prog-if ff)\n"
                       "\t!!! Unknown header type 7f\n\tIOMMU group: 3\n%s\n",
                       dead[i]);
        struct pci_function f = first_of(text);
        assert_int_equal(f.class_code, 0x040300);
        assert_int_equal(f.vendor, 0x10de);
        assert_int_equal(f.device, 0x0bea);
        assert_int_equal(f.is_bridge, TOLD_NO);
        assert_int_equal(f.bus_master, NOT_TOLD);
        assert_int_equal(f.express, NOT_TOLD);
        assert_int_equal(f.group, 3);
    }
}

/* They answer with ones for their ids, which the kernel makes up, but for nothing else. */
static void a_virtual_function_is_not_dead(void **state)
{
    (void)state;
    struct pci_function f = first_of("01:10.0 Ethernet controller [0200]: VF [8086:1520]\n"
                                     "00: ff ff ff ff 04 00 00 00 01 00 00 02 00 00 00 00\n");
    assert_int_equal(f.vendor, 0x8086);
    assert_int_equal(f.device, 0x1520);
    assert_int_equal(f.bus_master, TOLD_YES);
    assert_int_equal(f.is_bridge, TOLD_NO);
}

static void merges_outputs_one_after_another(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "00:1f.2 SATA controller [0106]: Intel Corporation SATA [8086:a282] (rev 05)\n"
        "00:01.0 PCI bridge [0604]: Intel Corporation Port [8086:0151]\n"
        "0000:00:01.0 dev\n" ROOT_PORT_64 CAPS_40 EXPRESS_50 "\n"
        "0000:00:1f.2 dev\n" ENDPOINT_64 CAPS_40 MSI_50 "\n",
        "0000:00:01.0 dev\n" ROOT_PORT_64 CAPS_40 EXPRESS_50 "\n"
        "0000:00:1f.2 dev\n" ENDPOINT_64 CAPS_40 MSI_50 "\n"
        "00:1f.2 SATA controller [0106]: Intel Corporation SATA [8086:a282] (rev 05)\n"
        "00:01.0 PCI bridge [0604]: Intel Corporation Port [8086:0151]\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct arena a;
        struct pci_tree t = tree_of(&a, texts[i]);
        assert_int_equal(t.n, 2);
        assert_true(span_is(t.functions[0].name, "Intel Corporation Port"));
        assert_int_equal(t.functions[0].secondary, 3);
        assert_int_equal(t.functions[0].express, TOLD_YES);
        assert_true(span_is(t.functions[1].name, "Intel Corporation SATA"));
        assert_int_equal(t.functions[1].class_code, 0x010601);
        assert_int_equal(t.functions[1].express, TOLD_NO);
        assert_int_equal(t.functions[1].bus_master, TOLD_YES);
        arena_reset(&a);
    }
}

static void a_later_block_fills_what_was_open(void **state)
{
    (void)state;
    struct pci_function f = first_of(
        "00:0d.2 USB controller [0c03]: Intel Corporation NHI [8086:9a1b]\n"
        "\tIOMMU group: 4\n\n"
        "00:0d.2 0c03: 8086:9a1b (prog-if 40 [USB4 Host Interface])\n"
        "\tControl: BusMaster+\n\tIOMMU group: 5\n\tCapabilities: [40] Express Endpoint\n\n");
    assert_int_equal(f.class_code, 0x0c0340);
    assert_true(f.thunderbolt);
    assert_int_equal(f.group, 4);
    assert_int_equal(f.bus_master, TOLD_YES);
    assert_int_equal(f.express, TOLD_YES);
}

static void other_text_ends_a_block(void **state)
{
    (void)state;
    assert_int_equal(first_of(SATA_NN "dmidecode\n\tFlags: FPU\n").bus_master, NOT_TOLD);
    assert_int_equal(first_of(SATA_NN "\n\tFlags: FPU\n").bus_master, NOT_TOLD);
    assert_int_equal(first_of("00:1c.0 0604: 8086:a294\n00:1c.0/00.0 X\n\tFlags: y\n").bus_master,
                     NOT_TOLD);
    assert_int_equal(
        first_of(SATA_NN "pcilib: sysfs_read_vpd: read failed\n\tFlags: bus master\n").bus_master,
        TOLD_YES);
}

#define PF(vfs, offset, stride)                                                                    \
    "01:00.0 Ethernet controller [0200]: Intel Corporation I350 [8086:1521]\n"                     \
    "\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)\n"                           \
    "\t\tInitial VFs: 8, Total VFs: 8, Number of VFs: " vfs ", Function Dependency Link: 00\n"     \
    "\t\tVF offset: " offset ", stride: " stride ", Device ID: 1520\n"                             \
    "\tKernel driver in use: igb\n\n"
#define VF(at) at " Ethernet controller [0200]: Intel Corporation I350 VF [8086:1520]\n"

static void names_physical_functions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned named;
    } cases[] = {
        {VF("01:10.0") PF("2", "128", "4"), 2},
        {PF("3", "128", "4") VF("01:10.0"), 3},
        {PF("0", "128", "4") VF("01:10.0"), 0},
        {PF("2", "0", "4") VF("01:10.0"), 0},
        {PF("2", "128", "0") VF("01:10.0"), 0},
        {PF("1", "128", "0") VF("01:10.0"), 1},
        {PF("65535", "128", "4") VF("01:10.0"), 4},
        {PF("70000", "128", "4") VF("01:10.0"), 0},
        {PF("2", "65535", "65535") VF("01:10.0"), 0},
        {"01:00.0 X\n\tInitial VFs: 8, Number of VFs: 2\n\tVF offset: 128, stride: 4\n" VF(
             "01:10.0"),
         0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[2048];
        struct arena a;
        unsigned named = 0;
        /* One of another domain, one off the stride, and one with another device's id. */
        (void)snprintf(
            text, sizeof text, "%s%s", cases[i].text,
            VF("01:10.4") VF("01:11.0") VF("01:11.4") VF("0001:01:10.0") VF(
                "01:10.1") "01:12.0 Ethernet controller [0200]: Intel Corporation X [8086:1533]\n");
        struct pci_tree t = tree_of(&a, text);
        for (size_t k = 0; k < t.n; k++)
            named += t.functions[k].has_physfn;
        assert_int_equal(named, cases[i].named);
        if (named > 0)
            assert_int_equal(pci_requester_id(find(&t, "01:10.0")->physfn), 0x0100);
        arena_reset(&a);
    }
}

/* Headers of `n` functions, each with as many virtual ones as it can have. */
static char *write_functions(unsigned n)
{
    static const char sriov[] = " x\n\tCapabilities: [160 v1] Single Root I/O Virtualization "
                                "(SR-IOV)\n\t\tInitial VFs: 1, Number of VFs: 65535\n"
                                "\t\tVF offset: 1, stride: 1\n";
    size_t room = (size_t)n * (sizeof sriov + 16) + 1;
    size_t at = 0;
    char *text = malloc(room);
    assert_non_null(text);
    for (unsigned i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, "%04x:%02x:%02x.%x%s", i >> 16, i >> 8 & 0xff,
                               i >> 3 & 0x1f, i & 7, sriov);
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

static void refuses_text_without_functions(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "lspci: command not found\n",
        "-+-[0000:00]-+-00.0\n |           +-01.0\n",
        "00: 86 80 c4 3e\n",
        "1:00:00.0 Host bridge [0600]: Intel [8086:3ec4]\n", /* grep -n */
        "\tControl: BusMaster+\n",
        "00:1c.0/00.0 Network controller\n",
        "0000:00:1f.2: SATA controller\n",
    };
    struct arena a;
    struct pci_tree t;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(span_of(bad[i])), ST_MALFORMED);
    assert_int_equal(parse_in(&a, span_of(""), &t, NULL), ST_MALFORMED);
    arena_reset(&a);
}

static void stands_torture(void **state)
{
    (void)state;
    torture_text(parse, span_of("00:01.0 dev\n" ROOT_PORT_64 CAPS_40 EXPRESS_50 "\n" SATA_NN
                                "\tFlags: bus master, IOMMU group 1\n"
                                "\tCapabilities: [50] MSI: Enable-\n" ENDPOINT_64 "\n"));
    torture_text(parse, span_of(PF("2", "128", "4") VF("01:10.0") VF(
                            "01:10.4") "00:1c.0 0604: 8086:a294 (prog-if 01)\n\tBus: primary=00, "
                                       "secondary=01, subordinate=01\n\tControl: BusMaster+\n"
                                       "00:1f.2 \"0106\" \"8086\" \"2922\" -r02 -p01\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_header_in_every_form),
        cmocka_unit_test(reads_decoded_lines),
        cmocka_unit_test(reads_flags),
        cmocka_unit_test(a_line_without_its_end_proves_nothing),
        cmocka_unit_test(says_not_express_only_with_evidence),
        cmocka_unit_test(reads_registers),
        cmocka_unit_test(walks_the_list_of_capabilities),
        cmocka_unit_test(reads_cardbus_bridges),
        cmocka_unit_test(registers_win),
        cmocka_unit_test(registers_of_nobody_do_not_count),
        cmocka_unit_test(a_virtual_function_is_not_dead),
        cmocka_unit_test(merges_outputs_one_after_another),
        cmocka_unit_test(a_later_block_fills_what_was_open),
        cmocka_unit_test(other_text_ends_a_block),
        cmocka_unit_test(names_physical_functions),
        cmocka_unit_test(leaves_out_what_is_above_the_limit),
        cmocka_unit_test(refuses_text_without_functions),
        cmocka_unit_test(stands_torture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
