/* SPDX-License-Identifier: MIT */
/* SMBIOS strings that name a model and its firmware; nothing that identifies a single machine. */
#include "collect/lines.h"
#include "parse/keyval.h"
#include "vbscheck/count.h"

#define DMI "sys/class/dmi/id"

static const struct {
    const char *label;
    const char *path;
} fields[] = {
    {"vendor: ", DMI "/sys_vendor"},
    {"product: ", DMI "/product_name"},
    {"firmware-version: ", DMI "/bios_version"},
    {"firmware-date: ", DMI "/bios_date"},
    {"version: ", DMI "/product_version"},
    {"board-vendor: ", DMI "/board_vendor"},
    {"board: ", DMI "/board_name"},
    {"firmware-vendor: ", DMI "/bios_vendor"},
};

/*
 * SMBIOS 3.7, 7.1.2.2: bits of type 0, the firmware's own structure; nothing else of it is used.
 * Only root reads the table: it holds serial numbers further on.
 */
static void put_characteristics(const struct collector *c, struct out *o)
{
    enum { BIOS = 0, SECOND_AT = 0x13, UEFI = 1 << 3, VIRTUAL = 1 << 4 };
    struct span table;
    if (ask_file(c->asker, "sys/firmware/dmi/tables/DMI", &table) != ST_OK)
        return;
    struct rd r = rd_open(table);
    /* Firmware puts type 0 first; if it does not, nothing is written. */
    uint8_t type = rd_u8(&r), length = rd_u8(&r);
    rd_seek(&r, SECOND_AT);
    uint8_t second = rd_u8(&r);
    if (!rd_ok(&r) || type != BIOS || length <= SECOND_AT)
        return;
    out_printf(o, "firmware-uefi: %s\nvirtual-machine: %s\n", (second & UEFI) != 0 ? "yes" : "no",
               (second & VIRTUAL) != 0 ? "yes" : "no");
}

/*
 * The tag may be the owner's own number for the machine: only the fact that it is Azure's is kept.
 */
static void put_azure(const struct collector *c, struct out *o)
{
    struct span tag;
    if (lines_read(c, DMI "/chassis_asset_tag", &tag) == ST_OK)
        out_printf(o, "azure: %s\n", span_is(tag, DMI_AZURE_TAG) ? "yes" : "no");
}

static void fetch(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    for (size_t i = 0; i < COUNT(fields); i++)
        (void)lines_file(c, &o, fields[i].label, fields[i].path);
    put_characteristics(c, &o);
    put_azure(c, &o);
    if (o.len > 0 || lines_exists(c, DMI))
        lines_add(c, "dmi", "/" DMI, &o);
    else
        lines_none(c, "dmi", "/" DMI,
                   lines_exists(c, "sys/class") ? collect_lacks(c) : ST_NOT_COLLECTED);
}

const struct source source_dmi = {
    .prefix = "dmi",
    .summary = "Vendor, product and firmware version; no serial number, no UUID",
    .needs = "nothing",
    .fetch = fetch,
};
