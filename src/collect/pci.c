/* SPDX-License-Identifier: MIT */
/*
 * PCI functions, one line each. Only words of configuration space that decide something are read,
 * since each costs a call of the hypervisor (0.4 ms for 64 bytes): the header of bridges, and one
 * word of "other" system peripherals (class 0880), which shows whether they can start a transfer.
 */
#include <stdlib.h>
#include <string.h>

#include "collect/lines.h"
#include "parse/pci/pci_line.h"
#include "vbscheck/count.h"

#define PCI_DEVICES "sys/bus/pci/devices"

enum {
    CONFIG_LEN = 64,
    /* PCI Local Bus Specification 3.0, section 6.2.2 */
    CONFIG_COMMAND = 0x04,
    COMMAND_LEN = 4, /* with Status: one word */
    COMMAND_BUS_MASTER = 1 << 2,
    /* PCI-to-PCI Bridge Architecture Specification 1.2, section 3.2 */
    CONFIG_HEADER_TYPE = 0x0e,
    CONFIG_PRIMARY_BUS = 0x18,
    CONFIG_SECONDARY_BUS = 0x19,
    CONFIG_SUBORDINATE_BUS = 0x1a,
};

/* What is known of a function after its line is written. */
struct function {
    size_t end; /* of its line in the text, without the newline */
    struct ask_pci_id id;
    bool has_id;
    bool has_group;
    bool has_class;
};

/* Writes the number in a file ("0x010601"); false, with nothing written, if there is none. */
static bool put_number(struct collector *c, struct out *o, const char *dir,
                       enum pci_line_number key, uint64_t *value)
{
    const struct pci_line_key *k = &pci_line_keys[key];
    struct span text = {0};
    uint64_t number;
    (void)ask_file(c->asker, arena_printf(c->arena, "%s/%s", dir, k->key), &text);
    text = span_trim(text);
    if (span_starts(text, "0x"))
        text = span_skip(text, 2);
    if (!span_take_hex(&text, &number) || text.len > 0 || number > k->most)
        return false;
    pci_line_put_number(o, key, number);
    *value = number;
    return true;
}

/* The last part of a link's target; empty if there is no such link. */
static struct span read_link(struct collector *c, const char *dir, const char *link)
{
    struct span target = {0};
    (void)ask_link(c->asker, arena_printf(c->arena, "%s/%s", dir, link), &target);
    const uint8_t *slash = target.len > 0 ? memrchr(target.ptr, '/', target.len) : NULL;
    return slash != NULL ? span_skip(target, (size_t)(slash - target.ptr) + 1) : target;
}

static bool put_group(struct collector *c, struct out *o, const char *dir)
{
    struct span link = read_link(c, dir, "iommu_group");
    uint64_t group;
    if (!span_number(link, &group))
        return false;
    pci_line_put_number(o, PCI_LINE_GROUP, group);
    return true;
}

static void put_address(struct out *o, const char *key, struct span text)
{
    struct pci_address at;
    if (pci_take_address(&text, &at) && text.len == 0)
        pci_line_put_address(o, key, at);
}

/* All bits are set if the function does not answer. */
static void put_master(struct out *o, const uint8_t command[COMMAND_LEN])
{
    static const uint8_t silence[COMMAND_LEN] = {0xff, 0xff, 0xff, 0xff};
    if (memcmp(command, silence, sizeof silence) != 0)
        pci_line_put_number(o, PCI_LINE_MASTER, (command[0] & COMMAND_BUS_MASTER) != 0);
}

static bool read_config(struct collector *c, const char *dir, uint64_t offset, uint8_t *to,
                        size_t n)
{
    size_t got = 0;
    const char *path = arena_printf(c->arena, "%s/config", dir);
    return ask_at(c->asker, path, offset, to, n, &got) == ST_OK && got == n;
}

static void put_bridge(struct collector *c, struct out *o, const char *dir)
{
    uint8_t config[CONFIG_LEN];
    if (!read_config(c, dir, 0, config, sizeof config))
        return;
    pci_line_put_number(o, PCI_LINE_HEADER, config[CONFIG_HEADER_TYPE]);
    pci_line_put_number(o, PCI_LINE_PRIMARY, config[CONFIG_PRIMARY_BUS]);
    pci_line_put_number(o, PCI_LINE_SECONDARY, config[CONFIG_SECONDARY_BUS]);
    pci_line_put_number(o, PCI_LINE_SUBORDINATE, config[CONFIG_SUBORDINATE_BUS]);
    put_master(o, config + CONFIG_COMMAND);
}

static void put_peripheral(struct collector *c, struct out *o, const char *dir)
{
    uint8_t command[COMMAND_LEN];
    if (read_config(c, dir, CONFIG_COMMAND, command, sizeof command))
        put_master(o, command);
}

static void put_config(struct collector *c, struct out *o, const char *dir, uint64_t class)
{
    static const struct {
        unsigned class, mask; /* base class and subclass */
        void (*put)(struct collector *c, struct out *o, const char *dir);
    } parts[] = {
        {0x0604, 0xffff, put_bridge}, /* PCI-to-PCI */
        {0x0607, 0xffff, put_bridge}, /* CardBus */
        {0x0609, 0xffff, put_bridge}, /* semi-transparent PCI-to-PCI */
        /* These may or may not be capable of DMA: the Bus Master bit decides. */
        {0x0880, 0xffff, put_peripheral},
        {0x0500, 0xff00, put_peripheral},
        {0x1100, 0xff00, put_peripheral},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if ((class >> 8 & parts[i].mask) == parts[i].class)
            parts[i].put(c, o, dir);
    }
}

/*
 * Linux shows this file for PCI Express functions only (drivers/pci/pci-sysfs.c,
 * pcie_dev_attrs_are_visible()). Without a class nothing proves that the folder belongs to a
 * function.
 */
static void put_express(struct collector *c, struct out *o, const char *dir, bool has_class)
{
    enum status st = ask_exists(c->asker, arena_printf(c->arena, "%s/max_link_speed", dir));
    if (st == ST_OK)
        pci_line_put_number(o, PCI_LINE_EXPRESS, 1);
    else if (st == ST_ABSENT && has_class)
        pci_line_put_number(o, PCI_LINE_EXPRESS, 0);
}

/*
 * Domains above ffff are those of Intel's Volume Management Device, which stands above them:
 * ".../0000:00:0e.0/pci10000:e0/10000:e0:06.0" (Linux drivers/pci/controller/vmd.c).
 */
static void put_owner(const struct collector *c, struct out *o, const char *name)
{
    enum { SMALL_DOMAIN = sizeof "ffff" - 1 };
    struct span owner;
    size_t digits = strcspn(name, ":");
    if (digits <= SMALL_DOMAIN || name[digits] == '\0')
        return;
    const char *prefix = arena_printf(c->arena, "pci%.*s:", (int)digits, name);
    if (lines_address_above(c, PCI_DEVICES, name, prefix, &owner))
        put_address(o, PCI_LINE_OWNER, owner);
}

/* Linux Documentation/ABI/testing/sysfs-devices-removable, since 5.14. */
static void put_external(struct collector *c, struct out *o, const char *dir)
{
    struct span text = {0};
    (void)ask_file(c->asker, arena_printf(c->arena, "%s/removable", dir), &text);
    if (span_is(span_trim(text), "removable"))
        pci_line_put_number(o, PCI_LINE_EXTERNAL, 1);
}

static void put_function(struct collector *c, struct out *o, const char *name, struct function *f)
{
    const char *dir = arena_printf(c->arena, PCI_DEVICES "/%s", name);
    struct span rest = span_of(name);
    struct pci_address at;
    if (!pci_take_address(&rest, &at) || rest.len > 0 || ask_exists(c->asker, dir) != ST_OK)
        return;
    uint64_t class = 0, vendor = 0, device = 0;
    pci_line_begin(o, at);
    f->has_class = put_number(c, o, dir, PCI_LINE_CLASS, &class);
    bool has_vendor = put_number(c, o, dir, PCI_LINE_VENDOR, &vendor);
    bool has_device = put_number(c, o, dir, PCI_LINE_DEVICE, &device);
    f->has_id = has_vendor && has_device;
    f->id = (struct ask_pci_id){.vendor = (uint16_t)vendor, .device = (uint16_t)device};
    put_config(c, o, dir, class);
    put_express(c, o, dir, f->has_class);
    f->has_group = put_group(c, o, dir);
    put_address(o, PCI_LINE_PHYSFN, read_link(c, dir, "physfn"));
    put_owner(c, o, name);
    put_external(c, o, dir);
    f->end = o->len;
    out_char(o, '\n');
}

/* Names ------------------------------------------------------------------------------------ */

/*
 * Loading the list takes longer than everything else here, so only functions that a report will
 * list get names: those outside any group on a machine that has groups.
 */
static bool needs_name(const struct function *f)
{
    return f->has_id && !f->has_group;
}

static bool needs_names(const struct function *all, size_t n)
{
    bool groups = false, names = false;
    for (size_t i = 0; i < n; i++) {
        groups = groups || all[i].has_group;
        names = names || needs_name(&all[i]);
    }
    return groups && names;
}

/* The names in the order of the functions that need one; empty if no list has any. */
static struct span look_up(const struct collector *c, const struct function *all, size_t n)
{
    struct ask_pci_id *ids = arena_new(c->arena, struct ask_pci_id, n);
    struct answer w = {.st = ST_IO_ERROR};
    size_t wanted = 0;
    for (size_t i = 0; i < n; i++) {
        if (needs_name(&all[i]))
            ids[wanted++] = all[i].id;
    }
    const struct question q = {
        .kind = ASK_PCI_NAMES,
        .path = "",
        .list = {(const uint8_t *)ids, wanted * sizeof *ids},
    };
    c->asker->ask(c->asker->context, &q, c->arena, &w);
    return w.data;
}

/* Copies the lines of `text`, and appends names to those of functions that need one. */
static void put_names(const struct collector *c, struct out *o, const char *text,
                      const struct function *all, size_t n)
{
    struct span names = look_up(c, all, n);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        struct ask_pci_name name = {0};
        out_bytes(o, text + at, all[i].end - at);
        at = all[i].end;
        if (!needs_name(&all[i]))
            continue;
        if (names.len >= sizeof name)
            memcpy(&name, names.ptr, sizeof name);
        name.text[PCI_NAME_MAX] = '\0';
        pci_line_put_name(o, span_of(name.text));
        names = span_skip(names, sizeof name);
    }
    out_char(o, '\n');
}

/*
 * A copied list is only part of one if a name in it has no content (a link whose target was not
 * copied), or if the first function is not there, which every whole list of a PC holds.
 */
static bool is_part(const struct collector *c, const char *const *names, size_t n, size_t seen)
{
    bool whole = n == 0 || (seen == n && strcmp(names[0], "0000:00:00.0") == 0);
    return collect_lacks(c) != ST_ABSENT && !whole;
}

static void fetch(struct collector *c)
{
    struct out plain, named;
    out_init(&plain, c->arena);
    out_init(&named, c->arena);
    const char *const *names;
    size_t n = 0, used = 0, seen = 0;
    enum status st = ask_list(c->asker, PCI_DEVICES, &names, &n);
    struct function *all = arena_new(c->arena, struct function, n);
    for (size_t i = 0; i < n; i++) {
        put_function(c, &plain, names[i], &all[used]);
        seen += all[used].has_class;
        used += all[used].end > 0; /* else the function is gone */
    }
    bool is_named = needs_names(all, used);
    if (is_named)
        put_names(c, &named, plain.buf, all, used);
    if (st == ST_OK && is_part(c, names, n, seen))
        st = ST_TRUNCATED;
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/bus") ? collect_lacks(c) : ST_NOT_COLLECTED;
    collect_add(c, "pci", "/" PCI_DEVICES, st, out_span(is_named ? &named : &plain));
}

const struct source source_pci = {
    .prefix = "pci",
    .summary = "PCI functions, the bridges above them and their IOMMU groups",
    .needs = "nothing",
    .fetch = fetch,
};
