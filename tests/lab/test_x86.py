# SPDX-License-Identifier: MIT
"""Every rule on x86 machines: with the word core one of each kind, with the word sanitized a part of
these, without a word those that are not of the core."""
import sys

import boot  # noqa: F401 - first: it knows where the harness is
import x86
from harness import parse, rule, run
from lab import Matrix, LabCase, main

PARTS = {"core": x86.CORE, "sanitized": x86.SANITIZED}
OTHERS = tuple(name for name in x86.SCENARIOS if name not in x86.CORE)
NAMES = PARTS.get(sys.argv[-1], OTHERS)
if NAMES is not OTHERS:
    del sys.argv[1:]


class X86(Matrix, LabCase):
    names = NAMES
    table = x86

    def check_all_with(self, step, check):
        self.each(lambda made: step in x86.SCENARIOS[made.name].steps and check(made))

    def said(self, made, name):
        return made[name].decode().strip()

    def test_the_broken_entry_is_named(self):
        def check(made):
            found, = [f for f in self.report(made, "live")["findings"]]
            self.assertEqual("uefi.page-protection", found["rule"])
            self.assertEqual(16, found["offset"], found)
        self.each(lambda made: made.name == "mat-broken" and check(made))

    def test_the_flag_that_real_firmware_does_not_set_is_named(self):
        def check(made):
            found, = self.report(made, "live")["findings"]
            self.assertRegex(found["message"], "^bit 2 SYSTEM_RESOURCE_PROTECTION is clear")
        self.each(lambda made: made.name == "wsmt-sid" and check(made))

    def test_who_runs_it_is_told_the_command(self):
        def check(made):
            words = x86.REMEDIES.get(made.name)
            if words:
                nested = rule(self.report(made, "live"), "vm.nested")
                self.assertIn(words, nested["remediation"], made)
        self.each(check)

    def test_a_collected_folder_decides_what_the_machine_does_or_nothing(self):
        """A rule that it decides, it decides as a scan there."""
        def check(made):
            path = self.file(f"{made.name}-collected.tar.gz", made["collect/collected.tar.gz"])
            there = parse(run("--from", path, "--format", "json", ok=(0, 1, 3)).out)
            live = {r["id"]: r["status"] for r in self.report(made, "live")["rules"]}
            ours = {r["id"]: r["status"] for r in there["rules"]}
            decided = {k for k, v in ours.items() if v in ("pass", "fail")}
            self.assertEqual({}, {k: (ours[k], live[k]) for k in decided if ours[k] != live[k]})
            self.assertLessEqual({"cpu.64bit", "uefi.boot"}, decided)
            print(f"{made.name}: undecided by the folder alone:",
                  *sorted(k for k, v in live.items() if v in ("pass", "fail") and k not in decided))
        self.check_all_with("collect", check)

    def test_memory_was_changed_where_it_was_asked_for(self):
        self.check_all_with("poke", lambda made: self.assertRegex(
            self.said(made, "poke/asked"), r"^\w+ \w+ \w+ done$"))

    def test_the_log_has_lost_its_beginning(self):
        def check(made):
            self.assertRegex(self.said(made, "flood/oldest"), r"^\d+,[1-9]\d*,")
            self.assertEqual("", self.said(made, "flood/left"), "a line of the kernel's is left")
            self.assertEqual("", self.said(made, "flood/log"))
        self.check_all_with("flood", check)

    def test_mor_test_is_refused_in_a_virtual_machine(self):
        def check(made):
            self.assertEqual("3", self.said(made, "mor/refused"))
            self.assertIn("nothing was written: this is a virtual machine",
                          self.said(made, "mor/refused.txt"))
        self.check_all_with("mor", check)

    def test_mor_test_without_a_terminal_or_yes_writes_nothing(self):
        def check(made):
            self.assertEqual("3", self.said(made, "mor/unconfirmed"))
            text = self.said(made, "mor/unconfirmed.txt")
            self.assertIn("This test writes the EFI variable", text)
            self.assertIn("nothing was written: it was not confirmed", text)
            self.assertNotIn("Key:", text)
            self.assertNotIn("vbscheck", self.said(made, "mor/untouched").split())
        self.check_all_with("mor", check)

    def test_mor_test_tells_the_revision_and_leaves_the_lock_open(self):
        expected = {"mor": ("0", "2", "PROVEN"), "mor-v1": ("1", "0", "REJECTED")}

        def check(made):
            status, locked, outcome = expected[made.name]
            text = self.said(made, "mor/test.txt")
            self.assertEqual(status, self.said(made, "mor/status"), text)
            self.assertIn(f"read 0 before, {locked} with the key written, 0 at the end", text)
            self.assertIn(outcome, text)
            self.assertEqual("mor-test.json", self.said(made, "mor/left"))
            self.assertIn("07 00 00 00 00  ", self.said(made, "mor/lock"))
            self.assertEqual("", self.said(made, "mor/log"))
            self.assertIn("not permitted", self.said(made, "mor/frozen"))
        self.check_all_with("mor", check)

    def test_mor_test_leaves_a_lock_alone_that_another_holds(self):
        def check(made):
            self.assertIn("07 00 00 00 02  ", self.said(made, "mor-lock/lock"))
            self.assertEqual("3", self.said(made, "mor-lock/refused"))
            self.assertIn("the lock is not open", self.said(made, "mor-lock/refused.txt"))
        self.check_all_with("mor-lock", check)

    def test_in_dom0_it_is_said_that_xen_hides_part_of_the_machine(self):
        def check(made):
            report = self.report(made, "live")
            self.assertEqual("undetermined", report["verdict"])
            self.assertIn("Xen hides part of this machine", " ".join(report["caveats"]))
        self.each(lambda made: x86.SCENARIOS[made.name].xen and check(made))

    def test_a_restart_opens_the_lock(self):
        def check(made):
            self.assertEqual(0, self.report(made, "live")["facts"]["mor.lock"])
        self.each(lambda made: made.name == "mor-restarted" and check(made))

    def test_a_tpm_that_another_process_holds_is_said_to_be_held(self):
        def check(made):
            text = " ".join(self.said(made, "tpm-held/report.txt").split())
            self.assertIn("another process has the device open", text)
            # The driver's folder still tells what it is.
            self.expect_all(made, "tpm-held", {"tpm.version": "pass", "tpm.decided-by": "sys/tpm"})
        self.check_all_with("tpm-held", check)


if __name__ == "__main__":
    main()
