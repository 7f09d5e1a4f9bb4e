/* SPDX-License-Identifier: MIT */
#include "load/machine.h"

#include "parse/smbios_names.h"

void machine_differs(struct machine *m, const char *one, const char *other, const char *what)
{
    if (m->problem == NULL)
        m->problem = arena_printf(m->arena,
                                  "several machines in one folder: %s and %s are of different %s; "
                                  "give each machine a folder of its own",
                                  one, other, what);
}

void machine_takes_cpu(struct machine *m, struct cpuid_signature cpu, const char *file)
{
    bool same =
        cpu.family == m->cpu.family && cpu.model == m->cpu.model && cpu.stepping == m->cpu.stepping;
    if (m->has_cpu && !same)
        machine_differs(m, m->cpu_file, file, "processors");
    if (m->has_cpu)
        return;
    m->has_cpu = true;
    m->cpu = cpu;
    m->cpu_file = file;
}

void machine_takes_arch(struct machine *m, enum machine_arch arch, const char *file)
{
    if (arch == ARCH_UNKNOWN)
        return;
    if (m->arch != ARCH_UNKNOWN && m->arch != arch)
        machine_differs(m, m->arch_file, file, "architectures (x86 and Arm)");
    if (m->arch != ARCH_UNKNOWN)
        return;
    m->arch = arch;
    m->arch_file = file;
}

void machine_takes_name(struct machine *m, struct span name, const char *file)
{
    if (name.len == 0 || smbios_is_placeholder(name))
        return;
    if (m->dmi.len == 0) {
        m->dmi = name;
        m->dmi_file = file;
        return;
    }
    if (smbios_contradict(m->dmi, name))
        machine_differs(m, m->dmi_file, file,
                        arena_printf(m->arena, "makes (\"%s\", \"%s\")",
                                     arena_short_text(m->arena, m->dmi),
                                     arena_short_text(m->arena, name)));
}
