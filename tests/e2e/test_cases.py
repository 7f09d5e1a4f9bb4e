# SPDX-License-Identifier: MIT
"""Inputs that once came out wrong, and what is right: every row of CHECK.tsv of the cases.

Rows that cannot hold yet stand in cases_waiting.txt, each with its reason: a listed row that holds
fails the test (take it off), and so does an unlisted one that does not.
"""
import json

import harness
from harness import Case, E2E, SHARED, need

CASES = SHARED / "cases"
WAITING = E2E / "cases_waiting.txt"


def rows():
    """Path, key and allowed values of every row."""
    for line in (CASES / "CHECK.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            path, key, allowed = line.split("\t")
            yield path, key, allowed.split(",")


def waiting():
    """{(path, key): reason}; a line is path, key and reason, parted by tabs."""
    lines = [l.split("\t") for l in WAITING.read_text().splitlines()
             if l and not l.startswith("#")]
    return {(path, key): reason for path, key, reason in lines}


def said(result, key):
    """What the run says of a key: for a rule its status, and status/reason where it has one."""
    if key == "exit":
        return [str(result.status)]
    if not result.out:
        return [f"status {result.status}"]
    report = json.loads(result.out.splitlines()[0])
    if key == "VERDICT":
        return [report["verdict"]]
    if key.startswith("fact:"):
        value = report["facts"].get(key.removeprefix("fact:"))
        return [value if isinstance(value, str) else json.dumps(value)]
    rule = harness.rule(report, key)
    return [rule["status"], f"{rule['status']}/{rule['reason']}"]


def holds(result, key, allowed):
    values = said(result, key)
    if key != "exit" and not result.out:
        return False
    return any(value not in values if forbidden else value in values
               for forbidden, value in ((a.startswith("!"), a.lstrip("!")) for a in allowed))


class Cases(Case):
    def test_every_row(self):
        need(CASES.is_dir(), f"cases not found at {CASES}")
        listed, runs, right = waiting(), {}, 0
        all_rows = list(rows())
        self.assertEqual(set(), set(listed) - {(p, k) for p, k, _ in all_rows}, "no such row")
        for path, key, allowed in all_rows:
            with self.subTest(f"{path} {key}"):
                if path not in runs:
                    runs[path] = harness.run("--from", CASES / path, "--format", "ndjson")
                good = holds(runs[path], key, allowed)
                right += good
                if (path, key) in listed:
                    self.assertFalse(good, "holds by now: take it off cases_waiting.txt")
                else:
                    self.assertTrue(good, f"{said(runs[path], key)} is none of {allowed}")
        print(f"{right} of {len(all_rows)} rows hold, {len(listed)} wait", flush=True)


if __name__ == "__main__":
    harness.main()
