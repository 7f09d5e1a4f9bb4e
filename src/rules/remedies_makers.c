/* SPDX-License-Identifier: MIT */
/*
 * Remedies for failures if the machine's maker is known: where its setup has the switch, according
 * to public pages. Setups differ between models: the names are the usual ones. These rows come
 * before the general ones, which apply to makers without a row.
 */
#include "rules/remedies.h"
#include "vbscheck/count.h"

#define ON(cause)  (1u << CAUSE_##cause)
#define OFF_AND_ON ", save, then switch the machine off and on: a restart may not be enough."
#define BEFORE_MOR ": firmware offers the MOR variables only with a TPM. Then look again."

/* Sources of the names. */
#define DELL       "powershellgallery.com, DellBIOSProvider, category VirtualizationSupport"
#define DELL_TPM   "Dell owner's manuals, BIOS setup, Security > TPM 2.0 Security"
#define HP         "HP, Business Notebook and Desktop PC F10 setup overview (white paper)"
#define LENOVO     "docs.lenovocdrt.com/ref/bios/settings/thinkpad/virtualization"
#define LENOVO_S   "docs.lenovocdrt.com/ref/bios/settings (security, startup)"
#define ASUS       "asus.com/support/faq/1043992; ROG MAXIMUS XII FORMULA BIOS manual, 6"
#define MSI        "MSI Click BIOS manuals, OC > CPU Features and Settings > Security"
#define GIGABYTE   "Gigabyte BIOS manuals, Tweaker and Settings > Miscellaneous"
#define ASROCK     "ASRock UEFI manuals, Advanced and Security screens"
#define ACER       "Acer BIOS setup, Main and Security pages; intel/haxm issue 450"
#define SURFACE    "MicrosoftDocs/windows-itpro-docs, devices/surface/manage-surface-uefi-settings"
#define SUPER      "Supermicro X11DDW-L manual, chapter 4; spec.org Supermicro platform settings"
#define DASHARO    "Dasharo/docs, dasharo-menu-docs/dasharo-system-features.md"
#define COREBOOT   "system76/firmware-open issue 395; coreboot.org"
#define CHROMEBOOK "docs.mrchromebox.tech/docs, Firmware Types"
#define MAC        "Apple, About firmware updates; Apple-Intel architecture: EFI without a setup"

/* A switch: its place in setup, and its name. */
#define VIRT_SHORT(m, cpu, s, place, name, short, from)                                            \
    {                                                                                              \
        .rule = "cpu.virtualization", .on = V_FAIL, .causes = ON(DISABLED), .when = (cpu),         \
        .maker = (m), .step = (s), .certain = true, .line = "Setup: " short,                       \
        .text = "In firmware setup enable \"" name "\" (usually: " place ")" OFF_AND_ON,           \
        .source = (from)                                                                           \
    }
#define VIRT(m, cpu, s, place, name, from)                                                         \
    VIRT_SHORT(m, cpu, s, place, name, place " > " name, from)
#define IOMMU_SHORT(m, cpu, s, place, name, short, from)                                           \
    {                                                                                              \
        .rule = "iommu.", .on = V_FAIL, .causes = ON(UNKNOWN), .when = (cpu), .maker = (m),        \
        .step = (s), .line = "Setup, if offered: " short,                                          \
        .text = "In firmware setup enable \"" name "\" (usually: " place                           \
                "); firmware hides the table while it is off.",                                    \
        .source = (from)                                                                           \
    }
#define IOMMU(m, cpu, s, place, name, from)                                                        \
    IOMMU_SHORT(m, cpu, s, place, name, place " > " name, from)
#define TPM_SHORT(m, cpu, s, place, name, short, from)                                             \
    {.rule = "tpm.version",                                                                        \
     .fact = FACT_TPM_PRESENT,                                                                     \
     .on = V_FAIL,                                                                                 \
     .when = (cpu),                                                                                \
     .maker = (m),                                                                                 \
     .step = (s),                                                                                  \
     .line = "Setup, if offered: " short,                                                          \
     .text = "In firmware setup enable \"" name "\" (usually: " place "), if the model has it.",   \
     .source = (from)},                                                                            \
    {                                                                                              \
        .rule = "mor.", .on = V_FAIL, .causes = ON(DISABLED), .when = (cpu), .maker = (m),         \
        .step = (s), .line = "Setup, if offered: " short,                                          \
        .text = "Enable the TPM first, in firmware setup: " place " > \"" name "\"" BEFORE_MOR,    \
        .source = (from)                                                                           \
    }
#define TPM(m, cpu, s, place, name, from) TPM_SHORT(m, cpu, s, place, name, place " > " name, from)
/* The general row handles FACT_SETUP_MODE (missing keys). */
#define SECURE_BOOT(m, place, name, more, from)                                                    \
    {                                                                                              \
        .rule = "boot.secure-boot", .fact = FACT_SECURE_BOOT, .on = V_FAIL, .maker = (m),          \
        .step = STEP_SECURE_BOOT, .certain = true, .line = "Setup: " place " > " name,             \
        .text = "Before Windows is installed, in firmware setup enable \"" name                    \
                "\" (usually: " place ")" more,                                                    \
        .source = (from)                                                                           \
    }
/* Firmware without a switch, or without a setup. */
#define NONE(m, r, c, s, words, from)                                                              \
    {                                                                                              \
        .rule = (r), .on = V_FAIL, .causes = (c), .maker = (m), .step = (s), .text = words,        \
        .source = (from)                                                                           \
    }
#define NO_SETUP(m, newest, tpm_step, tpm, from)                                                   \
    NONE(m, "cpu.virtualization", ON(DISABLED), STEP_FIRMWARE, newest, from),                      \
        NONE(m, "iommu.", ON(UNKNOWN) | ON(DISABLED), STEP_FIRMWARE, newest, from),                \
        NONE(m, "tpm.", 0, tpm_step, tpm, from),                                                   \
        NONE(m, "mor.", ON(DISABLED), tpm_step, tpm, from),                                        \
        NONE(m, "uefi.boot", 0, STEP_FIRMWARE, newest, from),                                      \
        NONE(m, "boot.", 0, STEP_FIRMWARE, newest, from)

#define INTEL SIT_INTEL
#define AMD   SIT_AMD
#define SVM   "SVM Mode"
#define PTT   "PTT"
#define NO_SWITCH                                                                                  \
    " has no switch for it: install the newest firmware, and if that does not help ask its maker."

const struct remedy remedies_makers[] = {
    VIRT(MAKER_DELL, INTEL, STEP_VTX, "Virtualization Support", "Virtualization", DELL),
    VIRT(MAKER_DELL, AMD, STEP_SVM, "Virtualization Support", "Virtualization", DELL),
    IOMMU(MAKER_DELL, INTEL, STEP_VTD, "Virtualization Support", "VT for Direct I/O", DELL),
    TPM(MAKER_DELL, INTEL, STEP_TPM_PTT, "Security > TPM 2.0 Security", "TPM On", DELL_TPM),
    TPM(MAKER_DELL, AMD, STEP_TPM_FTPM, "Security > TPM 2.0 Security", "TPM On", DELL_TPM),
    SECURE_BOOT(MAKER_DELL, "Secure Boot", "Secure Boot Enable", ".", DELL),

    VIRT_SHORT(MAKER_HP, INTEL, STEP_VTX, "Advanced > System Options",
               "Virtualization Technology (VTx)",
               "System Options > Virtualization Technology (VTx)", HP),
    IOMMU_SHORT(MAKER_HP, INTEL, STEP_VTD, "Advanced > System Options",
                "Virtualization Technology for Directed I/O (VTd)",
                "System Options > ... for Directed I/O (VTd)", HP),
    TPM(MAKER_HP, INTEL, STEP_TPM_PTT, "Security > TPM Embedded Security", "TPM State", HP),
    TPM(MAKER_HP, AMD, STEP_TPM_FTPM, "Security > TPM Embedded Security", "TPM State", HP),
    SECURE_BOOT(MAKER_HP, "Advanced > Secure Boot Configuration", "Secure Boot",
                "; some models ask for an administrator password first.", HP),

    VIRT_SHORT(MAKER_LENOVO, INTEL, STEP_VTX, "Security > Virtualization",
               "Intel (R) Virtualization Technology",
               "Virtualization > Intel (R) Virtualization Technology", LENOVO),
    VIRT(MAKER_LENOVO, AMD, STEP_SVM, "Security > Virtualization", "AMD-V", LENOVO),
    IOMMU_SHORT(MAKER_LENOVO, INTEL, STEP_VTD, "Security > Virtualization",
                "Intel (R) VT-d Feature", "Virtualization > Intel (R) VT-d Feature", LENOVO),
    {.rule = "iommu.dma-opt-in",
     .on = V_FAIL,
     .maker = MAKER_LENOVO,
     .step = STEP_DMA_PROTECTION,
     .line = "Setup: Security > Virtualization > Kernel DMA Protection",
     .text = "In firmware setup open Security > Virtualization and enable \"Kernel DMA "
             "Protection\"; older models do not have it.",
     .source = LENOVO},
    TPM(MAKER_LENOVO, INTEL, STEP_TPM_PTT, "Security > Security Chip", "Security Chip", LENOVO_S),
    TPM(MAKER_LENOVO, AMD, STEP_TPM_FTPM, "Security > Security Chip", "Security Chip", LENOVO_S),
    SECURE_BOOT(MAKER_LENOVO, "Security > Secure Boot", "Secure Boot", ".", LENOVO_S),

    VIRT_SHORT(MAKER_ASUS, INTEL, STEP_VTX, "Advanced > CPU Configuration",
               "Intel (VMX) Virtualization Technology",
               "CPU Configuration > Intel (VMX) Virtualization Technology", ASUS),
    VIRT(MAKER_ASUS, AMD, STEP_SVM, "Advanced > CPU Configuration", SVM, ASUS),
    IOMMU_SHORT(MAKER_ASUS, INTEL, STEP_VTD, "Advanced > System Agent (SA) Configuration", "VT-d",
                "System Agent (SA) Configuration > VT-d", ASUS),
    IOMMU_SHORT(MAKER_ASUS, AMD, STEP_AMD_VI, "Advanced > AMD CBS > NBIO Common Options", "IOMMU",
                "AMD CBS > NBIO Common Options > IOMMU", ASUS),
    TPM(MAKER_ASUS, INTEL, STEP_TPM_PTT, "Advanced > PCH-FW Configuration", PTT, ASUS),
    TPM_SHORT(MAKER_ASUS, AMD, STEP_TPM_FTPM, "Advanced > AMD fTPM configuration", "Firmware TPM",
              "AMD fTPM configuration > Firmware TPM", ASUS),
    SECURE_BOOT(MAKER_ASUS, "Boot > Secure Boot", "OS Type: Windows UEFI mode", ".", ASUS),

    VIRT(MAKER_MSI, INTEL, STEP_VTX, "OC > CPU Features", "Intel Virtualization Tech", MSI),
    VIRT(MAKER_MSI, AMD, STEP_SVM, "OC > CPU Features", SVM, MSI),
    IOMMU(MAKER_MSI, INTEL, STEP_VTD, "OC > CPU Features", "Intel VT-D Tech", MSI),
    TPM_SHORT(MAKER_MSI, INTEL, STEP_TPM_PTT, "Settings > Security > Trusted Computing",
              "Security Device Support", "Trusted Computing > Security Device Support", MSI),
    TPM_SHORT(MAKER_MSI, AMD, STEP_TPM_FTPM, "Settings > Security > Trusted Computing",
              "Security Device Support", "Trusted Computing > Security Device Support", MSI),
    SECURE_BOOT(MAKER_MSI, "Settings > Security", "Secure Boot", ".", MSI),

    VIRT_SHORT(MAKER_GIGABYTE, INTEL, STEP_VTX, "Tweaker > Advanced CPU Settings",
               "Intel Virtualization Technology",
               "Advanced CPU Settings > Intel Virtualization Technology", GIGABYTE),
    VIRT(MAKER_GIGABYTE, AMD, STEP_SVM, "Tweaker > Advanced CPU Settings", SVM, GIGABYTE),
    IOMMU(MAKER_GIGABYTE, INTEL, STEP_VTD, "Settings > Miscellaneous", "VT-d", GIGABYTE),
    IOMMU(MAKER_GIGABYTE, AMD, STEP_AMD_VI, "Settings > Miscellaneous", "IOMMU", GIGABYTE),
    TPM_SHORT(MAKER_GIGABYTE, INTEL, STEP_TPM_PTT, "Settings > Miscellaneous",
              "Intel Platform Trust Technology", "Miscellaneous > Intel Platform Trust Technology",
              GIGABYTE),
    TPM(MAKER_GIGABYTE, AMD, STEP_TPM_FTPM, "Settings > Miscellaneous", "AMD CPU fTPM", GIGABYTE),
    SECURE_BOOT(MAKER_GIGABYTE, "Boot", "Secure Boot", ".", GIGABYTE),

    VIRT_SHORT(MAKER_ASROCK, INTEL, STEP_VTX, "Advanced > CPU Configuration",
               "Intel Virtualization Technology",
               "CPU Configuration > Intel Virtualization Technology", ASROCK),
    VIRT(MAKER_ASROCK, AMD, STEP_SVM, "Advanced > CPU Configuration", SVM, ASROCK),
    IOMMU_SHORT(MAKER_ASROCK, AMD, STEP_AMD_VI, "Advanced > AMD CBS > NBIO Common Options", "IOMMU",
                "AMD CBS > NBIO Common Options > IOMMU", ASROCK),
    TPM(MAKER_ASROCK, INTEL, STEP_TPM_PTT, "Security", "Intel Platform Trust Technology", ASROCK),
    TPM(MAKER_ASROCK, AMD, STEP_TPM_FTPM, "Advanced > CPU Configuration", "AMD fTPM switch",
        ASROCK),
    SECURE_BOOT(MAKER_ASROCK, "Security", "Secure Boot", ".", ASROCK),

    VIRT(MAKER_ACER, INTEL, STEP_VTX, "Main or Advanced", "Virtualization Technology", ACER),
    VIRT(MAKER_ACER, AMD, STEP_SVM, "Main or Advanced", "Virtualization Technology", ACER),
    TPM(MAKER_ACER, INTEL, STEP_TPM_PTT, "Security", "TPM State", ACER),
    TPM(MAKER_ACER, AMD, STEP_TPM_FTPM, "Security", "TPM State", ACER),
    SECURE_BOOT(MAKER_ACER, "Boot", "Secure Boot",
                "; set a supervisor password first where it is grey.", ACER),

    VIRT_SHORT(MAKER_SUPERMICRO, INTEL, STEP_VTX, "Advanced > CPU Configuration",
               "Intel Virtualization Technology",
               "CPU Configuration > Intel Virtualization Technology", SUPER),
    IOMMU_SHORT(MAKER_SUPERMICRO, INTEL, STEP_VTD, "Advanced > Chipset Configuration",
                "Intel VT for Directed I/O (VT-d)", "... > Intel VT for Directed I/O (VT-d)",
                SUPER),

    NONE(MAKER_SURFACE, "cpu.virtualization", ON(DISABLED), STEP_FIRMWARE, "Surface UEFI" NO_SWITCH,
         SURFACE),
    NONE(MAKER_SURFACE, "iommu.", ON(UNKNOWN) | ON(DISABLED), STEP_FIRMWARE,
         "Surface UEFI" NO_SWITCH, SURFACE),
    TPM(MAKER_SURFACE, 0, STEP_TPM_ON, "Security", "Trusted Platform Module (TPM)", SURFACE),
    SECURE_BOOT(MAKER_SURFACE, "Security", "Secure Boot", ".", SURFACE),

    {.rule = "iommu.dma-opt-in",
     .on = V_FAIL,
     .when = INTEL,
     .maker = MAKER_DASHARO,
     .step = STEP_DMA_PROTECTION,
     .line = "Setup: Dasharo Security Options > Early boot DMA Protection",
     .text = "In firmware setup open Dasharo System Features > Dasharo Security Options and enable "
             "\"Early boot DMA Protection\".",
     .source = DASHARO},
    NONE(MAKER_DASHARO, "cpu.virtualization", ON(DISABLED), STEP_FIRMWARE, "Dasharo" NO_SWITCH,
         DASHARO),
    NONE(MAKER_COREBOOT, "cpu.virtualization", ON(DISABLED), STEP_FIRMWARE,
         "This is set when coreboot is built: install the newest build, or ask its builder.",
         COREBOOT),
    NONE(MAKER_COREBOOT, "iommu.", ON(UNKNOWN) | ON(DISABLED), STEP_FIRMWARE,
         "This is set when coreboot is built: install the newest build, or ask its builder.",
         COREBOOT),

    NO_SETUP(MAKER_CHROMEBOOK,
             "A Chromebook's firmware has no setup, and no switch for it: install the newest UEFI "
             "firmware for the model (MrChromebox's UEFI Full ROM), or ask its maker.",
             STEP_FIRMWARE,
             "A Chromebook's firmware has no setup, and no switch for the TPM: install the newest "
             "UEFI firmware for the model (MrChromebox's UEFI Full ROM), or ask its maker.",
             CHROMEBOOK),
    NO_SETUP(MAKER_APPLE,
             "A Mac has no firmware setup, and no switch for it: its firmware comes with macOS, so "
             "install the newest macOS that the model takes.",
             STEP_NONE, "A Mac has no TPM that Windows can use, and no switch for one.", MAC),
};

const size_t n_remedies_makers = COUNT(remedies_makers);
