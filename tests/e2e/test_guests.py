# SPDX-License-Identifier: MIT
"""Trees of real guests (QEMU, with OVMF and AAVMF) through --root, as `--root /host` would.

What is expected was read off each guest's tables, variables and files by hand; the recipes are in
the lab's README, sections 1 to 6.
"""

import harness
from harness import Case, judge, need_guests, rule

# A guest without anything special: UEFI, keys not enrolled, no TPM, no IOMMU, SVM visible.
PLAIN_RULES = {
    "cpu.64bit": "pass", "iommu.present": "not-applicable", "iommu.translation": "not-applicable",
    "iommu.coverage": "not-applicable", "iommu.dma-opt-in": "not-applicable",
    "tpm.version": "fail", "tpm.sha256-bank": "not-applicable", "smm.wsmt": "not-applicable",
    "uefi.boot": "pass", "mor.control": "not-applicable", "mor.lock": "not-applicable",
    "mor.lock-v2": "not-applicable", "drivers.hvci": "unknown not-collected",
    "vm.nested": "pass", "boot.secure-boot": "fail",
}
PLAIN_FACTS = {
    "uefi.boot": True, "secure-boot.enabled": False, "secure-boot.setup-mode": True,
    "mor.control": None, "mor.lock": None, "tpm.version": "none", "tpm2.present": False,
    "dmar.present": False, "ivrs.present": False, "iort.present": False,
    "wsmt.present": False, "wsmt.tables": 0, "wsmt.flags": None,
    "host.vm": True, "host.lockdown": "none",
}
# Linux 6.1 lists svm without asking whether firmware left it on (decision 19).
SVM = ({"cpu.virtualization": "unknown", "cpu.slat": "pass"}, {"cpu.svm": True, "cpu.npt": True})
# Without raw CPUID the missing flag proves nothing.
NO_SVM = ({"cpu.virtualization": "unknown", "cpu.slat": "unknown", "vm.nested": "unknown"}, {})
VTD = ({"iommu.present": "pass", "iommu.translation": None, "iommu.coverage": None,
        "iommu.dma-opt-in": "fail"},
       {"dmar.present": True, "dmar.flags": 1, "dmar.drhd": 1, "dmar.include-all": 0,
        "dmar.rmrr": 0, "dmar.host-address-width": 48})
AMD_VI = ({"iommu.present": "pass", "iommu.translation": None, "iommu.coverage": None,
           "iommu.dma-opt-in": "fail"},
          {"ivrs.present": True, "ivrs.units": 1, "ivrs.ivhd-10": 1, "ivrs.ivhd-11": 0,
           "ivrs.ivhd-40": 0, "ivrs.ivmd": 0, "ivrs.ivinfo": 0x2800})
TPM2 = ({"tpm.version": "pass", "tpm.sha256-bank": "pass"},
        {"tpm.version": "2.0", "tpm2.present": True, "tpm2.revision": 4})
MOR = ({"mor.control": "pass", "mor.lock": "pass", "mor.lock-v2": "unknown unprovable"},
       {"mor.control": 1, "mor.lock": 0})
ARM = ({"cpu.mbec": "not-applicable", "iommu.dma-opt-in": "not-applicable"},
       {"iort.present": True, "iort.its": 1, "iort.root-complex": 1, "iort.smmu-v2": 0})

GUESTS = {
    "base-nosmm-cloud": (SVM,),
    "integrity": (SVM, ({}, {"host.lockdown": "integrity"})),
    "lockdown-confidentiality": (SVM, ({}, {"host.lockdown": "confidentiality"})),
    "secureboot-shim-grub-usb": (SVM, (
        {"boot.secure-boot": "pass"},
        {"secure-boot.enabled": True, "secure-boot.setup-mode": False,
         "host.lockdown": "integrity"})),
    "smm-tpm-mor2": (SVM, TPM2, MOR),
    # Linux 6.12 clears svm where firmware disabled it, so the flag proves that it is on.
    "trixie-smm-tpm-mor1": (SVM, VTD, TPM2, MOR, ({"cpu.virtualization": "pass"}, {})),
    "tpm2-3banks": (SVM, TPM2),
    "tpm12": (SVM, ({"tpm.version": "fail"}, {"tpm.version": "1.2", "tcpa.present": True})),
    "vtd-full": (NO_SVM, VTD),
    "vtd-off": (NO_SVM, VTD),
    "vtd-pxbbypass": (NO_SVM, VTD, ({}, {"dmar.atsr": 1})),
    "amd-full": (SVM, AMD_VI),
    "amd-pxbbypass": (SVM, AMD_VI),
    # WSMT1 says 7 and WSMT2 says 0; two different DMARs.
    "dup-tables": (NO_SVM, (
        {"iommu.present": "pass", "iommu.translation": None, "iommu.coverage": None,
         "iommu.dma-opt-in": None, "smm.wsmt": "fail"},
        {"dmar.present": True, "wsmt.present": True, "wsmt.tables": 2, "wsmt.flags": 0})),
    "legacy-bios": (SVM, VTD, (
        {"uefi.boot": "fail", "boot.secure-boot": "unknown not-uefi",
         "mor.control": "unknown not-uefi", "mor.lock": "unknown not-uefi",
         "mor.lock-v2": "unknown not-uefi", "uefi.mat": "unknown not-uefi",
         "uefi.page-protection": "unknown not-uefi"},
        {"uefi.boot": False, "secure-boot.enabled": None, "secure-boot.setup-mode": None})),
    "arm-smmu-pxb": (ARM, (
        {"cpu.virtualization": "pass", "cpu.slat": "pass", "iommu.present": "pass",
         "iommu.translation": None, "iommu.coverage": None},
        {"iort.smmu-v3": 1, "iort.nodes": 3})),
    # HYP mode not available: this VM was given no EL2.
    "arm-nosmmu": (ARM, (
        {"cpu.virtualization": "not-applicable", "cpu.slat": "not-applicable",
         "vm.nested": "fail"},
        {"iort.smmu-v3": 0, "iort.nodes": 2})),
}


class Guests(Case):
    def test_every_guest(self):
        folder = need_guests()
        self.assertEqual(set(GUESTS), {p.name for p in folder.iterdir()
                                       if not p.name.startswith("bochs-")})
        for name, differences in GUESTS.items():
            with self.subTest(name):
                rules, facts = dict(PLAIN_RULES), dict(PLAIN_FACTS)
                for more_rules, more_facts in differences:
                    rules.update(more_rules)
                    facts.update(more_facts)
                report = judge("--root", folder / name)
                self.assertEqual(("root", str(folder / name)),
                                 (report["source"]["kind"], report["source"]["path"]))
                self.expect(report, {k: v for k, v in rules.items() if v}, facts)
                self.check(name, report)

    def check(self, name, report):
        arm = name.startswith("arm-")
        self.assertEqual("aarch64" if arm else "x86_64", report["host"]["arch"])
        release = (need_guests() / name / "proc/sys/kernel/osrelease").read_text().strip()
        self.assertEqual(release, report["host"]["kernel"])
        self.assertNotIn(report["host"]["hypervisor"], (None, "none"))
        self.assertEqual("QEMU", report["host"]["vendor"])
        if report["facts"]["tpm.version"] == "2.0":
            self.assertIn("sha256", report["facts"]["tpm.banks"].split(","))
        # The table's content is nothing that a file system shows.
        for mat in ("uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection"):
            self.assertEqual("unknown", rule(report, mat)["status"], mat)

    def test_a_tree_without_anything(self):
        """Bochs' trees hold only a log of the lab: nothing is known, nothing is guessed."""
        folder = need_guests()
        for name in ("bochs-corei7_skylake_x", "bochs-trinity_apu"):
            report = judge("--root", folder / name)
            self.assertEqual({"unknown"}, set(harness.statuses(report).values()))
            self.assertEqual("undetermined", report["verdict"])

    def test_text(self):
        for path in sorted(need_guests().iterdir()):
            with self.subTest(path.name):
                for options in ((), ("-v",), ("-q",)):
                    r = harness.run("--root", path, *options, ok=(0, 1, 3))
                    text = harness.check_text(r.out)
                    self.assertEqual(b"", r.err)
                    if options == ("-q",):
                        # One sentence; a long list of rules is wrapped.
                        self.assertRegex(text, r"^(READY|NOT READY|UNDETERMINED)\b")


if __name__ == "__main__":
    harness.main()
