/* SPDX-License-Identifier: MIT */
/* The decision tables for Intel, AMD and Arm, row by row. */
#include "support/cmocka.h"

#include "support/scene.h"
#include "vbscheck/count.h"

#define VMX        (1u << 5)
#define HYPERVISOR (1u << 31)
#define SVM        (1u << 2)
#define LM         (1u << 29)
#define NP         (1u << 0)
#define GMET       (1u << 17)

/* A feature-control register that firmware locked with VMX on, and capabilities with EPT, MBEC. */
#define GOOD_MSRS                                                                                  \
    "0 0x3a 0x0000000000000005\n"                                                                  \
    "0 0x482 0xfff9fffe0401e172\n"                                                                 \
    "0 0x48b 0x00553cfe00000000\n"                                                                 \
    "0 0x48c 0x00000f0106734141\n"

#define INTEL                                                                                      \
    {                                                                                              \
        "GenuineIntel", VMX, 0, LM, 0                                                              \
    }
#define INTEL_WITHOUT                                                                              \
    {                                                                                              \
        "GenuineIntel", 0, 0, LM, 0                                                                \
    }
#define AMD                                                                                        \
    {                                                                                              \
        "AuthenticAMD", 0, SVM, LM, NP | GMET                                                      \
    }
#define AMD_WITHOUT                                                                                \
    {                                                                                              \
        "AuthenticAMD", 0, 0, LM, 0                                                                \
    }

static const struct scene_cpu intel = INTEL;
static const struct scene_cpu intel_without = INTEL_WITHOUT;
static const struct scene_cpu amd = AMD;

/* One row of a decision table: evidence, and what follows for two rules. */
struct row {
    const char *what;
    struct scene_cpu cpu;
    const char *msr;
    enum status msr_st; /* where `msr` is NULL */
    const char *cpuinfo;
    const char *kernel;
    const char *log;
    const char *kvm;
    enum verdict virtualization;
    enum status reason;
    enum cause cause;
    enum verdict slat;
};

#define CPUINFO(flags, vmx_line)                                                                   \
    "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\n"                 \
    "stepping\t: 10\nflags\t\t: fpu lm " flags "\n" vmx_line "\n"
#define VMX_LINE "vmx flags\t: vnmi ept ept_ad vpid unrestricted_guest"

static void judge_row(struct scene *s, const struct row *r)
{
    scene_begin(s);
    if (r->cpu.vendor != NULL)
        scene_cpuid(s, r->cpu, 1);
    if (r->msr != NULL)
        scene_text(s, "msr", r->msr);
    else
        scene_missing(s, "msr", r->msr_st);
    if (r->cpuinfo != NULL)
        scene_text(s, "cpuinfo", r->cpuinfo);
    if (r->kernel != NULL)
        scene_text(s, "kernel", r->kernel);
    if (r->log != NULL)
        scene_text(s, "efi/kernel-log", r->log);
    if (r->kvm != NULL)
        scene_text(s, "sys/kvm", r->kvm);
    scene_judge(s);
}

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct scene s;
        judge_row(&s, &rows[i]);
        const struct outcome *o = scene_rule(&s, "cpu.virtualization");
        if (o->verdict != rows[i].virtualization || o->reason != rows[i].reason ||
            (o->verdict == V_FAIL && o->cause != rows[i].cause))
            fail_msg("%s: cpu.virtualization is %s, reason %s, cause %s", rows[i].what,
                     verdict_name(o->verdict), status_name(o->reason), cause_name(o->cause));
        if (scene_verdict(&s, "cpu.slat") != rows[i].slat)
            fail_msg("%s: cpu.slat is %s", rows[i].what,
                     verdict_name(scene_verdict(&s, "cpu.slat")));
        scene_end(&s);
    }
}

static void intel_rows_of_the_decision_table_hold(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.what = "no VMX on metal",
         .cpu = INTEL_WITHOUT,
         .msr = GOOD_MSRS,
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_ABSENT,
         .slat = V_FAIL},
        {.what = "locked with VMX",
         .cpu = INTEL,
         .msr = GOOD_MSRS,
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "locked off, kernel with KVM",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000001\n",
         .kernel = "config-kvm-intel: m\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_UNKNOWN},
        {.what = "locked off, kernel without KVM",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000001\n",
         .kernel = "config-kvm-intel: n\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_NO_DRIVER,
         .slat = V_UNKNOWN},
        {.what = "locked off, kernel not known",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000001\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_NOT_COLLECTED,
         .slat = V_UNKNOWN},
        {.what = "locked off, and the kernel says so",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000001\n",
         .log = "[    0.1] x86/cpu: VMX (outside TXT) disabled by BIOS\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_UNKNOWN},
        {.what = "not locked",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000000\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_UNPROVABLE,
         .slat = V_UNKNOWN},
        {.what = "not locked, under a kernel that locks it",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000000\n",
         .kernel = "release: 6.1.0\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_UNPROVABLE,
         .slat = V_UNKNOWN},
        {.what = "not locked, yet the flag shows",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000000\n",
         .cpuinfo = CPUINFO("vmx", VMX_LINE),
         .virtualization = V_UNKNOWN,
         .reason = ST_CONFLICT,
         .slat = V_PASS},
        {.what = "for TXT launch only",
         .cpu = INTEL,
         .msr = "0 0x3a 0x0000000000000003\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_UNKNOWN},
        {.what = "register denied, flag shows, kernel 5.6",
         .cpu = INTEL,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("vmx", VMX_LINE),
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "register denied, flag shows, kernel 5.4",
         .cpu = INTEL,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("vmx ept", ""),
         .kernel = "release: 5.4.0-1\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_NO_PERMISSION,
         .slat = V_PASS},
        {.what = "register denied, flag hidden, kernel with KVM",
         .cpu = INTEL,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("", ""),
         .kernel = "release: 6.1.0\nconfig-kvm-intel: m\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_UNKNOWN},
        {.what = "register denied, flag hidden, kernel without KVM",
         .cpu = INTEL,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("", ""),
         .kernel = "release: 6.1.0\nconfig-kvm-intel: n\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_NO_DRIVER,
         .slat = V_UNKNOWN},
        {.what = "msr module missing, nothing else",
         .cpu = INTEL,
         .msr_st = ST_NO_DRIVER,
         .virtualization = V_UNKNOWN,
         .reason = ST_NO_DRIVER,
         .slat = V_UNKNOWN},
        {.what = "kvm_intel is at work",
         .cpu = INTEL,
         .msr_st = ST_NO_PERMISSION,
         .kvm = "kvm\nkvm_intel\nkvm_intel ept Y\n",
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "an SVM bit on Intel",
         .cpu = {"GenuineIntel", VMX, SVM, LM, NP},
         .msr = GOOD_MSRS,
         .virtualization = V_UNKNOWN,
         .reason = ST_CONFLICT,
         .slat = V_PASS},
    };
    check_rows(rows, COUNT(rows));
}

/* An ordinary user was sent to look for the kernel's configuration: root sees it in the log. */
static void what_a_denied_log_would_tell_of_hidden_vmx_takes_permission(void **state)
{
    (void)state;
    static const enum status logs[] = {ST_NOT_COLLECTED, ST_NO_PERMISSION};
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, intel, 1);
        scene_missing(&s, "msr", ST_NO_PERMISSION);
        scene_text(&s, "cpuinfo", CPUINFO("", ""));
        scene_text(&s, "kernel", "release: 6.1.0\n");
        scene_missing(&s, "efi/kernel-log", logs[i]);
        scene_judge(&s);
        const struct outcome *o = scene_rule(&s, "cpu.virtualization");
        assert_int_equal(V_UNKNOWN, o->verdict);
        assert_int_equal(logs[i], o->reason);
        scene_end(&s);
    }
}

static void amd_rows_of_the_decision_table_hold(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.what = "no SVM on metal",
         .cpu = AMD_WITHOUT,
         .msr = "0 0xc0010114 0x0\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_ABSENT,
         .slat = V_FAIL},
        {.what = "SVMDIS clear",
         .cpu = AMD,
         .msr = "0 0xc0010114 0x0000000000000008\n",
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "SVMDIS and LOCK",
         .cpu = AMD,
         .msr = "0 0xc0010114 0x0000000000000018\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_PASS},
        {.what = "SVMDIS without LOCK",
         .cpu = AMD,
         .msr = "0 0xc0010114 0x0000000000000010\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_PASS},
        {.what = "register denied, flag shows, kernel 6.12",
         .cpu = AMD,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("svm npt", ""),
         .kernel = "release: 6.12.9\n",
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "register denied, flag hidden, kernel 6.12",
         .cpu = AMD,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("", ""),
         .kernel = "release: 6.12.9\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_PASS},
        {.what = "register denied, flag shows, kernel 6.1",
         .cpu = AMD,
         .msr_st = ST_NO_PERMISSION,
         .cpuinfo = CPUINFO("svm npt", ""),
         .kernel = "release: 6.1.0\n",
         .virtualization = V_UNKNOWN,
         .reason = ST_NO_PERMISSION,
         .slat = V_PASS},
        {.what = "register denied, 6.1 says disabled by bios",
         .cpu = AMD,
         .msr_st = ST_NO_PERMISSION,
         .log = "[    5.0] kvm: support for 'kvm_amd' disabled by bios\n",
         .virtualization = V_FAIL,
         .reason = ST_OK,
         .cause = CAUSE_DISABLED,
         .slat = V_PASS},
        {.what = "no nested paging",
         .cpu = {"AuthenticAMD", 0, SVM, LM, 2},
         .msr = "0 0xc0010114 0x0\n",
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_FAIL},
        {.what = "Hygon is judged as AMD",
         .cpu = {"HygonGenuine", 0, SVM, LM, NP},
         .msr = "0 0xc0010114 0x0\n",
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
    };
    check_rows(rows, COUNT(rows));
}

static void cpuinfo_alone_proves_what_it_can(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.what = "vmx and a vmx flags line",
         .msr_st = ST_NOT_COLLECTED,
         .cpuinfo = CPUINFO("vmx", VMX_LINE),
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_PASS},
        {.what = "a vmx flags line without ept",
         .msr_st = ST_NOT_COLLECTED,
         .cpuinfo = CPUINFO("vmx", "vmx flags\t: vnmi"),
         .virtualization = V_PASS,
         .reason = ST_OK,
         .slat = V_FAIL},
        {.what = "no vmx flag",
         .msr_st = ST_NOT_COLLECTED,
         .cpuinfo = CPUINFO("", ""),
         .virtualization = V_UNKNOWN,
         .reason = ST_NOT_COLLECTED,
         .slat = V_UNKNOWN},
        {.what = "vmx of an old kernel",
         .msr_st = ST_NOT_COLLECTED,
         .cpuinfo = CPUINFO("vmx", ""),
         .virtualization = V_UNKNOWN,
         .reason = ST_NOT_COLLECTED,
         .slat = V_UNKNOWN},
    };
    check_rows(rows, COUNT(rows));
}

static void slat_needs_four_level_walks_and_write_back(void **state)
{
    (void)state;
    static const struct {
        const char *ept_vpid_cap;
        enum verdict slat;
    } rows[] = {
        {"0x0000000000004040", V_PASS}, /* both */
        {"0x0000000000004000", V_FAIL}, /* no four-level walk */
        {"0x0000000000000040", V_FAIL}, /* no write-back */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, intel, 1);
        scene_text(&s, "msr",
                   arena_printf(&s.arena,
                                "0 0x3a 0x5\n0 0x482 0x8000000000000000\n"
                                "0 0x48b 0x0000000200000000\n0 0x48c %s\n",
                                rows[i].ept_vpid_cap));
        scene_judge(&s);
        assert_verdict(&s, "cpu.slat", rows[i].slat);
        assert_verdict(&s, "cpu.mbec", V_FAIL);
        scene_end(&s);
    }
}

/* SDM volume 3, table 25-7: "mode-based execute control for EPT" is bit 22 of the allowed ones. */
static void mbec_is_bit_22_and_no_other(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, intel, 1);
        scene_text(&s, "msr",
                   arena_printf(&s.arena,
                                "0 0x3a 0x5\n0 0x482 0x8000000000000000\n0 0x48b 0x%08x00000000\n"
                                "0 0x48c 0x4040\n",
                                1u << bit | 1u << 1));
        scene_judge(&s);
        assert_verdict(&s, "cpu.mbec", bit == 22 ? V_PASS : V_FAIL);
        scene_end(&s);
    }
}

/* Linux clears the flag where firmware switched VT-x off: no flag is no proof that there is none.
 */
static void no_flag_vmx_proves_nothing(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "cpuinfo", CPUINFO("", ""));
    scene_judge(&s);
    assert_int_not_equal(scene_fact(&s, "cpu.vmx")->st, ST_OK);
    scene_end(&s);
}

static void a_processor_without_ept_fails_slat(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, intel, 1);
    /* Core 2 Penryn: secondary controls, no EPT; the EPT register is not there. */
    scene_text(&s, "msr",
               "0 0x3a 0x5\n0 0x482 0xf7f9fffe0401e172\n0 0x48b 0x0000004100000000\n"
               "0 0x48c absent\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_PASS);
    assert_verdict(&s, "cpu.slat", V_FAIL);
    scene_end(&s);
}

static void the_worst_cpu_decides(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, intel, 3);
    scene_text(&s, "msr", "0 0x3a 0x5\n1 0x3a 0x1\n2 0x3a 0x5\n");
    scene_text(&s, "kernel", "config-kvm-intel: y\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    assert_string_equal(scene_fact(&s, "cpu.feature-control")->v.text, "0x0000000000000001");
    scene_end(&s);

    scene_begin(&s);
    scene_cpuid(&s, intel, 1);
    scene_cpuid(&s, intel_without, 1);
    scene_text(&s, "msr", "0 0x3a 0x5\n1 0x3a 0x5\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    scene_end(&s);

    scene_begin(&s);
    scene_cpuid(&s, amd, 2);
    scene_text(&s, "msr", "0 0xc0010114 0x8\n1 0xc0010114 0x18\n");
    scene_judge(&s);
    assert_string_equal(scene_fact(&s, "cpu.vm-cr")->v.text, "0x0000000000000018");
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    scene_end(&s);
}

static void hidden_virtualization_in_a_vm_is_judged_by_vm_nested(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu){"AuthenticAMD", HYPERVISOR, 0, LM, 0}, 2);
    scene_text(&s, "cpuid-hypervisor", "CPUID 40000000: 40000001-4B4D564B-564B4D56-0000004D\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_NOT_APPLICABLE);
    assert_verdict(&s, "cpu.slat", V_NOT_APPLICABLE);
    assert_verdict(&s, "cpu.mbec", V_NOT_APPLICABLE);
    assert_verdict(&s, "vm.nested", V_FAIL);
    assert_string_equal(scene_fact(&s, "host.hypervisor")->v.text, "KVM");
    scene_end(&s);
}

static void visible_virtualization_in_a_vm_passes_vm_nested(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu){"AuthenticAMD", HYPERVISOR, SVM, LM, NP}, 2);
    scene_text(&s, "msr", "0 0xc0010114 0x0\n1 0xc0010114 0x0\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_PASS);
    assert_verdict(&s, "vm.nested", V_PASS);
    scene_end(&s);
}

static void hyper_v_offers_vsm_without_nesting(void **state)
{
    (void)state;
    /* "Microsoft Hv" and, in 4000_0003h EBX, bit 16 or not. */
    static const char *const privileges[] = {"00000000", "00010000"};
    static const enum verdict verdicts[] = {V_FAIL, V_PASS};
    for (size_t i = 0; i < 2; i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", HYPERVISOR, 0, LM, 0}, 1);
        scene_text(&s, "efi/platform", "64\n");
        scene_text(&s, "cpuid-hypervisor",
                   arena_printf(&s.arena,
                                "CPUID 40000000: 4000000A-7263694D-666F736F-76482074\n"
                                "CPUID 40000003: 00002E7F-%s-00000002-000ED7B2\n",
                                privileges[i]));
        scene_judge(&s);
        assert_verdict(&s, "vm.nested", verdicts[i]);
        scene_end(&s);
    }
}

static void a_vm_whose_hypervisor_is_not_known_stays_open(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu){"GenuineIntel", HYPERVISOR, 0, LM, 0}, 1);
    scene_judge(&s);
    assert_verdict(&s, "vm.nested", V_UNKNOWN);
    assert_reason(&s, "vm.nested", ST_NOT_COLLECTED);
    scene_end(&s);
}

/* One processor of /proc/cpuinfo on arm64. */
#define ARM_CORE(implementer, part, features)                                                      \
    "processor\t: 0\nFeatures\t: " features "\nCPU implementer\t: " implementer                    \
    "\nCPU architecture: 8\nCPU part\t: " part "\n\n"

/* Windows asks for Armv8.2; the worst core decides. */
static void cores_older_than_armv8_2_fail(void **state)
{
    (void)state;
    static const struct {
        const char *cpuinfo;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {ARM_CORE("0x41", "0xd08", "fp aes"), V_FAIL, ST_OK},     /* Cortex-A72 */
        {ARM_CORE("0x51", "0x800", "fp aes"), V_FAIL, ST_OK},     /* Kryo 280 */
        {ARM_CORE("0x41", "0xd08", "fp atomics"), V_FAIL, ST_OK}, /* MIDR weighs more */
        {ARM_CORE("0x41", "0xd4b", "fp"), V_PASS, ST_OK},         /* Cortex-A78C, likewise */
        {ARM_CORE("0x41", "0xd0b", "fp atomics") ARM_CORE("0x41", "0xd03", "fp"), V_FAIL, ST_OK},
        {ARM_CORE("0x41", "0xd05", "fp atomics") ARM_CORE("0x41", "0xd0b", "fp"), V_PASS, ST_OK},
        {ARM_CORE("0x77", "0x123", "fp"), V_FAIL, ST_OK}, /* before Armv8.1 */
        {ARM_CORE("0x77", "0x123", "fp atomics"), V_UNKNOWN, ST_UNSUPPORTED},
        {NULL, V_UNKNOWN, ST_NOT_COLLECTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", "arch: aarch64\nrelease: 6.12.0\n");
        scene_complete_acpi(&s);
        scene_text(&s, "efi/kernel-log", "[ 0.1] CPU: All CPU(s) started at EL2\n");
        if (rows[i].cpuinfo != NULL)
            scene_text(&s, "cpuinfo", rows[i].cpuinfo);
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].verdict ||
            scene_reason(&s, "cpu.virtualization") != rows[i].reason)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")));
        scene_end(&s);
    }
}

/* The line of a modern processor, cut at a terminal's width, lacks "npt" as well as "svm". */
static void a_cut_line_of_flags_denies_nothing(void **state)
{
    (void)state;
#define WIDE "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov "
    static const struct {
        const char *flags, *vmx;
        enum verdict virtualization, slat;
    } rows[] = {
        {WIDE "lm vmx", "vnmi preemption_timer invvpid flexpriority", V_PASS, V_FAIL},
        {WIDE "lm vmx\n" WIDE, "vnmi preemption_timer invvpid flexpriority", V_PASS, V_UNKNOWN},
        {WIDE "lm vmx", WIDE "lm ", V_PASS, V_UNKNOWN}, /* both as wide */
    };
    static const struct {
        const char *flags;
        enum verdict bits;
    } lm_rows[] = {
        {"fpu vme de pse sse2", V_UNKNOWN},                  /* where "lm" may have followed */
        {"fpu vme de pse sse2 nx constant_tsc pni", V_FAIL}, /* a Pentium M */
        {"fpu vme de pse sse2 nx lm", V_PASS},
    };
    for (size_t i = 0; i < COUNT(lm_rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "cpuinfo",
                   arena_printf(&s.arena, "processor\t: 0\nflags\t\t: %s\n", lm_rows[i].flags));
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.64bit") != lm_rows[i].bits)
            fail_msg("flags %zu: %s", i, verdict_name(scene_verdict(&s, "cpu.64bit")));
        scene_end(&s);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_complete_acpi(&s);
        scene_text(&s, "kernel", "arch: x86_64\nrelease: 6.1.0\n");
        scene_text(&s, "cpuinfo",
                   arena_printf(&s.arena,
                                "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: %s\n"
                                "vmx flags\t: %s\n",
                                rows[i].flags, rows[i].vmx));
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].virtualization ||
            scene_verdict(&s, "cpu.slat") != rows[i].slat)
            fail_msg("row %zu: %s, %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")),
                     verdict_name(scene_verdict(&s, "cpu.slat")));
        scene_end(&s);
    }
}

/* A kernel of 32 bits runs on both kinds; Armv8 has cores without AArch64. */
static void the_core_and_not_the_kernel_says_how_many_bits_arm_has(void **state)
{
    (void)state;
#define ARM_32(part, architecture)                                                                 \
    "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: " architecture                     \
    "\nCPU part\t: " part "\n"
#define ARM_LOG(midr) "[ 0.0] CPU: ARMv7 Processor [" midr "] revision 4 (ARMv7), cr=10c5383d\n"
    static const struct {
        const char *cpuinfo, *log;
        enum verdict verdict;
    } rows[] = {
        {ARM_32("0xd01", "8"), NULL, V_FAIL}, /* Cortex-A32 */
        {ARM_32("0xd13", "8"), NULL, V_FAIL}, /* Cortex-R52 */
        {ARM_32("0xd01", "7"), NULL, V_FAIL},
        {ARM_32("0xc0f", "7"), NULL, V_FAIL},
        {ARM_32("0xd03", "7"), NULL, V_PASS}, /* Raspberry Pi 3 with a kernel of 32 bits */
        {ARM_32("0xd02", "8"), NULL, V_PASS}, /* Cortex-A34 has nothing but AArch64 */
        {ARM_32("0xfff", "7"), NULL, V_UNKNOWN},
        {ARM_32("0xfff", "8"), NULL, V_PASS}, /* a 64-bit kernel prints 8 */
        {ARM_32("0xd03", "7") ARM_32("0xfff", "7"), NULL, V_UNKNOWN},
        {ARM_32("0xd03", "7") ARM_32("0xc07", "7"), NULL, V_FAIL},
        {NULL, ARM_LOG("410fc075"), V_FAIL},
        {NULL, ARM_LOG("410fd034"), V_PASS},
        {NULL, ARM_LOG("410fd01f"), V_FAIL},
        {NULL, ARM_LOG("410ffff0"), V_FAIL},
        {NULL, "[ 0.0] CPU: ARMv7 Processor\n", V_FAIL},
        {ARM_32("0xd03", "7"), ARM_LOG("410fd034"), V_PASS},
        {ARM_32("0xc07", "7"), ARM_LOG("410fc075"), V_FAIL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        if (rows[i].cpuinfo != NULL)
            scene_text(&s, "cpuinfo", rows[i].cpuinfo);
        if (rows[i].log != NULL)
            scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.64bit") != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "cpu.64bit")));
        scene_end(&s);
    }
}

/* The core that booted is one of the machine's: it can be too old, and vouch for no other. */
static void a_boot_core_of_the_log_can_be_too_old(void **state)
{
    (void)state;
    static const struct {
        const char *midr;
        enum verdict verdict;
    } rows[] = {{"410fd083", V_FAIL}, {"410fd0b1", V_UNKNOWN}, {"410ffff1", V_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "efi/kernel-log",
                   arena_printf(&s.arena,
                                "[ 0.0] Booting Linux on physical CPU 0x0000000000 [0x%s]\n"
                                "[ 0.1] CPU: All CPU(s) started at EL2\n",
                                rows[i].midr));
        scene_complete_acpi(&s);
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")));
        scene_end(&s);
    }
}

/* Old kernels' cpuinfo, on metal: what its words prove by what stands beside them. */
static void old_kernels_prove_what_their_words_prove(void **state)
{
    (void)state;
#define OLD(vendor, family, flags)                                                                 \
    "processor\t: 0\nvendor_id\t: " vendor "\ncpu family\t: " family                               \
    "\nmodel\t\t: 9\nflags\t\t: fpu lm " flags "\n"
    static const struct {
        const char *cpuinfo, *release;
        enum verdict virtualization, slat;
    } rows[] = {
        {OLD("AuthenticAMD", "16", "svm"), "2.6.32", V_UNKNOWN, V_UNKNOWN},
        {OLD("AuthenticAMD", "16", "svm lbrv"), "2.6.32", V_UNKNOWN, V_FAIL},
        {OLD("AuthenticAMD", "16", "svm npt lbrv"), "2.6.32", V_UNKNOWN, V_PASS},
        {OLD("AuthenticAMD", "15", "svm"), "2.6.32", V_UNKNOWN, V_FAIL},
        {OLD("AuthenticAMD", "17", "svm"), "2.6.32", V_UNKNOWN, V_FAIL},
        {OLD("AuthenticAMD", "15", "svm hypervisor"), "2.6.32", V_UNKNOWN, V_UNKNOWN},
        {OLD("GenuineIntel", "6", "vmx"), "2.6.32", V_UNKNOWN, V_UNKNOWN},
        {OLD("GenuineIntel", "6", "vmx tpr_shadow"), "3.13.0", V_UNKNOWN, V_FAIL},
        {OLD("GenuineIntel", "6", "vmx tpr_shadow ept"), "3.13.0", V_UNKNOWN, V_PASS},
        {OLD("GenuineIntel", "6", ""), "5.4.0", V_FAIL, V_FAIL},
        {OLD("GenuineIntel", "6", ""), "5.10.0", V_UNKNOWN, V_UNKNOWN},
        {OLD("GenuineIntel", "6", ""), "4.18.0-553.el8_10.x86_64", V_UNKNOWN, V_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "cpuinfo", rows[i].cpuinfo);
        scene_text(&s, "kernel",
                   arena_printf(&s.arena, "arch: x86_64\nrelease: %s\n", rows[i].release));
        scene_judge(&s);
        if (scene_verdict(&s, "cpu.virtualization") != rows[i].virtualization ||
            scene_verdict(&s, "cpu.slat") != rows[i].slat)
            fail_msg("row %zu: %s, %s", i, verdict_name(scene_verdict(&s, "cpu.virtualization")),
                     verdict_name(scene_verdict(&s, "cpu.slat")));
        scene_end(&s);
    }
}

static void arm_passes_when_the_kernel_started_at_el2(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        enum verdict verdict;
        enum status reason;
    } rows[] = {
        {"[ 0.1] CPU: All CPU(s) started at EL2\n", V_PASS, ST_OK},
        {"[ 0.1] kvm [1]: VHE mode initialized successfully\n", V_PASS, ST_OK},
        {"[ 0.1] CPU: All CPU(s) started at EL1\n", V_UNKNOWN, ST_UNPROVABLE},
        {"[ 0.1] kvm [1]: HYP mode not available\n", V_UNKNOWN, ST_UNPROVABLE},
        {"[ 0.1] CPU: CPUs started in inconsistent modes\n", V_UNKNOWN, ST_CONFLICT},
        {"[ 0.1] nothing of the kind\n", V_UNKNOWN, ST_NOT_COLLECTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "kernel", "arch: aarch64\nrelease: 6.12.0\n");
        scene_text(&s, "cpuinfo", ARM_CORE("0x51", "0x001", "fp atomics"));
        scene_text(&s, "dmi", "vendor: LENOVO\nproduct: 21BX\n");
        scene_complete_acpi(&s);
        scene_text(&s, "efi/kernel-log", rows[i].log);
        scene_judge(&s);
        assert_verdict(&s, "cpu.64bit", V_PASS);
        assert_verdict(&s, "cpu.virtualization", rows[i].verdict);
        assert_reason(&s, "cpu.virtualization", rows[i].reason);
        assert_verdict(&s, "cpu.slat", rows[i].verdict);
        assert_verdict(&s, "cpu.mbec", V_NOT_APPLICABLE);
        scene_end(&s);
    }
}

static void judge_arm_vm(struct scene *s)
{
    scene_begin(s);
    scene_text(s, "kernel", "arch: aarch64\n");
    scene_text(s, "dmi", "vendor: QEMU\nproduct: QEMU Virtual Machine\n");
    scene_text(s, "efi/kernel-log", "[ 0.1] CPU: All CPU(s) started at EL1\n");
    scene_judge(s);
}

static void an_arm_vm_at_el1_fails_vm_nested(void **state)
{
    (void)state;
    struct scene s;
    judge_arm_vm(&s);
    assert_verdict(&s, "cpu.virtualization", V_NOT_APPLICABLE);
    assert_verdict(&s, "vm.nested", V_FAIL);
    scene_end(&s);
}

/* Neither CPUID's leaves nor what a hypervisor hides: there is no CPUID on Arm, and no MBEC. */
static void an_arm_vm_is_judged_by_what_arm_has(void **state)
{
    (void)state;
    struct scene s;
    judge_arm_vm(&s);
    assert_string_equal(scene_fact(&s, "vm.vsm")->from.blob, "dmi");
    assert_false(scene_fact(&s, "vm.vsm")->v.b);
    assert_verdict(&s, "cpu.mbec", V_NOT_APPLICABLE);
    assert_non_null(strstr(scene_rule(&s, "cpu.mbec")->message, "features of x86"));
    scene_end(&s);
}

/* Booted with a device tree: not one table is seen, and those of x86 are not missed. */
static void an_arm_machine_without_tables_has_none_of_x86(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "kernel", "arch: aarch64\n");
    scene_judge(&s);
    assert_verdict(&s, "smm.wsmt", V_NOT_APPLICABLE);
    assert_verdict(&s, "iommu.dma-opt-in", V_NOT_APPLICABLE);
    assert_reason(&s, "iommu.present", ST_NOT_COLLECTED);
    assert_string_equal(scene_fact(&s, "iommu.units")->from.blob, "acpi/IORT");
    scene_end(&s);
}

static void malformed_cpuid_never_becomes_a_fail(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "cpuid", "basic_cpuid[0]=zzzz\n");
    scene_complete_acpi(&s);
    scene_judge(&s);
    assert_verdict(&s, "cpu.64bit", V_UNKNOWN);
    assert_reason(&s, "cpu.64bit", ST_MALFORMED);
    assert_verdict(&s, "cpu.virtualization", V_UNKNOWN);
    scene_end(&s);
}

static void smbios_tells_a_vm_where_there_is_no_cpuid(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "dmi", "vendor: QEMU\nproduct: Standard PC\n");
    scene_complete_acpi(&s);
    scene_judge(&s);
    assert_true(scene_fact(&s, "host.vm")->v.b);
    assert_verdict(&s, "smm.wsmt", V_NOT_APPLICABLE);
    assert_verdict(&s, "iommu.present", V_NOT_APPLICABLE);
    scene_end(&s);
}

static void a_cut_cpuid_text_denies_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        /* before, and after, the maximum extended leaf */
        "basic_cpuid[0]=00000001 756e6547 6c65746e 49656e69\n"
        "basic_cpuid[1]=000906ea 00000800 00000020 00000000\n",
        "basic_cpuid[0]=00000001 756e6547 6c65746e 49656e69\n"
        "basic_cpuid[1]=000906ea 00000800 00000020 00000000\n"
        "ext_cpuid[0]=80000008 00000000 00000000 00000000\n",
        /* an Athlon 64's, which has one basic leaf, cut within a line */
        "basic_cpuid[0]=00000001 68747541 444d4163 69746e65\n"
        "basic_cpuid[1]=00060fb2 01020800 00002001 178bfbff\nba",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct scene s;
        scene_begin(&s);
        scene_text(&s, "cpuid", texts[i]);
        scene_judge(&s);
        assert_verdict(&s, "cpu.64bit", V_UNKNOWN);
        assert_reason(&s, "cpu.64bit", ST_TRUNCATED);
        scene_end(&s);
    }
}

static void an_old_dump_without_extended_leaves_denies_64_bit(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(
        &s, "cpuid",
        "CPUID 00000000: 00000002-756E6547-6C65746E-49656E69\n"
        "CPUID 00000001: 00000673-00000000-00000000-0387F9FF\n\n------[ MSR Registers ]------\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.64bit", V_FAIL);
    scene_end(&s);
}

static void a_register_that_is_not_there_says_nothing_of_firmware(void **state)
{
    (void)state;
    static const struct {
        struct scene_cpu cpu;
        const char *msr;
    } rows[] = {
        {INTEL, "0 0x3a absent\n"},
        {AMD, "0 0xc0010114 absent\n"},
    };
    for (size_t i = 0; i < 2; i++) {
        struct scene s;
        scene_begin(&s);
        scene_cpuid(&s, rows[i].cpu, 1);
        scene_text(&s, "msr", rows[i].msr);
        scene_judge(&s);
        assert_verdict(&s, "cpu.virtualization", V_UNKNOWN);
        scene_end(&s);
    }
}

static void one_bad_register_decides_beside_an_unreadable_one(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, intel, 2);
    scene_text(&s, "msr", "0 0x3a 0x1\n1 0x3a io-error\n");
    scene_text(&s, "kernel", "config-kvm-intel: m\n");
    scene_text(&s, "cpuinfo", CPUINFO("vmx", VMX_LINE));
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    assert_string_equal(scene_fact(&s, "cpu.feature-control")->v.text, "0x0000000000000001");
    scene_end(&s);

    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu)AMD, 2);
    scene_text(&s, "msr", "0 0xc0010114 0x18\n1 0xc0010114 io-error\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    scene_end(&s);
}

static void one_good_register_does_not_speak_for_all_cpus(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, intel, 4);
    scene_text(&s, "msr", "0 0x3a 0x5\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_UNKNOWN);
    assert_reason(&s, "cpu.virtualization", ST_TRUNCATED);
    scene_end(&s);
}

static void the_register_and_the_kernel_must_agree_on_ept(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, intel, 1);
    scene_text(&s, "msr", "0 0x3a 0x5\n0 0x482 0x8000000000000000\n0 0x48b 0x0\n0 0x48c absent\n");
    scene_text(&s, "cpuinfo", CPUINFO("vmx", VMX_LINE));
    scene_judge(&s);
    assert_reason(&s, "cpu.slat", ST_CONFLICT);
    scene_end(&s);
}

static void an_old_kernels_disabled_by_bios_counts(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_cpuid(&s, (struct scene_cpu)AMD, 1);
    scene_missing(&s, "msr", ST_NO_PERMISSION);
    scene_text(&s, "kernel", "release: 5.10.0\n");
    scene_text(&s, "efi/kernel-log", "[    5.0] kvm: disabled by bios\n");
    scene_judge(&s);
    assert_verdict(&s, "cpu.virtualization", V_FAIL);
    scene_end(&s);
}

static void an_arm_kernel_at_el1_is_not_taken_for_metal(void **state)
{
    (void)state;
    struct scene s;
    scene_begin(&s);
    scene_text(&s, "kernel", "arch: aarch64\n");
    scene_text(&s, "dmi", "vendor: Nobody knows\nproduct: this\n");
    scene_complete_acpi(&s);
    scene_text(&s, "efi/kernel-log", "[ 0.1] CPU: All CPU(s) started at EL1\n");
    scene_judge(&s);
    assert_int_not_equal(scene_fact(&s, "host.vm")->st, ST_OK);
    assert_verdict(&s, "iommu.present", V_UNKNOWN);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intel_rows_of_the_decision_table_hold),
        cmocka_unit_test(what_a_denied_log_would_tell_of_hidden_vmx_takes_permission),
        cmocka_unit_test(amd_rows_of_the_decision_table_hold),
        cmocka_unit_test(cpuinfo_alone_proves_what_it_can),
        cmocka_unit_test(slat_needs_four_level_walks_and_write_back),
        cmocka_unit_test(mbec_is_bit_22_and_no_other),
        cmocka_unit_test(no_flag_vmx_proves_nothing),
        cmocka_unit_test(a_processor_without_ept_fails_slat),
        cmocka_unit_test(the_worst_cpu_decides),
        cmocka_unit_test(hidden_virtualization_in_a_vm_is_judged_by_vm_nested),
        cmocka_unit_test(visible_virtualization_in_a_vm_passes_vm_nested),
        cmocka_unit_test(hyper_v_offers_vsm_without_nesting),
        cmocka_unit_test(a_vm_whose_hypervisor_is_not_known_stays_open),
        cmocka_unit_test(cores_older_than_armv8_2_fail),
        cmocka_unit_test(a_cut_line_of_flags_denies_nothing),
        cmocka_unit_test(the_core_and_not_the_kernel_says_how_many_bits_arm_has),
        cmocka_unit_test(a_boot_core_of_the_log_can_be_too_old),
        cmocka_unit_test(old_kernels_prove_what_their_words_prove),
        cmocka_unit_test(arm_passes_when_the_kernel_started_at_el2),
        cmocka_unit_test(an_arm_vm_at_el1_fails_vm_nested),
        cmocka_unit_test(an_arm_vm_is_judged_by_what_arm_has),
        cmocka_unit_test(an_arm_machine_without_tables_has_none_of_x86),
        cmocka_unit_test(malformed_cpuid_never_becomes_a_fail),
        cmocka_unit_test(smbios_tells_a_vm_where_there_is_no_cpuid),
        cmocka_unit_test(a_cut_cpuid_text_denies_nothing),
        cmocka_unit_test(an_old_dump_without_extended_leaves_denies_64_bit),
        cmocka_unit_test(a_register_that_is_not_there_says_nothing_of_firmware),
        cmocka_unit_test(one_bad_register_decides_beside_an_unreadable_one),
        cmocka_unit_test(one_good_register_does_not_speak_for_all_cpus),
        cmocka_unit_test(the_register_and_the_kernel_must_agree_on_ept),
        cmocka_unit_test(an_old_kernels_disabled_by_bios_counts),
        cmocka_unit_test(an_arm_kernel_at_el1_is_not_taken_for_metal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
