/* SPDX-License-Identifier: MIT */
/*
 * The kernel's log, as text: /dev/kmsg records, `dmesg` output (with or without time stamps),
 * syslog and journal lines. The anchors are those of Linux 4.6 to 6.12; the code that looks for an
 * anchor names its source.
 */
#ifndef PARSE_KLOG_KLOG_H
#define PARSE_KLOG_KLOG_H

#include "parse/klog/klog_acpi.h"
#include "vbscheck/span.h"

enum klog_el { KLOG_EL_UNKNOWN, KLOG_EL1, KLOG_EL2, KLOG_EL_MIXED };
enum klog_secure_boot { KLOG_SB_UNKNOWN, KLOG_SB_ENABLED, KLOG_SB_DISABLED, KLOG_SB_CONFLICT };

struct klog {
    bool efi;               /* "efi: EFI v2.70 by …" */
    struct span efi_by;     /* "EDK II", of that line */
    bool efi_32bit;         /* "efi: No EFI runtime due to 32/64-bit mismatch with kernel" */
    struct span release;    /* word after "Linux version " */
    bool arm64;             /* the version line names an aarch64 compiler or release */
    bool x86;               /* BIOS-e820 or "x86/" lines */
    bool vmx_disabled;      /* "VMX (outside TXT) disabled by BIOS" */
    bool svm_disabled;      /* "SVM disabled (by BIOS)", "kvm_amd' disabled by bios" */
    bool kvm_disabled;      /* "kvm: disabled by bios" (kernels before 6.0, either vendor) */
    enum klog_el el;        /* "CPU: All CPU(s) started at EL2" */
    bool hyp_mode;          /* "kvm [1]: VHE mode initialized successfully" and relatives */
    bool no_hyp_mode;       /* "kvm [1]: HYP mode not available" */
    struct span hypervisor; /* after "Hypervisor detected: " */
    bool hyperv_root;       /* "Hyper-V: running as root partition" */
    bool hyperv_nested;     /* "Hyper-V: running on a nested hypervisor" */
    bool has_hyperv_privileges;
    uint64_t hyperv_privileges_high; /* "Hyper-V: privilege flags low 0x…, high 0x3b8030" */
    bool xen_initial_domain;         /* "xen: Initial domain" */
    bool bare_hardware;              /* "Booting paravirtualized kernel on bare hardware" */
    bool from_start;       /* the first line that is kept is the kernel's version, or e820 */
    bool uefi_hints;       /* a line of "efi:", or an RSDP above 1 MiB, where no BIOS puts it */
    bool e820;             /* "BIOS-e820: ": lines of the level INFO are there */
    struct span cpu0;      /* after "smpboot: CPU0: ": "Intel(R) Core(TM) …", "AMD Ryzen …" */
    bool opt_in;           /* "DMAR: Intel-IOMMU force enabled due to platform opt in" */
    bool nested_paging;    /* "kvm: Nested Paging enabled": kvm_amd found SVM on, with NPT */
    bool armv7;            /* "CPU: ARMv7 Processor [410fd034]": a kernel of 32 bits */
    bool has_midr;         /* "Booting Linux on physical CPU 0x0000000000 [0x412fd050]", or armv7 */
    uint32_t midr;         /* of the CPU that booted */
    struct klog_acpi acpi; /* list of tables */
    struct span dmi;       /* after "DMI: ": "Vendor Product/Board, BIOS version date" */
    enum klog_secure_boot secure_boot;
    bool tpm_2;             /* "tpm_tis MSFT0101:00: 2.0 TPM (device-id …" */
    bool tpm_1;             /* "tpm_tis 00:05: 1.2 TPM (device-id …" */
    bool lockdown;          /* "Kernel is locked down" */
    struct span efi_tables; /* text after "efi: " on the line with "ACPI 2.0=0x…" */
    bool efi_tables_cut;    /* that line may be cut: it does not prove a table absent */
};

/*
 * Parses any text; a text without anchors gives ST_OK and nothing set. Each anchor must be at the
 * start of a message, so that a device's name inside a line cannot forge one.
 */
enum status klog_parse(struct span text, struct klog *out);

/*
 * The message of one log line: without priority ("<6>"), syslog or journal prefix ("Nov 22
 * 15:00:00 host kernel: "), time stamp ("[    0.000000] ") and task id ("[ T1] ").
 */
struct span klog_message(struct span line);

/* One EFI configuration table: "ACPI 2.0=0x7dfe7000", "(PROP=0x7f9e6000 unusable)". */
struct klog_table {
    struct span name;
    uint64_t address;
    bool unusable; /* the kernel rejected the address, or it is not an address */
};

/* 0, and all ones (EFI_INVALID_TABLE_ADDR), also of firmware of 32 bits, or with its last digits
 * cut off: nothing is there. */
bool klog_is_no_address(uint64_t address);

/* The text after "efi:" if `message` is the line of EFI configuration tables, else nothing. */
struct span klog_tables(struct span message);

/*
 * True if the kernel's line of tables is whole and has no table of this name. Every machine has
 * ACPI and SMBIOS: a line without them is not complete.
 */
bool klog_tables_lack(const struct klog *k, const char *name);

/* Does `text` begin with a whole table, "SMBIOS=0x7b140000"? */
bool klog_is_table(struct span text, struct klog_table *out);

/* Splits the next table off *tables, skipping other text; false when none is left. */
bool klog_next_table(struct span *tables, struct klog_table *out);

/*
 * Is `line`, the next one in the log, certainly the wrapped rest of `tables`? Then it holds only
 * tables and has no time stamp.
 */
bool klog_tables_go_on(struct span tables, struct span line);

/*
 * May `line`, which holds these tables, be cut? A whole one is recognised by other lines of this
 * boot's log: a line that has room for one more table; or, if the blank that the kernel prints last
 * is there, a line longer than the usual width for wrapping or cutting. `longest` is the length of
 * the longest line, without blanks at its end.
 */
bool klog_tables_are_cut(struct span line, struct span tables, size_t longest);

/* Is it "Linux version …", which mail may have wrapped after either word? */
bool klog_is_version(struct span line, struct span message);

/* True for messages that a capture keeps: those that some probe looks for. */
bool klog_matters(struct span message);

#endif
