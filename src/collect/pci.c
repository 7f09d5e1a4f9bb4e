/* SPDX-License-Identifier: MIT */
/*
 * PCI functions, one line each. Only the configuration space of bridges is read: a hypervisor is
 * called for each word of it (0.4 ms for 64 bytes).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "collect/lines.h"
#include "collect/root.h"

#define PCI_DEVICES "sys/bus/pci/devices"

enum {
    FUNCTIONS_MAX = 65536,
    LINK_MAX = 512,
    CONFIG_LEN = 64,
    /* PCI-to-PCI Bridge Architecture Specification 1.2, section 3.2 */
    CONFIG_HEADER_TYPE = 0x0e,
    CONFIG_PRIMARY_BUS = 0x18,
    CONFIG_SECONDARY_BUS = 0x19,
    CONFIG_SUBORDINATE_BUS = 0x1a,
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

/* " group=5": the last part of what a link points to. */
static void put_link(struct out *o, int dir, const char *link, const char *key)
{
    char target[LINK_MAX];
    ssize_t n = readlinkat(dir, link, target, sizeof target - 1);
    if (n <= 0)
        return;
    target[n] = '\0';
    const char *slash = strrchr(target, '/');
    out_printf(o, " %s=", key);
    lines_value(o, span_of(slash != NULL ? slash + 1 : target));
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
}

static void put_function(struct collector *c, struct out *o, const char *name)
{
    scoped_fd dir =
        root_open(c->root, arena_printf(c->arena, PCI_DEVICES "/%s", name), O_DIRECTORY | O_PATH);
    if (dir < 0)
        return;
    struct span class = {0}, unused;
    lines_value(o, span_of(name));
    put_number(c, o, dir, "class", &class);
    put_number(c, o, dir, "vendor", &unused);
    put_number(c, o, dir, "device", &unused);
    if (span_starts(class, "0604") || span_starts(class, "0607"))
        put_bridge(o, dir);
    put_link(o, dir, "iommu_group", "group");
    put_link(o, dir, "physfn", "physfn");
    out_char(o, '\n');
}

static void fetch(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    const char *const *names;
    size_t n = 0;
    enum status st = root_list(c->root, PCI_DEVICES, FUNCTIONS_MAX, c->arena, &names, &n);
    for (size_t i = 0; i < n; i++)
        put_function(c, &o, names[i]);
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/bus") ? ST_ABSENT : ST_NOT_COLLECTED;
    collect_add(c, "pci", "/" PCI_DEVICES, st, out_span(&o));
}

const struct source source_pci = {
    .prefix = "pci",
    .summary = "PCI functions, the bridges above them and their IOMMU groups",
    .needs = "nothing",
    .fetch = fetch,
};
