# SPDX-License-Identifier: MIT
"""What a red team broke, each as the kind that it was one of: docs/red-team.md lists all that was tried."""
import io
import json
import os
import re
import shutil
import struct
import subprocess
import tarfile
import xml.etree.ElementTree as ElementTree

import harness
from harness import (Case, PROJECT, acpidump, apic, capture_files, check_trouble, facp, gz, judge, main, metal, rule,
                     run, run_bounded, statuses, tar, wsmt, write_files)

TABLES = "sys/firmware/acpi/tables"
EFIVARS = "sys/firmware/efi/efivars"
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"


def dmar():
    """One unit, for 00:02.0 alone."""
    scope = struct.pack("<BBHBBBB", 1, 8, 0, 0, 0, 2, 0)
    unit = struct.pack("<HHBBHQ", 0, 16 + len(scope), 0, 0, 0, 0xfed90000) + scope
    return harness.table(b"DMAR", struct.pack("<BB10s", 38, 1, b"") + unit)


def function(at, code=b"0x030000"):
    return {f"sys/bus/pci/devices/{at}/{name}": text + b"\n"
            for name, text in (("class", code), ("vendor", b"0x8086"), ("device", b"0x1234"))}


class CopiedTrees(Case):
    """`--root` of a copy: whoever made it need not have copied all."""

    def tree(self, **more):
        files = {f"{TABLES}/APIC": apic(), f"{TABLES}/FACP": facp(), f"{TABLES}/DSDT": harness.table(b"DSDT", b""),
                 f"{TABLES}/DMAR": dmar(), f"{TABLES}/WSMT": wsmt(7), "proc/cpuinfo": b"",
                 "sys/class/dmi/id/sys_vendor": b"LENOVO\n", "sys/class/dmi/id/product_name": b"X1\n"}
        files.update(more)
        root = self.dir / f"tree{len(list(self.dir.iterdir()))}"
        return write_files(root, {k: v for k, v in files.items() if v is not None})

    def test_some_tables_fail_nothing(self):
        """A wrong fail: FACP and APIC alone, and WSMT and the IOMMU's table were absent."""
        root = self.tree(**{f"{TABLES}/DSDT": None, f"{TABLES}/DMAR": None, f"{TABLES}/WSMT": None})
        found = statuses(judge("--root", root))
        for name in ("smm.wsmt", "iommu.present", "iommu.coverage", "tpm.version"):
            self.assertEqual("unknown", found[name], name)

    def test_all_tables_prove_what_is_not_among_them(self):
        """The doubt about tpm.version: a whole list without TPM2 and TCPA fails it, log or not, as acpidump's does."""
        found = statuses(judge("--root", self.tree(**{f"{TABLES}/WSMT": None})))
        self.assertEqual(("fail", "fail"), (found["smm.wsmt"], found["tpm.version"]))

    def test_some_functions_pass_nothing(self):
        """A wrong pass: the one function that was copied is behind the unit."""
        for more in ({}, function("0000:00:00.0", b"0x060000")):
            root = self.tree(**function("0000:00:02.0"), **more)
            os.symlink("../../../devices/pci0000:00/0000:00:1f.6", root / "sys/bus/pci/devices/0000:00:1f.6")
            self.assertEqual("truncated", rule(judge("--root", root), "iommu.coverage")["reason"])
        root = self.tree(**function("0000:00:02.0"))
        self.assertEqual("truncated", rule(judge("--root", root), "iommu.coverage")["reason"])
        made = self.dir / "capture"
        run("capture", "--root", root, "--output", made, ok=(0,))
        self.assertEqual("truncated", rule(judge("--from", made), "iommu.coverage")["reason"])

    def test_some_variables_fail_nothing(self):
        """A wrong fail: SecureBoot alone was copied, and the variables of MOR were absent."""
        some = {"sys/firmware/efi/fw_platform_size": b"64\n", f"{EFIVARS}/SecureBoot-{GLOBAL}": b"\6\0\0\0\1"}
        found = statuses(judge("--root", self.tree(**some)))
        self.assertEqual(("unknown", "unknown"), (found["mor.control"], found["mor.lock"]))
        whole = {**some, f"{EFIVARS}/BootOrder-{GLOBAL}": b"\7\0\0\0\0\0"}
        self.assertEqual("fail", statuses(judge("--root", self.tree(**whole)))["mor.lock"])


class Archives(Case):
    """The first of two captures or files counted, so the order of members decided the verdict."""

    def both(self, *members):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as t:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
        return self.file("made.tar.gz", made.getvalue())

    def test_two_captures_in_one_archive(self):
        one, other = capture_files(metal()), capture_files(metal(**{"acpi/WSMT": wsmt(3)}))
        for first, second in ((one, other), (other, one)):
            path = self.both(*((f"a/{k}", v) for k, v in first.items()), *((f"b/{k}", v) for k, v in second.items()))
            r = run("--from", path, ok=(2,))
            check_trouble(r)
            self.assertIn(b"holds several captures (a/ and b/): give each of them alone", r.err)
            path = self.both(*first.items(), *second.items())
            self.assertIn(b"holds two files named acpi/WSMT that differ", run("--from", path, ok=(2,)).err)

    def test_a_member_that_is_there_twice(self):
        """The same bytes twice contradict nothing."""
        files = list(capture_files(metal()).items())
        alone = run(self.both(*files), "-q")
        self.assertEqual((alone.status, alone.out), (lambda r: (r.status, r.out))(run(self.both(*files, *files), "-q")))
        for members in ((*files, ("acpi/WSMT", wsmt(3))), (("./acpi/WSMT", wsmt(3)), *files)):
            check_trouble(run("--from", self.both(*members), ok=(2,)))


class Tables(Case):
    def test_two_tables_in_one_file(self):
        """A wrong pass: of `cat WSMT1 WSMT2` only the first was read."""
        for first, second in ((7, 3), (3, 7)):
            path = self.file("tables", wsmt(first) + wsmt(second))
            self.assertEqual("fail", statuses(judge("--from", path))["smm.wsmt"])
        self.assertEqual("pass", statuses(judge("--from", self.file("tables", wsmt(7) + bytes(4096))))["smm.wsmt"])
        self.assertEqual("unknown", statuses(judge("--from", self.file("tables", wsmt(7) + wsmt(7)[:-1])))["smm.wsmt"])

    def test_more_tables_than_are_read(self):
        """A wrong pass: the table beyond the limit decided nothing."""
        for n in (32, 40, 255, 300):
            found = rule(judge("--from", self.file("tables", wsmt(7) * n + wsmt(3))), "smm.wsmt")
            self.assertEqual(("unknown", "truncated"), (found["status"], found["reason"]), n)
            found = rule(judge("--from", self.file("dump", acpidump(*[wsmt(7)] * n, wsmt(3)))), "smm.wsmt")
            self.assertEqual(("unknown", "truncated"), (found["status"], found["reason"]), n)


class Limits(Case):
    """What a limit left out could have contradicted the rest."""

    CPU = ("processor\t: %d\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 42\nmodel name\t: X\n"
           "stepping\t: 7\nflags\t\t: fpu vme de pse msr pae syscall nx%s vmx ept lahf_lm\npower management:%s\n\n")

    def test_more_files_of_a_kind_than_are_compared(self):
        """A wrong pass: of 9 files the shortest was dropped, and it alone had another processor."""
        for n in (2, 9, 32):
            files = {f"{i:02}.txt": (self.CPU % (0, " lm", " " * i)).encode() for i in range(n - 1)}
            files["z.txt"] = (self.CPU % (0, "", "")).encode()
            found = rule(judge("--from", write_files(self.dir / f"f{n}", files)), "cpu.64bit")
            self.assertEqual(("unknown", "conflict"), (found["status"], found["reason"]), n)
        files["one-more.txt"] = (self.CPU % (0, " lm", " " * 50)).encode()
        r = run("--from", write_files(self.dir / "more", files), ok=(2,))
        check_trouble(r)
        self.assertIn(b"is one of over 32 files of one kind that differ", r.err)

    def test_more_than_nine_logs_in_a_capture(self):
        """A wrong pass: a capture named the tenth `kernel-log.10`, which was no log when it was read."""
        text = "[    0.000000] Linux version 6.1.%d\n[    0.000000] secureboot: Secure boot %sabled\n"
        more = "[    0.000000] efi: EFI v2.70 by American Megatrends\n[    0.100000] DMAR: IOMMU enabled\n"
        for odd in (0, 9, 11):
            folder = write_files(self.dir / f"logs{odd}", {
                f"{i:02}.txt": (text % (i, "dis") if i == odd else text % (i, "en") + more).encode()
                for i in range(12)})
            made = self.dir / f"capture{odd}"
            run("capture", "--from", folder, "--output", made, ok=(0,))
            for path in (folder, made):
                self.assertEqual("conflict", rule(judge("--from", path), "boot.secure-boot")["reason"], (odd, path))

    def test_two_sizes_of_memory_in_a_capture(self):
        """They were named as other contradictions are, and not read again."""
        dump = ("# dmidecode 3.3\nSMBIOS 3.0 present.\n\nHandle 0x0040, DMI type 17, 40 bytes\nMemory Device\n"
                "\tSize: %d GB\n\tForm Factor: DIMM\n\n")
        folder = write_files(self.dir / "two", {f"{n}.txt": (dump % n).encode() for n in (4, 64)})
        made = self.dir / "capture"
        run("capture", "--from", folder, "--output", made, ok=(0,))
        one, other = (json.loads(run("--format", "json", "--profile", "secured-core-pc", "--from", path).out)
                      for path in (folder, made))
        self.assertEqual((one["facts"], one["unknown"]), (other["facts"], other["unknown"]))
        self.assertEqual("conflict", other["unknown"]["memory.8-gb"])


class Streams(Case):
    def test_a_device_without_an_end(self):
        """They are read as they come, so nothing ever ended them."""
        there = self.file("made.tar.gz", gz(tar(capture_files(metal()))))
        for device in ("/dev/zero", "/dev/full"):
            for args in (("summary", device), ("--from-list", device), ("--resume", device, there)):
                r = run_bounded(*args, ok=(2,))
                check_trouble(r)
                self.assertIn(b"is a device; give a file", r.err)
        run_bounded("--resume", "/dev/null", "--exit-zero", there, ok=(0,))


class Forms(Case):
    def test_characters_that_xml_forbids(self):
        """XML 1.0, 2.2: U+FFFE and U+FFFF made a JUnit file that no reader takes."""
        name = self.dir / "a\ufffe\uffff.tar.gz"
        name.write_bytes(gz(tar(capture_files(metal()))))
        for form in ("junit", "html", "csv", "text"):
            text = run("--format", form, "--exit-zero", name, ok=(0,)).out.decode()
            self.assertNotRegex(text, "[\ufffe\uffff]", form)
        ElementTree.fromstring(run("--format", "junit", "--exit-zero", name).out)


class Collector(Case):
    """contrib/collect.sh left out what it said it does in one spelling only."""

    def test_what_identifies_a_machine(self):
        card = bytes(256) + struct.pack("<IQ", 0x00010003, 0x0050b6fffe4b1a2c) + bytes(3828)  # its serial number
        log = ("[    0.000000] Linux version 6.1.0\n"
               "[    0.000000] Kernel command line: BOOT_IMAGE=/vmlinuz root=/dev/sda ip=192.168.77.5::::pc4711 "
               "nfsroot=srv4711:/x quiet intel_iommu=on,sm_on iommu.passthrough=0 efi=debug password=swordfish\n"
               "[    1.000000] IP-Config: Complete: device=eth0, addr=192.168.77.5, host=pc4711, domain=corp4711\n"
               "[    1.000000] systemd[1]: Hostname set to <pc4711>.\n"
               "[    1.000000] DMAR: IOMMU enabled\n")
        tree = write_files(self.dir / "tree", {
            f"{TABLES}/{name}": harness.table(name.encode(), b"iqn4711 swordfish")
            for name in ("IBFT", "NBFT", "NFIT", "MSDM", "SLIC1")} | {
            f"{TABLES}/APIC": apic(), f"{TABLES}/FACP": facp(), "dmesg": log.encode(),
            "sys/bus/pci/devices/0000:00:1f.6/config": card, **function("0000:00:1f.6", b"0x020000")})
        for shell in (s for s in ("dash", "bash", "busybox") if shutil.which(s)):
            out = self.dir / shell
            command = [shell, "sh"] if shell == "busybox" else [shell]
            made = subprocess.run([*command, PROJECT / "contrib/collect.sh", out], capture_output=True,
                                  env=dict(os.environ, VBSCHECK_ROOT=str(tree)))
            self.assertEqual(0, made.returncode, made.stderr)
            said = b"".join(p.read_bytes() for p in out.iterdir()).decode()
            for word in ("4711", "swordfish", "192.168", "IBFT", "NBFT", "NFIT", "MSDM", "SLIC", "50 00 b6", "2c 1a 4b fe"):
                self.assertNotIn(word, said, shell)
            dumped = re.sub(r"(?m)^ +[0-9A-F]{4}:((?: [0-9A-F]{2})+)$", lambda m: bytes.fromhex(m[1]).decode("latin-1"), said)
            self.assertNotIn("iqn4711", dumped)
            for word in ("intel_iommu=on,sm_on", "iommu.passthrough=0", "efi=debug", "quiet", "DMAR: IOMMU enabled", "f0: "):
                self.assertIn(word, said, shell)


if __name__ == "__main__":
    main()
