/* SPDX-License-Identifier: MIT */
/* Virtualization on a machine whose own hypervisor runs between this system and the processor. */
#include "probe/cpu/cpu.h"
#include "probe/viewpoint/viewpoint.h"

struct cpu_answer cpu_slat_denied(const struct virtualization *v, struct cpu_answer why)
{
    if (why.st != ST_OK || (cpu_answer_yes(v->capable) && !cpu_answer_no(v->enabled)))
        return why;
    if (cpu_answer_no(v->capable)) /* without virtualization there is no SLAT */
        return v->capable;
    return cpu_answer_unknown(v->capable.st == ST_OK ? ST_UNPROVABLE : v->capable.st,
                              v->capable.from);
}

/* A visible feature counts; a feature that is not visible may be hidden. */
static struct cpu_answer seen_or_hidden(struct cpu_answer a)
{
    return cpu_answer_yes(a) ? a : cpu_answer_unknown(ST_HIDDEN, a.from);
}

void cpu_judge_hosted(const struct probe_run *p, const struct cpu_evidence *e,
                      struct virtualization *out)
{
    const struct view *v = p->view;
    struct cpu_answer vmx = cpu_has_bit(e, CPUID_1, CPUID_ECX, CPUID_1_ECX_VMX);
    struct cpu_answer svm = cpu_has_bit(e, CPUID_EXT_1, CPUID_ECX, CPUID_EXT_1_ECX_SVM);
    struct cpu_answer np = cpu_has_bit(e, CPUID_EXT_A, CPUID_EDX, CPUID_EXT_A_EDX_NP);
    struct cpu_answer hidden = cpu_answer_unknown(ST_HIDDEN, v->from);
    bool runs = cpu_answer_yes(v->runs);
    out->capable = runs ? v->runs : seen_or_hidden(cpu_answer_yes(vmx) ? vmx : svm);
    out->enabled = runs ? v->runs : cpu_answer_unknown(ST_HIDDEN, v->runs.from);
    out->slat = v->slat.st == ST_OK ? v->slat : seen_or_hidden(v->is == VIEW_WSL ? hidden : np);
    out->ept = out->walk4 = out->write_back = out->mbec = out->apicv = hidden;
    facts_unknown(p->facts, FACT_CPU_FEATURE_CONTROL, ST_HIDDEN, origin_of("msr"));
    facts_unknown(p->facts, FACT_CPU_VM_CR, ST_HIDDEN, origin_of("msr"));
}
