# SPDX-License-Identifier: MIT
"""The lab's x86 machines under QEMU, and what is expected of each.

Expectations follow from what QEMU and the firmware were told. What a virtual machine does not have
is not held against it (WSMT, IOMMU, MOR); what it has is judged, at the level of a guest, so that
only cpu.64bit and vm.nested decide whether it is ready. QEMU without KVM shows none of Hyper-V's
CPUID leaves: those are tested by captures made by hand.
"""
from scenarios import Scenario


def pci(bypass="", first=1):
    """Bus 1 is behind a root port, bus 2 is a conventional one behind a bridge. Bus 64 has a root
    of its own, and bus 65 is behind a port of it. One function of each can do DMA, and the disk
    controller of the chipset. `first` is the first free slot of bus 0."""
    return (
        "-device", f"pcie-root-port,id=rp1,bus=pcie.0,chassis=1,slot=1,addr={first}.0",
        "-device", "virtio-rng-pci,bus=rp1,disable-legacy=on",
        "-device", f"pxb-pcie,id=pxb1,bus=pcie.0,bus_nr=64,addr={first + 1}.0{bypass}",
        "-device", "pcie-root-port,id=rp2,bus=pxb1,chassis=2,slot=2",
        "-device", "virtio-rng-pci,bus=rp2,disable-legacy=on",
        "-device", f"pcie-pci-bridge,id=pci1,bus=pcie.0,addr={first + 2}.0",
        "-device", "e1000,bus=pci1,addr=1.0,romfile=",
    )


BYPASS = ",bypass_iommu=on"
BUS0 = ("-M", "q35,default-bus-bypass-iommu=on")
VTD = ("-device", "intel-iommu,intremap=on,aw-bits=48")
VTD_39 = ("-device", "intel-iommu,intremap=off,aw-bits=39")
# It is a PCI function as well, and takes the first slot.
AMDVI = ("-device", "amd-iommu,intremap=on")

LIVE_STEPS = ("live", "replay", "user")
MOR = ("mor", "live", "replay", "user")
POKE = ("poke", "live", "replay", "user")
FLOOD = ("flood", "live", "replay", "user")


def vm(*qemu, **more):
    return Scenario(qemu=qemu, **{"steps": LIVE_STEPS, **more})


def tpm(device, *setup, **more):
    return vm(**{"firmware": "smm", "tpm": device, "tpm_setup": setup, **more})


def xen(cpu, *qemu):
    """A machine that does not call itself virtual: in one that does, Xen's dom0 is a guest."""
    return vm("-m", "1024", "-cpu", f"{cpu},-hypervisor,tcg-cpuid=off",
              "-M", "q35,x-oem-id=VBSCHK,x-oem-table-id=VBSTEST",
              "-smbios", "type=1,manufacturer=VBSCHK,product=VBSTEST", *qemu, xen=True, steps=ALL)


def named(manufacturer, product, *qemu, cpu="EPYC,-svm", **more):
    """A machine of somebody's by SMBIOS alone: CPUID says that there is a hypervisor, and no more."""
    return vm("-cpu", f"{cpu},tcg-cpuid=off", "-smbios",
              f"type=1,manufacturer={manufacturer},product={product}", *qemu, **more)


AZURE_TAG = "7783-7084-3265-9085-8269-3286-77"
ALL = Scenario().steps
TPM2 = ("--tpm2", "--pcr-banks")

SCENARIOS = {
    # Firmware and who looks
    "plain": vm("-smp", "2", steps=(*ALL, "collect")),
    "legacy-bios": vm(firmware="bios", steps=ALL),
    "integrity": vm(append="lockdown=integrity", steps=ALL),
    "confidentiality": vm(append="lockdown=confidentiality", steps=ALL),
    "efi-debug": vm(append="efi=debug", steps=ALL),
    "confidentiality-debug": vm(append="lockdown=confidentiality efi=debug", steps=ALL),
    "secure-boot": vm(firmware="secure-boot", steps=ALL),
    "mat-broken": vm(append="poked=MEMATTR poke=48:0000000000000080", poked=True, steps=POKE),
    "trixie": vm(suite="trixie"),
    # The kernel's log has lost its beginning
    "log-lost": vm(steps=FLOOD),
    "log-lost-vtd": vm(*VTD, *pci(), steps=FLOOD),
    # Processors
    "no-npt": vm("-cpu", "EPYC,-npt"),
    "no-svm": vm("-cpu", "EPYC,-svm"),
    "skylake": vm("-cpu", "Skylake-Client-v3"),
    "max": vm("-cpu", "max"),
    # Who runs it
    "aws": named("Amazon EC2", "m6a.large"),
    "google": named("Google", "Google Compute Engine"),
    "azure": named("Microsoft Corporation", "Virtual Machine", "-smbios", f"type=3,asset={AZURE_TAG}"),
    "vmware-bios": named("VMware,, Inc.", "VMware20,,1", firmware="bios"),
    "virtualbox": named("innotek GmbH", "VirtualBox"),
    "proxmox": vm("-cpu", "EPYC,-svm,tcg-cpuid=off", "-smbios",
                  "type=0,vendor=Proxmox distribution of EDK II,version=4,uefi=on"),
    # TPM
    "tpm-tis": tpm("tpm-tis", *TPM2, "sha256", steps=(*ALL, "tpm-held", "collect")),
    "tpm-crb": tpm("tpm-crb", *TPM2, "sha256"),
    "tpm-sha1": tpm("tpm-tis", *TPM2, "sha1"),
    "tpm-3banks": tpm("tpm-tis", *TPM2, "sha1,sha256,sha384"),
    "tpm-12": tpm("tpm-tis", steps=ALL),
    # MOR
    "mor": vm(firmware="mor", tpm="tpm-tis", steps=MOR),
    "mor-locked": vm(firmware="mor", tpm="tpm-tis", steps=("mor-lock", *LIVE_STEPS)),
    "mor-restarted": vm(firmware="mor", tpm="tpm-tis", variables_of="mor-locked"),
    "mor-v1": vm(firmware="smm", suite="trixie", tpm="tpm-tis", steps=MOR),
    "mor-no-lock": vm(suite="trixie", tpm="tpm-tis"),
    # IOMMU
    "vtd": vm(*VTD, *pci()),
    "vtd-39": vm(*VTD_39, *pci()),
    "vtd-off": vm(*VTD, *pci(), append="intel_iommu=off"),
    "vtd-bypass": vm(*VTD, *pci(BYPASS), steps=(*ALL, "collect")),
    "vtd-bypass-off": vm(*VTD, *pci(BYPASS), append="intel_iommu=off", steps=ALL),
    "vtd-bus0": vm(*BUS0, *VTD, *pci()),
    "vtd-twice": vm(*VTD, *pci(), tables=("dmar-opt-in",)),
    "dmar-opt-in": vm(tables=("dmar-opt-in",)),
    "amdvi": vm(*AMDVI, *pci(first=2)),
    # Linux 6.1 follows a pointer to nothing where a bus is left out.
    "amdvi-bypass": vm(*AMDVI, *pci(BYPASS, first=2), append="amd_iommu=off"),
    "amdvi-bus0": vm(*BUS0, *AMDVI, *pci(first=2)),
    # Xen's dom0, which dies of what QEMU's newest processors have
    "xen-intel": xen("Nehalem", "-M", "q35,kernel-irqchip=split", *VTD),
    "xen-amd": xen("EPYC,-smap,-smep"),
    # WSMT
    "wsmt-0": vm(tables=("WSMT:00000000",)),
    "wsmt-3": vm(tables=("WSMT:03000000",)),
    "wsmt-4": vm(tables=("WSMT:04000000",)),
    "wsmt-7": vm(tables=("WSMT:07000000",), steps=ALL),
    "wsmt-short": vm(tables=("WSMT:0700",)),
    "wsmt-twice": vm(tables=("WSMT:07000000", "WSMT:03000000")),
    # The firmware's own.
    "wsmt-sid": vm(firmware="smm", suite="sid", steps=ALL),
    "wsmt-checksum": vm(tables=("WSMT:07000000",), append="poked=WSMT poke=9:5a", poked=True,
                        steps=POKE),
    "wsmt-length": vm(tables=("WSMT:07000000",), append="poked=WSMT poke=4:14000000", poked=True,
                      steps=POKE),
}

# One of each kind. Every run boots them with the release build, a run of all the others as well.
CORE = ("plain", "legacy-bios", "confidentiality-debug", "tpm-tis", "mor", "mor-v1", "vtd-bypass",
        "amdvi", "wsmt-checksum", "mat-broken")
# Those of the core that are booted with sanitizers, too: together they run the most different code.
SANITIZED = (
    "legacy-bios",  # nothing of UEFI, no table but ACPI's usual ones
    "confidentiality-debug",  # kernel memory is closed, the kernel's log is read instead
    "mor",  # the Memory Attributes Table from kernel memory, a TPM that answers, mor-test that writes
    "vtd-bypass",  # DMAR, bridges, a finding; an ordinary user sees the kernel's groups
    "amdvi",  # IVRS
)

# Whatever is looked at: -------------------------------------------------------------------------

MAT = ("uefi.mat", "uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection")
IOMMU = ("iommu.present", "iommu.translation", "iommu.coverage", "iommu.dma-opt-in")
MOR_RULES = ("mor.control", "mor.lock", "mor.lock-v2")
TABLES = (*IOMMU, "smm.wsmt")

NO_IOMMU = {**dict.fromkeys(IOMMU, "not-applicable"), "iommu.units": 0}
NO_TPM = {"tpm.version": "fail", "tpm.sha256-bank": "not-applicable"}
NO_MOR = dict.fromkeys(MOR_RULES, "not-applicable")
SOUND_MAT = {**dict.fromkeys(MAT, "pass"), "mat.published": True, "mat.version": 1,
             "mat.entries-unprotected": 0, "mat.covers-runtime": True, "mat.layout-sound": True,
             "mat.read-from": "kcore"}
PRINTED_MAT = {**SOUND_MAT, "mat.version": None, "mat.read-from": "kernel-log"}
SEALED_MAT = {**dict.fromkeys(SOUND_MAT), **dict.fromkeys(MAT, "unknown lockdown"),
              "uefi.mat": "pass", "mat.published": True}

PLAIN = {
    "cpu.64bit": "pass", "cpu.virtualization": "pass", "cpu.slat": "pass", "cpu.mbec": "fail",
    **NO_IOMMU, **NO_TPM, "smm.wsmt": "not-applicable", "uefi.boot": "pass", **SOUND_MAT, **NO_MOR,
    "drivers.hvci": "unknown not-collected", "drivers.blocklist": "unknown not-collected",
    "drivers.windows-log": "unknown not-collected",
    "vm.nested": "pass", "vm.series": "not-applicable", "boot.secure-boot": "fail",
    "vm.platform": "QEMU without KVM", "host.vm": True, "host.lockdown": "none",
}
# What the hypervisor does not show is judged by vm.nested.
NO_SVM = {**dict.fromkeys(("cpu.virtualization", "cpu.slat", "cpu.mbec"), "not-applicable"),
          "vm.nested": "fail"}
# Nothing of UEFI is to be seen, whatever the firmware could do.
BIOS = {"uefi.boot": "fail", **dict.fromkeys(MAT + MOR_RULES + ("boot.secure-boot",),
                                            "unknown not-uefi"),
        **dict.fromkeys(("mat.published", "mat.version", "mat.entries-unprotected",
                         "mat.covers-runtime", "mat.layout-sound", "mat.read-from"))}


# Xen may have taken away what dom0 does not see. What addresses in the firmware's table of memory
# are to it, Xen does not say.
HIDDEN = "unknown hidden"
DOM0 = {
    **PLAIN, "vm.platform": None, **dict.fromkeys(("cpu.mbec", *IOMMU, "tpm.version", "tpm.sha256-bank", "smm.wsmt",
                              *MOR_RULES), HIDDEN),
    **dict.fromkeys(SOUND_MAT), **dict.fromkeys(MAT, HIDDEN),
    "uefi.mat": "pass", "mat.published": True, "iommu.units": None, "vm.nested": "not-applicable",
    "host.vm": False, "host.viewpoint": "dom0", "host.hypervisor": "Xen",
}
NO_VMX_SEEN = {"cpu.virtualization": HIDDEN, "cpu.slat": HIDDEN}


def tpm2(banks):
    sha256 = "sha256" in banks.split(",")
    return {"tpm.version": "pass", "tpm.sha256-bank": "pass" if sha256 else "fail",
            "tpm.banks": banks, "tpm.is-2.0": True, "tpm.decided-by": "tpm/fixed",
            "tpm.manufacturer": "IBM", "tpm.state": "ready"}


# Tables, variables and drivers' folders tell as much without the log; but it could have named a TPM
# that nothing else does.
LOG_LOST = {**PLAIN, "tpm.version": "unknown truncated", "tpm.sha256-bank": "unknown truncated",
            "tpm.present": None}


def covered(uncovered, functions=4, **facts):
    return {"iommu.present": "pass", "iommu.translation": "pass",
            "iommu.coverage": "fail" if uncovered else "pass", "iommu.dma-opt-in": "fail",
            "iommu.units": 1, "iommu.functions": functions,
            "iommu.functions-uncovered": uncovered,
            **{name.replace("_", "-").replace("-", ".", 1): v for name, v in facts.items()}}


def mor(v2, lock=1):
    return {"mor.control": "pass", "mor.lock": "pass", "mor.lock-v2": v2, "mor.control-size": 1,
            "mor.lock-size": lock}


REVISION_2 = {**mor("pass"), "mor.lock-is-v2": True}
REVISION_1 = {**mor("fail"), "mor.lock-is-v2": False}
# Both revisions look alike while the lock is open.
OPEN = mor("unknown unprovable")

# Hyper-V's leaves, which QEMU does not show, would say whether it has virtual secure mode.
PLATFORMS = {
    "aws": {"vm.platform": "AWS Nitro", "host.hypervisor": "QEMU"},
    "google": {"vm.platform": "Google Cloud", "host.hypervisor": "QEMU"},
    "azure": {"vm.platform": "Azure", "host.hypervisor": "Hyper-V", "vm.azure": True,
              "vm.nested": "unknown not-collected", "vm.series": "unknown not-collected"},
    "vmware-bios": {**BIOS, "vm.platform": "VMware", "host.hypervisor": "VMware"},
    "virtualbox": {"vm.platform": "VirtualBox", "host.hypervisor": "VirtualBox"},
    "proxmox": {"vm.platform": "Proxmox VE", "host.hypervisor": "QEMU"},
}
# What whoever runs it is told to do about vm.nested.
REMEDIES = {
    "no-svm": "-cpu EPYC,+svm,+npt",
    "skylake": "run it with KVM",
    "aws": "*.metal",
    "google": "--enable-nested-virtualization",
    "vmware-bios": "vhv.enable",
    "virtualbox": "VBoxManage modifyvm NAME --nested-hw-virt on",
    "proxmox": "qm set VMID --cpu host",
}

# Scenario: what root gets of each rule, and facts.
LIVE = {
    "plain": {**PLAIN, "cpu.logical": 2},
    "legacy-bios": {**PLAIN, **BIOS},
    "integrity": {**PLAIN, "host.lockdown": "integrity"},
    "confidentiality": {**PLAIN, **SEALED_MAT, "host.lockdown": "confidentiality"},
    "efi-debug": PLAIN,
    "confidentiality-debug": {**PLAIN, **PRINTED_MAT, "host.lockdown": "confidentiality"},
    "secure-boot": {**PLAIN, "boot.secure-boot": "pass", "host.lockdown": "integrity"},
    # The coverage and the order of the entries are what they were.
    "mat-broken": {**PLAIN, "uefi.page-protection": "fail", "mat.entries-unprotected": 1},
    "trixie": {**PLAIN, "mat.version": 2},
    "log-lost": LOG_LOST,
    "log-lost-vtd": {**LOG_LOST, **covered(0, dmar_include_all=0)},
    "no-npt": {**PLAIN, "cpu.slat": "fail", "vm.nested": "fail"},
    "no-svm": {**PLAIN, **NO_SVM, "cpu.svm": False},
    "skylake": {**PLAIN, **NO_SVM, "cpu.vmx": False},
    "max": PLAIN,
    **{name: {**PLAIN, **NO_SVM, **facts} for name, facts in PLATFORMS.items()},
    "tpm-tis": {**PLAIN, **tpm2("sha256")},
    "tpm-crb": {**PLAIN, **tpm2("sha256")},
    "tpm-sha1": {**PLAIN, **tpm2("sha1")},
    "tpm-3banks": {**PLAIN, **tpm2("sha1,sha256,sha384")},
    "tpm-12": {**PLAIN, "tpm.version": "fail", "tpm.is-2.0": False, "tpm.present": True,
               "tcpa.present": True, "tpm2.present": False},
    "mor": {**PLAIN, **tpm2("sha256"), **REVISION_2},
    "mor-locked": {**PLAIN, **tpm2("sha256"), **REVISION_2},
    "mor-restarted": {**PLAIN, **tpm2("sha256"), **OPEN},
    "mor-v1": {**PLAIN, **tpm2("sha256"), **REVISION_1, "mat.version": 2},
    "mor-no-lock": {**PLAIN, **tpm2("sha256"), **NO_MOR,
                    "mor.control": "pass", "mat.version": 2},
    "vtd": {**PLAIN, **covered(0, dmar_include_all=0)},
    "vtd-39": {**PLAIN, **covered(0, dmar_flags=0)},
    "vtd-off": {**PLAIN, **covered(0)},
    "vtd-bypass": {**PLAIN, **covered(1)},
    "vtd-bypass-off": {**PLAIN, **covered(1)},
    "vtd-bus0": {**PLAIN, **covered(3)},
    # Nothing says which of the two tables the next system believes.
    "vtd-twice": {**PLAIN, **covered(None), **dict.fromkeys(IOMMU[1:], "unknown conflict")},
    # Where its units should be, Linux reads registers of zeros: no address width at all.
    "dmar-opt-in": {**PLAIN, **covered(0, 1), "iommu.units": 2, "iommu.dma-opt-in": "pass",
                    "iommu.translation": "fail"},
    "amdvi": {**PLAIN, **covered(0)},
    "amdvi-bypass": {**PLAIN, **covered(1)},
    "amdvi-bus0": {**PLAIN, **covered(3)},
    # Xen renames the table, which is read all the same, and keeps the unit's registers to itself.
    "xen-intel": {**DOM0, **NO_VMX_SEEN, **covered(0, 2), "iommu.translation": HIDDEN},
    # Xen tells that it runs machines with the hardware's help.
    "xen-amd": DOM0,
    "wsmt-0": {**PLAIN, "smm.wsmt": "fail"},
    "wsmt-3": {**PLAIN, "smm.wsmt": "fail"},
    "wsmt-4": {**PLAIN, "smm.wsmt": "fail"},
    "wsmt-7": {**PLAIN, "smm.wsmt": "pass"},
    "wsmt-short": {**PLAIN, "smm.wsmt": "unknown malformed"},
    # What one of them does not claim is not there.
    "wsmt-twice": {**PLAIN, "smm.wsmt": "fail"},
    "wsmt-checksum": {**PLAIN, "smm.wsmt": "unknown malformed"},
    "wsmt-length": {**PLAIN, "smm.wsmt": "unknown malformed"},
    "wsmt-sid": {**PLAIN, "smm.wsmt": "fail", "wsmt.flags": 3, "wsmt.tables": 1, "mat.version": 2},
}

# Those that QEMU was told to put past the unit; the entry that was changed.
PORT, DISK, CONVENTIONAL, PXB = "0000:01:00.0", "0000:00:1f.2", "0000:02:01.0", "0000:41:00.0"
MISSING = ("smm.wsmt", "acpi/WSMT")  # a claim
FINDINGS = {
    "dmar-opt-in": [("iommu.translation", "DRHD fed91000")],
    "wsmt-0": [MISSING] * 3,
    "wsmt-3": [MISSING],
    "wsmt-4": [MISSING] * 2,
    "wsmt-twice": [("smm.wsmt", "acpi/WSMT2")],
    "wsmt-sid": [MISSING],
    "vtd-bypass": [("iommu.coverage", PXB)],
    "vtd-bypass-off": [("iommu.coverage", PXB)],
    "vtd-bus0": [("iommu.coverage", f) for f in (DISK, PORT, CONVENTIONAL)],
    "amdvi-bypass": [("iommu.coverage", PXB)],
    "amdvi-bus0": [("iommu.coverage", f) for f in (DISK, PORT, CONVENTIONAL)],
}

# An ordinary user sees neither registers nor tables, but which tables there are.
MAT_FACTS = [name for name in SOUND_MAT if name.startswith("mat.")]
# What the kernel's log could say of a TPM or of a register, it may not be asked.
USER_PLAIN = {**PLAIN, "cpu.virtualization": "unknown no-permission",
              "vm.nested": "unknown no-permission", "tpm.version": "unknown no-permission",
              "tpm.sha256-bank": "unknown no-permission",
              **dict.fromkeys(MAT, "unknown no-permission"), **dict.fromkeys(MAT_FACTS)}
DENIED = "unknown no-permission"
GROUPS = {"iommu.present": "pass", "iommu.translation": "pass", "iommu.coverage": DENIED,
          "iommu.dma-opt-in": DENIED}
USER_DOM0 = {**DOM0, **dict.fromkeys(MAT, DENIED), "mat.published": None}
NO_GROUPS = {**dict.fromkeys(IOMMU, DENIED), "iommu.units": None}
USER_TPM = {**USER_PLAIN, "tpm.version": "pass", "tpm.sha256-bank": "pass"}
USER = {
    "plain": {**USER_PLAIN, "cpu.logical": 2},
    "legacy-bios": {**USER_PLAIN, **BIOS},
    "integrity": {**USER_PLAIN, "host.lockdown": "integrity"},
    "confidentiality": {**USER_PLAIN, "host.lockdown": "confidentiality"},
    "efi-debug": USER_PLAIN,
    "confidentiality-debug": {**USER_PLAIN, "host.lockdown": "confidentiality"},
    "secure-boot": {**USER_PLAIN, "boot.secure-boot": "pass", "host.lockdown": "integrity"},
    # The firmware has no variable of Secure Boot: only the log tells.
    "trixie": {**USER_PLAIN, "boot.secure-boot": DENIED},
    "no-npt": {**USER_PLAIN, "cpu.slat": "fail", "vm.nested": "fail"},
    "no-svm": {**USER_PLAIN, **NO_SVM},
    "skylake": {**USER_PLAIN, **NO_SVM},
    "max": USER_PLAIN,
    **{name: {**USER_PLAIN, **NO_SVM, **facts} for name, facts in PLATFORMS.items()},
    # The tables, which name the maker of the virtual machine, are root's.
    **{name: {**USER_PLAIN, **NO_SVM, **PLATFORMS[name], "host.hypervisor": "unknown"}
       for name in ("aws", "google")},
    "log-lost": USER_PLAIN,
    "log-lost-vtd": {**USER_PLAIN, **GROUPS, "iommu.coverage": "pass", "iommu.units": 1},
    # Of the TPM the driver's folder is enough.
    "tpm-tis": {**USER_PLAIN, "tpm.version": "pass", "tpm.sha256-bank": "pass",
                "tpm.decided-by": "sys/tpm"},
    "tpm-crb": USER_TPM,
    "tpm-sha1": {**USER_TPM, "tpm.sha256-bank": "fail"},
    "tpm-3banks": USER_TPM,
    "tpm-12": {**USER_PLAIN, "tpm.version": "fail", "tpm.sha256-bank": "not-applicable"},
    "mor": {**USER_TPM, **REVISION_2},
    "mor-restarted": {**USER_TPM, **OPEN},
    "mor-v1": {**USER_TPM, **REVISION_1},
    "vtd": {**USER_PLAIN, **GROUPS, "iommu.coverage": "pass", "iommu.units": 1},
    "vtd-39": {**USER_PLAIN, **GROUPS, "iommu.coverage": "pass", "iommu.units": 1},
    "vtd-off": {**USER_PLAIN, **NO_GROUPS},
    "vtd-bypass": {**USER_PLAIN, **GROUPS, "iommu.units": 1},
    "vtd-bypass-off": {**USER_PLAIN, **NO_GROUPS},
    "vtd-bus0": {**USER_PLAIN, **GROUPS, "iommu.units": 1},
    # Groups do not say which of two tables holds.
    "vtd-twice": {**USER_PLAIN, **NO_GROUPS},
    "dmar-opt-in": {**USER_PLAIN, **NO_GROUPS},
    # Nothing that a user may read says whether it translates.
    "amdvi": {**USER_PLAIN, **GROUPS, "iommu.translation": DENIED, "iommu.coverage": "pass",
              "iommu.units": 1},
    "amdvi-bypass": {**USER_PLAIN, **NO_GROUPS},
    "amdvi-bus0": {**USER_PLAIN, **GROUPS, "iommu.translation": DENIED, "iommu.units": 1},
    "xen-intel": {**USER_DOM0, **NO_VMX_SEEN},
    "xen-amd": USER_DOM0,
    **dict.fromkeys(("wsmt-0", "wsmt-3", "wsmt-4", "wsmt-7", "wsmt-short", "wsmt-twice", "wsmt-sid",
                     "wsmt-length"), {**USER_PLAIN, "smm.wsmt": DENIED}),
}
