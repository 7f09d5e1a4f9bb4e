/* SPDX-License-Identifier: MIT */
#include "parse/pci/pci_line.h"

const struct pci_line_key pci_line_keys[PCI_LINE_NUMBERS] = {
    [PCI_LINE_CLASS] = {"class", 6, 0xffffff},
    [PCI_LINE_VENDOR] = {"vendor", 4, 0xffff},
    [PCI_LINE_DEVICE] = {"device", 4, 0xffff},
    [PCI_LINE_HEADER] = {"header", 2, 0xff},
    [PCI_LINE_PRIMARY] = {"primary", 2, 0xff},
    [PCI_LINE_SECONDARY] = {"secondary", 2, 0xff},
    [PCI_LINE_SUBORDINATE] = {"subordinate", 2, 0xff},
    [PCI_LINE_GROUP] = {"group", 0, INT32_MAX},
    [PCI_LINE_EXPRESS] = {"express", 0, 1},
    [PCI_LINE_MASTER] = {"master", 0, 1},
    [PCI_LINE_EXTERNAL] = {"external", 0, 1},
    [PCI_LINE_VMD] = {"vmd", 0, 1},
    [PCI_LINE_THUNDERBOLT] = {"thunderbolt", 0, 1},
};

static void put_address(struct out *o, struct pci_address at)
{
    out_printf(o, "%04x:%02x:%02x.%x", (unsigned)at.domain, at.bus, at.device, at.function);
}

void pci_line_begin(struct out *o, struct pci_address at)
{
    put_address(o, at);
}

void pci_line_put_number(struct out *o, enum pci_line_number key, uint64_t value)
{
    const struct pci_line_key *k = &pci_line_keys[key];
    if (value > k->most)
        return;
    if (k->digits > 0)
        out_printf(o, " %s=%0*llx", k->key, k->digits, (unsigned long long)value);
    else
        out_printf(o, " %s=%llu", k->key, (unsigned long long)value);
}

void pci_line_put_address(struct out *o, const char *key, struct pci_address at)
{
    out_printf(o, " %s=", key);
    put_address(o, at);
}

/* Names come from untrusted texts: a name must not start a new line. */
void pci_line_put_name(struct out *o, struct span name)
{
    if (name.len == 0)
        return;
    out_str(o, " " PCI_LINE_NAME "=");
    for (size_t i = 0; i < name.len; i++)
        out_char(o, name.ptr[i] < ' ' || name.ptr[i] == 0x7f ? '?' : (char)name.ptr[i]);
}
