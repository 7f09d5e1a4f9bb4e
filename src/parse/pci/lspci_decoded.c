/* SPDX-License-Identifier: MIT */
/*
 * The lines that lspci decodes with -v, -vv and -k: show_verbose(), show_htype1() and show_htype2()
 * of pciutils' lspci.c, show_caps() of ls-caps.c, cap_sriov() of ls-ecaps.c.
 */
#include "parse/pci/lspci_block.h"
#include "vbscheck/count.h"

static enum told told(bool yes)
{
    return yes ? TOLD_YES : TOLD_NO;
}

/* The first line with a value counts. */
static void tell(enum told *what, enum told value)
{
    if (*what == NOT_TOLD)
        *what = value;
}

/* "I/O+ Mem+ BusMaster+ SpecCycle- ..." */
static void on_control(struct lspci_block *b, struct span value)
{
    struct span word;
    while (span_next_word(&value, &word)) {
        if (span_is(word, "BusMaster+") || span_is(word, "BusMaster-"))
            tell(&b->d.f.bus_master, told(word.ptr[word.len - 1] == '+'));
    }
}

/* "Cap+ 66MHz- ..." */
static void on_status(struct lspci_block *b, struct span value)
{
    if (span_starts(value, "Cap- "))
        tell(&b->d.f.express, TOLD_NO);
}

static bool find_bus(struct span s, const char *label, uint64_t *out)
{
    struct span rest;
    return span_find(s, label, &rest) && lspci_take_hex(&rest, 2, out);
}

/* "primary=00, secondary=01, subordinate=01, sec-latency=0" */
static void on_bus(struct lspci_block *b, struct span value)
{
    struct pci_function *f = &b->d.f;
    uint64_t primary = 0;
    uint64_t secondary = 0;
    uint64_t subordinate = 0;
    tell(&b->d.header, TOLD_YES);
    if (f->has_buses == TOLD_YES || !find_bus(value, "primary=", &primary) ||
        !find_bus(value, "secondary=", &secondary) ||
        !find_bus(value, "subordinate=", &subordinate))
        return;
    f->has_buses = TOLD_YES;
    f->primary = (uint8_t)primary;
    f->secondary = (uint8_t)secondary;
    f->subordinate = (uint8_t)subordinate;
}

static void on_group(struct lspci_block *b, struct span value)
{
    uint64_t v = 0;
    if (b->d.f.group == PCI_NO_GROUP && span_take_dec(&value, &v) && v <= INT32_MAX)
        b->d.f.group = (int32_t)v;
}

/* "bus master, fast devsel, latency 0, IRQ 26, IOMMU group 1" */
static void on_flags(struct lspci_block *b, struct span value)
{
    struct span group;
    tell(&b->d.f.bus_master, told(span_find(value, "bus master", NULL)));
    if (span_find(value, "IOMMU group ", &group))
        on_group(b, group);
}

/*
 * "[a0] Express (v2) Root Port", "[100 v1] Virtual Channel". In place of one there may be
 * "<access denied>", "<chain looped>", "<chain broken>", "<unreadable>". lspci from before PCI
 * Express prints "#10 [0142]".
 */
static void on_capability(struct lspci_block *b, struct span value)
{
    struct span name = value;
    if (!span_starts(value, "[") || !span_find(value, "]", &name) ||
        span_starts(span_trim(name), "<")) {
        b->caps_broken = true;
        return;
    }
    name = span_trim(name);
    b->lists_caps = true;
    if (span_starts(name, "Express") || span_starts(name, "#10 ["))
        tell(&b->d.f.express, TOLD_YES);
    if (span_starts(name, "Vendor Specific Information: ID=1234 "))
        b->d.vsec_1234 = true; /* Linux PCI_VSEC_ID_INTEL_TBT */
    b->in_sriov = span_starts(name, "Single Root I/O Virtualization (SR-IOV)");
}

static void on_driver(struct lspci_block *b, struct span value)
{
    if (span_is(value, "vmd"))
        b->d.f.vmd = true;
}

static void set_number(struct span s, bool hex, uint16_t *out)
{
    uint64_t v = 0;
    if ((hex ? span_take_hex : span_take_dec)(&s, &v) && v <= UINT16_MAX)
        *out = (uint16_t)v;
}

/* "8, Total VFs: 8, Number of VFs: 2, Function Dependency Link: 00" */
static void on_vfs(struct lspci_block *b, struct span value)
{
    struct span rest;
    if (b->in_sriov && span_find(value, "Number of VFs: ", &rest))
        set_number(rest, false, &b->d.vfs);
}

/* "16, stride: 1, Device ID: 1520" */
static void on_vf_offset(struct lspci_block *b, struct span value)
{
    struct span rest;
    if (!b->in_sriov)
        return;
    set_number(value, false, &b->d.vf_offset);
    if (span_find(value, "stride: ", &rest))
        set_number(rest, false, &b->d.vf_stride);
    if (span_find(value, "Device ID: ", &rest))
        set_number(rest, true, &b->d.vf_device);
}

static const struct {
    const char *key;
    bool part; /* of an earlier line that is indented less */
    void (*on)(struct lspci_block *b, struct span value);
} keys[] = {
    {"Control:", false, on_control},
    {"Flags:", false, on_flags},
    {"Status:", false, on_status},
    {"Bus:", false, on_bus},
    {"IOMMU group:", false, on_group},
    {"Capabilities:", false, on_capability},
    {"Kernel driver in use:", false, on_driver},
    {"Initial VFs:", true, on_vfs},
    {"VF offset:", true, on_vf_offset},
};

void lspci_read_decoded(struct lspci_block *b, struct span line, size_t indent)
{
    if (b->indent == 0)
        b->indent = indent;
    bool part = indent > b->indent;
    if (!part)
        b->in_sriov = false;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (keys[i].part == part && span_starts(line, keys[i].key)) {
            keys[i].on(b, span_trim(span_skip(line, span_of(keys[i].key).len)));
            return;
        }
    }
}
