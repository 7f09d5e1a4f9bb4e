/* SPDX-License-Identifier: MIT */
/* AMD's security processor: Linux Documentation/ABI/testing/sysfs-driver-ccp. */
#include "parse/hardware/psp.h"
#include "collect/lines.h"
#include "vbscheck/count.h"

#define DRIVER "sys/bus/pci/drivers/ccp"

static void put_file(const struct collector *c, struct out *o, const char *address,
                     const char *file)
{
    (void)lines_file(c, o, arena_printf(c->arena, "%s %s ", address, file),
                     arena_printf(c->arena, "sys/bus/pci/devices/%s/%s", address, file));
}

static void put_processor(const struct collector *c, struct out *o, const char *address)
{
    static const char *const versions[] = {"bootloader_version", "tee_version"};
    out_printf(o, "%s\n", address);
    for (unsigned i = 0; i < PSP_ATTRIBUTES; i++)
        put_file(c, o, address, psp_attribute_names[i]);
    for (size_t i = 0; i < COUNT(versions); i++)
        put_file(c, o, address, versions[i]);
}

static void fetch(struct collector *c)
{
    struct out o;
    const char *const *names;
    size_t n = 0;
    if (!collect_wants("sys/psp"))
        return;
    out_init(&o, c->arena);
    enum status st = ask_list(c->asker, DRIVER, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (names[i][0] >= '0' && names[i][0] <= '9') /* the others are the driver's own files */
            put_processor(c, &o, names[i]);
    }
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/bus") ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    else if (st == ST_OK && o.len == 0)
        st = ST_NO_DRIVER;
    collect_add(c, "sys/psp", "/" DRIVER, st, out_span(&o));
}

const struct source source_psp = {
    .prefix = "sys/psp",
    .summary = "AMD's security processor as its driver shows it",
    .needs = "nothing",
    .fetch = fetch,
};
