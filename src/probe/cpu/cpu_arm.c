/* SPDX-License-Identifier: MIT */
/*
 * EL2 and with it stage 2 on arm64. User space cannot read ID_AA64PFR0_EL1's EL2 field (Linux
 * shows it as 0), so what the kernel says of its own start is the evidence
 * (arch/arm64/kernel/smp.c, arch/arm64/kvm/arm.c).
 */
#include "probe/cpu/cpu.h"

static struct cpu_answer judge_el2(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct origin log = origin_of("efi/kernel-log");
    if (e->log.el == KLOG_EL2 || e->log.hyp_mode)
        return cpu_answer_is(true, log);
    if (cpu_kvm_says(e, "kvm"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    if (e->log.el == KLOG_EL_MIXED) {
        notes_add(p->notes, log.blob, "the CPUs were started in inconsistent modes: firmware bug");
        return cpu_answer_unknown(ST_CONFLICT, log);
    }
    if (e->log.el != KLOG_EL1 && !e->log.no_hyp_mode)
        return cpu_answer_unknown(snap_get(p->snap, log.blob).st == ST_OK
                                      ? ST_NOT_COLLECTED
                                      : snap_get(p->snap, log.blob).st,
                                  log);
    /* In a VM what the guest was given is all there is. */
    if (fact_is_true(p->facts, FACT_HOST_VM))
        return cpu_answer_is(false, log);
    notes_add(p->notes, log.blob,
              "Linux was started at EL1: either there is no EL2, or firmware keeps it for itself "
              "and gives it to Windows' loader only, as Qualcomm's does");
    return cpu_answer_unknown(ST_UNPROVABLE, log);
}

void cpu_judge_arm(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out)
{
    struct cpu_answer el2 = judge_el2(p, e);
    cpu_answer_give(p, FACT_CPU_EL2, el2);
    /* Stage 2 translation is part of EL2. */
    out->capable = out->enabled = out->slat = el2;
    struct cpu_answer no = cpu_answer_unknown(ST_ABSENT, origin_of("cpuid"));
    out->ept = out->walk4 = out->write_back = out->mbec = no;
}
