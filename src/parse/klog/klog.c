/* SPDX-License-Identifier: MIT */
#include "parse/klog/klog.h"
#include "vbscheck/count.h"

/* `rest` is the text after the anchor. The first line with a value counts. */
typedef void on_anchor(struct klog *k, struct span rest);

static void keep_first(struct span *to, struct span value)
{
    if (to->len == 0)
        *to = span_trim(value);
}

static void on_efi(struct klog *k, struct span rest)
{
    struct span by;
    k->efi |= rest.len > 0 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9';
    if (k->efi && span_find(rest, " by ", &by))
        keep_first(&k->efi_by, by);
}

static void on_efi_32bit(struct klog *k, struct span rest)
{
    (void)rest;
    k->efi_32bit = true;
}

static void on_version(struct klog *k, struct span rest)
{
    struct span release;
    struct span line = rest;
    if (k->release.len > 0 || !span_next_word(&rest, &release))
        return;
    k->release = release;
    k->arm64 |= span_find(line, "aarch64", NULL) || span_find(line, "arm64", NULL);
}

static void on_x86(struct klog *k, struct span rest)
{
    (void)rest;
    k->x86 = true;
}

static void on_vmx_disabled(struct klog *k, struct span rest)
{
    (void)rest;
    k->vmx_disabled = true;
}

static void on_svm_disabled(struct klog *k, struct span rest)
{
    (void)rest;
    k->svm_disabled = true;
}

static void on_kvm_disabled(struct klog *k, struct span rest)
{
    (void)rest;
    k->kvm_disabled = true;
}

/* arch/arm64/kernel/smp.c, hyp_mode_check() */
static void on_el(struct klog *k, struct span rest)
{
    if (span_starts(rest, "1"))
        k->el = KLOG_EL1;
    else if (span_starts(rest, "2"))
        k->el = KLOG_EL2;
}

static void on_mixed_el(struct klog *k, struct span rest)
{
    (void)rest;
    k->el = KLOG_EL_MIXED;
}

/* arch/arm64/kvm/arm.c: "kvm [1]: VHE mode initialized successfully", "Hyp nVHE mode …". */
static void on_kvm_task(struct klog *k, struct span rest)
{
    uint64_t task = 0;
    if (!span_take_dec(&rest, &task) || !span_starts(rest, "]: "))
        return;
    rest = span_skip(rest, 3);
    if (span_starts(rest, "HYP mode not available"))
        k->no_hyp_mode = true;
    else if (span_find(rest, "mode initialized successfully", NULL))
        k->hyp_mode = true;
}

static void on_hypervisor(struct klog *k, struct span rest)
{
    keep_first(&k->hypervisor, rest);
}

static void on_hyperv_root(struct klog *k, struct span rest)
{
    (void)rest;
    k->hyperv_root = true;
}

static void on_hyperv_nested(struct klog *k, struct span rest)
{
    (void)rest;
    k->hyperv_nested = true;
}

/* arch/x86/kernel/cpu/mshyperv.c, since 5.9: EAX and EBX of leaf 4000_0003h */
static void on_hyperv_privileges(struct klog *k, struct span rest)
{
    struct span high;
    uint64_t privileges = 0;
    /* More follows: a number at the end of the line may have lost digits. */
    if (!span_find(rest, " high 0x", &high) || !span_take_hex(&high, &privileges) ||
        !span_starts(high, ","))
        return;
    k->has_hyperv_privileges = true;
    k->hyperv_privileges_high = privileges;
}

static void on_initial_domain(struct klog *k, struct span rest)
{
    (void)rest;
    k->xen_initial_domain = true;
}

static void on_bare_hardware(struct klog *k, struct span rest)
{
    (void)rest;
    k->bare_hardware = true;
}

/* dmi_format_ids(); "DMI: Memory slots populated" is another line. */
static void on_dmi(struct klog *k, struct span rest)
{
    if (span_find(rest, ", BIOS ", NULL))
        keep_first(&k->dmi, rest);
}

static void take_secure_boot(struct klog *k, enum klog_secure_boot told)
{
    bool same = k->secure_boot == KLOG_SB_UNKNOWN || k->secure_boot == told;
    k->secure_boot = same ? told : KLOG_SB_CONFLICT;
}

static void on_lockdown(struct klog *k, struct span rest)
{
    k->lockdown = true;
    if (span_starts(rest, " from EFI Secure Boot"))
        take_secure_boot(k, KLOG_SB_ENABLED);
}

static void on_secure_boot(struct klog *k, struct span rest)
{
    if (span_starts(rest, "enabled"))
        take_secure_boot(k, KLOG_SB_ENABLED);
    else if (span_starts(rest, "disabled"))
        take_secure_boot(k, KLOG_SB_DISABLED);
}

static void on_e820(struct klog *k, struct span rest)
{
    (void)rest;
    k->x86 = true;
    k->e820 = true;
}

static void on_efi_words(struct klog *k, struct span rest)
{
    (void)rest;
    k->uefi_hints = true;
}

/*
 * "ACPI: RSDP 0x00000000000F04A0 000024 (v02 ALASKA)"; ACPI 6.5, 5.2.5: a BIOS puts it below 1 MiB
 */
static void on_rsdp(struct klog *k, struct span rest)
{
    uint64_t address = 0;
    struct span s = span_starts(rest, "0x") ? span_skip(rest, 2) : rest;
    k->uefi_hints |= span_take_hex(&s, &address) && address >= 1u << 20;
}

/* arch/x86/kernel/smpboot.c, print_cpu_info(); before 3.11 without the prefix */
static void on_cpu0(struct klog *k, struct span rest)
{
    keep_first(&k->cpu0, rest);
}

static void on_opt_in(struct klog *k, struct span rest)
{
    (void)rest;
    k->opt_in = true;
}

/* arch/x86/kvm/svm/svm.c, svm_hardware_setup(): comes after its own check that SVM is on. */
static void on_nested_paging(struct klog *k, struct span rest)
{
    (void)rest;
    k->nested_paging = true;
}

/* drivers/char/tpm/tpm_tis_core.c: "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16)" */
static void on_tpm(struct klog *k, struct span rest)
{
    k->tpm_2 |= span_find(rest, ": 2.0 TPM (device-id ", NULL);
    k->tpm_1 |= span_find(rest, ": 1.2 TPM (device-id ", NULL);
}

/* arch/arm/kernel/setup.c: "CPU: ARMv7 Processor [410fd034] revision 4 (ARMv7), cr=10c5383d" */
static void on_armv7(struct klog *k, struct span rest)
{
    uint64_t midr = 0;
    struct span s = span_trim(rest);
    k->armv7 = true;
    if (!span_starts(s, "["))
        return;
    s = span_skip(s, 1);
    if (k->has_midr || !span_take_hex(&s, &midr) || !span_starts(s, "]") || midr > UINT32_MAX)
        return;
    k->has_midr = true;
    k->midr = (uint32_t)midr;
}

/* arch/arm64/kernel/setup.c, since 4.16; the 32-bit kernel prints one digit and no MIDR. */
static void on_physical_cpu(struct klog *k, struct span rest)
{
    enum { DIGITS = 10 };
    uint64_t id = 0, midr = 0;
    struct span s = rest;
    if (!span_take_hex(&s, &id) || rest.len - s.len != DIGITS || !span_starts(s, " [0x"))
        return;
    s = span_skip(s, 4);
    if (!span_take_hex(&s, &midr) || !span_starts(s, "]") || midr > UINT32_MAX)
        return;
    k->arm64 = true;
    k->has_midr = true;
    k->midr = (uint32_t)midr;
}

static const struct {
    const char *prefix;
    on_anchor *on;
} anchors[] = {
    {"Booting Linux on physical CPU 0x", on_physical_cpu},
    {"CPU: ARMv7 Processor", on_armv7},
    {"DMAR: Intel-IOMMU force enabled due to platform opt in", on_opt_in},
    {"kvm: Nested Paging enabled", on_nested_paging},
    {"kvm_amd: Nested Paging enabled", on_nested_paging}, /* since 6.0 */
    {"tpm_tis", on_tpm},
    {"efi: EFI v", on_efi},
    {"efi: ", on_efi_words},
    {"smpboot: CPU0: ", on_cpu0},
    {"CPU0: ", on_cpu0},
    {"ACPI: RSDP ", on_rsdp},
    /* drivers of arch/x86/platform/efi: a 64-bit kernel on firmware of 32 bits */
    {"efi: No EFI runtime due to 32/64-bit mismatch", on_efi_32bit},
    {"EFI v", on_efi}, /* before 3.16 */
    {"Linux version ", on_version},
    {"BIOS-e820: ", on_e820},
    {"x86/", on_x86},
    /* arch/x86/kernel/cpu/feat_ctl.c, since 5.6; kvm modules: two spellings each */
    {"x86/cpu: VMX (outside TXT) disabled by BIOS", on_vmx_disabled},
    {"kvm: support for 'kvm_intel' disabled by bios", on_vmx_disabled},
    {"kvm_intel: VMX not enabled (by BIOS)", on_vmx_disabled},
    /* arch/x86/kernel/cpu/amd.c, since 6.7 */
    {"x86/cpu: SVM disabled (by BIOS)", on_svm_disabled},
    {"kvm: support for 'kvm_amd' disabled by bios", on_svm_disabled},
    {"kvm_amd: SVM disabled (by BIOS)", on_svm_disabled},
    {"kvm: disabled by bios", on_kvm_disabled},
    {"CPU: All CPU(s) started at EL", on_el},
    {"CPU: CPUs started in inconsistent modes", on_mixed_el},
    {"kvm [", on_kvm_task},
    {"Hypervisor detected: ", on_hypervisor},
    {"Hyper-V: running as root partition", on_hyperv_root},
    {"Hyper-V: running on a nested hypervisor", on_hyperv_nested},
    {"Hyper-V: privilege flags low ", on_hyperv_privileges},
    {"xen: Initial domain", on_initial_domain},
    {"Booting paravirtualized kernel on bare hardware", on_bare_hardware},
    {"DMI: ", on_dmi},
    {"Kernel is locked down", on_lockdown},
    /* distributions' patches; arch/x86/kernel/setup.c; security/integrity/ima/ima_efi.c */
    {"secureboot: Secure boot ", on_secure_boot},
    {"Secure boot ", on_secure_boot},
    {"ima: secureboot mode ", on_secure_boot},
};

static void look_for_anchors(struct klog *k, struct span message)
{
    for (size_t i = 0; i < COUNT(anchors); i++) {
        const char *prefix = anchors[i].prefix;
        if (message.ptr[0] == (uint8_t)prefix[0] && span_starts(message, prefix))
            anchors[i].on(k, span_skip(message, span_of(prefix).len));
    }
}

/* The first line of configuration tables, and the data that shows whether it is whole. */
struct tables_line {
    struct span line;
    struct span tables;
    size_t longest; /* line of the same boot, among those that captures keep */
    bool is_next;   /* the line that follows is the next one */
    bool followed;  /* by another message, so the log does not end in it */
    bool wrapped;
    bool over; /* the log of another boot began */
};

static void measure(struct tables_line *t, struct span line, struct span message)
{
    bool found = t->tables.len > 0;
    if (message.len > 0 && span_starts(message, "Linux version ")) {
        t->over |= found;
        t->longest = found ? t->longest : 0;
    }
    size_t len = span_trim(line).len;
    if (t->over || (len <= t->longest && t->followed) || !klog_matters(message))
        return;
    t->followed |= found;
    t->longest = len > t->longest ? len : t->longest;
}

static void look_for_tables(struct tables_line *t, struct span line, struct span message)
{
    t->wrapped |= t->is_next && klog_tables_go_on(t->tables, line);
    t->is_next = false;
    measure(t, line, message);
    if (t->tables.len > 0 || !span_starts(message, "efi:"))
        return;
    t->tables = klog_tables(message);
    t->line = line;
    t->is_next = t->tables.len > 0;
}

/* First lines of a kernel log: a log that has one did not lose its start. */
static bool starts_log(struct span message)
{
    return span_starts(message, "Linux version ") ||
           span_starts(message, "Booting Linux on physical CPU") ||
           span_starts(message, "BIOS-e820: ");
}

enum status klog_parse(struct span text, struct klog *out)
{
    struct klog k = {0};
    struct tables_line t = {0};
    struct span line;
    bool first = true;
    while (span_next_line(&text, &line)) {
        struct span m = klog_message(line);
        look_for_tables(&t, line, m);
        if (m.len == 0 || !klog_matters(m))
            continue;
        k.from_start |= first && starts_log(m);
        first = false;
        klog_acpi_take(&k.acpi, m);
        look_for_anchors(&k, m);
    }
    klog_acpi_take(&k.acpi, (struct span){0});
    /* The tables that Xen and WSL show are not those of the machine. */
    k.acpi.whole = k.acpi.whole && !span_starts(k.hypervisor, "Xen") &&
                   !span_find(k.release, "icrosoft", NULL);
    k.efi_tables = t.tables;
    k.efi_tables_cut = t.tables.len > 0 && (t.wrapped || !t.followed ||
                                            klog_tables_are_cut(t.line, t.tables, t.longest));
    *out = k;
    return ST_OK;
}
