/* SPDX-License-Identifier: MIT */
/*
 * EL2, and with it stage 2, on arm64. User space cannot read ID_AA64PFR0_EL1's EL2 field (Linux
 * shows it as 0), so the evidence is the kernel's log of its own start (arch/arm64/kernel/smp.c,
 * arch/arm64/kvm/arm.c).
 */
#include "probe/cpu/cpu.h"
#include "vbscheck/count.h"

static struct cpu_answer judge_el2(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct origin log = origin_of("efi/kernel-log");
    bool lacks = e->log.el == KLOG_EL1 || e->log.no_hyp_mode;
    if (lacks && (e->log.el == KLOG_EL2 || e->log.hyp_mode)) {
        notes_add(p->notes, log.blob,
                  "one line shows that Linux has EL2, another that it does not");
        return cpu_answer_unknown(ST_CONFLICT, log);
    }
    if (e->log.el == KLOG_EL2 || e->log.hyp_mode)
        return cpu_answer_is(true, log);
    if (cpu_kvm_says(e, "kvm"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    if (e->log.el == KLOG_EL_MIXED) {
        notes_add(p->notes, log.blob,
                  "the CPUs were started in different modes, which is a "
                  "firmware bug");
        return cpu_answer_unknown(ST_CONFLICT, log);
    }
    if (!lacks)
        return cpu_answer_unknown(snap_get(p->snap, log.blob).st == ST_OK
                                      ? ST_NOT_COLLECTED
                                      : snap_get(p->snap, log.blob).st,
                                  log);
    /* In a VM only the virtualization given to the guest counts. */
    if (fact_is_true(p->facts, FACT_HOST_VM))
        return cpu_answer_is(false, log);
    notes_add(p->notes, log.blob,
              "Linux was started at EL1: either there is no EL2, or firmware keeps it for itself "
              "and gives it only to Windows' loader, as Qualcomm's firmware does");
    return cpu_answer_unknown(ST_UNPROVABLE, log);
}

/* The generation of a core, by its part number. */
enum core { CORE_UNKNOWN, CORE_32, CORE_8, CORE_82 };

/*
 * Cores by MIDR_EL1 (Arm's and makers' technical reference manuals; Linux
 * arch/arm64/include/asm/cputype.h and arch/arm/include/asm/cputype.h): first cores without
 * AArch64, including the Armv8 cores Cortex-A32 and R52; then cores before Armv8.2; then Armv8.2 or
 * later.
 */
static const struct {
    unsigned implementer, part;
    enum core is;
} cores[] = {
    {0x41, 0xb02, CORE_32}, {0x41, 0xb36, CORE_32}, {0x41, 0xb56, CORE_32}, /* ARM11 */
    {0x41, 0xb76, CORE_32}, {0x41, 0xc05, CORE_32}, {0x41, 0xc07, CORE_32}, /* ARM11, A5, A7 */
    {0x41, 0xc08, CORE_32}, {0x41, 0xc09, CORE_32}, {0x41, 0xc0d, CORE_32}, /* A8, A9, A12 */
    {0x41, 0xc0e, CORE_32}, {0x41, 0xc0f, CORE_32}, {0x41, 0xd01, CORE_32}, /* A17, A15, A32 */
    {0x41, 0xd13, CORE_32}, {0x41, 0xd16, CORE_32}, {0x42, 0x00f, CORE_32}, /* R52, R52+, B15 */
    {0x51, 0x00f, CORE_32}, {0x51, 0x02d, CORE_32}, {0x51, 0x04d, CORE_32}, /* Scorpion, Krait */
    {0x51, 0x06f, CORE_32}, {0x56, 0x581, CORE_32}, {0x56, 0x584, CORE_32}, /* Krait, PJ4 */
    {0x42, 0x100, CORE_8},                                                  /* Brahma B53 */
    {0x41, 0xd02, CORE_8},  {0x41, 0xd03, CORE_8},                          /* A34, A53 */
    {0x41, 0xd04, CORE_8},  {0x41, 0xd07, CORE_8},  {0x41, 0xd08, CORE_8},  /* A35, A57, A72 */
    {0x41, 0xd09, CORE_8},                                                  /* A73 */
    {0x42, 0x516, CORE_8},  {0x43, 0x0a0, CORE_8},  {0x43, 0x0a1, CORE_8},  /* Vulcan, ThunderX */
    {0x43, 0x0a2, CORE_8},  {0x43, 0x0a3, CORE_8},  {0x43, 0x0af, CORE_8}, /* ThunderX, ThunderX2 */
    {0x4e, 0x000, CORE_8},  {0x4e, 0x003, CORE_8},  {0x50, 0x000, CORE_8}, /* Denver, X-Gene */
    {0x51, 0x200, CORE_8},  {0x51, 0x201, CORE_8},  {0x51, 0x205, CORE_8}, /* Kryo */
    {0x51, 0x211, CORE_8},  {0x51, 0x800, CORE_8},  {0x51, 0x801, CORE_8}, /* Kryo, Kryo 280 */
    {0x51, 0xc00, CORE_8},  {0x53, 0x001, CORE_8},  {0x53, 0x002, CORE_8}, /* Falkor, Exynos M1, M3
                                                                            */
    {0x41, 0xd05, CORE_82}, {0x41, 0xd06, CORE_82}, {0x41, 0xd0a, CORE_82}, /* A55, A65, A75 */
    {0x41, 0xd0b, CORE_82}, {0x41, 0xd0c, CORE_82}, {0x41, 0xd0d, CORE_82}, /* A76, N1, A77 */
    {0x41, 0xd0e, CORE_82}, {0x41, 0xd40, CORE_82}, {0x41, 0xd41, CORE_82}, /* A76AE, V1, A78 */
    {0x41, 0xd42, CORE_82}, {0x41, 0xd43, CORE_82}, {0x41, 0xd44, CORE_82}, /* A78AE, A65AE, X1 */
    {0x41, 0xd46, CORE_82}, {0x41, 0xd47, CORE_82}, {0x41, 0xd48, CORE_82}, /* A510, A710, X2 */
    {0x41, 0xd49, CORE_82}, {0x41, 0xd4a, CORE_82}, {0x41, 0xd4b, CORE_82}, /* N2, E1, A78C */
    {0x41, 0xd4c, CORE_82}, {0x41, 0xd4d, CORE_82}, {0x41, 0xd4e, CORE_82}, /* X1C, A715, X3 */
    {0x41, 0xd4f, CORE_82}, {0x41, 0xd80, CORE_82}, {0x41, 0xd81, CORE_82}, /* V2, A520, A720 */
    {0x41, 0xd82, CORE_82}, {0x41, 0xd83, CORE_82}, {0x41, 0xd84, CORE_82}, /* X4, V3AE, V3 */
    {0x41, 0xd85, CORE_82}, {0x41, 0xd87, CORE_82}, {0x41, 0xd8e, CORE_82}, /* X925, A725, N3 */
    {0x48, 0xd01, CORE_82}, {0x4e, 0x004, CORE_82}, {0x51, 0x001, CORE_82}, /* TSV110, Carmel, Oryon
                                                                             */
    {0x51, 0x802, CORE_82}, {0x51, 0x803, CORE_82}, {0x51, 0x804, CORE_82}, /* Kryo 3xx, 4xx */
    {0x51, 0x805, CORE_82}, {0x53, 0x003, CORE_82}, {0x53, 0x004, CORE_82}, /* Kryo 4xx, Exynos M4,
                                                                               M5 */
    {0x61, 0x022, CORE_82}, {0x61, 0x023, CORE_82}, {0x61, 0x024, CORE_82}, /* Apple M1 */
    {0x61, 0x025, CORE_82}, {0x61, 0x028, CORE_82}, {0x61, 0x029, CORE_82}, {0x61, 0x032, CORE_82},
    {0x61, 0x033, CORE_82}, {0x61, 0x038, CORE_82}, {0x61, 0x039, CORE_82}, /* M2 */
    {0x6d, 0xd49, CORE_82}, {0xc0, 0xac3, CORE_82}, {0xc0, 0xac4, CORE_82}, /* Cobalt, Ampere-1 */
    {0x00, 0x051, CORE_82},                                                 /* QEMU's "max" */
};

static enum core core_of(unsigned implementer, unsigned part)
{
    for (size_t i = 0; i < COUNT(cores); i++) {
        if (cores[i].implementer == implementer && cores[i].part == part)
            return cores[i].is;
    }
    return CORE_UNKNOWN;
}

/* MIDR: implementer in bits 24 to 31, part in 4 to 15. */
static enum core core_of_midr(uint32_t midr)
{
    return core_of(midr >> 24, midr >> 4 & 0xfff);
}

static struct cpu_answer judge_core(const struct cpu_evidence *e, const struct cpuinfo_core *core)
{
    struct origin from = origin_of("cpuinfo");
    enum core is = core_of(core->implementer, core->part);
    if (is != CORE_UNKNOWN)
        return cpu_answer_is(is == CORE_82, from);
    /* Atomics came with Armv8.1: a core without them is older; a core with them may be Armv8.1. */
    if (!core->atomics && e->cpuinfo.cut)
        return cpu_answer_unknown(ST_TRUNCATED, from);
    return core->atomics ? cpu_answer_unknown(ST_UNSUPPORTED, from) : cpu_answer_is(false, from);
}

/*
 * A core without AArch64 always decides. A 64-bit kernel proves AArch64 for the others; under a
 * 32-bit kernel only cores known to have AArch64 do.
 */
struct cpu_answer cpu_arm_64bit(const struct cpu_evidence *e)
{
    struct origin from = origin_of("cpuinfo"), log = origin_of("efi/kernel-log");
    bool known = e->cpuinfo_st == ST_OK && e->cpuinfo.n_cores > 0 && !e->cpuinfo.cores_cut;
    for (unsigned i = 0; e->cpuinfo_st == ST_OK && i < e->cpuinfo.n_cores; i++) {
        enum core is = core_of(e->cpuinfo.cores[i].implementer, e->cpuinfo.cores[i].part);
        if (is == CORE_32)
            return cpu_answer_is(false, from);
        known = known && is != CORE_UNKNOWN;
    }
    enum core boot = core_of_midr(e->log.has_midr ? e->log.midr : 0);
    if (e->log.armv7 && !known && (boot == CORE_UNKNOWN || boot == CORE_32))
        return cpu_answer_is(false, log);
    if (e->arm64 || known)
        return cpu_answer_is(true, e->arm64 ? e->arch_from : from);
    return e->log.armv7 ? cpu_answer_is(true, log) : cpu_answer_unknown(ST_NOT_COLLECTED, from);
}

/* Windows requires Armv8.2 on every core. */
static struct cpu_answer judge_age(const struct cpu_evidence *e)
{
    struct origin from = origin_of("cpuinfo");
    struct cpu_answer worst = cpu_answer_is(true, from);
    bool none = e->cpuinfo_st != ST_OK || e->cpuinfo.n_cores == 0;
    enum core boot = core_of_midr(e->log.has_midr ? e->log.midr : 0);
    if (none && (boot == CORE_32 || boot == CORE_8)) /* the boot core is one of them */
        return cpu_answer_is(false, origin_of("efi/kernel-log"));
    if (none)
        return cpu_answer_unknown(e->cpuinfo_st == ST_OK ? ST_NOT_COLLECTED : e->cpuinfo_st, from);
    for (unsigned i = 0; i < e->cpuinfo.n_cores; i++) {
        struct cpu_answer core = judge_core(e, &e->cpuinfo.cores[i]);
        if (cpu_answer_yes(worst) || cpu_answer_no(core))
            worst = core;
    }
    if (cpu_answer_yes(worst) && e->cpuinfo.cores_cut)
        return cpu_answer_unknown(ST_TRUNCATED, from);
    return worst;
}

void cpu_judge_arm(const struct probe_run *p, const struct cpu_evidence *e,
                   struct virtualization *out)
{
    struct cpu_answer el2 = judge_el2(p, e);
    cpu_answer_give(p, FACT_CPU_EL2, el2);
    cpu_answer_give(p, FACT_CPU_ARM_82, judge_age(e));
    /* Stage 2 translation is part of EL2. */
    out->capable = out->enabled = out->slat = el2;
    struct cpu_answer no = cpu_answer_unknown(ST_ABSENT, origin_of("cpuid"));
    out->ept = out->walk4 = out->write_back = out->mbec = out->apicv = no;
}
