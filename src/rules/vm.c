/* SPDX-License-Identifier: MIT */
/* Rules about virtual machines. */
#include "rules/tables.h"
#include "vbscheck/count.h"

const struct rule rules_vm[] = {
    {
        .id = "vm.nested",
        .row = "vm",
        .title = "Nested virtualization or virtual secure mode in a VM",
        .level = LEVEL_REQUIRED,
        .guest = LEVEL_REQUIRED,
        .when = {{
            .any = {IS_TRUE(HOST_VM)},
            .otherwise = "not a virtual machine",
            .brief = "not a virtual machine",
        }},
        .need = {{
                     .any = {IS_TRUE(VM_NESTED), IS_FALSE(VM_GENERATION_2)},
                     .otherwise = "Hyper-V offers this VM neither nested virtualization nor "
                                  "virtual secure mode, which Microsoft's page promises for \"all "
                                  "Gen2 VMs\"",
                     .brief = "no nested virtualization, no VSM",
                     .cause = CAUSE_DISABLED,
                 },
                 {
                     .any = {IS_TRUE(VM_NESTED)},
                     .otherwise = "This VM has neither usable nested virtualization nor virtual "
                                  "secure mode",
                     .brief = "no nested virtualization, no VSM",
                     .cause = CAUSE_DISABLED,
                 }},
        .pass = "The hypervisor offers nested virtualization or virtual secure mode",
        .reference = "Microsoft VBS table, section Virtual machines; Hyper-V TLFS, partition "
                     "privilege mask",
        .shows = {FACT_HOST_HYPERVISOR, FACT_CPU_VMX, FACT_CPU_SVM, FACT_CPU_EL2, FACT_VM_VSM,
                  FACT_VM_PLATFORM},
    },
    {
        .id = "vm.series",
        .row = "vm",
        .title = "Azure series with nested virtualization",
        .level = LEVEL_INFO,
        .guest = LEVEL_INFO,
        .when = {{
            .any = {IS_TRUE(VM_AZURE)},
            .otherwise = "not a virtual machine in Azure",
            .brief = "not in Azure",
        }},
        .need = {{
            .any = {IS_TRUE(VM_SERIES_NESTED)},
            .otherwise = "Microsoft's table gives this VM's series no nested virtualization",
            .brief = "series without nesting",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "Microsoft's table gives this VM's series nested virtualization",
        .reference = "Microsoft VBS table, section Virtual machines",
        .shows = {FACT_VM_SIZE, FACT_VM_SERIES},
    },
    {
        .id = "vm.metal",
        .row = "vm",
        .title = "A PC, not a virtual machine",
        .level = LEVEL_LEFT_OUT,
        .guest = LEVEL_LEFT_OUT,
        .need = {{
            .any = {IS_FALSE(HOST_VM)},
            .otherwise = "This is a virtual machine: the profile's requirements are for its host",
            .brief = "a virtual machine",
            .cause = CAUSE_ABSENT,
        }},
        .pass = "This is a PC",
        .reference = "Microsoft, \"Kernel DMA Protection\" and \"Highly secure Windows 11 "
                     "devices\" for OEMs: pages on PCs",
        .shows = {FACT_HOST_VIEWPOINT, FACT_HOST_HYPERVISOR},
    },
};

const size_t n_rules_vm = COUNT(rules_vm);
