# SPDX-License-Identifier: MIT
"""What an earlier release had is still there: names, types of facts, and captures that it made."""
import base64
import json
import re

import harness
from harness import PROJECT, Case, judge, run

RECORDS = PROJECT / "fixtures/releases"
RELEASED = re.compile(r'^RELEASED\("([^"]+)", (\w+), "([^"]+)", "([^"]*)"\)$', re.M)
TYPES = {str: "text", bool: "bool", int: "uint"}
# What a release told wrongly, and why a later one says something else: "fact: why".
CORRECTED = {"0.1.0": {"vm.nested-offered": "a fact of guests; 0.1.0 gave it on metal, too"}}


def released():
    return RELEASED.findall((PROJECT / "include/vbscheck/releases.def").read_text())


def listed(table):
    return json.loads(run("list", table, "--format", "json", ok=(0,)).out)


class Releases(Case):
    def test_no_name_of_a_release_is_gone_and_no_fact_changed_its_type(self):
        kinds = {"RULE": ("rules", "id"), "FACT": ("facts", "name"), "OPTION": ("options", "name"),
                 "FORMAT": ("formats", "name")}
        now = {kind: {row[key]: row for row in listed(table)} for kind, (table, key) in kinds.items()}
        self.assertGreater(len(released()), 150)
        for version, kind, name, kept in released():
            row = now[kind].get(name)
            self.assertIsNotNone(row, f"{kind.lower()} {name} of {version} is gone")
            self.assertEqual(version, row["since"], name)
            self.assertEqual(kept, row.get("type", ""), f"the type of {name}, of {version}")

    def test_what_is_new_came_with_this_version(self):
        version = run("--version", ok=(0,)).out.split()[1].decode()
        had = {(kind, name) for _, kind, name, _ in released()}
        for row in listed("facts"):
            if ("FACT", row["name"]) not in had:
                self.assertEqual(version, row["since"], row["name"])

    def test_captures_of_releases_stay_readable(self):
        paths = sorted(RECORDS.glob("*.tar.gz.base64"))
        self.assertEqual({version for version, *_ in released()},
                         {p.name.removesuffix(".tar.gz.base64") for p in paths})
        for path in paths:
            version = path.name.removesuffix(".tar.gz.base64")
            capture = self.file(f"{version}.tar.gz", base64.b64decode(path.read_text()))
            self.check(version, judge("--from", capture),
                       json.loads((RECORDS / f"{version}.json").read_text()))

    def check(self, version, report, record):
        self.assertEqual("capture", report["source"]["kind"])
        for name, value in record["facts"].items():
            got = report["facts"][name]
            if got is not None:
                self.assertEqual(TYPES[type(value)], TYPES[type(got)], name)
            if name not in CORRECTED.get(version, {}):
                self.assertEqual(value, got, f"{name}, of {version}")
        for name, status in record["rules"].items():
            self.assertEqual(status, harness.rule(report, name)["status"], f"{name}, of {version}")


if __name__ == "__main__":
    harness.main()
