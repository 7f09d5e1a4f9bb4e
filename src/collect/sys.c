/* SPDX-License-Identifier: MIT */
/* What drivers show below /sys: KVM, Xen, IOMMUs, Thunderbolt. */
#include <stdlib.h>
#include <string.h>

#include "collect/lines.h"
#include "vbscheck/count.h"

enum { TYPES_MAX = 8 };

/* KVM -------------------------------------------------------------------------------------- */

static const struct {
    const char *path;
    const char *line;
} kvm_paths[] = {
    {"sys/class/misc/kvm", "kvm\n"},
    {"sys/module/kvm_intel", "kvm_intel\n"},
    {"sys/module/kvm_amd", "kvm_amd\n"},
};

static const struct {
    const char *path;
    const char *label;
} kvm_parameters[] = {
    {"sys/module/kvm_intel/parameters/ept", "kvm_intel ept "},
    {"sys/module/kvm_amd/parameters/npt", "kvm_amd npt "},
};

static void fetch_kvm(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    for (size_t i = 0; i < COUNT(kvm_paths); i++) {
        if (lines_exists(c, kvm_paths[i].path))
            out_str(&o, kvm_paths[i].line);
    }
    for (size_t i = 0; i < COUNT(kvm_parameters); i++)
        (void)lines_file(c, &o, kvm_parameters[i].label, kvm_parameters[i].path);
    if (o.len > 0 || lines_exists(c, "sys/class"))
        lines_add(c, "sys/kvm", "/sys/class/misc/kvm, /sys/module", &o);
    else
        lines_none(c, "sys/kvm", "/sys/class", ST_NOT_COLLECTED);
}

/* Xen -------------------------------------------------------------------------------------- */

/* Linux Documentation/ABI/stable/sysfs-hypervisor-xen; /proc/xen is xenfs, mounted in dom0. */
static const struct {
    const char *path;
    const char *label;
} xen_files[] = {
    {"sys/hypervisor/type", "type: "},
    {"proc/xen/capabilities", "privileges: "},
    {"sys/hypervisor/properties/features", "features: "},
    {"sys/hypervisor/properties/capabilities", "capabilities: "},
};

static void fetch_xen(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    for (size_t i = 0; i < COUNT(xen_files); i++)
        (void)lines_file(c, &o, xen_files[i].label, xen_files[i].path);
    if (o.len > 0)
        lines_add(c, "sys/xen", "/sys/hypervisor, /proc/xen", &o);
    else
        lines_none(c, "sys/xen", "/sys/hypervisor",
                   lines_exists(c, "sys/class") ? collect_lacks(c) : ST_NOT_COLLECTED);
}

/* IOMMUs ----------------------------------------------------------------------------------- */

static const char *const unit_files[] = {
    "intel-iommu/address", "intel-iommu/cap", "intel-iommu/ecap",
    "intel-iommu/version", "amd-iommu/cap",   "amd-iommu/features",
};

/* "unit dmar0 ecap f00f5a". A unit without attributes (SMMUs have none) is "unit NAME". */
static void put_unit(const struct collector *c, struct out *o, const char *unit)
{
    size_t before = o->len;
    if (unit[strcspn(unit, " \t\n")] != '\0')
        return; /* not a driver's name, and it would change the meaning of the line */
    for (size_t i = 0; i < COUNT(unit_files); i++) {
        const char *key = strchr(unit_files[i], '/') + 1;
        (void)lines_file(c, o, arena_printf(c->arena, "unit %s %s ", unit, key),
                         arena_printf(c->arena, "sys/class/iommu/%s/%s", unit, unit_files[i]));
    }
    if (o->len == before)
        out_printf(o, "unit %s\n", unit);
}

#define GROUPS "sys/kernel/iommu_groups"

struct type {
    const char *word;
    size_t groups;
};

struct types {
    struct type row[TYPES_MAX];
    size_t n;
};

/* Types beyond the last row are not counted. */
static void count_type(struct types *t, const char *word)
{
    size_t i = 0;
    while (i < t->n && strcmp(t->row[i].word, word) != 0)
        i++;
    if (i == TYPES_MAX)
        return;
    if (i == t->n)
        t->row[t->n++] = (struct type){.word = word};
    t->row[i].groups++;
}

static int by_word(const void *a, const void *b)
{
    return strcmp(((const struct type *)a)->word, ((const struct type *)b)->word);
}

/* "" if it cannot be read; older kernels have no such file. */
static const char *read_type(const struct collector *c, const char *group)
{
    struct span text, line, word;
    const char *path = arena_printf(c->arena, GROUPS "/%s/type", group);
    if (ask_file(c->asker, path, &text) != ST_OK || !span_next_line(&text, &line) ||
        !span_next_word(&line, &word))
        return "";
    return arena_text(c->arena, word);
}

/* "type DMA-FQ 8": Linux Documentation/ABI/testing/sysfs-kernel-iommu_groups. */
static void put_types(const struct collector *c, struct out *o, const char *const *groups, size_t n)
{
    struct types t = {0};
    for (size_t i = 0; i < n; i++) {
        const char *word = read_type(c, groups[i]);
        if (word[0] != '\0')
            count_type(&t, word);
    }
    qsort(t.row, t.n, sizeof t.row[0], by_word);
    for (size_t i = 0; i < t.n; i++) {
        out_str(o, "type ");
        lines_value(o, span_of(t.row[i].word));
        out_printf(o, " %zu\n", t.row[i].groups);
    }
}

static void put_groups(const struct collector *c, struct out *o)
{
    const char *const *names;
    size_t n = 0;
    if (ask_list(c->asker, GROUPS, &names, &n) != ST_OK)
        return;
    out_printf(o, "groups %zu\n", n);
    put_types(c, o, names, n);
}

static void fetch_iommu(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    const char *const *names;
    size_t n = 0;
    enum status st = ask_list(c->asker, "sys/class/iommu", &names, &n);
    for (size_t i = 0; i < n; i++)
        put_unit(c, &o, names[i]);
    if (st == ST_ABSENT) /* a kernel built without IOMMU support, or no tree of /sys */
        st = lines_exists(c, "sys/class") ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    put_groups(c, &o);
    collect_add(c, "sys/iommu", "/sys/class/iommu", st, out_span(&o));
}

/* Thunderbolt ------------------------------------------------------------------------------ */

#define THUNDERBOLT "sys/bus/thunderbolt/devices"

static bool is_domain(const char *name)
{
    uint64_t number;
    struct span s = span_of(name);
    return span_starts(s, "domain") && span_number(span_skip(s, strlen("domain")), &number);
}

/* Its controller is the PCI function that is above the domain in its path. */
static void put_domain(const struct collector *c, struct out *o, const char *domain)
{
    struct span controller;
    (void)lines_file(c, o, arena_printf(c->arena, "%s iommu_dma_protection ", domain),
                     arena_printf(c->arena, THUNDERBOLT "/%s/iommu_dma_protection", domain));
    if (!lines_address_above(c, THUNDERBOLT, domain, domain, &controller))
        return;
    out_printf(o, "%s controller ", domain);
    lines_value(o, controller);
    out_char(o, '\n');
}

static void fetch_thunderbolt(struct collector *c)
{
    struct out o;
    out_init(&o, c->arena);
    const char *const *names;
    size_t n = 0;
    enum status st = ask_list(c->asker, THUNDERBOLT, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (is_domain(names[i]))
            put_domain(c, &o, names[i]);
    }
    if (st == ST_ABSENT)
        st = lines_exists(c, "sys/bus") ? ST_NO_DRIVER : ST_NOT_COLLECTED;
    collect_add(c, "sys/thunderbolt", "/" THUNDERBOLT, st, out_span(&o));
}

static void fetch(struct collector *c)
{
    static const struct {
        const char *name;
        void (*fetch)(struct collector *c);
    } parts[] = {
        {"sys/kvm", fetch_kvm},
        {"sys/xen", fetch_xen},
        {"sys/iommu", fetch_iommu},
        {"sys/thunderbolt", fetch_thunderbolt},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (collect_wants(parts[i].name))
            parts[i].fetch(c);
    }
}

const struct source source_sys = {
    .prefix = "sys/",
    .summary = "KVM, Xen, IOMMUs and Thunderbolt as their drivers show them",
    .needs = "nothing",
    .fetch = fetch,
};
