# SPDX-License-Identifier: MIT
"""The rules about UEFI's memory, and with them all others, on Debian's kernel under OVMF.

OVMF publishes a Memory Attributes Table that is sound. It lies in the kernel's own memory, which
lockdown=confidentiality keeps even from root; that there is one is in the kernel's log. An ordinary
user gets to see neither.
"""
from lab import RULES, EveryMachine, LabCase, main

MAT = ("uefi.mat", "uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection")

# What does not depend on who looks, nor on the kernel's command line.
MACHINE = {
    "cpu.64bit": "pass", "cpu.slat": "pass", "cpu.mbec": "fail",
    "iommu.present": "not-applicable", "iommu.translation": "not-applicable",
    "iommu.coverage": "not-applicable", "iommu.dma-opt-in": "not-applicable",
    "tpm.version": "fail", "tpm.sha256-bank": "not-applicable", "smm.wsmt": "not-applicable",
    "uefi.boot": "pass", "mor.control": "not-applicable", "mor.lock": "not-applicable",
    "mor.lock-v2": "not-applicable", "drivers.hvci": "unknown not-collected",
    "vm.nested": "pass", "boot.secure-boot": "fail",
}
ROOT = {**MACHINE, "cpu.virtualization": "pass"}
USER = {**MACHINE, "cpu.virtualization": "unknown no-permission",
        **dict.fromkeys(MAT, "unknown no-permission")}

READ = {**ROOT, **dict.fromkeys(MAT, "pass")}
SEALED = {**ROOT, **dict.fromkeys(MAT, "unknown lockdown"), "uefi.mat": "pass"}

READ_FACTS = {"mat.published": True, "mat.version": 1, "mat.entries-unprotected": 0,
              "mat.covers-runtime": True, "mat.layout-sound": True, "mat.read-from": "kcore"}
# What is printed has no header.
PRINTED_FACTS = {**READ_FACTS, "mat.version": None, "mat.read-from": "kernel-log"}
SEALED_FACTS = {**dict.fromkeys(READ_FACTS), "mat.published": True}

# Scenario: what root gets, and facts behind it.
LIVE = {
    "plain": {**READ, **READ_FACTS, "host.lockdown": "none", "cpu.logical": 2},
    "integrity": {**READ, **READ_FACTS, "host.lockdown": "integrity"},
    "confidentiality": {**SEALED, **SEALED_FACTS, "host.lockdown": "confidentiality"},
    "efi-debug": {**READ, **READ_FACTS, "host.lockdown": "none"},
    "confidentiality-debug": {**READ, **PRINTED_FACTS, "host.lockdown": "confidentiality"},
}


class MemoryAttributes(EveryMachine, LabCase):
    names = tuple(LIVE)

    def test_every_rule_is_expected(self):
        for expected in (*LIVE.values(), USER):
            self.assertLessEqual(set(RULES), set(expected))

    def test_what_root_gets(self):
        self.each(lambda made: self.expect_all(made, "live", LIVE[made.name]))

    def test_an_ordinary_user_lacks_permission(self):
        self.each(lambda made: self.expect_all(made, "user", USER))


if __name__ == "__main__":
    main()
