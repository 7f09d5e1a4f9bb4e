# SPDX-License-Identifier: MIT
"""Every WSMT table of the corpus, in one process: contract section 4 and acpi.md section 3."""

import harness
from harness import Case, CORPUS, judge, judge_many, need_corpus, rule, truth


class Wsmt(Case):
    def test_every_table(self):
        need_corpus("acpi", "WSMT")
        rows = list(truth("WSMT"))
        self.assertGreater(len(rows), 100)
        files = {str(p.relative_to(CORPUS)) for p in (CORPUS / "acpi/WSMT").iterdir()}
        self.assertEqual(files, {path for path, _, _ in rows})
        made = judge_many([CORPUS / path for path, _, _ in rows])
        for (path, _, facts), report in zip(rows, made):
            flags = int(facts["flags"], 0)
            with self.subTest(path):
                self.expect(report,
                            {"smm.wsmt": "pass" if flags & 7 == 7 else "fail"},
                            {"wsmt.present": True, "wsmt.tables": 1, "wsmt.flags": flags})
                shown = [e for e in rule(report, "smm.wsmt")["evidence"]
                         if e["fact"] == "wsmt.flags"]
                self.assertEqual([(flags, "acpi/WSMT", 36)],
                                 [(e["value"], e["source"], e["offset"]) for e in shown])
                if flags & 7 != 7:
                    missing = sum(not flags >> bit & 1 for bit in range(3))
                    found = [f for f in report["findings"] if f["rule"] == "smm.wsmt"]
                    self.assertEqual(missing, len(found))

    def test_alone_with_only(self):
        need_corpus("acpi", "WSMT")
        for path, _, facts in list(truth("WSMT"))[:10]:
            with self.subTest(path):
                report = judge("--only", "smm", "--from", CORPUS / path)
                ready = int(facts["flags"], 0) & 7 == 7
                self.assertEqual("ready" if ready else "not-ready", report["verdict"])


if __name__ == "__main__":
    harness.main()
