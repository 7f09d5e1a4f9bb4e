/* SPDX-License-Identifier: MIT */
/*
 * The text of lspci, made into the blob `pci`: whatever follows knows one form of the PCI tree,
 * and a machine dump of half a megabyte shrinks to a few kilobytes.
 */
#include "load/load.h"
#include "parse/pci/pci.h"
#include "vbscheck/out.h"

static void put_told(struct out *o, const char *key, enum told told)
{
    if (told != NOT_TOLD)
        out_printf(o, " %s=%d", key, told == TOLD_YES);
}

static void put_address(struct out *o, const char *key, struct pci_address at)
{
    out_printf(o, "%s%04x:%02x:%02x.%x", key, (unsigned)at.domain, at.bus, at.device, at.function);
}

/* Names come from a text that anybody may have written: none begins a line of its own. */
static void put_name(struct out *o, struct span name)
{
    if (name.len == 0)
        return;
    out_str(o, " name=");
    for (size_t i = 0; i < name.len; i++)
        out_char(o, name.ptr[i] < ' ' || name.ptr[i] == 0x7f ? '?' : (char)name.ptr[i]);
}

static void put_function(struct out *o, const struct pci_function *f)
{
    put_address(o, "", f->at);
    if (f->class_told == TOLD_YES)
        out_printf(o, " class=%06x", (unsigned)f->class_code);
    if (f->vendor != 0 || f->device != 0)
        out_printf(o, " vendor=%04x device=%04x", f->vendor, f->device);
    if (f->is_bridge == TOLD_YES)
        out_str(o, " header=01");
    if (f->has_buses == TOLD_YES)
        out_printf(o, " primary=%02x secondary=%02x subordinate=%02x", f->primary, f->secondary,
                   f->subordinate);
    put_told(o, "express", f->express);
    put_told(o, "master", f->bus_master);
    if (f->group != PCI_NO_GROUP)
        out_printf(o, " group=%d", (int)f->group);
    if (f->has_physfn)
        put_address(o, " physfn=", f->physfn);
    if (f->vmd)
        out_str(o, " vmd=1");
    if (f->thunderbolt)
        out_str(o, " thunderbolt=1");
    put_name(o, f->name);
    out_char(o, '\n');
}

bool lspci_load(struct span text, const char *from, struct snapshot *out)
{
    struct pci_tree tree;
    struct out o;
    if (lspci_parse(text, out->arena, &tree, NULL) != ST_OK)
        return false;
    /* lspci ends each line: a text that ends inside one was cut, and lacks who knows how many. */
    bool cut = tree.cut || text.ptr[text.len - 1] != '\n';
    out_init(&o, out->arena);
    for (size_t i = 0; i < tree.n; i++)
        put_function(&o, &tree.functions[i]);
    snap_add(out, (struct blob){.name = "pci",
                                .from = from,
                                .st = cut ? ST_TRUNCATED : ST_OK,
                                .data = out_span(&o)});
    if (cut)
        notes_add(&out->notes, from, "the list of PCI functions is not whole");
    return true;
}
