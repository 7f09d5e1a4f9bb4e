/* SPDX-License-Identifier: MIT */
/*
 * Metal, a guest, or the PC itself seen from Hyper-V's root partition, Xen's dom0 or WSL (Hyper-V
 * TLFS 2.4 and 4.2.2; Xen public/features.h; Linux arch/x86/kernel/cpu/mshyperv.c).
 */
#include "probe/viewpoint/viewpoint.h"

#include "parse/keyval.h"
#include "probe/acpi.h"
#include "probe/viewpoint/wsl.h"

#define LOG       "efi/kernel-log"
#define HV_LEAVES "cpuid-hypervisor"
#define XEN       "sys/xen"

static const char *const wants[] = {
    "cpuid",     HV_LEAVES,   "cpuinfo",   "kernel",    "dmi", LOG,
    "acpi/FACP", "acpi/APIC", "acpi/XMAR", "acpi/RMAD", XEN,   NULL,
};

static const enum fact_id gives[] = {
    FACT_HOST_VIEWPOINT,
    FACT_HOST_VM,
    FACT_HOST_HYPERVISOR,
    FACT_NONE,
};

/* Hyper-V TLFS 2.4: bits of the leaves about the partition. */
enum {
    HV_3_EBX_CREATE_PARTITIONS = 1u << 0,
    HV_3_EBX_CPU_MANAGEMENT = 1u << 12,
    HV_3_EBX_ISOLATION = 1u << 22,
    HV_4_EAX_NESTED = 1u << 12,
    HV_6_EAX_SLAT = 1u << 3,
    HV_2_EBX_VERSION_10 = 0x000a0000,
    XENFEAT_DOM0 = 11,
};

/* All evidence for or against a hypervisor. */
struct sight {
    const struct probe_run *p;
    struct cpu_answer bit; /* CPUID's own bit for a hypervisor */
    bool split;            /* the processor itself denies one, but the kernel was told of one */
    enum hypervisor cpuid, acpi, log;
    struct smbios_word smbios;
    bool qualcomm;     /* firmware that names itself in the hypervisor's field, on metal */
    bool cloud;        /* the OEM id is a cloud's, also used on its bare metal */
    const char *other; /* the name of one that is not listed */
};

static struct sight look(const struct probe_run *p)
{
    struct sight s = {
        .p = p,
        .bit = cpu_has_bit(p->cpu, CPUID_1, CPUID_ECX, CPUID_1_ECX_HYPERVISOR),
        .log = hypervisor_of_log(p->log),
        .smbios = hypervisor_of_smbios(p),
    };
    struct acpi_word acpi = hypervisor_of_acpi(p);
    s.acpi = acpi.hv;
    s.cloud = acpi.cloud;
    s.qualcomm = acpi.metal;
    s.cpuid = hypervisor_of_cpuid(p->cpu, p->arena, &s.other);
    if (!cpu_answer_yes(s.bit) && p->cpu->x86) {
        struct cpu_answer flag = cpu_has_flag(p->cpu, CPUINFO_HYPERVISOR);
        s.split = cpu_answer_no(s.bit) && cpu_answer_yes(flag);
        if (s.bit.st != ST_OK || cpu_answer_yes(flag))
            s.bit = flag;
    }
    return s;
}

static bool has_leaf(const struct cpu_evidence *e, enum cpuid_leaf leaf)
{
    return e->hypervisor_st == ST_OK && (e->hypervisor.known & 1u << leaf) != 0;
}

static uint32_t leaf_word(const struct cpu_evidence *e, enum cpuid_leaf leaf, enum cpuid_reg reg)
{
    return has_leaf(e, leaf) ? e->hypervisor.leaf[leaf][reg] : 0;
}

/* An EC2 instance not named metal is virtual; a bare vendor's name proves less. */
static bool is_instance(const struct sight *s)
{
    return s->smbios.instance && !s->smbios.metal;
}

/* SMBIOS or ACPI name a VMM: the machine is virtual, even if it runs a hypervisor itself. */
static bool is_named_virtual(const struct sight *s)
{
    return s->smbios.hv != HV_NOT_TOLD || s->acpi != HV_NOT_TOLD || is_instance(s);
}

/* A cloud that has both kinds, and nothing shows which this is. */
static bool is_cloud_of_either_kind(const struct sight *s)
{
    return (s->smbios.cloud || s->cloud) && !s->smbios.metal && !is_named_virtual(s);
}

/* The VMM that SMBIOS names, or ACPI: the firmware is its own, even if CPUID shows another. */
static enum hypervisor owner_of(const struct sight *s)
{
    bool named = s->smbios.hv != HV_NOT_TOLD && s->smbios.hv != HV_OTHER;
    return named ? s->smbios.hv : s->acpi;
}

/* Hyper-V ------------------------------------------------------------------------------------ */

/* The blob that shows a partition with the right to create others; NULL: none. */
static const char *root_told_by(const struct sight *s)
{
    const struct cpu_evidence *e = s->p->cpu;
    uint32_t want = HV_3_EBX_CREATE_PARTITIONS | HV_3_EBX_CPU_MANAGEMENT;
    uint32_t privileges = leaf_word(e, CPUID_HV_3, CPUID_EBX);
    if (s->cpuid == HV_HYPER_V && (privileges & (want | HV_3_EBX_ISOLATION)) == want)
        return HV_LEAVES;
    return s->p->log->hyperv_root ? LOG : NULL;
}

static bool is_nested_hyperv(const struct sight *s)
{
    return (leaf_word(s->p->cpu, CPUID_HV_4, CPUID_EAX) & HV_4_EAX_NESTED) != 0 ||
           s->p->log->hyperv_nested;
}

static struct cpu_answer hyperv_slat(const struct sight *s)
{
    const struct cpu_evidence *e = s->p->cpu;
    if (leaf_word(e, CPUID_HV_2, CPUID_EBX) == HV_2_EBX_VERSION_10 ||
        (leaf_word(e, CPUID_HV_6, CPUID_EAX) & HV_6_EAX_SLAT) != 0)
        return cpu_answer_is(true, origin_of(HV_LEAVES));
    return cpu_answer_unknown(ST_HIDDEN, origin_of(HV_LEAVES));
}

/* Xen ---------------------------------------------------------------------------------------- */

static bool xen_says(const struct probe_run *p, const char *key, const char *word)
{
    struct span value = {0}, one;
    struct blob b = snap_get(p->snap, XEN);
    (void)keyval_get(b.st == ST_OK ? b.data : (struct span){0}, key, &value);
    while (span_next_word(&value, &one)) {
        if (word[0] == '-' ? span_starts(one, word + 1) : span_is(one, word))
            return true;
    }
    return false;
}

static bool has_dom0_feature(const struct probe_run *p)
{
    struct span value;
    uint64_t features = 0;
    struct blob b = snap_get(p->snap, XEN);
    if (b.st != ST_OK || !keyval_get(b.data, "features", &value))
        return false;
    if (span_starts(value, "0x"))
        value = span_skip(value, 2);
    return span_take_hex(&value, &features) && (features >> XENFEAT_DOM0 & 1) != 0;
}

static const char *dom0_told_by(const struct sight *s)
{
    if (xen_says(s->p, "privileges", "control_d") || has_dom0_feature(s->p))
        return XEN;
    if (acpi_tables(s->p, "XMAR").st == ST_OK)
        return "acpi/XMAR";
    if (acpi_tables(s->p, "RMAD").st == ST_OK)
        return "acpi/RMAD";
    bool pv = span_starts(s->p->log->hypervisor, "Xen PV");
    return s->p->log->xen_initial_domain || (pv && s->smbios.hardware) ? LOG : NULL;
}

/* Deciding ----------------------------------------------------------------------------------- */

static struct view view_of(enum viewpoint is, enum hypervisor hv, const char *blob)
{
    struct cpu_answer untold = cpu_answer_unknown(ST_HIDDEN, origin_of(blob));
    return (struct view){.is = is,
                         .st = ST_OK,
                         .from = origin_of(blob),
                         .hv = hv,
                         .hv_name = hypervisor_name(hv),
                         .runs = untold,
                         .slat = untold,
                         .remaps = untold};
}

/* Hyper-V's root partition, or a lookalike inside a virtual machine. */
static struct view see_root(const struct sight *s, const char *blob)
{
    bool guest = is_named_virtual(s) || is_nested_hyperv(s);
    bool either = !guest && is_cloud_of_either_kind(s);
    enum viewpoint is = guest ? VIEW_GUEST : either ? VIEW_UNKNOWN : VIEW_ROOT;
    struct view v = view_of(is, HV_HYPER_V, blob);
    if (either)
        v.st = ST_CONFLICT;
    v.owner = is_instance(s) ? HV_KVM : owner_of(s);
    v.runs = cpu_answer_is(true, origin_of(blob));
    v.slat = hyperv_slat(s);
    if (guest)
        notes_add(s->p->notes, blob,
                  "Hyper-V runs inside this virtual machine, and this is its root partition");
    return v;
}

static struct view see_dom0(const struct sight *s, const char *blob)
{
    struct origin xen = origin_of(XEN);
    bool guest = is_named_virtual(s);
    struct view v = view_of(guest ? VIEW_GUEST : VIEW_DOM0, HV_XEN, blob);
    v.hides = !guest;
    v.owner = owner_of(s);
    if (xen_says(s->p, "capabilities", "-hvm-"))
        v.runs = cpu_answer_is(true, xen);
    if (xen_says(s->p, "virt-caps", "hap"))
        v.slat = cpu_answer_is(true, xen);
    if (xen_says(s->p, "virt-caps", "hvm_directio"))
        v.remaps = cpu_answer_is(true, xen);
    if (guest)
        notes_add(s->p->notes, blob, "Xen runs inside this virtual machine, and this is its dom0");
    return v;
}

static struct view see_wsl(const struct sight *s, const char *blob)
{
    struct view v = view_of(VIEW_WSL, HV_HYPER_V, blob);
    v.hides = true;
    if (!wsl_is_1(s->p)) {
        v.runs = cpu_answer_is(true, origin_of(blob));
        v.slat = v.runs;
    }
    notes_add(s->p->notes, blob,
              "this is WSL, not the PC itself: run msinfo32 in Windows, or boot the live stick");
    return v;
}

/* The name is CPUID's, but some VMMs show another's there, and their own in SMBIOS. */
static struct view see_guest(const struct sight *s, struct origin from)
{
    const enum hypervisor xen = xen_says(s->p, "type", "xen") ? HV_XEN : HV_NOT_TOLD;
    const enum hypervisor told[] = {s->cpuid, xen, s->smbios.hv, s->log, s->acpi};
    enum hypervisor hv = told[0];
    for (size_t i = 1; hv == HV_NOT_TOLD && i < sizeof told / sizeof told[0]; i++)
        hv = told[i];
    bool vbox = s->smbios.hv == HV_VIRTUALBOX || s->acpi == HV_VIRTUALBOX;
    if (hv == HV_HYPER_V && owner_of(s) != HV_NOT_TOLD)
        hv = owner_of(s);
    if (hv == HV_KVM && vbox) /* it shows Linux KVM's leaf, for its clock */
        hv = HV_VIRTUALBOX;
    struct view v = view_of(VIEW_GUEST, hv, from.blob);
    if (hv == HV_KVM && s->acpi != HV_NOT_TOLD) /* crosvm and Firecracker use KVM, like QEMU */
        v.owner = s->acpi;
    v.from = from;
    if (hv == HV_OTHER && s->other != NULL)
        v.hv_name = s->other;
    return v;
}

/* How many kinds of evidence besides CPUID's bit name a VMM; *blob becomes that of the first. */
static unsigned count_names(const struct sight *s, const char **blob)
{
    unsigned n = 0;
    const struct {
        bool named;
        const char *blob;
    } told[] = {
        {s->smbios.hv != HV_NOT_TOLD, s->smbios.blob},
        {s->log != HV_NOT_TOLD, LOG},
        {s->acpi != HV_NOT_TOLD, "acpi/FACP"},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (told[i].named && n++ == 0)
            *blob = told[i].blob;
    }
    return n;
}

/* Without CPUID's bit: metal if there is enough evidence and none of it names a VMM. */
static struct view see_without_bit(const struct sight *s)
{
    const struct probe_run *p = s->p;
    const struct cpu_evidence *e = p->cpu;
    /* An Arm kernel at EL1 may be a guest without any sign of it. */
    bool maybe_guest = (e->arm64 && e->log.el != KLOG_EL2 && !e->log.hyp_mode) ||
                       ((s->smbios.cloud || s->cloud) && !s->smbios.metal);
    if (hypervisor_is_ruled_out(p->log) && s->smbios.hardware)
        return view_of(VIEW_METAL, HV_NOT_TOLD, LOG);
    if (s->smbios.metal)
        return view_of(VIEW_METAL, HV_NOT_TOLD, s->smbios.blob);
    if (s->qualcomm)
        return view_of(VIEW_METAL, HV_NOT_TOLD, "acpi/FACP");
    /* FACP would name a VMM: one that is only listed does not say that there is none. */
    enum status facp = acpi_tables(p, "FACP").st;
    bool complete = acpi_is_complete(p->snap) && !maybe_guest;
    if (complete && facp == ST_OK) {
        notes_add(p->notes, "acpi/FACP",
                  "assumed to be bare metal: nothing names a hypervisor, and there is no CPUID "
                  "data");
        return view_of(VIEW_METAL, HV_NOT_TOLD, "acpi/FACP");
    }
    struct view v = view_of(VIEW_UNKNOWN, HV_NOT_TOLD, complete ? "acpi/FACP" : s->bit.from.blob);
    v.st = complete ? facp : s->bit.st;
    return v;
}

/* Xen's PV domains look like this, including dom0; the evidence does not tell them apart. */
static struct view see_split(const struct sight *s)
{
    struct view v = view_of(VIEW_UNKNOWN, HV_NOT_TOLD, "cpuinfo");
    v.st = snap_get(s->p->snap, LOG).st == ST_NO_PERMISSION ? ST_NO_PERMISSION : ST_CONFLICT;
    notes_add(s->p->notes, "cpuinfo",
              "the kernel reports a hypervisor that the processor itself does not name: this may "
              "be Xen's dom0");
    return v;
}

/* The number of sources that could name a VMM but were denied. */
static unsigned denied(const struct sight *s)
{
    static const char *const blobs[] = {"dmi", LOG, "acpi/FACP"};
    unsigned n = 0;
    for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++)
        n += snap_get(s->p->snap, blobs[i]).st == ST_NO_PERMISSION;
    return n;
}

static struct view see_plain(const struct sight *s)
{
    const char *blob = HV_LEAVES;
    unsigned names = count_names(s, &blob);
    if (s->split && names == 0 && s->smbios.hardware)
        return see_split(s);
    if (cpu_answer_yes(s->bit))
        return see_guest(s, s->bit.from);
    if (s->cpuid != HV_NOT_TOLD && s->bit.st != ST_OK)
        return see_guest(s, origin_of(HV_LEAVES));
    if (xen_says(s->p, "type", "xen"))
        return see_guest(s, origin_of(XEN));
    if (s->bit.st != ST_OK)
        return names > 0        ? see_guest(s, origin_of(blob))
               : is_instance(s) ? see_guest(s, origin_of(s->smbios.blob))
                                : see_without_bit(s);
    if (names == 1 && denied(s) > 0) {
        struct view v = view_of(VIEW_UNKNOWN, HV_NOT_TOLD, blob);
        v.st = ST_NO_PERMISSION;
        return v;
    }
    if (names < 2)
        return view_of(VIEW_METAL, HV_NOT_TOLD, s->bit.from.blob);
    notes_add(s->p->notes, blob,
              "CPUID shows no hypervisor, but the firmware is that of a virtual machine: the "
              "hypervisor hides itself");
    return see_guest(s, origin_of(blob));
}

struct view view_decide(const struct probe_run *p)
{
    struct sight s = look(p);
    const char *blob;
    if ((blob = wsl_told_by(p)) != NULL)
        return see_wsl(&s, blob);
    if ((blob = dom0_told_by(&s)) != NULL)
        return see_dom0(&s, blob);
    if ((blob = root_told_by(&s)) != NULL)
        return see_root(&s, blob);
    return see_plain(&s);
}

static void run(const struct probe_run *p)
{
    const struct view *v = p->view;
    p->facts->viewpoint = v->is;
    if (v->is == VIEW_UNKNOWN) {
        facts_all_unknown(p->facts, gives, v->st, v->from);
        return;
    }
    bool vm = v->is == VIEW_GUEST || v->is == VIEW_WSL;
    facts_text(p->facts, FACT_HOST_VIEWPOINT, viewpoint_name(v->is), v->from);
    facts_bool(p->facts, FACT_HOST_VM, vm, v->from);
    facts_text(p->facts, FACT_HOST_HYPERVISOR, v->is == VIEW_METAL ? "none" : v->hv_name, v->from);
}

const struct probe probe_viewpoint = {
    .name = "viewpoint",
    .summary = "Place from which the machine was seen: metal, guest, root partition, dom0 or WSL",
    .wants = wants,
    .gives = gives,
    .run = run,
};
