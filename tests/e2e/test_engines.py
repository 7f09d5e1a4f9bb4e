# SPDX-License-Identifier: MIT
"""contrib/spark, contrib/jq, and each command of docs/fleet.md, run over captures made here."""
import json
import os
import re
import subprocess
from pathlib import Path

import harness
from harness import PROJECT, Case, main, need_tool, run, write_files

# Fields that a reader may count on: our own lists, after ECS's reference and OCSF's files
# events/findings/compliance_finding.json and objects/compliance.json. No schema was validated.
ECS = {"@timestamp": str, "ecs.version": str, "event.kind": str, "event.category": list,
       "event.type": list, "event.outcome": str, "observer.product": str, "observer.version": str,
       "rule.id": str, "rule.name": str, "rule.category": str, "message": str, "labels": dict}
OCSF = {"activity_id": int, "category_uid": int, "class_uid": int, "type_uid": int, "time": int,
        "severity_id": int, "metadata.version": str, "metadata.product.vendor_name": str,
        "finding_info.uid": str, "finding_info.title": str, "compliance.standards": list,
        "compliance.status_id": int, "compliance.control": str, "resources": list}


def at(event, path):
    for key in path.split("."):
        event = event[key]
    return event


class Engines(Case):
    def captures(self, n=5):
        for i in range(n):
            folder = write_files(self.dir / f"evidence/host{i}", {
                "acpidump.txt": harness.acpidump(harness.wsmt(7 * (i % 2)), harness.facp(),
                                                 harness.apic())})
            (self.dir / "captures").mkdir(exist_ok=True)
            run("capture", "--from", folder, "--output", self.dir / f"captures/host{i}.tar.gz",
                ok=(0,))
        return sorted((self.dir / "captures").iterdir())

    def shell(self, command, ok=(0,)):
        path = f"{Path(harness.PROGRAM).resolve().parent}:{os.environ['PATH']}"
        made = subprocess.run(["sh", "-c", command], cwd=self.dir, capture_output=True, text=True,
                              timeout=300, env={**os.environ, "PATH": path,
                                                "CONTRIB": str(PROJECT / "contrib"),
                                                "VBSCHECK": str(Path(harness.PROGRAM).resolve())})
        self.assertIn(made.returncode, ok, f"{command}\n{made.stdout[-500:]}{made.stderr[-2000:]}")
        return made

    # Spark ---------------------------------------------------------------------------------------

    def test_contract_of_pipe(self):
        """Partitions of lines, a process each; the reports are those of one run over all."""
        paths = self.captures(9)
        self.file("paths", "".join(f"{p}\n" for p in paths).encode())
        self.shell('split -n r/3 paths part. && ls part.* | '
                   'xargs -P 3 -I{} sh -c \'"$CONTRIB/spark/judge" < {} > out.{}\'')
        lines = [json.loads(line) for f in self.dir.glob("out.part.*")
                 for line in f.read_text().splitlines()]
        one = [json.loads(line) for line in
               run("scan", "--format", "ndjson", "--from", self.dir / "captures").out.splitlines()]
        self.assertEqual({(Path(r["source"]["path"]).name, r["verdict"]) for r in one},
                         {(Path(r["source"]["path"]).name, r["verdict"]) for r in lines})
        self.assertEqual(9, len(lines))

    def test_a_capture_that_is_cut_does_not_stop_the_job(self):
        paths = self.captures(3)
        paths[1].write_bytes(paths[1].read_bytes()[:60])
        self.file("paths", "".join(f"{p}\n" for p in [*paths, "/nonexistent"]).encode())
        made = self.shell('"$CONTRIB/spark/judge" < paths')
        self.assertEqual(2, len(made.stdout.splitlines()))
        self.assertIn(paths[1].name, made.stderr)
        self.assertIn("/nonexistent", made.stderr)

    def test_a_program_that_is_missing_stops_the_job(self):
        self.shell('echo x | VBSCHECK=/nonexistent "$CONTRIB/spark/judge"', ok=(127,))

    def test_an_empty_partition(self):
        self.assertEqual("", self.shell('"$CONTRIB/spark/judge" < /dev/null').stdout)

    # jq ------------------------------------------------------------------------------------------

    def events(self, name):
        need_tool("jq")
        self.captures()
        made = self.shell("vbscheck --format ndjson captures > fleet.ndjson; "
                          f'jq -c -f "$CONTRIB/jq/{name}.jq" fleet.ndjson')
        reports = [json.loads(line) for line in (self.dir / "fleet.ndjson").read_text().splitlines()]
        return [(rep, rule) for rep in reports for rule in rep["rules"]], [
            json.loads(line) for line in made.stdout.splitlines()]

    def check_fields(self, event, fields):
        for path, kind in fields.items():
            self.assertIs(kind, type(at(event, path)), f"{path}: {event}")

    def test_ecs(self):
        rules, events = self.events("ecs")
        self.assertEqual(len(rules), len(events))
        outcome = {"pass": "success", "fail": "failure"}
        for (report, rule), event in zip(rules, events):
            self.check_fields(event, ECS)
            self.assertEqual("state", event["event"]["kind"])
            self.assertEqual(outcome.get(rule["status"], "unknown"), event["event"]["outcome"])
            self.assertEqual((report["verdict"], rule["status"], rule["id"]), (
                event["vbscheck"]["verdict"], event["vbscheck"]["status"], event["rule"]["id"]))

    def test_ocsf(self):
        rules, events = self.events("ocsf")
        rules = [(rep, r) for rep, r in rules if r["status"] != "not-applicable"]
        self.assertEqual(len(rules), len(events))
        number = {"pass": 1, "unknown": 2, "fail": 3}
        for (_, rule), event in zip(rules, events):
            self.check_fields(event, OCSF)
            self.assertEqual((2003, 2, 200301), (event["class_uid"], event["category_uid"],
                                                 event["type_uid"]))
            self.assertEqual(number[rule["status"]], event["compliance"]["status_id"])
            self.assertEqual(rule["status"] == "fail", event["severity_id"] > 1)
            self.assertGreater(event["time"], 10**12)
            self.assertEqual(bool(rule["remediation"]), "remediation" in event)

    # docs/fleet.md -------------------------------------------------------------------------------

    def test_each_command_of_the_page(self):
        """Blocks of `sh` run here, in order; those for other machines are marked as `console`."""
        need_tool("jq")
        self.captures()
        (self.dir / "contrib").symlink_to(PROJECT / "contrib")
        blocks = re.findall(r"^```sh\n(.*?)^```", (PROJECT / "docs/fleet.md").read_text(),
                            re.M | re.S)
        self.assertGreaterEqual(len(blocks), 6)
        for block in blocks:
            with self.subTest(block):
                self.shell(block, ok=(0, 1, 3))
        self.assertEqual(5, len((self.dir / "fleet.ndjson").read_text().splitlines()))


if __name__ == "__main__":
    main()
