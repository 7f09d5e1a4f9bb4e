# SPDX-License-Identifier: MIT
"""The lab's arm64 machines, and what is expected of each."""
from scenarios import Scenario

SMMU = ("-M", "virt,iommu=smmuv3")
EL2 = ("-M", "virtualization=on")


def pci(bypass=""):
    """Bus 1 is behind a root port. Bus 2 is a conventional one behind a bridge. Bus 64 has a root
    of its own, and bus 65 is behind a port of it. One function of each can do DMA."""
    return (
        "-device", f"pxb-pcie,id=pxb1,bus=pcie.0,bus_nr=64,addr=2.0{bypass}",
        "-device", "pcie-root-port,id=rp1,bus=pcie.0,chassis=1,slot=1,addr=1.0",
        "-device", "virtio-rng-pci,bus=rp1,disable-legacy=on",
        "-device", "pcie-pci-bridge,id=pci1,bus=pcie.0,addr=3.0",
        "-device", "e1000,bus=pci1,addr=1.0,romfile=",
        "-device", "pcie-root-port,id=rp2,bus=pxb1,chassis=2,slot=2",
        "-device", "virtio-rng-pci,bus=rp2,disable-legacy=on",
    )


def arm64(*qemu, **more):
    return Scenario(arch="arm64", qemu=qemu, **more)


SCENARIOS = {
    "arm64-smmu": arm64(*SMMU, *pci()),
    "arm64-smmu-bridge": arm64(*SMMU, *pci(",bypass_iommu=on")),
    "arm64-smmu-bus0": arm64(*SMMU, "-M", "default-bus-bypass-iommu=on", *pci()),
    # Debian's kernel for arm64 has no driver for this TPM.
    "arm64-tpm": arm64(*pci(), tpm="tpm-tis-device"),
    "arm64-el2": arm64("-smp", "2", *EL2),
    # The other mode of the kernel at EL2, VHE, and all that can be had in one machine. Signing
    # pointers as the architecture would takes QEMU three times as long.
    "arm64-ready": arm64("-cpu", "max,pauth-impdef=on", *EL2, *SMMU, *pci(), append="efi=debug"),
    # What Linux boots with on most Arm machines: no table at all, and bus 64 is not in it.
    "arm64-device-tree": arm64("-M", "acpi=off", *SMMU, *pci()),
    # Its table is of version 2, with parts that are read-only and no-execute both. It is built
    # without Secure Boot, which only the kernel's log tells: the variable is not there.
    "arm64-trixie": arm64(suite="trixie", append="efi=debug"),
    "arm64-sealed": arm64(append="lockdown=confidentiality"),
    "arm64-sealed-debug": arm64(append="lockdown=confidentiality efi=debug"),
}

# Who looks does not matter for these, nor what machine it is: no SMM and no MBEC on Arm; firmware
# without MOR, and variables without keys.
EVERY = {
    "cpu.64bit": "pass", "cpu.mbec": "not-applicable", "iommu.dma-opt-in": "not-applicable",
    "smm.wsmt": "not-applicable", "uefi.boot": "pass", "mor.control": "not-applicable",
    "mor.lock": "not-applicable", "mor.lock-v2": "not-applicable",
    "drivers.hvci": "unknown not-collected", "drivers.blocklist": "unknown not-collected",
    "drivers.windows-log": "unknown not-collected",
    "boot.secure-boot": "fail", "vm.series": "not-applicable",
    "host.vm": True, "host.arch": "aarch64", "wsmt.present": False,
}
NO_TPM = {"tpm.version": "fail", "tpm.sha256-bank": "not-applicable", "tpm2.present": False}
NO_SMMU = {"iommu.present": "not-applicable", "iommu.translation": "not-applicable",
           "iommu.coverage": "not-applicable", "iommu.units": 0, "iort.smmu-v3": 0}
# What the hypervisor does not show is judged by vm.nested.
NO_EL2 = {"cpu.virtualization": "not-applicable", "cpu.slat": "not-applicable",
          "vm.nested": "fail", "cpu.el2": False}
# The processor is a Cortex-A72, older than Armv8.2: shown, and no reason for a VM not to be ready.
AT_EL2 = {"cpu.virtualization": "fail", "cpu.slat": "pass", "vm.nested": "pass", "cpu.el2": True,
          "cpu.arm-8.2": False}
# All that QEMU can do.
MAX_AT_EL2 = {**AT_EL2, "cpu.virtualization": "pass", "cpu.arm-8.2": True}
# The kernel shows no memory map on arm64, unless it is told to print it.
NO_MAP = {"uefi.mat": "pass", "uefi.mat-coverage": "unknown no-driver", "uefi.mat-layout": "pass",
          "uefi.page-protection": "pass", "mat.version": 1, "mat.read-from": "kcore"}
MAP = {**NO_MAP, "uefi.mat-coverage": "pass", "mat.covers-runtime": True}
SEALED = {**dict.fromkeys(NO_MAP, "unknown lockdown"), "uefi.mat": "pass", "mat.version": None,
          "mat.read-from": None}


def smmu(uncovered):
    return {"iommu.present": "pass", "iommu.translation": "pass",
            "iommu.coverage": "fail" if uncovered else "pass", "iommu.units": 1,
            "iort.smmu-v3": 1, "iommu.functions": 3, "iommu.functions-uncovered": uncovered}


DRIVEN = {"iommu.present": "pass", "iommu.translation": "pass", "iommu.units": 1}

PLAIN = {**EVERY, **NO_TPM, **NO_SMMU, **NO_EL2, **NO_MAP}

# Without tables. The driver's folder shows an SMMU, but not which functions are behind it.
UNSEEN = {name: "unknown not-collected" for name in (
    "iommu.coverage", "tpm.version", "tpm.sha256-bank")} | {
    "tpm2.present": None, "iort.smmu-v3": None, "iommu.functions": 2}

# Scenario: what root gets of each rule, and facts.
LIVE = {
    "arm64-smmu": {**PLAIN, **smmu(0)},
    "arm64-smmu-bridge": {**PLAIN, **smmu(1)},
    "arm64-smmu-bus0": {**PLAIN, **smmu(2)},
    "arm64-tpm": {**PLAIN, "tpm.version": "unknown no-driver",
                  "tpm.sha256-bank": "unknown no-driver", "tpm2.present": True},
    "arm64-el2": {**PLAIN, **AT_EL2, "cpu.logical": 2},
    "arm64-ready": {**PLAIN, **MAX_AT_EL2, **smmu(0), **MAP},
    "arm64-device-tree": {**PLAIN, **UNSEEN, **DRIVEN},
    "arm64-trixie": {**PLAIN, **MAP, "mat.version": 2},
    "arm64-sealed": {**PLAIN, **SEALED},
    "arm64-sealed-debug": {**PLAIN, **MAP, "mat.version": None, "mat.read-from": "kernel-log"},
}

VERDICTS = {name: "not-ready" for name in SCENARIOS} | {
    "arm64-el2": "ready", "arm64-ready": "ready"}

# Those that QEMU was told to put past the SMMU, or of which nothing tells.
FINDINGS = {name: [("iommu.coverage", subject) for subject in subjects] for name, subjects in {
    "arm64-smmu-bridge": ["0000:41:00.0"],
    "arm64-smmu-bus0": ["0000:01:00.0", "0000:02:01.0"],
    "arm64-device-tree": ["0000:01:00.0", "0000:02:01.0"],
}.items()}

# An ordinary user may read neither a table nor the kernel's log. Whether there is a table is
# visible, but IORT is there without an SMMU as well. The device of KVM shows EL2.
DENIED = {name: "unknown no-permission" for name in (
    "cpu.virtualization", "cpu.slat", "vm.nested", "iommu.present", "iommu.translation",
    "iommu.coverage", "uefi.mat", "uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection")}
NOBODY = {**EVERY, **NO_TPM, **DENIED, "tpm.version": "unknown no-permission",
          "tpm.sha256-bank": "unknown no-permission"}

USER = dict.fromkeys(SCENARIOS, NOBODY) | {
    "arm64-smmu": {**NOBODY, **DRIVEN},
    "arm64-smmu-bridge": {**NOBODY, **DRIVEN},
    "arm64-smmu-bus0": {**NOBODY, **DRIVEN},
    "arm64-tpm": {**NOBODY, "tpm.version": "unknown no-permission",
                  "tpm.sha256-bank": "unknown no-permission", "tpm2.present": None},
    "arm64-el2": {**NOBODY, **AT_EL2},
    "arm64-ready": {**NOBODY, **MAX_AT_EL2, **DRIVEN},
    "arm64-device-tree": {**NOBODY, **UNSEEN, **DRIVEN},
    "arm64-trixie": {**NOBODY, "boot.secure-boot": "unknown no-permission"},
}
