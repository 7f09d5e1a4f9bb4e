# SPDX-License-Identifier: MIT
"""Drivers built with mingw-w64: one for each bit of Windows' list, and clean ones."""
import shutil
import struct
import subprocess
from pathlib import Path

import second_opinion
from driver_files import DriverCase, drivers
from harness import main, need_tool

# What the compiler and the linker are asked for. Sections are the assembler's, with its flags.
SOURCE = r"""
__attribute__((dllimport)) void *ExAllocatePoolWithTag(int, unsigned long long, unsigned);
static int counter = 1;
const char text[] = "made";
%s
long DriverEntry(void *driver, void *path)
{
    (void)driver, (void)path;
    counter += text[0];
    return ExAllocatePoolWithTag(512, (unsigned)counter, 1) == 0;
}
"""
VERSION = r"""
1 VERSIONINFO FILEVERSION 1,2,3,4
BEGIN
  BLOCK "StringFileInfo" BEGIN BLOCK "040904B0" BEGIN
    VALUE "CompanyName", "Maker" VALUE "ProductName", "Made things"
    VALUE "OriginalFilename", "made.sys"
  END END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
"""
DISCARDABLE, EXECUTE, WRITE = 0x02000000, 0x20000000, 0x80000000


class Image:
    """A built driver whose header is changed where no tool makes what the test is about."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.pe = struct.unpack_from("<I", data, 0x3c)[0]
        self.count = struct.unpack_from("<H", data, self.pe + 6)[0]
        self.table = self.pe + 24 + struct.unpack_from("<H", data, self.pe + 20)[0]

    def section(self, name):
        for i in range(self.count):
            at = self.table + 40 * i
            if self.data[at:at + 8].rstrip(b"\0") == name.encode():
                return at
        raise KeyError(name)

    def word(self, at, change):
        old = struct.unpack_from("<I", self.data, at)[0]
        struct.pack_into("<I", self.data, at, change(old))
        return self

    def flags(self, name, change):
        return self.word(self.section(name) + 36, change)

    def directory(self, index, address, size):
        struct.pack_into("<II", self.data, self.pe + 24 + 112 + 8 * index, address, size)
        return self

    def swapped(self):
        """The last two rows of the section table the other way round."""
        at = self.table + 40 * (self.count - 2)
        self.data[at:at + 80] = self.data[at + 40:at + 80] + self.data[at:at + 40]
        return self

    def gap(self, n=0x200):
        """`n` bytes that are no section's before what the last one has in the file."""
        at = self.table + 40 * (self.count - 1)
        offset = struct.unpack_from("<I", self.data, at + 20)[0]
        self.data[offset:offset] = bytes(n)
        return self.word(at + 20, lambda v: v + n)


class Builds(DriverCase):
    def setUp(self):
        super().setUp()
        self.gcc = need_tool("x86_64-w64-mingw32-gcc")
        self.windres = need_tool("x86_64-w64-mingw32-windres")
        self.readobj = shutil.which("llvm-readobj") or need_tool("llvm-readobj-14")
        self.made = {}

    def build(self, *sections, link=()):
        """A driver with these sections: (name, the assembler's flags)."""
        key = (sections, link)
        if key not in self.made:
            lines = "".join(f'asm(".section {name},\\"{flags}\\"\\n .byte 0xc3\\n .text\\n");\n'
                            for name, flags in sections)
            self.file("made.c", (SOURCE % lines).encode())
            self.file("made.rc", VERSION.encode())
            for command in (
                    [self.windres, "made.rc", "made.res.o"],
                    [self.gcc, "-O1", "-nostdlib", "-ffreestanding", "-s", "-Wl,--subsystem,native",
                     "-Wl,-e,DriverEntry", "-Wl,--image-base,0x140000000",
                     *(f"-Wl,{o}" for o in link), "-o", "made.out", "made.c", "made.res.o",
                     "-lntoskrnl"]):
                subprocess.run(command, cwd=self.dir, check=True)
            self.made[key] = (self.dir / "made.out").read_bytes()
        return Image(self.made[key])

    def judge(self, image, status):
        path = self.file("made.sys", bytes(image.data))
        [d] = drivers(str(path), status=status)["drivers"]
        return path, d

    def cases(self):
        """(what, image, result, bits of the checks; None is a check that has no bit)"""
        build = self.build
        wx = ("INIT", "wx")
        return (
            ("as built", build(), "clean", []),
            ("INIT, not writable", build(("INIT", "rx")), "clean", []),
            ("INIT, not discardable", build(wx), "violation", [0x8]),
            ("another name, not discardable", build((".hook", "wx")), "violation", [0x8]),
            ("INIT, discardable",
             build(wx).flags("INIT", lambda f: f | DISCARDABLE), "clean", [None]),
            ("another name, discardable",
             build(("setup", "wx")).flags("setup", lambda f: f | DISCARDABLE), "clean", [None]),
            ("shared", build(("SHARED", "wxs")), "violation", [0x10]),
            ("shared and discardable",
             build(("INIT", "wxs")).flags("INIT", lambda f: f | DISCARDABLE), "violation", [0x10]),
            ("shared, not executable", build(("SHARED", "ws")), "undecided", [None]),
            ("alignment of sections",
             build(link=("--section-alignment=0x200", "--file-alignment=0x200")), "violation",
             [0x2, 0x4]),
            ("address of a section",
             (i := build()).word(i.section(".xdata") + 12, lambda v: v + 0x80), "violation", [0x4]),
            ("executable IAT",
             build().flags(".idata", lambda f: f & ~WRITE | EXECUTE), "violation", [0x20]),
            ("IAT nowhere", build().directory(12, 0x90000, 8), "undecided", [0x40]),
            ("no IAT", build().directory(12, 0, 0), "undecided", [0x80]),
            ("a gap in the file", build().gap(), "undecided", [0x100]),
            ("order of sections", build().swapped(), "undecided", [0x100, 0x200]),
            ("a section without size",
             (i := build()).word(i.section(".data") + 8, lambda v: 0), "undecided", [0x400]),
            ("entry point in data",
             (i := build()).word(i.pe + 40, lambda v: 0x2000), "undecided", [None]),
        )

    def test_every_bit_and_its_neighbours(self):
        exits = {"clean": 0, "violation": 1, "undecided": 3}
        for what, image, result, bits in self.cases():
            with self.subTest(what):
                path = self.file("made.sys", bytes(image.data))
                [d] = drivers(str(path), status=exits[result])["drivers"]
                self.assertEqual(result, d["result"])
                self.assertEqual(bits, sorted({c["bit"] for c in d["checks"]},
                                              key=lambda b: b or 0))
                codes = {second_opinion.code_of(c) for c in d["checks"]} - {"undecided"}
                self.assertEqual(second_opinion.violations(self.readobj, path), codes)
                self.assertEqual(("Maker", "Made things", "1.2.3.4"),
                                 (d["company"], d["product"], d["version"]))

    def test_a_certificate_table_that_is_not_the_last_thing(self):
        osslsigncode, openssl = need_tool("osslsigncode"), need_tool("openssl")
        self.file("plain.sys", bytes(self.build().data))
        for command in ([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k",
                         "-out", "c", "-subj", "/CN=Test", "-days", "36500"],
                        [osslsigncode, "sign", "-certs", "c", "-key", "k", "-in", "plain.sys",
                         "-out", "signed.sys"]):
            subprocess.run(command, cwd=self.dir, check=True, capture_output=True)
        signed = (self.dir / "signed.sys").read_bytes()
        [d] = drivers("--digests", str(self.dir / "signed.sys"))["drivers"]
        self.assertEqual(("clean", "match"), (d["result"], d["signatures"]))
        _, fits, digest = second_opinion.signature(osslsigncode, self.dir / "signed.sys")
        self.assertEqual((True, d["authentihash_sha256"]), (fits, digest))
        _, d = self.judge(Image(signed + bytes(8)), 3)
        self.assertEqual(("undecided", [0x800]), (d["result"], [c["bit"] for c in d["checks"]]))

    def test_another_architectures_build_is_not_judged(self):
        image = self.build(("INIT", "wx"))
        struct.pack_into("<H", image.data, image.pe + 4, 0xaa64)
        self.file("folder/other.sys", bytes(image.data))
        self.file("folder/one.sys", bytes(self.build().data))
        self.file("folder/two.sys", bytes(self.build().data))
        results = {Path(d["path"]).name: d["result"]
                   for d in drivers(str(self.dir / "folder"))["drivers"]}
        self.assertEqual({"other.sys": "not-judged", "one.sys": "clean", "two.sys": "clean"},
                         results)


if __name__ == "__main__":
    main()
