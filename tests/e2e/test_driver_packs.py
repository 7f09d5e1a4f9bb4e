# SPDX-License-Identifier: MIT
"""Driver packs, and what lies beside drivers in them and in folders."""
import bz2
import gzip
import io
import lzma
import subprocess
import zipfile
from pathlib import Path

import catalogs
from driver_files import RWX, DriverCase, driver, drivers
from harness import main, need_tool, parse, run, run_bounded, tar, zst


class Packs(DriverCase):
    def test_packs(self):
        folder = self.files(pack_txt=b"")
        with zipfile.ZipFile(folder / "pack.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("x64/ok.sys", driver())
            z.writestr("x64/bad.sys", driver(section=2, flags=RWX))
            z.writestr("x64/bad.inf", b"text")
        report = drivers(str(folder), status=1)
        self.assertEqual(["pack.zip/x64/bad.sys", "pack.zip/x64/ok.sys"],
                         [d["path"][len(str(folder)) + 1:] for d in report["drivers"]])

    def packed(self, kind, files):
        """The bytes of a pack made by bsdtar."""
        folder = self.files(**{name.replace(".", "_"): data for name, data in files.items()})
        subprocess.run([need_tool("bsdtar"), "--format", kind, "-c", "-f", self.dir / "made",
                        *files], cwd=folder, check=True)
        return (self.dir / "made").read_bytes()

    def test_every_kind_of_pack_is_opened(self):
        bad, text = driver(section=2, flags=RWX), b"no driver" * 1000
        files = {"a.sys": bad, "a.txt": text}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("inner/x.zip", self.zip(files))
        packs = {
            "x.zip": self.zip(files), "x.7z": self.packed("7zip", files),
            "stored.cab": catalogs.cabinet(files, packed=False),
            "mszip.cab": catalogs.cabinet({"a.txt": text * 9, "a.sys": bad}),
            "x.tar": tar(files), "x.tgz": gzip.compress(tar(files)),
            "x.tar.xz": lzma.compress(tar(files)), "x.tar.bz2": bz2.compress(tar(files)),
            "x.tar.zst": zst(tar(files)), "a.sys.gz": gzip.compress(bad),
            "zip-in.zip": out.getvalue(),
            "cab-in.zip": self.zip({"x.cab": catalogs.cabinet(files)}),
            "tgz-in.zip": self.zip({"x.tgz": gzip.compress(tar(files))}),
        }
        for name, data in packs.items():
            for folder in (False, True):  # by name, or found
                path = self.file(f"{name}.d/{name}", data)
                report = drivers(str(path.parent if folder else path), status=1)
                self.assertEqual(["violation"], [d["result"] for d in report["drivers"]], name)
                self.assertIn(name, report["drivers"][0]["path"])

    @staticmethod
    def zip(files):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in files.items():
                z.writestr(name, data)
        return out.getvalue()

    def test_what_is_not_opened_is_named(self):
        inner = self.zip({"a.sys": driver()})
        deep = self.zip({"b.zip": self.zip({"c.zip": inner})})
        large = self.zip({"a.bin": bytes(range(256)) * 4, "a.sys": driver()})
        for name, data in (("x.rar", b"Rar!\x1a\x07\x01\0" + bytes(600)),
                           ("x.wim", b"MSWIM\0\0\0" + bytes(600)), ("deep.zip", deep),
                           ("setup.exe", driver(subsystem=2)), ("setup.msi", bytes(600)),
                           ("in.zip", self.zip({"x.rar": b"Rar!\x1a\x07\x01\0" + bytes(600)})),
                           ("large.zip", self.zip({"large.zip": large + bytes(9 << 20)}))):
            report = drivers(str(self.file(name, data)))
            self.assertEqual("not-collected", report["rules"][0]["reason"], name)
            self.assertRegex(str(report["notes"]), f"not (opened|unpacked).*{name[:4]}", name)
            program = name.startswith("setup")  # many packs hold one, and no driver in it
            said = run("drivers", str(self.dir / name), ok=(0,)).out.decode()
            self.assertEqual(0 if program else 1, len(report["caveats"]), name)
            self.assertIn("NOTHING TO JUDGE" + ("\n" if program else "; some of the given driver"), said)

    def test_damaged_packs_of_every_kind_are_malformed(self):
        files = {"a.sys": driver() + bytes(range(256)) * 500}
        for name, data in (("x.zip", self.zip(files)), ("x.7z", self.packed("7zip", files)),
                           ("x.cab", catalogs.cabinet(files)), ("x.tgz", gzip.compress(tar(files))),
                           ("x.xz", lzma.compress(files["a.sys"], preset=9)),
                           ("x.zst", zst(files["a.sys"]))):
            cut = self.file(name, data[:len(data) * 2 // 3])
            report = drivers(str(cut), status=3)
            self.assertIn("malformed", [d["result"] for d in report["drivers"]], name)

    def test_a_bomb_and_a_damaged_pack_are_malformed_and_the_next_goes_on(self):
        folder = self.files(z_sys=driver())
        with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("bomb.sys", b"MZ" + bytes(200 << 20))
        whole = (folder / "bomb.zip").read_bytes()
        (folder / "cut.zip").write_bytes(whole[:1000])
        report = drivers(str(folder), status=3)
        results = {Path(d["path"]).name: d["result"] for d in report["drivers"]}
        self.assertEqual("clean", results["z.sys"])
        self.assertEqual("malformed", results["bomb.zip"])
        self.assertEqual("malformed", results["cut.zip"])

    def test_a_member_over_the_cap_costs_only_what_is_behind_it(self):
        folder = self.files(readme_txt=b"no driver")
        with zipfile.ZipFile(folder / "big.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("bad.sys", driver(section=0, flags=RWX))
            z.writestr("large.sys", driver() + bytes(19 << 20))
            z.writestr("over.sys", driver() + bytes(21 << 20))
        results = {Path(d["path"]).name: d["result"]
                   for d in drivers(str(folder), status=1)["drivers"]}
        self.assertEqual({"bad.sys": "violation", "large.sys": "clean", "big.zip": "malformed"},
                         results)

    INF = """[Version]
Signature = "$WINDOWS NT$" ; a comment
Provider = %Maker%
[SourceDisksFiles.amd64]
made.sys = 1
[Manufacturer]
%Maker% = Models, NTamd64.10.0, NTarm64
[Models.NTamd64.10.0]
%Card% = Install, PCI\\VEN_1234&DEV_5678&SUBSYS_0001, PCI\\VEN_1234
"Plain, card" = Install, USB\\VID_0001
[Models.NTarm64]
%Card% = Install, ACPI\\ARMS0001
[Strings]
Maker = "Made \u00fcber"
card = "Gr\u00f6\u00dfe adapter" ; another
[Strings.0407]
Card = "other"
"""

    def test_a_damaged_inf_in_a_pack_hides_no_driver(self):
        pack = bytearray(self.zip({"a.sys": driver(section=2, flags=RWX),
                                   "b.inf": bytes(i * i % 251 for i in range(9000))}))
        at = pack.rindex(b"b.inf", 0, pack.rindex(b"PK\x01\x02")) + 5
        pack[at:at + 200] = bytes(200)
        report = drivers(str(self.file("x.zip", bytes(pack))), status=1)
        self.assertEqual("violation", report["drivers"][0]["result"])

    def test_an_inf_beside_a_driver_names_its_hardware(self):
        for encoding in ("utf-16", "utf-16-be", "utf-8-sig", "cp1252"):
            text = self.INF.replace("\n", "\r\n").encode(encoding)
            text = b"\xfe\xff" + text if encoding == "utf-16-be" else text
            folder = self.files(made_sys=driver(section=2, flags=RWX), other_sys=driver())
            name = "Gr??e" if encoding == "cp1252" else "Gr\u00f6\u00dfe"
            served = (f"{name} adapter (PCI\\VEN_1234&DEV_5678&SUBSYS_0001), "
                      "Plain, card (USB\\VID_0001)")
            (folder / "x.inf").write_bytes(text)
            report = drivers(str(folder), status=1)
            found = {Path(d["path"]).name: d["inf"] for d in report["drivers"]}
            self.assertEqual({"made.sys": served, "other.sys": None}, found, encoding)
            self.assertIn(served, report["findings"][0]["message"])
            [alone] = drivers(str(folder / "made.sys"), status=1)["drivers"]
            self.assertEqual(served, alone["inf"])
            pack = self.file("x.zip", self.zip({"d/amd64/made.sys": driver(), "d/x.inf": text,
                                                "e/made.sys": driver()}))
            self.assertEqual([served, None], [d["inf"] for d in drivers(str(pack))["drivers"]])

    def test_more_files_beside_drivers_than_are_looked_at_are_told(self):
        folder = self.files(made_sys=driver())
        for i in range(300):
            (folder / f"{i}.inf").write_bytes(b"[Version]\na=b\n")
        [note] = drivers(str(folder))["notes"]
        self.assertIn("44 catalogs and INF files were not read", note["message"])
        large = self.files(made_sys=driver(), a_inf=b"[Version]\na=b\n" * 200_000,
                           b_inf=b"[Version]\na=b\n" * 200_000)
        [note] = drivers(str(large))["notes"]
        self.assertRegex(note["message"], "too many: .*b.inf")

    def test_a_hostile_inf_costs_nothing(self):
        name = b"[Version]\n[SourceDisksFiles]\nmade.sys=1\n"
        for inf in (name + b"[Manufacturer]\n" + b"%a%=Models\n" * 100000,
                    name + b"[Manufacturer]\nM=M\n[M]\n" + b"%a%=b,c\n" * 400000,
                    name + b"[Strings]\n" + b"a=b\n" * 900000, b"[" * (4 << 20),
                    b"\xff\xfe" + b"\n\0" * (2 << 20), name + b'"' * 3000000,
                    name + b"[Manufacturer]\nM=M\n[M]\n"
                    + b"".join(b"%%x%d%%=b,ID%d\n" % (i, i) for i in range(100000)),
                    b"[Version]\n" + bytes(5 << 20)):
            folder = self.files(made_sys=driver())
            (folder / "x.inf").write_bytes(inf)
            for i in range(100):  # in a pack, all of them together
                (folder / f"y{i}.inf").write_bytes(inf[:40_000])
            pack = self.file("x.zip", self.zip({p.name: p.read_bytes()
                                                for p in sorted(folder.iterdir())}))
            for path in (folder, pack):
                r = run_bounded("drivers", "--format", "json", str(path), ok=(0,))
                self.assertNotIn(b"crashed", r.err)
                self.assertEqual("clean", parse(r.out)["drivers"][0]["result"])


if __name__ == "__main__":
    main()
