/* SPDX-License-Identifier: MIT */
#include "vbscheck/pci.h"

#include "vbscheck/count.h"

/* PCI Code and ID Assignment Specification 1.11, section 1; the narrower words first. */
static const struct {
    uint16_t class_code, mask; /* base class and subclass */
    const char *words;
} classes[] = {
    {0x0106, 0xffff, "SATA controller"},
    {0x0108, 0xffff, "NVM controller"},
    {0x0600, 0xffff, "host bridge"},
    {0x0601, 0xffff, "ISA bridge"},
    {0x0604, 0xffff, "PCI bridge"},
    {0x0607, 0xffff, "CardBus bridge"},
    {0x0805, 0xffff, "SD host controller"},
    {0x0806, 0xffff, "IOMMU"},
    {0x0c03, 0xffff, "USB controller"},
    {0x0c05, 0xffff, "SMBus controller"},
    {0x0000, 0xff00, "unclassified device"},
    {0x0100, 0xff00, "storage controller"},
    {0x0200, 0xff00, "network controller"},
    {0x0300, 0xff00, "display controller"},
    {0x0400, 0xff00, "multimedia controller"},
    {0x0500, 0xff00, "memory controller"},
    {0x0600, 0xff00, "bridge"},
    {0x0700, 0xff00, "communication controller"},
    {0x0800, 0xff00, "system peripheral"},
    {0x0900, 0xff00, "input controller"},
    {0x0a00, 0xff00, "docking station"},
    {0x0b00, 0xff00, "processor"},
    {0x0c00, 0xff00, "serial bus controller"},
    {0x0d00, 0xff00, "wireless controller"},
    {0x0e00, 0xff00, "intelligent controller"},
    {0x0f00, 0xff00, "satellite controller"},
    {0x1000, 0xff00, "encryption controller"},
    {0x1100, 0xff00, "signal processing controller"},
    {0x1200, 0xff00, "accelerator"},
    {0x1300, 0xff00, "instrumentation"},
};

const char *pci_kind(const struct pci_function *f)
{
    if (f->class_told != TOLD_YES)
        return "function of unknown class";
    for (size_t i = 0; i < COUNT(classes); i++) {
        if ((f->class_code >> 8 & classes[i].mask) == classes[i].class_code)
            return classes[i].words;
    }
    return "unassigned device";
}

const char *pci_address_text(struct arena *a, struct pci_address at)
{
    return arena_printf(a, "%04x:%02x:%02x.%x", (unsigned)at.domain, at.bus, at.device,
                        at.function);
}

const char *pci_describe(struct arena *a, const struct pci_function *f)
{
    const char *name = arena_text(a, f->name);
    return arena_printf(a, "%s%s%s [%04x:%04x]", pci_kind(f), f->name.len > 0 ? ", " : "", name,
                        f->vendor, f->device);
}

/* Addresses -------------------------------------------------------------------------------- */

int pci_address_compare(struct pci_address a, struct pci_address b)
{
    if (a.domain != b.domain)
        return a.domain < b.domain ? -1 : 1;
    return (int)pci_requester_id(a) - (int)pci_requester_id(b);
}

uint16_t pci_requester_id(struct pci_address a)
{
    return (uint16_t)((unsigned)a.bus << 8 | (unsigned)a.device << 3 | a.function);
}

/* Up to `digits` hexadecimal digits, not followed by another digit. */
static bool take_hex(struct span *s, size_t digits, uint64_t *out)
{
    struct span rest = *s;
    uint64_t v = 0;
    if (!span_take_hex(&rest, &v) || s->len - rest.len > digits)
        return false;
    *s = rest;
    *out = v;
    return true;
}

static bool take_after(struct span *s, const char *separator, size_t digits, uint64_t *out)
{
    if (!span_starts(*s, separator))
        return false;
    *s = span_skip(*s, 1);
    return take_hex(s, digits, out);
}

enum { DOMAIN_DIGITS = 4 };

bool pci_take_address(struct span *s, struct pci_address *out)
{
    struct span rest = *s;
    uint64_t domain = 0;
    uint64_t bus = 0;
    uint64_t device = 0;
    uint64_t function = 0;
    if (!take_hex(&rest, 8, &bus))
        return false;
    bool domain_like = s->len - rest.len >= DOMAIN_DIGITS;
    if (!take_after(&rest, ":", 2, &device))
        return false;
    if (span_starts(rest, ":")) {
        /*
         * Linux writes a domain with four digits or more: the 12 in "12:00:02.0" is a line number.
         */
        if (!domain_like)
            return false;
        domain = bus;
        bus = device;
        if (!take_after(&rest, ":", 2, &device))
            return false;
    }
    if (!take_after(&rest, ".", 1, &function) || bus > 0xff || device > 0x1f || function > 7)
        return false;
    *s = rest;
    *out = (struct pci_address){.domain = (uint32_t)domain,
                                .bus = (uint8_t)bus,
                                .device = (uint8_t)device,
                                .function = (uint8_t)function};
    return true;
}
