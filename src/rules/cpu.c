/* SPDX-License-Identifier: MIT */
/* Rules about the processor. */
#include "rules/tables.h"
#include "vbscheck/count.h"

#define HIDDEN_IN_VM "the hypervisor hides virtualization from this VM; vm.nested judges that"

const struct rule rules_cpu[] = {
    {
        .id = "cpu.64bit",
        .row = "cpu",
        .title = "64-bit processor",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_REQUIRED,
        .seen_from_wsl = true,
        .need = {{
            .any = {IS_TRUE(CPU_64BIT)},
            .otherwise = "The processor has no 64-bit mode",
            .brief = "32-bit",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "The processor is 64-bit",
        .reference = "Microsoft VBS table, row 64-bit CPU; Intel SDM vol. 2 CPUID; AMD APM vol. 3",
        .shows = {FACT_CPU_BRAND, FACT_CPU_LONG_MODE},
    },
    {
        .id = "cpu.virtualization",
        .row = "virtualization",
        .title = "Virtualization extensions, left on by firmware",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .seen_from_wsl = true,
        .when = {{
            .any = {IS_FALSE(HOST_VM), IS_TRUE(CPU_VIRT_CAPABLE)},
            .otherwise = HIDDEN_IN_VM,
            .brief = "hidden by the hypervisor",
        }},
        .need =
            {{
                 .any = {IS_TRUE(CPU_VIRT_CAPABLE)},
                 .otherwise = "The processor has neither VT-x nor AMD-V",
                 .brief = "neither VT-x nor AMD-V",
                 .cause = CAUSE_ABSENT,
             },
             {
                 .any = {IS_TRUE(HOST_X86), IS_TRUE(CPU_ARM_82)},
                 .otherwise = "The processor has cores older than Armv8.2",
                 .brief = "cores older than Armv8.2",
                 .cause = CAUSE_ABSENT,
             },
             {
                 .any = {IS_FALSE(HOST_VM), IS_TRUE(CPU_VIRT_ENABLED)},
                 .otherwise =
                     "The hypervisor shows virtualization to this VM, but keeps it switched off",
                 .brief = "switched off by the hypervisor",
                 .cause = CAUSE_DISABLED,
             },
             {
                 .any = {IS_TRUE(CPU_VIRT_ENABLED)},
                 .otherwise = "The processor has virtualization, but firmware switched it off",
                 .brief = "switched off in firmware setup",
                 .cause = CAUSE_DISABLED,
             }},
        .pass = "Virtualization is there and firmware left it on",
        .reference = "Microsoft VBS table, row Virtualization extensions; Intel SDM vol. 3 ch. 24 "
                     "and IA32_FEATURE_CONTROL; AMD APM vol. 2 ch. 15 and VM_CR",
        .shows = {FACT_CPU_VMX, FACT_CPU_SVM, FACT_CPU_FEATURE_CONTROL, FACT_CPU_VM_CR,
                  FACT_CPU_EL2},
    },
    {
        .id = "cpu.slat",
        .row = "slat",
        .title = "Second level address translation",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_RECOMMENDED,
        .seen_from_wsl = true,
        .when = {{
            .any = {IS_FALSE(HOST_VM), IS_TRUE(CPU_VIRT_CAPABLE)},
            .otherwise = HIDDEN_IN_VM,
            .brief = "hidden by the hypervisor",
        }},
        .need = {{
            .any = {IS_TRUE(CPU_SLAT)},
            .otherwise = "The processor offers no usable EPT, nested paging or stage 2",
            .brief = "no EPT, nested paging or stage 2",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "EPT, nested paging or stage 2 translation is usable",
        .reference = "Microsoft VBS table, row SLAT; Intel SDM vol. 3 appendix A.10; AMD APM "
                     "vol. 3 Fn8000_000A EDX[0]",
        .shows = {FACT_CPU_EPT, FACT_CPU_EPT_WALK4, FACT_CPU_EPT_WB, FACT_CPU_NPT},
    },
    {
        .id = "cpu.mbec",
        .row = "slat",
        .title = "Mode-based execute control (MBEC, GMET)",
        .level = LEVEL_INFO,
        .guest = LEVEL_INFO,
        .when = {{
                     .any = {IS_TRUE(HOST_X86)},
                     .otherwise = "MBEC and GMET are features of x86 processors",
                     .brief = "not on this architecture",
                 },
                 {
                     .any = {IS_FALSE(HOST_VM), IS_TRUE(CPU_VIRT_CAPABLE)},
                     .otherwise = HIDDEN_IN_VM,
                     .brief = "hidden by the hypervisor",
                 }},
        .need = {{
            .any = {IS_TRUE(CPU_MBEC), IS_TRUE(CPU_GMET)},
            .otherwise = "The processor has neither MBEC nor GMET: memory integrity works, but "
                         "slower",
            .brief = "no MBEC or GMET",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "MBEC or GMET makes memory integrity fast",
        .reference = "Microsoft, \"Enable memory integrity\"; Intel SDM vol. 3, secondary "
                     "controls bit 22; AMD APM vol. 3 Fn8000_000A EDX[17]",
    },
};

const size_t n_rules_cpu = COUNT(rules_cpu);
