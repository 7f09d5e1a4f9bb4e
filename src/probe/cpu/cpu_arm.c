/* SPDX-License-Identifier: MIT */
/*
 * EL2 and with it stage 2 on arm64. User space cannot read ID_AA64PFR0_EL1's EL2 field (Linux
 * shows it as 0), so what the kernel says of its own start is the evidence
 * (arch/arm64/kernel/smp.c, arch/arm64/kvm/arm.c).
 */
#include "probe/cpu/cpu.h"
#include "vbscheck/count.h"

static struct cpu_answer judge_el2(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct origin log = origin_of("efi/kernel-log");
    bool lacks = e->log.el == KLOG_EL1 || e->log.no_hyp_mode;
    if (lacks && (e->log.el == KLOG_EL2 || e->log.hyp_mode)) {
        notes_add(p->notes, log.blob, "one line says that Linux has EL2, another that it has not");
        return cpu_answer_unknown(ST_CONFLICT, log);
    }
    if (e->log.el == KLOG_EL2 || e->log.hyp_mode)
        return cpu_answer_is(true, log);
    if (cpu_kvm_says(e, "kvm"))
        return cpu_answer_is(true, origin_of("sys/kvm"));
    if (e->log.el == KLOG_EL_MIXED) {
        notes_add(p->notes, log.blob, "the CPUs were started in inconsistent modes: firmware bug");
        return cpu_answer_unknown(ST_CONFLICT, log);
    }
    if (!lacks)
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

/*
 * Cores by MIDR_EL1 (Arm's and makers' technical reference manuals; Linux
 * arch/arm64/include/asm/cputype.h): those before Armv8.2, and those of it or later.
 */
static const struct {
    unsigned implementer, part;
    bool is_82;
} cores[] = {
    {0x41, 0xd01, false}, {0x41, 0xd02, false}, {0x41, 0xd03, false}, /* A32, A34, A53 */
    {0x41, 0xd04, false}, {0x41, 0xd07, false}, {0x41, 0xd08, false}, /* A35, A57, A72 */
    {0x41, 0xd09, false},                                             /* A73 */
    {0x42, 0x516, false}, {0x43, 0x0a0, false}, {0x43, 0x0a1, false}, /* Vulcan, ThunderX */
    {0x43, 0x0a2, false}, {0x43, 0x0a3, false}, {0x43, 0x0af, false}, /* ThunderX, ThunderX2 */
    {0x4e, 0x000, false}, {0x4e, 0x003, false}, {0x50, 0x000, false}, /* Denver, X-Gene */
    {0x51, 0x200, false}, {0x51, 0x201, false}, {0x51, 0x205, false}, /* Kryo */
    {0x51, 0x211, false}, {0x51, 0x800, false}, {0x51, 0x801, false}, /* Kryo, Kryo 280 */
    {0x51, 0xc00, false}, {0x53, 0x001, false}, {0x53, 0x002, false}, /* Falkor, Exynos M1, M3 */
    {0x41, 0xd05, true},  {0x41, 0xd06, true},  {0x41, 0xd0a, true},  /* A55, A65, A75 */
    {0x41, 0xd0b, true},  {0x41, 0xd0c, true},  {0x41, 0xd0d, true},  /* A76, N1, A77 */
    {0x41, 0xd0e, true},  {0x41, 0xd40, true},  {0x41, 0xd41, true},  /* A76AE, V1, A78 */
    {0x41, 0xd42, true},  {0x41, 0xd43, true},  {0x41, 0xd44, true},  /* A78AE, A65AE, X1 */
    {0x41, 0xd46, true},  {0x41, 0xd47, true},  {0x41, 0xd48, true},  /* A510, A710, X2 */
    {0x41, 0xd49, true},  {0x41, 0xd4a, true},  {0x41, 0xd4b, true},  /* N2, E1, A78C */
    {0x41, 0xd4c, true},  {0x41, 0xd4d, true},  {0x41, 0xd4e, true},  /* X1C, A715, X3 */
    {0x41, 0xd4f, true},  {0x41, 0xd80, true},  {0x41, 0xd81, true},  /* V2, A520, A720 */
    {0x41, 0xd82, true},  {0x41, 0xd83, true},  {0x41, 0xd84, true},  /* X4, V3AE, V3 */
    {0x41, 0xd85, true},  {0x41, 0xd87, true},  {0x41, 0xd8e, true},  /* X925, A725, N3 */
    {0x48, 0xd01, true},  {0x4e, 0x004, true},  {0x51, 0x001, true},  /* TSV110, Carmel, Oryon */
    {0x51, 0x802, true},  {0x51, 0x803, true},  {0x51, 0x804, true},  /* Kryo 3xx, 4xx */
    {0x51, 0x805, true},  {0x53, 0x003, true},  {0x53, 0x004, true},  /* Kryo 4xx, Exynos M4, M5 */
    {0x61, 0x022, true},  {0x61, 0x023, true},  {0x61, 0x024, true},  /* Apple M1 */
    {0x61, 0x025, true},  {0x61, 0x028, true},  {0x61, 0x029, true},  {0x61, 0x032, true},
    {0x61, 0x033, true},  {0x61, 0x038, true},  {0x61, 0x039, true}, /* M2 */
    {0x6d, 0xd49, true},  {0xc0, 0xac3, true},  {0xc0, 0xac4, true}, /* Cobalt, Ampere-1 */
    {0x00, 0x051, true},                                             /* QEMU's "max" */
};

static struct cpu_answer judge_core(const struct cpuinfo_core *core)
{
    struct origin from = origin_of("cpuinfo");
    for (size_t i = 0; i < COUNT(cores); i++) {
        if (cores[i].implementer == core->implementer && cores[i].part == core->part)
            return cpu_answer_is(cores[i].is_82, from);
    }
    /* Atomics came with Armv8.1: without them a core is older, with them it may be. */
    return core->atomics ? cpu_answer_unknown(ST_UNSUPPORTED, from) : cpu_answer_is(false, from);
}

/* Windows asks for Armv8.2 of every core. */
static struct cpu_answer judge_age(const struct cpu_evidence *e)
{
    struct origin from = origin_of("cpuinfo");
    struct cpu_answer worst = cpu_answer_is(true, from);
    if (e->cpuinfo_st != ST_OK || e->cpuinfo.n_cores == 0)
        return cpu_answer_unknown(e->cpuinfo_st == ST_OK ? ST_NOT_COLLECTED : e->cpuinfo_st, from);
    for (unsigned i = 0; i < e->cpuinfo.n_cores; i++) {
        struct cpu_answer core = judge_core(&e->cpuinfo.cores[i]);
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
    out->ept = out->walk4 = out->write_back = out->mbec = no;
}
