/* SPDX-License-Identifier: MIT */
/*
 * Converts the text of lspci to the blob `pci`: later code knows one form of the PCI tree, and a
 * machine dump of half a megabyte shrinks to a few kilobytes.
 */
#include "load/load.h"
#include "parse/pci/pci.h"
#include "parse/pci/pci_line.h"

static void put_told(struct out *o, enum pci_line_number key, enum told told)
{
    if (told != NOT_TOLD)
        pci_line_put_number(o, key, told == TOLD_YES);
}

static void put_buses(struct out *o, const struct pci_function *f)
{
    pci_line_put_number(o, PCI_LINE_PRIMARY, f->primary);
    pci_line_put_number(o, PCI_LINE_SECONDARY, f->secondary);
    pci_line_put_number(o, PCI_LINE_SUBORDINATE, f->subordinate);
}

static void put_function(struct out *o, const struct pci_function *f)
{
    pci_line_begin(o, f->at);
    if (f->class_told == TOLD_YES)
        pci_line_put_number(o, PCI_LINE_CLASS, f->class_code);
    if (f->vendor != 0 || f->device != 0) {
        pci_line_put_number(o, PCI_LINE_VENDOR, f->vendor);
        pci_line_put_number(o, PCI_LINE_DEVICE, f->device);
    }
    if (f->is_bridge == TOLD_YES)
        pci_line_put_number(o, PCI_LINE_HEADER, 1);
    if (f->has_buses == TOLD_YES)
        put_buses(o, f);
    put_told(o, PCI_LINE_EXPRESS, f->express);
    put_told(o, PCI_LINE_MASTER, f->bus_master);
    if (f->group != PCI_NO_GROUP)
        pci_line_put_number(o, PCI_LINE_GROUP, (uint64_t)f->group);
    if (f->has_physfn)
        pci_line_put_address(o, PCI_LINE_PHYSFN, f->physfn);
    if (f->vmd)
        pci_line_put_number(o, PCI_LINE_VMD, 1);
    if (f->thunderbolt)
        pci_line_put_number(o, PCI_LINE_THUNDERBOLT, 1);
    pci_line_put_name(o, f->name);
    out_char(o, '\n');
}

/* Whether a text is whole: lspci ends each line, so one that ends inside a line was cut. */
static bool is_cut(struct span text)
{
    return text.len == 0 || text.ptr[text.len - 1] != '\n';
}

/* All texts, one after the other, with a blank line between. */
static struct span join(struct texts texts, struct arena *a)
{
    struct out o;
    if (texts.n == 1)
        return texts.items[0];
    out_init(&o, a);
    for (size_t i = 0; i < texts.n; i++) {
        out_bytes(&o, (const char *)texts.items[i].ptr, texts.items[i].len);
        out_str(&o, "\n\n");
    }
    return out_span(&o);
}

bool lspci_load(struct texts texts, const char *from, struct snapshot *out)
{
    struct pci_tree tree;
    struct out o;
    if (lspci_parse(join(texts, out->arena), out->arena, &tree, NULL) != ST_OK)
        return false;
    /* One whole list is enough: a cut one lacks an unknown number of functions. */
    bool cut = true;
    for (size_t i = 0; i < texts.n; i++)
        cut = cut && is_cut(texts.items[i]);
    cut = cut || tree.cut;
    out_init(&o, out->arena);
    for (size_t i = 0; i < tree.n; i++)
        put_function(&o, &tree.functions[i]);
    snap_add(out, (struct blob){.name = "pci",
                                .from = from,
                                .st = cut ? ST_TRUNCATED : ST_OK,
                                .data = out_span(&o)});
    if (cut)
        notes_add(&out->notes, from, "the list of PCI functions is incomplete");
    return true;
}
