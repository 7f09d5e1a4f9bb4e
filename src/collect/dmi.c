/* SPDX-License-Identifier: MIT */
/* SMBIOS strings that name a model and its firmware; nothing that tells twins apart. */
#include "collect/lines.h"
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
};

static void fetch(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    for (size_t i = 0; i < COUNT(fields); i++)
        (void)lines_file(c, &o, fields[i].label, fields[i].path);
    if (o.len > 0 || lines_exists(c, DMI))
        lines_add(c, "dmi", "/" DMI, &o);
    else
        lines_none(c, "dmi", "/" DMI, lines_exists(c, "sys/class") ? ST_ABSENT : ST_NOT_COLLECTED);
}

const struct source source_dmi = {
    .prefix = "dmi",
    .summary = "Vendor, product and firmware version; no serial number, no UUID",
    .needs = "nothing",
    .fetch = fetch,
};
