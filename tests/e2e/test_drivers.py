# SPDX-License-Identifier: MIT
"""`vbscheck drivers` and --drivers: files and folders, made here and real ones."""
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

import real_drivers
import second_opinion
import sipolicy
from driver_files import RWX, DriverCase, driver, drivers
from harness import CORPUS, PROJECT, Case, check_report, check_trouble, need, main, parse, run
from harness import IN_CI, PROGRAM, need_tool, run_bounded


class Drivers(DriverCase):
    def test_nothing_found_is_0_a_violation_1_undecided_3_and_trouble_2(self):
        clean = self.files(a_sys=driver())
        bad = self.files(a_sys=driver(), b_sys=driver(section=2, flags=RWX))
        odd = self.files(a_sys=driver(), b_sys=driver(section=2, flags=0xd0000040))
        self.assertEqual("pass", drivers(str(clean))["rules"][0]["status"])
        self.assertEqual("fail", drivers(str(bad), status=1)["rules"][0]["status"])
        report = drivers(str(odd), status=3)
        self.assertEqual("unsupported", report["rules"][0]["reason"])
        check_trouble(run("drivers", str(self.dir / "none"), ok=(2,)))
        run("drivers", str(self.dir / "none"), str(clean), ok=(2,))
        run("drivers", str(bad), "--exit-zero", ok=(0,))

    def test_nothing_to_judge_is_0(self):
        folder = self.files(a_txt=b"text", b_sys=driver(machine=0x14c))
        report = drivers(str(folder))
        self.assertEqual("not-collected", report["rules"][0]["reason"])
        self.assertEqual(["not-judged"], [d["result"] for d in report["drivers"]])

    def test_drivers_are_found_by_content_and_not_by_name(self):
        folder = self.files(hal_dll=driver(), app_sys=driver(subsystem=3), x_exe=driver(subsystem=2),
                            deep__down__y=driver(section=2, flags=RWX))
        report = drivers(str(folder), status=1)
        self.assertEqual(["y", "hal.dll"], [Path(d["path"]).name for d in report["drivers"]])
        self.assertIn("x.exe", str(report["notes"]))

    def test_the_worst_come_first_and_a_damaged_one_stops_nothing(self):
        folder = self.files(a_sys=driver(), b_sys=driver()[:200], c_sys=b"MZ",
                            d_sys=driver(section=2, flags=RWX))
        report = drivers(str(folder), status=1)
        self.assertEqual(["violation", "malformed", "malformed", "clean"],
                         [d["result"] for d in report["drivers"]])

    def test_what_is_no_image_is_malformed_only_where_it_is_given_as_a_driver(self):
        folder = self.files(a_sys=b"text", b_inf=b"text", c_sys=b"", d_sys=driver())
        self.assertEqual(["clean"], [d["result"] for d in drivers(str(folder))["drivers"]])
        drivers(str(folder / "b.inf"), str(folder / "d.sys"))
        for name in ("a.sys", "c.sys"):
            report = drivers(str(folder / name), status=3)
            self.assertEqual(["malformed"], [d["result"] for d in report["drivers"]])

    def test_architectures(self):
        folder = self.files(a_sys=driver(), b_sys=driver(), c_sys=driver(machine=0xaa64),
                            d_sys=driver(machine=0x14c, section=2, flags=RWX))
        results = {Path(d["path"]).name: d["result"] for d in drivers(str(folder))["drivers"]}
        self.assertEqual({"a.sys": "clean", "b.sys": "clean", "c.sys": "not-judged",
                          "d.sys": "not-judged"}, results)
        drivers("--arch", "i386", str(folder), status=1)
        self.assertIn("amd64", check_trouble(run("drivers", "--arch", "x64", str(folder), ok=(2,))))

    def test_a_scan_takes_drivers_too(self):
        folder = self.files(a_sys=driver(section=2, flags=RWX))
        machine = PROJECT / "fixtures/machines/amd-desktop"
        for which in (("--from", machine / "cpuid"), ("--root", machine)):
            r = run(which[0], str(which[1]), "--drivers", str(folder), "--format", "json",
                    ok=(0, 1, 3))
            report = check_report(parse(r.out))
            rule = next(x for x in report["rules"] if x["id"] == "drivers.hvci")
            self.assertEqual("fail", rule["status"])
            self.assertEqual(1, len(report["drivers"]))

    def test_many_files_and_jobs_give_the_same_report(self):
        folder = self.files(**{f"d{i}__f{i}_sys": driver() if i % 7 else driver(section=2, flags=RWX)
                               for i in range(700)})
        one = run("drivers", "--jobs", "1", "--format", "json", str(folder), ok=(1,)).out
        for jobs in ("2", "3", "64"):
            self.assertEqual(one, run("drivers", "--jobs", jobs, "--format", "json", str(folder),
                                      ok=(1,)).out)
        check_report(parse(one))
        check_trouble(run("drivers", "--jobs", "0", str(folder), ok=(2,)))

    def test_ten_thousand_violations_fit_into_one_report(self):
        folder = self.files(x0_sys=driver(section=2, flags=RWX))
        for i in range(1, 10_000):
            os.link(folder / "x0.sys", folder / f"x{i}.sys")
        report = drivers(str(folder), status=1)
        self.assertEqual(10_000, len(report["drivers"]))
        self.assertIn("10000 of 10000 drivers",
                      run("drivers", folder, ok=(1,)).out.decode())

    def test_hostile_megabytes_cost_a_second_and_64_mib(self):
        mib = 1 << 20
        rules = [sipolicy.rule(name="a" * 20) for _ in range(9000)]
        bombs = {
            "policy.bin": sipolicy.binary(rules)[:mib],
            "policy.xml": sipolicy.xml(rules)[:mib],
            "deep.xml": b"<SiPolicy>" + b"<a>" * (mib // 3),
            "wide.xml": b"<SiPolicy><Deny " + b"".join(b'a%d="" ' % i for i in range(80000)),
            "entity.xml": b'<!DOCTYPE a [<!ENTITY a "' + b"a" * 1000 + b'">'
                          + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a;" * 20) for i in range(99))
                          + b"]><SiPolicy>&a1;</SiPolicy>",
            "der.p7b": b"\x30\x84\0\x0f\xff\xf0" * (mib // 6),
        }
        plain = self.file("plain.sys", driver())
        for name, data in bombs.items():
            r = run_bounded("drivers", "--blocklist", str(self.file(name, data)), str(plain),
                            ok=(0, 1, 2, 3))
            self.assertNotIn(b"crashed", r.err, name)
        imports = bytearray(driver())
        data = bytes(imports) + bytes(mib)
        for at in range(0x600, 0x800, 4):
            imports[at:at + 4] = struct.pack("<I", 0x2000)
        for number, bomb in enumerate((data, bytes(imports) + b"\x01" * mib, b"MZ" * (mib // 2))):
            run_bounded("drivers", str(self.file(f"bomb{number}.sys", bomb)), ok=(0, 1, 2, 3))

    def test_names_cannot_forge_lines(self):
        folder = self.files(a_sys=driver())
        os.rename(folder / "a.sys", folder / "a\nresult violation\x1b[31m.sys")
        report = drivers(str(folder))
        self.assertEqual(["clean"], [d["result"] for d in report["drivers"]])
        text = run("drivers", "-v", str(folder), ok=(0,)).out
        self.assertNotIn(b"\x1b", text)

    def test_every_prefix_of_a_driver(self):
        whole = driver()
        folder = self.files(**{f"p{n}_sys": whole[:n] for n in range(2, len(whole), 13)})
        report = drivers(str(folder), status=3)
        self.assertEqual({"malformed"}, {d["result"] for d in report["drivers"]})


class RealDrivers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need(real_drivers.TRUTH.is_file(), f"corpus not found at {CORPUS}")
        cls.folder = real_drivers.fetch()
        cls.rows = {row["sha256"]: row for row in real_drivers.truth()}
        cls.have = [p for p in cls.folder.glob("*.sys") if p.stem in cls.rows]
        missing = len(cls.rows) - len(cls.have)
        if missing and not IN_CI and cls.have:
            print(f"SKIPPED: {missing} of {len(cls.rows)} real drivers, whose packages cannot be "
                  "had", flush=True)
        else:
            need(not missing, f"{missing} of {len(cls.rows)} real drivers cannot be had")

    def reports(self, *args):
        for arch in ("amd64", "arm64", "i386", "ia64", "armnt"):
            r = run("drivers", "--format", "json", "--arch", arch, *args, str(self.folder),
                    ok=(0, 1, 3))
            for d in check_report(parse(r.out))["drivers"]:
                if d["arch"] == arch:
                    yield self.rows[Path(d["path"]).stem], d

    def test_every_expectation(self):
        seen = 0
        for row, d in self.reports():
            expected = {e.split(":")[0] if e.startswith("2004") else e
                        for e in row["expect"].split() if e not in ("arch", "clean")}
            found = {second_opinion.code_of(c) for c in d["checks"]}
            if d["straddling_relocations"]:
                found.add(f"straddle:{d['straddling_relocations']}")
            self.assertEqual(expected, found, row["name"])
            self.assertEqual(row["fixed_file_version"], d["version"] or "", row["name"])
            self.assertEqual(row["product"], d["product"] or "", row["name"])
            self.assertEqual(row["company"], d["company"] or "", row["name"])
            seen += 1
        self.assertEqual(len(self.have), seen)

    def test_every_digest_and_every_signer(self):
        for row, d in self.reports("--digests"):
            self.assertEqual(
                [row["sha256"], row["authentihash_sha1"], row["authentihash_sha256"],
                 row["firstpage_sha1"], row["firstpage_sha256"], row["signer_leaf"],
                 row["tbs_leaf"].replace(",", " | "), row["ossl_digest_ok"] == "1"],
                [d["sha256"], d["authentihash_sha1"], d["authentihash_sha256"],
                 d["first_page_sha1"], d["first_page_sha256"], d["signers"] or "",
                 d["signer_tbs"] or "", d["signatures"] == "match"], row["name"])

    def test_llvm_and_osslsigncode_say_the_same(self):
        readobj = shutil.which("llvm-readobj") or need_tool("llvm-readobj-14")
        osslsigncode = need_tool("osslsigncode")
        signed = 0
        for row, d in self.reports("--digests"):
            found = {second_opinion.code_of(c) for c in d["checks"]} - {"undecided"}
            self.assertEqual(second_opinion.violations(readobj, d["path"]), found, row["name"])
            other = second_opinion.signature(osslsigncode, d["path"])
            self.assertEqual(other is None, d["signatures"] is None, row["name"])
            if other is None:
                continue
            text, fits, digest = other
            self.assertEqual(fits, d["signatures"] == "match", row["name"])
            self.assertIn(digest, (d["authentihash_sha1"], d["authentihash_sha256"]), row["name"])
            for name in filter(str.isascii, d["signers"].split(" | ")):  # it escapes others
                self.assertIn(f"CN={name}", text, row["name"])
            signed += 1
        print(f"{signed} signed drivers: osslsigncode agrees", flush=True)

    def test_catalogs_and_inf_files_of_real_packages(self):
        beside = [p for p in real_drivers.fetch_beside().iterdir() if p.suffix in (".cat", ".inf")]
        need(beside, "no catalog of a real package can be had")
        by_catalog, hardware = {}, {}
        for arch in ("amd64", "arm64", "i386", "armnt"):
            folder = self.dir / arch
            for path in self.have:
                row = self.rows[path.stem]
                name = re.split(r"[-.]", row["name"].lower())[0] + ".sys"
                self.file(f"{arch}/{path.stem}/{name}", path.read_bytes())
            r = run("drivers", "--format", "json", "--digests", "--arch", arch, str(folder),
                    *map(str, beside), ok=(0, 1, 3))
            for d in parse(r.out)["drivers"]:
                if d["arch"] == arch and d["catalog"]:
                    by_catalog.setdefault(Path(d["path"]).name, set()).add((arch, d["catalog"]))
                    hardware[Path(d["path"]).name] = d["inf"]
        # Each image has a catalog of its own, which lists no other.
        self.assertEqual({"wintun.sys": 4, "wireguard.sys": 2},
                         {name: len(found) for name, found in by_catalog.items()})
        self.assertEqual({"wintun.sys": "Wintun Userspace Tunnel (Wintun)",
                          "wireguard.sys": "WireGuard Tunnel (WireGuard)"}, hardware)

    def test_a_real_cabinet_is_opened(self):
        # One of them is LZX, which nothing here can pack.
        cabs = list(real_drivers.fetch_beside().glob("*.cab"))
        need(cabs, "no cabinet of a real package can be had")
        r = run("drivers", "--digests", "--format", "json", *map(str, cabs), ok=(0,))
        found = {self.rows[d["sha256"]]["name"] for d in parse(r.out)["drivers"]}
        self.assertEqual({"winusb.sys"}, {name.lower() for name in found})

    def test_every_prefix_of_ten_and_20000_mutations(self):
        program = Path(os.environ.get("VBSCHECK_TORTURE")
                       or Path(PROGRAM).parent / "tests/e2e/torture_drivers")
        need(program.is_file(), f"not built: {program}")
        rest = sorted((p for p in self.have if p.stat().st_size < 100_000), key=lambda p: p.stem)
        made = subprocess.run([program, *rest[:10]], capture_output=True, text=True)
        self.assertEqual((0, ""), (made.returncode, made.stderr))
        self.assertRegex(made.stdout, r"^10 drivers, \d{6,} prefixes, 20000 mutants")
        print(made.stdout, end="", flush=True)

    def test_microsofts_list_denies_none_of_them(self):
        for row, d in self.reports("--blocklist",
                                   str(CORPUS / "windows/blocklist-10.0.27770.0.xml")):
            self.assertEqual((row["blocklist"], []), ("", d["denied_by"]), row["name"])


if __name__ == "__main__":
    main()
