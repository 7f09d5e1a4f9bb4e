# SPDX-License-Identifier: MIT
"""--windows: a mounted Windows. Hives are real ones of the corpus; logs are made (event_log.py)."""
import hashlib
import json
import struct
import subprocess
import unittest

import catalogs
import event_log
import harness
import hive as regf
import sipolicy
from driver_files import RWX, driver
from harness import CORPUS, check_report, check_trouble, need_corpus, need_tool, parse, rule, run
from windows_folder import IMAGE, LOG, SYSTEM32, WindowsCase, hive

LIST = f"{SYSTEM32}/CodeIntegrity/driversipolicy.p7b"
CATALOGS = f"{SYSTEM32}/CatRoot/{{F750E6C3-38EE-11D1-85E5-00C04FC295EE}}"
GROUPS = {0: "required", 1: "required", 2: "required", 3: "present", 4: "staged"}


def truth(name):
    lines = (CORPUS / "windows/hives-truth.tsv").read_text().splitlines()
    keys = lines[0].split("\t")
    rows = [dict(zip(keys, line.split("\t"))) for line in lines[1:]]
    return [r for r in rows if r["hive"] == name]


def place(row):
    """Where the file of a service is, by hand: the forms of ImagePath that real hives have."""
    path = row["imagepath"].replace("\\", "/")
    if not path:
        return f"{SYSTEM32}/drivers/{row['service']}.sys"
    for start, means in (("/SystemRoot/", "Windows/"), ("/??/C:/", ""), ("/??/c:/", "")):
        if path.lower().startswith(start.lower()):
            return means + path[len(start):]
    return "Windows/" + path


class Windows(WindowsCase):
    # Hives

    def test_every_row_of_the_real_hives(self):
        need_corpus("windows")
        for name, count in (("SYSTEM", 256), ("SYSTEM_2", 255), ("SYSTEM_B", 356)):
            with self.subTest(name):
                rows = truth(name)
                self.assertEqual(count, len(rows))
                report = self.look({place(r): driver() for r in rows}, name=name)
                groups, wanted = self.groups(report), {}
                for r in rows:  # of several services of one file the earliest start counts
                    key = place(r).lower()
                    start = int(r["effective_start"])
                    wanted[key] = min(start, wanted.get(key, start))
                self.assertEqual({k: GROUPS[v] for k, v in wanted.items()}, groups)
                facts = report["facts"]
                self.assertEqual("clean" if name == "SYSTEM" else "dirty", facts["windows-disk.hive"])
                self.assertEqual(name != "SYSTEM", "is dirty" in str(report["notes"]))

    def test_every_form_of_an_image_path(self):
        places = {
            None: f"{SYSTEM32}/drivers/NAME.sys", "": f"{SYSTEM32}/drivers/NAME.sys",
            r"\SystemRoot\System32\drivers\a.sys": f"{SYSTEM32}/drivers/a.sys",
            r"System32\DRIVERS\a.sys": f"{SYSTEM32}/drivers/a.sys",
            r"\??\C:\Program Files\Some Maker\a b.sys": "Program Files/Some Maker/a b.sys",
            r"\??\D:\x\a.sys": "x/a.sys", r"C:\x\a.sys": "x/a.sys", r"\x\a.sys": "x/a.sys",
            r"%SystemRoot%\system32\a.sys": f"{SYSTEM32}/a.sys",
            r"\Device\HarddiskVolume3\x\a.sys": "x/a.sys",
            r'"\??\C:\x\a.sys"': "x/a.sys", r"\\?\C:\x\a.sys": "x/a.sys",
            r"\SystemRoot\System32\DriverStore\FileRepository\y\a.sys":
                f"{SYSTEM32}/DriverStore/FileRepository/y/a.sys"}
        for path, where in places.items():
            report = self.look({where: driver()},
                               changed=regf.system({"NAME": (1, path, None)}))
            self.assertEqual({where.lower(): "required"}, self.groups(report), path)
        for path in (r"\SystemRoot\..\..\etc\passwd", r"\??\C:\..\x.sys", r"x\\\y.sys", "..",
                     r"\??\C:\Users\..\x.sys"):
            report = self.look({f"{SYSTEM32}/drivers/a.sys": driver()},
                               changed=regf.system({"NAME": (1, path, None)}))
            self.assertEqual({"name": "required", f"{SYSTEM32}/drivers/a.sys".lower(): "present"},
                             self.groups(report), path)
            self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])

    def test_starts_and_overrides(self):
        file = {f"{SYSTEM32}/drivers/a.sys": driver()}
        for start, override, group in ((0, None, 0), (2, None, 0), (3, None, 3), (4, None, 4),
                                       (0, 3, 3), (3, 0, 0), (0, 4, 4), (0, 9, 0)):
            report = self.look(file, changed=regf.system({"A": (start, None, override)}))
            self.assertEqual([GROUPS[group]], list(self.groups(report).values()),
                             (start, override))
        report = self.look(file, changed=regf.system({"A": (0, None, None)}, current=3))
        self.assertEqual(["required"], list(self.groups(report).values()))
        own = regf.system({"B": (3, None, None)}, A={"Type": 16, "Start": 2})  # a program's
        self.assertEqual(["present"], list(self.groups(self.look(file, changed=own)).values()))

    def test_what_is_set_of_memory_integrity(self):
        scenario = {"HypervisorEnforcedCodeIntegrity": {"Enabled": 1}}
        for control, wanted in (
                ({}, ("unset", "unset", "unset")),
                ({"DeviceGuard": {"Scenarios": scenario}}, ("on", "unset", "unset")),
                ({"DeviceGuard": {"EnableVirtualizationBasedSecurity": 0,
                                  "Scenarios": {"HypervisorEnforcedCodeIntegrity":
                                                {"Enabled": 0}}}}, ("off", "off", "unset")),
                ({"CI": {"Config": {"VulnerableDriverBlocklistEnable": 1}}},
                 ("unset", "unset", "on"))):
            facts = self.look(changed=regf.system(control=control))["facts"]
            self.assertEqual(wanted, tuple(facts[f"windows-disk.{n}"] for n in
                                           ("memory-integrity", "vbs", "blocklist")))

    def test_a_hive_with_a_cycle_or_a_cell_that_lies(self):
        whole = regf.system({"A": (0, None, None)}, dirty=True)
        self.assertEqual("dirty", self.look(changed=whole)["facts"]["windows-disk.hive"])
        for at in range(4096 + 32, len(whole) - 4, 4):
            if whole[at:at + 4] == bytes(4) and at % 16:
                continue
            data = bytearray(whole)
            struct.pack_into("<I", data, at, 0x20)  # the first cell, wherever an offset stands
            if at % 64 == 0:
                report = self.look({f"{SYSTEM32}/drivers/A.sys": driver()}, changed=bytes(data))
                self.assertIn(rule(report, "drivers.hvci")["status"], ("pass", "unknown"))

    def test_a_damaged_hive_is_unknown_with_its_reason(self):
        bad = driver(section=2, flags=RWX)
        files = {f"{SYSTEM32}/drivers/acpi.sys": bad}
        for changed in (hive("corrupted_system_hive"), b"regf" + bytes(4092), b"text", b"\0" * 8192,
                        hive("SYSTEM")[:100000]):
            report = self.look(files, changed=changed)
            self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])
            self.assertEqual("malformed", rule(report, "drivers.hvci")["reason"])
            self.assertIn("the hive SYSTEM", str(report["notes"]))
            self.assertEqual(["violation"], [d["result"] for d in report["drivers"]])
            self.assertEqual("malformed", report["unknown"]["drivers.required"])
        report = self.look(files, name=None)
        self.assertEqual("not-collected", rule(report, "drivers.hvci")["reason"])

    def test_lying_cells_of_a_hive_end_nothing(self):
        whole = bytearray(hive("SYSTEM_2"))
        for seed in range(12):
            data = bytearray(whole)
            for i in range(400):
                at = int.from_bytes(hashlib.sha256(f"{seed} {i}".encode()).digest()[:4], "little")
                at = 4096 + at % (len(data) - 4100)
                struct.pack_into("<I", data, at & ~3, at * 2654435761 & 0xffffffff)
            report = self.look({f"{SYSTEM32}/drivers/a.sys": driver()}, changed=bytes(data))
            self.assertIn(rule(report, "drivers.hvci")["status"], ("pass", "unknown"))

    # Verdicts

    def test_what_starts_by_itself_fails_and_what_does_not_is_a_caveat(self):
        bad = driver(section=2, flags=RWX)
        acpi, on_demand = f"{SYSTEM32}/drivers/ACPI.sys", f"{SYSTEM32}/drivers/1394ohci.sys"
        report = self.look({acpi: bad, on_demand: driver()}, status=(1,))
        self.assertEqual("fail", rule(report, "drivers.hvci")["status"])
        report = self.look({acpi: driver(), on_demand: bad,
                            f"{SYSTEM32}/DriverStore/FileRepository/x.inf_amd64_1/x.sys": bad},
                           status=(3,))
        self.assertEqual("pass", rule(report, "drivers.hvci")["status"])
        r = run("--from", self.metal(), "--windows", self.dir / "c", "--only", "drivers,smm",
                ok=(0,))
        text = " ".join(r.out.decode().split())
        self.assertRegex(text, "READY .*; 2 drivers on the disk would keep memory integrity off")
        self.assertRegex(text, r"1394ohci.sys \(present\): section is writable and executable")
        self.assertRegex(text, r"x.sys \(staged\): section is writable and executable")
        self.assertIn("2 drivers on the disk would keep memory integrity off", report["caveats"])
        self.assertEqual(1, report["facts"]["drivers.required"])
        self.assertEqual(1, report["facts"]["drivers.present"])
        self.assertEqual(1, report["facts"]["drivers.staged"])
        row = next(r for r in report["rows"] if r["id"] == "drivers")
        self.assertIn("1 required, 1 present, 1 staged", row["detail"])

    def test_what_cannot_be_read_is_never_clean(self):
        root = self.windows({f"{SYSTEM32}/drivers/ACPI.sys": b""})
        sys = root / SYSTEM32 / "drivers/ACPI.sys"
        sys.unlink()
        sys.symlink_to("unsupported reparse tag 0x80000017")
        r = run("scan", "--from", self.metal(), "--windows", root, "--format", "json", ok=(3,))
        report = check_report(parse(r.out))
        self.assertEqual(["undecided"], [d["result"] for d in report["drivers"]])
        self.assertIn("compressed by Windows", report["drivers"][0]["message"])
        self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])

    def test_what_starts_has_to_be_a_native_image_that_is_there(self):
        acpi = f"{SYSTEM32}/drivers/ACPI.sys"
        for data in (driver(subsystem=3), b"MZ", b"text" * 100, b"PK\3\4" + bytes(200)):
            report = self.look({acpi: data}, changed=regf.system())
            self.assertEqual("unknown", rule(report, "drivers.hvci")["status"], data[:4])
            self.assertEqual(["required"], [d["group"] for d in report["drivers"]])
        services = {"ACPI": (0, None, None), "Far": (2, r"\??\C:\Users\bob\far.sys", None),
                    "Later": (3, r"\??\D:\later.sys", None)}
        report = self.look({acpi: driver()}, changed=regf.system(services))
        self.assertIn("not on this disk and were not judged: Users/~/far.sys'",
                      str(report["notes"]))
        self.assertEqual("pass", rule(report, "drivers.hvci")["status"])

    def test_a_folder_without_windows_is_trouble(self):
        check_trouble(run("--from", self.metal(), "--windows", self.metal(), ok=(2,)))
        check_trouble(run("--from", self.metal(), "--windows", self.dir / "none", ok=(2,)))

    def test_no_link_leads_out(self):
        root = self.windows()
        (root / SYSTEM32 / "drivers").symlink_to("/etc")
        (root / SYSTEM32 / "config/SYSTEM").unlink()
        (root / SYSTEM32 / "config/SYSTEM").symlink_to("/etc/passwd")
        r = run("--from", self.metal(), "--windows", root, "--format", "json")
        report = check_report(parse(r.out))
        self.assertEqual([], report.get("drivers", []))
        self.assertEqual("io-error", report["unknown"]["windows-disk.hive"])

    # The log

    def log(self, *events, files=None, data=None):
        files = dict(files or {f"{SYSTEM32}/drivers/{n}.sys": driver() for n in "ab"})
        files[LOG] = event_log.log(*events) if data is None else data
        return self.look(files)

    def test_the_log_names_what_windows_refused(self):
        report = self.log(event_log.policy("10.0.25090.0"),
                          event_log.refused(IMAGE + "a.sys", bits=0x28, number=3087),
                          event_log.refused(IMAGE + "a.sys", bits=0x8, date="2026-11-05T00:00:01"),
                          event_log.refused(IMAGE + "a.sys", bits=0x2, date="2026-11-04T00:00:01"),
                          event_log.denied(IMAGE + "b.sys"),
                          event_log.refused(IMAGE + "gone.sys"))
        r = rule(report, "drivers.windows-log")
        self.assertEqual(("fail", "recommended"), (r["status"], r["level"]))
        facts = report["facts"]
        self.assertEqual(1, facts["windows-disk.log-refused"])
        self.assertEqual("10.0.25090.0", facts["windows-disk.policy-in-force"])
        self.assertEqual(["2026-11-01T00:00:00Z", "2026-11-05T00:00:01Z"],
                         [facts["windows-disk.log-from"], facts["windows-disk.log-to"]])
        found = {(f["subject"].split("/")[-1], f["message"].split(" (")[0]): f["message"]
                 for f in report["findings"] if f["rule"] == "drivers.windows-log"}
        self.assertEqual(4, len(found))
        self.assertIn("Windows check 0x8", found["a.sys", "Windows refused it for memory integrity"])
        self.assertIn("0x28", found["a.sys", "Windows would refuse it if memory integrity were on"])
        self.assertIn("not on this disk now",
                      found["gone.sys", "Windows refused it for memory integrity"])

    def test_every_bit_has_windows_words(self):
        said = set()
        for bit in range(13):
            report = self.log(event_log.refused(IMAGE + "a.sys", bits=1 << bit))
            message = next(f["message"] for f in report["findings"])
            self.assertIn(f"0x{1 << bit:x})", message)
            said.add(message.split("): ")[1].split(" (")[0])
        self.assertEqual(13, len(said))

    def test_versions_of_3081_that_are_of_other_policies_are_left_out(self):
        for version in range(14):
            report = self.log(event_log.denied(IMAGE + "a.sys", number=3081, version=version))
            found = [f for f in report["findings"] if f["rule"] == "drivers.windows-log"]
            self.assertEqual(version in (4, 8, 12), len(found) == 1, version)
            self.assertEqual("pass", rule(report, "drivers.windows-log")["status"])

    def test_programs_that_windows_refused_are_left_out(self):
        """Re-created from a public report: a script library that a policy refused, as 3033 and 3077."""
        image = "\\Device\\HarddiskVolume3\\Windows\\System32\\scrobj.dll"
        report = self.log(event_log.refused(image, number=3033, version=0),
                          event_log.denied(image, version=5))
        self.assertEqual([], [f for f in report["findings"] if f["rule"] == "drivers.windows-log"])
        self.assertEqual("pass", rule(report, "drivers.windows-log")["status"])

    def test_no_log_and_an_empty_log_say_nothing(self):
        report = self.look({f"{SYSTEM32}/drivers/a.sys": driver()})
        self.assertEqual("not-collected", rule(report, "drivers.windows-log")["reason"])
        self.assertEqual("not-collected", rule(self.log(), "drivers.windows-log")["reason"])
        other = event_log.refused(IMAGE + "a.sys", provider="Somebody-Else")
        self.assertEqual("not-collected", rule(self.log(other), "drivers.windows-log")["reason"])

    def test_a_log_that_is_cut_or_overwritten(self):
        events = [event_log.refused(IMAGE + f"{i}.sys") for i in range(60)]
        whole = event_log.log(*events)
        files = {f"{SYSTEM32}/drivers/0.sys": driver(), f"{SYSTEM32}/drivers/59.sys": driver()}
        self.assertEqual(2, self.log(data=whole, files=files)["facts"]["windows-disk.log-refused"])
        for data in (whole[:100], whole[:4096], b"text", b"ElfFile\0", bytes(70000)):
            report = self.log(data=data, files=files)
            self.assertEqual("unknown", rule(report, "drivers.windows-log")["status"], len(data))
        for start in (4096 + 600, 4096 + 65536 + 700, 4096 + 2 * 65536):
            data = bytearray(whole)
            data[start:start + 30000] = b"\xa5" * 30000
            report = self.log(data=bytes(data), files=files)
            r = rule(report, "drivers.windows-log")
            self.assertIn(r["status"], ("fail", "unknown"), start)
            if r["status"] == "unknown":
                self.assertIn(r["reason"], ("truncated", "malformed"))
        report = self.log(data=whole[:4096 + 65536 + 30000], files=files)
        self.assertNotEqual("pass", rule(report, "drivers.windows-log")["status"])

    def test_a_second_reader_reads_the_same_log(self):
        need_tool("evtx_dump.py")
        path = self.file("a.evtx", event_log.log(
            event_log.refused(IMAGE + "a.sys", bits=0x20), event_log.denied(IMAGE + "b.sys")))
        text = subprocess.run(["evtx_dump.py", path], check=True, stdout=subprocess.PIPE).stdout
        for word in (b"3111", b"3077", b'"HVCI Audit Failures">0x00000020<',
                     IMAGE.encode() + b"a.sys", IMAGE.encode() + b"b.sys"):
            self.assertIn(word, text)

    # Policies and catalogs

    def authentihash(self, data):
        import second_opinion
        return second_opinion.authentihash(data)

    def test_the_disks_own_block_list_is_the_default(self):
        files = {f"{SYSTEM32}/drivers/ACPI.sys": driver()}
        report = self.look(files)
        digest = report["drivers"][0]["authentihash_sha256"]
        self.assertEqual(("unknown", "info"),
                         tuple(rule(report, "drivers.blocklist")[k] for k in ("status", "level")))
        policy = sipolicy.binary([sipolicy.rule(hash=digest)])
        report = self.look({**files, LIST: sipolicy.signed(policy)})
        self.assertEqual(("fail", "recommended"),
                         tuple(rule(report, "drivers.blocklist")[k] for k in ("status", "level")))
        given = self.file("given.bin", sipolicy.binary([sipolicy.rule(hash="ab" * 32)]))
        report = self.look({**files, LIST: policy}, "--blocklist", given)
        self.assertEqual(("pass", "info"), tuple(rule(report, "drivers.blocklist")[k] for k in
                                                 ("status", "level")))
        run("capture", "--from", self.metal(), "--windows", self.dir / "c", "--output",
            self.dir / "cap.tar", ok=(0,))
        for args in (("--windows", self.dir / "c"), ("--from", self.dir / "cap.tar")):
            check_trouble(run(*args, "--blocklist", self.file("bad.bin", policy[:80]), ok=(2,)),
                          "cannot be used as a block policy")
        report = self.look({**files, LIST: policy[:80]})
        self.assertIn("cannot be used as a block policy", str(report["notes"]))
        self.assertNotEqual("pass", rule(report, "drivers.blocklist")["status"])

    def test_a_policy_of_the_owner_denies_and_does_not_allow(self):
        files = {f"{SYSTEM32}/drivers/ACPI.sys": driver()}
        digest = self.look(files)["drivers"][0]["authentihash_sha256"]
        active = f"{SYSTEM32}/CodeIntegrity/CiPolicies/Active/{{0}}.cip"
        block = sipolicy.binary([sipolicy.rule(hash="ab" * 32)])
        report = self.look({**files, LIST: block,
                            active: sipolicy.binary([sipolicy.rule(hash=digest)])})
        self.assertEqual("fail", rule(report, "drivers.blocklist")["status"])
        allow = sipolicy.binary([sipolicy.rule(kind="allow", hash="cd" * 32)])
        report = self.look({**files, LIST: block, active: allow})
        self.assertEqual("pass", rule(report, "drivers.blocklist")["status"])

    def signed_catalog(self, digest):
        """A catalog that "Microsoft Windows" signs, and the digest over that certificate."""
        key, pem, bare, out = (self.dir / n for n in ("key", "pem", "bare.cat", "signed.cat"))
        subprocess.run([need_tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                        "-keyout", key, "-out", pem, "-subj", "/CN=Microsoft Windows", "-sha256",
                        "-addext", "extendedKeyUsage=codeSigning"], check=True, capture_output=True)
        bare.write_bytes(catalogs.catalog(catalogs.member(digest)))
        out.unlink(missing_ok=True)
        subprocess.run([need_tool("osslsigncode"), "sign", "-h", "sha256", "-certs", pem, "-key",
                        key, "-in", bare, "-out", out], check=True, capture_output=True)
        der = subprocess.run(["openssl", "x509", "-in", pem, "-outform", "der"], check=True,
                             stdout=subprocess.PIPE).stdout
        size = int.from_bytes(der[6:8], "big")
        return out.read_bytes(), hashlib.sha256(der[4:8 + size]).hexdigest()

    def test_catalogs_sign_what_carries_no_signature(self):
        files = {f"{SYSTEM32}/drivers/ACPI.sys": driver(),
                 f"{SYSTEM32}/drivers/other.sys": driver() + b"\0"}
        report = self.look(files)
        digest = next(d for d in report["drivers"] if "ACPI" in d["path"])["authentihash_sha256"]
        signed, tbs = self.signed_catalog(bytes.fromhex(digest))
        files.update({f"{CATALOGS}/a.cat": b"text", f"{CATALOGS}/b.cat": signed,
                      LIST: sipolicy.binary((), [sipolicy.signer(tbs)])})
        report = self.look(files)
        found = {d["path"].split("/")[-1]: d for d in report["drivers"]}
        self.assertTrue(found["ACPI.sys"]["catalog"].endswith("/b.cat"))
        self.assertIsNone(found["other.sys"]["catalog"])
        self.assertTrue(found["ACPI.sys"]["denied_by"])
        self.assertEqual("fail", rule(report, "drivers.blocklist")["status"])
        self.assertEqual([1, 1], [report["facts"][f"drivers.{n}"]
                                  for n in ("microsoft", "third-party")])
        self.assertIn("damaged and were not read: 1", str(report["notes"]))

    # Captures

    def test_a_capture_keeps_facts_and_is_judged_again(self):
        users = "\\??\\C:\\Users\\bob\\tool.sys"
        files = {f"{SYSTEM32}/drivers/ACPI.sys": driver(),
                 f"{SYSTEM32}/drivers/1394ohci.sys": driver(section=2, flags=RWX),
                 LOG: event_log.log(event_log.refused(IMAGE + "acpi.sys"),
                                    event_log.refused(users, process="C:\\Users\\bob\\x.exe")),
                 LIST: sipolicy.binary([sipolicy.rule(hash="ab" * 32)])}
        root = self.windows(files, "SYSTEM_2")
        guest = self.dir / "root"
        guest.mkdir()
        run("capture", "--root", guest, "--windows", root, "--output", self.dir / "cap", ok=(0,))
        live = parse(run("--root", guest, "--windows", root, "--format", "json").out)
        again = parse(run("--from", self.dir / "cap", "--format", "json").out)
        for key in ("drivers", "facts", "unknown", "findings", "notes", "rules", "verdict"):
            self.assertEqual(live[key], again[key], key)
        for name in ("drivers", "windows"):
            data = (self.dir / "cap" / name).read_bytes()
            self.assertNotIn(b"bob", data)
            self.assertNotIn(str(self.dir).encode(), data)
            self.assertNotIn(b"MZ\x90", data)
            self.assertLess(len(data), 8000)
        digest = next(d for d in again["drivers"] if "ACPI" in d["path"])["authentihash_sha256"]
        newer = self.file("newer.bin", sipolicy.binary([sipolicy.rule(hash=digest)]))
        judged = parse(run("--from", self.dir / "cap", "--blocklist", newer, "--format",
                           "json").out)
        self.assertEqual("pass", rule(again, "drivers.blocklist")["status"])
        self.assertEqual("fail", rule(judged, "drivers.blocklist")["status"])

    def test_a_windows_beside_evidence_goes_into_its_capture(self):
        root = self.windows({f"{SYSTEM32}/drivers/ACPI.sys": driver()})
        for at, source in ((self.dir / "one", self.metal()), (self.dir / "two", self.dir / "one")):
            run("capture", "--from", source, "--windows", root, "--output", at, ok=(0,))
            report = parse(run("--from", at, "--format", "json").out)
            self.assertEqual(["required"], [d["group"] for d in report["drivers"]])
        check_trouble(run("capture", "--blocklist", "x", "--output", self.dir / "three", ok=(2,)))
        check_trouble(run("--windows", root, "--drivers", root, ok=(2,)))
        check_trouble(run("--windows", root, self.metal(), self.metal(), ok=(2,)))

    def test_nothing_is_written_and_the_tree_is_the_same_after(self):
        root = self.windows({f"{SYSTEM32}/drivers/ACPI.sys": driver(),
                             LOG: event_log.log(event_log.refused(IMAGE + "acpi.sys"))})
        before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
        run("--from", self.metal(), "--windows", root)
        self.assertEqual(before, {p: p.read_bytes() for p in root.rglob("*") if p.is_file()})


if __name__ == "__main__":
    harness.main()
