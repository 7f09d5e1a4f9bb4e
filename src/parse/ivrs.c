/* SPDX-License-Identifier: MIT */
#include "parse/ivrs.h"

#include "parse/acpi.h"

enum {
    IVRS_RESERVED = 8,
    IVHD_10 = 0x10,
    IVHD_11 = 0x11,
    IVHD_40 = 0x40,
    IVMD_ALL = 0x20,
    IVMD_RANGE = 0x22,
    IVHD_10_FIXED = 24,
    IVHD_11_FIXED = 40, /* 40h too */
    IVMD_FIXED = 32,
    /* Device entries, 48882 section 5.2.2.1 */
    ENTRY_FIRST_VARIABLE = 0x80,
    ENTRY_ACPI_HID = 0xf0,
    ENTRY_ACPI_HID_FIXED = 22, /* its last byte is the length of what follows */
    /* The largest systems have eight. A bound keeps a hostile table from costing a square. */
    MAX_UNITS = 256,
};

struct unit {
    uint64_t base;
    uint16_t device;
    uint16_t segment;
};

struct walk {
    struct ivrs ivrs;
    struct unit units[MAX_UNITS];
};

/* Steps over one device entry. A type from 80h on tells its length only if it is known. */
static void skip_entry(struct rd *body)
{
    struct rd head = *body;
    uint8_t type = rd_u8(&head);
    size_t length = (size_t)4 << (type >> 6);
    if (type == ENTRY_ACPI_HID) {
        rd_skip(&head, ENTRY_ACPI_HID_FIXED - 2);
        length = (size_t)ENTRY_ACPI_HID_FIXED + rd_u8(&head);
        rd_inherit(body, &head);
    } else if (type >= ENTRY_FIRST_VARIABLE) {
        rd_fail(body, ST_MALFORMED, "device entry type of unknown length");
    }
    if (length > rd_left(body))
        rd_fail(body, ST_MALFORMED, "device entry is longer than its block");
    rd_skip(body, length);
}

static void add_unit(struct rd *body, struct walk *w, struct unit u)
{
    for (unsigned i = 0; i < w->ivrs.units; i++) {
        const struct unit *known = &w->units[i];
        if (known->base == u.base && known->device == u.device && known->segment == u.segment)
            return;
    }
    if (w->ivrs.units == MAX_UNITS)
        rd_fail(body, ST_MALFORMED, "lists more IOMMUs than any machine has");
    else
        w->units[w->ivrs.units++] = u;
}

static void parse_ivhd(struct acpi_rec *block, size_t fixed, struct walk *w)
{
    struct rd *body = &block->body;
    struct unit u = {.device = rd_le16(body)};
    rd_skip(body, 2); /* capability offset */
    u.base = rd_le64(body);
    u.segment = rd_le16(body);
    add_unit(body, w, u);
    rd_seek(body, fixed);
    while (rd_left(body) > 0) {
        skip_entry(body);
        w->ivrs.device_entries++;
    }
}

static void parse_block(struct acpi_rec *block, struct walk *w)
{
    bool ivmd = block->type >= IVMD_ALL && block->type <= IVMD_RANGE;
    bool ivhd_10 = block->type == IVHD_10;
    bool ivhd = ivhd_10 || block->type == IVHD_11 || block->type == IVHD_40;
    w->ivrs.ivhd_10 += ivhd_10;
    w->ivrs.ivhd_11 += block->type == IVHD_11;
    w->ivrs.ivhd_40 += block->type == IVHD_40;
    w->ivrs.ivmd += ivmd;
    w->ivrs.unknown += !ivhd && !ivmd;
    if (!ivhd && !ivmd)
        return;
    size_t fixed = ivmd ? IVMD_FIXED : ivhd_10 ? IVHD_10_FIXED : IVHD_11_FIXED;
    if (block->whole.len < fixed)
        rd_fail(&block->body, ST_MALFORMED, "block is shorter than its fixed part");
    else if (ivhd)
        parse_ivhd(block, fixed, w);
}

enum status ivrs_parse(struct span table, struct ivrs *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "IVRS", &t, fault);
    if (st != ST_OK)
        return st;
    struct walk w;
    w.ivrs = (struct ivrs){.revision = t.revision, .ivinfo = rd_le32(&t.body)};
    rd_skip(&t.body, IVRS_RESERVED);
    struct acpi_rec block;
    while (acpi_next_rec(&t.body, ACPI_REC_U8_FLAGS_U16, &block)) {
        parse_block(&block, &w);
        rd_inherit(&t.body, &block.body);
    }
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = w.ivrs;
    return st;
}
