# SPDX-License-Identifier: MIT
"""The machines of corpus hosts/: acpidump, and where there are any lspci, cpuinfo, dmesg, DMI.

Expectations were taken by hand from the raw files and from what iasl -d prints of the tables.
"""
import itertools
import re
import struct

import coverage
import harness
from harness import Case, judge, judge_many, need_corpus, rule, write_files


PARTS = ("acpidump.txt", "cpuinfo.txt", "dmesg.txt", "dmi.txt", "lspci.txt")


def tables(path):
    """Tables of an acpidump text as {signature: [bytes, …]}, read here."""
    found, current = {}, None
    for line in path.read_text(errors="replace").splitlines():
        head = re.match(r"([A-Z0-9_!#]{4}) @ 0x", line)
        if head:
            current = bytearray()
            found.setdefault(head[1], []).append(current)
        elif current is not None:
            row = re.match(r" +[0-9A-Fa-f]{4,}: ((?:[0-9A-Fa-f]{2} ){1,16})", line + " ")
            if row:
                current += bytes.fromhex(row[1])
    return found


def dmar_segments(table):
    """Segments that some DRHD takes whole."""
    at = 48
    while at + 16 <= len(table):
        kind, length, flags, _, segment, base = struct.unpack_from("<HHBBHQ", table, at)
        if kind == 0 and flags & 1 and base != 0:
            yield segment
        at += length


def ivrs_segments(table):
    """Segments of which some block of the highest type has an entry for all devices."""
    blocks, at = [], 48
    while at + 4 <= len(table):
        kind, _, length = struct.unpack_from("<BBH", table, at)
        if kind in (0x10, 0x11, 0x40):
            blocks.append((kind, table[at:at + length]))
        at += length
    for kind, block in blocks:
        if kind != max(k for k, _ in blocks):
            continue
        at, first, ids = 24 if kind == 0x10 else 40, None, set()
        while at < len(block):
            entry, device = block[at], struct.unpack_from("<H", block, at + 1)[0]
            if entry == 1:
                ids |= set(range(8, 0x10000))
            elif entry == 3:
                first = device
            elif entry == 4:
                ids |= set(range(first, device + 1))
            elif entry in (2, 0x42, 0x46, 0x47):
                ids.add(device)
            at += 4 << (entry >> 6) if entry < 0xf0 else 22 + block[at + 21]
        if ids >= set(range(8, 0x10000)):
            yield struct.unpack_from("<H", block, 16)[0]


def takes_every_segment(found):
    """Whether the tables put all of each segment that the MCFG lists behind units."""
    listed = {struct.unpack_from("<H", t, at + 8)[0]
              for t in found.get("MCFG", []) for at in range(44, len(t), 16)}
    whole = {s for t in found.get("DMAR", [])[:1] for s in dmar_segments(t)}
    whole |= {s for t in found.get("IVRS", [])[:1] for s in ivrs_segments(t)}
    return bool(listed) and listed <= whole


def by_prefix(reports, prefix):
    return next(r for r in reports if r["source"]["path"].split("/")[-1].startswith(prefix))


class Hosts(Case):
    reports = None

    def setUp(self):
        super().setUp()
        folder = need_corpus("hosts")
        if Hosts.reports is None:
            Hosts.folders = sorted(p for p in folder.iterdir() if p.is_dir())
            Hosts.reports = judge_many(Hosts.folders)

    def host(self, prefix):
        return by_prefix(self.reports, prefix)

    def test_all(self):
        self.assertGreater(len(self.folders), 20)
        for path, report in zip(self.folders, self.reports):
            with self.subTest(path.name):
                found = tables(path / "acpidump.txt")
                self.check_tables(found, report)
                if not (path / "lspci.txt").is_file():
                    self.check_without_functions(found, report)
                for name in ("uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection",
                             "mor.control", "mor.lock", "mor.lock-v2", "drivers.hvci"):
                    # Nothing in these folders tells of them.
                    self.assertNotIn(rule(report, name)["status"], ("pass", "fail"), name)
                self.assertEqual("evidence", report["source"]["kind"])

    def test_a_part_of_a_machine_decides_nothing_that_the_whole_does_not(self):
        """Each choice of its files: an Arm machine's acpidump alone failed cpu.virtualization."""
        for path, whole in zip(self.folders, self.reports):
            for report in judge_many(self.parts_of(path)):
                said = {r["id"]: r["status"] for r in report["rules"]}
                decided = {r["id"]: r["status"] for r in whole["rules"]}
                with self.subTest(report["source"]["path"]):
                    self.assertEqual({}, {k: v for k, v in said.items()
                                          if v in ("pass", "fail") and decided[k] != v})

    def parts_of(self, path):
        names = [n for n in PARTS if (path / n).is_file()]
        return [write_files(self.dir / path.name / "+".join(part),
                            {n: (path / n).read_bytes() for n in part})
                for size in range(1, len(names)) for part in itertools.combinations(names, size)]

    def check_tables(self, found, report):
        """Every machine here is metal and its acpidump holds FACP and APIC: absence is known."""
        facts = {"wsmt.present": "WSMT" in found, "dmar.present": "DMAR" in found,
                 "ivrs.present": "IVRS" in found, "iort.present": "IORT" in found,
                 "tpm2.present": "TPM2" in found, "tcpa.present": "TCPA" in found,
                 "host.hypervisor": "none"}
        rules = {"vm.nested": "not-applicable"}
        wsmt = [struct.unpack_from("<I", t, 36)[0] for t in found.get("WSMT", [])]
        facts["wsmt.tables"] = len({bytes(t) for t in found.get("WSMT", [])})
        if wsmt:
            flags = wsmt[0]
            for f in wsmt[1:]:
                flags &= f
            facts["wsmt.flags"] = flags
            rules["smm.wsmt"] = "pass" if flags & 7 == 7 else "fail"
        else:
            facts["wsmt.flags"] = None
            rules["smm.wsmt"] = "not-applicable" if "IORT" in found else "fail"
        for t in found.get("DMAR", [])[:1]:
            facts["dmar.flags"], facts["dmar.host-address-width"] = t[37], t[36] + 1
            rules["iommu.dma-opt-in"] = "pass" if t[37] & 4 else "fail"
        for t in found.get("IVRS", [])[:1]:
            facts["ivrs.ivinfo"] = struct.unpack_from("<I", t, 36)[0]
            rules["iommu.dma-opt-in"] = "pass" if t[36] & 2 else "fail"
        for t in found.get("TPM2", []):
            facts["tpm2.revision"] = t[8]
            facts["tpm2.start-method"] = struct.unpack_from("<I", t, 48)[0]
        unit = {"DMAR", "IVRS", "IORT"} & set(found)
        rules["iommu.present"] = "pass" if unit else "fail"
        if not unit:  # decision 21: one cause, one failure
            rules["iommu.translation"] = "not-applicable"
            rules["iommu.coverage"] = "fail"
        if not {"TPM2", "TCPA"} & set(found):
            rules["tpm.version"], facts["tpm.version"] = "fail", "none"
            rules["tpm.sha256-bank"] = "not-applicable"
        self.expect(report, rules, facts)

    def check_without_functions(self, found, report):
        """Coverage is known where tables take every segment; all units count for translation."""
        whole = takes_every_segment(found)
        facts = {"iommu.functions": None, "iommu.functions-uncovered": 0 if whole else None}
        rules = {}
        if {"DMAR", "IVRS", "IORT"} & set(found):
            rules["iommu.coverage"] = "pass" if whole else "unknown not-collected"
            facts["iommu.units-in-use"] = None
        if "DMAR" in found:  # no dmesg in these folders either
            rules["iommu.translation"] = "unknown not-collected"
        elif "IVRS" in found:
            rules["iommu.translation"] = "pass"
        self.expect(report, rules, facts)
        self.assertEqual([], [f for f in report["findings"]
                              if f["rule"] == "iommu.coverage" and "DMAR" in found])

    def test_coverage_function_by_function(self):
        """Each function of each machine against coverage.py, which read the same files."""
        seen = {}
        for path, report in zip(self.folders, self.reports):
            if not (path / "lspci.txt").is_file():
                continue
            with self.subTest(path.name):
                seen[path.name] = self.check_coverage(path, report)
        # By hand from lspci's first lines: in scope, behind no unit, units, units in use.
        self.assertEqual({
            "acer-extensa-5630": (17, 17, 0, 0), "dell-latitude-e6430": (13, 0, 2, 2),
            "ecs-h310ch5-m2": (6, 0, 1, 1), "gigabyte-h61m-ds2": (7, 7, 0, 0),
            "huananzhi-x99-qd4": (8, 0, 2, 2), "msi-ms7721": (12, 0, 1, 1),
            "radxa-orion-o6": (3, 0, 2, 1), "samsung-np350v5c": (10, 10, 0, 0)}, seen)

    def check_coverage(self, path, report):
        found = tables(path / "acpidump.txt")
        real = coverage.functions((path / "lspci.txt").read_text(errors="replace"))
        units, behind = [], {}
        for signature, read in (("DMAR", coverage.dmar), ("IVRS", coverage.ivrs),
                                ("IORT", coverage.iort)):
            for table in found.get(signature, []):
                units, behind = read(bytes(table), real)
        scope = [f for f in real if f.in_scope]
        outside = [f.name for f in scope if f.name not in behind]
        in_use = {behind[f.name] for f in scope if f.name in behind}
        self.expect(report, {
            "iommu.coverage": "fail" if outside else "pass",
            "iommu.translation": self.translation(path, found, in_use),
        }, {"iommu.units": len(units), "iommu.units-in-use": len(in_use),
            "iommu.functions": len(scope), "iommu.functions-uncovered": len(outside),
            "iommu.functions-disputed": 0})
        named = [f["subject"] for f in report["findings"] if f["rule"] == "iommu.coverage"]
        self.assertEqual(["pci"] if not units else outside, named)
        self.check_picture(path, units, behind, real)
        return len(scope), len(outside), len(units), len(in_use)

    def translation(self, path, found, in_use):
        if not {"DMAR", "IVRS", "IORT"} & set(found):
            return "not-applicable"
        if "DMAR" not in found:
            return "pass"  # no IVHD here has HATDIS, and an SMMU is one
        log = path / "dmesg.txt"
        if not log.is_file():
            return "unknown not-collected"
        shown = coverage.vtd_translates(log.read_text(errors="replace"))
        self.assertLessEqual(in_use, set(shown))
        return "pass" if all(shown[u] for u in in_use) else "fail"

    def check_picture(self, path, units, behind, real):
        text = harness.check_text(harness.run("--from", path, "-v", ok=(0, 1, 3)).out)
        drawn_units, drawn, groups = coverage.picture(text)
        self.assertEqual(units, drawn_units)
        self.assertEqual({f.name: behind.get(f.name) for f in real}, drawn)
        from_log = {} if not (path / "dmesg.txt").is_file() else dict(re.findall(
            r"(\S+:\S\S\.\d)(?:: Adding)? to (?:iommu )?group (\d+)",
            (path / "dmesg.txt").read_text(errors="replace")))
        told = {f.name: f.group for f in real}
        if not any(group is not None for group in told.values()):
            told = {f.name: int(from_log[f.name]) if f.name in from_log else None for f in real}
        self.assertEqual(told, groups)
        # Linux is the third opinion: it groups nothing that is behind no unit.
        self.assertLessEqual({at for at, group in told.items() if group is not None}, set(behind))

    def test_ecs_h310ch5_m2(self):
        """Coffee Lake sample on Linux 6.1, UEFI; DRHD flags 1 and an RMRR, no TPM."""
        report = self.host("ecs-h310ch5-m2")
        self.expect(report, {
            "cpu.64bit": "pass", "cpu.virtualization": "pass", "cpu.slat": "pass",
            "cpu.mbec": "pass", "iommu.present": "pass", "iommu.dma-opt-in": "fail",
            "tpm.version": "fail", "smm.wsmt": "pass", "uefi.boot": "pass", "uefi.mat": "pass",
            "boot.secure-boot": "fail", "vm.nested": "not-applicable",
        }, {
            "wsmt.flags": 7, "wsmt.tables": 1, "dmar.flags": 1, "dmar.drhd": 1, "dmar.rmrr": 1,
            "dmar.atsr": 0, "dmar.include-all": 1, "dmar.host-address-width": 39,
            "dmar.device-scopes": 3, "cpu.ept": True, "cpu.mbec": True, "uefi.boot": True,
            "secure-boot.enabled": False,
        })
        self.assertEqual("x86_64", report["host"]["arch"])
        self.assertEqual("6.1.0-20-amd64", report["host"]["kernel"])
        self.assertEqual("5.12", report["host"]["firmware_version"])
        self.assertEqual("H310CH5-M2", report["host"]["board"])
        self.assertEqual("09/09/2023", report["host"]["firmware_date"])

    def test_msi_ms7721(self):
        """AMD A8-6500 on Linux 4.4: the flag svm proves presence only (decision 19)."""
        report = self.host("msi-ms7721")
        self.expect(report, {
            "cpu.64bit": "pass", "cpu.virtualization": "unknown", "cpu.slat": "pass",
            "cpu.mbec": "unknown", "iommu.present": "pass", "iommu.dma-opt-in": "fail",
            "tpm.version": "fail", "smm.wsmt": "fail", "uefi.boot": "fail",
        }, {
            "ivrs.units": 1, "ivrs.ivhd-10": 1, "ivrs.ivhd-11": 0, "ivrs.ivhd-40": 0,
            "ivrs.ivinfo": 0x202840, "ivrs.revision": 2, "ivrs.device-entries": 7, "ivrs.ivmd": 0,
            "cpu.svm": True, "cpu.npt": True, "wsmt.present": False,
        })
        self.assertEqual("absent", rule(report, "smm.wsmt")["cause"])
        self.assertEqual("not-ready", report["verdict"])

    def test_radxa_orion_o6(self):
        """arm64, started with VHE: EL2 and stage 2 are there; SMM is not a thing of Arm."""
        report = self.host("radxa-orion-o6")
        self.expect(report, {
            "cpu.64bit": "pass", "cpu.virtualization": "unknown not-collected", "cpu.slat": "pass",
            "cpu.mbec": "not-applicable", "smm.wsmt": "not-applicable", "iommu.present": "pass",
            "iommu.dma-opt-in": "not-applicable", "uefi.boot": "pass", "boot.secure-boot": "fail",
            "tpm.version": "fail", "vm.nested": "not-applicable",
        }, {
            "iort.nodes": 19, "iort.its": 1, "iort.named-component": 14, "iort.root-complex": 1,
            "iort.smmu-v3": 2, "iort.smmu-v2": 0, "iort.rmr": 1, "iort.pmcg": 0,
            "uefi.boot": True, "secure-boot.enabled": False,
        })
        self.assertEqual("aarch64", report["host"]["arch"])

    def test_acer_extensa_5630(self):
        """Core 2 Duo T7500: VT-x is on, but no ept on the kernel's line of vmx flags."""
        report = self.host("acer-extensa-5630")
        self.expect(report, {
            "cpu.64bit": "pass", "cpu.virtualization": "pass", "cpu.slat": "fail",
            "cpu.mbec": "fail", "iommu.present": "fail", "iommu.translation": "not-applicable",
            "iommu.coverage": "fail", "smm.wsmt": "fail", "tpm.version": "fail",
            "uefi.boot": "fail",
        }, {"cpu.vmx": True, "cpu.ept": False, "cpu.mbec": False, "wsmt.present": False})

    def test_two_wsmt_tables(self):
        """HP EliteDesk 800 G6 and an X299 board: both tables say 7, under different OEM ids."""
        for prefix in ("linuxhw-desktop-hewlett-packard-elitedesk", "linuxhw-desktop-evga-x299"):
            self.expect(self.host(prefix), {"smm.wsmt": "pass"},
                        {"wsmt.tables": 2, "wsmt.flags": 7})
        self.expect(self.host("linuxhw-desktop-hewlett-packard-elitedesk"),
                    {"iommu.present": "pass", "iommu.dma-opt-in": "pass"},
                    {"dmar.flags": 5, "dmar.drhd": 2, "dmar.rmrr": 3, "dmar.include-all": 1,
                     "dmar.device-scopes": 6, "tpm2.start-method": 6})
        # No DMAR although the machine is whole: VT-d is off or not there.
        self.expect(self.host("linuxhw-desktop-evga-x299"),
                    {"iommu.present": "fail", "iommu.translation": "not-applicable"})

    def test_framework_16(self):
        """One IOMMU described three times (types 10h, 11h, 40h), with DMA guard opt-in."""
        self.expect(self.host("linuxhw-notebook-framework"), {
            "iommu.present": "pass", "iommu.dma-opt-in": "pass", "smm.wsmt": "pass",
        }, {
            "ivrs.units": 1, "ivrs.ivhd-10": 1, "ivrs.ivhd-11": 1, "ivrs.ivhd-40": 1,
            "ivrs.ivinfo": 0x203043, "tpm2.start-method": 13, "wsmt.flags": 7,
        })

    def test_huananzhi_x99(self):
        """Haswell server: EPT, no MBEC; two DRHDs; a whole line of tables without MEMATTR."""
        self.expect(self.host("huananzhi"), {
            "cpu.64bit": "pass", "cpu.virtualization": "pass", "cpu.slat": "pass",
            "cpu.mbec": "fail", "iommu.present": "pass", "smm.wsmt": "fail", "uefi.boot": "pass",
            "uefi.mat": "fail", "uefi.mat-coverage": "not-applicable",
            "uefi.mat-layout": "not-applicable", "uefi.page-protection": "not-applicable",
            "boot.secure-boot": "fail",
        }, {"mat.published": False, "dmar.drhd": 2, "dmar.rmrr": 1, "dmar.atsr": 1, "dmar.rhsa": 1,
            "dmar.include-all": 1, "dmar.flags": 3, "dmar.host-address-width": 46})

    def test_partial_and_absent_wsmt(self):
        for prefix, flags, missing in (("linuxhw-desktop-asustek", 0, 3),
                                       ("linuxhw-desktop-gigabyte-technology-ax370", 4, 2),
                                       ("linuxhw-desktop-hewlett-packard-z240", 3, 1),
                                       ("linuxhw-notebook-asustek-computer-tuf", 0, 3)):
            report = self.host(prefix)
            self.expect(report, {"smm.wsmt": "fail"}, {"wsmt.flags": flags})
            self.assertEqual(missing, sum(f["rule"] == "smm.wsmt" for f in report["findings"]))
            self.assertEqual("firmware-bug", rule(report, "smm.wsmt")["cause"])

    def test_no_serial_numbers(self):
        """dmidecode's text is full of them; a report holds none (contract section 5)."""
        for path, report in zip(self.folders, self.reports):
            text = str(report)
            dmi = path / "dmi.txt"
            if not dmi.is_file():
                continue
            for line in dmi.read_text(errors="replace").splitlines():
                m = re.match(r"\s*(?:Serial Number|UUID|Asset Tag): (\S{8,})$", line)
                if m:
                    self.assertNotIn(m[1], text, path.name)

    def test_indented_is_the_same(self):
        for path, report in list(zip(self.folders, self.reports))[:3]:
            self.assertEqual(report, judge("--from", path))


if __name__ == "__main__":
    harness.main()
