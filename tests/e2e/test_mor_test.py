# SPDX-License-Identifier: MIT
"""`vbscheck mor-test` that is ended at every step, and what the next run makes of it.

interpose.c stands for the firmware, the flag of the variable's file and /run/vbscheck.
"""
import errno
import json
import os
import signal

import harness
from harness import Case
from steps import calls, stepped, without_sanitizers

MOR = "MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829"
LOCK = "MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292"
TEST = ("mor-test", "--yes", "--allow-vm")
LONG = "KILLS" in os.environ


@without_sanitizers
class MorTest(Case):
    def start(self, revision=2):
        """A machine that has just started."""
        self.firmware = self.dir / "firmware"
        run = self.firmware / "run"
        if run.exists():
            for path in sorted(run.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
        for name, data in ((MOR, b"\7\0\0\0\1"), (LOCK, b"\7\0\0\0\0")):
            self.file(f"firmware/efivars/{name}", data)
        self.file("firmware/immutable", b"")
        if revision == 1:
            self.file("firmware/revision-1", b"")
        run.mkdir(exist_ok=True)

    def mor_test(self, *args, **more):
        return stepped(args or TEST, firmware=self.firmware, **more)

    def lock(self):
        data = (self.firmware / "efivars" / LOCK).read_bytes()
        self.assertEqual(b"\7\0\0\0", data[:4])
        self.assertEqual(b"\7\0\0\0\1", (self.firmware / "efivars" / MOR).read_bytes())
        return data[4]

    def steps(self):
        self.start()
        status, out, _ = self.mor_test(log=self.dir / "log")
        self.assertEqual((0, 0), (status, self.lock()), out)
        return calls(self.dir / "log")

    def check_closed(self, what):
        """The lock reads 2: without a word of the user the next run says so, and writes nothing."""
        status, out, err = self.mor_test("mor-test", "--allow-vm")
        self.assertEqual((3, 2), (status, self.lock()), what)
        self.assertIn("An earlier test was interrupted and left the lock closed: it reads 2", err)
        self.assertIn("use --yes to open it, or restart this machine", err)

    def check_next(self, what, status=0):
        """The next run ends the test: the lock is open, its flag is set, no key is left."""
        got, out, err = self.mor_test()
        self.assertEqual((status, 0), (got, self.lock()), f"{what}\n{out}{err}")
        self.assertIn("The lock is now open (0)", out)
        self.assertTrue((self.firmware / "immutable").exists(), what)
        left = sorted(os.listdir(self.firmware / "run/vbscheck"))
        self.assertEqual(["mor-test.json"], left, what)
        result = json.loads((self.firmware / "run/vbscheck/mor-test.json").read_text())
        self.assertEqual("rejected" if status else "proven", result["result"], what)

    def test_a_kill_at_each_step(self):
        steps, closed = self.steps(), 0
        for at in range(1, 2 * len(steps) + 1):
            self.start()
            what = f"SIGKILL at step {at}, {steps.get(at) or steps[at - 1]}"
            self.assertEqual(-signal.SIGKILL, self.mor_test(at=at, number=signal.SIGKILL)[0], what)
            if self.lock() == 2:
                closed += 1
                self.check_closed(what)
            self.assertIn(self.lock(), (0, 2), what)
            self.check_next(what)
        self.assertGreater(closed, 0)
        print(f"SIGKILL at each of {2 * len(steps)} steps: the lock was closed after {closed}, and "
              "the next run opened it each time", flush=True)

    def test_a_signal_at_each_step(self):
        """The test ends first: then the lock is open and the result is saved, or nothing was done."""
        steps = self.steps()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)[:3 if LONG else 1]:
            for at in range(1, 2 * len(steps) + 1, 1 if LONG else 3):
                self.start()
                what = f"{number.name} at step {at}, {steps.get(at) or steps[at - 1]}"
                self.assertEqual(-number, self.mor_test(at=at, number=number)[0], what)
                self.assertEqual(0, self.lock(), what)
                self.assertTrue((self.firmware / "immutable").exists(), what)
                self.assertFalse((self.firmware / "run/vbscheck/mor-test.key").exists(), what)
                self.check_next(what)

    def test_a_power_cut_at_each_step(self):
        """A restart opens the lock, sets the flag and empties /run: nothing is left to be told."""
        steps = self.steps()
        for at in range(1, 2 * len(steps) + 1, 1 if LONG else 7):
            self.start()
            self.mor_test(at=at, number=signal.SIGKILL)
            self.start()
            self.check_next(f"power cut at step {at}")

    def test_an_error_at_each_step(self):
        """What fails is told, or has no effect; the lock is open in the end or the next run opens it."""
        steps = self.steps()
        for at, call in steps.items():
            self.start()
            what = f"EIO of {call} at step {at}"
            status, out, err = self.mor_test(at=at, error=errno.EIO)
            self.assertIn(status, (0, 1, 2, 3), what)
            if self.lock() == 2:
                self.assertIn("the lock is locked with a key (2); the key or a restart opens it", err,
                              what)
            if status != 0:
                self.assertRegex(err + out, r"(?m)^(vbscheck: |UNDECIDED: |REJECTED: )", what)
            self.check_next(what)

    def test_a_kill_with_revision_1(self):
        steps = self.steps()
        self.start(1)
        self.assertEqual(1, self.mor_test()[0])
        for at in range(1, 2 * len(steps) + 1, 1 if LONG else 5):
            self.start()
            self.mor_test(at=at, number=signal.SIGKILL)
            self.assertEqual(0, self.lock())
            self.check_next(f"revision 1, SIGKILL at step {at}", status=1)

    def test_a_closed_lock_without_a_key_is_not_touched(self):
        self.start()
        self.file(f"firmware/efivars/{LOCK}", b"\7\0\0\0\2")
        status, _, err = self.mor_test()
        self.assertEqual((3, 2), (status, self.lock()))
        self.assertIn("something locked it since this machine started; it is locked with a key (2); "
                      "the key or a restart opens it", err)

    def test_a_key_of_an_earlier_boot_is_not_written(self):
        self.start()
        self.file(f"firmware/efivars/{LOCK}", b"\7\0\0\0\2")
        key = self.file("firmware/run/vbscheck/mor-test.key", b"0102030405060708\nboot 1234\n")
        key.chmod(0o600)
        self.assertEqual((3, 2), (self.mor_test()[0], self.lock()))

    def test_a_key_that_nobody_can_be_shown_is_not_used(self):
        self.start()
        with open("/dev/full", "wb") as full:
            status, _, err = self.mor_test(stdout=full)
        self.assertEqual((2, 0), (status, self.lock()))
        self.assertIn("no variable was written", err)


if __name__ == "__main__":
    harness.main()
