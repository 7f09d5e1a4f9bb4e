/* SPDX-License-Identifier: MIT */
/* Makes checks of a scan's blobs and outcomes: what each source gave, and what depends on it. */
#include <string.h>

#include "cli/doctor/doctor.h"
#include "vbscheck/count.h"

enum { BLOBS = 4 };

#define TPM_MODULES "modprobe tpm_crb; modprobe tpm_tis"

/* The kernel's files that a scan reads, and a command that helps if `reason` made one fail. */
static const struct {
    const char *id, *title;
    const char *where;        /* NULL: no file */
    const char *blobs[BLOBS]; /* prefixes; then NULL */
    enum status reason;
    const char *command;
} sources_of[] = {
    {"acpi-tables", "ACPI tables", "/sys/firmware/acpi/tables", {"acpi/"}, ST_OK, NULL},
    {"kernel-log", "the kernel's log", "/dev/kmsg", {"efi/kernel-log"}, ST_OK, NULL},
    {"cpuid", "CPUID instruction", NULL, {"cpuid"}, ST_OK, NULL},
    {"cpuinfo", "processors", "/proc/cpuinfo", {"cpuinfo"}, ST_OK, NULL},
    {"msr", "registers", "/dev/cpu/*/msr", {"msr"}, ST_NO_DRIVER, "modprobe msr"},
    {"uefi", "UEFI", "/sys/firmware/efi", {"efi/platform"}, ST_OK, NULL},
    {"efivarfs",
     "EFI variables",
     "/sys/firmware/efi/efivars",
     {"efivar/", "efi/db-names"},
     ST_NO_DRIVER,
     "mount -t efivarfs efivarfs /sys/firmware/efi/efivars"},
    {"memory-attributes", "Memory Attributes Table", NULL, {"efi/memattr"}, ST_OK, NULL},
    {"runtime-map",
     "UEFI's memory map",
     "/sys/firmware/efi/runtime-map",
     {"efi/runtime-map"},
     ST_OK,
     NULL},
    {"tpm-driver", "TPM's driver", "/sys/class/tpm", {"sys/tpm"}, ST_NO_DRIVER, TPM_MODULES},
    {"tpm", "TPM's own answers", "/dev/tpmrm0", {"tpm/"}, ST_OK, NULL},
    {"iommu-units", "IOMMU units", "/sys/class/iommu", {"sys/iommu"}, ST_OK, NULL},
    {"pci", "PCI functions", "/sys/bus/pci/devices", {"pci"}, ST_OK, NULL},
    {"smbios", "SMBIOS", "/sys/class/dmi/id", {"dmi"}, ST_OK, NULL},
    {"kernel", "kernel's release and options", "/proc", {"kernel"}, ST_OK, NULL},
    {"kvm", "KVM", "/sys/class/misc/kvm", {"sys/kvm"}, ST_OK, NULL},
    {"thunderbolt",
     "Thunderbolt",
     "/sys/bus/thunderbolt",
     {"sys/thunderbolt"},
     ST_NO_DRIVER,
     "modprobe thunderbolt"},
};

const char *doctor_word_name(enum doctor_word w)
{
    static const char *const names[] = {
        [DOCTOR_OK] = "ok", [DOCTOR_LACKING] = "lacking", [DOCTOR_NONE] = "none"};
    return names[w];
}

static bool is_of(const char *const *prefixes, const char *blob)
{
    for (; prefixes != NULL && *prefixes != NULL; prefixes++) {
        if (strncmp(blob, *prefixes, strlen(*prefixes)) == 0)
            return true;
    }
    return false;
}

/* Of several blobs, one that could not be read counts more than one that is absent. */
static void weigh_blobs(const struct snapshot *s, struct doctor_check *c)
{
    c->word = DOCTOR_NONE;
    for (size_t i = 0; i < s->n; i++) {
        const struct blob *b = &s->blobs[i];
        if (!is_of(c->blobs, b->name))
            continue;
        if (b->st == ST_OK && c->word == DOCTOR_NONE) {
            c->word = DOCTOR_OK;
        } else if (b->st != ST_OK && b->st != ST_ABSENT && c->word != DOCTOR_LACKING) {
            c->word = DOCTOR_LACKING;
            c->reason = b->st;
        }
    }
}

static void add_sources(struct doctor *d, const struct snapshot *s)
{
    for (size_t i = 0; i < COUNT(sources_of); i++) {
        struct doctor_check c = {.group = GROUP_KERNEL,
                                 .id = sources_of[i].id,
                                 .title = sources_of[i].title,
                                 .detail = sources_of[i].where,
                                 .blobs = sources_of[i].blobs};
        weigh_blobs(s, &c);
        bool denied = c.word == DOCTOR_LACKING && c.reason == ST_NO_PERMISSION;
        if (denied && d->uid != 0)
            c.command = "sudo vbscheck";
        else if (c.word == DOCTOR_LACKING && c.reason == sources_of[i].reason)
            c.command = sources_of[i].command;
        doctor_add(d, c);
    }
}

/* A kernel without a TPM driver shows an empty TPM class, although firmware describes a TPM. */
static void blame_tpm_driver(struct doctor *d, const struct facts *f)
{
    static const char *const blobs[] = {"sys/tpm", "acpi/TPM2", NULL};
    for (size_t i = 0; i < d->n; i++) {
        struct doctor_check *c = &d->checks[i];
        if (strcmp(c->id, "tpm-driver") != 0 || fact_status(f, FACT_TPM_IS_2) != ST_NO_DRIVER)
            continue;
        c->word = DOCTOR_LACKING;
        c->reason = ST_NO_DRIVER;
        c->reason_too = true;
        c->blobs = blobs;
        c->command = TPM_MODULES;
    }
}

/* A kernel in lockdown refuses its memory to root with the same error as to users: EPERM. */
static void blame_lockdown(struct doctor *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct doctor_check *c = &d->checks[i];
        if (d->uid == 0 && strcmp(c->id, "kcore") == 0 && c->reason == ST_NO_PERMISSION)
            c->reason = ST_LOCKDOWN;
    }
}

static void add_lockdown(struct doctor *d, const struct facts *f)
{
    bool known = fact_known(f, FACT_HOST_LOCKDOWN);
    const char *mode = known ? f->all[FACT_HOST_LOCKDOWN].v.text : NULL;
    bool closed = known && strcmp(mode, "confidentiality") == 0;
    if (closed)
        blame_lockdown(d);
    doctor_add(d, (struct doctor_check){
                      .group = GROUP_KERNEL,
                      .id = "lockdown",
                      .title = "lockdown",
                      .word = closed  ? DOCTOR_LACKING
                              : known ? DOCTOR_OK
                                      : DOCTOR_NONE,
                      .reason = ST_LOCKDOWN,
                      .detail = known ? mode : "this kernel reports no mode",
                      .by_reason = true,
                  });
}

/* Does an outcome depend on what the check looks at? */
static bool costs(const struct doctor_check *c, const struct outcome *o, const struct facts *f)
{
    const char *blob = o->decided_by != FACT_NONE ? f->all[o->decided_by].from.blob : NULL;
    if (c->word == DOCTOR_OK || o->verdict != V_UNKNOWN)
        return false;
    if (c->by_reason)
        return c->word == DOCTOR_LACKING && o->reason == c->reason;
    if (c->reason_too && o->reason != c->reason)
        return false;
    return blob != NULL && is_of(c->blobs, blob);
}

static void add_costs(struct doctor_check *c, const struct report *r, struct arena *a)
{
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        if (!costs(c, o, &r->facts))
            continue;
        c->rules = arena_grow(a, c->rules, c->n_rules, sizeof *c->rules);
        c->rules[c->n_rules++] = o->rule->id;
        if (c->remedy == NULL)
            c->remedy = o->fix;
    }
}

void doctor_judge(struct doctor *d, const struct report *r)
{
    add_lockdown(d, &r->facts);
    add_sources(d, r->snap);
    blame_tpm_driver(d, &r->facts);
    for (size_t i = 0; i < d->n; i++)
        add_costs(&d->checks[i], r, d->arena);
}
