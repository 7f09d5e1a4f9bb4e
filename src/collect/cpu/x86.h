/* SPDX-License-Identifier: MIT */
/* The CPUID instruction, and its answers on machines without it. */
#ifndef COLLECT_CPU_X86_H
#define COLLECT_CPU_X86_H

#include <stdint.h>

struct x86_regs {
    uint32_t eax, ebx, ecx, edx;
};

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

enum { ON_X86 = 1 };

static inline struct x86_regs x86_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct x86_regs r;
    __cpuid_count(leaf, subleaf, r.eax, r.ebx, r.ecx, r.edx);
    return r;
}
#else
enum { ON_X86 = 0 };

static inline struct x86_regs x86_cpuid(uint32_t leaf, uint32_t subleaf)
{
    (void)leaf;
    (void)subleaf;
    return (struct x86_regs){0};
}
#endif

#endif
