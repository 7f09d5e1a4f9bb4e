# SPDX-License-Identifier: MIT
"""Every tool's output of one machine: what it says is what the plain form says.

The rows of forms.md that are not here: journals, logs, archives and folders are test_forms.py's;
msinfo32, systeminfo and Win32_DeviceGuard are Windows' own word; `-s` of dmidecode prints values
without a key, of which nothing tells what they are.
"""
import base64
import json
from pathlib import Path
import os
import re
import shutil
import struct
import subprocess

import harness
from harness import Case, PROJECT, check_trouble, judge_many, need_corpus, need_tool, run, \
    write_files

HOST = "ecs-h310ch5-m2"
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
MOR = "MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
LOCK = "MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
VARIABLES = {f"SecureBoot-{GLOBAL}": b"\6\0\0\0\1", MOR: b"\7\0\0\0\0", LOCK: b"\7\0\0\0\2"}
CPUID = {0: (0x16, 0x756e6547, 0x6c65746e, 0x49656e69),
         1: (0x906ea, 0x100800, 0x7ffafbbf, 0xbfebfbff), 7: (0, 0x29c67af, 0, 0x9c000000),
         0x80000000: (0x80000008, 0, 0, 0), 0x80000001: (0, 0, 0x121, 0x2c100800),
         0x80000008: (0x3027, 0, 0, 0)}


def tool(*command, data=None):
    need_tool(command[0])
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def words(data, width):
    """hexdump's default and od's: words of the machine that printed them, which was little."""
    out = []
    for at in range(0, len(data), 16):
        line = data[at:at + 16]
        line += bytes(-len(line) % width)
        out.append("%07x " % at + " ".join(line[i:i + width][::-1].hex()
                                           for i in range(0, len(line), width)))
    return "\n".join(out) + "\n%07x\n" % len(data)


DUMPS = {
    "hexdump": lambda d: tool("hexdump", data=d),
    "hexdump -x": lambda d: tool("hexdump", "-x", data=d),
    "hexdump -C": lambda d: tool("hexdump", "-C", data=d),
    "xxd": lambda d: tool("xxd", data=d),
    "xxd -g1": lambda d: tool("xxd", "-g1", data=d),
    "xxd -e": lambda d: tool("xxd", "-e", data=d),
    "xxd -p": lambda d: tool("xxd", "-p", data=d),
    "od": lambda d: tool("od", data=d),
    "od -x": lambda d: tool("od", "-x", data=d),
    "od -tx1": lambda d: tool("od", "-tx1", data=d),
    "od -A d -tx1z": lambda d: tool("od", "-A", "d", "-tx1z", data=d),
    "od -A x -tx4": lambda d: tool("od", "-A", "x", "-tx4", data=d),
    "base64": lambda d: base64.encodebytes(d),
    "base64 -w0": lambda d: base64.b64encode(d) + b"\n",
}


def lscpu(cpuinfo):
    """What lscpu makes of /proc/cpuinfo: util-linux' sys-utils/lscpu.c."""
    first = dict(re.findall(r"^([^\t:]+)\t*: ?(.*)$", cpuinfo.partition("\n\n")[0], re.M))
    keys = [("Architecture", "x86_64"), ("CPU op-mode(s)", "32-bit, 64-bit"),
            ("CPU(s)", str(cpuinfo.count("processor\t"))),
            ("Vendor ID", first["vendor_id"]), ("Model name", first["model name"]),
            ("CPU family", first["cpu family"]), ("Model", first["model"]),
            ("Stepping", first["stepping"]), ("Flags", first["flags"]),
            ("Virtualization", "VT-x"), ("Vulnerability Meltdown", "Mitigation; PTI")]
    text = "".join(f"{k + ':':<24} {v}\n" for k, v in keys)
    return text, json.dumps({"lscpu": [{"field": k + ":", "data": v} for k, v in keys]}, indent=3)


class Evidence(Case):
    def setUp(self):
        super().setUp()
        self.host = need_corpus("hosts", HOST)
        dump = (self.host / "acpidump.txt").read_text(errors="replace")
        self.tables = {}
        for signature, body in re.findall(r"^(\w{4}) @ 0x\w+\n((?:  .*\n)+)", dump, re.M):
            rows = re.findall(r"^ *\w+: ((?:\w\w ){1,16})", body, re.M)
            self.tables.setdefault(signature, bytes.fromhex("".join(rows)))

    def facts(self, paths):
        out = []
        for path, report in zip(paths, judge_many(paths)):
            self.assertIsNotNone(report, path)
            out.append({k: v for k, v in report["facts"].items() if v is not None})
        return out

    def same(self, plain, forms):
        """Forms that say what the plain one does, fact by fact."""
        paths = [plain] + [self.file(f"{i}.txt", text) for i, text in enumerate(forms.values())]
        first, *others = self.facts(paths)
        self.assertTrue(first)
        for name, facts in zip(forms, others):
            with self.subTest(name):
                self.assertEqual(first, facts)

    def test_tables_in_every_dump(self):
        for signature in ("DMAR", "WSMT", "TPM2", "MCFG"):
            if signature in self.tables:
                data = self.tables[signature]
                self.same(self.file(f"{signature}.dat", data),
                          {f"{signature} {name}": form(data) for name, form in DUMPS.items()})

    def test_the_raw_block_of_iasl(self):
        need_tool("iasl")
        raw = self.file("dmar.dat", self.tables["DMAR"])
        subprocess.run(["iasl", "-d", raw], capture_output=True, cwd=self.dir)
        self.same(raw, {"dsl": (self.dir / "dmar.dsl").read_bytes()})

    def test_a_squeezed_dump(self):
        """A line "*" stands for more of the same."""
        table = bytearray(self.tables["DMAR"]) + bytes(96)
        struct.pack_into("<I", table, 4, len(table))
        table[9] = (table[9] - sum(table)) & 0xff
        self.assertIn(b"*\n", tool("hexdump", "-C", data=bytes(table)))
        self.same(self.file("dmar.dat", bytes(table)),
                  {n: DUMPS[n](bytes(table)) for n in ("hexdump", "hexdump -C", "od", "od -tx1")})

    def test_words_whose_order_nothing_tells_are_malformed(self):
        """Of a table in words whose checksum fits in neither order nobody says what it holds."""
        table = bytearray(self.tables["DMAR"])
        table[40] ^= 1
        report, = judge_many([self.file("dmar.txt", words(bytes(table), 2).encode())])
        self.assertEqual("unknown/malformed", "/".join(
            harness.rule(report, "iommu.present")[k] for k in ("status", "reason")))
        self.assertTrue(any("hexdump -C" in n["message"] for n in report["notes"]), report["notes"])
        turned = "00000000: 0706 0000 0600\n"  # 6 and 7 bits of attributes either way round
        report, = judge_many([self.file("v", f"# {MOR}\n0000000 0700 0007\n0000004\n{turned}".encode()
                                        + b"\n# cat /proc/cpuinfo\nprocessor : 0\n")])
        self.assertIsNone(report["facts"]["mor.control"])

    def test_no_cut_of_a_dump_decides(self):
        data = self.tables["DMAR"]
        texts = [(n, DUMPS[n](data)) for n in ("hexdump", "od", "xxd", "xxd -p", "base64")]
        cut = [(f"{n} {at}", self.file(f"{i}-{at}", text[:at])) for i, (n, text) in enumerate(texts)
               for at in range(70, len(text) * 9 // 10, 61)]
        for (name, _), report in zip(cut, judge_many([path for _, path in cut])):
            with self.subTest(name):
                self.assertNotIn(report and harness.rule(report, "iommu.present")["status"],
                                 ("pass", "fail"))

    def test_variables(self):
        folder = write_files(self.dir / "plain", VARIABLES)
        forms = {name: b"".join(f"# {name} /sys/firmware/efi/efivars/{v}\n".encode() + form(data)
                                for v, data in VARIABLES.items())
                 for name, form in DUMPS.items() if name != "xxd -e"}  # it pads a last group
        forms["od -An"] = b"".join(b"$ od -An -tx1 %s\n" % v.encode() + tool("od", "-An", "-tx1", data=d)
                                   for v, d in VARIABLES.items())
        self.same(folder, forms)
        named = write_files(self.dir / "named", {f"{v}.txt": DUMPS["xxd"](data)
                                                 for v, data in VARIABLES.items()})
        bare = write_files(self.dir / "bare", {v: DUMPS["hexdump -C"](data)
                                               for v, data in VARIABLES.items()})
        first, *others = self.facts([folder, named, bare])
        for facts in others:
            self.assertEqual(first, facts)

    def print_variable(self, name, data):
        name, _, guid = name.partition("-")
        said = ["Non-Volatile"] if data[0] & 1 else []
        said += ["Boot Service Access", "Runtime Service Access"]
        return (f"GUID: {guid}\nName: \"{name}\"\nAttributes:\n\t" + "\n\t".join(said) +
                "\nValue:\n00000000  %02x  |.               |\n" % data[4]).encode()

    def test_efivar(self):
        folder = write_files(self.dir / "plain", VARIABLES)
        texts = {v: self.print_variable(v, data) for v, data in VARIABLES.items()}
        self.same(folder, {"efivar -p": b"\n".join(texts.values())})
        cut = self.print_variable(LOCK, VARIABLES[LOCK]).partition(b"Value:")[0]
        report, = judge_many([self.file("cut", texts[MOR] + b"\n" + cut)])
        self.assertEqual("truncated", harness.rule(report, "mor.lock")["reason"])

    def test_secure_boot(self):
        plain = write_files(self.dir / "on", {f"SecureBoot-{GLOBAL}": b"\6\0\0\0\1"})
        off = write_files(self.dir / "off", {f"SecureBoot-{GLOBAL}": b"\6\0\0\0\0"})
        hsi = {"SecurityAttributes": [
            {"AppstreamId": "org.fwupd.hsi.Spi.Bioswe", "HsiResult": "not-enabled"},
            {"AppstreamId": "org.fwupd.hsi.Uefi.SecureBoot", "HsiLevel": 1, "HsiResult": "enabled"}]}
        self.same(plain, {"mokutil": b"SecureBoot enabled\n",
                          "fwupd": json.dumps(hsi, indent=2).encode(),
                          "fwupd in words": "Host Security ID: HSI:1 (v1.8.8)\n\nHSI-1\n"
                                            "✔ UEFI secure boot:              Enabled\n".encode()})
        self.same(off, {"mokutil": b"SecureBoot disabled\n"})
        both = write_files(self.dir / "both", {f"SecureBoot-{GLOBAL}": b"\6\0\0\0\1",
                                               "mokutil.txt": b"SecureBoot disabled\n"})
        check_trouble(run("--from", both), "both", "several machines", "EFI variables")

    def test_lscpu(self):
        cpuinfo = (self.host / "cpuinfo.txt").read_text()
        flags = re.sub(r"\n(vmx flags|bugs).*", "", cpuinfo)
        text, as_json = lscpu(cpuinfo)
        self.same(self.file("cpuinfo", flags.encode()), {
            "lscpu": text.encode(), "lscpu -J": as_json.encode(),
            "German": text.replace("Flags:", "Markierungen:").encode(),
            "pasted": b"$ lscpu\n" + text.encode() + b"$ uptime\n"})

    def test_files_of_two_machines(self):
        text, _ = lscpu((self.host / "cpuinfo.txt").read_text())
        other = self.cpuid(lambda leaf, w: "CPUID %08X: %08X-%08X-%08X-%08X\n" % (leaf, *w))
        other = other.replace(b"000906EA", b"000806EA")
        arm = b"arm_midr=00000000410fd083\narm_id_aa64zfr0=0000000000000000\n"
        for name, files in {
            "processors": {"lscpu.txt": text.encode(), "cpuid.txt": other},
            "architectures": {"lscpu.txt": text.encode(), "arm.txt": arm},
            "registers": {"a.txt": b"# rdmsr -a 0x3a\n5\n", "b.txt": b"# rdmsr -a 0x3a\n1\n"},
        }.items():
            with self.subTest(name):
                check_trouble(run("--from", write_files(self.dir / name, files)), name,
                              "several machines", name)

    def test_a_cut_lscpu_lacks_nothing(self):
        text, as_json = lscpu((self.host / "cpuinfo.txt").read_text())
        cut = [text[:at] for at in range(300, len(text), 41)]
        cut += ["".join(line[:width] + "\n" for line in text.splitlines()) for width in (72, 80)]
        cut += [as_json[:at] for at in range(300, len(as_json), 41)]
        for i, report in enumerate(judge_many([self.file(str(i), c.encode()) for i, c in enumerate(cut)])):
            fails = [r["id"] for r in report["rules"] if r["status"] == "fail"] if report else []
            self.assertEqual([], fails, cut[i][-60:])

    def cpuid(self, form, cpus=1):
        return "".join(form(leaf, w) for _ in range(cpus) for leaf, w in CPUID.items()).encode()

    def test_cpuid(self):
        plain = self.file("aida.txt", self.cpuid(
            lambda leaf, w: "CPUID %08X: %08X-%08X-%08X-%08X\n" % (leaf, *w)))
        self.same(plain, {
            "cpuid -1 -r": b"CPU:\n" + self.cpuid(lambda leaf, w: (
                "   0x%08x 0x00: eax=0x%08x ebx=0x%08x ecx=0x%08x edx=0x%08x\n" % (leaf, *w))),
            "blanks": self.cpuid(lambda leaf, w: "CPUID %08X: %08X %08X %08X %08X\n" % (leaf, *w)),
            "CPU-Z": b"CPU-Z TXT Report\n\tCPUID\n" + self.cpuid(lambda leaf, w: (
                "0x%08X\t\t0x%08X\t0x%08X\t0x%08X\t0x%08X\n" % (leaf, *w)))})

    def test_registers(self):
        """Those of every processor decide; of some, only what is wrong."""
        two = self.cpuid(lambda leaf, w: "CPUID %08X: %08X-%08X-%08X-%08X\n" % (leaf, *w), 2)
        texts = {
            "rdmsr": (b"$ sudo rdmsr -a 0x3a\n5\n5\n", "pass"),
            "rdmsr -c": (b"# rdmsr --all -c 0x3a\n0x5\n0x5\n", "pass"),
            "rdmsr -u": (b"# rdmsr -au 58\n5\n5\n", "pass"),
            "rdmsr of one": (b"# rdmsr -p 1 0x3a\n5\n", "unknown"),
            "rdmsr, cut": (b"# rdmsr -a 0x3a\n5\n", "unknown"),
            "rdmsr -f": (b"# rdmsr -a -f 2:0 0x3a\n5\n5\n", "unknown"),
            "inteltool": (b"== UNIQUE MSRs  (CPU 0) ==\n MSR 0x0000003A = 0x00000000:0x00000005 (X)\n"
                          b"== UNIQUE MSRs  (CPU 1) ==\n MSR 0x0000003A = 0x00000000:0x00000005 (X)\n",
                          "pass"),
            "turbostat": (b"cpu0: MSR_IA32_FEATURE_CONTROL: 0x00000005 (Locked )\n", "unknown"),
            "AIDA": (b"MSR 0000003A: 0000-0000-0000-0005\n", "unknown"),
            "off": (b"MSR 0000003A: 0000-0000-0000-0003\n", "fail"),
            "CPU-Z": (b"MSR 0x0000003A\t0x00000000\t0x00000003\n", "fail"),
        }
        texts = {k: (v[0].replace(b"== UNIQUE", b"===== UNIQUE"), v[1]) for k, v in texts.items()}
        paths = [self.file(f"{i}.txt", two + b"end\n" + text)
                 for i, (text, _) in enumerate(texts.values())]
        for (name, (_, want)), report in zip(texts.items(), judge_many(paths)):
            with self.subTest(name):
                self.assertEqual(want, harness.rule(report, "cpu.virtualization")["status"])
        named = write_files(self.dir / "named", {"cpuid.txt": two, "rdmsr_-a_0x3a.txt": b"5\n5\n"})
        report, = judge_many([named])
        self.assertEqual("pass", harness.rule(report, "cpu.virtualization")["status"])

    def test_no_cut_decides_otherwise(self):
        """Of a text that ends anywhere, also within a number, rules become unknown at most."""
        athlon = (b"basic_cpuid[0]=00000001 68747541 444d4163 69746e65\n"
                  b"basic_cpuid[1]=00060fb2 01020800 00002001 178bfbff\n"
                  b"basic_cpuid[2]=00000000 00000000 00000000 00000000\n"
                  b"ext_cpuid[0]=80000018 68747541 444d4163 69746e65\n"
                  b"ext_cpuid[1]=00060fb2 00000000 0000001f ebd3fbff\n")
        cpuid = self.cpuid(lambda leaf, w: "CPUID %08X: %08X-%08X-%08X-%08X\n" % (leaf, *w), 2)
        unit = b"===== UNIQUE MSRs  (CPU %d) =====\n MSR 0x0000003A = 0x00000000:0x00000005 (X)\n"
        texts = {
            "libcpuid": athlon, "AIDA": cpuid, "inteltool": cpuid + b"end\n" + unit % 0 + unit % 1,
            "rdmsr": cpuid + b"end\n# rdmsr -a 0x3a\n100005\n100005\n# rdmsr -a 0x48b\n"
                             b"1fcff00000000\n1fcff00000000\n",
            "tpm2": b"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n  value: \"2.0\"\n"
                    b"selected-pcrs:\n  - sha1: [ 0, 1 ]\n  - sha256: [ 0, 1, 2 ]\n",
            "efivar": b"\n".join(self.print_variable(v, d) for v, d in VARIABLES.items()),
        }
        for name, text in texts.items():
            ends = [*range(20, len(text) - 20, 19), *range(len(text) - 20, len(text) + 1)]
            *cut, whole = judge_many([self.file(f"{name}-{at}", text[:at]) for at in ends])
            want = harness.statuses(whole)
            for at, report in zip(ends, cut):
                got = harness.statuses(report) if report else {}
                self.assertEqual({}, {k: v for k, v in got.items() if v != want[k] and v in (
                    "pass", "fail")}, (name, text[:at][-60:]))

    def test_a_bundle(self):
        """What sos runs of these tools, below its folder."""
        top = "sosreport-host-2026"
        text, _ = lscpu((self.host / "cpuinfo.txt").read_text())
        folder = write_files(self.dir / "unpacked", {
            f"{top}/sos_commands/processor/lscpu": text.encode(),
            f"{top}/sos_commands/tpm2/tpm2_getcap_properties-fixed":
                b"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n",
            f"{top}/sos_commands/boot/mokutil_--sb-state": b"SecureBoot enabled\n"})
        report, = judge_many([folder / top])
        self.assertEqual((True, "2.0", True), tuple(report["facts"][k] for k in (
            "cpu.64bit", "tpm.version", "secure-boot.enabled")))

    def test_a_capture_of_them_tells_no_serial(self):
        text, _ = lscpu((self.host / "cpuinfo.txt").read_text())
        folder = write_files(self.dir / "all", {
            "lscpu.txt": text.encode() + b"Serial Number:        PF1234\n",
            "msr.txt": b"# rdmsr -a 0x3a\n5\n# of PF1234\n", **VARIABLES,
            "tpm.txt": b"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n# PF1234\n",
            "pcrs.txt": b"  sha256:\n    0 : 0x" + b"PF1234" + b"\n",
            "names.txt": b"/sys/class/dmi/id/sys_vendor:X\n/sys/class/dmi/id/product_serial:PF1234\n",
            "dmi.txt": b"BIOS Information\n\tVersion: 1\n\nSystem Information\n\tManufacturer: X\n"
                       b"\tSerial Number: PF1234\n"})
        run("capture", "--from", folder, "--output", self.dir / "captured", ok=(0,))
        for path in (self.dir / "captured").rglob("*"):
            self.assertNotIn(b"PF1234", path.read_bytes() if path.is_file() else b"", path)
        first, captured = judge_many([folder, self.dir / "captured"])
        self.assertEqual(first["facts"], captured["facts"])

    def test_the_capabilities_that_aida_prints(self):
        """480h to 491h are of the processor's kind: one of them is enough."""
        text = self.cpuid(lambda leaf, w: "CPUID %08X: %08X-%08X-%08X-%08X\n" % (leaf, *w), 2)
        text += (b"------[ MSR Registers / Logical CPU #0 ]------\n"
                 b"MSR 00000482: FFF9-FFFE-0401-E172\nMSR 0000048B: 001F-FCFF-0000-0000\n"
                 b"MSR 0000048C: 0000-0F01-0673-4141\nMSR 00000049: < FAILED >\n")
        report, = judge_many([self.file("aida.txt", text)])
        self.assertEqual(["pass", "fail"], [harness.rule(report, r)["status"]
                                            for r in ("cpu.slat", "cpu.mbec")])

    def test_an_arm_processor(self):
        head = "_________________ Logical CPU #%d _________________\narm_midr=f1255ec0%08x\n"
        tail = "arm_id_aa64isar0=%016x\narm_id_aa64pfr0=%016x\narm_id_aa64zfr0=0000000000000000\n"
        texts = {"A72 below 32 bits": ((0x410fd083, 0, 0), "pass", "fail"),
                 "A15": ((0x414fc0f0, 0, 0), "fail", "fail"),
                 "N2": ((0x410fd490, 0x0221100110212120, 0x1201111120111111), "pass", None)}
        paths = [self.file(f"{i}", "".join(head % (cpu, midr) + tail % (isar, pfr)
                                           for cpu in range(2)).encode())
                 for i, ((midr, isar, pfr), _, _) in enumerate(texts.values())]
        for (name, (_, lm, age)), report in zip(texts.items(), judge_many(paths)):
            with self.subTest(name):
                self.assertEqual(lm, harness.rule(report, "cpu.64bit")["status"])
                self.assertNotEqual("pass" if age else "fail",
                                    harness.rule(report, "cpu.virtualization")["status"])

    def test_the_tpm(self):
        fixed = (b"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n  value: \"2.0\"\n"
                 b"TPM2_PT_REVISION:\n  value: 1.38\nTPM2_PT_MANUFACTURER:\n  raw: 0x49465800\n"
                 b"TPM2_PT_FIRMWARE_VERSION_1:\n  raw: 0x70055\n")
        old = (b"TPM_PT_FAMILY_INDICATOR:\n  as UINT32:                0x08322e3000\n"
               b"  as string:                \"2.0\"\nTPM_PT_REVISION:            1.38\n")
        pcrs = (b"selected-pcrs:\n  - sha1: [ ]\n  - sha256: [ 0, 1, 2, 3, 4, 5, 6, 7 ]\n")
        read = b"  sha1:\n  sha256:\n    0 : 0x%064x\n    1 : 0x%064x\n" % (1, 2)
        texts = [fixed + pcrs, old, read, pcrs[:-4], b"$ tpm2_pcrread\n" + read]
        a, b, c, d, _ = judge_many([self.file(f"{i}", t) for i, t in enumerate(texts)])
        self.assertEqual(("2.0", "IFX", "sha256", True), tuple(a["facts"][k] for k in (
            "tpm.version", "tpm.manufacturer", "tpm.banks", "tpm.sha256-active")))
        self.assertEqual("2.0", b["facts"]["tpm.version"])
        self.assertEqual("sha256", c["facts"]["tpm.banks"])
        self.assertIsNone(d and d["facts"]["tpm.banks"])
        run("capture", "--from", self.dir / "2", "--output", self.dir / "c", ok=(0,))
        for path in (self.dir / "c").rglob("*"):
            self.assertNotIn(b"\2" * 1 + b"0" * 60, path.read_bytes() if path.is_file() else b"")

    def test_names(self):
        files = {"sys_vendor": "LENOVO", "product_name": "20XX", "product_version": "ThinkPad T14",
                 "board_name": "20XXBOARD", "bios_version": "N3", "bios_date": "05/20/2021"}
        folder = write_files(self.dir / "sys/class/dmi/id", {
            **{k: f"{v}\n".encode() for k, v in files.items()}, "product_serial": b"PF1234\n"})
        text = "".join(f"/sys/class/dmi/id/{k}:{v}\n" for k, v in files.items())
        dmidecode = ("BIOS Information\n\tVersion: N3\n\tRelease Date: 05/20/2021\n\nSystem "
                     "Information\n\tManufacturer: LENOVO\n\tProduct Name: 20XX\n\tVersion: "
                     "ThinkPad T14\n\tSerial Number: PF1234\n\nBase Board Information\n\t"
                     "Product Name: 20XXBOARD\n")
        self.same(folder, {"grep": text.encode(), "dmidecode -q": dmidecode.encode()})
        report, = judge_many([folder])
        self.assertEqual(("LENOVO", "ThinkPad T14", "20XXBOARD", "05/20/2021", "2021-05-20"), tuple(
            report["host"][k] for k in ("vendor", "product", "board", "firmware_date",
                                        "firmware_date_iso")))
        other = write_files(self.dir / "two", {"a.txt": text.encode(), "b.txt": text.replace(
            "LENOVO", "Dell Inc.").replace("ThinkPad T14", "").replace("20XX", "XPS 13").encode()})
        check_trouble(run("--from", other), "two", "several machines")

    def test_what_firmware_says_of_processor_and_tpm(self):
        """SMBIOS types 4 and 43."""
        text = ("# dmidecode 3.4\nHandle 0x0000, DMI type 0, 26 bytes\nBIOS Information\n\tVersion: 1"
                "\n\nHandle 0x0004, DMI type 4, 48 bytes\nProcessor Information\n\tSignature: Type 0, "
                "Family 6, Model 158, Stepping 10\n\tCharacteristics:\n\t\t64-bit capable\n\n"
                "Handle 0x0005, DMI type 43, 31 bytes\nTPM Device\n\tSpecification Version: 2.0\n\n")
        report, = judge_many([self.file("dmi.txt", text.encode())])
        self.assertEqual("pass", harness.rule(report, "cpu.64bit")["status"])
        self.assertEqual("unknown", harness.rule(report, "tpm.version")["status"])
        tables = harness.acpidump(harness.facp(), harness.apic(), harness.wsmt(7))
        both = write_files(self.dir / "both", {"dmi.txt": text.encode(), "acpidump.txt": tables})
        report, = judge_many([both])
        self.assertNotEqual("fail", harness.rule(report, "tpm.version")["status"])

    def test_lspci(self):
        need_tool("lspci")
        host = self.host / "lspci.txt"
        forms = {o: tool("lspci", "-F", host, *o.split()) for o in (
            "-mm", "-vmm", "-vm", "-mm -nn", "-vmm -nn", "-vmm -nn -k", "-D", "-n")}
        paths = [self.file("plain", tool("lspci", "-F", host, "-nn"))]
        paths += [self.file(f"{i}", text) for i, text in enumerate(forms.values())]
        first, *others = judge_many(paths)
        for name, report in zip(forms, others):
            with self.subTest(name):
                self.assertEqual({k: v for k, v in first["facts"].items() if "pci" in k},
                                 {k: v for k, v in report["facts"].items() if "pci" in k})
                self.assertEqual(first["facts"]["iommu.functions"],
                                 report["facts"]["iommu.functions"])
        check_trouble(run("--from", self.file("tree", tool("lspci", "-F", host, "-tv"))), "tree",
                      "lspci -nn")

    def test_what_people_pasted(self):
        """Tabs that became blanks, and words of fwupd, as issues of other projects have them."""
        amd = ("Slot:   00:00.0\nClass:  Host bridge [0600]\nVendor: Advanced Micro Devices, Inc. [AMD] "
               "[1022]\nDevice: Raven/Raven2 Root Complex [15d0]\nSVendor:        Acer [1025]\n\n"
               "Slot:   00:00.2\nClass:  IOMMU [0806]\nVendor: Advanced Micro Devices, Inc. [AMD] "
               "[1022]\nDevice: Raven/Raven2 IOMMU [15d1]\n\nSlot:   00:01.3\nClass:  PCI bridge "
               "[0604]\nVendor: Advanced Micro Devices, Inc. [AMD] [1022]\nDevice: Raven/Raven2 PCIe "
               "GPP Bridge [6:0] [15d3]\nDriver: pcieport\nIOMMUGroup:     1\n\nSlot:   04:00.4\n"
               "Class:  USB controller [0c03]\nVendor: Advanced Micro Devices, Inc. [AMD] [1022]\n"
               "Device: Renoir/Cezanne USB 3.1 [1639]\nProgIf: 30\nIOMMUGroup:     17\n")
        fwupd = ("Host Security ID: HSI:0 (v1.9.22)\n\nHSI-1\n✔ BIOS firmware updates:         Enabled\n"
                 "✔ UEFI secure boot:              Enabled\n✘ TPM v2.0:                      Not found\n")
        pci, hsi = judge_many([self.file("lspci.txt", amd.encode()),
                               self.file("fwupd.txt", fwupd.encode())])
        self.assertEqual(1, pci["facts"]["iommu.functions"])
        self.assertEqual((True, None), tuple(hsi["facts"][k] for k in (
            "secure-boot.enabled", "tpm.version")))

    def test_what_decides_nothing_is_named(self):
        for text, word in ((b"Coreinfo v3.6 - Dump information\nVMX\t*\tSupports\n", "systeminfo"),
                           (b"CPU 0:\n   vendor_id = \"GenuineIntel\"\n", "cpuid -r")):
            check_trouble(run("--from", self.file("x.txt", text)), "x.txt", word)

    def test_the_list(self):
        """Its rules exist, and each kind has a line."""
        kinds = json.loads(run("list", "evidence", "--format", "json", ok=(0,)).out)
        rules = {page.stem for page in Path(harness.__file__).parents[2].joinpath("docs/rules").glob("*.md")}
        for kind in kinds:
            self.assertEqual({"kind", "command", "rules"}, set(kind))
            self.assertLessEqual(set(kind["rules"]), rules)
        text = run("list", "evidence", ok=(0,)).out.decode()
        self.assertEqual(len(kinds), len(text.splitlines()))

    def copied_tree(self):
        """A machine's sysfs, as collect.sh reads it."""
        tree = {f"sys/firmware/acpi/tables/{k}": v for k, v in self.tables.items()
                if k in ("DMAR", "WSMT", "FACP", "APIC", "FACS", "TPM2", "MCFG")}
        tree.update({f"sys/firmware/efi/efivars/{k}": v for k, v in VARIABLES.items()})
        tree.update({"sys/firmware/acpi/tables/DSDT": harness.table(b"DSDT", b""),
                     "sys/firmware/efi/efivars/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c": b"\7\0\0\0\0\0"})
        tree.update({"sys/firmware/acpi/tables/MSDM": b"MSDM key", "sys/class/dmi/id/sys_vendor":
                     b"ECS\n", "sys/class/dmi/id/product_serial": b"SECRET\n",
                     "sys/firmware/efi/fw_platform_size": b"64\n",
                     "sys/class/tpm/tpm0/tpm_version_major": b"2\n",
                     "sys/class/tpm/tpm0/pcr-sha256/0": b"00\n"})
        for at, ids in (("0000:00:00.0", (0x060000, 0x8086, 0x3ec4)),
                        ("0000:00:1f.2", (0x010601, 0x8086, 0xa282))):
            for name, v in zip(("class", "vendor", "device"), ids):
                tree[f"sys/bus/pci/devices/{at}/{name}"] = b"0x%x\n" % v if name != "class" else \
                    b"0x%06x\n" % v
            tree[f"sys/bus/pci/devices/{at}/config"] = struct.pack("<HHHHBBH", ids[1], ids[2], 6, 0,
                                                                  1, ids[0] & 0xff, ids[0] >> 8) \
                + bytes(52)
        return write_files(self.dir / "tree", tree)

    def test_the_collector(self):
        """Its folder is judged as the tree that it was made of."""
        tree = self.copied_tree()
        shells = [s for s in ("dash", "bash", "sh") if shutil.which(s)]
        for shell in shells:
            out = self.dir / f"out-{shell}"
            made = subprocess.run([shell, PROJECT / "contrib/collect.sh", out], capture_output=True,
                                  env=dict(os.environ, VBSCHECK_ROOT=str(tree)))
            self.assertEqual((0, b"1"), (made.returncode, b"1"), made.stderr)
            report, = judge_many([out])
            wanted = {"tpm.version": "2.0", "tpm.sha256-active": True, "secure-boot.enabled": True,
                      "mor.lock": 2, "uefi.boot": True, "host.vendor": "ECS", "dmar.present": True}
            self.assertEqual(wanted, {k: report["facts"][k] for k in wanted})
            said = b"".join(p.read_bytes() for p in out.iterdir())
            self.assertNotIn(b"SECRET", said)
            self.assertNotIn(b"MSDM", said)
            plain = json.loads(run("--root", tree, "--format", "ndjson").out)
            ours = {r["id"]: r["status"] for r in report["rules"] if r["status"] in ("pass", "fail")}
            theirs = {r["id"]: r["status"] for r in plain["rules"]}
            self.assertEqual({}, {k: (v, theirs[k]) for k, v in ours.items() if theirs[k] != v})

    def test_the_collector_says_what_it_lacks(self):
        """A program that is not there, and a disk that is full: no folder is called ready."""
        tools = self.dir / "tools"
        tools.mkdir()
        for name in ("awk", "sed", "grep", "cat", "mkdir"):
            (tools / name).symlink_to(need_tool(name))
        script = [shutil.which("sh"), PROJECT / "contrib/collect.sh"]
        made = subprocess.run([*script, self.dir / "a"], capture_output=True,
                              env={"PATH": str(tools)})
        self.assertEqual((2, True), (made.returncode, b"program od" in made.stderr), made.stderr)
        self.assertFalse((self.dir / "a").exists())
        (tools / "od").write_text("#!/bin/sh\nexit 0\n")
        (tools / "od").chmod(0o755)
        full = "ulimit -f 0; trap '' XFSZ; exec \"$@\""  # writing fails, as on a full disk
        made = subprocess.run([script[0], "-c", full, "sh", *script, self.dir / "b"],
                              capture_output=True, env=dict(os.environ, VBSCHECK_ROOT=str(
                                  self.copied_tree())))
        self.assertEqual((2, True), (made.returncode, b"disk is full" in made.stderr), made.stderr)
        self.assertNotIn(b"is ready", made.stderr)


if __name__ == "__main__":
    harness.main()
