# SPDX-License-Identifier: MIT
"""contrib/systemd, nagios and osquery, with the real programs that read them.

osquery itself cannot be had from Debian or npm: sqlite3, which is what it runs the queries with, stands in.
"""
import json
import os
import re
import shlex
import subprocess

from harness import (Case, PROGRAM, PROJECT, RULES, SANITIZED, capture_files, main, metal, need, need_corpus, need_tool,
                     run, write_files, wsmt)
from test_formats import shown_by_node_exporter

CONTRIB = PROJECT / "contrib"
SERVICE = CONTRIB / "systemd/vbscheck-textfile.service"
CHECK = CONTRIB / "nagios/check_vbscheck"
TO_SQLITE = CONTRIB / "osquery/vbscheck-sqlite"


def call(*args, **more):
    more.setdefault("timeout", 120)
    return subprocess.run([os.fspath(a) for a in args], capture_output=True, text=True, **more)


def settings(unit):
    """{name: [value, ...]} of a unit."""
    found = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.M):
        found.setdefault(name, []).append(value)
    return found


class Systemd(Case):
    def unit(self):
        """The units as if the program were installed and had its manual."""
        for name in ("service", "timer"):
            text = SERVICE.with_suffix("." + name).read_text()
            self.file(f"vbscheck-textfile.{name}", text.replace("/usr/bin/vbscheck", PROGRAM).replace(
                "Documentation=man:vbscheck(1)\n", "").encode())
        return self.dir / "vbscheck-textfile.service"

    def test_verify_and_security(self):
        analyze = need_tool("systemd-analyze")
        made = call(analyze, "verify", self.unit(), self.unit().with_suffix(".timer"))
        self.assertEqual((0, "", ""), (made.returncode, made.stdout, made.stderr))
        made = call(analyze, "security", "--offline=true", "--threshold=30", self.unit())
        self.assertEqual(0, made.returncode, made.stdout + made.stderr)

    def test_a_scan_makes_no_call_that_the_unit_refuses(self):
        strace, analyze = need_tool("strace"), need_tool("systemd-analyze")
        if SANITIZED:
            self.skipTest("a sanitizer makes calls of its own")
        groups, group = {}, None
        for line in call(analyze, "--no-pager", "syscall-filter").stdout.splitlines():
            if line.startswith("@"):
                group = groups.setdefault(line.strip(), [])
            elif line.startswith("    ") and not line.strip().startswith("#"):
                group.append(line.strip())

        def calls(name):
            return set().union(*map(calls, groups[name])) if name in groups else {name}

        allowed = set().union(*map(calls, settings(SERVICE)["SystemCallFilter"][0].split()))
        self.assertGreater(len(allowed), 200)
        call(strace, "-f", "-o", self.dir / "trace", PROGRAM, "--format", "prometheus", "--output",
             self.dir / "vbscheck.prom")
        made = set(re.findall(r"^\d+\s+(\w+)\(", (self.dir / "trace").read_text(), re.M))
        self.assertIn("seccomp", made)
        self.assertEqual(set(), made - allowed)

    def test_a_scan_sees_as_much_with_the_capabilities_of_the_unit(self):
        setpriv = need_tool("setpriv")
        need(os.getuid() == 0, "root")
        names = settings(SERVICE)["CapabilityBoundingSet"][0].lower().replace("cap_", "").split()
        bounded = call(setpriv, "--bounding-set=-all," + ",".join("+" + n for n in names), "--inh-caps=-all",
                       "--no-new-privs", PROGRAM, "--format", "json")
        free, bound = json.loads(run("--format", "json").out), json.loads(bounded.stdout)
        for report in (free, bound):
            del report["source"]["collected_at"]
        self.assertEqual(free, bound, bounded.stderr)

    def test_node_exporter_reads_what_the_unit_writes(self):
        place = "/var/lib/prometheus/node-exporter"
        found = settings(SERVICE)
        self.assertEqual([place], found["ReadWritePaths"])
        self.assertEqual([place], found["ConditionPathIsDirectory"])
        command = shlex.split(found["ExecStart"][0].replace(place, str(self.dir)))
        self.assertEqual("/usr/bin/vbscheck", command[0])
        host = write_files(self.dir / "host", capture_files(metal(**{"acpi/WSMT": wsmt(3)})))
        self.assertEqual(0, call(PROGRAM, *command[1:], "--from", host).returncode)
        text = (self.dir / "vbscheck.prom").read_text()
        self.assertEqual(["vbscheck.prom"], [p.name for p in self.dir.iterdir() if p.is_file()])
        made = call(need_tool("promtool"), "check", "metrics", input=text)
        self.assertEqual((0, "", ""), (made.returncode, made.stdout, made.stderr))
        shown = shown_by_node_exporter(self.dir)
        self.assertIn('vbscheck_rule_status{level="required",rule="smm.wsmt",status="fail"} 1\n', shown)
        self.assertIn("node_textfile_scrape_error 0\n", shown)
        # A scan that fails leaves the last whole file.
        self.assertEqual(2, call(PROGRAM, *command[1:], "--from", self.dir / "none").returncode)
        self.assertEqual(text, (self.dir / "vbscheck.prom").read_text())

    def test_alerts(self):
        promtool = need_tool("promtool")
        made = call(promtool, "check", "rules", CONTRIB / "systemd/vbscheck-alerts.yml")
        self.assertEqual(0, made.returncode, made.stdout + made.stderr)
        self.file("test.yml", f"""
rule_files: [{CONTRIB}/systemd/vbscheck-alerts.yml]
evaluation_interval: 1h
tests:
  - interval: 1h
    input_series:
      - series: 'vbscheck_rule_status{{rule="smm.wsmt",level="required",status="fail",instance="a"}}'
        values: '0x30 1x70'
      - series: 'vbscheck_rule_status{{rule="smm.wsmt",level="required",status="pass",instance="a"}}'
        values: '1x30 0x70'
      - series: 'node_textfile_mtime_seconds{{file="/x/vbscheck.prom",instance="a"}}'
        values: '0x100'
    alert_rule_test:
      - {{alertname: VbscheckRequiredRuleFails, eval_time: 30h, exp_alerts: []}}
      - alertname: VbscheckRequiredRuleFails
        eval_time: 33h
        exp_alerts:
          - exp_labels: {{rule: smm.wsmt, level: required, status: fail, instance: a, severity: warning}}
            exp_annotations:
              summary: a fails smm.wsmt
              description: vbscheck explain smm.wsmt says what to do.
      - alertname: VbscheckRuleGotWorse
        eval_time: 33h
        exp_alerts:
          - exp_labels: {{rule: smm.wsmt, level: required, status: pass, instance: a, severity: critical}}
            exp_annotations: {{summary: a no longer passes smm.wsmt}}
      - {{alertname: VbscheckSilent, eval_time: 71h, exp_alerts: []}}
      - alertname: VbscheckSilent
        eval_time: 73h
        exp_alerts:
          - exp_labels: {{file: /x/vbscheck.prom, instance: a, severity: warning}}
            exp_annotations: {{summary: a wrote no metrics of vbscheck for three days}}
""".encode())
        made = call(promtool, "test", "rules", self.dir / "test.yml")
        self.assertEqual(0, made.returncode, made.stdout + made.stderr)


LINE = re.compile(r"VBSCHECK (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \| pass=(\d+);;;0 fail=(\d+);;;0 unknown=(\d+);;;0 "
                  r"not_applicable=(\d+);;;0)?\n")
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


class Nagios(Case):
    def check(self, *args, **more):
        """(status, line); the word is the status's, and the numbers are those of all rules."""
        made = call(CHECK, *(["-b", PROGRAM] if "-b" not in args else []), *args, **more)
        found = LINE.fullmatch(made.stdout)
        self.assertTrue(found, made)
        self.assertEqual("", made.stderr)
        self.assertEqual(WORDS[made.returncode], found.group(1))
        self.assertEqual(made.returncode == 3, found.group(2) is None)
        return made.returncode, made.stdout

    def program(self, text):
        path = self.file("program", b"#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def test_statuses(self):
        good = write_files(self.dir / "good", capture_files(metal()))
        bad = write_files(self.dir / "bad", capture_files(metal(**{"acpi/WSMT": wsmt(3)})))
        self.assertEqual(0, self.check("--", "--only", "smm", "--from", good)[0])
        status, line = self.check("--", "--from", bad)
        self.assertEqual((2, "VBSCHECK CRITICAL - NOT READY: smm.wsmt | "), (status, line[:42]))
        self.assertEqual(len(RULES), sum(map(int, re.findall(r"=(\d+)", line))))
        status, line = self.check("--", "--from", good)
        self.assertEqual((1, "VBSCHECK WARNING - UNDETERMINED: unknown "), (status, line[:41]))
        self.assertEqual(2, self.check()[0] if run("-q").status == 1 else 2)

    def test_trouble_is_unknown_in_the_words_of_the_program(self):
        status, line = self.check("--", "--from", self.dir / "no|thing\nhere")
        self.assertEqual(3, status)
        self.assertIn("no/thing", line)
        self.assertIn("(status 2)", line)
        for text, words in ((b"sleep 60", "no answer within 1 seconds"), (b"kill -9 $$", "no answer within"),
                            (b"exit 0", "printed no metrics"), (b"exit 1", "printed no metrics"),
                            (b"echo 'a|b\rc' >&2; exit 77", "a/b c (status 77)"), (b"", "printed no metrics")):
            status, line = self.check("-t", "1", "-b", self.program(text))
            self.assertEqual(3, status)
            self.assertIn(words, line)
        self.assertIn("No such file", self.check("-b", self.dir / "none")[1])
        self.assertIn("usage: ", self.check("-x")[1])
        self.assertIn("-t needs a number", self.check("-t", "a")[1])

    def test_negate(self):
        """Of monitoring-plugins, which reads the status and rewrites the word."""
        negate = "/usr/lib/nagios/plugins/negate"
        need(os.access(negate, os.X_OK), f"tool not found: {negate}")
        bad = write_files(self.dir / "bad", capture_files(metal(**{"acpi/WSMT": wsmt(3)})))
        made = call(negate, "-s", "-c", "OK", CHECK, "-b", PROGRAM, "--", "--from", bad)
        self.assertEqual((0, "VBSCHECK OK - NOT READY: smm.wsmt"), (made.returncode, made.stdout[:33]))


class Osquery(Case):
    def test_tables(self):
        sqlite = need_tool("sqlite3")
        hosts = need_corpus("hosts")
        lines = run("--format", "ndjson", "--from", hosts).out
        reports = [json.loads(x) for x in lines.splitlines()]
        cut = lines + b'{"host":"pc-18","error":"no capture"}\nnot JSON "\n' + lines[:900]
        made = call(TO_SQLITE, self.dir / "it's \"here\"/report.sqlite", input=cut.decode())
        self.assertEqual((0, ""), (made.returncode, made.stdout), made.stderr)
        self.assertEqual(f"vbscheck-sqlite: 3 of {len(reports) + 3} lines are not reports\n", made.stderr)
        file = self.dir / "it's \"here\"/report.sqlite"
        self.assertEqual(["report.sqlite"], [p.name for p in file.parent.iterdir()])

        config = json.loads((CONTRIB / "osquery/vbscheck.conf").read_text())
        attached = {}
        for name, table in config["auto_table_construction"].items():
            self.assertEqual(["query", "path", "columns", "platform"], list(table))
            made = call(sqlite, "-readonly", "-json", file, table["query"])
            self.assertEqual("", made.stderr)
            attached[name] = json.loads(made.stdout)
            self.assertEqual(table["columns"], list(attached[name][0]), name)
        self.assertEqual([(r["host"]["vendor"], r["host"]["firmware_version"], r["verdict"], r["profile"]) for r in reports],
                         [(m["vendor"], m["firmware_version"], m["verdict"], m["profile"])
                          for m in attached["vbscheck_machine"]])
        self.assertEqual([(x["id"], x["level"], x["status"], x["message"]) for r in reports for x in r["rules"]],
                         [(x["rule"], x["level"], x["status"], x["message"]) for x in attached["vbscheck_rules"]])
        self.assertEqual([f["text"] for r in reports for f in r["fixes"]],
                         [f["text"] for f in attached["vbscheck_fixes"]])

        def as_text(value):
            return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)

        self.assertEqual([(k, as_text(v)) for r in reports for k, v in sorted(r["facts"].items())],
                         [(f["fact"], f["value"]) for f in attached["vbscheck_facts"]])
        views = "".join(f"create temp view {n} as {t['query']}"
                        for n, t in config["auto_table_construction"].items())
        for scheduled in config["schedule"].values():
            made = call(sqlite, "-json", file, views + scheduled["query"])
            self.assertEqual("", made.stderr)
            wanted = sum(x["level"] == "required" and x["status"] in ("fail", "unknown")
                         for r in reports for x in r["rules"])
            self.assertEqual(wanted, len(json.loads(made.stdout)))

    def test_no_report_leaves_the_last_file(self):
        need_tool("sqlite3")
        file = self.file("report.sqlite", b"old")
        made = call(TO_SQLITE, file, input="vbscheck: trouble\n")
        self.assertEqual((1, "vbscheck-sqlite: 1 of 1 lines are not reports\n"), (made.returncode, made.stderr))
        self.assertEqual(1, call(TO_SQLITE, file, input="").returncode)
        self.assertEqual(b"old", file.read_bytes())
        self.assertEqual(["report.sqlite"], [p.name for p in self.dir.iterdir()])


if __name__ == "__main__":
    main()
