/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog_iommu.h"

#include "parse/klog/klog.h"
#include "vbscheck/count.h"

struct reader {
    struct arena *arena;
    struct klog_iommu log;
    size_t numbered; /* units that were set up so far: the number that the next one gets */
    uint64_t named;  /* one more than the highest number that any line names */
    bool broken;     /* a number is missing, or follows the wrong unit */
    bool was_drhd;   /* the line before named the last of `drhds`, which is set up next */
    bool followed;   /* by another message: the log does not end in the list */
};

/* The unit at `base`, added where there is none yet; NULL for no unit. */
static struct klog_drhd *drhd_at(struct reader *r, uint64_t base)
{
    struct klog_iommu *l = &r->log;
    for (size_t i = 0; i < l->n; i++) {
        if (l->drhds[i].base == base)
            return &l->drhds[i];
    }
    if (base == 0 || l->n == KLOG_IOMMUS_MAX)
        return NULL;
    l->drhds = arena_grow(r->arena, l->drhds, l->n, sizeof *l->drhds);
    l->drhds[l->n] = (struct klog_drhd){.base = base};
    return &l->drhds[l->n++];
}

/* " 0x000000fed91000 flags: 0x1" */
static void on_drhd(struct reader *r, struct span rest)
{
    uint64_t base = 0, flags = 0;
    struct span s = span_trim(rest);
    if (!span_starts(s, "0x"))
        return;
    s = span_skip(s, 2);
    if (!span_take_hex(&s, &base) || !span_find(s, "flags: 0x", &s) || !span_take_hex(&s, &flags))
        return;
    size_t before = r->log.n;
    struct klog_drhd *unit = drhd_at(r, base);
    if (unit != NULL)
        unit->takes_all |= (flags & 1) != 0;
    r->broken |= r->log.n == before; /* repeated, from another boot, or more than are kept */
    r->was_drhd = r->log.n > before;
    r->followed = false;
}

/* "[Firmware Bug]: Your BIOS is broken; DMAR reported at address fbffc000 returns all ones!" */
static void on_complaint(struct reader *r, struct span rest)
{
    uint64_t base = 0;
    struct span s;
    if (!span_find(rest, "DMAR reported at address ", &s))
        return;
    if (span_starts(s, "0x"))
        s = span_skip(s, 2);
    if (!span_take_hex(&s, &base) || !span_starts(s, " returns all ones"))
        return;
    struct klog_drhd *unit = drhd_at(r, base);
    if (unit != NULL)
        unit->dead = true;
}

/* " reg_base_addr fed91000 ver 1:0 …": the unit of the line before, as the driver numbers it. */
static void on_registers(struct reader *r, uint64_t number, struct span rest)
{
    uint64_t base = 0;
    struct span s = span_trim(span_skip(rest, span_of("reg_base_addr").len));
    const struct klog_iommu *l = &r->log;
    bool own = span_take_hex(&s, &base) && r->was_drhd && l->drhds[l->n - 1].base == base;
    r->broken |= !own || number != r->numbered;
    r->numbered++;
    r->was_drhd = false;
    r->followed = false;
}

/* "dmar0: Using Queued invalidation": a unit that the driver has set up. */
static void on_dmar(struct reader *r, struct span rest)
{
    uint64_t number = 0;
    struct span s = rest;
    if (!span_take_dec(&s, &number) || !span_starts(s, ": ") || number >= KLOG_IOMMUS_MAX)
        return;
    r->log.vtd = true;
    r->named = number >= r->named ? number + 1 : r->named;
    s = span_skip(s, 2);
    if (span_starts(s, "reg_base_addr"))
        on_registers(r, number, s);
}

/* "DMAR-IR: IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1", and HPETs. */
static void on_remapping(struct reader *r, struct span rest)
{
    struct span s;
    uint64_t number = 0;
    if (span_find(rest, " under DRHD base ", &s) && span_find(s, " IOMMU ", &s) &&
        span_take_dec(&s, &number) && number < KLOG_IOMMUS_MAX && number >= r->named)
        r->named = number + 1;
}

static void on_vtd(struct reader *r, struct span rest)
{
    (void)rest;
    r->log.vtd = true;
}

static void on_amd(struct reader *r, struct span rest)
{
    static const char *const others[] = {"Extended features", "Interrupt remapping enabled",
                                         "Using global IVHD EFR", "Virtual APIC enabled"};
    if (span_starts(rest, "Found IOMMU")) {
        r->log.amd += r->log.amd < KLOG_IOMMUS_MAX;
        return;
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        if (span_starts(rest, others[i]) && r->log.amd == 0)
            r->log.amd = 1;
    }
}

/* "arm-smmu-v3.0.auto: ias 44-bit", "arm-smmu.0.auto: SMMUv2 with:" */
static void on_smmu(struct reader *r, struct span rest)
{
    bool found = span_find(rest, ": ias ", NULL) || span_find(rest, ": SMMUv", NULL);
    r->log.smmus += found && r->log.smmus < KLOG_IOMMUS_MAX;
    r->log.smmu_without_stage |= span_find(rest, ": no translation support!", NULL);
}

static const struct {
    const char *prefix;
    void (*on)(struct reader *r, struct span rest);
} anchors[] = {
    {"DMAR: DRHD base:", on_drhd},
    {"dmar: DRHD base:", on_drhd}, /* before 4.2 */
    {"DMAR: [Firmware ", on_complaint},
    {"[Firmware ", on_complaint}, /* before 4.2 */
    {"DMAR: dmar", on_dmar},
    {"dmar: IOMMU ", on_dmar}, /* before 4.2 */
    {"IOMMU ", on_dmar},       /* before 3.1 */
    {"DMAR-IR: ", on_remapping},
    {"DMAR: Intel-IOMMU force enabled due to platform opt in", on_vtd},
    {"DMAR: Intel(R) Virtualization Technology for Directed I/O", on_vtd},
    {"AMD-Vi: ", on_amd},
    {"arm-smmu", on_smmu},
};

/* "pci 0000:00:00.2: AMD-Vi: …": the driver's words after the device's name. */
static struct span without_device(struct span m)
{
    struct span device, rest = m;
    if (!span_starts(m, "pci ") || !span_next_word(&rest, &device) ||
        !span_next_word(&rest, &device) || !span_starts(rest, " AMD-Vi: "))
        return m;
    return span_skip(rest, 1);
}

/*
 * True if every unit was set up under the next number, no line names a higher number, and the last
 * unit serves all devices that no other serves: VT-d 8.3 puts that unit after all others of its
 * segment.
 */
static bool is_whole(const struct reader *r)
{
    const struct klog_iommu *l = &r->log;
    return l->n > 0 && !r->broken && r->followed && r->numbered == l->n && r->named == l->n &&
           l->drhds[l->n - 1].takes_all;
}

void klog_iommu_read(struct span log, struct arena *a, struct klog_iommu *out)
{
    struct reader r = {.arena = a};
    struct span line;
    while (span_next_line(&log, &line)) {
        struct span m = without_device(klog_message(line));
        r.followed |= klog_matters(m);
        for (size_t i = 0; i < COUNT(anchors); i++) {
            if (m.len > 0 && m.ptr[0] == (uint8_t)anchors[i].prefix[0] &&
                span_starts(m, anchors[i].prefix))
                anchors[i].on(&r, span_skip(m, span_of(anchors[i].prefix).len));
        }
    }
    r.log.whole = is_whole(&r);
    *out = r.log;
}
