# SPDX-License-Identifier: MIT
"""Trees of real guests (QEMU, with OVMF and AAVMF) through --root, as `--root /host` would.

What is expected was read off each guest's tables, variables and files by hand; the recipes are in
the lab's README, sections 1 to 6.
"""

import shutil

import coverage
import harness
from harness import Case, judge, need_guests, rule

# A guest without anything special: UEFI, keys not enrolled, no TPM, no IOMMU, SVM visible.
PLAIN_RULES = {
    "cpu.64bit": "pass", "iommu.present": "not-applicable", "iommu.translation": "not-applicable",
    "iommu.coverage": "not-applicable", "iommu.dma-opt-in": "not-applicable",
    "tpm.version": "fail", "tpm.sha256-bank": "not-applicable", "smm.wsmt": "not-applicable",
    "uefi.boot": "pass", "uefi.mat": "pass", "mor.control": "not-applicable",
    "mor.lock": "not-applicable", "mor.lock-v2": "not-applicable",
    "drivers.hvci": "unknown not-collected",
    "vm.nested": "pass", "boot.secure-boot": "fail",
}
PLAIN_FACTS = {
    "uefi.boot": True, "secure-boot.enabled": False, "secure-boot.setup-mode": True,
    "mor.control": None, "mor.lock": None, "tpm.version": "none", "tpm2.present": False,
    "dmar.present": False, "ivrs.present": False, "iort.present": False,
    "wsmt.present": False, "wsmt.tables": 0, "wsmt.flags": None,
    "host.vm": True, "host.lockdown": "none",
    # lab/lspci-nn.txt: a disk (or USB) and SATA count; host and ISA bridge and SMBus do not.
    "iommu.units": 0, "iommu.functions": 2, "iommu.functions-uncovered": 2,
    "iommu.functions-disputed": 0, "iommu.units-in-use": 0,
}
# Linux 6.1 lists svm without asking whether firmware left it on (decision 19), and a VM has to be
# shown it not locked off (31).
SVM = ({"cpu.virtualization": "unknown", "cpu.slat": "pass", "vm.nested": "unknown"},
       {"cpu.svm": True, "cpu.npt": True})
# Without raw CPUID the missing flag proves nothing.
NO_SVM = ({"cpu.virtualization": "unknown", "cpu.slat": "unknown", "vm.nested": "unknown"}, {})
# One unit and all that counts behind it.
ALL_BEHIND = {"iommu.present": "pass", "iommu.translation": "pass", "iommu.coverage": "pass"}
ONE_UNIT = {"iommu.units": 1, "iommu.units-in-use": 1, "iommu.functions-uncovered": 0}
# A random number generator behind each of two root ports, a bridge and an expander's root port.
WITH_PXB = {"iommu.functions": 6}
# The table lacks the expander's bus 40h, and with it nothing but the generator behind its port.
BYPASS = ({"iommu.coverage": "fail"}, {"iommu.functions-uncovered": 1})
# Scopes of vtd-*: each function of bus 0, bridges as such, and the expander's root port 40:00.0.
VTD = ({**ALL_BEHIND, "iommu.dma-opt-in": "fail"},
       {**ONE_UNIT, "dmar.present": True, "dmar.flags": 1, "dmar.drhd": 1, "dmar.include-all": 0,
        "dmar.rmrr": 0, "dmar.host-address-width": 48})
# Entries: a select for each function of bus 0, ranges for the buses 1, 2 and 41h, an alias for 3.
AMD_VI = ({**ALL_BEHIND, "iommu.dma-opt-in": "fail"},
          {**ONE_UNIT, **WITH_PXB,
           "ivrs.present": True, "ivrs.units": 1, "ivrs.ivhd-10": 1, "ivrs.ivhd-11": 0,
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
    "trixie-smm-tpm-mor1": (SVM, VTD, TPM2, MOR, ({"cpu.virtualization": "pass", "vm.nested": "pass"}, {})),
    "tpm2-3banks": (SVM, TPM2),
    "tpm12": (SVM, ({"tpm.version": "fail"}, {"tpm.version": "1.2", "tcpa.present": True})),
    "vtd-full": (NO_SVM, VTD, ({}, WITH_PXB)),
    "vtd-off": (NO_SVM, VTD, ({}, WITH_PXB)),
    "vtd-pxbbypass": (NO_SVM, VTD, ({}, {"dmar.atsr": 1, **WITH_PXB}), BYPASS),
    "amd-full": (SVM, AMD_VI),
    "amd-pxbbypass": (SVM, AMD_VI, BYPASS),
    # WSMT1 says 7 and WSMT2 says 0; two different DMARs.
    "dup-tables": (NO_SVM, (
        {"iommu.present": "pass", "iommu.translation": "unknown conflict",
         "iommu.coverage": "unknown conflict", "iommu.dma-opt-in": "unknown conflict",
         "smm.wsmt": "fail"},
        {"dmar.present": True, "wsmt.present": True, "wsmt.tables": 2, "wsmt.flags": 0,
         "iommu.units": 1, "iommu.units-in-use": None, "iommu.functions-uncovered": None,
         "iommu.functions-disputed": None})),
    # A copied tree without /sys/firmware/efi proves nothing (decision 34).
    "legacy-bios": (SVM, VTD, (
        {"uefi.boot": "unknown not-collected", "boot.secure-boot": "unknown not-collected",
         "mor.control": "unknown not-collected", "mor.lock": "unknown not-collected",
         "mor.lock-v2": "unknown not-collected", "uefi.mat": "unknown truncated",
         "uefi.page-protection": "unknown truncated"},
        {"uefi.boot": None, "secure-boot.enabled": None, "secure-boot.setup-mode": None})),
    "arm-smmu-pxb": (ARM, (
        {"cpu.virtualization": "pass", "cpu.slat": "pass", "iommu.present": "pass",
         **ALL_BEHIND},
        {"iort.smmu-v3": 1, "iort.nodes": 3, **ONE_UNIT, "iommu.functions": 4})),
    # HYP mode not available: this VM was given no EL2.
    "arm-nosmmu": (ARM, (
        {"cpu.virtualization": "not-applicable", "cpu.slat": "not-applicable",
         "vm.nested": "fail"},
        {"iort.smmu-v3": 0, "iort.nodes": 2, "iommu.functions": 4,
         "iommu.functions-uncovered": 4})),
}


# Subjects of the findings: what the guests' tables leave out.
OUTSIDE = {"vtd-pxbbypass": ["0000:41:00.0"], "amd-pxbbypass": ["0000:41:00.0"]}
# Options of the command line of this boot, which the note on it names.
SWITCHED_OFF = {"vtd-off": "intel_iommu=off", "amd-pxbbypass": "amd_iommu=off"}
GROUPS = "sys/bus/pci/devices"


def expected(name):
    rules, facts = dict(PLAIN_RULES), dict(PLAIN_FACTS)
    for more_rules, more_facts in GUESTS[name]:
        rules.update(more_rules)
        facts.update(more_facts)
    return {k: v for k, v in rules.items() if v}, facts


def subjects(report):
    return [f["subject"] for f in report["findings"] if f["rule"].startswith("iommu.")]


def groups(root):
    """Of each function the number in iommu_group.link, None where that is empty."""
    return {p.parent.name: p.read_text().strip() or None
            for p in (root / GROUPS).glob("*/iommu_group.link")}


class Guests(Case):
    def test_every_guest(self):
        folder = need_guests()
        self.assertEqual(set(GUESTS), {p.name for p in folder.iterdir()
                                       if not p.name.startswith("bochs-")})
        for name in GUESTS:
            with self.subTest(name):
                rules, facts = expected(name)
                report = judge("--root", folder / name)
                self.assertEqual(("root", str(folder / name)),
                                 (report["source"]["kind"], report["source"]["path"]))
                self.expect(report, rules, facts)
                self.check(name, report)
                self.assertEqual(OUTSIDE.get(name, []), subjects(report))
                boot = [n["message"] for n in report["notes"] if "iommu=off" in n["message"]]
                self.assertEqual([SWITCHED_OFF[name]] if name in SWITCHED_OFF else [],
                                 [m.split(":")[0] for m in boot])

    def with_links(self, name):
        """A copy of the guest's tree in which the text files *.link are the links they were."""
        root = self.dir / name
        shutil.copytree(need_guests() / name, root)
        for link in root.rglob("iommu_group.link"):
            number = link.read_text().strip()
            link.unlink()
            if number:
                link.with_suffix("").symlink_to(f"../../../kernel/iommu_groups/{number}")
        return root

    def test_the_kernels_groups_agree(self):
        """Linux itself says what is behind a unit: the same verdicts, and nothing is disputed."""
        names = [n for n in GUESTS if any(groups(need_guests() / n).values())]
        # Where Linux used a unit; vtd-off and amd-pxbbypass were told not to.
        self.assertEqual({"vtd-full", "vtd-pxbbypass", "amd-full", "arm-smmu-pxb", "dup-tables",
                          "trixie-smm-tpm-mor1", "legacy-bios"}, set(names))
        for name in GUESTS:
            with self.subTest(name):
                root = self.with_links(name)
                report = judge("--root", root)
                rules, facts = expected(name)
                self.expect(report, rules, facts)
                self.assertEqual(OUTSIDE.get(name, []), subjects(report))
                self.check_picture(name, root)

    def check_picture(self, name, root):
        """What the kernel has in a group stands behind a unit, with that group, and the reverse."""
        text = harness.run("--root", root, "-v", ok=(0, 1, 3)).out.decode()
        real = groups(need_guests() / name)
        _, placed, drawn = coverage.picture(text)
        self.assertEqual(set(real), set(drawn), name)
        if not any(real.values()):
            return
        for at, group in drawn.items():
            self.assertEqual(real[at] and int(real[at]), group, at)
            if group is not None:
                self.assertTrue(placed[at], f"{at} is in group {group}, but drawn behind no unit")
            elif not name.startswith("arm-") and not self.is_iommu(name, at):
                self.assertIsNone(placed[at], f"{at} is in no group, but drawn behind a unit")

    def is_iommu(self, name, at):
        """QEMU's IVRS selects the unit itself, to which Linux gives no group."""
        return (need_guests() / name / GROUPS / at / "class").read_text().startswith("0x0806")

    def test_without_groups(self):
        """The tables decide: verdicts do not depend on whether the kernel's groups are seen."""
        names = list(GUESTS)
        roots = [self.with_links(n) for n in names]
        for root in roots:
            for link in root.glob(f"{GROUPS}/*/iommu_group"):
                link.unlink()
            (root / "dmesg").write_text("")
        for name, root in zip(names, roots):
            with self.subTest(name):
                report = judge("--root", root, "--only", "iommu")
                rules, facts = expected(name)
                self.assertEqual(OUTSIDE.get(name, []), subjects(report))
                self.assertEqual(facts["iommu.functions-uncovered"],
                                 report["facts"]["iommu.functions-uncovered"])
                self.assertEqual(rules["iommu.coverage"].split()[0],
                                 rule(report, "iommu.coverage")["status"])

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
