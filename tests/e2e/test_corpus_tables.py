# SPDX-License-Identifier: MIT
"""DMAR, IVRS, IORT and TPM2 of the corpus against what iasl printed of them (TRUTH.tsv)."""
import struct

import harness
from harness import Case, CORPUS, judge_many, need_corpus, rule, truth


def number(text):
    return int(text, 0)


def ivrs_units(path):
    """IOMMUs of an IVRS, read here: blocks of 10h, 11h and 40h, by segment, id and address."""
    data = (CORPUS / path).read_bytes()
    at, units = 48, set()
    while at + 4 <= len(data):
        kind, _, length = struct.unpack_from("<BBH", data, at)
        if kind in (0x10, 0x11, 0x40):
            device, _, base, segment = struct.unpack_from("<HHQH", data, at + 4)
            units.add((segment, device, base))
        at += max(length, 4)
    return len(units)


DMAR = {"dmar.flags": "flags", "dmar.drhd": "drhd", "dmar.rmrr": "rmrr", "dmar.atsr": "atsr",
        "dmar.rhsa": "rhsa", "dmar.andd": "andd", "dmar.satc": "satc", "dmar.sidp": "sidp",
        "dmar.device-scopes": "scopes", "dmar.include-all": "include_pci_all"}
IVRS = {"ivrs.ivinfo": "ivinfo", "ivrs.revision": "rev", "ivrs.ivhd-10": "ivhd10",
        "ivrs.ivhd-11": "ivhd11", "ivrs.ivhd-40": "ivhd40", "ivrs.device-entries": "device_entries"}
IORT = {"iort.nodes": "node_count", "iort.its": "its", "iort.named-component": "named",
        "iort.root-complex": "rc", "iort.smmu-v2": "smmuv12", "iort.smmu-v3": "smmuv3",
        "iort.pmcg": "pmcg", "iort.rmr": "rmr", "iort.mappings": "mapping_count_sum"}
TPM2 = {"tpm2.start-method": "start_method", "tpm2.revision": "rev"}


def drhd_bases(path):
    table, at = (CORPUS / path).read_bytes(), 48
    while at + 16 <= len(table):
        kind, length, _, _, _, base = struct.unpack_from("<HHBBHQ", table, at)
        if kind == 0:
            yield base
        at += length


class Tables(Case):
    def each(self, kind):
        need_corpus("acpi", kind)
        rows = list(truth(kind))
        self.assertTrue(rows)
        yield from zip(rows, judge_many([CORPUS / path for path, _, _ in rows]))

    def check_malformed(self, report, rules, facts):
        """Nothing is known of a table that contradicts itself, and nothing passes for it."""
        for name in facts:
            self.assertIsNone(report["facts"][name], name)
            self.assertEqual("malformed", report["unknown"].get(name), name)
        for name in rules:
            r = rule(report, name)
            self.assertNotEqual("pass", r["status"], name)
        self.assertEqual(("unknown", "malformed"),
                         (rule(report, rules[0])["status"], rule(report, rules[0])["reason"]))
        self.assertTrue(report["notes"])

    def test_dmar(self):
        for (path, status, facts), report in self.each("DMAR"):
            with self.subTest(path):
                if status == "malformed":
                    self.check_malformed(report, ["iommu.present", "iommu.dma-opt-in"], DMAR)
                    continue
                want = {name: number(facts[key]) for name, key in DMAR.items()}
                want["dmar.host-address-width"] = number(facts["haw"]) + 1
                want["dmar.present"] = True
                opt_in = number(facts["flags"]) & 4
                # Registers at address 0 are nowhere.
                units = sum(base != 0 for base in drhd_bases(path))
                rules = {"iommu.present": "pass"} if units else {}
                if units:
                    rules["iommu.dma-opt-in"] = "pass" if opt_in else "fail"
                self.expect(report, rules, want)

    def test_ivrs(self):
        for (path, status, facts), report in self.each("IVRS"):
            with self.subTest(path):
                if status == "malformed":
                    self.check_malformed(report, ["iommu.present", "iommu.dma-opt-in"], IVRS)
                    continue
                want = {name: number(facts[key]) for name, key in IVRS.items()}
                want["ivrs.ivmd"] = sum(number(facts[k]) for k in ("ivmd20", "ivmd21", "ivmd22"))
                want["ivrs.units"] = ivrs_units(path)
                want["ivrs.present"] = True
                self.assertGreater(want["ivrs.units"], 0)
                self.expect(report, {
                    "iommu.present": "pass",
                    "iommu.dma-opt-in": "pass" if number(facts["ivinfo"]) & 2 else "fail",
                }, want)

    def test_iort(self):
        for (path, status, facts), report in self.each("IORT"):
            with self.subTest(path):
                if status == "malformed":
                    self.check_malformed(report, ["iommu.present"], IORT)
                    continue
                want = {name: number(facts[key]) for name, key in IORT.items()}
                want["iort.present"] = True
                units = want["iort.smmu-v2"] + want["iort.smmu-v3"]
                self.expect(report, {"iommu.present": "pass"} if units else {}, want)
                if not units:
                    self.assertNotEqual("pass", rule(report, "iommu.present")["status"])

    def test_tpm2(self):
        for (path, status, facts), report in self.each("TPM2"):
            with self.subTest(path):
                # tpm.md: a table does not prove that the TPM answers, but it tells the family.
                if status == "malformed":
                    for name in TPM2:
                        self.assertEqual((None, "malformed"),
                                         (report["facts"][name], report["unknown"].get(name)))
                    self.assertNotEqual("pass", rule(report, "tpm.version")["status"])
                    continue
                want = {name: number(facts[key]) for name, key in TPM2.items()}
                want["tpm2.present"] = True
                # tpm.md section 1: without a driver's word, firmware's table alone proves nothing.
                self.expect(report, {"tpm.version": "unknown"}, want)


if __name__ == "__main__":
    harness.main()
