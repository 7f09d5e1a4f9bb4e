/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's DG_Readiness_Tool 3.6: any critical finding, else any warning, else "Ready". The
 * sentences are the tool's own, and so is the order of its checks: drivers, Secure Boot, HSTI,
 * architecture, edition, virtualization, TPM, Secure MOR, NX, SMM. It checks neither SLAT nor the
 * IOMMU.
 */
#include "forecast/look.h"
#include "vbscheck/out.h"

#define TOOL_INCOMPATIBLE                                                                          \
    "Machine is not Device Guard / Credential Guard compatible because of the following:"
#define TOOL_ENABLE "Device Guard / Credential Guard can be enabled on this machine."
#define TOOL_VM                                                                                    \
    "Running on a Virtual Machine. DG/CG is supported only if both guest VM and host machine are " \
    "running with Windows10, version 1703 or later with English localization."

/* Appends one item of a list. */
static void add(struct out *o, const char *text)
{
    if (o->len > 0)
        out_str(o, "; ");
    out_str(o, text);
}

static void add_failed(const struct look *l, struct out *o, const char *rule)
{
    struct outcome outcome = look_rule(l, rule);
    if (outcome.verdict == V_FAIL)
        add(o, outcome.message);
}

/* Each critical finding rules out any better result. In a guest a hypervisor is enough. */
static struct span criticals(const struct look *l, const struct forecast *f)
{
    struct out o;
    out_init(&o, l->a);
    if (f->properties[2].is == ANSWER_NO)
        add(&o, f->properties[2].because);
    add_failed(l, &o, "cpu.64bit");
    if (!l->guest)
        add_failed(l, &o, "cpu.virtualization");
    return out_span(&o);
}

static const char *undecided(const struct look *l, const struct forecast *f)
{
    if (f->properties[2].is == ANSWER_OPEN)
        return f->properties[2].because;
    if (!l->guest && look_rule(l, "cpu.virtualization").verdict == V_UNKNOWN)
        return "it is not known whether virtualization is on";
    return NULL;
}

/* Known warnings of the tool; after boot nothing shows whether HSTI is among them. */
static struct span warnings(const struct look *l, const struct forecast *f)
{
    struct out o;
    out_init(&o, l->a);
    if (l->guest)
        add(&o, TOOL_VM);
    if (f->properties[4].is != ANSWER_YES)
        add(&o, "Secure MOR is absent (it reports this on nearly all machines)");
    if (f->properties[5].is == ANSWER_NO)
        add(&o, "NX Protector is absent");
    if (f->properties[6].is == ANSWER_NO)
        add(&o, "SMM Mitigation is absent");
    return out_span(&o);
}

void forecast_readiness(const struct look *l, struct forecast *out)
{
    struct span bad = criticals(l, out), worse_than_ready = warnings(l, out);
    const char *open = undecided(l, out);
    const char *warned =
        worse_than_ready.len == 0
            ? "its warnings are not known"
            : arena_printf(l->a, "its warnings: %s", arena_text(l->a, worse_than_ready));
    if (bad.len > 0) {
        out->readiness_tool = TOOL_INCOMPATIBLE;
        out->readiness_because = arena_printf(l->a, "%s; %s", arena_text(l->a, bad), warned);
    } else if (open != NULL) {
        out->readiness_because = open;
    } else if (worse_than_ready.len > 0) {
        out->readiness_tool = TOOL_ENABLE;
        out->readiness_because = arena_printf(
            l->a, "%s; HSTI cannot be seen after boot, and drivers were not run under its verifier",
            warned);
    } else {
        out->readiness_because =
            "everything visible from Linux is there; \"Ready\" also needs HSTI "
            "and drivers, which cannot be seen from Linux";
    }
}
