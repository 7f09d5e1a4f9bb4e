/* SPDX-License-Identifier: MIT */
/*
 * AvailableSecurityProperties: numbers and names from Microsoft, "Enable memory integrity"; the
 * requirements of each from reports of real machines (msinfo32, systeminfo, Win32_DeviceGuard).
 */
#include "forecast/look.h"
#include "vbscheck/count.h"

const char *const property_names[PROPERTY_END] = {
    "no relevant property",
    "Base Virtualization Support",
    "Secure Boot",
    "DMA Protection",
    "Secure Memory Overwrite",
    "UEFI Code Readonly",
    "SMM Security Mitigations 1.0",
    "Mode Based Execution Control",
    "APIC Virtualization",
};

static struct forecast_item base(const struct look *l)
{
    static const struct need metal[] = {
        {"cpu.64bit", NULL, NULL}, {"cpu.virtualization", NULL, NULL}, {"cpu.slat", NULL, NULL}};
    static const struct need guest[] = {
        {"cpu.64bit", NULL, NULL},
        {"vm.nested",
         "the hypervisor offers this virtual machine neither nested virtualization nor virtual "
         "secure mode, so Windows' hypervisor cannot start in it",
         "no nested virtualization in this VM"},
    };
    struct forecast_item yes = say_yes("the processor's virtualization and second level address "
                                       "translation are usable",
                                       true);
    if (!l->guest)
        return look_all(l, metal, COUNT(metal), yes);
    yes.because = "the hypervisor offers this virtual machine nested virtualization or virtual "
                  "secure mode";
    return look_all(l, guest, COUNT(guest), yes);
}

static struct forecast_item secure_boot(const struct look *l)
{
    if (fact_is_true(l->f, FACT_SECURE_BOOT))
        return say_yes("Secure Boot is on", false);
    if (fact_is_false(l->f, FACT_SECURE_BOOT))
        return say_no("Secure Boot was off in this boot", "Secure Boot is off", false);
    if (fact_is_false(l->f, FACT_UEFI_BOOT))
        return say_no("the machine was started in legacy mode, in which there is no Secure Boot",
                      "started in legacy mode", false);
    return look_open(l, FACT_SECURE_BOOT, "Secure Boot");
}

static struct forecast_item dma(const struct look *l)
{
    static const struct need metal[] = {
        {"iommu.present", "the firmware describes no IOMMU", "no IOMMU"},
        {"iommu.translation", NULL, NULL},
    };
    static const struct need guest[] = {
        {"iommu.present", "this virtual machine has no IOMMU", "this VM has no IOMMU"},
        {"iommu.translation", NULL, NULL},
    };
    bool vsm = fact_is_true(l->f, FACT_VM_VSM);
    bool maybe = look_is_hyperv_guest(l) && !fact_is_false(l->f, FACT_VM_VSM);
    if (l->guest && (vsm || maybe))
        return say_open("the host decides this for its guests: Windows has reported DMA "
                        "protection in Hyper-V guests without their own IOMMU",
                        "the host decides");
    return look_all(l, l->guest ? guest : metal, COUNT(metal),
                    say_yes("there is an IOMMU; the firmware's claim for the time before boot "
                            "does not matter here",
                            false));
}

static struct forecast_item overwrite(const struct look *l)
{
    if (look_rule(l, "mor.lock-v2").verdict == V_PASS)
        return say_yes("revision 2 of Secure MOR is proven; still, Windows seldom reports it",
                       true);
    return say_open("Windows seldom reports it, even where the firmware has the lock variable; "
                    "vbscheck mor-test would prove revision 2",
                    "seldom reported");
}

static struct forecast_item code_readonly(const struct look *l)
{
    static const struct need needs[] = {{"uefi.mat", NULL, NULL},
                                        {"uefi.mat-layout", NULL, NULL},
                                        {"uefi.page-protection", NULL, NULL}};
    return look_all(l, needs, COUNT(needs),
                    say_yes("the Memory Attributes Table protects runtime code and data", true));
}

static struct forecast_item smm(const struct look *l)
{
    static const struct need needs[] = {{"smm.wsmt", NULL, NULL}};
    if (l->arm)
        return say_no("Arm has no SMM, so Windows does not list it; nothing is missing", "no SMM",
                      false);
    if (look_rule(l, "smm.wsmt").verdict == V_NOT_APPLICABLE)
        return say_open("SMM belongs to the host", "the host's");
    return look_all(l, needs, COUNT(needs),
                    say_yes("WSMT reports all three protections of SMM", true));
}

static struct forecast_item mode_based(const struct look *l)
{
    static const struct need needs[] = {{"cpu.mbec", NULL, NULL}};
    if (l->arm && fact_is_true(l->f, FACT_CPU_EL2))
        return say_yes("Windows lists it on Arm machines with EL2", true);
    if (l->arm && fact_is_false(l->f, FACT_CPU_EL2))
        return say_open("Windows lists it on Arm machines with EL2, which Linux was not given in "
                        "this boot",
                        "no EL2 in this boot");
    if (l->arm)
        return look_open(l, FACT_CPU_EL2, "EL2");
    if (look_rule(l, "cpu.mbec").verdict == V_NOT_APPLICABLE)
        return say_open("the hypervisor does not show it", "hidden by the hypervisor");
    return look_all(l, needs, COUNT(needs), say_yes("the processor has MBEC or GMET", false));
}

static struct forecast_item apic(const struct look *l)
{
    if (l->arm)
        return say_no("it is a feature of x86", "not on Arm", true);
    if (fact_is_true(l->f, FACT_CPU_APICV))
        return say_yes("the processor virtualizes APIC registers and delivers virtual interrupts",
                       true);
    if (fact_is_false(l->f, FACT_CPU_APICV))
        return say_no("the processor does not virtualize APIC registers and interrupt delivery, "
                      "like client processors up to 2018",
                      "no APIC virtualization", true);
    if (l->f->all[FACT_CPU_APICV].st == ST_UNSUPPORTED)
        return say_open("it is not known which AMD features Windows requires", "AMD: not known");
    return look_open(l, FACT_CPU_APICV, "APIC virtualization");
}

void forecast_properties(const struct look *l, struct forecast *out)
{
    static struct forecast_item (*const makers[PROPERTY_END])(const struct look *l) = {
        [1] = base,          [2] = secure_boot, [3] = dma,        [4] = overwrite,
        [5] = code_readonly, [6] = smm,         [7] = mode_based, [8] = apic,
    };
    for (unsigned i = PROPERTY_FIRST; i < PROPERTY_END; i++)
        out->properties[i] = makers[i](l);
}
