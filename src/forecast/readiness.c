/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's DG_Readiness_Tool 3.6: any critical finding, else any warning, else "Ready". Its
 * sentences are its own. It looks at neither SLAT nor the IOMMU.
 */
#include "forecast/look.h"
#include "vbscheck/out.h"

#define TOOL_INCOMPATIBLE                                                                          \
    "Machine is not Device Guard / Credential Guard compatible because of the following:"
#define TOOL_ENABLE "Device Guard / Credential Guard can be enabled on this machine."
#define TOOL_VM                                                                                    \
    "Running on a Virtual Machine. DG/CG is supported only if both guest VM and host machine are " \
    "running with Windows10, version 1703 or later with English localization."

/* Criticals: each keeps the tool from saying anything better. */
static bool critical(const struct look *l, const struct forecast *f, struct forecast *out)
{
    struct outcome bits = look_rule(l, "cpu.64bit");
    struct outcome virtualization = look_rule(l, l->guest ? "vm.nested" : "cpu.virtualization");
    const char *why = f->properties[2].is == ANSWER_NO                ? f->properties[2].because
                      : bits.verdict == V_FAIL                        ? bits.message
                      : virtualization.verdict == V_FAIL && !l->guest ? virtualization.message
                                                                      : NULL;
    if (why == NULL)
        return false;
    out->readiness_tool = TOOL_INCOMPATIBLE;
    out->readiness_because = why;
    return true;
}

/* A hypervisor that is present is enough for it in a guest. */
static const char *undecided(const struct look *l, const struct forecast *f)
{
    if (f->properties[2].is == ANSWER_OPEN)
        return f->properties[2].because;
    if (!l->guest && look_rule(l, "cpu.virtualization").verdict == V_UNKNOWN)
        return "it is not known whether virtualization is on";
    return NULL;
}

static const char *warnings(const struct look *l, const struct forecast *f)
{
    struct out o;
    out_init(&o, l->a);
    out_str(&o, "Its warnings: ");
    if (l->guest)
        out_str(&o, TOOL_VM " ");
    if (f->properties[4].is != ANSWER_YES)
        out_str(&o, "Secure MOR is absent (it reports this on nearly all machines)");
    if (f->properties[5].is == ANSWER_NO)
        out_str(&o, f->properties[4].is != ANSWER_YES ? ", NX Protector is absent"
                                                      : "NX Protector is absent");
    if (f->properties[6].is == ANSWER_NO)
        out_str(&o, ", SMM Mitigation is absent");
    out_str(&o, "; HSTI cannot be seen after boot, and drivers were not run under its verifier");
    return arena_text(l->a, out_span(&o));
}

void forecast_readiness(const struct look *l, struct forecast *out)
{
    const char *open = undecided(l, out);
    if (critical(l, out, out))
        return;
    out->readiness_because = open;
    if (open != NULL)
        return;
    bool best = out->properties[4].is == ANSWER_YES && out->properties[5].is == ANSWER_YES &&
                out->properties[6].is == ANSWER_YES && !l->guest;
    out->readiness_tool = best ? NULL : TOOL_ENABLE;
    out->readiness_because =
        best ? "everything visible from Linux is there; \"Ready\" also needs HSTI and drivers, "
               "which cannot be seen from Linux"
             : warnings(l, out);
}
