# SPDX-License-Identifier: MIT
"""Input that is empty, cut short, damaged or hostile: never a crash, a hang or a guess.

Contract section 7: any input at all costs at most 1 s and 64 MiB for a hostile file of 1 MiB.
"""
import json
import os
import random
import struct
import subprocess
import tarfile
import zlib

import harness
from harness import (Case, acpidump, apic, capture_files, check_trouble, dmar, facp, gz, manifest,
                     metal, need_corpus, need_tool, parse, reports, rule, run,
                     run_bounded, tar, tpm2, wsmt, zst)

TABLE_RULES = ("smm.wsmt", "iommu.present", "iommu.dma-opt-in", "tpm.version")


class BadInput(Case):
    def trouble(self, path, *words, **more):
        """Unusable, said in one line that names the input, quickly and in little memory."""
        r = run_bounded("--from", path, **more)
        check_trouble(r, str(path), *words)
        return r

    def judged(self, path, **more):
        """Usable as far as it goes: a report, within the limits."""
        r = run_bounded("--from", path, "--format", "json", ok=(0, 1, 3), **more)
        self.assertEqual(b"", r.err)
        return parse(r.out)

    def either(self, path, **more):
        """A report or trouble, but within the limits; None or the report."""
        r = run_bounded("--from", path, "--format", "json", **more)
        if r.status == 2:
            check_trouble(r)
            return None
        return parse(r.out)


class Files(BadInput):
    def test_missing(self):
        self.trouble(self.dir / "missing")

    def test_unreadable(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to become somebody else")
        path = self.file("secret", wsmt(7))
        path.chmod(0)
        self.dir.chmod(0o755)
        r = run("--from", path, user=harness.NOBODY, group=harness.NOBODY, extra_groups=[])
        check_trouble(r, str(path))
        closed = self.dir / "closed"
        closed.mkdir(mode=0)
        r = run("--from", closed, user=harness.NOBODY, group=harness.NOBODY, extra_groups=[])
        check_trouble(r, str(closed))

    def test_one_unreadable_file_in_a_folder(self):
        """It is named, and the others are used."""
        if os.getuid() != 0:
            self.skipTest("needs root, to become somebody else")
        folder = harness.write_files(self.dir / "host", {"wsmt": wsmt(7), "dmar": dmar()})
        (folder / "dmar").chmod(0)
        self.dir.chmod(0o755)
        r = run("--from", folder, "--format", "json", user=harness.NOBODY, group=harness.NOBODY,
                extra_groups=[])
        report = parse(r.out)
        self.expect(report, {"smm.wsmt": "pass"}, {"dmar.drhd": None})
        self.assertIn("dmar", [n["source"] for n in report["notes"]])

    def test_empty(self):
        self.trouble(self.file("empty", b""), "empty")
        folder = self.dir / "nothing"
        folder.mkdir()
        self.trouble(folder)
        self.trouble(harness.write_files(self.dir / "empties", {"a": b"", "b": b""}))

    def test_not_evidence(self):
        rng = random.Random(1)
        for name, data in (("text", b"Dear Sir or Madam,\n" * 10), ("one", b"\n"), ("nul", b"\0"),
                           ("zeros", bytes(1 << 20)), ("ff", b"\xff" * (1 << 20)),
                           ("noise", rng.randbytes(1 << 20)), ("elf", b"\x7fELF" + bytes(600)),
                           ("json", b'{"format": 1, "blobs": []}'),
                           ("zip", b"PK\3\4" + bytes(600)),
                           ("line", b"x" * (1 << 20)), ("lines", b"\n" * (1 << 20))):
            with self.subTest(name):
                self.trouble(self.file(name, data))

    def test_devices(self):
        for path in ("/dev/null", "/dev/zero", "/dev/full"):
            self.trouble(path)

    def test_over_the_cap(self):
        for mib in (33, 1 << 10, 1 << 20):
            path = self.dir / "huge"
            with open(path, "wb") as f:
                f.truncate(mib << 20)
            self.trouble(path, "large")
        folder = self.dir / "folder"
        folder.mkdir()
        os.rename(path, folder / "huge")
        self.trouble(folder, "large")

    def test_together_over_the_cap(self):
        folder = self.dir / "folder"
        folder.mkdir()
        for i in range(3):
            with open(folder / str(i), "wb") as f:
                f.truncate(20 << 20)
        r = run_bounded("--from", folder, mib=96)
        check_trouble(r, str(folder), "large")

    def test_fifo_in_a_folder(self):
        folder = harness.write_files(self.dir / "host", {"wsmt": wsmt(7)})
        os.mkfifo(folder / "pipe")
        self.expect(self.judged(folder), {"smm.wsmt": "pass"})

    def test_links_in_a_folder(self):
        folder = harness.write_files(self.dir / "host", {"wsmt": wsmt(7)})
        self.file("elsewhere", dmar(5))
        os.symlink("/dev/zero", folder / "zero")
        os.symlink("../elsewhere", folder / "dmar")
        os.symlink(".", folder / "loop")
        os.symlink("nowhere", folder / "dangling")
        # Nothing outside the folder was read through a link.
        self.expect(self.judged(folder), {"smm.wsmt": "pass"}, {"dmar.drhd": None})

    def test_twenty_thousand_files(self):
        folder = self.dir / "many"
        folder.mkdir()
        for i in range(20000):
            with open(folder / f"{i:05}", "wb") as f:
                f.write(b"x")
        self.trouble(folder, "large")

    def test_a_thousand_nested_folders(self):
        top = self.dir / "deep"
        top.mkdir()
        here = os.open(top, os.O_RDONLY)
        for _ in range(1000):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        with os.fdopen(os.open("wsmt", os.O_WRONLY | os.O_CREAT, dir_fd=here), "wb") as f:
            f.write(wsmt(7))
        os.close(here)
        r = run_bounded("--from", top)
        check_trouble(r)

    def test_a_tree_without_an_end(self):
        """--root of a tree whose links lead out of it or in circles."""
        root = harness.write_files(self.dir / "root", {
            "sys/firmware/acpi/tables/FACP": facp(), "sys/firmware/acpi/tables/APIC": apic()})
        os.symlink("/", root / "proc")
        os.symlink("tables", root / "sys/firmware/acpi/tables/tables")
        os.symlink("/etc/shadow", root / "sys/firmware/acpi/tables/WSMT")
        os.symlink("WSMT", root / "sys/firmware/acpi/tables/WSMT1")
        os.mkfifo(root / "sys/firmware/acpi/tables/DMAR")
        os.symlink("/dev/zero", root / "dmesg")
        r = run_bounded("--root", root, "--format", "json", ok=(0, 1, 3))
        report = parse(r.out)
        self.assertNotEqual("pass", rule(report, "smm.wsmt")["status"])
        self.assertNotEqual("pass", rule(report, "iommu.present")["status"])

    def test_not_a_root(self):
        for path in (self.dir / "missing", self.file("file", b"x")):
            check_trouble(run_bounded("--root", path))
        report = parse(run_bounded("--root", self.dir, "--format", "json", ok=(3,)).out)
        self.assertEqual({"unknown"}, set(harness.statuses(report).values()))


class Tables(BadInput):
    def nothing_passes(self, report):
        if report is not None:
            for name in TABLE_RULES:
                self.assertNotEqual("pass", rule(report, name)["status"], name)

    def test_broken(self):
        for good in (wsmt(7), dmar(5), tpm2()):
            sig = good[:4]
            body = good[36:]
            cases = {
                "checksum": good[:9] + bytes([good[9] ^ 1]) + good[10:],
                "length-0": harness.table(sig, body, length=0),
                "length-8": harness.table(sig, body, length=8),
                "length-35": harness.table(sig, body, length=35),
                "length-36": harness.table(sig, body, length=36),
                "length-more": harness.table(sig, body, length=len(good) + 1),
                "length-2^31": harness.table(sig, body, length=1 << 31),
                "length-2^32-1": harness.table(sig, body, length=0xffffffff),
                "header": good[:36],
                "signature": b"XSMT" + good[4:],
                "all-ff": sig + b"\xff" * (len(good) - 4),
                "all-0": sig + bytes(len(good) - 4),
            }
            for name, data in cases.items():
                with self.subTest(sig=sig, case=name):
                    self.nothing_passes(self.either(self.file(f"{name}", data)))
                    dump = acpidump(facp(), apic(), data)
                    self.nothing_passes(self.either(self.file(f"{name}.txt", dump)))

    def test_malformed_is_said(self):
        """A bad checksum is the table's fault and named; nothing is guessed from its bytes."""
        for data, name, fact in ((wsmt(7, checksum=1), "smm.wsmt", "wsmt.flags"),
                                 (wsmt(0, checksum=1), "smm.wsmt", "wsmt.flags"),
                                 (wsmt(7, length=0xffffffff), "smm.wsmt", "wsmt.flags"),
                                 (wsmt(7)[:39], "smm.wsmt", "wsmt.flags")):
            report = self.judged(self.file("t", data))
            self.expect(report, {name: "unknown malformed"}, {fact: None})
            self.assertEqual("malformed", report["unknown"][fact])
            self.assertTrue(report["notes"])

    def test_cut_short_at_every_byte(self):
        for good in (wsmt(7), dmar(5), tpm2()):
            paths = [self.file(f"cut{n}", good[:n]) for n in range(1, len(good))]
            for report in harness.judge_many(paths):
                self.nothing_passes(report)

    def test_every_byte_changed(self):
        """One changed byte breaks the checksum: never a pass."""
        good = wsmt(7)
        for wrong in (0x01, 0x80, 0xff):
            paths = []
            for at in range(len(good)):
                data = bytearray(good)
                data[at] ^= wrong
                paths.append(self.file(f"byte{at}", bytes(data)))
            for report in harness.judge_many(paths):
                self.nothing_passes(report)

    def test_lengths_inside(self):
        """Structures of length 0, 1 and beyond the end: no endless loop, no pass."""
        def dmar_of(*parts):
            return harness.table(b"DMAR", struct.pack("<BB10x", 38, 5) + b"".join(parts))

        def ivrs_of(*parts):
            return harness.table(b"IVRS", struct.pack("<I8x", 0x203043) + b"".join(parts))

        drhd = struct.pack("<HHBBHQ", 0, 16, 1, 0, 0, 0xfed90000)
        scoped = struct.pack("<HHBBHQ", 0, 22, 1, 0, 0, 1)
        ivhd = struct.pack("<BBHHHQHHI", 0x10, 0, 24, 2, 0x40, 0xfeb80000, 0, 0, 0)
        iort = struct.pack("<IIIBHBIII", 3, 48, 0, 4, 0, 0, 0, 0, 0)
        for name, data in {
                "dmar-0": dmar_of(drhd, struct.pack("<HH", 0, 0), drhd),
                "dmar-3": dmar_of(drhd, struct.pack("<HH", 0, 3), drhd),
                "dmar-end": dmar_of(drhd, struct.pack("<HH", 0, 0xffff)),
                "dmar-half": dmar_of(drhd, b"\0"),
                "dmar-scope-0": dmar_of(scoped + b"\1\0\0\0\0\0"),
                "dmar-scope-end": dmar_of(scoped + b"\1\xff\0\0\0\0"),
                "ivrs-0": ivrs_of(ivhd, struct.pack("<BBH", 0x10, 0, 0)),
                "ivrs-end": ivrs_of(ivhd, struct.pack("<BBH", 0x10, 0, 0xffff) + bytes(20)),
                "ivrs-small": ivrs_of(struct.pack("<BBH", 0x10, 0, 4)),
                "iort-0": harness.table(b"IORT", iort),
                "iort-nodes": harness.table(b"IORT", struct.pack("<III", 0xffffffff, 48, 0) +
                                            bytes(64)),
                "iort-offset": harness.table(b"IORT", struct.pack("<III", 1, 0xfffffff0, 0)),
        }.items():
            with self.subTest(name):
                report = self.either(self.file(name, data))
                self.assertNotEqual("pass", report and rule(report, "iommu.present")["status"])

    def test_many_units(self):
        """A table of a megabyte."""
        self.expect(self.judged(self.file("big", dmar(drhd=60000))), {"iommu.present": "pass"},
                    {"dmar.drhd": 60000})
        dump = acpidump(facp(), apic(), *[wsmt(7, oem=b"%06d" % i) for i in range(2000)])
        report = self.either(self.file("dup", dump))
        if report:
            self.assertIn(rule(report, "smm.wsmt")["status"], ("pass", "unknown"))

    def test_a_megabyte_of_everything(self):
        """Time and memory grow no faster than the input does (contract section 7)."""
        def ivhd(i):
            return struct.pack("<BBHHHQHHI", 0x10, 0, 24, i & 0xffff, 0x40, 0xfeb80000 + i, i >> 16,
                               0, 0)

        node = struct.pack("<BHBIIII", 0, 20, 0, 0, 0, 0, 0)
        scopes = struct.pack("<HHBBHQ", 0, 616, 1, 0, 0, 1) + b"\1\6\0\0\0\0" * 100
        log = b"[    0.000000] "
        for name, data in {
                "ivrs": harness.table(b"IVRS", struct.pack("<I8x", 0x203043) +
                                      b"".join(map(ivhd, range(43000)))),
                "iort": harness.table(b"IORT", struct.pack("<III", 50000, 48, 0) + node * 50000),
                "dmar": harness.table(b"DMAR", struct.pack("<BB10x", 38, 5) + scopes * 1600),
                "heads": b"TCPA @ 0x0\n    0000: 54\n" * 40000,
                "dmars": acpidump(*[dmar(i & 255, drhd=1 + i % 3) for i in range(2500)]),
                "dmi": b"# dmidecode 3.3\n" +
                       b"Handle 0x0001, DMI type 1\nSystem Information\n\tManufacturer: X\n"
                       * 15000,
                "lspci": b"00:1f.0 0601: 8086:1234\n00: 86 80 34 12 00 00 00 00\n\n" * 20000,
                "hypervisors": (log + b"Hypervisor detected: KVM\n") * 25000,
                "efi": log + b"efi: " + b"MEMATTR=0x1 " * 80000 + b"\n",
                "processors": b"processor\t: 0\nflags\t: lm vmx\n\n" * 30000,
                "flags": b"processor\t: 0\nflags\t: " + b"lm " * 340000 + b"\n",
        }.items():
            with self.subTest(name):
                self.either(self.file(name, data))

    def test_acpidump_garbage(self):
        rng = random.Random(2)
        head = b"WSMT @ 0x0000000000000000\n"
        good = acpidump(wsmt(7))
        for name, data in {
                "binary": head + rng.randbytes(1 << 20),
                "heads": head * 30000,
                "indented": head + b"    " * 200000,
                "digits": head + b"    0000: " + b"57 " * 100000 + b"\n",
                "gap": good.replace(b"0010:", b"0020:"),
                "back": good.replace(b"0010:", b"0000:"),
                "letters": good.replace(b"57 53", b"5G 53"),
                "huge-offset": good.replace(b"0010:", b"FFFFFFFFFFFFFFFFFFFFFF10:"),
                "short-lines": head + b"    0000: 57\n    0001: 53\n" * 1000,
                "other-sig": good.replace(b"WSMT @", b"DMAR @"),
                "long-line": head + b"    0000: " + b"x" * (1 << 20),
                "cut": good[:60], "no-newline": good.rstrip()[:-1],
        }.items():
            with self.subTest(name):
                report = self.either(self.file(name, data))
                if name not in ("no-newline",):
                    self.assertNotEqual("pass", report and rule(report, "smm.wsmt")["status"])

    def test_cpuid_garbage(self):
        good = harness.CPU_INTEL
        for name, data in {
                "no-leaf-1": b"".join(good.splitlines(True)[:1]),
                "only-leaf-1": b"".join(good.splitlines(True)[1:2]),
                "letters": good.replace(b"7ffafbbf", b"7ffafbbg"),
                "short": good.replace(b"7ffafbbf ", b""),
                "index": good.replace(b"basic_cpuid[1]", b"basic_cpuid[99999999999999999999]"),
                "zeros": b"basic_cpuid[0]=00000000 00000000 00000000 00000000\n",
                "many": good * 3000,
                "cut": good[:70],
        }.items():
            with self.subTest(name):
                report = self.either(self.file(name, data))
                if report and name != "many":
                    # Never a fail out of garbage either: nothing is known.
                    judged = rule(report, "cpu.virtualization")["status"]
                    self.assertNotIn(judged, ("pass", "fail"))

    def test_truncated_text(self):
        """Every prefix of a machine's texts is some text; a table that is cut never passes."""
        texts = {"cpuid": harness.CPU_INTEL, "acpi": acpidump(facp(), apic(), wsmt(7)),
                 "cpuinfo": b"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
                            b"model\t\t: 158\nstepping\t: 10\nflags\t\t: lm vmx\n"
                            b"vmx flags\t: ept\n"}
        for name, text in texts.items():
            end = text.rindex(b"0020: ") if name == "acpi" else len(text)
            paths = [self.file(f"{name}{n}", text[:n]) for n in range(1, end, 7)]
            for report in harness.judge_many(paths):
                if report:
                    self.assertNotEqual("pass", rule(report, "smm.wsmt")["status"])


# Archives ----------------------------------------------------------------------------------------

def header(name, size=0, kind=b"0", link=b"", octal=None):
    """A ustar header made by hand."""
    h = bytearray(512)
    h[0:len(name)] = name
    h[100:108] = b"0000644\0"
    h[108:116] = h[116:124] = b"0000000\0"
    h[124:136] = octal if octal is not None else b"%011o\0" % size
    h[136:148] = b"00000000000\0"
    h[156:157] = kind
    h[157:157 + len(link)] = link
    h[257:265] = b"ustar\x0000"
    h[148:156] = b" " * 8
    h[148:156] = b"%06o\0 " % sum(h)
    return bytes(h)


def base256(size):
    return b"\x80" + size.to_bytes(11, "big")


def padded(data):
    return data + bytes(-len(data) % 512)


END = bytes(1024)


def gzip_of_zeros(before, mib, after):
    """gzip of some bytes, many zeros, some bytes; without ever holding the zeros."""
    block = bytes(1 << 20)
    crc, size = zlib.crc32(before), len(before)
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", c.compress(before), c.flush(zlib.Z_FULL_FLUSH)]
    one = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = one.compress(block) + one.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mib):
        crc = zlib.crc32(block, crc)
    out += [zeros] * mib
    crc, size = zlib.crc32(after, crc), size + (mib << 20) + len(after)
    out += [c.compress(after), c.flush(), struct.pack("<II", crc, size & 0xffffffff)]
    return b"".join(out)


class Archives(BadInput):
    def special(self, kind, link=""):
        info = tarfile.TarInfo()
        info.type, info.linkname = kind, link
        return info

    def test_members_that_are_no_files(self):
        good = capture_files(metal())
        for name, member in (("symlink", self.special(tarfile.SYMTYPE, "/etc/shadow")),
                             ("symlink-inside", self.special(tarfile.SYMTYPE, "cpuid")),
                             ("hardlink", self.special(tarfile.LNKTYPE, "cpuid")),
                             ("hardlink-outside", self.special(tarfile.LNKTYPE, "/etc/shadow")),
                             ("char-device", self.special(tarfile.CHRTYPE)),
                             ("block-device", self.special(tarfile.BLKTYPE)),
                             ("fifo", self.special(tarfile.FIFOTYPE))):
            with self.subTest(name):
                for pack in (bytes, gz, zst):
                    self.trouble(self.file(name, pack(tar({**good, "member": member}))))
                    self.trouble(self.file(name, pack(tar({"member": member, **good}))))

    def test_a_folder_of_itself_and_links_beside_evidence(self):
        """As `tar c .` and the collectors of distributions pack: "./" first, links among the files."""
        link = self.special(tarfile.SYMTYPE, "/etc/shadow")
        data = tar({"host/acpi/wsmt.dat": wsmt(7), "host/shadow": link})
        report = self.judged(self.file("bundle.tar", header(b"./", kind=b"5") + data))
        self.assertIn("links in the archive, left out: 1",
                      [n["message"] for n in report["notes"]])
        self.assertIn("smm.wsmt", [r["id"] for r in report["rules"] if r["status"] == "pass"])

    def test_paths_that_leave(self):
        for name in ("../x", "a/../../x", "/etc/passwd", "//x", "a/..", "..", "./../x", "/"):
            data = b"".join([header(b"wsmt", 40), padded(wsmt(7)), header(name.encode(), 1),
                             padded(b"x"), END])
            with self.subTest(name):
                self.trouble(self.file("inside/t.tar", data))
        self.assertEqual(["inside"], os.listdir(self.dir))
        self.assertEqual(["t.tar"], os.listdir(self.dir / "inside"))

    def test_huge_sizes(self):
        """A header may claim anything; bytes are counted as they come."""
        start = header(b"manifest.json", 2) + padded(b"{}")
        for name, octal in (("8G", b"77777777777\0"), ("10G", base256(10 << 30)),
                            ("2^62", base256(1 << 62)), ("2^63-1", base256((1 << 63) - 1)),
                            ("negative", b"\xff" * 12), ("letters", b"zzzzzzzzzzz\0")):
            data = start + header(b"cpuid", octal=octal) + padded(b"x" * 600)
            with self.subTest(name):
                self.trouble(self.file("t.tar", data))
                self.trouble(self.file("t.tar.gz", gz(data)))

    def test_sparse_member(self):
        """GNU's old sparse format: 512 bytes that stand for 10 GB."""
        for name in (b"cpuid", b"manifest.json"):
            h = bytearray(header(name, 512, kind=b"S"))
            h[257:265] = b"ustar  \0"
            h[386:398] = b"%011o\0" % 0
            h[398:410] = b"%011o\0" % 512
            h[410:422] = base256(10 << 30)
            h[422:434] = b"%011o\0" % 0
            h[483:495] = base256(10 << 30)
            h[148:156] = b" " * 8
            h[148:156] = b"%06o\0 " % sum(h)
            data = bytes(h) + b"{" * 512 + END
            with self.subTest(name):
                self.trouble(self.file("sparse.tar", data))
        # And the newer way, in a pax header.
        lines = b""
        for key, value in (("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                           ("GNU.sparse.name", "cpuid"), ("GNU.sparse.realsize", str(10 << 30))):
            text = f" {key}={value}\n"
            n = len(text) + 2
            lines += f"{n}{text}".encode()
        body = padded(b"1\n0\n1\n")
        data = (header(b"pax", len(lines), b"x") + padded(lines) + header(b"cpuid", len(body)) +
                body + END)
        self.either(self.file("pax.tar", data))

    def test_bombs(self):
        gib = 1 << 30
        start = header(b"cpuid", gib)
        bomb = gzip_of_zeros(start, 1024, END)
        self.assertLess(len(bomb), 2 << 20)
        self.trouble(self.file("bomb.tar.gz", bomb))
        # As many small members, and as nothing but zeros.
        self.trouble(self.file("members.tar.gz", gz(b"".join(
            header(b"f%d" % i, 1 << 20) + bytes(1 << 20) for i in range(64)) + END)))
        self.trouble(self.file("zeros.gz", gzip_of_zeros(b"", 1024, b"")))
        self.trouble(self.file("twice.gz", gz(gz(bytes(1 << 20)))))
        command = f"(head -c 512 '{self.file('start', start)}'; head -c {gib} /dev/zero) | " \
                  f"{need_tool('zstd')} -q -c"
        bomb = subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.PIPE).stdout
        self.trouble(self.file("bomb.tar.zst", bomb))

    def test_many_members(self):
        self.trouble(self.file("many.tar.gz", gz(b"".join(
            header(b"f%d" % i) for i in range(20000)) + END)))
        self.trouble(self.file("folders.tar.gz", gz(b"".join(
            header(b"d%d/" % i, kind=b"5") for i in range(100000)) + END)))

    def test_a_thousand_nested_folders(self):
        deep = "d/" * 1000
        out = {deep + "wsmt": wsmt(7)}
        data = io_tar(out, tarfile.PAX_FORMAT)
        self.trouble(self.file("deep.tar", data))
        data = io_tar(out, tarfile.GNU_FORMAT)
        self.trouble(self.file("deep.tar", data))
        folders = b"".join(header(b"d/" * n, kind=b"5") for n in range(1, 50))
        self.trouble(self.file("deep.tar", folders + END))

    def test_long_names(self):
        for n in (513, 5000, 1 << 20):
            # For a name over 1 MiB some releases of libarchive (3.7, 3.8) use the 100 bytes of the
            # old header instead: content decides what a file is, so that is a report.
            check = self.trouble if n < 1 << 20 else self.either
            for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
                with self.subTest(n, form=form):
                    check(self.file("long.tar", io_tar({"n" * n: wsmt(7)}, form)))

    def test_truncated(self):
        good = tar(capture_files(metal()))
        for pack in (bytes, gz, zst):
            whole = pack(good)
            for cut in (3, 20, 300, 600, len(whole) // 2, len(whole) - 9):
                if cut >= len(whole):
                    continue
                with self.subTest(pack=pack.__name__, cut=cut):
                    report = self.either(self.file("cut", whole[:cut]))
                    if pack is not bytes:
                        self.assertIsNone(report)
        # Just its end marker missing is a quirk of some writers; a cut file is damaged.
        self.trouble(self.file("cut.tar", good[:len(good) // 2 // 512 * 512 - 100]))

    def test_damaged(self):
        good = tar(capture_files(metal()))
        for pack in (gz, zst):
            whole = bytearray(pack(good))
            for at in range(len(whole) // 4, len(whole), len(whole) // 8):
                whole[at] ^= 0x55
            self.either(self.file("damaged", bytes(whole)))
        self.trouble(self.file("magic.gz", b"\x1f\x8b" + bytes(100)))
        self.trouble(self.file("magic.zst", b"\x28\xb5\x2f\xfd" + bytes(100)))
        self.trouble(self.file("text.gz", gz(b"hello\n" * 100)))
        self.trouble(self.file("bzip2.gz", gz(b"BZh9" + bytes(100))))
        self.expect(self.judged(self.file("wsmt.gz", gz(wsmt(7)))), {"smm.wsmt": "pass"})

    def test_other_formats(self):
        """Only tar, gzip and zstd are read; no helper program is started for others."""
        good = tar(capture_files(metal()))
        for tool, magic in (("xz", b"\xfd7zXZ\0"), ("bzip2", b"BZh9"), ("lz4", b"\x04\x22\x4d\x18"),
                            ("lzop", b"\x89LZO\0\r\n\x1a\n"), ("rpm", b"\xed\xab\xee\xdb")):
            self.trouble(self.file(tool, magic + good[:4000]))
            self.trouble(self.file(tool + ".gz", gz(magic + good[:4000])))

    def test_nested(self):
        """One wrapping is taken off; two, or an archive in a folder of loose files, are not."""
        inner = tar(capture_files(metal()))
        wrapped = gz(tar({"inner.tar.gz": gz(inner), "inner.tar.gz.sha256": b"0"}))
        self.expect(self.judged(self.file("outer.tar.gz", wrapped)), {"smm.wsmt": "pass"})
        self.trouble(self.file("twice.tar", tar({"outer.tar.gz": wrapped})), "give it alone")
        self.trouble(self.file("deeper.tar", tar({"a/b.txt": b"x\n", "c.tar": inner})), "c.tar")
        self.trouble(self.file("two.tar", tar({"a.tar": inner, "b.tar": inner})))
        # Decision 23: a folder of archives is a machine each.
        folder = harness.write_files(self.dir / "folder", {"one.tar.gz": gz(inner)})
        self.expect(self.judged(folder), {"smm.wsmt": "pass"})
        harness.write_files(folder, {"bad.tar": b"\x1f\x8b" + bytes(50)})
        r = run_bounded("--from", folder, "--format", "ndjson", ok=(2,))
        self.assertEqual(1, len(reports(r)))

    def test_many_small_members(self):
        """Fewer than the cap on files: an archive is as good as the same folder."""
        files = {**capture_files(metal()), **{f"x/{i}": b"x" for i in range(4000)}}
        folder = harness.write_files(self.dir / "folder", files)
        self.expect(self.judged(folder), {"smm.wsmt": "pass"})
        self.expect(self.judged(self.file("small.tar", tar(files))), {"smm.wsmt": "pass"})

    def test_same_member_twice(self):
        files = capture_files(metal())
        data = tar(files)[:-1024].rstrip(b"\0")
        data = padded(data)
        evil = padded(wsmt(0))
        self.either(self.file("twice.tar", data + header(b"acpi/WSMT", 40) + evil + END))


def io_tar(files, kind):
    import io
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as t:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


# Captures ----------------------------------------------------------------------------------------

class Captures(BadInput):
    def capture(self, made=None, blobs=None, **files):
        blobs = metal() if blobs is None else blobs
        every = capture_files(blobs, manifest(blobs) if made is None else made)
        every.update(files)
        return self.file("capture.tar", tar({k: v for k, v in every.items() if v is not None}))

    def both(self, made):
        """The same manifest in an archive and in a folder."""
        yield self.capture(made)
        folder = self.dir / "folder"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        yield harness.write_files(folder, capture_files(metal(), made))

    def test_good(self):
        for path in self.both(manifest(metal())):
            report = self.judged(path)
            self.assertEqual("capture", report["source"]["kind"])
            self.assertEqual("2026-01-02T03:04:05Z", report["source"]["collected_at"])
            self.expect(report, {"smm.wsmt": "pass", "uefi.boot": "pass", "mor.lock": "pass",
                                 "boot.secure-boot": "pass", "iommu.present": "pass"})

    def test_manifest_is_none(self):
        deep = b"[" * 100000 + b"]" * 100000
        for name, made in {
                "empty": b"", "text": b"hello", "cut": json.dumps(manifest(metal())).encode()[:200],
                "array": b"[]", "number": b"1", "null": b"null", "string": b'"x"',
                "no-members": b"{}", "no-blobs": b'{"format": 1}',
                "blobs-object": b'{"format": 1, "blobs": {}}',
                "format-text": b'{"format": "1", "blobs": []}',
                "format-real": b'{"format": 1.5, "blobs": []}',
                "duplicate-keys": b'{"format": 1, "format": 1, "blobs": []}',
                "latin-1": b'{"format": 1, "x": "\xe9", "blobs": []}',
                "trailing": b'{"format": 1, "blobs": []} x',
                "utf-16": '{"format": 1, "blobs": []}'.encode("utf-16"),
                "deep": b'{"format": 1, "blobs": ' + deep + b"}",
                "huge-number": b'{"format": 1' + b"0" * 400 + b', "blobs": []}',
                "bom": b'\xef\xbb\xbf{"format": 1, "blobs": []}',
        }.items():
            with self.subTest(name):
                for path in self.both(made):
                    self.trouble(path, "manifest.json")

    def test_other_formats(self):
        for n in (2, 3, 0, -1, 1 << 40):
            for path in self.both(manifest(metal(), format=n)):
                self.trouble(path, "format")

    def spoiled(self, **change):
        """A manifest whose row of acpi/WSMT is changed, judged."""
        made = manifest(metal())
        row = next(b for b in made["blobs"] if b["name"] == "acpi/WSMT")
        row.update(change)
        return [self.judged(p) for p in self.both(made)]

    def test_wrong_digest_or_size(self):
        for change in ({"sha256": "0" * 64}, {"sha256": None}, {"sha256": ""}, {"sha256": 5},
                       {"sha256": "x" * 64}, {"sha256": "0" * 65}, {"size": 39}, {"size": 41},
                       {"size": -1}, {"size": 1 << 62}, {"size": "40"}, {"size": None},
                       {"size": 40.0}):
            with self.subTest(change):
                for report in self.spoiled(**change):
                    self.expect(report, {"smm.wsmt": "unknown malformed"})
                    self.assertIn("acpi/WSMT", [n["source"] for n in report["notes"]])

    def test_missing_file(self):
        report = self.judged(self.capture(**{"acpi/WSMT": None}))
        self.expect(report, {"smm.wsmt": "unknown malformed"})
        self.assertIn("acpi/WSMT", [n["source"] for n in report["notes"]])

    def test_changed_file(self):
        report = self.judged(self.capture(manifest(metal(**{"acpi/WSMT": wsmt(0)}))))
        self.expect(report, {"smm.wsmt": "unknown malformed"})

    def test_unknown_status_words(self):
        for word in ("great", "", "OK", "ok ", "pass", 7, None):
            with self.subTest(word):
                for report in self.spoiled(status=word):
                    self.assertNotIn(rule(report, "smm.wsmt")["status"], ("pass", "fail"))

    def test_every_known_status(self):
        for word in harness.REASONS:
            for report in self.spoiled(status=word):
                self.assertEqual("unknown", rule(report, "smm.wsmt")["status"], word)
        for report in self.spoiled(status="absent"):
            self.expect(report, {"smm.wsmt": "fail"})

    def test_duplicate_blobs(self):
        """Two rows of one name that contradict each other: no pass is drawn from either."""
        made = manifest(metal())
        row = next(b for b in made["blobs"] if b["name"] == "acpi/WSMT")
        for second in ({**row, "status": "absent"}, {**row, "status": "no-permission"}, dict(row),
                       {**row, "sha256": "0" * 64}):
            for rows in (made["blobs"] + [second], [second] + made["blobs"]):
                for path in self.both({**made, "blobs": rows}):
                    report = self.either(path)
                    if report and second != row:
                        self.assertNotEqual("pass", rule(report, "smm.wsmt")["status"], second)

    def test_names_that_leave(self):
        made = manifest(metal())
        secret = self.file("secret", wsmt(7))
        for name in ("../secret", "acpi/../../secret", str(secret), "/etc/passwd", "..", ".", "",
                     "acpi/", "./acpi/WSMT", "acpi//WSMT", "x" * 5000, "manifest.json", 7, None,
                     ["acpi/WSMT"]):
            blobs = {k: v for k, v in metal().items() if k != "acpi/WSMT"}
            made = manifest(blobs)
            made["blobs"].append({"name": name, "status": "ok", "size": 40, "from": None,
                                  "sha256": manifest({"x": wsmt(7)})["blobs"][0]["sha256"]})
            with self.subTest(name=name):
                for path in self.both(made):
                    report = self.either(path)
                    self.assertNotEqual("pass", report and rule(report, "smm.wsmt")["status"])

    def test_rows_of_other_types(self):
        made = manifest(metal())
        for extra in (1, "text", None, [], {}, {"name": "x"}, {"status": "ok"}):
            report = self.either(self.capture({**made, "blobs": made["blobs"] + [extra]}))
            if report:
                self.expect(report, {"smm.wsmt": "pass"})

    def test_many_rows(self):
        row = {"name": "acpi/WSMT", "status": "absent", "size": 0, "sha256": None, "from": None}
        rows = [{**row, "name": f"acpi/WSMT{i}"} for i in range(4000)]
        self.either(self.capture({**manifest({}), "blobs": rows}))
        self.trouble(self.capture({**manifest({}), "blobs": [row] * 9000}))

    def test_hostile_blobs(self):
        """Every blob as nothing, as noise, as one long line: judged, and in time."""
        rng = random.Random(3)
        names = list(metal()) + ["cpuinfo", "kernel", "msr", "efi/kernel-log", "sys/tpm", "pci",
                                 "cpuid-hypervisor", "sys/kvm", "sys/iommu", "efi/memattr",
                                 "efi/runtime-map", "tpm/fixed", "tpm/pcrs"]
        paths = []
        for i, junk in enumerate((b"", b"\0", rng.randbytes(5000), b"x" * 50000, b"\n" * 50000,
                                  b"a: b\n" * 10000, b"\xff" * 5000, b"0" * 50000)):
            for name in names:
                path = self.file(f"{i}-{name.replace('/', '_')}.tar",
                                 tar(capture_files(metal(**{name: junk}))))
                paths.append((path, name))
        for (path, name), report in zip(paths, harness.judge_many([p for p, _ in paths])):
            self.assertIsNotNone(report, path)
            if name == "acpi/WSMT":
                self.assertNotEqual("pass", rule(report, "smm.wsmt")["status"])
        self.judged(paths[-1][0])

    def test_large_blobs(self):
        for name in ("cpuinfo", "efi/kernel-log", "cpuid", "msr", "kernel", "pci"):
            line = {"cpuid": b"basic_cpuid[1]=000906ea 00100800 7ffafbbf bfebfbff\n",
                    "efi/kernel-log": b"[    0.000000] efi: MEMATTR=0x1234\n",
                    "msr": b"0 0x3a 0x5\n"}.get(name, b"processor : 0\n")
            data = line * ((1 << 20) // len(line))
            self.judged(self.file("large.tar", tar(capture_files(metal(**{name: data})))))


class PciLists(BadInput):
    """Text of lspci, and the blob `pci`, as anybody may have written them.

    Nothing passes iommu.coverage that a sound list of functions does not show.
    """
    WHOLE = (b"00:00.0 0600: 8086:1001\n\n"
             b"00:01.0 0604: 8086:1002\n\tBus: primary=00, secondary=01, subordinate=02\n\n"
             b"00:02.0 0300: 8086:1003\n\tControl: I/O+ Mem+ BusMaster+\n\n"
             b"01:00.0 0200: 8086:1004\n\tKernel driver in use: e1000e\n\n")

    def host(self, lspci, name="host", table=None):
        """A folder of loose evidence. Unless `table` is given one unit takes all functions."""
        dump = acpidump(facp(), apic(), table or dmar(5))
        if b"00:00.0" not in lspci.split(b"\n")[0]:  # which every whole list of an x86 machine has
            lspci = b"00:00.0 0600: 8086:1001\n\n" + lspci
        return harness.write_files(self.dir / name, {"acpi.txt": dump, "lspci.txt": lspci})

    def drawn(self, path):
        """The picture of -v: clean, in 80 columns, within the limits."""
        r = run_bounded("--from", path, "-v", ok=(0, 1, 3))
        self.assertEqual(b"", r.err)
        return harness.check_text(r.out)

    def test_whole(self):
        path = self.host(self.WHOLE)
        self.expect(self.judged(path), {"iommu.coverage": "pass"},
                    {"iommu.functions": 2, "iommu.functions-uncovered": 0,
                     "iommu.units-in-use": 1})
        self.assertIn("0000:01:00.0 network controller [8086:1004]", self.drawn(path))

    def test_a_list_cut_inside_a_line_is_no_whole_list(self):
        """What is missing may be behind no unit, however sound the functions are that are left."""
        paths = [self.host(self.WHOLE[:n], f"cut{n}") for n in range(1, len(self.WHOLE))
                 if self.WHOLE[n - 1:n] != b"\n"]
        read = 0
        for path, report in zip(paths, harness.judge_many(paths)):
            with self.subTest(path.name):
                coverage = rule(report, "iommu.coverage")
                self.assertEqual("unknown", coverage["status"])
                if coverage["reason"] == "truncated":
                    read += 1
                    self.assertIsNone(report["facts"]["iommu.functions"])
                    self.assertIn("lspci.txt", [n["source"] for n in report["notes"]])
        self.assertGreater(read, len(paths) // 2)
        # What is there and behind no unit fails all the same.
        unit = struct.pack("<HHBBHQ", 0, 16, 0, 0, 0, 0xfed90000)
        some = harness.table(b"DMAR", struct.pack("<BB10x", 38, 5) + unit)
        self.expect(self.judged(self.host(self.WHOLE[:-2], table=some)),
                    {"iommu.coverage": "fail"})

    def test_twenty_thousand_functions(self):
        rows = [b"%04x:%02x:%02x.%x 0200: 8086:%04x\n\tControl: BusMaster+\n\n"
                % (i >> 14, i >> 8 & 0x3f, i >> 3 & 31, i & 7, i & 0xffff) for i in range(20000)]
        path = self.host(b"".join(rows))
        # Segment 1 has no unit; no bridge leads to any bus, so that more functions may be missing.
        self.expect(self.judged(path), {"iommu.coverage": "fail"},
                    {"iommu.functions": None, "iommu.functions-uncovered": 20000 - (1 << 14)})
        self.drawn(path)

    def test_bridges_in_a_loop(self):
        """A bus is below a bridge only where buses rise, so that nothing goes round in circles."""
        def bridge(at, primary, secondary, subordinate):
            return (b"%b 0604: 8086:0001\n\tBus: primary=%02x, secondary=%02x, "
                    b"subordinate=%02x, sec-latency=0\n\n"
                    % (at, primary, secondary, subordinate))

        end = b"02:00.0 0200: 8086:0002\n\n"
        listed = self.scoped([(2, 0, [(1, 0)])])
        for name, text in {
                "itself": bridge(b"00:01.0", 0, 0, 0xff) + end,
                "backwards": bridge(b"00:01.0", 0, 2, 1) + end,
                "circle": bridge(b"01:00.0", 1, 2, 0xff) + bridge(b"02:01.0", 2, 1, 0xff) + end,
                "ff": bridge(b"00:01.0", 0xff, 0xff, 0xff) + bridge(b"ff:1f.7", 0xff, 0, 0xff) +
                end,
                "each-other": bridge(b"00:01.0", 0, 1, 1) + bridge(b"01:00.0", 1, 0, 0xff) + end,
                "thousands": b"".join(bridge(b"%02x:%02x.0" % (i & 255, i >> 8), 0, i * 7 & 255,
                                             i * 13 & 255) for i in range(8000)) + end,
        }.items():
            with self.subTest(name):
                path = self.host(text, name, listed)
                report = self.judged(path)
                self.drawn(path)
                if name != "thousands":
                    self.assertNotEqual("pass", rule(report, "iommu.coverage")["status"])

    def scoped(self, scopes):
        """A DMAR of one unit that takes nothing but `scopes`: (type, bus, path)."""
        parts = b"".join(struct.pack("<BBBBBB", kind, 6 + 2 * len(path), 0, 0, 0, bus) +
                         b"".join(struct.pack("BB", *hop) for hop in path)
                         for kind, bus, path in scopes)
        unit = struct.pack("<HHBBHQ", 0, 16 + len(parts), 0, 0, 0, 0xfed90000)
        return harness.table(b"DMAR", struct.pack("<BB10x", 38, 5) + unit + parts)

    def test_scopes_that_loop(self):
        """Paths through bridges that lead back, or to nothing; the longest that a scope holds."""
        text = (b"00:01.0 0604: 8086:0001\n\tBus: primary=00, secondary=00, subordinate=ff\n\n"
                b"00:02.0 0604: 8086:0002\n\tBus: primary=00, secondary=01, subordinate=01\n\n"
                b"01:00.0 0604: 8086:0003\n\tBus: primary=01, secondary=00, subordinate=01\n\n"
                b"01:01.0 0200: 8086:0004\n\n")
        for name, scopes in {
                "one": [(1, 0, [(1, 0), (1, 0)])],
                "long": [(1, 0, [(1, 0)] * 124)],
                "round": [(2, 0, [(2, 0), (0, 0)] * 62)],
                "nowhere": [(1, 0xff, [(0xff, 0xff)]), (2, 0xfe, [(0x1f, 7)] * 100)],
                "many": [(2, 0, [(2, 0), (0, 0)] * 40)] * 390,
        }.items():
            with self.subTest(name):
                path = self.host(text, name, self.scoped(scopes))
                self.assertNotEqual("pass", rule(self.judged(path), "iommu.coverage")["status"])
                self.drawn(path)
        # Through the one bridge that is sound the function is reached.
        path = self.host(text, "sound", self.scoped([(1, 0, [(2, 0), (1, 0)])]))
        self.expect(self.judged(path), {"iommu.coverage": "pass"})

    def test_hostile_names(self):
        """A name can neither paint the terminal nor add a function, a key or a line."""
        unit = self.scoped([(1, 0, [(5, 0)])])
        for name in (b"\x1b[2J\x1b]0;owned\x07", b"\x9b31m", "\u202egnp.exe\u2066".encode(),
                     b"\xff\xfe\x00\x01", b"A" * 5000, b"a\x0bclass=060000 group=7\x0c",
                     b"x\rname=y\r", "\u2028\u2029\x85".encode(), b'"\\u0000"', b"[8086:zzzz] ["):
            text = b"00:02.0 Network controller [0280]: %b [8086:2723] (rev 1a)\n\n" % name
            with self.subTest(name[:20]):
                path = self.host(text, table=unit)
                report = self.judged(path)
                self.expect(report, {"iommu.coverage": "fail"}, {"iommu.functions": 1})
                found = [f for f in report["findings"] if f["rule"] == "iommu.coverage"]
                self.assertEqual(["0000:00:02.0"], [f["subject"] for f in found])
                self.assertIn("[8086:2723]", found[0]["message"])
                self.assertIn("UNCOVERED", self.drawn(path))
                harness.check_text(run("--from", path).out)

    def test_lines_that_end_as_on_windows(self):
        one = self.judged(self.host(self.WHOLE, "unix"))
        two = self.judged(self.host(self.WHOLE.replace(b"\n", b"\r\n"), "windows"))
        for key in ("facts", "rules", "findings", "unknown", "notes", "verdict"):
            self.assertEqual(one[key], two[key], key)
        self.expect(one, {"iommu.coverage": "pass"})

    def test_other_hostile_text(self):
        rng = random.Random(4)
        head = b"00:02.0 0300: 8086:0001\n"
        for name, text in {
                "addresses": b"ffffffff:ff:1f.7 0200: 8086:0001\n\n",
                "no-class": b"00:02.0 Thing: Made by somebody\n\n",
                "odd-class": b"00:02.0 Thing [zzzz]: Made by somebody [8086:0001]\n\n",
                "noise": head + rng.randbytes(1 << 20) + b"\n",
                "long-line": head + b"\t" + b"x" * (1 << 20) + b"\n",
                "dumps": head + b"00: ff\n10: zz\n" * 50000,
                "capabilities": head + b"\tCapabilities: [40] Express\n" * 30000,
                "functions": head + b"\tInitial VFs: 1, Number of VFs: 65535\n" * 20000,
        }.items():
            with self.subTest(name):
                path = self.host(text, name)
                report = self.either(path)
                if report is None:
                    continue
                self.drawn(path)
                if name == "addresses":  # of a domain that no table knows
                    self.assertNotEqual("pass", rule(report, "iommu.coverage")["status"])

    def capture(self, data, status=None):
        blobs = metal(pci=data)
        made = manifest(blobs)
        if status is not None:
            next(b for b in made["blobs"] if b["name"] == "pci")["status"] = status
        return self.file("capture.tar", tar(capture_files(blobs, made)))

    ROWS = (b"0000:00:00.0 class=060000 vendor=8086 device=1001\n"
            b"0000:00:02.0 class=030000 vendor=8086 device=1003 name=Display\n")

    def test_a_blob_that_is_malformed(self):
        self.expect(self.judged(self.capture(self.ROWS)), {"iommu.coverage": "pass"},
                    {"iommu.functions": 1})
        for row in (b"class=030000\n", b"0000:00:02.8 class=030000\n", b"0000:00:20.0\n",
                    b"0000:100:00.0\n", b"0000:00:02.0x class=030000\n",
                    b"0000:00:03.0 class=zz\n", b"0000:00:03.0 class=1030000\n",
                    b"0000:00:03.0 vmd=2\n", b"0000:00:03.0 group=-1\n",
                    b"0000:00:03.0 physfn=nowhere\n", b"\0\0\0\n", b"\xff\xff\n", b"{}\n"):
            with self.subTest(row):
                path = self.capture(self.ROWS + row)
                report = self.judged(path)
                self.expect(report, {"iommu.coverage": "unknown malformed"},
                            {"iommu.functions": None, "iommu.functions-uncovered": None})
                self.assertIn("pci", [n["source"] for n in report["notes"]])
                self.drawn(path)

    def test_a_blob_of_nothing(self):
        """Nobody has a machine without a PCI function to judge."""
        for data in (b"", b"\n\n", b"0000:00:00.0 class=060000\n"):
            self.expect(self.judged(self.capture(data)),
                        {"iommu.coverage": "unknown not-collected"})

    def test_every_status_of_the_blob(self):
        for word in harness.REASONS:
            with self.subTest(word):
                want = "unknown malformed" if word == "malformed" else f"unknown {word}"
                self.expect(self.judged(self.capture(self.ROWS, word)), {"iommu.coverage": want})
        # A kernel that shows no PCI at all: no device was seen to be behind no unit.
        self.expect(self.judged(self.capture(self.ROWS, "absent")),
                    {"iommu.coverage": "unknown not-collected"})


class Mutations(Case):
    """300 changed inputs, always the same ones, in few processes."""

    def mutate(self, rng, data):
        data = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 8, 40))):
            at, how = rng.randrange(len(data)), rng.randrange(6)
            if how == 0:
                data[at] ^= 1 << rng.randrange(8)
            elif how == 1:
                data[at] = rng.choice((0, 0xff, 0x7f, 0x80, 0x0a, 0x20, 0x2f))
            elif how == 2:
                del data[at:at + rng.randrange(1, 200)]
            elif how == 3:
                data[at:at] = rng.randbytes(rng.randrange(1, 40))
            elif how == 4:
                data[at:at] = data[at:at + rng.randrange(1, 600)]
            else:
                data[at:at + 4] = struct.pack("<I", rng.choice((0, 1, 0x7fffffff, 0xffffffff)))
            if not data:
                data = bytearray(b"x")
        return bytes(data)

    def test_mutations(self):
        corpus = need_corpus()
        tables = [p.read_bytes() for p in sorted((corpus / "acpi/DMAR").iterdir())[:2]]
        tables += [p.read_bytes() for p in sorted((corpus / "acpi/IVRS").iterdir())[:2]]
        real = [(corpus / "hosts/radxa-orion-o6/dmesg.txt").read_bytes(),
                (corpus / "hosts/ecs-h310ch5-m2/acpidump.txt").read_bytes(),
                (corpus / "hosts/ecs-h310ch5-m2/cpuinfo.txt").read_bytes()[:4000],
                (corpus / "hosts/msi-ms7721/dmi.txt").read_bytes(),
                (corpus / "hosts/msi-ms7721/lspci.txt").read_bytes(),
                (corpus / "cpuid/libcpuid/zen2-amd-ryzen-7-5700u-with-radeon-graphics.test")
                .read_bytes(),
                sorted((corpus / "cpuid/instlatx64").iterdir())[0].read_bytes(),
                tar(capture_files(metal())), gz(tar(capture_files(metal()))),
                zst(tar(capture_files(metal()))), tables[0], tables[2]]
        rng = random.Random(20261122)
        for batch in range(6):
            changed = [self.mutate(rng, real[(batch * 50 + i) % len(real)]) for i in range(50)]
            paths = [self.file(f"m{batch}-{i}", data) for i, data in enumerate(changed)]
            args = [a for p in paths for a in ("--from", p)]
            # run() fails if anything crashed, and parse() if a report is not one.
            r = run("--format", "ndjson", *args)
            made = reports(r)
            unusable = [line for line in r.lines[:-1]]
            self.assertEqual(50, len(made) + len(unusable), r)
            for line in unusable:
                self.assertTrue(line.startswith(f"vbscheck: {self.dir}"), line)
            self.assertLess(r.wall, 15 * harness.SLOWNESS)


if __name__ == "__main__":
    harness.main()
