# SPDX-License-Identifier: MIT
"""The rules about the processor where VMX is real, and with them all others on an old machine.

What is expected follows from what the processors are; the guest reads their registers without
vbscheck as well.
"""
import sys

import bochs  # first: it knows where the harness is
from harness import rule
from lab import LabCase, Matrix, main

# In the upper half of 48Bh: EPT (bit 33), MBEC (bit 54). None is a fault: 48Ch exists where there
# is EPT or VPID (bit 37). Bochs's BIOS leaves VMX on and 3Ah locked.
SKYLAKE = {"3a": 0x5, "48b": 0x02577fff00000000, "48c": 0x00000f0106734141}
REGISTERS = {
    "bochs-skylake-x": SKYLAKE,
    "bochs-lynnfield": {"3a": 0x5, "48b": 0x0000007f00000000, "48c": 0x00000f0106114141},
    "bochs-penryn": {"3a": 0x5, "48b": 0x0000004100000000, "48c": None},
    "bochs-trinity": {"c0010114": 0},
    "bochs-vmx-off": {**SKYLAKE, "3a": 0x1},
    "bochs-vmx-open": SKYLAKE,  # Linux finishes what firmware had left open
    "bochs-svm-off": {"c0010114": 0x18},
}

# BIOS, a chipset of 1996: no IOMMU, no TPM, no WSMT. CPUID hides nothing, so that all of it counts.
UEFI = ("uefi.mat", "uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection", "mor.control",
        "mor.lock", "mor.lock-v2", "boot.secure-boot")
MACHINE = {
    "cpu.64bit": "pass", "cpu.virtualization": "pass", "cpu.slat": "pass", "cpu.mbec": "fail",
    "iommu.present": "fail", "iommu.translation": "not-applicable", "iommu.coverage": "fail",
    "iommu.dma-opt-in": "not-applicable", "tpm.version": "fail",
    "tpm.sha256-bank": "not-applicable", "smm.wsmt": "fail", "uefi.boot": "fail",
    **dict.fromkeys(UEFI, "unknown not-uefi"),
    "drivers.hvci": "unknown not-collected", "drivers.blocklist": "unknown not-collected",
    "drivers.windows-log": "unknown not-collected",
    "vm.nested": "not-applicable", "vm.series": "not-applicable",
}
FACTS = {"host.vm": False, "host.hypervisor": "none", "cpu.logical": 1, "iommu.units": 0}

MBEC = {**MACHINE, "cpu.mbec": "pass"}

# Windows asks for EPT and not for unrestricted guests, which Lynnfield lacks.
ROOT = {
    "bochs-skylake-x": MBEC,
    "bochs-lynnfield": MACHINE,
    "bochs-penryn": {**MACHINE, "cpu.slat": "fail"},
    "bochs-trinity": MACHINE,
    "bochs-vmx-off": {**MBEC, "cpu.virtualization": "fail"},
    "bochs-vmx-open": MBEC,
    "bochs-svm-off": {**MACHINE, "cpu.virtualization": "fail"},
}
INTEL = {**FACTS, "cpu.vmx": True, "cpu.svm": False, "cpu.npt": False, "cpu.vm-cr": None,
         "cpu.feature-control": "0x0000000000000005", "cpu.gmet": False}
EPT = dict.fromkeys(("cpu.ept", "cpu.ept-walk-4", "cpu.ept-write-back"), True)
AMD = {**FACTS, "cpu.vmx": False, "cpu.svm": True, "cpu.npt": True, "cpu.gmet": False,
       "cpu.feature-control": None, "cpu.ept": None}
ROOT_FACTS = {
    "bochs-skylake-x": {**INTEL, **EPT},
    "bochs-lynnfield": {**INTEL, **EPT},
    "bochs-penryn": {**INTEL, **dict.fromkeys(EPT, False)},
    "bochs-trinity": {**AMD, "cpu.vm-cr": "0x0000000000000000"},
    "bochs-vmx-off": {**INTEL, **EPT, "cpu.feature-control": "0x0000000000000001"},
    "bochs-vmx-open": {**INTEL, **EPT},
    "bochs-svm-off": {**AMD, "cpu.vm-cr": "0x0000000000000018"},
}

# The kernel says of Intel's processors what it found in the registers, but of VMX that is off only
# in its log; and of AMD's, with 6.7 and newer only, whether firmware left them on.
# That log might name a TPM, too.
DENIED = "unknown no-permission"
HIDDEN = {
    **dict.fromkeys(("bochs-trinity", "bochs-svm-off"), ("cpu.virtualization",)),
    "bochs-vmx-off": ("cpu.virtualization", "cpu.slat", "cpu.mbec"),
}
USER = {name: {**rules, **dict.fromkeys(("tpm.version", "tpm.sha256-bank"), DENIED),
               **dict.fromkeys(HIDDEN.get(name, ()), DENIED)}
        for name, rules in ROOT.items()}


LIVE = {name: {**ROOT[name], **ROOT_FACTS[name]} for name in bochs.MACHINES}
# There is no unit at all.
FINDINGS = dict.fromkeys(bochs.MACHINES, [("iommu.coverage", "pci")])


class Bochs(Matrix, LabCase):
    names = tuple(bochs.MACHINES)
    boot_all = staticmethod(bochs.boot_all)
    table = sys.modules[__name__]

    def test_the_processor_is_the_one_that_is_expected(self):
        self.each(self.check_registers)

    def check_registers(self, made):
        lines = made["registers/registers"].decode().splitlines()
        read = {name: int(value, 16) if value else None
                for name, _, value in (line.partition(" ") for line in lines)}
        expected = REGISTERS[made.name]
        self.assertEqual(expected, {name: read[name] for name in expected}, made)
        self.assertEqual(b"", made["registers/log"].strip(), made)

    def test_a_switch_in_setup_is_the_cause_where_firmware_locked_it_off(self):
        self.each(self.check_cause)

    def check_cause(self, made):
        expected = "disabled" if made.name in ("bochs-vmx-off", "bochs-svm-off") else None
        self.assertEqual(expected, rule(self.report(made, "live"), "cpu.virtualization")["cause"])


if __name__ == "__main__":
    main()
