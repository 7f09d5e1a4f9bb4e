# SPDX-License-Identifier: MIT
"""Formats for other programs, each read by its real consumer.

A consumer that is missing is a failure in CI, and skipped aloud elsewhere; consumers.py fetches those
of npm. The page for people is test_html.py's.
"""
import csv
import io
import json
import os
import re
import socket
import subprocess
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import harness
from consumers import consumers
from harness import (Case, RULES, capture_files, check_trouble, metal, need, need_corpus,
                     need_tool, parse, reports, run, wsmt, write_files)

FORMATS = ("markdown", "csv", "junit", "sarif", "prometheus")
MANY = ("markdown", "csv", "junit", "sarif")
COLUMNS = ("host_key", "vendor", "product", "firmware_version", "verdict", "rule", "row", "level",
           "status", "reason", "cause", "message", "collected_at")
RLO, ESC = "\u202e", "\x1b"
# Of each kind one; behind it, what may not be in any document.
HOSTILE = {
    "control characters": ("a\x07b\x7fc\u009bd" + ESC + "[31m", None),
    "a tag": ("<script>alert(1)</script>", None),
    "a cell": ("a | b || c", None),
    "the end of CDATA": ("]]><x/>", None),
    "quotes": ("\"a\" 'b' `c` \\", None),
    "a formula": ("=cmd|' /C calc'!A0", None),
    "a formula with a sign": ("+1+1", None),
    "a formula behind a blank": ("\u00a0@SUM(1)", None),
    "a direction": (f"{RLO}fdp.exe{RLO}", RLO),
    "10 KB": ("long " * 2000, "long " * 101),
    "a link": ("[x](javascript:alert(1)) ![y](http://x.example)", None),
    "a placeholder": ("{0} ${HOME} %s %n", None),
}


def blobs(text="Maker", **more):
    data = f"vendor: {text}\nproduct: {text}\nfirmware-version: {text}\n".encode()
    return capture_files(metal(dmi=data, **more))


def rows_of(out):
    rows = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS, rows[0]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def sarif_multitool():
    program = consumers() / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    need(program.is_file(), f"not found: {program}")
    program.chmod(0o755)
    return program


def check_sarif(log):
    """What the validator does not enforce: levels by kind (3.27.10), places, full stops."""
    assert log["version"] == "2.1.0" and "2.1.0" in log["$schema"]
    results = [(run, r) for run in log["runs"] for r in run["results"]]
    assert len(results) <= 25000
    for of, r in results:
        rules = of["tool"]["driver"]["rules"]
        assert rules[r["ruleIndex"]]["id"] == r["ruleId"], r
        assert r["kind"] in ("pass", "fail", "open", "notApplicable", "informational"), r
        assert (r["level"] == "none") == (r["kind"] != "fail"), r
        assert r["message"]["text"].endswith("."), r
        place = r["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~-]+(/([A-Za-z0-9._~-]|%[0-9a-f]{2})+)*",
                            place["artifactLocation"]["uri"]), r
        assert place["region"]["byteOffset"] >= 0
        assert r["partialFingerprints"]
    for of in log["runs"]:
        assert of["automationDetails"]["id"].startswith("vbscheck/")
        for rule in of["tool"]["driver"]["rules"]:
            assert re.fullmatch(r"([A-Z][a-z0-9]*)+", rule["name"]), rule
            level = rule["defaultConfiguration"]["level"]
            assert level in ("error", "warning", "note"), rule
    return log


def check_junit(out):
    """Counts add up, and the words are those of Jenkins' schema."""
    suites = ElementTree.fromstring(out)
    assert suites.tag == "testsuites"
    for suite in suites:
        cases = suite.findall("testcase")
        counts = [len(cases), len(suite.findall("testcase/failure")), 0,
                  len(suite.findall("testcase/skipped"))]
        assert [int(suite.get(k)) for k in ("tests", "failures", "errors", "skipped")] == counts
        assert all(len(case) <= 1 for case in cases)
    return suites


def shown_by_node_exporter(folder):
    """What a scrape gets of the files *.prom in a folder."""
    exporter = need_tool("prometheus-node-exporter")
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    child = subprocess.Popen(
        [exporter, "--collector.disable-defaults", "--collector.textfile",
         f"--collector.textfile.directory={folder}", f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for line in child.stderr:
            if "TLS is disabled" in line or "Listening on" in line:
                break
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
            shown = page.read().decode()
    finally:
        child.kill()
        child.wait()
        child.stderr.close()
    return shown


class Shapes(Case):
    def setUp(self):
        super().setUp()
        self.good = write_files(self.dir / "good", blobs())
        self.bad = write_files(self.dir / "bad", blobs(**{"acpi/WSMT": wsmt(3)}))
        self.broken = self.file("broken", b"no evidence\n")

    def made(self, form, *args, **more):
        return run("--format", form, *args, **more).out

    def test_csv(self):
        rows = rows_of(self.made("csv", self.good, self.broken, self.bad))
        report = parse(run("--format", "json", self.bad).out)
        self.assertEqual(2 * len(RULES), len(rows))
        self.assertEqual({"good", "bad"}, {r["host_key"] for r in rows})
        for row, rule in zip(rows[len(RULES):], report["rules"], strict=True):
            self.assertEqual((rule["id"], rule["row"], rule["level"], rule["status"],
                              rule["reason"] or "", rule["cause"] or "", rule["message"]),
                             tuple(row[k] for k in ("rule", "row", "level", "status", "reason",
                                                    "cause", "message")))
            self.assertEqual(("bad", "Maker", report["verdict"], "2026-01-02T03:04:05Z"),
                             (row["host_key"], row["vendor"], row["verdict"], row["collected_at"]))

    def test_junit(self):
        suites = check_junit(self.made("junit", self.good, self.bad))
        self.assertEqual(["good", "bad"], [s.get("name") for s in suites])
        self.assertEqual("2026-01-02T03:04:05", suites[0].get("timestamp"))
        failed = [c.get("name") for c in suites.iter("testcase") if c.find("failure") is not None]
        self.assertEqual(["smm.wsmt"], failed)
        text = suites.find(".//failure").text
        self.assertIn("wsmt.flags: 0x3", text)
        self.assertIn("\nDo: ", text)

    def test_only_what_counts_for_the_exit_status_is_a_failure(self):
        off = write_files(self.dir / "off", blobs(
            **{"efivar/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\0"}))

        def case(*args):
            suites = check_junit(self.made("junit", off, *args))
            return next(c for c in suites.iter("testcase") if c.get("name") == "boot.secure-boot")

        self.assertTrue(case().find("skipped").get("message").startswith("recommended: "))
        self.assertIsNotNone(case("--fail-on", "recommended").find("failure"))

    def test_sarif(self):
        log = check_sarif(json.loads(self.made("sarif", self.good, self.bad)))
        self.assertEqual(["vbscheck/good", "vbscheck/bad"],
                         [r["automationDetails"]["id"] for r in log["runs"]])
        fails = [r for r in log["runs"][1]["results"] if r["kind"] == "fail"]
        self.assertEqual([("smm.wsmt", "error")], [(r["ruleId"], r["level"]) for r in fails])
        place = fails[0]["locations"][0]["physicalLocation"]
        self.assertEqual(("acpi/WSMT", 36), (place["artifactLocation"]["uri"],
                                             place["region"]["byteOffset"]))

    def test_prometheus(self):
        text = self.made("prometheus", self.bad).decode()
        self.assertTrue(text.endswith("\n"))
        self.assertIn('vbscheck_rule_status{rule="smm.wsmt",level="required",status="fail"} 1\n', text)
        self.assertIn("vbscheck_scan_timestamp_seconds 1767323045\n", text)
        for rule in RULES:
            self.assertEqual(1, len(re.findall(
                rf'^vbscheck_rule_status\{{rule="{rule}",.*\}} 1$', text, re.M)), rule)

    def test_markdown(self):
        text = self.made("markdown", self.good, self.bad).decode()
        self.assertEqual(["## vbscheck: good", "## vbscheck: bad"],
                         [x for x in text.split("\n") if x.startswith("## ")])
        self.assertIn("| fail | SMM protections (WSMT) | required |", text)

    def test_one_input_that_fails(self):
        """In every place; and none of all leaves no document."""
        for form in MANY:
            alone = self.made(form, self.good)
            for paths in ((self.broken, self.good), (self.good, self.broken)):
                self.assertEqual(alone, run("--format", form, *paths, ok=(2,)).out, form)
            self.assertEqual(b"", run("--format", form, self.broken, ok=(2,)).out, form)
        self.assertIn("one file per host", check_trouble(
            run("--format", "prometheus", self.good, self.bad)))

    def test_host_key(self):
        """A label, else the last part of the path, else this machine."""
        run("capture", "--from", self.good, "--output", self.dir / "pc7.tar.gz", ok=(0,))
        run("capture", "--from", self.good, "--label", "host=pc 8", "--output", self.dir / "x.tar",
            ok=(0,))
        for name, key in (("pc7.tar.gz", "pc7"), ("x.tar", "pc 8"), ("good/", "good")):
            path = f"{self.dir}/{name}"
            self.assertEqual({key}, {r["host_key"] for r in rows_of(self.made("csv", path))})
            self.assertEqual(key, check_junit(self.made("junit", path))[0].get("name"))
            log = json.loads(self.made("sarif", path))
            self.assertEqual("vbscheck/" + key, log["runs"][0]["automationDetails"]["id"])
        self.assertEqual({"this-machine"},
                         {r["host_key"] for r in rows_of(self.made("csv", ok=(0, 1, 3)))})

    def test_drivers_in_every_format(self):
        for form in FORMATS:
            out = run("drivers", "--format", form, self.broken).out
            if form == "junit":
                check_junit(out)
            elif form == "sarif":
                check_sarif(json.loads(out))
            else:
                self.assertTrue(out, form)


class Hostile(Case):
    def test_strings_of_firmware(self):
        for kind, (text, never) in HOSTILE.items():
            path = write_files(self.dir / kind, blobs(text))
            for form in FORMATS:
                with self.subTest(kind, form=form):
                    self.check(form, path, text, never)

    def check(self, form, path, text, never):
        out = run("--format", form, path, ok=(0, 1, 3)).out.decode()
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out))
        self.assertFalse(never is not None and never in out)
        if form == "csv":
            rows = rows_of(out.encode())
            self.assertEqual(len(RULES), len(rows))
            for cell in (c for row in rows for c in row.values()):
                self.assertNotRegex(cell, r"^\s*[=+\-@]")
        elif form == "junit":
            suites = check_junit(out)
            self.assertEqual(1, len(suites))
            self.assertIsNone(suites.find(".//script"))
        elif form == "sarif":
            log = check_sarif(json.loads(out))
            for r in log["runs"][0]["results"]:
                self.assertNotRegex(r["message"]["text"], r"(?<!\\)[\[\]]|(?<!\{)\{(?!\{)")
        elif form == "markdown":
            self.assertNotRegex(out, r"<(?!/?sub)|[^\\]\]\(|://|www\.")
            for line in out.split("\n"):
                if line.startswith("|"):
                    self.assertIn(len(re.findall(r"(?<!\\)\|", line)), (5,), line)
        elif form == "prometheus":
            for line in out.rstrip("\n").split("\n"):
                self.assertRegex(line, r'^(#|vbscheck_\w+(\{(\w+="([^"\\]|\\.)*",?)*\})? \d+$)')

    def test_names_of_files(self):
        """What a host is called may come from a stranger's folder."""
        for name in ("<b>&|`", "=1+1", "a\"b'c", "x\ny", f"{RLO}gpj", "]]>"):
            path = write_files(self.dir / name, blobs())
            for form in FORMATS:
                with self.subTest(name, form=form):
                    self.check(form, path, name, RLO)


class Consumers(Case):
    def fleet(self, form):
        path = self.dir / f"fleet.{form}"
        run("--format", form, need_corpus("hosts"), "--output", path, ok=(1, 2, 3))
        return path

    def hostile(self, form):
        path = self.dir / f"hostile.{form}"
        folders = [write_files(self.dir / f"h{i}", blobs(text))
                   for i, (text, _) in enumerate(HOSTILE.values())]
        run("--format", form, *folders, "--output", path, ok=(0, 1, 3))
        return path, len(folders)

    def test_junitparser(self):
        try:
            import junitparser
        except ImportError:
            need(False, "python3-junitparser is not installed")
        hosts = len(reports(run("--format", "ndjson", need_corpus("hosts"))))
        for path, n in ((self.fleet("junit"), hosts), self.hostile("junit")):
            xml = junitparser.JUnitXml.fromfile(str(path))
            self.assertEqual(n, len(list(xml)))
            for suite in xml:
                kinds = [type(case.result[0]) if case.result else None for case in suite]
                self.assertEqual((suite.tests, suite.failures, suite.skipped),
                                 (len(kinds), kinds.count(junitparser.Failure),
                                  kinds.count(junitparser.Skipped)))

    def test_sqlite(self):
        sqlite = need_tool("sqlite3")
        for path, n in ((self.fleet("csv"), None), self.hostile("csv")):
            made = subprocess.run(
                [sqlite, ":memory:", ".mode csv", f".import {path} rules",
                 "select count(*), count(distinct host_key) from rules where rule <> ''"],
                capture_output=True, text=True, check=True)
            self.assertEqual("", made.stderr)
            rows = rows_of(path.read_bytes())
            hosts = len({r["host_key"] for r in rows})
            self.assertEqual(f"{len(rows)},{hosts}", made.stdout.strip())
            self.assertEqual(n or hosts, hosts)

    def test_promtool(self):
        promtool = need_tool("promtool")
        for text in [h[0] for h in HOSTILE.values()] + ["Maker"]:
            path = write_files(self.dir / "host", blobs(text))
            out = run("--format", "prometheus", path, ok=(0, 1, 3)).out
            made = subprocess.run([promtool, "check", "metrics"], input=out, capture_output=True)
            self.assertEqual((0, b"", b""), (made.returncode, made.stdout, made.stderr))

    def test_node_exporter(self):
        """Its textfile collector shows what was written, and counts no error."""
        path = write_files(self.dir / "host", blobs(HOSTILE["quotes"][0]))
        folder = self.dir / "textfile"
        folder.mkdir()
        run("--format", "prometheus", path, "--output", folder / "vbscheck.prom", ok=(0, 1, 3))
        shown = shown_by_node_exporter(folder)
        self.assertIn("node_textfile_scrape_error 0\n", shown)
        written = (folder / "vbscheck.prom").read_text()
        lines = {x for x in written.split("\n") if x.startswith("vbscheck_rule_status")}
        told = re.findall(r'rule="([^"]+)",status="([^"]+)"\} 1', shown)
        self.assertEqual({re.search(r'rule="([^"]+)".*status="([^"]+)"\} 1', x).groups()
                          for x in lines if x.endswith(" 1")}, set(told))

    def test_sarif_multitool(self):
        env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        for path in (self.fleet("sarif"), self.hostile("sarif")[0]):
            check_sarif(json.loads(path.read_text()))
            said = path.with_suffix(".validated")
            made = subprocess.run([sarif_multitool(), "validate", path, "--output", said],
                                  capture_output=True, text=True, env=env, timeout=300)
            self.assertEqual(0, made.returncode, made.stdout + made.stderr)
            found = [(r["ruleId"], r.get("level"), r["message"]) for of in
                     json.loads(said.read_text())["runs"] for r in of.get("results", [])]
            self.assertEqual([], found)

    def test_duckdb(self):
        node = need_tool("node")
        folder = consumers()
        made = subprocess.run([node, "read.mjs", self.fleet("csv"), self.fleet("ndjson")],
                              cwd=folder, capture_output=True, text=True, timeout=300)
        self.assertEqual(0, made.returncode, made.stderr)
        got = json.loads(made.stdout)
        self.assertEqual(list(COLUMNS), got["columns"])
        self.assertEqual(got["ndjson"], got["csv"])
        rows = rows_of(self.fleet("csv").read_bytes())
        self.assertEqual(str(len(rows)), got["csv"][0])


if __name__ == "__main__":
    harness.main()
