/* SPDX-License-Identifier: MIT */
/*
 * VT-x, EPT and MBEC on Intel and Zhaoxin processors: Intel SDM volume 3, chapters 24 to 28 and
 * appendix A. Linux' handling: arch/x86/kernel/cpu/feat_ctl.c.
 */
#include "probe/cpu/cpu.h"
#include "probe/viewpoint/viewpoint.h"

enum feature_control {
    FC_LOCK = 1 << 0,
    FC_VMX_INSIDE_SMX = 1 << 1,
    FC_VMX_OUTSIDE_SMX = 1 << 2,
    FC_SENTER = 0xff << 8,
};

/* Allowed-1 settings are in the high half of a control register: SDM volume 3, appendix A.3. */
#define ALLOWED(n)               (UINT64_C(1) << (32 + (n)))
#define PROCBASED_SECONDARY      ALLOWED(31)
#define PROCBASED2_EPT           ALLOWED(1)
#define PROCBASED2_APICV         (ALLOWED(8) | ALLOWED(9))
#define PROCBASED2_MBEC          ALLOWED(22)
#define EPT_VPID_CAP_WALK_LENGTH (UINT64_C(1) << 6)
#define EPT_VPID_CAP_WRITE_BACK  (UINT64_C(1) << 14)

/*
 * Before 5.6 Linux never cleared the flag, so a processor without "vmx" has no VT-x. Distributions
 * that backport later changes into an old kernel keep its old version number.
 */
static bool lacks_vmx(const struct probe_run *p, const struct cpu_evidence *e)
{
    bool versioned;
    bool new = cpu_kernel_at_least(e, 5, 6, &versioned);
    bool backports = span_find(e->release, ".el", NULL);
    return versioned && !new && !backports && p->view->is == VIEW_METAL &&
           e->vendor == CPU_INTEL_LIKE &&cpu_answer_no(cpu_has_flag(e, CPUINFO_VMX));
}

static struct cpu_answer judge_capable(const struct probe_run *p, const struct cpu_evidence *e)
{
    if (cpu_answer_yes(cpu_has_bit(e, CPUID_EXT_1, CPUID_ECX, CPUID_EXT_1_ECX_SVM))) {
        notes_add(p->notes, "cpuid",
                  "a processor that reports Intel as its vendor has AMD's SVM "
                  "bit");
        return cpu_answer_unknown(ST_CONFLICT, origin_of("cpuid"));
    }
    struct cpu_answer raw = cpu_has_bit(e, CPUID_1, CPUID_ECX, CPUID_1_ECX_VMX);
    if (raw.st == ST_OK)
        return raw;
    /* Linux clears the flag if firmware disabled VT-x, so only its presence proves anything. */
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_VMX);
    if (cpu_answer_yes(flag))
        return flag;
    if (e->log.vmx_disabled)
        return cpu_answer_is(true, origin_of("efi/kernel-log"));
    return lacks_vmx(p, e) ? cpu_answer_is(false, flag.from) : raw;
}

/* The feature-control register of the worst CPU: the first not locked with VMX on. */
static uint64_t worst_feature_control(const struct cpu_evidence *e, size_t *offset)
{
    const uint64_t good = FC_LOCK | FC_VMX_OUTSIDE_SMX;
    uint64_t v = e->msrs.reg[MSR_FEATURE_CONTROL].first;
    *offset = e->msrs.reg[MSR_FEATURE_CONTROL].offset;
    (void)msr_find_unlike(e->msr_text, MSR_FEATURE_CONTROL, good, good, &v, offset);
    return v;
}

/*
 * The register was locked without VMX: by firmware, if the kernel would have enabled VMX itself. A
 * kernel without KVM_INTEL locks VMX off if firmware left the register open.
 */
static struct cpu_answer judge_locked_off(const struct probe_run *p, const struct cpu_evidence *e,
                                          struct origin from)
{
    if (p->view->is == VIEW_UNKNOWN && p->view->st != ST_NOT_COLLECTED) /* Xen may have done it */
        return cpu_answer_unknown(p->view->st, p->view->from);
    if (cpu_answer_yes(e->has_kvm_intel))
        return cpu_answer_is(false, from);
    if (cpu_answer_no(e->has_kvm_intel)) {
        notes_add(p->notes, "kernel",
                  "this kernel is built without KVM_INTEL and itself locks VT-x off if firmware "
                  "left it unlocked; look again with a kernel that has KVM");
        return cpu_answer_unknown(ST_NO_DRIVER, origin_of("kernel"));
    }
    notes_add(p->notes, "kernel",
              "VT-x is locked off, by firmware or by a kernel built without KVM_INTEL: the "
              "kernel's log or configuration would show which, but neither is in the evidence");
    return cpu_answer_unknown(e->has_kvm_intel.st, e->has_kvm_intel.from);
}

/* Values known to cause problems, or to come from Linux, if VT-x is on. */
static void note_oddities(const struct probe_run *p, uint64_t v)
{
    if ((v & FC_SENTER) != 0 && (v & FC_VMX_INSIDE_SMX) == 0)
        notes_add(p->notes, "msr",
                  "TXT is enabled and VMX inside SMX is not: Windows' hypervisor has refused to "
                  "start on such machines; if it does so here, switch TXT off in setup");
    struct blob dmi = snap_get(p->snap, "dmi");
    bool coreboot = span_find(dmi.data, "coreboot", NULL);
    if (v == (FC_LOCK | FC_VMX_OUTSIDE_SMX) && (coreboot || p->view->is == VIEW_GUEST))
        notes_add(p->notes, "msr",
                  "IA32_FEATURE_CONTROL is exactly 5: Linux may have locked it after the firmware "
                  "left it unlocked");
}

static struct cpu_answer judge_register(const struct probe_run *p, const struct cpu_evidence *e)
{
    size_t offset;
    uint64_t v = worst_feature_control(e, &offset);
    struct origin from = origin_at("msr", offset);
    bool versioned;
    bool new = cpu_kernel_at_least(e, 5, 6, &versioned);
    if ((v & FC_LOCK) == 0 && versioned && !new) {
        /* Older kernels lock it only when KVM is loaded; Windows can turn VT-x on itself. */
        notes_add(p->notes, "msr",
                  "IA32_FEATURE_CONTROL is not locked, as firmware left it: software may turn VT-x "
                  "on");
        return cpu_answer_is(true, from);
    }
    if ((v & FC_LOCK) == 0) {
        /* Linux locks the register at boot, so an open one is not the one that Linux saw. */
        bool contradicted = cpu_answer_yes(cpu_has_flag(e, CPUINFO_VMX));
        notes_add(p->notes, "msr", "IA32_FEATURE_CONTROL is not locked, but Linux always locks it");
        return cpu_answer_unknown(contradicted ? ST_CONFLICT : ST_UNPROVABLE, from);
    }
    if ((v & FC_VMX_OUTSIDE_SMX) != 0) {
        note_oddities(p, v);
        return cpu_answer_is(true, from);
    }
    if ((v & FC_VMX_INSIDE_SMX) != 0) {
        notes_add(p->notes, "msr", "VT-x is enabled for a measured (TXT) launch only");
        return cpu_answer_is(false, from);
    }
    return judge_locked_off(p, e, from);
}

/* Without the register: the kernel's flags and log decide. */
static struct cpu_answer judge_flags(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_VMX);
    bool reflects =
        cpu_kernel_at_least(e, 5, 6, NULL) || (e->cpuinfo_st == ST_OK && e->cpuinfo.has_vmx_line);
    struct cpu_answer msr =
        cpu_answer_unknown(cpu_register_reason(e, MSR_FEATURE_CONTROL), origin_of("msr"));
    if (e->log.vmx_disabled || e->log.kvm_disabled)
        return cpu_answer_is(false, origin_of("efi/kernel-log"));
    if (cpu_answer_yes(flag) && reflects)
        return flag;
    if (cpu_kvm_says(e, "kvm") && cpu_kvm_says(e, "kvm_intel"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    if (cpu_answer_no(flag) && reflects && e->cpuid_st == ST_OK) {
        notes_add(p->notes, "cpuinfo",
                  "the kernel hides the processor's VT-x; the register that says why was not read");
        return judge_locked_off(p, e, flag.from);
    }
    return msr;
}

static struct cpu_answer judge_enabled(const struct probe_run *p, const struct cpu_evidence *e,
                                       struct cpu_answer capable)
{
    if (!cpu_answer_yes(capable))
        return capable;
    /* One CPU's bad register decides; good ones decide only if every CPU has one. */
    if (e->msrs.reg[MSR_FEATURE_CONTROL].known > 0) {
        struct cpu_answer reg = judge_register(p, e);
        if (!cpu_answer_yes(reg) || cpu_register_reason(e, MSR_FEATURE_CONTROL) == ST_OK)
            return reg;
    }
    return judge_flags(p, e);
}

/* Bits of a capability register that every CPU must have. */
static struct cpu_answer register_bit(const struct cpu_evidence *e, enum msr_id id, uint64_t bits)
{
    const struct msr_values *r = &e->msrs.reg[id];
    if (r->st == ST_ABSENT)
        return cpu_answer_is(false, origin_of("msr"));
    if (r->st != ST_OK)
        return cpu_answer_unknown(r->st, origin_of("msr"));
    return cpu_answer_is((r->all & bits) == bits, origin_at("msr", r->offset));
}

/* PROCBASED_CTLS2 exists only if secondary controls are allowed. */
static struct cpu_answer secondary_control(const struct cpu_evidence *e, uint64_t bit)
{
    const struct msr_values *r = &e->msrs.reg[MSR_VMX_PROCBASED];
    if (r->st == ST_OK && (r->all & PROCBASED_SECONDARY) == 0)
        return cpu_answer_is(false, origin_at("msr", r->offset));
    /* Every processor with VT-x has the first register; if it does not answer, it is hidden. */
    if (r->st == ST_ABSENT)
        return cpu_answer_unknown(ST_UNPROVABLE, origin_of("msr"));
    return register_bit(e, MSR_VMX_PROCBASED2, bit);
}

/* A control that /proc/cpuinfo lists on its "vmx flags" line. */
static struct cpu_answer vmx_line_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag)
{
    if (e->cpuinfo_st == ST_OK && e->cpuinfo.has_vmx_line)
        return cpu_told_flag(e, flag);
    /* Without the line, the register is the evidence to ask for. */
    enum status why = cpu_register_reason(e, MSR_VMX_PROCBASED2);
    return cpu_answer_unknown(why == ST_OK ? ST_NOT_COLLECTED : why, origin_of("msr"));
}

/* The two controls that were present where Windows reported "APIC virtualization". */
static struct cpu_answer apicv_flags(const struct cpu_evidence *e)
{
    struct cpu_answer registers = vmx_line_flag(e, CPUINFO_VMX_APIC);
    return cpu_answer_yes(registers) ? vmx_line_flag(e, CPUINFO_VMX_VID) : registers;
}

/* A control reported by its register and by the kernel: both must agree. */
static struct cpu_answer told_twice(struct cpu_answer msr, struct cpu_answer line)
{
    if (msr.st == ST_OK && line.st == ST_OK && msr.yes != line.yes)
        return cpu_answer_unknown(ST_CONFLICT, msr.from);
    return msr.st == ST_OK ? msr : line;
}

static struct cpu_answer judge_ept(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct cpu_answer line =
        told_twice(secondary_control(e, PROCBASED2_EPT), vmx_line_flag(e, CPUINFO_VMX_EPT));
    if (line.st == ST_OK || line.st == ST_CONFLICT)
        return line;
    struct cpu_answer flag = cpu_has_flag(e, CPUINFO_EPT);
    if (cpu_answer_yes(flag))
        return flag;
    if (cpu_kvm_says(e, "kvm_intel ept Y"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    /*
     * Linux copies both flags from the same registers: if one is listed, a missing one is absent.
     */
    bool copied = cpu_answer_yes(cpu_has_flag(e, CPUINFO_VMX)) &&
                  cpu_answer_yes(cpu_has_flag(e, CPUINFO_TPR_SHADOW));
    if (copied && cpu_answer_no(flag) && p->view->is == VIEW_METAL)
        return flag;
    return line;
}

/* Hyper-V needs EPT, four-level walks and write-back structures. */
static struct cpu_answer judge_slat(const struct probe_run *p, const struct virtualization *v)
{
    if (v->ept.st != ST_OK || !v->ept.yes)
        return cpu_slat_denied(v, v->ept);
    if (cpu_answer_no(v->walk4))
        return cpu_slat_denied(v, v->walk4);
    if (cpu_answer_no(v->write_back))
        return cpu_slat_denied(v, v->write_back);
    if (v->walk4.st != ST_OK)
        notes_add(p->notes, v->ept.from.blob,
                  "EPT is there; its page-walk length and memory type were not checked, because "
                  "the register was not read");
    return v->ept;
}

void cpu_judge_intel(const struct probe_run *p, const struct cpu_evidence *e,
                     struct virtualization *out)
{
    out->capable = judge_capable(p, e);
    out->enabled = judge_enabled(p, e, out->capable);
    if (cpu_answer_no(out->capable)) {
        out->ept = out->walk4 = out->write_back = out->mbec = out->apicv = out->capable;
    } else {
        out->ept = judge_ept(p, e);
        out->walk4 = register_bit(e, MSR_VMX_EPT_VPID_CAP, EPT_VPID_CAP_WALK_LENGTH);
        out->write_back = register_bit(e, MSR_VMX_EPT_VPID_CAP, EPT_VPID_CAP_WRITE_BACK);
        out->mbec =
            told_twice(secondary_control(e, PROCBASED2_MBEC), vmx_line_flag(e, CPUINFO_VMX_MBEC));
        out->apicv = told_twice(secondary_control(e, PROCBASED2_APICV), apicv_flags(e));
    }
    out->slat = judge_slat(p, out);

    const struct msr_values *fc = &e->msrs.reg[MSR_FEATURE_CONTROL];
    if (fc->known > 0) {
        size_t offset;
        uint64_t v = worst_feature_control(e, &offset);
        facts_text(p->facts, FACT_CPU_FEATURE_CONTROL,
                   arena_printf(p->arena, "0x%016llx", (unsigned long long)v),
                   origin_at("msr", offset));
    }
}
