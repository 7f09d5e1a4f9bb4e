/* SPDX-License-Identifier: MIT */
/*
 * Records of lspci -vmm: show_machine() of pciutils' lspci.c. With -n ids replace names, with -nn
 * they follow names; with -k driver and IOMMU group follow, of which only the group is read.
 */
#include "parse/pci/lspci_block.h"
#include "parse/pci/pci_build.h"
#include "parse/pci/pci_class.h"
#include "vbscheck/count.h"

bool lspci_take_slot(struct span *line, struct pci_address *out)
{
    struct span key, rest;
    struct pci_address at;
    if (!span_starts(*line, "Slot:") && !span_starts(*line, "Device:"))
        return false;
    if (!span_split(*line, ':', &key, &rest) || !pci_take_address(&rest, &at) ||
        span_trim(rest).len > 0)
        return false;
    *line = (struct span){0};
    *out = at;
    return true;
}

static void on_class(struct pci_function *f, struct span value)
{
    uint64_t class;
    if (lspci_read_id(value, &class) || pci_class_named(value, &class))
        lspci_set_class(f, class);
}

static void on_vendor(struct pci_function *f, struct span value)
{
    uint64_t id;
    if (lspci_read_id(value, &id))
        f->vendor = (uint16_t)id;
}

static void on_device(struct pci_function *f, struct span value)
{
    uint64_t id;
    if (!lspci_read_id(value, &id)) {
        f->name = pci_cut_name(value);
        return;
    }
    f->device = (uint16_t)id;
    if (value.len > 6) /* "82801IR [2922]" */
        f->name = pci_cut_name(span_trim((struct span){value.ptr, value.len - 6}));
}

static void on_interface(struct pci_function *f, struct span value)
{
    lspci_set_interface(f, value);
}

static void on_group(struct pci_function *f, struct span value)
{
    uint64_t group;
    if (span_take_dec(&value, &group) && value.len == 0 && group <= INT32_MAX)
        f->group = (int)group;
}

static const struct {
    const char *key;
    void (*on)(struct pci_function *f, struct span value);
} keys[] = {
    {"Class", on_class},      {"Vendor", on_vendor},    {"Device", on_device},
    {"ProgIf", on_interface}, {"IOMMUGroup", on_group},
};

bool lspci_read_record(struct lspci_block *b, struct span line)
{
    struct span key, value;
    if (!b->record || !span_split(line, ':', &key, &value))
        return false;
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (span_is(key, keys[i].key))
            keys[i].on(&b->d.f, span_trim(value));
    }
    return true;
}
