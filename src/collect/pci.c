/* SPDX-License-Identifier: MIT */
/*
 * PCI functions, one line each. Of configuration space only what decides is read, since a
 * hypervisor is called for each word of it (0.4 ms for 64 bytes): the header of bridges, and one
 * word of "other" system peripherals (class 0880), which tells whether they can start a transfer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "collect/lines.h"
#include "collect/pci_names.h"
#include "io/root.h"
#include "vbscheck/count.h"

#define PCI_DEVICES "sys/bus/pci/devices"

enum {
    FUNCTIONS_MAX = 32768, /* as many as are judged */
    LINK_MAX = 512,
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

/* What is known of a function once its line is written. */
struct function {
    size_t end; /* of its line in the text, without the newline */
    struct pci_id id;
    bool has_id;
    bool has_group;
};

/* " class=010601" from a file "0x010601". */
static void put_number(struct collector *c, struct out *o, int dir, const char *name,
                       struct span *value)
{
    struct span text = {0};
    (void)root_read(dir, name, LINK_MAX, c->arena, &text);
    text = span_trim(text);
    if (span_starts(text, "0x"))
        text = span_skip(text, 2);
    if (text.len == 0)
        return;
    out_printf(o, " %s=", name);
    lines_value(o, text);
    *value = text;
}

/* " group=5": the last part of what a link points to. False where there is no such link. */
static bool put_link(struct out *o, int dir, const char *link, const char *key)
{
    char target[LINK_MAX];
    ssize_t n = readlinkat(dir, link, target, sizeof target - 1);
    if (n <= 0 || n == sizeof target - 1) /* which may be cut */
        return false;
    target[n] = '\0';
    const char *slash = strrchr(target, '/');
    out_printf(o, " %s=", key);
    lines_value(o, span_of(slash != NULL ? slash + 1 : target));
    return true;
}

/* All bits are set where the function does not answer. */
static void put_master(struct out *o, const uint8_t command[COMMAND_LEN])
{
    static const uint8_t silence[COMMAND_LEN] = {0xff, 0xff, 0xff, 0xff};
    if (memcmp(command, silence, sizeof silence) != 0)
        out_printf(o, " master=%d", (command[0] & COMMAND_BUS_MASTER) != 0);
}

static void put_bridge(struct out *o, int dir)
{
    scoped_fd fd = root_open(dir, "config", 0);
    uint8_t config[CONFIG_LEN];
    if (fd < 0 || fd_read_at(fd, 0, config, sizeof config) != ST_OK)
        return;
    out_printf(o, " header=%02x primary=%02x secondary=%02x subordinate=%02x",
               config[CONFIG_HEADER_TYPE], config[CONFIG_PRIMARY_BUS], config[CONFIG_SECONDARY_BUS],
               config[CONFIG_SUBORDINATE_BUS]);
    put_master(o, config + CONFIG_COMMAND);
}

static void put_peripheral(struct out *o, int dir)
{
    scoped_fd fd = root_open(dir, "config", 0);
    uint8_t command[COMMAND_LEN];
    if (fd >= 0 && fd_read_at(fd, CONFIG_COMMAND, command, sizeof command) == ST_OK)
        put_master(o, command);
}

static void put_config(struct out *o, int dir, struct span class)
{
    static const struct {
        const char *class;
        void (*put)(struct out *o, int dir);
    } parts[] = {
        {"0604", put_bridge}, /* PCI-to-PCI */
        {"0607", put_bridge}, /* CardBus */
        {"0609", put_bridge}, /* semi-transparent PCI-to-PCI */
        {"0880", put_peripheral},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (span_starts(class, parts[i].class))
            parts[i].put(o, dir);
    }
}

/*
 * Linux shows this file for PCI Express functions only (drivers/pci/pci-sysfs.c,
 * pcie_dev_attrs_are_visible()). Without a class nothing shows that the folder is a function's.
 */
static void put_express(struct out *o, int dir, struct span class)
{
    enum status st = root_exists(dir, "max_link_speed");
    if (st == ST_OK)
        out_str(o, " express=1");
    else if (st == ST_ABSENT && class.len > 0)
        out_str(o, " express=0");
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
    if (!lines_address_above(c, PCI_DEVICES, name, prefix, &owner))
        return;
    out_str(o, " owner=");
    lines_value(o, owner);
}

/* Linux Documentation/ABI/testing/sysfs-devices-removable, since 5.14. */
static void put_external(struct collector *c, struct out *o, int dir)
{
    struct span text = {0};
    (void)root_read(dir, "removable", LINK_MAX, c->arena, &text);
    if (span_is(span_trim(text), "removable"))
        out_str(o, " external=1");
}

static bool read_id(struct span text, uint16_t *out)
{
    uint64_t number;
    if (!span_take_hex(&text, &number) || text.len > 0 || number > UINT16_MAX)
        return false;
    *out = (uint16_t)number;
    return true;
}

static void put_function(struct collector *c, struct out *o, const char *name, struct function *f)
{
    scoped_fd dir =
        root_open(c->root, arena_printf(c->arena, PCI_DEVICES "/%s", name), O_DIRECTORY | O_PATH);
    if (dir < 0)
        return;
    struct span class = {0}, vendor = {0}, device = {0};
    lines_value(o, span_of(name));
    put_number(c, o, dir, "class", &class);
    put_number(c, o, dir, "vendor", &vendor);
    put_number(c, o, dir, "device", &device);
    f->has_id = read_id(vendor, &f->id.vendor) && read_id(device, &f->id.device);
    put_config(o, dir, class);
    put_express(o, dir, class);
    f->has_group = put_link(o, dir, "iommu_group", "group");
    (void)put_link(o, dir, "physfn", "physfn");
    put_owner(c, o, name);
    put_external(c, o, dir);
    f->end = o->len;
    out_char(o, '\n');
}

/* Names ------------------------------------------------------------------------------------ */

/*
 * Loading the list takes longer than everything else here, so only functions that a report will
 * list are named: those outside any group on a machine that has groups.
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

static const struct pci_name *look_up(const struct collector *c, const struct function *all,
                                      size_t n)
{
    struct pci_id *ids = arena_new(c->arena, struct pci_id, n);
    size_t wanted = 0;
    for (size_t i = 0; i < n; i++) {
        if (needs_name(&all[i]))
            ids[wanted++] = all[i].id;
    }
    return pci_names(NULL, ids, wanted, c->arena);
}

/* Copies the lines of `text`, and ends those of functions that need it with their names. */
static void put_names(const struct collector *c, struct out *o, const char *text,
                      const struct function *all, size_t n)
{
    const struct pci_name *name = look_up(c, all, n);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        out_bytes(o, text + at, all[i].end - at);
        at = all[i].end;
        if (!needs_name(&all[i]))
            continue;
        if (name->text[0] != '\0') {
            out_str(o, " name=");
            lines_value(o, span_of(name->text));
        }
        name++;
    }
    out_char(o, '\n');
}

static void fetch(struct collector *c)
{
    struct out plain, named;
    out_init(&plain, c->arena);
    out_init(&named, c->arena);
    const char *const *names;
    size_t n = 0, used = 0;
    enum status st = root_list(c->root, PCI_DEVICES, FUNCTIONS_MAX, c->arena, &names, &n);
    struct function *all = arena_new(c->arena, struct function, n);
    for (size_t i = 0; i < n; i++) {
        put_function(c, &plain, names[i], &all[used]);
        used += all[used].end > 0; /* else it is gone */
    }
    bool is_named = needs_names(all, used);
    if (is_named)
        put_names(c, &named, plain.buf, all, used);
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/bus") ? ST_ABSENT : ST_NOT_COLLECTED;
    collect_add(c, "pci", "/" PCI_DEVICES, st, out_span(is_named ? &named : &plain));
}

const struct source source_pci = {
    .prefix = "pci",
    .summary = "PCI functions, the bridges above them and their IOMMU groups",
    .needs = "nothing",
    .fetch = fetch,
};
