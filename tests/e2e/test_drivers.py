# SPDX-License-Identifier: MIT
"""`vbscheck drivers` and --drivers: files, folders and packs, made here and real ones."""
import hashlib
import os
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

import real_drivers
import sipolicy
from harness import CORPUS, PROJECT, Case, check_report, check_text, check_trouble, need, need_tool
from harness import main, parse, run, run_bounded

CLEAN = PROJECT / "tests/fuzz/corpus/parse_pe/clean"
SECTIONS = 0x40 + 24 + 240
RWX = 0xe0000020


def driver(data=None, section=None, flags=None, machine=None, subsystem=None):
    """A clean driver, changed."""
    data = bytearray(data or CLEAN.read_bytes())
    if section is not None:
        struct.pack_into("<I", data, SECTIONS + section * 40 + 36, flags)
    if machine is not None:
        struct.pack_into("<H", data, 0x44, machine)
    if subsystem is not None:
        struct.pack_into("<H", data, 0x40 + 24 + 68, subsystem)
    return bytes(data)


def drivers(*args, status=0):
    r = run("drivers", "--format", "json", *args, ok=(status,))
    return check_report(parse(r.out))


class Drivers(Case):
    def files(self, **contents):
        folder = Path(tempfile.mkdtemp(dir=self.dir))
        for name, data in contents.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder

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

    def test_packs(self):
        folder = self.files(pack_txt=b"")
        with zipfile.ZipFile(folder / "pack.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("x64/ok.sys", driver())
            z.writestr("x64/bad.sys", driver(section=2, flags=RWX))
            z.writestr("x64/bad.inf", b"text")
        report = drivers(str(folder), status=1)
        self.assertEqual(["pack.zip/x64/bad.sys", "pack.zip/x64/ok.sys"],
                         [d["path"][len(str(folder)) + 1:] for d in report["drivers"]])

    def test_cabinets_and_7z(self):
        bsdtar = need_tool("bsdtar")
        folder = self.files(a_sys=driver(section=2, flags=RWX))
        out = self.files(note_txt=b"")
        for kind in ("7zip",):
            subprocess.run([bsdtar, "--format", kind, "-c", "-f", out / f"x.{kind}", "a.sys"],
                           cwd=folder, check=True)
        self.assertEqual(1, len(drivers(str(out), status=1)["drivers"]))

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


class Policies(Case):
    """Each kind of rule, in each form of a policy, denies its file and not its neighbour."""

    def setUp(self):
        super().setUp()
        tools = [need_tool("openssl"), need_tool("osslsigncode")]
        self.openssl, self.osslsigncode = tools
        self.make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                  "ca.pem", "-subj", "/CN=Test root", "-days", "36500")
        for name in ("one", "two"):
            self.make("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                      f"{name}.csr", "-subj", f"/CN=Maker {name}")
            self.make("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                      "-CAcreateserial", "-out", f"{name}.pem", "-days", "36500", "-sha256")
            (self.dir / f"{name}.chain").write_bytes(
                (self.dir / f"{name}.pem").read_bytes() + (self.dir / "ca.pem").read_bytes())
        (self.dir / "plain.sys").write_bytes(driver())
        self.sign("plain.sys", "once.sys", "one", "-n", "Program one")
        self.sign("once.sys", "twice.sys", "two", "-nest", "-n", "Program two")

    def make(self, *args):
        subprocess.run([self.openssl, *args], cwd=self.dir, check=True, capture_output=True)

    def sign(self, source, target, who, *more):
        subprocess.run([self.osslsigncode, "sign", "-certs", f"{who}.chain", "-key", f"{who}.key",
                        "-h", "sha256", *more, "-in", source, "-out", target], cwd=self.dir,
                       check=True, capture_output=True)

    def look(self, name, *args, status=0):
        return drivers(str(self.dir / name), *args, status=status)["drivers"][0]

    def denied(self, name, rules=(), signers=(), **more):
        """The rules that deny a file, the same in all forms."""
        answers = []
        for form, data in (("xml", sipolicy.xml(rules, signers, **more)),
                           ("bin", sipolicy.binary(rules, signers, **more)),
                           ("p7b", sipolicy.signed(sipolicy.binary(rules, signers, **more)))):
            path = self.file(f"policy.{form}", data)
            r = run("drivers", "--format", "json", "--blocklist", str(path),
                    str(self.dir / name), ok=(0, 1))
            found = parse(r.out)["drivers"][0]["denied_by"]
            self.assertEqual(1 if found else 0, r.status)
            answers.append(bool(found))
        self.assertEqual(1, len(set(answers)), answers)
        return answers[0]

    def test_digests_and_signers_are_what_osslsigncode_says(self):
        for name, signers in (("once.sys", "Maker one"), ("twice.sys", "Maker one | Maker two")):
            d = self.look(name, "--digests")
            self.assertEqual((signers, "match"), (d["signers"], d["signatures"]))
            said = subprocess.run([self.osslsigncode, "verify", "-in", name], cwd=self.dir,
                                  capture_output=True, text=True).stdout
            self.assertIn(d["authentihash_sha256"].upper(), said)

    def test_a_driver_changed_since_it_was_signed_is_a_finding_and_no_violation(self):
        data = bytearray((self.dir / "once.sys").read_bytes())
        data[0x410] ^= 1
        self.file("changed.sys", bytes(data))
        d = self.look("changed.sys", "--digests")
        self.assertEqual(("clean", "differ"), (d["result"], d["signatures"]))
        self.assertIn("changed since", d["message"])

    def test_hash_and_first_page(self):
        d = self.look("once.sys", "--digests")
        for digest in ("authentihash_sha1", "authentihash_sha256", "first_page_sha1",
                       "first_page_sha256"):
            self.assertTrue(self.denied("once.sys", [sipolicy.rule(hash=d[digest])]), digest)
            other = d[digest][:-1] + ("0" if d[digest][-1] != "0" else "1")
            self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=other)]))
        self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=d["sha256"])]))
        self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=d["authentihash_sha1"])],
                                     scenario=12))

    def test_names_and_versions(self):
        for wanted, denied in (
                (dict(name="MADE.sys"), True), (dict(name="once.sys"), False),
                (dict(name="made.sys", high=(1, 2, 3, 4)), True),
                (dict(name="made.sys", high=(1, 2, 3, 3)), False),
                (dict(name="made.sys", low=(1, 2, 3, 5)), False),
                (dict(product="Made things"), True), (dict(internal="made"), True),
                (dict(internal="made", product="x"), False)):
            self.assertEqual(denied, self.denied("plain.sys", [sipolicy.rule(**wanted)]), wanted)

    def test_signers(self):
        one, two = self.look("twice.sys", "--digests")["signer_tbs"].split(" | ")
        root = self.tbs_of_root()
        attribute = sipolicy.rule("attrib", name="made.sys", high=(2, 0, 0, 0))
        newer = sipolicy.rule("attrib", name="made.sys", low=(2, 0, 0, 0))
        for name, who, rules, denied in (
                ("once.sys", sipolicy.signer(one), (), True),
                ("plain.sys", sipolicy.signer(one), (), False),
                ("once.sys", sipolicy.signer(two), (), False),
                ("twice.sys", sipolicy.signer(two), (), True),  # by the nested signature only
                ("once.sys", sipolicy.signer(root), (), True),
                ("once.sys", sipolicy.signer(root, "Maker one"), (), True),
                ("once.sys", sipolicy.signer(root, "Maker two"), (), False),
                ("once.sys", sipolicy.signer(root, oem="Program one"), (), True),
                ("once.sys", sipolicy.signer(root, oem="Program two"), (), False),
                ("twice.sys", sipolicy.signer(root, "Maker two", "Program two"), (), True),
                ("twice.sys", sipolicy.signer(root, "Maker one", "Program two"), (), False),
                ("once.sys", sipolicy.signer(root, attributes=[0]), (attribute,), True),
                ("once.sys", sipolicy.signer(root, attributes=[0]), (newer,), False)):
            self.assertEqual(denied, self.denied(name, rules, [who]), (name, who))

    def tbs_of_root(self):
        der = subprocess.run([self.openssl, "x509", "-in", "ca.pem", "-outform", "der"],
                             cwd=self.dir, check=True, capture_output=True).stdout
        size = 4 + int.from_bytes(der[6:8], "big")
        return hashlib.sha256(der[4:4 + size]).hexdigest()

    def test_a_policy_that_cannot_be_used_is_trouble(self):
        good = sipolicy.binary([sipolicy.rule(name="a")])
        for data in (b"", b"x" * 100, b"<a/>", good[:-1], good + b"\0", sipolicy.signed(b"x"),
                     sipolicy.xml()[:-20], b"\x30\x80" * 5000):
            path = self.file("bad", data)
            check_trouble(run("drivers", "--blocklist", str(path), str(self.dir / "plain.sys"),
                              ok=(2,)))
        check_trouble(run("drivers", "--blocklist", str(self.dir / "none"),
                          str(self.dir / "plain.sys"), ok=(2,)))


def code_of(check):
    """As the column `expect` writes it."""
    if check["code"] == 0x2003:
        return ("2003-init:" if check["kind"] == "note" else "2003:") + check["section"]
    return {0x2004: "2004", 0x2005: f"2005:{check['section']}"}.get(check["code"], "undecided")


class RealDrivers(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need(real_drivers.TRUTH.is_file(), f"corpus not found at {CORPUS}")
        cls.folder = real_drivers.fetch()
        cls.rows = {row["sha256"]: row for row in real_drivers.truth()}
        cls.have = [p for p in cls.folder.glob("*.sys") if p.stem in cls.rows]
        need(cls.have, "no package of real drivers can be had")
        print(f"{len(cls.have)} of {len(cls.rows)} real drivers", flush=True)

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
            found = {code_of(c) for c in d["checks"]}
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

    def test_microsofts_list_denies_none_of_them(self):
        for row, d in self.reports("--blocklist",
                                   str(CORPUS / "windows/blocklist-10.0.27770.0.xml")):
            self.assertEqual((row["blocklist"], []), ("", d["denied_by"]), row["name"])


if __name__ == "__main__":
    main()
