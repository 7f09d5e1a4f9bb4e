# SPDX-License-Identifier: MIT
"""What the tests of the lab share: their machines, booted once, and what holds for each of them."""
import functools

import boot  # first: it knows where the harness is
from harness import EXIT_OF, RULES, Case, check_text, main, parse, rule, run

__all__ = ["RULES", "EveryMachine", "LabCase", "main"]


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
    return {key: value for key, value in report.items() if key != "source"}


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


class EveryMachine:
    """Tests for every machine, to be mixed into a LabCase."""

    mode = "Booted through UEFI"

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

    def test_text_is_fit_for_a_terminal(self):
        self.each(self.check_texts)

    def check_texts(self, made):
        for step in ("live", "user"):
            self.assertIn(self.mode, check_text(made[f"{step}/report.txt"]))
