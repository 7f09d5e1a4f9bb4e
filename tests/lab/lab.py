# SPDX-License-Identifier: MIT
"""What the tests of the lab share: their machines, booted once, and what holds for each of them."""
import functools
import json

import boot  # first: it knows where the harness is
from harness import EXIT_OF, RULES, Case, check_text, main, parse, rule, run, verdict_of

__all__ = ["RULES", "LabCase", "Matrix", "main"]


@functools.cache
def boots(boot_all, *names):
    return boot_all(names)


def shown(report, name):
    """A rule's status with its reason, or the value of a fact."""
    if name not in RULES:
        return report["facts"].get(name, "no such fact")
    judged = rule(report, name)
    return " ".join(filter(None, (judged["status"], judged["reason"])))


def sourceless(report):
    """What is the same in a scan and its replay, whichever builds of one source made them."""
    tool = {key: value for key, value in report["tool"].items() if key != "build"}
    return {**{key: value for key, value in report.items() if key != "source"}, "tool": tool}


class LabCase(Case):
    """Tests of the machines that `names` lists."""

    names = ()
    boot_all = staticmethod(boot.boot_all)

    def setUp(self):
        super().setUp()
        self.boots = boots(self.boot_all, *self.names)

    def each(self, check):
        """check(boot) for every machine, in a subtest; one that did not boot fails there."""
        for name in self.names:
            with self.subTest(name):
                made = self.boots[name]
                if isinstance(made, Exception):
                    raise made
                check(made)

    def report(self, made, step):
        report = parse(made[f"{step}/report.json"])
        self.assertEqual("live" if step != "replay" else "capture", report["source"]["kind"])
        self.assertEqual(b"", made[f"{step}/log"].strip(), f"{made}: {step} said something")
        self.assertEqual(EXIT_OF[report["verdict"]], int(made[f"{step}/status"]), made)
        return report

    def expect_all(self, made, step, expected):
        """All differences at once. Unlike expect(), rules that are not judged yet count as well."""
        report = self.report(made, step)
        got = {name: shown(report, name) for name in expected}
        self.assertEqual({n: v for n, v in expected.items() if got[n] != v},
                         {n: v for n, v in got.items() if expected[n] != v}, f"{made}, {step}")


class Matrix:
    """What holds for each machine of a table, and what the table expects; for a LabCase.

    `table` has LIVE and, of machines with the step `user`, USER: {machine: {rule or fact: what
    root, or an ordinary user, gets}}, and FINDINGS: {machine: [(rule, subject)]}.
    """

    table = None
    no_findings = ("mat-broken",)  # whose findings a test of their own looks at

    def expected(self, step):
        return {name: value for name, value in getattr(self.table, step).items()
                if name in self.names}

    def test_every_rule_is_expected(self):
        self.assertEqual(set(self.names), set(self.expected("LIVE")))
        for expected in (*self.expected("LIVE").values(), *self.expected("USER").values()):
            self.assertLessEqual(set(RULES), set(expected))

    def test_what_root_gets(self):
        self.each(lambda made: self.expect_all(made, "live", self.table.LIVE[made.name]))

    def test_what_an_ordinary_user_gets(self):
        self.each(self.check_user)

    def check_user(self, made):
        if made.name in self.table.USER:
            self.expect_all(made, "user", self.table.USER[made.name])

    def test_an_ordinary_user_claims_no_more_than_root(self):
        self.each(self.check_claims)

    def check_claims(self, made):
        """What root gets, or that it is not known: for root's reason, for want of rights, or since a
        hypervisor may hide it."""
        less = ("unknown no-permission", "unknown hidden")
        root, user = self.report(made, "live"), self.report(made, "user")
        pairs = {name: (shown(root, name), shown(user, name)) for name in RULES}
        self.assertEqual({}, {name: pair for name, pair in pairs.items()
                              if pair[1] not in (pair[0], *less)}, made)

    def test_exactly_these_are_found(self):
        self.each(self.check_findings)

    def check_findings(self, made):
        found = [(f["rule"], f["subject"]) for f in self.report(made, "live")["findings"]]
        if made.name not in self.no_findings:
            self.assertEqual(self.table.FINDINGS.get(made.name, []), found, made)

    def test_the_verdict_follows_from_the_rules(self):
        def check(made):
            report = self.report(made, "live")
            self.assertEqual(verdict_of(report), report["verdict"], made)
        self.each(check)

    def test_a_capture_tells_the_same_as_the_machine(self):
        self.each(self.check_capture)

    def check_capture(self, made):
        live = sourceless(self.report(made, "live"))
        self.assertEqual(live, sourceless(self.report(made, "replay")), made)
        self.assertRegex(made["replay/denied"].decode(), r"\A(vbscheck: not in the .*\n)?\Z")
        # On another machine as well.
        path = self.file(made.name + ".tar.gz", made["replay/capture.tar.gz"])
        there = run("--from", path, "--format", "json", ok=(0, 1, 3))
        self.assertEqual(live, sourceless(parse(there.out)), made)

    def test_the_doctor_explains_what_is_open(self):
        def check(made):
            for step in ("live", "user"):
                if f"{step}/doctor.json" in made.files:
                    self.check_doctor(made, step)
        self.each(check)

    def check_doctor(self, made, step):
        """It names the rules that the report leaves open, and for want of rights always a cause."""
        examined = json.loads(made[f"{step}/doctor.json"])
        report = self.report(made, step)
        self.assertEqual({(r["id"], r["reason"]) for r in report["rules"]
                          if r["status"] == "unknown"},
                         {(u["id"], u["reason"]) for u in examined["undecided"]}, made)
        for u in examined["undecided"]:
            if u["reason"] in ("no-permission", "no-driver", "lockdown"):
                self.assertTrue(u["explained"], f"{made}, {step}: {u}")
        lacking = {c["id"] for c in examined["checks"] if c["status"] == "lacking"}
        self.assertEqual(step == "user", "root" in lacking, made)
        # Who is refused memory by a lockdown is not told to become root.
        closed = step == "live" and "lockdown" in lacking
        self.assertEqual(closed, ("kcore", "lockdown") in {(c["id"], c["reason"])
                                                           for c in examined["checks"]}, made)

    def test_text_is_fit_for_a_terminal(self):
        self.each(self.check_texts)

    def check_texts(self, made):
        legacy = rule(self.report(made, "live"), "uefi.boot")["status"] == "fail"
        for name in made.files:
            if name.endswith("/report.txt"):
                self.assertRegex(check_text(made[name]),
                                 "legacy mode|not booted through UEFI" if legacy
                                 else "UEFI memory attributes +(?!.*legacy)")
