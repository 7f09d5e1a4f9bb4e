# SPDX-License-Identifier: MIT
"""The machines of the lab, by name: what the kernel is told and what they have beside the base."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    append: str = ""  # words for the kernel's command line
    qemu: tuple = ()  # arguments for QEMU, after those of boot.BASE
    arch: str = "amd64"  # of boot.ARCHES
    suite: str = "bookworm"  # of Debian, whose firmware it is
    tpm: str = ""  # QEMU's device for a TPM 2.0
    mor: bool = False  # firmware with SMM, and the MOR variable in its store
    steps: tuple = ("live", "replay", "user")  # of tests/lab/steps, in that order


# Bus 64 is behind no unit; what a conventional bus holds shares the identity of its bridge.
VTD_BYPASS = (
    "-device", "intel-iommu,intremap=on,aw-bits=48",
    "-device", "pcie-root-port,id=rp1,bus=pcie.0,chassis=1,slot=1,addr=1.0",
    "-device", "virtio-rng-pci,bus=rp1,disable-legacy=on",
    "-device", "pxb-pcie,id=pxb1,bus=pcie.0,bus_nr=64,bypass_iommu=on,addr=2.0",
    "-device", "pcie-root-port,id=rp2,bus=pxb1,chassis=2,slot=2",
    "-device", "virtio-rng-pci,bus=rp2,disable-legacy=on",
    "-device", "pcie-pci-bridge,id=pci1,bus=pcie.0,addr=3.0",
    "-device", "e1000,bus=pci1,addr=1.0,romfile=",
)

SCENARIOS = {
    "plain": Scenario(qemu=("-smp", "2")),
    "integrity": Scenario(append="lockdown=integrity"),
    "confidentiality": Scenario(append="lockdown=confidentiality"),
    "efi-debug": Scenario(append="efi=debug"),
    "confidentiality-debug": Scenario(append="lockdown=confidentiality efi=debug"),
    "mor": Scenario(tpm="tpm-tis", mor=True, steps=("mor", "live", "replay", "user")),
    "vtd-bypass": Scenario(qemu=VTD_BYPASS),
    "vtd-bypass-off": Scenario(qemu=VTD_BYPASS, append="intel_iommu=off"),
}
