/* SPDX-License-Identifier: MIT */
/* CPUID dumps come from whoever made the capture. Nothing is repaired. */
#include "fuzz/target.h"
#include "parse/cpuid.h"
#include "support/build.h"

static void ask(const struct cpuid_cpu *c)
{
    char text[49];
    for (unsigned leaf = 0; leaf < CPUID_LEAVES; leaf++)
        (void)cpuid_bit(c, (enum cpuid_leaf)leaf, CPUID_EDX, 31);
    cpuid_vendor(c, text);
    cpuid_hypervisor_id(c, CPUID_HV_0, text);
    cpuid_brand(c, text);
    (void)cpuid_signature(c->leaf[CPUID_1][CPUID_EAX]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct cpuid out;
    struct cpuid_cpu hypervisor;
    struct fault fault;
    struct heap h = heap_copy((struct span){data, size});
    test_arena(&a);
    if (cpuid_parse(h.span, &a, &out, &fault) == ST_OK) {
        for (size_t i = 0; i < out.n; i++)
            ask(&out.cpus[i]);
    }
    if (cpuid_parse_hypervisor(h.span, &hypervisor, &fault) == ST_OK)
        ask(&hypervisor);
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
