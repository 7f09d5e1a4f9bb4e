/* SPDX-License-Identifier: MIT */
/*
 * Abilities given to a virtual machine: nested virtualization, or Hyper-V's virtual secure mode
 * (Hyper-V TLFS 2.4, AccessVsm; Linux mshyperv.c prints it as "privilege flags").
 */
#include "parse/keyval.h"
#include "parse/klog/klog.h"
#include "probe/viewpoint/viewpoint.h"
#include "probe/windows.h"

#define LEAVES "cpuid-hypervisor"
#define LOG    "efi/kernel-log"

static const char *const wants[] = {LEAVES, LOG, "dmi", NULL};

static const enum fact_id gives[] = {FACT_VM_VSM, FACT_VM_NESTED, FACT_VM_GENERATION_2, FACT_NONE};

enum { HV_3_EBX_ACCESS_VSM = 1u << 16 }; /* partition privilege mask, bit 48 */

static struct cpu_answer find_vsm(const struct probe_run *p)
{
    const struct cpu_evidence *e = p->cpu;
    const struct view *v = p->view;
    if (v->hv != HV_HYPER_V && v->hv != HV_NOT_TOLD)
        return cpu_answer_is(false, v->from);
    if (e->hypervisor_st == ST_OK && (e->hypervisor.known & 1u << CPUID_HV_3) != 0) {
        uint32_t privileges = e->hypervisor.leaf[CPUID_HV_3][CPUID_EBX];
        return cpu_answer_is((privileges & HV_3_EBX_ACCESS_VSM) != 0, origin_of(LEAVES));
    }
    if (p->log->has_hyperv_privileges)
        return cpu_answer_is((p->log->hyperv_privileges_high & HV_3_EBX_ACCESS_VSM) != 0,
                             origin_of(LOG));
    /* A hypervisor without this leaf is not Hyper-V. */
    if (e->hypervisor_st == ST_OK && v->hv == HV_NOT_TOLD)
        return cpu_answer_is(false, origin_of(LEAVES));
    enum status why = e->hypervisor_st;
    return cpu_answer_unknown(why == ST_OK || why == ST_ABSENT ? ST_NOT_COLLECTED : why,
                              origin_of(LEAVES));
}

static struct cpu_answer answer_of(const struct probe_run *p, enum fact_id id)
{
    const struct fact *f = &p->facts->all[id];
    enum status why = f->st == ST_ABSENT ? ST_NOT_COLLECTED : f->st;
    return f->st == ST_OK ? cpu_answer_is(f->v.b, f->from) : cpu_answer_unknown(why, f->from);
}

/* All of them: the first false one decides, then the first unknown one. */
static struct cpu_answer all_of(const struct cpu_answer *a, size_t n)
{
    struct cpu_answer worst = a[0];
    for (size_t i = 1; i < n; i++) {
        if (cpu_answer_yes(worst) || (worst.st != ST_OK && cpu_answer_no(a[i])))
            worst = a[i];
    }
    return worst;
}

/* Visible to the VM, not locked off, with a second level of translation. */
static struct cpu_answer find_nesting(const struct probe_run *p)
{
    const struct cpu_answer parts[] = {
        answer_of(p, FACT_CPU_VIRT_CAPABLE),
        answer_of(p, FACT_CPU_VIRT_ENABLED),
        answer_of(p, FACT_CPU_SLAT),
    };
    return all_of(parts, sizeof parts / sizeof parts[0]);
}

/* Virtual secure mode requires a VM booted through UEFI: Hyper-V calls that generation 2. */
static struct cpu_answer find_secure_mode(const struct probe_run *p, struct cpu_answer vsm)
{
    const struct cpu_answer parts[] = {vsm, answer_of(p, FACT_UEFI_BOOT)};
    return all_of(parts, sizeof parts / sizeof parts[0]);
}

static void give_nested(const struct probe_run *p, struct cpu_answer vsm)
{
    struct cpu_answer nesting = find_nesting(p), secure = find_secure_mode(p, vsm);
    struct cpu_answer offered = nesting;
    if (cpu_answer_yes(p->view->runs))
        offered = p->view->runs;
    else if (cpu_answer_yes(secure) || (cpu_answer_no(nesting) && secure.st != ST_OK))
        offered = secure;
    if (!cpu_answer_yes(offered) && windows_runs(p))
        offered = cpu_answer_is(true, origin_of("windows"));
    cpu_answer_give(p, FACT_VM_NESTED, offered);
    if (cpu_answer_yes(offered) && fact_is_false(p->facts, FACT_UEFI_BOOT))
        notes_add(p->notes, offered.from.blob,
                  "a VM without UEFI (generation 1) can run VBS through nested virtualization; "
                  "memory integrity and the UEFI lock need generation 2");
}

/* If the boot mode is unknown, the firmware decides: each generation has its own. */
static struct cpu_answer find_generation_2(const struct probe_run *p, struct cpu_answer uefi)
{
    struct blob b = snap_get(p->snap, "dmi");
    struct dmi d = b.st == ST_OK ? dmi_parse(b.data) : (struct dmi){0};
    if (p->view->hv != HV_HYPER_V)
        return cpu_answer_is(false, p->view->from);
    if (uefi.st != ST_OK && span_starts(d.firmware_version, "Hyper-V UEFI Release"))
        return cpu_answer_is(true, origin_of("dmi"));
    if (uefi.st != ST_OK && span_starts(d.firmware_version, "0900")) /* AMI's, "090008" */
        return cpu_answer_is(false, origin_of("dmi"));
    return uefi;
}

static void run(const struct probe_run *p)
{
    if (p->view->is != VIEW_GUEST && p->view->is != VIEW_UNKNOWN) {
        facts_all_unknown(p->facts, gives, ST_ABSENT, p->view->from);
        return;
    }
    struct cpu_answer vsm = find_vsm(p), uefi = answer_of(p, FACT_UEFI_BOOT);
    cpu_answer_give(p, FACT_VM_VSM, vsm);
    cpu_answer_give(p, FACT_VM_GENERATION_2, find_generation_2(p, uefi));
    give_nested(p, vsm);
}

const struct probe probe_vm = {
    .name = "vm",
    .summary = "nested virtualization and virtual secure mode in a virtual machine",
    .wants = wants,
    .gives = gives,
    .run = run,
};
