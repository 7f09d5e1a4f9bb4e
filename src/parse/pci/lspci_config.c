/* SPDX-License-Identifier: MIT */
/*
 * The hexadecimal dump of a function's configuration space in lspci's text: PCI Local Bus
 * Specification 3.0, sections 6.1 and 6.7, and for CardBus PC Card Standard 8.0, volume 2.
 */
#include "parse/pci/lspci_block.h"
#include "parse/pci/pci_build.h"

enum {
    REG_STATUS = 0x06,
    REG_CLASS = 0x09,
    REG_HEADER_TYPE = 0x0e,
    REG_CARDBUS_CAP = 0x14,
    REG_PRIMARY = 0x18,
    REG_CAP = 0x34,

    COMMAND_MASTER = 1 << 2,
    STATUS_CAP_LIST = 1 << 4,

    HEADER_CARDBUS = 2,

    CAP_EXPRESS = 0x10,
    CAP_FIRST = 0x40, /* the header's registers come before */
    CAPS_MAX = 48,    /* Linux PCI_FIND_CAP_TTL: so many fit */
    LINE_LEN = 16,
};

bool lspci_read_dump(struct lspci_block *b, struct span line)
{
    uint64_t offset = 0;
    struct span word;
    if (!span_take_hex(&line, &offset) || !span_starts(line, ": "))
        return false;
    b->decoded_ends = true;
    line = span_skip(line, 1);
    if (offset != b->have)
        return true;
    for (size_t i = 0; i < LINE_LEN && b->have < sizeof b->config; i++) {
        uint64_t v = 0;
        if (!span_next_word(&line, &word) || !lspci_take_hex(&word, 2, &v) || word.len > 0)
            break;
        b->config[b->have++] = (uint8_t)v;
    }
    return true;
}

static struct rd open_at(struct span config, size_t at)
{
    struct rd r = rd_open(config);
    rd_seek(&r, at);
    return r;
}

/* The capability's id; *at becomes where the next one is. */
static bool take_capability(struct span config, size_t *at, uint8_t *id)
{
    struct rd r = open_at(config, *at);
    *id = rd_u8(&r);
    *at = rd_u8(&r) & ~(size_t)3;
    return rd_ok(&r);
}

/* NO only after the end of the list was seen. */
static enum told find_express(struct span config, uint8_t layout)
{
    struct rd r = open_at(config, REG_STATUS);
    uint16_t status = rd_le16(&r);
    if (rd_ok(&r) && (status & STATUS_CAP_LIST) == 0)
        return TOLD_NO;
    r = open_at(config, layout == HEADER_CARDBUS ? REG_CARDBUS_CAP : REG_CAP);
    size_t at = rd_u8(&r) & ~(size_t)3;
    if (!rd_ok(&r))
        return NOT_TOLD;
    for (unsigned left = CAPS_MAX; left > 0 && at >= CAP_FIRST; left--) {
        uint8_t id = 0;
        if (!take_capability(config, &at, &id) || id == 0xff)
            return NOT_TOLD;
        if (id == CAP_EXPRESS)
            return TOLD_YES;
    }
    return at == 0 ? TOLD_NO : NOT_TOLD;
}

static void read_buses(struct span config, struct pci_function *f)
{
    struct rd r = open_at(config, REG_PRIMARY);
    uint8_t primary = rd_u8(&r);
    uint8_t secondary = rd_u8(&r);
    uint8_t subordinate = rd_u8(&r);
    if (!rd_ok(&r))
        return;
    f->has_buses = TOLD_YES;
    f->primary = primary;
    f->secondary = secondary;
    f->subordinate = subordinate;
}

void lspci_read_registers(struct lspci_block *b)
{
    struct span config = {b->config, b->have};
    struct lspci_draft *d = &b->d;
    struct rd r = rd_open(config);
    uint16_t vendor = rd_le16(&r);
    uint16_t device = rd_le16(&r);
    uint16_t command = rd_le16(&r);
    rd_seek(&r, REG_CLASS);
    uint32_t class = rd_u8(&r);
    class |= (uint32_t)rd_le16(&r) << 8;
    rd_seek(&r, REG_HEADER_TYPE);
    uint8_t type = rd_u8(&r);
    bool no_vendor = vendor == 0xffff;
    if (!rd_ok(&r) || vendor == 0 || (no_vendor && class == 0xffffff && type == 0xff))
        return; /* the device did not answer */
    d->dumped = true;
    /* Virtual functions answer with ones as well, but only for their ids. */
    if (!no_vendor) {
        d->f.vendor = vendor;
        d->f.device = device;
    }
    d->f.class_told = TOLD_YES;
    d->f.class_code = class;
    d->f.bus_master = (command & COMMAND_MASTER) != 0 ? TOLD_YES : TOLD_NO;
    enum told bridge = pci_header_bridge(type);
    if (bridge != NOT_TOLD)
        d->header = bridge;
    if (bridge == TOLD_YES)
        read_buses(config, &d->f);
    enum told express = find_express(config, type & 0x7f);
    if (express != NOT_TOLD)
        d->f.express = express;
}
