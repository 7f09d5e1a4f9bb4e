/* SPDX-License-Identifier: MIT */
/* How the machine was booted, and its runtime memory map: Linux drivers/firmware/efi/. */
#include <string.h>

#include "collect/lines.h"
#include "vbscheck/count.h"

#define EFI "sys/firmware/efi"

/* Without /sys/firmware/efi a legacy boot is proven only if the kernel shows other firmware. */
static enum status without_efi(const struct collector *c)
{
    if (collect_lacks(c) != ST_ABSENT)
        return ST_NOT_COLLECTED;
    const char *const *names;
    size_t n = 0;
    enum status st = ask_list(c->asker, "sys/firmware", &names, &n);
    return st == ST_OK && n > 0 ? ST_ABSENT : ST_NOT_COLLECTED;
}

static void fetch_platform(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    enum status st = lines_file(c, &o, "", EFI "/fw_platform_size");
    if (st == ST_ABSENT && !lines_exists(c, EFI))
        lines_none(c, "efi/platform", "/" EFI, without_efi(c));
    else if (st == ST_OK || st == ST_ABSENT) /* kernels before 4.0 do not have the file */
        lines_add(c, "efi/platform", "/" EFI "/fw_platform_size", &o);
    else
        lines_none(c, "efi/platform", "/" EFI "/fw_platform_size", st);
}

static enum status put_region(const struct collector *c, struct out *o, const char *number)
{
    static const char *const fields[] = {"type", "phys_addr", "virt_addr", "num_pages",
                                         "attribute"};
    enum { N_FIELDS = COUNT(fields) };
    for (size_t i = 0; i < N_FIELDS; i++) {
        struct span value;
        const char *path = arena_printf(c->arena, EFI "/runtime-map/%s/%s", number, fields[i]);
        enum status st = lines_read(c, path, &value);
        if (st != ST_OK)
            return st;
        lines_value(o, value);
        out_char(o, i + 1 < N_FIELDS ? ' ' : '\n');
    }
    return ST_OK;
}

static void fetch_runtime_map(struct collector *c)
{
    const char *const *names;
    size_t n = 0;
    struct out o;
    out_init(&o, c->arena);
    enum status st = ask_list(c->asker, EFI "/runtime-map", &names, &n);
    for (size_t i = 0; i < n && st == ST_OK; i++)
        st = put_region(c, &o, names[i]);
    if (st == ST_ABSENT) /* x86 only, and an option of the kernel */
        st = lines_exists(c, EFI) ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    collect_add(c, "efi/runtime-map", "/" EFI "/runtime-map", st, out_span(&o));
}

static void fetch(struct collector *c)
{
    if (collect_wants("efi/platform"))
        fetch_platform(c);
    if (collect_wants("efi/runtime-map"))
        fetch_runtime_map(c);
}

const struct source source_efi = {
    .prefix = "efi/",
    .summary = "Whether the machine was booted through UEFI, and its runtime memory map",
    .needs = "root, for the memory map only",
    .fetch = fetch,
};
