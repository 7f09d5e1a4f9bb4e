# SPDX-License-Identifier: MIT
"""What changed between two sides, and scans held against a baseline."""
import itertools
import json
import struct
import xml.etree.ElementTree as ElementTree

import harness
from harness import (MOR, Case, check_text, check_trouble, capture_files, dmar, judge, metal,
                     need_corpus, need_guests, parse, run, table, tar, wsmt, write_files)

SCHEMA = harness.PROJECT / "docs/schema/diff-1.json"
DMI = "vendor: {}\nproduct: {}\nfirmware-version: {}\nfirmware-date: {}\n"


def dmi(vendor="Maker", product="Thing", version="1.0", date="01/02/2026"):
    return DMI.format(vendor, product, version, date).encode()


def mat(*entries):
    """(type, start, pages, attributes) each."""
    data = struct.pack("<IIII", 1, len(entries), 48, 0)
    for kind, start, pages, attributes in entries:
        data += struct.pack("<IIQQQQQ", kind, 0, start, 0, pages, attributes | 1 << 63, 0)
    return data


RO, XP = 0x20000, 0x4000
CODE, DATA = 5, 6


def diff(a, b, *args, ok=(0, 1, 3), **more):
    """The difference as JSON, checked against its schema and its exit status."""
    import jsonschema
    r = run("diff", a, b, "--format", "json", *args, ok=ok, **more)
    assert r.err == b"", r
    d = json.loads(r.out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(d)
    worse = d["verdict"] == "worse" or any(c["counts"] and c["turn"] == "worse"
                                           for c in d["rules"])
    assert d["worse"] == worse, d
    want = 1 if worse else 3 if d["rules"] or d["verdict"] != "same" else 0
    assert r.status == want, f"{r.status}, not {want}: {d}"
    return d


def changes(d, what):
    return {c["name"]: (c["a"], c["b"]) for c in d[what]}


def turned(d):
    return {c["id"]: (c["a"] and c["a"]["status"], c["b"] and c["b"]["status"], c["turn"])
            for c in d["rules"]}


class Sides(Case):
    def capture(self, name, **more):
        return write_files(self.dir / name, capture_files(metal(**more)))

    def report(self, name, path):
        return self.file(name, run("--format", "json", path).out)

    def nothing(self, a, b):
        d = diff(a, b)
        self.assertEqual([], d["host"] + d["rules"] + d["rows"] + d["facts"] + d["findings"])
        self.assertFalse(d["tables"])
        self.assertEqual((None, "same", False),
                         (d["different_machines"], d["verdict"], d["worse"]))
        self.assertTrue(run("diff", a, b, ok=(0,)).out.endswith(b"\nNothing changed.\n"))
        self.assertTrue(run("diff", "--format", "markdown", a, b, ok=(0,))
                        .out.endswith(b"\nNothing changed.\n"))


class Diff(Sides):
    def test_two_captures_of_one_machine(self):
        """Nothing, whatever their forms; a JSON report is a side like them."""
        one = self.capture("one")
        two = self.file("two.tar", tar(capture_files(metal())))
        line = self.file("line", run("--format", "ndjson", two).out)
        for a, b in itertools.product((one, two, self.report("r.json", one), line), repeat=2):
            self.nothing(a, b)

    def test_two_scans_of_a_guest(self):
        root = need_guests() / "smm-tpm-mor2"
        for name in "ab":
            run("capture", "--root", root, "--output", self.dir / f"{name}.tar.gz", ok=(0,))
        self.nothing(self.dir / "a.tar.gz", self.dir / "b.tar.gz")

    def test_a_host_of_the_corpus_and_its_capture(self):
        for host in sorted(need_corpus("hosts").iterdir())[:4]:
            run("capture", "--from", host, "--output", self.dir / f"{host.name}.tar", ok=(0,))
            d = diff(host, self.dir / f"{host.name}.tar")
            self.assertEqual([], d["rules"] + d["rows"], host)

    def test_after_the_firmware_update(self):
        a = self.capture("a", **{"acpi/WSMT": wsmt(3)})
        b = self.capture("b", dmi=dmi(version="1.1", date="03/04/2026"))
        for x, y in ((a, b), (self.report("a.json", a), b), (a, self.report("b.json", b))):
            d = diff(x, y)
            self.assertEqual({"smm.wsmt": ("fail", "pass", "better")}, turned(d))
            self.assertEqual("after the firmware update: smm.wsmt fail -> pass",
                             d["rules"][0]["text"])
            self.assertEqual({"smm": ("fail", "pass")}, changes(d, "rows"))
            self.assertEqual({"wsmt.flags": (3, 7)}, changes(d, "facts"))
            self.assertEqual({"firmware_version": ("1.0", "1.1"),
                              "firmware_date": ("01/02/2026", "03/04/2026")}, changes(d, "host"))
            self.assertIsNone(d["different_machines"])
            text = check_text(run("diff", x, y, ok=(3,)).out)
            self.assertIn("Rules, after the firmware update:\n"
                          "  better: smm.wsmt fail -> pass; now: ", text)
            self.assertIn("  wsmt.flags: 3 -> 7\n", text)
        d = diff(a, b)
        self.assertEqual([("acpi/WSMT", 2)],
                         [(t["name"], t["bytes_that_differ"]) for t in d["tables"]])
        self.assertIn({"offset": 36, "length": 1, "field": "protections", "a": "03", "b": "07"},
                      d["tables"][0]["bytes"])
        # Back again it got worse.
        d = diff(b, a)
        self.assertEqual({"smm.wsmt": ("pass", "fail", "worse")}, turned(d))
        self.assertEqual("after the change to older firmware", d["after"])

    def test_a_report_does_not_hold_the_bytes(self):
        a, b = self.capture("a", **{"acpi/WSMT": wsmt(3)}), self.capture("b")
        self.assertIsNone(diff(self.report("a.json", a), b)["tables"])

    def test_a_tpm_was_added(self):
        a, b = self.capture("a", **{"acpi/TPM2": "absent"}), self.capture("b")
        d = diff(a, b)
        self.assertEqual((False, True), changes(d, "facts")["tpm2.present"])
        self.assertIn("tpm.version", turned(d))

    def test_an_iommu_was_switched_on(self):
        d = diff(self.capture("a", **{"acpi/DMAR": "absent"}), self.capture("b"))
        self.assertEqual(("fail", "pass", "better"), turned(d)["iommu.present"])
        self.assertEqual([("acpi/DMAR", None, len(dmar(5)))],
                         [(t["name"], t["size_a"], t["size_b"]) for t in d["tables"]])

    def test_addresses_that_change_with_each_boot(self):
        """FACP points to others, and TPM2 to the event log."""
        facp = table(b"FACP", bytes(4) + b"\xaa" * 4 + bytes(276 - 44), revision=6)
        self.nothing(self.capture("a"), self.capture("b", **{"acpi/FACP": facp}))

    def test_virtualization_was_switched_on(self):
        """MSR 3Ah, locked without VMX and then with it."""
        kernel = {"kernel": b"release: 6.1.0\nconfig-kvm-intel: m\n"}
        d = diff(self.capture("a", msr=b"0 0x3a 0x0000000000000001\n", **kernel),
                 self.capture("b", msr=b"0 0x3a 0x0000000000000005\n", **kernel))
        self.assertEqual(("fail", "pass", "better"), turned(d)["cpu.virtualization"])
        self.assertEqual(("0x0000000000000001", "0x0000000000000005"),
                         changes(d, "facts")["cpu.feature-control"])

    def test_dmar_by_address_and_byte(self):
        unit = struct.pack("<HHBBHQ", 0, 16, 0, 0, 0, 0xfed91000)
        more = table(b"DMAR", dmar(5)[36:] + unit)
        d = diff(self.capture("a"), self.capture("b", **{"acpi/DMAR": more}))
        entries = [t for t in d["tables"] if t["name"] == "acpi/DMAR"][0]["entries"]
        self.assertEqual([{"kind": "DRHD", "address": "0xfed91000", "a": None,
                           "b": "segment 0, flags 0x00"}], entries)
        d = diff(self.capture("c", **{"acpi/DMAR": dmar(4)}), self.capture("d"))
        self.assertIn({"offset": 37, "length": 1, "field": "flags", "a": "04", "b": "05"},
                      d["tables"][0]["bytes"])

    def test_mat_by_address(self):
        old = mat((CODE, 0x7000000, 16, RO), (DATA, 0x7010000, 1, XP), (DATA, 0x7011000, 1, XP))
        new = mat((CODE, 0x7000000, 16, 0), (DATA, 0x7011000, 1, XP), (DATA, 0x7012000, 2, XP))
        d = diff(self.capture("a", **{"efi/memattr": old}), self.capture("b", **{"efi/memattr": new}))
        entries = {e["address"]: (e["a"], e["b"]) for t in d["tables"] for e in t["entries"]}
        self.assertEqual({
            "0x7000000": ("runtime code, 16 pages, read-only",
                          "runtime code, 16 pages, neither read-only nor no-execute"),
            "0x7010000": ("runtime data, 1 page, no-execute", None),
            "0x7012000": (None, "runtime data, 2 pages, no-execute")}, entries)
        self.assertEqual(("pass", "fail", "worse"), turned(d)["uefi.page-protection"])
        text = check_text(run("diff", self.dir / "a", self.dir / "b", ok=(1,)).out)
        self.assertIn("entry at 0x7010000: runtime data, 1 page, no-execute -> not there", text)

    def test_different_machines_are_said_first(self):
        a, b = self.capture("a"), self.capture("b", dmi=dmi(product="Another"))
        self.assertEqual("the product is Thing and Another", diff(a, b)["different_machines"])
        text = check_text(run("diff", a, b, ok=(0,)).out)
        self.assertTrue(text.startswith("These are two different machines (the product is Thing"))
        self.assertIn(b"**These are two different machines**",
                      run("diff", "--format", "markdown", a, b).out)
        # Of one model, but of two names.
        for name, label in (("c", "one"), ("d", "two")):
            run("capture", "--from", a, "--label", f"host={label}", "--output", self.dir / name,
                ok=(0,))
        self.assertEqual('the label "host" is one and two',
                         diff(self.dir / "c", self.dir / "d")["different_machines"])

    def test_a_pass_that_is_now_unknown_is_worse(self):
        d = diff(self.capture("a"), self.capture("b", **{"acpi/WSMT": "no-permission"}))
        self.assertEqual(("pass", "unknown", "worse"), turned(d)["smm.wsmt"])

    def test_an_excused_unknown_is_not_worse(self):
        lock = {harness.MORLOCK: b"\7\0\0\0\2"}
        d = diff(self.capture("a", **lock), self.capture("b"))
        self.assertEqual(("pass", "unknown", "other"), turned(d)["mor.lock-v2"])
        self.assertFalse(d["worse"])

    def test_a_recommended_rule_does_not_count(self):
        d = diff(self.capture("a"), self.capture("b", **{
            "efivar/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\0"}))
        self.assertEqual(("pass", "fail", "worse"), turned(d)["boot.secure-boot"])
        self.assertFalse(d["worse"])

    def test_a_firmware_date_of_four_parts(self):
        for date in ("01/02/2/26", "//////////", "0a/02/2026"):
            b = self.capture("b", dmi=dmi(version="2", date=date))
            self.assertEqual("after the firmware update", diff(self.capture("a"), b)["after"])

    def test_a_cause_or_a_level_that_changed(self):
        """The firmware claims too little, and then nothing; a level is another machine's view."""
        a = self.capture("a", **{"acpi/WSMT": wsmt(3)})
        d = diff(a, self.capture("b", **{"acpi/WSMT": "absent"}))
        self.assertEqual(("fail", "fail", "other"), turned(d)["smm.wsmt"])
        self.assertEqual("smm.wsmt fail (firmware-bug) -> fail (absent)", d["rules"][0]["text"])
        report = json.loads(run("--format", "json", a).out)
        harness.rule(report, "smm.wsmt")["level"] = "recommended"
        d = diff(self.file("level.json", json.dumps(report).encode()), a)
        self.assertEqual({"smm.wsmt": ("fail", "fail", "other")}, turned(d))
        self.assertIn("recommended -> required", run("diff", self.dir / "level.json", a).out.decode())

    def test_words_that_this_version_does_not_know(self):
        """A newer program's status is as bad as an unknown."""
        a = self.capture("a")
        report = json.loads(run("--format", "json", a).out)
        harness.rule(report, "smm.wsmt").update(status="postponed", reason="later")
        d = diff(a, self.file("new.json", json.dumps(report).encode()))
        self.assertEqual({"smm.wsmt": ("pass", "postponed", "worse")}, turned(d))

    def test_a_table_that_is_all_new(self):
        """Only so many runs of bytes are listed, and how many more there are."""
        noise = bytes(36) + bytes(x % 2 for x in range(400))
        a = self.capture("a", **{"acpi/WSMT": wsmt(7) + bytes(400)})
        b = self.capture("b", **{"acpi/WSMT": wsmt(7) + noise[36:]})
        t = diff(a, b)["tables"][0]
        self.assertEqual((32, 200), (len(t["bytes"]), t["bytes_that_differ"]))
        self.assertIn("and 168 more bytes", run("diff", a, b).out.decode())

    def test_output_and_stdin(self):
        a, b = self.capture("a"), self.capture("b", **{"acpi/WSMT": wsmt(0)})
        out = self.dir / "out.md"
        r = run("diff", "-", b, "--format", "markdown", "--output", out,
                stdin=self.report("a.json", a).read_bytes(), ok=(1,))
        self.assertEqual(b"", r.out)
        self.assertIn("| smm.wsmt | pass | fail | worse |", out.read_text())

    def test_wrong_usage(self):
        a = self.capture("a")
        check_trouble(run("diff", a), "compares two")
        check_trouble(run("diff", a, a, a), "compares two")
        check_trouble(run("diff", "-", "-"), "only one of the two")
        check_trouble(run("diff", a, self.dir / "no"), "no")
        check_trouble(run("diff", a, a, "--format", "csv"), "diff prints text, markdown or json")
        write_files(self.dir / "fleet" / "x", capture_files(metal()))
        write_files(self.dir / "fleet" / "y", capture_files(metal()))
        check_trouble(run("diff", a, self.dir / "fleet"), "contains 2 machines")

    def test_damaged_reports_are_named(self):
        a = self.capture("a")
        whole = run("--format", "json", a).out
        line = run("--format", "ndjson", a).out
        other = json.loads(whole)
        newer, older, foreign = ({**other, "schema_version": 2}, {**other, "schema_version": 0},
                                 {**other, "tool": {"name": "other"}})
        halved = {k: v for k, v in other.items() if k != "rules"}
        for name, data, words in (
                ("cut", whole[:len(whole) // 2], "is cut off"),
                ("many", line * 3, "contains several reports"),
                ("newer", json.dumps(newer).encode(), "schema version 2"),
                ("older", json.dumps(older).encode(), "schema version 0"),
                ("foreign", json.dumps(foreign).encode(), "not a report of vbscheck"),
                ("halved", json.dumps(halved).encode(), "not a whole report"),
                ("empty", b"{}", "not a report of vbscheck"),
                ("behind", whole + b"and more", "other text after"),
                ("damaged", whole.replace(b'"verdict":', b'"verdict"'), "is damaged"),
                ("twice", whole.replace(b'"profile":', b'"verdict":'), "is damaged"),
                ("deep", b'{"a":' * 20000, "is damaged"),
                ("values", b'{"a":[' + b"0," * 70000 + b"0]}", "contains more"),
                ("large", b'{"a":"' + b"x" * (7 << 20) + b'"}', "contains more"),
                ("rules", json.dumps({**other, "rules": other["rules"] * 30}).encode(),
                 "contains more"),
                ("texts", json.dumps({**other, "rules": "none"}).encode(), "not a whole report"),
        ):
            with self.subTest(name):
                path = self.file(name + ".json", data)
                for args in ((path, a), (a, path)):
                    check_trouble(run("diff", *args), words, name + ".json")
                check_trouble(run("--baseline", path, a), words, name + ".json")

    def test_hostile_reports(self):
        """Words of a report reach a terminal only as text."""
        a = self.capture("a")
        report = json.loads(run("--format", "json", a).out)
        evil = "\x1b[31m\u202e<script>|`x`\n" + "A" * 10000
        for rule in report["rules"]:
            rule["message"], rule["status"], rule["reason"] = evil, evil, evil
        for name in report["facts"]:
            report["facts"][name] = evil
        report["facts"][evil] = 1
        report["host"].update(vendor=evil, firmware_version=evil)
        report["verdict"] = evil
        path = self.file("evil.json", json.dumps(report).encode())
        for form in ("text", "markdown", "json"):
            out = run("diff", path, a, "--format", form, ok=(1, 3)).out
            self.assertIsNone(harness.UNPRINTABLE.search(out.decode()), form)
            if form == "markdown":
                self.assertNotIn(b"<script>", out)
        diff(path, a)
        diff(a, path)

    def test_any_prefix_of_a_report(self):
        a = self.capture("a")
        whole = run("--format", "ndjson", a).out
        for n in range(0, len(whole) - 2, 997):
            check_trouble(run("diff", self.file("p.json", whole[:n]), a))


class Baseline(Sides):
    def test_only_what_got_worse_fails(self):
        bad = {"acpi/WSMT": wsmt(3)}
        a = self.capture("a", **bad)
        base = self.report("base.json", a)
        for name, more, status in (("same", bad, 0), ("better", {}, 0),
                                   ("worse", {**bad, MOR: "absent"}, 1)):
            b = self.capture(name, **more)
            r = run("--format", "json", "--baseline", base, b, ok=(status,))
            report = parse(r.out)
            self.assertEqual(status == 1, report["baseline"]["worse"])
            text = run("--baseline", base, b, ok=(status,)).out.decode()
            self.assertIn("worse: mor.control pass -> fail" if status else "nothing got worse",
                          " ".join(text.split()))
            suites = ElementTree.fromstring(run("--format", "junit", "--baseline", base, b,
                                                ok=(status,)).out)
            failed = {c.get("name") for c in suites.iter("testcase") if c.find("failure") is not None}
            self.assertEqual("mor.control" in failed, status == 1, failed)
            self.assertNotIn("smm.wsmt", failed)
            log = json.loads(run("--format", "sarif", "--baseline", base, b, ok=(status,)).out)
            results = log["runs"][0]["results"]
            self.assertEqual(failed, {r["ruleId"] for r in results if r["kind"] == "fail"})
            if name == "same":
                held = [r for r in results if r["ruleId"] == "smm.wsmt"][0]
                self.assertEqual(("informational", "none"), (held["kind"], held["level"]))

    def test_an_unknown_that_was_a_pass(self):
        base = self.report("base.json", self.capture("a"))
        b = self.capture("b", **{"acpi/WSMT": "no-permission"})
        r = run("--format", "junit", "--baseline", base, b, ok=(1,))
        self.assertIn(b'<failure type="unknown"', r.out)
        run("--exit-zero", "--baseline", base, b, ok=(0,))

    def test_fail_on(self):
        off = {"efivar/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\0"}
        base = self.report("base.json", self.capture("a"))
        b = self.capture("b", **off)
        run("--baseline", base, b, ok=(0,))
        run("--baseline", base, "--fail-on", "recommended", b, ok=(1,))

    def test_rules_that_the_baseline_lacks(self):
        a = self.capture("a")
        base = self.file("cpu.json", run("--only", "cpu", "--format", "json", a).out)
        report = parse(run("--format", "json", "--baseline", base, a, ok=(0, 1)).out)
        self.assertIn("were not compared", json.dumps(report["notes"]))

    def test_a_rule_that_the_baseline_lacks_and_that_spoils_the_verdict(self):
        report = json.loads(run("--format", "json", self.capture("a")).out)
        report["rules"] = [r for r in report["rules"] if r["id"] != "smm.wsmt"]
        report["verdict"] = "ready"
        base = self.file("base.json", json.dumps(report).encode())
        b = self.capture("b", **{"acpi/WSMT": wsmt(3)})
        self.assertIn("smm.wsmt not judged -> fail", run("--baseline", base, b, ok=(1,)).out.decode())
        self.assertIn(b'<failure type="fail"', run("--format", "junit", "--baseline", base, b).out)
        report["verdict"] = "not-ready"
        base = self.file("base.json", json.dumps(report).encode())
        run("--baseline", base, b, ok=(0,))

    def test_a_verdict_that_got_worse_by_itself(self):
        """Its rules are as they were, or it has none of them."""
        report = json.loads(run("--format", "json", self.capture("a")).out)
        report.update(verdict="ready", rules=[])
        base = self.file("base.json", json.dumps(report).encode())
        b = self.capture("b", **{"acpi/WSMT": "no-permission"})
        self.assertIn(b"worse: the verdict", run("--baseline", base, b, ok=(1,)).out)

    def test_another_machine_is_a_note(self):
        base = self.report("base.json", self.capture("a", dmi=dmi(product="Another")))
        report = judge_with(base, self.capture("b"))
        self.assertIn("it is the report of another machine: the product is Another and Thing",
                      json.dumps(report["notes"]))

    def test_a_baseline_of_another_profile_is_a_note(self):
        base = self.report("base.json", self.capture("a"))
        b = self.capture("b")
        words = "it was judged by the profile vbs, this scan by strict"
        self.assertNotIn(words, json.dumps(judge_with(base, b)["notes"]))
        report = json.loads(run("--format", "json", "--baseline", base, "--profile", "strict", b).out)
        self.assertIn(words, json.dumps(report["notes"]))

    def test_wrong_usage(self):
        a = self.capture("a")
        base = self.report("base.json", a)
        check_trouble(run("--baseline", self.dir / "no", a), "no")
        check_trouble(run("--baseline", "-", a), "a file is needed")
        check_trouble(run("--baseline", a, a), "not a JSON report")
        check_trouble(run("--baseline", base, a, a), "--baseline works with only one input")
        check_trouble(run("--baseline", self.file("none", b""), a), "not a JSON report")


def judge_with(base, path):
    return parse(run("--format", "json", "--baseline", base, path, ok=(0, 1)).out)


if __name__ == "__main__":
    harness.main()
