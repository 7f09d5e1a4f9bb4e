/* SPDX-License-Identifier: MIT */
/*
 * AMD-V and nested paging on AMD and Hygon processors: AMD APM volume 2, chapter 15 (15.30.1 for
 * VM_CR) and volume 3, appendix E (Fn8000_000A). Linux since 6.7 clears the "svm" flag if firmware
 * disabled SVM (arch/x86/kernel/cpu/amd.c).
 */
#include "probe/cpu/cpu.h"
#include "probe/viewpoint/viewpoint.h"
#include "vbscheck/count.h"

enum vm_cr {
    VM_CR_LOCK = 1 << 3,
    VM_CR_SVMDIS = 1 << 4,
};

static struct cpu_answer judge_capable(const struct cpu_evidence *e)
{
    struct cpu_answer raw = cpu_has_bit(e, CPUID_EXT_1, CPUID_ECX, CPUID_EXT_1_ECX_SVM);
    if (raw.st == ST_OK)
        return raw;
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_SVM);
    if (cpu_answer_yes(flag))
        return flag;
    if (e->log.svm_disabled)
        return cpu_answer_is(true, origin_of("efi/kernel-log"));
    return raw;
}

/* SVMDIS disables SVM regardless of LOCK; without the lock, software could clear it again. */
static struct cpu_answer judge_register(const struct probe_run *p, const struct cpu_evidence *e)
{
    const struct msr_values *r = &e->msrs.reg[MSR_VM_CR];
    uint64_t v = r->first;
    size_t offset = r->offset;
    (void)msr_find_unlike(e->msr_text, MSR_VM_CR, VM_CR_SVMDIS, 0, &v, &offset);
    facts_text(p->facts, FACT_CPU_VM_CR, arena_printf(p->arena, "0x%016llx", (unsigned long long)v),
               origin_at("msr", offset));
    if ((v & VM_CR_SVMDIS) != 0 && (v & VM_CR_LOCK) == 0)
        notes_add(p->notes, "msr",
                  "SVM is disabled but not locked: software could enable it; the setup switch is "
                  "the lasting way");
    return cpu_answer_is((v & VM_CR_SVMDIS) == 0, origin_at("msr", offset));
}

static struct cpu_answer judge_enabled(const struct probe_run *p, const struct cpu_evidence *e,
                                       struct cpu_answer capable)
{
    if (!cpu_answer_yes(capable))
        return capable;
    /* One CPU's bad register decides; good ones decide only if every CPU has one. */
    if (e->msrs.reg[MSR_VM_CR].known > 0) {
        struct cpu_answer reg = judge_register(p, e);
        if (cpu_answer_no(reg) || cpu_register_reason(e, MSR_VM_CR) == ST_OK)
            return reg;
    }
    bool disabled = e->log.svm_disabled || e->log.kvm_disabled;
    /* kvm_amd prints this only with SVM on: the two lines are not from one boot. */
    if (disabled && e->log.nested_paging)
        return cpu_answer_unknown(ST_CONFLICT, origin_of("efi/kernel-log"));
    if (disabled)
        return cpu_answer_is(false, origin_of("efi/kernel-log"));
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_SVM);
    if (flag.st == ST_OK && cpu_kernel_at_least(e, 6, 7, NULL))
        return flag;
    if (cpu_kvm_says(e, "kvm") && cpu_kvm_says(e, "kvm_amd"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    return cpu_answer_unknown(cpu_register_reason(e, MSR_VM_CR), origin_of("msr"));
}

/*
 * Old kernels have no flag for nested paging: its absence proves something only if another flag of
 * the same leaf is listed, or on families that came before nested paging.
 */
static bool lists_features(const struct probe_run *p, const struct cpu_evidence *e)
{
    enum { K8 = 0x0f, GRIFFIN = 0x11 };
    static const enum cpuinfo_flag others[] = {CPUINFO_LBRV, CPUINFO_SVM_LOCK, CPUINFO_NRIP_SAVE};
    if (p->view->is != VIEW_METAL || !cpu_answer_yes(cpu_has_flag(e, CPUINFO_SVM)))
        return false;
    for (size_t i = 0; i < COUNT(others); i++) {
        if (cpu_answer_yes(cpu_has_flag(e, others[i])))
            return true;
    }
    return e->cpuinfo.family == K8 || e->cpuinfo.family == GRIFFIN;
}

static struct cpu_answer judge_np(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct cpu_answer np = cpu_has_bit(e, CPUID_EXT_A, CPUID_EDX, CPUID_EXT_A_EDX_NP);
    if (np.st == ST_OK)
        return np;
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_NPT);
    if (cpu_answer_yes(flag))
        return flag;
    if (cpu_kvm_says(e, "kvm_amd npt 1") || cpu_kvm_says(e, "kvm_amd npt Y"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    return cpu_answer_no(flag) && lists_features(p, e) ? flag : np;
}

void cpu_judge_amd(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out)
{
    out->capable = judge_capable(e);
    out->enabled = judge_enabled(p, e, out->capable);
    struct cpu_answer np = judge_np(p, e);
    out->slat = cpu_answer_yes(np) && !cpu_answer_no(out->capable) ? np : cpu_slat_denied(out, np);
    /* Intel's controls do not exist here. */
    struct cpu_answer no = cpu_answer_unknown(ST_ABSENT, origin_of("cpuid"));
    out->ept = out->walk4 = out->write_back = out->mbec = no;
    /* It has not been observed which of AVIC's bits Windows requires. */
    out->apicv = cpu_answer_unknown(ST_UNSUPPORTED, origin_of("cpuid"));
}
