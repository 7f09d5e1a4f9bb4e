# SPDX-License-Identifier: MIT
"""The active test of the MOR lock on real firmware of revision 2, and what scans make of it."""
from lab import EveryMachine, LabCase, main

# What root gets after the test, and an ordinary user as well; the replay is compared with root's.
EXPECTED = {
    "mor.control": "pass", "mor.lock": "pass", "mor.lock-v2": "pass",
    "mor.lock-is-v2": True, "mor.control-size": 1, "mor.lock-size": 1,
}


class Mor(EveryMachine, LabCase):
    names = ("mor",)

    def said(self, made, name):
        return made[f"mor/{name}"].decode().strip()

    def test_it_is_refused_in_a_virtual_machine(self):
        def check(made):
            self.assertEqual("3", self.said(made, "refused"))
            self.assertIn("nothing was written: this is a virtual machine",
                          self.said(made, "refused.txt"))
        self.each(check)

    def test_without_a_terminal_or_yes_nothing_is_written(self):
        def check(made):
            self.assertEqual("3", self.said(made, "unconfirmed"))
            text = self.said(made, "unconfirmed.txt")
            self.assertIn("This test writes the EFI variable", text)
            self.assertIn("nothing was written: it was not confirmed", text)
            self.assertNotIn("Key:", text)
            self.assertNotIn("vbscheck", self.said(made, "untouched").split())
        self.each(check)

    def test_revision_2_is_proven_and_the_lock_left_open(self):
        def check(made):
            text = self.said(made, "test.txt")
            self.assertEqual("0", self.said(made, "status"), text)
            self.assertIn("The lock read 0 before, 2 with the key written, 0 at the end", text)
            self.assertIn("PROVEN", text)
            self.assertEqual("mor-test.json", self.said(made, "left"))
            self.assertIn("07 00 00 00 00  ", self.said(made, "lock"))
            self.assertEqual("", self.said(made, "log"))
            self.assertIn("not permitted", self.said(made, "frozen"))
        self.each(check)

    def test_scans_of_the_same_boot_count_it(self):
        self.each(lambda made: self.expect_all(made, "live", EXPECTED))
        self.each(lambda made: self.expect_all(made, "user", EXPECTED))


if __name__ == "__main__":
    main()
