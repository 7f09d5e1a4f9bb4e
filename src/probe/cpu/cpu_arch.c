/* SPDX-License-Identifier: MIT */
/* Decides the architecture. */
#include "parse/acpi/madt.h"
#include "parse/keyval.h"
#include "parse/windows/windows.h"
#include "probe/acpi.h"
#include "probe/cpu/cpu.h"

/* If nothing else shows the architecture, the MADT's interrupt controllers do. */
static struct cpu_answer x86_by_madt(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "APIC");
    struct madt m;
    if (set.st != ST_OK)
        return cpu_answer_unknown(set.st == ST_ABSENT ? ST_NOT_COLLECTED : set.st,
                                  origin_of(set.blob));
    if (madt_parse(set.tables[0]->data, &m, NULL) != ST_OK || m.x86 == m.arm)
        return cpu_answer_unknown(ST_NOT_COLLECTED, origin_of(set.blob));
    return cpu_answer_is(m.x86, origin_of(set.blob));
}

/* "x64-based PC", "ARM64-based PC", in any language */
static struct cpu_answer x86_by_windows(const struct probe_run *p, struct cpu_answer before)
{
    const struct windows *w = p->facts->windows;
    if (before.st == ST_OK || w == NULL || w->type.len == 0)
        return before;
    return cpu_answer_is(!span_starts(w->type, "ARM"), origin_of("windows"));
}

void cpu_give_arch(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct span arch;
    struct blob kernel = snap_get(p->snap, "kernel");
    struct cpu_answer x86 =
        e->x86 || e->arm64 ? cpu_answer_is(e->x86, e->arch_from) : x86_by_madt(p);
    x86 = x86_by_windows(p, x86);
    cpu_answer_give(p, FACT_HOST_X86, x86);
    if (cpu_answer_no(x86))
        p->facts->situation |= SIT_ARM;
    if (kernel.st == ST_OK && keyval_get(kernel.data, "arch", &arch))
        facts_text(p->facts, FACT_HOST_ARCH, arena_text(p->arena, arch), origin_of("kernel"));
    else if (cpu_answer_no(x86))
        facts_text(p->facts, FACT_HOST_ARCH, "aarch64", x86.from);
    else if (fact_known(p->facts, FACT_CPU_64BIT))
        facts_text(p->facts, FACT_HOST_ARCH,
                   fact_is_true(p->facts, FACT_CPU_64BIT) ? "x86_64" : "i686", x86.from);
    else
        facts_unknown(p->facts, FACT_HOST_ARCH, ST_NOT_COLLECTED, x86.from);
}
