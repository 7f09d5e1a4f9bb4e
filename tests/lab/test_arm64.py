# SPDX-License-Identifier: MIT
"""Every rule on arm64 machines. The kernel's IOMMU groups say nothing there: a function is in one
only once it has a driver."""
import arm64
from lab import RULES, EveryMachine, LabCase, main


class Arm64(EveryMachine, LabCase):
    names = tuple(arm64.SCENARIOS)

    def test_every_rule_is_expected(self):
        for expected in (*arm64.LIVE.values(), *arm64.USER.values()):
            self.assertLessEqual(set(RULES), set(expected))

    def test_what_root_gets(self):
        self.each(lambda made: self.expect_all(made, "live", arm64.LIVE[made.name]))

    def test_what_an_ordinary_user_gets(self):
        self.each(lambda made: self.expect_all(made, "user", arm64.USER[made.name]))

    def test_the_verdict(self):
        self.each(lambda made: self.assertEqual(arm64.VERDICTS[made.name],
                                                self.report(made, "live")["verdict"]))

    def test_nobody_is_told_to_look_for_registers_of_x86(self):
        self.each(lambda made: self.assertNotIn(b"msr", made["replay/denied"]))

    def test_exactly_these_functions_are_found(self):
        self.each(self.check_findings)

    def check_findings(self, made):
        found = [(f["rule"], f["subject"]) for f in self.report(made, "live")["findings"]]
        want = [("iommu.coverage", subject) for subject in arm64.FINDINGS.get(made.name, ())]
        self.assertEqual(want, found, made)


if __name__ == "__main__":
    main()
