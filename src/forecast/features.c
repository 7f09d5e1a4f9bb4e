/* SPDX-License-Identifier: MIT */
/*
 * The features that Windows starts: by policy (RequirePlatformSecurityFeatures), and by default.
 * Sources: Microsoft's pages "Enable memory integrity", "Memory integrity and VBS enablement"
 * (OEMs), "Credential Guard overview" and "Kernel DMA Protection".
 */
#include "forecast/look.h"
#include "vbscheck/count.h"

const struct forecast_info forecast_infos[FORECAST_COUNT] = {
    [FORECAST_POLICY_1] = {"vbs_policy_1", "VBS, policy value 1"},
    [FORECAST_POLICY_3] = {"vbs_policy_3", "VBS, policy value 3"},
    [FORECAST_MEMORY_INTEGRITY] = {"memory_integrity_default", "Memory integrity"},
    [FORECAST_CREDENTIAL_GUARD] = {"credential_guard_default", "Credential Guard"},
    [FORECAST_KERNEL_DMA] = {"kernel_dma_protection", "Kernel DMA Protection"},
};

/* Both policies require Secure Boot. */
static struct forecast_item lacks_secure_boot(const struct look *l, const struct forecast *f,
                                              const char *asks)
{
    const char *all_the_same =
        f->properties[1].is == ANSWER_YES ? "; without a policy Windows can still start VBS" : "";
    return say_no(arena_printf(l->a, "%s, and %s%s", asks, f->properties[2].because, all_the_same),
                  f->properties[2].brief, false);
}

static struct forecast_item policy_1(const struct look *l, const struct forecast *f)
{
    const struct forecast_item *base = &f->properties[1], *boot = &f->properties[2];
    if (base->is == ANSWER_NO)
        return *base;
    if (boot->is == ANSWER_NO)
        return lacks_secure_boot(l, f, "policy value 1 requires Secure Boot");
    if (base->is == ANSWER_OPEN)
        return *base;
    if (boot->is == ANSWER_OPEN)
        return *boot;
    return say_yes(
        "virtualization is usable and Secure Boot is on; policy value 1 requires nothing else",
        false);
}

static struct forecast_item policy_3(const struct look *l, const struct forecast *f)
{
    static const char asks[] = "policy value 3 requires Secure Boot and DMA protection";
    const struct forecast_item *dma = &f->properties[3];
    const char *help = l->guest ? "set the policy to 1, or give the virtual machine an IOMMU"
                       : l->arm ? "set the policy to 1"
                                : "switch VT-d or AMD's IOMMU on in setup if it has one, or set "
                                  "the policy to 1";
    if (f->properties[1].is == ANSWER_NO)
        return f->properties[1];
    if (dma->is == ANSWER_NO)
        return say_no(arena_printf(l->a, "%s, and %s: Windows does not start VBS; %s", asks,
                                   dma->because, help),
                      dma->brief, false);
    if (f->properties[2].is == ANSWER_NO)
        return lacks_secure_boot(l, f, asks);
    if (f->items[FORECAST_POLICY_1].is != ANSWER_YES)
        return f->items[FORECAST_POLICY_1];
    if (dma->is == ANSWER_OPEN)
        return *dma;
    return say_yes("virtualization is usable, Secure Boot is on and there is DMA protection",
                   false);
}

/* Only Hyper-V has generations. */
static bool is_generation_1(const struct look *l)
{
    return look_is_hyperv_guest(l) && fact_is_false(l->f, FACT_VM_GENERATION_2);
}

/* Hardware requirements of Microsoft's page for a clean installation. */
static struct forecast_item asked_of_hardware(const struct look *l)
{
    static const struct need needs[] = {
        {"cpu.recent",
         "the processor is older than Intel's 8th generation, AMD's Zen 2 and Snapdragon 8180, "
         "where Windows 11 turns it on; it can be turned on by hand",
         "processor too old"},
        {"memory.size",
         "less than 8 GB of memory are installed, and Windows 11 turns it on from 8 GB on; it can "
         "be turned on by hand",
         "less than 8 GB of memory"},
        {"storage.ssd",
         "no internal disk is an SSD, where Windows 11 turns it on; it can be turned on by hand",
         "no SSD"},
        {"storage.size",
         "the largest SSD has less than 64 GB, and Windows 11 turns it on from 64 GB on; it can be "
         "turned on by hand",
         "SSD below 64 GB"},
    };
    return look_all(l, needs, COUNT(needs), say_yes("", true));
}

/* The hardware does not show the exceptions: upgrades, and formerly China and Korea. */
static struct forecast_item memory_integrity(const struct look *l, const struct forecast *f)
{
    static const struct need needs[] = {
        {"drivers.hvci",
         "a driver is incompatible with memory integrity: Windows switches it off again",
         "an incompatible driver"}};
    const struct forecast_item *base = &f->properties[1];
    struct forecast_item hardware = asked_of_hardware(l);
    struct forecast_item drivers =
        look_all(l, needs, COUNT(needs),
                 say_yes("processor, memory and SSD are as Microsoft asks, and no driver that was "
                         "looked at is incompatible: a clean installation of Windows 11 turns it "
                         "on, an upgrade does not",
                         true));
    if (base->is == ANSWER_NO)
        return *base;
    if (is_generation_1(l))
        return say_no("in a virtual machine it needs generation 2", "generation 1", false);
    if (hardware.is == ANSWER_NO || drivers.is == ANSWER_NO)
        return hardware.is == ANSWER_NO ? hardware : drivers;
    if (base->is == ANSWER_OPEN)
        return *base;
    if (hardware.is == ANSWER_OPEN || drivers.is == ANSWER_YES)
        return hardware.is == ANSWER_OPEN ? hardware : drivers;
    return say_open("processor, memory and SSD are as Microsoft asks of a clean installation of "
                    "Windows 11; whether the drivers are compatible is not known: give them with "
                    "--drivers, or Windows' disk with --windows",
                    "drivers not known");
}

static struct forecast_item credential_guard(const struct look *l, const struct forecast *f)
{
    if (is_generation_1(l))
        return say_no("a virtual machine of generation 1 is not supported", "generation 1", false);
    struct forecast_item vbs = f->items[FORECAST_POLICY_1];
    if (vbs.is == ANSWER_NO && f->properties[1].is != ANSWER_NO)
        return say_no("it needs Secure Boot, which is off", f->properties[2].brief, false);
    if (vbs.is != ANSWER_YES)
        return vbs;
    return say_yes("virtualization is usable and Secure Boot is on: Windows 11 Enterprise and "
                   "Education turn it on since version 22H2, Pro only if it ran before",
                   false);
}

static struct forecast_item kernel_dma(const struct look *l, const struct forecast *f)
{
    static const struct need needs[] = {
        {"iommu.dma-opt-in",
         "the firmware does not claim DMA protection before boot, so Windows leaves it off",
         "not claimed by firmware"}};
    if (l->guest)
        return say_no("a virtual machine does not have it", "a virtual machine", true);
    if (l->arm)
        return say_open("the tables of an Arm machine have no field for this claim",
                        "Arm: not known");
    if (f->properties[3].is == ANSWER_NO)
        return f->properties[3];
    struct forecast_item claim = look_all(
        l, needs, COUNT(needs),
        say_yes("the firmware claims DMA protection before boot, virtualization and IOMMU are on",
                false));
    if (claim.is != ANSWER_YES)
        return claim;
    if (f->properties[1].is != ANSWER_YES)
        return f->properties[1];
    return f->properties[3].is == ANSWER_YES ? claim : f->properties[3];
}

void forecast_features(const struct look *l, struct forecast *out)
{
    out->items[FORECAST_POLICY_1] = policy_1(l, out);
    out->items[FORECAST_POLICY_3] = policy_3(l, out);
    out->items[FORECAST_MEMORY_INTEGRITY] = memory_integrity(l, out);
    out->items[FORECAST_CREDENTIAL_GUARD] = credential_guard(l, out);
    out->items[FORECAST_KERNEL_DMA] = kernel_dma(l, out);
}
