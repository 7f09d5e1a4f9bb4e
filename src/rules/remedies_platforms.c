/* SPDX-License-Identifier: MIT */
/*
 * Remedies for failures of virtual machines on a known platform: the command or the setting. These
 * rows come before the general ones, which apply to platforms without a row.
 */
#include "rules/remedies.h"
#include "vbscheck/count.h"

#define HYPER_V  "learn.microsoft.com, Run Hyper-V in a virtual machine with nested virtualization"
#define HV_GEN2  "learn.microsoft.com, Generation 2 virtual machine security settings for Hyper-V"
#define AZURE    "Microsoft's VBS page, section Virtual machines"
#define TRUSTED  "learn.microsoft.com, Trusted launch for Azure virtual machines"
#define KVM      "Linux, Documentation/virt/kvm/x86/running-nested-guests.rst; libvirt.org"
#define LIBVIRT  "libvirt.org/formatdomain.html"
#define PROXMOX  "pve.proxmox.com/wiki/Nested_Virtualization; pve.proxmox.com/pve-docs/qm.1.html"
#define TCG      "the lab's guests: QEMU without KVM emulates AMD-V and no VT-x"
#define OVIRT    "ovirt.org, Virtual Machine Management Guide, Host tab"
#define NOVA     "docs.openstack.org/nova, CPU models"
#define GOOGLE   "cloud.google.com/compute/docs/instances/nested-virtualization/enabling"
#define SHIELDED "cloud.google.com/compute/shielded-vm/docs/modifying-shielded-vm"
#define EC2      "docs.aws.amazon.com, EC2 CPU options; aws/containers-roadmap issue 2784"
#define VMWARE   "communities.vmware.com DOC-8970, Running Nested VMs; Broadcom KB 437651"
#define VMX_FILE "VMware, .vmx file: firmware, uefi.secureBoot.enabled"
#define VBOX     "docs.oracle.com/en/virtualization/virtualbox, VBoxManage modifyvm"
#define PRL      "Parallels, prlctl: set --nested-virt; Parallels/docker-machine-parallels 1.4.0"
#define XL       "xl.cfg(5), nestedhvm and hap"
#define BHYVE    "FreeBSD sys/amd64/vmm/x86.c: CPUID is shown without VMX and SVM"

/* A command, on its own line among the steps; `cpu` is the processor's maker. */
#define NESTED(p, cpu, l, words, from)                                                             \
    {.rule = "vm.nested",                                                                          \
     .on = V_FAIL,                                                                                 \
     .when = (cpu),                                                                                \
     .unless = SIT_ARM,                                                                            \
     .platform = (p),                                                                              \
     .step = STEP_VM_NESTED,                                                                       \
     .line = (l),                                                                                  \
     .text = words,                                                                                \
     .source = (from)},                                                                            \
    {                                                                                              \
        .rule = "cpu.virtualization", .on = V_FAIL, .causes = 1u << CAUSE_DISABLED, .when = (cpu), \
        .unless = SIT_ARM, .platform = (p), .step = STEP_VM_NESTED, .line = (l), .text = words,    \
        .source = (from)                                                                           \
    }
#define SETTING(r, p, s, l, words, from)                                                           \
    {                                                                                              \
        .rule = (r), .on = V_FAIL, .platform = (p), .step = (s), .line = (l), .text = words,       \
        .source = (from)                                                                           \
    }
#define UEFI(p, l, words, from) SETTING("uefi.boot", p, STEP_VM_UEFI, l, words, from)
#define SECURE(p, l, words, from)                                                                  \
    SETTING("boot.secure-boot", p, STEP_VM_SECURE_BOOT, l, words, from)
#define VTPM(p, l, words, from) SETTING("tpm.version", p, STEP_VM_TPM, l, words, from)

#define HOST   "The host's administrator: "
#define NEW_VM "; this usually means a new VM."
#define KVM_WORDS(module)                                                                          \
    HOST "load " module " with nested=1, and give the VM the host's processor: libvirt <cpu "      \
         "mode='host-passthrough'/> (virsh edit NAME), QEMU -cpu host."
#define PVE_WORDS(module)                                                                          \
    HOST "load " module " with nested=1, then qm set VMID --cpu host, and stop and start the VM."

const struct remedy remedies_platforms[] = {
    NESTED(PLATFORM_HYPER_V, 0, "Set-VMProcessor NAME -ExposeVirtualizationExtensions $true",
           HOST "Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true, with the VM "
                "switched off. A VM of generation 2 has virtual secure mode without that.",
           HYPER_V),
    NESTED(PLATFORM_AZURE, 0, "Resize the VM to an Azure series with nested virtualization",
           "Resize the VM to a series with nested virtualization, such as Dsv5 or Esv5 (az vm "
           "resize --size Standard_D4s_v5), or use a VM of generation 2 with Trusted Launch.",
           AZURE),
    NESTED(PLATFORM_KVM, SIT_INTEL, "libvirt: <cpu mode='host-passthrough'/>, kvm_intel nested=1",
           KVM_WORDS("kvm_intel"), KVM),
    NESTED(PLATFORM_KVM, SIT_AMD, "libvirt: <cpu mode='host-passthrough'/>, kvm_amd nested=1",
           KVM_WORDS("kvm_amd"), KVM),
    NESTED(PLATFORM_PROXMOX, SIT_INTEL, "On the host: kvm_intel nested=1, qm set VMID --cpu host",
           PVE_WORDS("kvm_intel"), PROXMOX),
    NESTED(PLATFORM_PROXMOX, SIT_AMD, "On the host: kvm_amd nested=1, qm set VMID --cpu host",
           PVE_WORDS("kvm_amd"), PROXMOX),
    NESTED(PLATFORM_TCG, SIT_AMD, "QEMU: -cpu EPYC,+svm,+npt, or with KVM -cpu host",
           "QEMU emulates this processor without KVM: give it a model with virtualization (-cpu "
           "EPYC,+svm,+npt), or run it with KVM, nested=1 and -cpu host.",
           TCG),
    NESTED(PLATFORM_TCG, 0, "QEMU: run it with KVM, nested=1 and -cpu host",
           "QEMU emulates this processor without KVM, and can do that with virtualization only "
           "for another maker's models: run it with KVM, nested=1 and -cpu host.",
           TCG),
    NESTED(PLATFORM_OVIRT, 0, "oVirt: Edit VM > Host > Pass-Through Host CPU",
           HOST "enable nested virtualization on the host (Hosts > Edit > Kernel), and Edit VM > "
                "Host > \"Pass-Through Host CPU\".",
           OVIRT),
    NESTED(PLATFORM_OPENSTACK, 0, "nova.conf: [libvirt] cpu_mode = host-passthrough",
           HOST "load KVM's module with nested=1, and set cpu_mode = host-passthrough in the "
                "section [libvirt] of nova.conf.",
           NOVA),
    NESTED(PLATFORM_GOOGLE, SIT_INTEL, "gcloud: enableNestedVirtualization: true for the instance",
           "Stop the instance and set advancedMachineFeatures: enableNestedVirtualization: true "
           "(gcloud compute instances export, edit, update-from-file; when creating: "
           "--enable-nested-virtualization), on a machine series that has it, such as N2.",
           GOOGLE),
    NESTED(PLATFORM_GOOGLE, 0, "Use a Google machine series with nested virtualization (N2)",
           "Use a machine series with nested virtualization, such as N2, and create the instance "
           "with --enable-nested-virtualization.",
           GOOGLE),
    NESTED(PLATFORM_NITRO, SIT_INTEL, "AWS: --cpu-options NestedVirtualization=enabled, or *.metal",
           "Use an instance of a family that has it (C8i, M8i, R8i), launched with --cpu-options "
           "NestedVirtualization=enabled, or a size *.metal, which is not a virtual machine.",
           EC2),
    NESTED(PLATFORM_NITRO, 0, "AWS: use a size *.metal, or a family with nested virtualization",
           "Use a size *.metal, which is not a virtual machine; only a few other families (C8i, "
           "M8i, R8i) have nested virtualization.",
           EC2),
    NESTED(PLATFORM_EC2_XEN, 0, "AWS: move to a size *.metal of a newer family",
           "This instance runs on AWS's old hypervisor, Xen, which has no nested virtualization: "
           "move to a size *.metal of a newer family, or to C8i, M8i or R8i.",
           EC2),
    NESTED(PLATFORM_VMWARE, SIT_INTEL, "VMware: vhv.enable = \"TRUE\" in the VM's settings",
           HOST "with the VM switched off, enable \"Expose hardware assisted virtualization to the "
                "guest OS\" (ESXi) or \"Virtualize Intel VT-x/EPT\" (Workstation): vhv.enable = "
                "\"TRUE\".",
           VMWARE),
    NESTED(PLATFORM_VMWARE, SIT_AMD, "VMware: vhv.enable = \"TRUE\" in the VM's settings",
           HOST "with the VM switched off, enable \"Expose hardware assisted virtualization to the "
                "guest OS\" (ESXi) or \"Virtualize AMD-V/RVI\" (Workstation): vhv.enable = "
                "\"TRUE\".",
           VMWARE),
    NESTED(PLATFORM_VIRTUALBOX, 0, "VBoxManage modifyvm NAME --nested-hw-virt on",
           HOST "with the VM switched off, VBoxManage modifyvm NAME --nested-hw-virt on "
                "--nested-paging on.",
           VBOX),
    NESTED(PLATFORM_PARALLELS, 0, "prlctl set NAME --nested-virt on",
           HOST "with the VM switched off, prlctl set NAME --nested-virt on (Hardware > CPU & "
                "Memory > Advanced).",
           PRL),
    NESTED(PLATFORM_XEN, 0, "xl.cfg: nestedhvm = 1 and hap = 1",
           HOST "put nestedhvm = 1 and hap = 1 into the VM's configuration (xl.cfg), and start "
                "the VM again.",
           XL),
    NESTED(PLATFORM_BHYVE, 0, "bhyve has no nested virtualization: use another hypervisor",
           "bhyve shows a guest neither VT-x nor AMD-V, and has no switch for it: run the VM on "
           "another hypervisor.",
           BHYVE),

    UEFI(PLATFORM_HYPER_V, "Hyper-V: create the VM as generation 2",
         "This VM is of generation 1: create one of generation 2 (New-VM -Generation 2)" NEW_VM,
         HV_GEN2),
    UEFI(PLATFORM_AZURE, "Azure: use a VM of generation 2",
         "This VM is of generation 1: use one of generation 2, with Trusted Launch" NEW_VM,
         TRUSTED),
    UEFI(PLATFORM_PROXMOX, "qm set VMID --bios ovmf",
         HOST "qm set VMID --bios ovmf, with an EFI disk (--efidisk0)" NEW_VM, PROXMOX),
    UEFI(PLATFORM_KVM, "libvirt: <os firmware='efi'>",
         HOST "give the VM OVMF: libvirt <os firmware='efi'>" NEW_VM, LIBVIRT),
    UEFI(PLATFORM_VMWARE, "VMware: firmware = \"efi\" in the VM's settings",
         HOST "set the VM's firmware to EFI (firmware = \"efi\")" NEW_VM, VMX_FILE),
    UEFI(PLATFORM_VIRTUALBOX, "VBoxManage modifyvm NAME --firmware efi",
         HOST "VBoxManage modifyvm NAME --firmware efi" NEW_VM, VBOX),

    SECURE(PLATFORM_HYPER_V, "Set-VMFirmware NAME -EnableSecureBoot On",
           HOST "Set-VMFirmware -VMName NAME -EnableSecureBoot On, with the VM switched off and "
                "before Windows is installed.",
           HV_GEN2),
    SECURE(PLATFORM_AZURE, "Azure: Trusted Launch with Secure Boot",
           "Enable Secure Boot in the VM's Trusted Launch settings (az vm update "
           "--enable-secure-boot true).",
           TRUSTED),
    SECURE(PLATFORM_GOOGLE, "gcloud compute instances update NAME --shielded-secure-boot",
           "Stop the instance, then gcloud compute instances update NAME --shielded-secure-boot.",
           SHIELDED),
    SECURE(PLATFORM_VMWARE, "VMware: uefi.secureBoot.enabled = \"TRUE\"",
           HOST "enable Secure Boot in the VM's boot options (uefi.secureBoot.enabled = \"TRUE\") "
                "before Windows is installed.",
           VMX_FILE),

    VTPM(PLATFORM_HYPER_V, "Enable-VMTPM -VMName NAME",
         HOST "Set-VMKeyProtector -VMName NAME -NewLocalKeyProtector, then Enable-VMTPM -VMName "
              "NAME, with the VM switched off.",
         HV_GEN2),
    VTPM(PLATFORM_AZURE, "Azure: Trusted Launch with vTPM",
         "Enable vTPM in the VM's Trusted Launch settings (az vm update --enable-vtpm true).",
         TRUSTED),
    VTPM(PLATFORM_PROXMOX, "qm set VMID --tpmstate0 STORAGE:1,version=v2.0",
         HOST "qm set VMID --tpmstate0 STORAGE:1,version=v2.0.", PROXMOX),
    VTPM(PLATFORM_KVM, "libvirt: <tpm> with an emulator of version 2.0",
         HOST "give the VM a TPM: libvirt <tpm model='tpm-crb'><backend type='emulator' "
              "version='2.0'/></tpm>.",
         LIBVIRT),
    VTPM(PLATFORM_GOOGLE, "gcloud compute instances update NAME --shielded-vtpm",
         "Stop the instance, then gcloud compute instances update NAME --shielded-vtpm.", SHIELDED),
    VTPM(PLATFORM_VIRTUALBOX, "VBoxManage modifyvm NAME --tpm-type 2.0",
         HOST "VBoxManage modifyvm NAME --tpm-type 2.0.", VBOX),
};

const size_t n_remedies_platforms = COUNT(remedies_platforms);
