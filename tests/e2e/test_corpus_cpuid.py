# SPDX-License-Identifier: MIT
"""CPUID dumps of the corpus against libcpuid's expected decode and a reading of raw leaves here."""
import re

import harness
from harness import Case, judge_many, need_corpus, rule

WORDS = r"([0-9a-fA-F]{8})[ -]([0-9a-fA-F]{8})[ -]([0-9a-fA-F]{8})[ -]([0-9a-fA-F]{8})"
AIDA = re.compile(r"CPUID ([0-9a-fA-F]{8}):?\s+" + WORDS + r"(?: *\[SL (\d\d)\])?")
MSR = re.compile(r"^MSR ([0-9A-F]{8}): (\w{4})-(\w{4})-(\w{4})-(\w{4})", re.M)
LIBCPUID = re.compile(r"(basic|ext)_cpuid\[(\d+)\]=" + WORDS)
EXPECTED = re.compile(r"-{20,}")
CPU_HEAD = re.compile(r"CPU ?#\d")
EAX, EBX, ECX, EDX = range(4)


def split(text):
    """The raw part, and libcpuid's expected part behind the first line of dashes."""
    raw, expected = [], []
    into = raw
    for line in text.splitlines():
        if EXPECTED.fullmatch(line):
            into = expected
        into.append(line)
    return raw, expected


def read(lines):
    """Logical CPUs as {leaf: four words}, subleaf 0 only."""
    cpus = []
    for line in lines:
        m = LIBCPUID.match(line)
        if m:
            leaf = int(m[2]) + (0x80000000 if m[1] == "ext" else 0)
            words = m.groups()[2:6]
        else:
            m = AIDA.match(line)
            if not m or m[6] not in (None, "00"):
                continue
            leaf, words = int(m[1], 16), m.groups()[1:5]
        if leaf == 0:
            cpus.append({})
        cpus[-1].setdefault(leaf, tuple(int(w, 16) for w in words))
    return cpus


def bit(cpu, leaf, register, n):
    """A bit, False where the leaf is above the maximum that the CPU itself names."""
    base = leaf & 0x80000000
    most = cpu.get(base, (0,))[EAX]
    if leaf != base and not base <= leaf <= most:
        return False
    return bool(cpu.get(leaf, (0, 0, 0, 0))[register] >> n & 1)


class Cpu:
    """What all logical CPUs of a dump have: the worst one counts (cpu.md section 1)."""

    def __init__(self, text):
        raw, expected = split(text)
        self.cpus = read(raw)
        self.flags = [set(line.split()) for line in expected if line.startswith("fpu ")]
        first = self.cpus[0][0]
        self.vendor = b"".join(first[i].to_bytes(4, "little") for i in (EBX, EDX, ECX)).decode()
        self.lm = self.all(0x80000001, EDX, 29)
        self.vmx = self.all(1, ECX, 5)
        self.svm = self.all(0x80000001, ECX, 2)
        self.npt = self.all(0x8000000a, EDX, 0)
        self.gmet = self.all(0x8000000a, EDX, 17)
        self.hypervisor = any(bit(c, 1, ECX, 31) for c in self.cpus)
        # Hyper-V's root partition is the PC itself: creates partitions, manages CPUs, not isolated.
        privileges = self.cpus[0].get(0x40000003, (0, 0))[EBX]
        self.root = self.hypervisor and privileges & 0x401001 == 0x1001
        self.vm = self.hypervisor and not self.root
        self.msrs = {int(m[1], 16): int(m[2] + m[3] + m[4] + m[5], 16) for m in MSR.finditer(text)}

    def control(self, n):
        """A secondary control that the registers allow; None where the dump has none of them."""
        if 0x482 in self.msrs and not self.msrs[0x482] >> 63 & 1:
            return False
        return None if 0x48b not in self.msrs else bool(self.msrs[0x48b] >> 32 + n & 1)

    def all(self, leaf, register, n):
        return all(bit(c, leaf, register, n) for c in self.cpus)


AMD = ("AuthenticAMD", "HygonGenuine")


def expected_rules(c):
    """cpu.md sections 3 and 4, decision 18; of MSRs AIDA's dumps may hold those of VMX."""
    capable = c.svm if c.vendor in AMD else c.vmx
    rules = {"cpu.64bit": "pass" if c.lm else "fail"}
    if c.root:
        rules.update({"cpu.virtualization": "pass", "cpu.slat": "pass",
                      "cpu.mbec": "unknown hidden"})
    elif c.vm and not capable:
        rules.update({"cpu.virtualization": "not-applicable", "cpu.slat": "not-applicable",
                      "cpu.mbec": "not-applicable"})
    elif not capable:
        rules["cpu.virtualization"] = "fail"
    else:
        rules["cpu.virtualization"] = "unknown"  # whether firmware left it on is in an MSR
        if c.vendor in AMD:
            rules["cpu.slat"] = "pass" if c.npt else "fail"
            rules["cpu.mbec"] = "pass" if c.gmet else "fail"
        else:
            said = {None: "unknown", False: "fail", True: "pass"}
            ept = c.control(1) and all(c.msrs.get(0x48c, 0x4040) >> n & 1 for n in (6, 14))
            rules["cpu.slat"] = said[bool(ept) if ept is not None else None]
            rules["cpu.mbec"] = said[c.control(22)]
    rules["vm.nested"] = ("not-applicable" if not c.vm else
                          None if not capable else "unknown")  # locked off or not is in an MSR
    return {k: v for k, v in rules.items() if v}


class Cpuid(Case):
    def test_libcpuid(self):
        folder = need_corpus("cpuid", "libcpuid")
        files = sorted(folder.iterdir())
        self.assertGreater(len(files), 100)
        for path, report in zip(files, judge_many(files)):
            with self.subTest(path.name):
                self.assertIsNotNone(report, "no report was made")
                c = Cpu(path.read_text(errors="replace"))
                facts = report["facts"]
                # What libcpuid's authors expect, of every type of core.
                self.assertEqual(all("lm" in f for f in c.flags), facts["cpu.long-mode"])
                self.assertEqual(all("svm" in f for f in c.flags), facts["cpu.svm"])
                if c.vendor == "GenuineIntel":
                    self.assertEqual(all("vmx" in f for f in c.flags), facts["cpu.vmx"])
                self.check(c, report)

    def check(self, c, report):
        facts = report["facts"]
        self.assertEqual((c.lm, c.vmx, c.svm), tuple(
            facts[f] for f in ("cpu.long-mode", "cpu.vmx", "cpu.svm")))
        self.assertEqual((c.npt, c.gmet), (facts["cpu.npt"] is True, facts["cpu.gmet"] is True))
        if c.svm:
            self.assertEqual((c.npt, c.gmet), (facts["cpu.npt"], facts["cpu.gmet"]))
        self.assertEqual((c.vendor, c.hypervisor, len(c.cpus)), tuple(
            facts[f] for f in ("cpu.vendor", "cpu.hypervisor", "cpu.logical")))
        self.expect(report, expected_rules(c))
        if not c.lm:
            self.assertEqual("not-ready", report["verdict"])
        if rule(report, "cpu.virtualization")["status"] == "fail":
            self.assertNotEqual("pass", rule(report, "cpu.slat")["status"])

    def test_instlatx64(self):
        folder = need_corpus("cpuid", "instlatx64")
        files = sorted(folder.iterdir())
        self.assertGreater(len(files), 40)
        for path, report in zip(files, judge_many(files)):
            with self.subTest(path.name):
                self.assertIsNotNone(report, "no report was made")
                self.check(Cpu(path.read_text(errors="replace")), report)

    def test_the_worst_cpu_counts(self):
        """One core without a bit, wherever it stands, takes it from the machine."""
        folder = need_corpus("cpuid", "libcpuid")
        good = (folder / "zen2-amd-ryzen-7-5700u-with-radeon-graphics.test").read_text()
        core = [line for line in split(good)[0] if LIBCPUID.match(line)]
        self.assertTrue(Cpu("\n".join(core)).npt)

        def without(prefix, register, n):
            out = []
            for line in core:
                if line.startswith(prefix):
                    words = line.split("=")[1].split()
                    words[register] = "%08x" % (int(words[register], 16) & ~(1 << n))
                    line = prefix + " ".join(words)
                out.append(line)
            self.assertNotEqual(core, out)
            return out

        cases = (("cpu.long-mode", "cpu.64bit", without("ext_cpuid[1]=", EDX, 29)),
                 ("cpu.npt", "cpu.slat", without("ext_cpuid[10]=", EDX, 0)),
                 ("cpu.svm", "cpu.virtualization", without("ext_cpuid[1]=", ECX, 2)))
        for fact, name, bad in cases:
            for order in ((core, bad, core), (bad, core), (core, core, bad)):
                text = "\n".join("\n".join(c) for c in order) + "\n"
                report = judge_many([self.file("dump", text.encode())])[0]
                with self.subTest(fact=fact, at=order.index(bad)):
                    self.assertEqual(len(order), report["facts"]["cpu.logical"])
                    self.expect(report, {name: "fail"}, {fact: False})

    def test_leaves_above_the_maximum_count_for_nothing(self):
        """README of the lab, section 6: Skylake answers 8000_000Ah with another leaf's words."""
        text = harness.CPU_INTEL.decode().replace("2c100800", "2c100800", 1)
        text += "ext_cpuid[10]=00000001 00008000 00000000 0013bcff\n"
        report = judge_many([self.file("dump", text.encode())])[0]
        for fact in ("cpu.npt", "cpu.gmet"):
            self.assertIsNot(report["facts"][fact], True)


if __name__ == "__main__":
    harness.main()
