/* SPDX-License-Identifier: MIT */
/* Collects the data of all sources about the processor. */
#include "probe/cpu/cpu_evidence.h"

#include <assert.h>

#include "parse/keyval.h"
#include "parse/version.h"
#include "vbscheck/count.h"

struct cpu_answer cpu_answer_is(bool yes, struct origin from)
{
    return (struct cpu_answer){.st = ST_OK, .yes = yes, .from = from};
}

struct cpu_answer cpu_answer_unknown(enum status why, struct origin from)
{
    assert(why != ST_OK);
    return (struct cpu_answer){.st = why, .from = from};
}

bool cpu_answer_yes(struct cpu_answer a)
{
    return a.st == ST_OK && a.yes;
}

bool cpu_answer_no(struct cpu_answer a)
{
    return a.st == ST_OK && !a.yes;
}

void cpu_answer_give(const struct probe_run *p, enum fact_id id, struct cpu_answer a)
{
    if (a.st == ST_OK)
        facts_bool(p->facts, id, a.yes, a.from);
    else
        facts_unknown(p->facts, id, a.st, a.from);
}

static void note_malformed(const struct probe_run *p, const char *blob, enum status st,
                           const struct fault *fault)
{
    if (st == ST_MALFORMED && fault->what != NULL) /* found by this parser, not by the source */
        notes_add(p->notes, blob, "cannot be read: %s, at byte %zu", fault->what, fault->offset);
}

static void gather_cpuid(const struct probe_run *p, struct cpu_evidence *e)
{
    struct fault fault = {0};
    struct blob b = snap_get(p->snap, "cpuid");
    e->cpuid_st = b.st;
    if (b.st == ST_OK)
        e->cpuid_st = cpuid_parse(b.data, p->arena, &e->cpuid, &fault);
    note_malformed(p, b.name, e->cpuid_st, &fault);

    b = snap_get(p->snap, "cpuid-hypervisor");
    e->hypervisor_st = b.st;
    if (b.st == ST_OK)
        e->hypervisor_st = cpuid_parse_hypervisor(b.data, &e->hypervisor, &fault);
    note_malformed(p, b.name, e->hypervisor_st, &fault);
    /* AIDA64's dumps contain the hypervisor leaves together with the others. */
    if (e->hypervisor_st == ST_NOT_COLLECTED && e->cpuid_st == ST_OK &&
        cpuid_has(&e->cpuid.cpus[0], CPUID_HV_0)) {
        e->hypervisor = e->cpuid.cpus[0];
        e->hypervisor_st = ST_OK;
    }
}

static void gather_kernel(const struct probe_run *p, struct cpu_evidence *e)
{
    struct fault fault = {0};
    struct blob b = snap_get(p->snap, "cpuinfo");
    e->cpuinfo_st = b.st;
    if (b.st == ST_OK)
        e->cpuinfo_st = cpuinfo_parse(b.data, &e->cpuinfo, &fault);
    note_malformed(p, b.name, e->cpuinfo_st, &fault);

    b = snap_get(p->snap, "msr");
    e->msr_st = b.st;
    e->msr_text = b.data;
    if (b.st == ST_OK)
        e->msr_st = msr_parse(b.data, &e->msrs, &fault);
    note_malformed(p, b.name, e->msr_st, &fault);
    for (unsigned i = 0; e->msr_st != ST_OK && i < MSR_COUNT; i++)
        e->msrs.reg[i].st = e->msr_st;

    e->log = *p->log;

    e->kvm = snap_get(p->snap, "sys/kvm").data;
}

/*
 * Was the kernel built with KVM_INTEL? Only then does it enable VMX in a feature-control register
 * that firmware left unlocked (arch/x86/kernel/cpu/feat_ctl.c), and only then does it print that
 * firmware disabled VMX. If nothing shows it, a log that only root can read might.
 */
static void gather_kvm_intel(const struct probe_run *p, struct cpu_evidence *e)
{
    struct span value;
    struct blob b = snap_get(p->snap, "kernel");
    e->has_kvm_intel =
        cpu_answer_unknown(b.st == ST_OK ? ST_NOT_COLLECTED : b.st, origin_of("kernel"));
    if (snap_get(p->snap, "efi/kernel-log").st == ST_NO_PERMISSION)
        e->has_kvm_intel = cpu_answer_unknown(ST_NO_PERMISSION, origin_of("efi/kernel-log"));
    if (b.st == ST_OK && keyval_get(b.data, "release", &value))
        e->release = value;
    else
        e->release = e->log.release;
    if (e->log.vmx_disabled || (e->log.kvm_disabled && e->vendor == CPU_INTEL_LIKE))
        e->has_kvm_intel = cpu_answer_is(true, origin_of("efi/kernel-log"));
    else if (b.st == ST_OK && keyval_get(b.data, "config-kvm-intel", &value))
        e->has_kvm_intel = cpu_answer_is(!span_is(value, "n"), origin_of("kernel"));
    else if (cpu_kvm_says(e, "kvm_intel"))
        e->has_kvm_intel = cpu_answer_is(true, origin_of("sys/kvm"));
}

static const struct {
    const char *id;
    enum cpu_vendor vendor;
} vendors[] = {
    {"GenuineIntel", CPU_INTEL_LIKE}, {"AuthenticAMD", CPU_AMD_LIKE},
    {"HygonGenuine", CPU_AMD_LIKE},   {"CentaurHauls", CPU_INTEL_LIKE},
    {"  Shanghai  ", CPU_INTEL_LIKE}, {"Shanghai", CPU_INTEL_LIKE},
};

static enum cpu_vendor vendor_of(struct span id)
{
    for (size_t i = 0; i < COUNT(vendors); i++) {
        if (span_is(id, vendors[i].id))
            return vendors[i].vendor;
    }
    return CPU_UNKNOWN_VENDOR;
}

/* The source that tells the architecture, the best of them. */
static struct origin arch_told_by(const struct cpu_evidence *e, struct span arch)
{
    bool x86 = span_is(arch, "x86_64") || span_is(arch, "i686");
    if (e->x86 && e->cpuid_st == ST_OK)
        return origin_of("cpuid");
    if (e->cpuinfo_st == ST_OK && (e->arm64 ? e->cpuinfo.arm64 : e->cpuinfo.x86))
        return origin_of("cpuinfo");
    bool kernel = e->arm64 ? span_is(arch, "aarch64") : x86;
    return origin_of(kernel ? "kernel" : "efi/kernel-log");
}

static void gather_platform(const struct probe_run *p, struct cpu_evidence *e)
{
    struct span arch = {0};
    struct blob kernel = snap_get(p->snap, "kernel");
    if (kernel.st == ST_OK)
        (void)keyval_get(kernel.data, "arch", &arch);
    e->arm64 =
        span_is(arch, "aarch64") || (e->cpuinfo_st == ST_OK && e->cpuinfo.arm64) || e->log.arm64;
    e->x86 = !e->arm64 && (e->cpuid_st == ST_OK || (e->cpuinfo_st == ST_OK && e->cpuinfo.x86) ||
                           e->log.x86 || span_is(arch, "x86_64") || span_is(arch, "i686"));
    e->arch_from = arch_told_by(e, arch);
    if (e->cpuid_st == ST_OK) {
        char id[13];
        cpuid_vendor(&e->cpuid.cpus[0], id);
        e->vendor = vendor_of(span_of(id));
    } else if (e->cpuinfo_st == ST_OK) {
        e->vendor = vendor_of(e->cpuinfo.vendor);
    } else if (e->log.vmx_disabled) {
        e->vendor = CPU_INTEL_LIKE;
    } else if (e->log.svm_disabled) {
        e->vendor = CPU_AMD_LIKE;
    }
}

void cpu_gather(const struct probe_run *p, struct cpu_evidence *out)
{
    *out = (struct cpu_evidence){0};
    gather_cpuid(p, out);
    gather_kernel(p, out);
    gather_platform(p, out);
    gather_kvm_intel(p, out);
}

struct cpu_answer cpu_has_bit(const struct cpu_evidence *e, enum cpuid_leaf leaf,
                              enum cpuid_reg reg, unsigned bit)
{
    if (e->cpuid_st != ST_OK)
        return cpu_answer_unknown(e->cpuid_st, origin_of("cpuid"));
    bool missing = false;
    for (size_t i = 0; i < e->cpuid.n; i++) {
        const struct cpuid_cpu *c = &e->cpuid.cpus[i];
        bool cut = cpuid_is_missing(c, leaf);
        if (!cut && !cpuid_bit(c, leaf, reg, bit))
            return cpu_answer_is(false, origin_of("cpuid"));
        missing |= cut;
    }
    if (missing)
        return cpu_answer_unknown(ST_TRUNCATED, origin_of("cpuid"));
    return cpu_answer_is(true, origin_of("cpuid"));
}

struct cpu_answer cpu_told_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag)
{
    bool has = cpuinfo_has(&e->cpuinfo, flag);
    /* If nothing follows the flag's place, the line may have been cut before it. */
    bool open = flag == CPUINFO_LM && !cpuinfo_has(&e->cpuinfo, CPUINFO_BEHIND_LM);
    if (!has && (e->cpuinfo.cut || open))
        return cpu_answer_unknown(ST_TRUNCATED, origin_of("cpuinfo"));
    return cpu_answer_is(has, origin_of("cpuinfo"));
}

struct cpu_answer cpu_has_flag(const struct cpu_evidence *e, enum cpuinfo_flag flag)
{
    if (e->cpuinfo_st != ST_OK)
        return cpu_answer_unknown(e->cpuinfo_st, origin_of("cpuinfo"));
    if (!e->cpuinfo.has_flags)
        return cpu_answer_unknown(ST_NOT_COLLECTED, origin_of("cpuinfo"));
    return cpu_told_flag(e, flag);
}

enum status cpu_register_reason(const struct cpu_evidence *e, enum msr_id id)
{
    enum status st = e->msrs.reg[id].st;
    if (st == ST_ABSENT)
        return ST_UNPROVABLE;
    /* Fewer registers than CPUs: the missing ones may be worse. */
    bool fewer = (e->cpuid_st == ST_OK && e->msrs.reg[id].known < e->cpuid.n) ||
                 (e->cpuinfo_st == ST_OK && e->msrs.reg[id].known < e->cpuinfo.processors);
    return st == ST_OK && fewer ? ST_TRUNCATED : st;
}

bool cpu_kvm_says(const struct cpu_evidence *e, const char *line)
{
    struct span rest = e->kvm, l;
    while (span_next_line(&rest, &l)) {
        if (span_is(l, line))
            return true;
    }
    return false;
}

bool cpu_kernel_at_least(const struct cpu_evidence *e, unsigned major, unsigned minor, bool *known)
{
    bool at_all = version_at_least(e->release, 0, 0);
    if (known != NULL)
        *known = at_all;
    return at_all && version_at_least(e->release, major, minor);
}
