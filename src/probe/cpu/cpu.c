/* SPDX-License-Identifier: MIT */
/* The processor: results from CPUID, MSRs and the kernel. */
#include "probe/cpu/cpu.h"

#include <string.h>

#include "parse/keyval.h"
#include "probe/cpu/generation/generation.h"
#include "probe/viewpoint/viewpoint.h"
#include "probe/windows.h"
#include "vbscheck/count.h"

static const char *const wants[] = {
    "cpuid",          "cpuid-hypervisor", "cpuinfo",   "msr", "kernel", "sys/kvm",
    "efi/kernel-log", "acpi/FACP",        "acpi/APIC", "dmi", NULL,
};

static const enum fact_id gives[] = {
    FACT_HOST_ARCH,
    FACT_HOST_X86,
    FACT_CPU_VENDOR,
    FACT_CPU_BRAND,
    FACT_CPU_CODENAME,
    FACT_CPU_GENERATION,
    FACT_CPU_GENERATION_LISTED,
    FACT_CPU_LOGICAL,
    FACT_CPU_64BIT,
    FACT_CPU_LONG_MODE,
    FACT_CPU_HYPERVISOR,
    FACT_CPU_VMX,
    FACT_CPU_SMX,
    FACT_CPU_SVM,
    FACT_CPU_NPT,
    FACT_CPU_GMET,
    FACT_CPU_EPT,
    FACT_CPU_EPT_WALK4,
    FACT_CPU_EPT_WB,
    FACT_CPU_MBEC,
    FACT_CPU_APICV,
    FACT_CPU_FEATURE_CONTROL,
    FACT_CPU_VM_CR,
    FACT_CPU_EL2,
    FACT_CPU_ARM_82,
    FACT_CPU_VIRT_CAPABLE,
    FACT_CPU_VIRT_ENABLED,
    FACT_CPU_SLAT,
    FACT_NONE,
};

/* CPUID bits that are facts by themselves, and the flag that replaces a missing CPUID. */
static const struct {
    enum fact_id fact;
    enum cpuid_leaf leaf;
    enum cpuid_reg reg;
    unsigned bit;
    enum cpuinfo_flag flag; /* its presence proves the bit; CPUINFO_FLAGS: no such flag */
    bool absence_proves;    /* and its absence proves that the bit is clear */
} bits[] = {
    {FACT_CPU_LONG_MODE, CPUID_EXT_1, CPUID_EDX, CPUID_EXT_1_EDX_LM, CPUINFO_LM, true},
    {FACT_CPU_HYPERVISOR, CPUID_1, CPUID_ECX, CPUID_1_ECX_HYPERVISOR, CPUINFO_HYPERVISOR, true},
    {FACT_CPU_VMX, CPUID_1, CPUID_ECX, CPUID_1_ECX_VMX, CPUINFO_VMX, false},
    {FACT_CPU_SMX, CPUID_1, CPUID_ECX, CPUID_1_ECX_SMX, CPUINFO_SMX, true},
    {FACT_CPU_SVM, CPUID_EXT_1, CPUID_ECX, CPUID_EXT_1_ECX_SVM, CPUINFO_SVM, false},
    {FACT_CPU_NPT, CPUID_EXT_A, CPUID_EDX, CPUID_EXT_A_EDX_NP, CPUINFO_NPT, false},
    {FACT_CPU_GMET, CPUID_EXT_A, CPUID_EDX, CPUID_EXT_A_EDX_GMET, CPUINFO_FLAGS, false},
};

/* What tells the vendor; cpu_evidence.c. */
static struct origin vendor_from(const struct cpu_evidence *e)
{
    return origin_of(e->cpuid_st == ST_OK     ? "cpuid"
                     : e->cpuinfo_st == ST_OK ? "cpuinfo"
                                              : "efi/kernel-log");
}

static struct cpu_answer bit_or_flag(const struct cpu_evidence *e, size_t i)
{
    struct cpu_answer raw = cpu_has_bit(e, bits[i].leaf, bits[i].reg, bits[i].bit);
    if (raw.st == ST_OK)
        return raw;
    if (bits[i].fact == FACT_CPU_GMET && e->vendor == CPU_INTEL_LIKE)
        return cpu_answer_is(false, vendor_from(e)); /* it is AMD's */
    if (bits[i].flag == CPUINFO_FLAGS)
        return raw;
    struct cpu_answer flag = cpu_has_flag(e, bits[i].flag);
    if (cpu_answer_yes(flag) || (cpu_answer_no(flag) && bits[i].absence_proves))
        return flag;
    return raw;
}

/* The PC itself, whose own hypervisor hides virtualization from this system. */
static bool is_hosted(const struct view *v)
{
    return v->is == VIEW_ROOT || v->is == VIEW_DOM0 || v->is == VIEW_WSL || cpu_answer_yes(v->runs);
}

/* Firmware's answer, if the processor itself was not asked. */
static struct cpu_answer or_smbios(const struct probe_run *p, struct cpu_answer lm)
{
    struct blob dmi = snap_get(p->snap, "dmi");
    bool silent = lm.st == ST_NOT_COLLECTED && dmi.st == ST_OK;
    if (silent && span_is(dmi_parse(dmi.data).cpu_64bit, "yes"))
        return cpu_answer_is(true, origin_of("dmi"));
    return lm;
}

static void give_bits(const struct probe_run *p, const struct cpu_evidence *e)
{
    for (size_t i = 0; i < COUNT(bits); i++)
        cpu_answer_give(p, bits[i].fact, bit_or_flag(e, i));
    struct cpu_answer lm = bit_or_flag(e, 0);
    if (p->view->is == VIEW_WSL && lm.st != ST_OK) /* WSL exists only on 64-bit Windows */
        lm = cpu_answer_is(true, p->view->from);
    bool arm = e->arm64 || e->log.armv7 || (e->cpuinfo_st == ST_OK && e->cpuinfo.arm32);
    cpu_answer_give(p, FACT_CPU_64BIT, arm ? cpu_arm_64bit(e) : or_smbios(p, lm));
}

static void give_names(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct origin from = origin_of("cpuid");
    if (e->cpuid_st == ST_OK) {
        const struct cpuid_cpu *c = &e->cpuid.cpus[0];
        char vendor[13], brand[49];
        cpuid_vendor(c, vendor);
        cpuid_brand(c, brand);
        facts_text(p->facts, FACT_CPU_VENDOR, arena_text(p->arena, span_of(vendor)), from);
        facts_text(p->facts, FACT_CPU_BRAND, arena_text(p->arena, span_of(brand)), from);
        facts_uint(p->facts, FACT_CPU_LOGICAL, e->cpuid.n, from);
        const char *codename = cpu_codename(c, p->libs->cpuid, p->arena);
        if (codename != NULL)
            facts_text(p->facts, FACT_CPU_CODENAME, codename, from);
        else
            facts_unknown(p->facts, FACT_CPU_CODENAME, ST_UNSUPPORTED, from);
        return;
    }
    facts_unknown(p->facts, FACT_CPU_CODENAME, e->cpuid_st, from);
    from = origin_of("cpuinfo");
    if (e->cpuinfo_st == ST_OK && e->cpuinfo.vendor.len > 0) {
        facts_text(p->facts, FACT_CPU_VENDOR, arena_text(p->arena, e->cpuinfo.vendor), from);
        facts_text(p->facts, FACT_CPU_BRAND, arena_text(p->arena, e->cpuinfo.model_name), from);
    }
    const struct windows *w = p->facts->windows;
    if (w != NULL && w->processor.len > 0 && !fact_known(p->facts, FACT_CPU_BRAND))
        facts_text(p->facts, FACT_CPU_BRAND, arena_text(p->arena, w->processor),
                   origin_of("windows"));
    if (e->cpuinfo_st == ST_OK)
        facts_uint(p->facts, FACT_CPU_LOGICAL, e->cpuinfo.processors, from);
}

/* No processor data, but the MADT lists Arm interrupt controllers. */
static bool is_arm_by_tables(const struct probe_run *p)
{
    return fact_known(p->facts, FACT_HOST_X86) && !fact_is_true(p->facts, FACT_HOST_X86);
}

static void judge_processor(const struct probe_run *p, const struct cpu_evidence *e,
                            struct virtualization *v)
{
    bool svm = fact_is_true(p->facts, FACT_CPU_SVM);
    if (is_hosted(p->view))
        cpu_judge_hosted(p, e, v);
    else if (e->arm64 || is_arm_by_tables(p))
        cpu_judge_arm(p, e, v);
    else if (e->vendor == CPU_AMD_LIKE || (e->vendor == CPU_UNKNOWN_VENDOR && svm))
        cpu_judge_amd(p, e, v);
    else
        cpu_judge_intel(p, e, v);
}

static void take(struct cpu_answer *to)
{
    if (to->st != ST_OK)
        *to = cpu_answer_is(true, origin_of("windows"));
}

/* In a VM, Windows' report is about the VM: vm.nested judges that. */
static void take_windows_word(const struct probe_run *p, struct virtualization *v)
{
    if (!windows_runs(p))
        return;
    if (!fact_known(p->facts, FACT_CPU_64BIT))
        facts_bool(p->facts, FACT_CPU_64BIT, true, origin_of("windows"));
    if (p->view->is == VIEW_GUEST)
        return;
    take(&v->capable);
    take(&v->enabled);
    take(&v->slat);
}

static void run(const struct probe_run *p)
{
    const struct cpu_evidence *e = p->cpu;
    struct virtualization v;
    give_bits(p, e);
    give_names(p, e);
    cpu_give_arch(p, e);
    cpu_give_generation(p, e);
    facts_unknown(p->facts, FACT_CPU_FEATURE_CONTROL,
                  e->msrs.reg[MSR_FEATURE_CONTROL].st == ST_OK
                      ? ST_ABSENT
                      : e->msrs.reg[MSR_FEATURE_CONTROL].st,
                  origin_of("msr"));
    facts_unknown(p->facts, FACT_CPU_VM_CR,
                  e->msrs.reg[MSR_VM_CR].st == ST_OK ? ST_ABSENT : e->msrs.reg[MSR_VM_CR].st,
                  origin_of("msr"));
    facts_unknown(p->facts, FACT_CPU_EL2, ST_ABSENT, origin_of("cpuid"));
    facts_unknown(p->facts, FACT_CPU_ARM_82, ST_ABSENT, origin_of("cpuinfo"));
    judge_processor(p, e, &v);
    take_windows_word(p, &v);
    cpu_answer_give(p, FACT_CPU_VIRT_CAPABLE, v.capable);
    if (cpu_answer_no(v.capable) && strcmp(v.capable.from.blob, "cpuid") != 0)
        p->facts->situation |= SIT_CPU_TOLD;
    cpu_answer_give(p, FACT_CPU_VIRT_ENABLED, v.enabled);
    cpu_answer_give(p, FACT_CPU_SLAT, v.slat);
    cpu_answer_give(p, FACT_CPU_EPT, v.ept);
    cpu_answer_give(p, FACT_CPU_EPT_WALK4, v.walk4);
    cpu_answer_give(p, FACT_CPU_EPT_WB, v.write_back);
    cpu_answer_give(p, FACT_CPU_MBEC, v.mbec);
    cpu_answer_give(p, FACT_CPU_APICV, v.apicv);
}

const struct probe probe_cpu = {
    .name = "cpu",
    .summary = "the processor: virtualization and second-level translation",
    .wants = wants,
    .gives = gives,
    .run = run,
};
