# SPDX-License-Identifier: MIT
"""The generation of every processor of the corpus, against names that its collectors gave it."""
import re
import tempfile
from collections import Counter
from pathlib import Path

import harness
from harness import Case, judge_many, need_corpus

# A word of the file's name, or of libcpuid's expected code name -> begin of ours, on the list?
OLD, NEW, OPEN = False, True, None
KNOWN = [
    (r"Cascade ?Lake|10940x", "Cascade Lake", OPEN), (r"7900x", "Skylake-X", OLD),
    (r"9820x|Skylake-?2x|Xeon-Gold-6130", "Skylake-X", OPEN),
    (r"Xeon-Platinum-8268|Xeon-Platinum-9242", "Cascade Lake", OPEN),
    (r"Ice-Lake-Server", "Ice Lake-SP", OPEN), (r"SapphireRapids", "Sapphire Rapids", OPEN),
    (r"Atom-P5362", "Snow Ridge", OPEN), (r"Atom-D510|Medfield", "Bonnell", OLD),
    (r"4425y", "Kaby Lake or Amber Lake", OPEN),
    (r"Core-i7-8550U", "Coffee Lake or Kaby Lake Refresh, 8th", NEW),
    (r"Core-i7-7700\.", "Kaby Lake, 7th", OLD), (r"7500u", "Kaby Lake or Amber Lake, 7th", OLD),
    (r"8265u|5405u|WhiskeyLake", "Whiskey Lake", NEW), (r"10210u", "Whiskey Lake, Comet", NEW),
    (r"10700k", "Comet Lake, 10th", NEW), (r"CoffeeLake", "Coffee Lake", NEW),
    (r"TigerLake|pentium-gold-7505", "Tiger Lake", NEW), (r"n305", "Alder Lake-N, 12th", NEW),
    (r"golden-cove", "Alder Lake, 12th", NEW), (r"raptor-cove-13th|RaptorLake", "Raptor Lake, 13th",
                                                NEW),
    (r"raptor-cove", "Raptor Lake, 14th", NEW), (r"lion-cove|ArrowLake", "Arrow Lake", NEW),
    (r"WildcatLake", "Wildcat Lake", NEW), (r"CPUID\.1A", "Kaby Lake or Amber Lake, 7th", OLD),
    (r"goldmont-plus|GoldmontPlus", "Goldmont Plus", OPEN), (r"goldmont", "Goldmont", OPEN),
    (r"tremont|JasperLake", "Jasper Lake", OPEN), (r"silvermont|Avoton", "Silvermont", OLD),
    (r"airmont", "Airmont", OLD), (r"Knights-?Landing", "Knights Landing", OLD),
    (r"Knights-?Corner", "Knights Corner", OLD),
    (r"E3-12.5-v5|skylake-(intel-core-i[57]-6|intel-pentium-cpu-g)", "Skylake", OLD),
    (r"6850k|v4|Broadwell|5600U", "Broadwell", OLD),
    (r"[Hh]aswell|v3|i5-4670T|i7-4[56]", "Haswell", OLD),
    (r"4930k|3570k|g1610|IvyBridge|v2|3740QM", "Ivy Bridge", OLD),
    (r"3930k|SandyBridge|i[57]-25|i7-26", "Sandy Bridge", OLD),
    (r"x-9[89]0|Westmere|Gulftown|Core-i5-650|X5650", "Westmere", OLD),
    (r"[Nn]ehalem|Bloomfield|E7540", "Nehalem", OLD),
    (r"core-intel-(celeron|core2)|Conroe|Kentsfield|Harpertown|Core2|5110|X5460|Penryn", "Core 2",
     OLD),
    (r"pentium-m-|celeron-processor-600", "Pentium M", OLD), (r"cpu-1300", "Yonah", OLD),
    (r"pentium-iii|P3_", "P6", OLD), (r"netburst|P4_", "NetBurst", OLD),
    (r"zen5|Zen5", "Zen 5", NEW), (r"zen4|K19_(Raphael|Phoenix)", "Zen 4", NEW),
    (r"zen3|Zen3", "Zen 3", NEW), (r"Zen-2xEpyc-7451|^zen\+?-|7601|1800X|GreatHornedOwl", "Zen", OLD),
    (r"zen2|VanGogh|Mendocino|7502|3900X", "Zen 2", NEW),
    (r"bobcat|Bobcat", "Bobcat", OLD), (r"Berlin|7890k|870k", "Steamroller", OLD),
    (r"4600m|5800k|A10-5800K|AbuDhabi", "Piledriver", OLD),
    (r"9700p|9800|9410", "Excavator", OLD), (r"Bulldozer|K15|6282", "Bulldozer", OLD),
    (r"jaguar-amd-athlon|Kabini", "Jaguar", OLD), (r"jaguar", "Puma", OLD),
    (r"e2-3000m", "Llano", OLD), (r"k10|K10|Opteron-2350|Phenom", "K10", OLD),
    (r"k7-", "K7", OLD), (r"k8-|K8", "K8", OLD),
    (r"Hygon|Centaur|esther|lujiazui|Zhaoxin", None, OLD),
]
XML = re.compile(r"eax_in='0x(\w+)' ecx_in='0x(\w+)' eax='0x(\w+)' ebx='0x(\w+)' ecx='0x(\w+)' "
                 r"edx='0x(\w+)'")


def words_of(path):
    """(leaf, subleaf, four words) of hwloc's and libvirt's forms, which the program does not read."""
    text = path.read_text()
    for line in text.splitlines():
        m = re.match(r"1? ?([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ => (.*)", line)
        if m and path.suffix == ".pu0":
            yield int(m[1], 16), int(m[2], 16), [int(w, 16) for w in m[3].split()]
        m = XML.search(line)
        if m:
            values = [int(w, 16) for w in m.groups()]
            yield values[0], values[1], values[2:]


def as_aida(path):
    """Such a dump in AIDA64's form."""
    if path.suffix not in (".pu0", ".xml"):
        return path.read_text(errors="replace")
    lines = ["CPU#000"]
    for leaf, sub, words in words_of(path):
        line = f"CPUID {leaf:08X}: " + "-".join(f"{w:08X}" for w in words)
        lines.append(line + (f" [SL {sub:02X}]" if sub or leaf == 7 else ""))
    return "\n".join(lines) + "\n\n"


class Generation(Case):
    def expected(self, name):
        for words, begin, listed in KNOWN:
            if re.search(words, name):
                return begin, listed
        self.fail(f"{name}: no row of the table knows it")

    def test_every_dump_of_the_corpus(self):
        folder = need_corpus("cpuid")
        files = sorted(f for f in folder.glob("*/*") if f.is_file())
        self.assertGreater(len(files), 200)
        share = Counter()
        with tempfile.TemporaryDirectory() as scratch:
            copies = []
            for i, path in enumerate(files):
                copies.append(Path(scratch) / f"{i}.txt")
                copies[-1].write_text(as_aida(path))
            for path, report in zip(files, judge_many(copies)):
                with self.subTest(path.name):
                    self.assertIsNotNone(report, "no report was made")
                    share[self.check(path, report)] += 1
        if harness.os.environ.get("VBSCHECK_SHARE"):
            for name, n in share.most_common():
                print(f"{n:4} {name}")

    def check(self, path, report):
        facts, name = report["facts"], facts_name(report)
        if report["host"]["viewpoint"] == "guest":
            self.assertNotEqual(False, facts["cpu.generation-listed"])
            return "(guests)"
        begin, listed = self.expected(path.name)
        self.assertEqual(listed, facts["cpu.generation-listed"], name)
        if begin is None:
            self.assertIsNone(facts["cpu.generation"])
        else:
            self.assertTrue((name + ",").startswith(begin), f"{name}, not {begin}")
        if listed is OPEN:
            self.assertEqual("unsupported", report["unknown"]["cpu.generation-listed"])
        return name.split(", ")[0] or "(makers that the list does not name)"


def facts_name(report):
    return report["facts"]["cpu.generation"] or ""


if __name__ == "__main__":
    harness.main()
