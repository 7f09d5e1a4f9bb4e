/* SPDX-License-Identifier: MIT */
#include "parse/acpi/ivrs.h"

#include "parse/acpi/acpi.h"
#include "vbscheck/count.h"

enum {
    IVRS_RESERVED = 8,
    IVHD_10_FIXED = 24,
    IVHD_11_FIXED = 40, /* 40h too */
    IVMD_FIXED = 32,
    /* Device entries, 48882 section 5.2.2.1 */
    ENTRY_FIRST_VARIABLE = 0x80,
    ENTRY_ACPI_HID_FIXED = 22, /* its last byte is the length of the rest */
    /* The largest systems have eight. The bound limits the quadratic cost of a hostile table. */
    MAX_UNITS = 256,
};

enum entry_type {
    ENTRY_ALL = 0x01,
    ENTRY_SELECT = 0x02,
    ENTRY_START = 0x03,
    ENTRY_END = 0x04,
    ENTRY_ALIAS_SELECT = 0x42,
    ENTRY_ALIAS_START = 0x43,
    ENTRY_EXTENDED_SELECT = 0x46,
    ENTRY_EXTENDED_START = 0x47,
    ENTRY_ACPI_HID = 0xf0,
};

struct walk {
    struct arena *arena;
    struct ivrs ivrs;
    struct ivhd *ivhds;
    struct ivmd *ivmds;
    /* Of the block being read */
    struct ivhd_range *ranges;
    struct ivhd_range open; /* begun by a start entry */
    bool is_open;
    struct unit {
        uint64_t base;
        uint16_t device;
        uint16_t segment;
    } units[MAX_UNITS];
};

/*
 * Splits off one device entry. The length of a type from 80h on is clear only if the type is known.
 */
static struct rd take_entry(struct rd *body)
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
    return rd_sub(body, length);
}

static void add_range(struct walk *w, struct ivhd *block, struct ivhd_range range)
{
    w->ranges = arena_grow(w->arena, w->ranges, block->n_ranges, sizeof *w->ranges);
    w->ranges[block->n_ranges++] = range;
}

/* An end without a start, or before it, contradicts the specification: its meaning is unclear. */
static void end_range(struct rd *entry, struct walk *w, struct ivhd *block, uint16_t last)
{
    if (!w->is_open)
        rd_fail(entry, ST_MALFORMED, "range of devices ends without a start");
    else if (last < w->open.first)
        rd_fail(entry, ST_MALFORMED, "range of devices ends before it begins");
    w->open.last = last;
    w->is_open = false;
    add_range(w, block, w->open);
}

static void parse_entry(struct rd *entry, struct walk *w, struct ivhd *block)
{
    uint8_t type = rd_u8(entry);
    uint16_t id = rd_le16(entry);
    struct ivhd_range range = {.first = id, .last = id};
    w->ivrs.device_entries++;
    w->ivrs.entries_of_type[type]++;
    block->acpi_devices += type == ENTRY_ACPI_HID;
    if (type == ENTRY_ALIAS_SELECT || type == ENTRY_ALIAS_START) {
        rd_skip(entry, 2); /* data setting, reserved */
        range.has_alias = true;
        range.alias = rd_le16(entry);
    }
    switch ((enum entry_type)type) {
    case ENTRY_ALL:
        add_range(w, block, (struct ivhd_range){.last = UINT16_MAX});
        break;
    case ENTRY_SELECT:
    case ENTRY_ALIAS_SELECT:
    case ENTRY_EXTENDED_SELECT:
        add_range(w, block, range);
        break;
    case ENTRY_START:
    case ENTRY_ALIAS_START:
    case ENTRY_EXTENDED_START:
        w->ivrs.unfinished += w->is_open; /* Linux, too, drops the range that began before */
        w->open = range;
        w->is_open = true;
        break;
    case ENTRY_END:
        end_range(entry, w, block, id);
        break;
    case ENTRY_ACPI_HID:
        break;
    }
}

static void parse_entries(struct rd *body, struct walk *w, struct ivhd *block)
{
    w->ranges = NULL;
    w->is_open = false;
    while (rd_left(body) > 0) {
        struct rd entry = take_entry(body);
        if (rd_ok(body))
            parse_entry(&entry, w, block);
        rd_inherit(body, &entry);
    }
    w->ivrs.unfinished += w->is_open;
    block->ranges = w->ranges;
}

static void add_unit(struct rd *body, struct walk *w, const struct ivhd *block)
{
    struct unit u = {block->base, block->device, block->segment};
    for (unsigned i = 0; i < w->ivrs.units; i++) {
        const struct unit *known = &w->units[i];
        if (known->base == u.base && known->device == u.device && known->segment == u.segment)
            return;
    }
    if (w->ivrs.units == MAX_UNITS)
        rd_fail(body, ST_MALFORMED, "lists too many IOMMUs");
    else
        w->units[w->ivrs.units++] = u;
}

static void parse_ivhd(struct acpi_rec *rec, struct walk *w)
{
    struct rd *body = &rec->body;
    struct ivhd block = {
        .offset = rec->offset, .type = (uint8_t)rec->type, .flags = rec->whole.ptr[1]};
    block.device = rd_le16(body);
    rd_skip(body, 2); /* capability offset */
    block.base = rd_le64(body);
    block.segment = rd_le16(body);
    rd_skip(body, 2); /* MSI number, unit id */
    uint32_t attributes = rd_le32(body);
    if (block.type != IVHD_10) {
        block.attributes = attributes;
        block.efr = rd_le64(body);
        rd_skip(body, 8); /* EFR2 */
    }
    add_unit(body, w, &block);
    parse_entries(body, w, &block);
    w->ivhds = arena_grow(w->arena, w->ivhds, w->ivrs.n_ivhds, sizeof *w->ivhds);
    w->ivhds[w->ivrs.n_ivhds++] = block;
    if (block.type > w->ivrs.used)
        w->ivrs.used = block.type;
}

static void parse_ivmd(struct acpi_rec *rec, struct walk *w)
{
    struct rd *body = &rec->body;
    struct ivmd block = {
        .offset = rec->offset, .type = (uint8_t)rec->type, .flags = rec->whole.ptr[1]};
    block.first = rd_le16(body);
    uint16_t aux = rd_le16(body);
    block.last = block.type == IVMD_RANGE ? aux : block.first;
    if (block.type == IVMD_ALL) {
        block.first = 0;
        block.last = UINT16_MAX;
    }
    block.segment = rd_le16(body); /* reserved before revision 2 */
    rd_skip(body, 6);
    block.start = rd_le64(body);
    block.length = rd_le64(body);
    w->ivmds = arena_grow(w->arena, w->ivmds, w->ivrs.n_ivmds, sizeof *w->ivmds);
    w->ivmds[w->ivrs.n_ivmds++] = block;
}

static const struct form {
    uint8_t type;
    uint8_t fixed; /* bytes before device entries or the end, header included */
    void (*parse)(struct acpi_rec *rec, struct walk *w);
} forms[] = {
    {IVHD_10, IVHD_10_FIXED, parse_ivhd}, {IVHD_11, IVHD_11_FIXED, parse_ivhd},
    {IVHD_40, IVHD_11_FIXED, parse_ivhd}, {IVMD_ALL, IVMD_FIXED, parse_ivmd},
    {IVMD_ONE, IVMD_FIXED, parse_ivmd},   {IVMD_RANGE, IVMD_FIXED, parse_ivmd},
};

static void parse_block(struct acpi_rec *rec, struct walk *w)
{
    w->ivrs.ivhd_10 += rec->type == IVHD_10;
    w->ivrs.ivhd_11 += rec->type == IVHD_11;
    w->ivrs.ivhd_40 += rec->type == IVHD_40;
    w->ivrs.ivmd += rec->type >= IVMD_ALL && rec->type <= IVMD_RANGE;
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (forms[i].type != rec->type)
            continue;
        if (rec->whole.len < forms[i].fixed)
            rd_fail(&rec->body, ST_MALFORMED, "block is shorter than its fixed part");
        else
            forms[i].parse(rec, w);
        return;
    }
    w->ivrs.unknown++;
}

enum status ivrs_parse(struct span table, struct arena *a, struct ivrs *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "IVRS", &t, fault);
    if (st != ST_OK)
        return st;
    struct walk *w = arena_new(a, struct walk, 1);
    w->arena = a;
    w->ivrs = (struct ivrs){.revision = t.revision, .ivinfo = rd_le32(&t.body)};
    rd_skip(&t.body, IVRS_RESERVED);
    struct acpi_rec rec;
    while (acpi_next_rec(&t.body, ACPI_REC_U8_FLAGS_U16, &rec)) {
        parse_block(&rec, w);
        rd_inherit(&t.body, &rec.body);
    }
    st = acpi_close(&t.body, fault);
    if (st != ST_OK)
        return st;
    *out = w->ivrs;
    out->ivhds = w->ivhds;
    out->ivmds = w->ivmds;
    return ST_OK;
}
