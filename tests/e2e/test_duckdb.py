# SPDX-License-Identifier: MIT
"""contrib/duckdb: the questions to a fleet, asked of DuckDB over reports of the real program."""
import json
import subprocess

import harness
from consumers import consumers
from harness import PROJECT, Case, main, need_tool, run, write_files

SCRIPTS = PROJECT / "contrib/duckdb"
# What DuckDB makes of the two files: a change here breaks the queries of people.
RULES = {"host_key": "VARCHAR", "vendor": "VARCHAR", "product": "VARCHAR",
         "firmware_version": "VARCHAR", "verdict": "VARCHAR", "rule_id": "VARCHAR",
         "level": "VARCHAR", "status": "VARCHAR", "reason": "VARCHAR", "cause": "VARCHAR"}
INFERRED = {"schema_version": "BIGINT", "verdict": "VARCHAR",
            "counts": "STRUCT(pass BIGINT, fail BIGINT, \"unknown\" BIGINT, "
                      "\"not-applicable\" BIGINT)"}


class DuckDb(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.node, cls.folder = need_tool("node"), consumers()

    def fleet(self, good=2, bad=3):
        """Reports of captures, here: good machines, and some whose WSMT claims nothing."""
        for i in range(good + bad):
            write_files(self.dir / f"captures/host{i}", {
                "acpidump.txt": harness.acpidump(harness.wsmt(7 if i < good else 0),
                                                 harness.facp(), harness.apic())})
        made = run("scan", "--format", "ndjson", "--from", self.dir / "captures").out
        (self.dir / "fleet.ndjson").write_bytes(made)
        return made

    def ask(self, *names):
        """The rows of the last of these scripts."""
        files = [SCRIPTS / "tables.sql"] if names[0] != "worse.sql" else []
        files += [SCRIPTS / n if isinstance(n, str) else n for n in names]
        made = subprocess.run([self.node, self.folder / "ask.mjs", *files], cwd=self.dir,
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(0, made.returncode, made.stderr)
        return json.loads(made.stdout.splitlines()[-1])

    def sql(self, text):
        return self.ask(self.file("question.sql", text.encode()))

    def test_models(self):
        self.fleet()
        rows = self.ask("models.sql")
        self.assertEqual([("5", "3")], [(r["hosts"], r["not_ready"]) for r in rows])

    def test_firmware(self):
        self.fleet()
        self.assertIn(("smm.wsmt", "3"), [(r["rule_id"], r["hosts"])
                                          for r in self.ask("firmware.sql")])

    def test_fixes(self):
        reports = [json.loads(line) for line in self.fleet().splitlines()]
        want = {}
        for r in reports:
            for f in r["fixes"]:
                if f["needed"]:
                    want[f["text"]] = want.get(f["text"], 0) + 1
        self.assertTrue(want)
        self.assertEqual(want, {r["step"]: int(r["hosts"]) for r in self.ask("fixes.sql")})

    def test_undecided(self):
        reports = [json.loads(line) for line in self.fleet().splitlines()]
        want = {}
        for r in reports:
            for u in r["rules"]:
                if u["status"] == "unknown":
                    key = u["id"], u["reason"]
                    want[key] = want.get(key, 0) + 1
        self.assertEqual(want, {(r["rule_id"], r["reason"]): int(r["hosts"])
                                for r in self.ask("undecided.sql")})

    def test_worse(self):
        self.fleet(good=5, bad=0)
        self.csv("before.csv")
        write_files(self.dir / "captures/host1", {"acpidump.txt": harness.acpidump(
            harness.wsmt(0), harness.facp(), harness.apic())})
        self.csv("fleet.csv")
        self.assertEqual([("host1", "smm.wsmt", "pass", "fail")], [
            (r["host_key"], r["rule_id"], r["was"], r["is_now"]) for r in self.ask("worse.sql")])
        whole = (self.dir / "fleet.csv").read_bytes()
        (self.dir / "fleet.csv").write_bytes(whole[:-40])
        self.assertEqual(1, len(self.ask("worse.sql")))

    def csv(self, name):
        made = run("scan", "--format", "csv", "--from", self.dir / "captures")
        (self.dir / name).write_bytes(made.out)

    def test_two_versions_unknown_keys_and_a_cut_line(self):
        lines = [json.loads(line) for line in self.fleet().splitlines()]
        lines[0]["a-key-of-tomorrow"] = {"deep": [1, {"x": None}]}
        lines[0]["rules"][0]["weight"] = "heavy"
        lines[1]["facts"]["smm.wsmt-of-tomorrow"] = [1, 2]
        del lines[2]["fixes"], lines[2]["host"]["firmware_date_iso"]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (self.dir / "fleet.ndjson").write_text(text + text.splitlines()[0][:500])
        self.assertEqual("5", self.ask("models.sql")[0]["hosts"])
        self.assertIn(("smm.wsmt", "3"), [(r["rule_id"], r["hosts"])
                                          for r in self.ask("firmware.sql")])
        self.assertTrue(self.ask("fixes.sql"))

    def test_a_host_is_known_by_its_label(self):
        self.fleet()
        text = (self.dir / "fleet.ndjson").read_text().splitlines()
        reports = [json.loads(line) for line in text]
        for i, report in enumerate(reports):
            report["host"]["labels"] = {"host": f"asset{i}"}
            report["source"]["path"] = None
        (self.dir / "fleet.ndjson").write_text("".join(json.dumps(r) + "\n" for r in reports))
        self.assertEqual([f"asset{i}" for i in range(5)], [
            r["host_key"] for r in self.sql("select host_key from reports order by host_key")])

    def test_schema(self):
        self.fleet()
        rows = self.sql("describe rules")
        self.assertEqual(RULES, {r["column_name"]: r["column_type"] for r in rows})
        rows = self.sql("describe select * from read_json('fleet.ndjson')")
        types = {r["column_name"]: r["column_type"] for r in rows}
        self.assertEqual(INFERRED, {k: types[k] for k in INFERRED})
        rows = self.sql("describe select unnest(rules, recursive := true) "
                        "from read_json('fleet.ndjson')")
        types = {r["column_name"]: r["column_type"] for r in rows}
        for name in ("id", "row", "level", "status", "message"):
            self.assertEqual("VARCHAR", types[name], name)


if __name__ == "__main__":
    main()
